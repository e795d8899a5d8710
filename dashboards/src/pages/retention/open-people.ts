import { useFilter, useOpenRows, usePeriod } from '../../frame/use-frame.ts'
import { useText } from '../../i18n/use-text.ts'
import type { Row } from './cohorts.tsx'
import type { RetentionQuestion } from './search.ts'
import { retentionText } from './text.ts'
import { useWords } from './use-words.ts'

/** Opens the people of a cell; column 0 is the cohort itself. */
export function useOpenCell(question: RetentionQuestion, columns: number): (row: Row, column: number) => void {
  const t = useText(retentionText)
  const open = useOpenRows()
  const period = usePeriod()
  const filter = useFilter()
  const words = useWords(question.grain)
  return (row, column) =>
    open({
      metric: 'retention_cell',
      title:
        column === 0
          ? t.entered(words.cohort(row.cohort))
          : t.title(t.column[question.grain](column), words.cohort(row.cohort)),
      ...period.input,
      ...question,
      cohort: row.cohort,
      column,
      columns,
      ...(filter === null ? {} : { filter }),
    })
}

/** Opens who came back in a column over all cohorts of its average; `of` opens everybody they are counted among. */
export function useOpenAverage(question: RetentionQuestion, columns: number): (column: number, of?: 'of') => void {
  const t = useText(retentionText)
  const open = useOpenRows()
  const period = usePeriod()
  const filter = useFilter()
  return (column, of) =>
    open({
      metric: of === 'of' ? 'retention_average_of' : 'retention_average',
      title: `${t.average} · ${t.column[question.grain](column)}${of === 'of' ? ` · ${t.of}` : ''}`,
      ...period.input,
      ...question,
      column,
      columns,
      ...(filter === null ? {} : { filter }),
    })
}
