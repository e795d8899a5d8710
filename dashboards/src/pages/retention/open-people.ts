import { useFilter, useOpenRows, usePeriod } from '../../frame/use-frame.ts'
import { useText } from '../../i18n/use-text.ts'
import type { Row } from './cohorts.tsx'
import type { Retention } from './page.tsx'
import type { RetentionQuestion } from './search.ts'
import { retentionText } from './text.ts'
import { useWords } from './use-words.ts'

type Asked = { retention: Retention; question: RetentionQuestion }

/** What every drawer of the matrix asks with. */
function useAsked({ retention, question }: Asked) {
  const period = usePeriod()
  const filter = useFilter()
  const { options, ...plain } = question
  return {
    ...period.input,
    ...plain,
    retention: options,
    columns: retention.columns,
    ...(filter === null ? {} : { filter }),
  }
}

/** Opens the people of a cell; column 0 is the cohort itself. */
export function useOpenCell(asked: Asked): (row: Row, column: number) => void {
  const t = useText(retentionText)
  const open = useOpenRows()
  const words = useWords(asked.retention)
  const input = useAsked(asked)
  return (row, column) =>
    open({
      ...input,
      metric: 'retention_cell',
      title:
        column === 0 ? t.entered(words.cohort(row.cohort)) : t.title(words.column(column), words.cohort(row.cohort)),
      cohort: row.cohort,
      column,
    })
}

type Behind = { of?: boolean; segment?: { value: string; name: string } | undefined }

/** Opens who came back in a column over all cohorts of its average; `of`: everybody they are counted among. */
export function useOpenAverage(asked: Asked): (column: number, behind?: Behind) => void {
  const t = useText(retentionText)
  const open = useOpenRows()
  const words = useWords(asked.retention)
  const input = useAsked(asked)
  return (column, { of = false, segment } = {}) =>
    open({
      ...input,
      metric: of ? 'retention_average_of' : 'retention_average',
      title: [segment?.name ?? t.average, words.column(column), ...(of ? [t.of] : [])].join(' · '),
      column,
      ...(segment === undefined ? {} : { stage: segment.value }),
    })
}
