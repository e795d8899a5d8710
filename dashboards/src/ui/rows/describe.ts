import type { RowsQuery } from '../../generated/graphql.ts'
import type { Wording } from '../../i18n/catalogue.ts'
import type { Format } from '../../i18n/format.ts'
import type { rowsText } from './text.ts'

type Row = RowsQuery['business']['rows']['edges'][number]['node']
type Words = Wording<(typeof rowsText)['en']>

/** What a row says: a main phrase and what stands back behind it. A word we do not know is shown as it came. */
export function describeRow(row: Pick<Row, 'label' | 'detail'>, t: Words, format: Format): [string, string] {
  const { label, detail } = row
  const [day = '', column = ''] = detail.split('+')
  switch (label) {
    case 'active_days':
      return [t.activeDays(Number(detail), format.number(Number(detail))), '']
    case 'first_response':
    case 'next_response':
      return [say(label, t), Number(detail) > 1 ? t.burst(format.number(Number(detail))) : '']
    case 'came_back':
      return [say(label, t), t.firstWroteOn(format.day(detail))]
    case 'first_message':
      return [say(label, t), '']
    case 'returned':
      return [say(label, t), `${t.group(format.day(day))}, ${t.later(column)}`]
    case 'cohort':
      return [say(label, t), t.group(format.day(day))]
    default:
      return [say(label, t), detail === label ? '' : say(detail, t)]
  }
}

/** Rows of which only the day is known stand at its midnight: their clock says nothing. */
export function isByDay(row: Pick<Row, 'label'>): boolean {
  return ['active_days', 'came_back', 'first_message', 'returned', 'cohort'].includes(row.label)
}

function say(word: string, t: Words): string {
  const words: Record<string, string> = t.words
  return words[word] ?? word
}
