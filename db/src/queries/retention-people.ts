/** The people behind a cell of the retention matrix, or behind a column's average. */
import { indexOfLocalDate, intervalDate } from '@fidelio/core/interval-index.ts'
import type { BusinessDb } from '../tenancy.ts'
import { boundFilter, calendarOf } from './period.ts'
import { matrixParams, retentionMatrix } from './retention.ts'
import { cohortPeopleOfEvents, cohortPeopleOfSets } from './retention-sql.ts'
import type { RetentionArgs, RowsArgs } from './types.ts'

/** A member of a cohort; in an average, somebody of several cohorts is counted, and listed, once for each. */
export type CohortPerson = { contactId: number; cohort: string; column: number; returned: boolean }
type Page = { limit: number; offset: number }
type People = { total: number; people: CohortPerson[] }

/**
 * `retention_cell`: who of `cohort` is in `column` (0 is the cohort itself). `retention_average` and
 * `retention_average_of`: who is in the numerator and in the denominator of a column's average, oldest cohort first.
 */
export async function retentionPeople(db: BusinessDb, args: RowsArgs, page: Page): Promise<People> {
  const column = args.column ?? 0
  const asked: RetentionArgs = {
    ...args,
    grain: args.grain ?? 'week',
    entry: args.entry ?? 'recurring',
    return: args.return ?? 'on',
    activity: args.activity ?? 'message.received',
    // As many as the matrix had: returns "or after" are looked for up to its end.
    columns: Math.max(args.columns ?? 0, column + 1),
  }
  if (args.metric === 'retention_cell') return cellPeople(db, asked, args.cohort ?? args.period.from, column, page)
  const returned = args.metric === 'retention_average'
  const { rows } = await retentionMatrix(db, asked)
  const used = rows.filter((row) => row.size > 0 && row.cells[column]?.state === 'complete')
  let total = 0
  const people: CohortPerson[] = []
  for (const row of used) {
    const size = (returned ? row.cells[column]?.n : row.size) ?? 0
    const skipped = Math.max(0, page.offset - total)
    const wanted = page.limit - people.length
    if (wanted > 0 && skipped < size) {
      const part = { limit: wanted, offset: skipped }
      const found = await cellPeople(db, asked, row.cohort, returned ? column : 0, part)
      people.push(...found.people.map((each) => ({ ...each, column })))
    }
    total += size
  }
  return { total, people }
}

async function cellPeople(
  db: BusinessDb,
  args: RetentionArgs,
  cohort: string,
  column: number,
  page: Page,
): Promise<People> {
  const calendar = calendarOf(args.timeZone)
  const index = indexOfLocalDate(cohort, args.grain, calendar)
  const returned = column > 0
  const asked = {
    ...matrixParams(args),
    ...page,
    // The window's end stays the matrix's own; only the row is narrowed to one cohort.
    first: index,
    last: index,
    first_day: intervalDate(index, args.grain, calendar),
    return_from: index + column,
    returned,
  }
  const filter = boundFilter(args.filter)
  const filtered = filter.channel !== '' || filter.account_id !== ''
  const rows = filtered
    ? await db.ask(cohortPeopleOfEvents, { ...asked, ...filter })
    : await db.ask(cohortPeopleOfSets, asked)
  return {
    total: rows[0]?.total ?? 0,
    people: rows.map((row) => ({ contactId: row.contact_id, cohort, column, returned })),
  }
}
