/** The people behind a cell of the retention matrix, or behind a column's average. */
import { indexOfLocalDate } from '@fidelio/core/interval-index.ts'
import type { BusinessDb } from '../tenancy.ts'
import { eventParams, type RetentionSource, retentionAsked, retentionMatrix, setParams, sourceOf } from './retention.ts'
import { cohortPeopleOfEvents } from './retention-events-sql.ts'
import { cohortPeopleOfSets } from './retention-sql.ts'
import type { RetentionArgs } from './retention-types.ts'
import type { RowsArgs } from './types.ts'

/** A member of a cohort; in an average, somebody of several cohorts is counted, and listed, once for each. */
export type CohortPerson = { contactId: number; cohort: string; column: number; returned: boolean }
type Page = { limit: number; offset: number }
type People = { total: number; people: CohortPerson[] }

/**
 * `retention_cell`: who of `cohort` is in `column` (0 is the cohort itself). `retention_average` and
 * `retention_average_of`: who is in the numerator and in the denominator of a column's average, oldest cohort first.
 * `stage` narrows them to one value of the breakdown.
 */
export async function retentionPeople(
  db: BusinessDb,
  args: RowsArgs,
  page: Page,
  source?: RetentionSource,
): Promise<People> {
  const column = args.column ?? 0
  const asked: RetentionArgs = {
    ...args.retention,
    timeZone: args.timeZone,
    now: args.now,
    period: args.period,
    filter: args.filter,
    grain: args.grain ?? 'week',
    entry: args.entry ?? 'recurring',
    return: args.return ?? 'on',
    activity: args.activity ?? 'message.received',
    // As many as the matrix had: returns "or after" are looked for up to its end.
    columns: Math.max(args.columns ?? 0, column + 1),
  }
  const cell: Cells = { args: asked, source: source ?? sourceOf(asked), value: args.stage }
  if (args.metric === 'retention_cell') return cellPeople(db, cell, args.cohort ?? args.period.from, column, page)
  const returned = args.metric === 'retention_average'
  const matrix = await retentionMatrix(db, asked, cell.source)
  const rows =
    args.stage === undefined
      ? matrix.rows
      : (matrix.segments.find((segment) => segment.value === args.stage)?.rows ?? [])
  const used = rows.filter((row) => row.size > 0 && row.cells[column]?.state === 'complete')
  let total = 0
  const people: CohortPerson[] = []
  for (const row of used) {
    const size = (returned ? row.cells[column]?.n : row.size) ?? 0
    const skipped = Math.max(0, page.offset - total)
    const wanted = page.limit - people.length
    if (wanted > 0 && skipped < size) {
      const part = { limit: wanted, offset: skipped }
      const found = await cellPeople(db, cell, row.cohort, returned ? column : 0, part)
      people.push(...found.people.map((each) => ({ ...each, column })))
    }
    total += size
  }
  return { total, people }
}

/** `value`: of the breakdown; left out: all of them. */
type Cells = { args: RetentionArgs; source: RetentionSource; value: string | undefined }

async function cellPeople(
  db: BusinessDb,
  { args, source, value }: Cells,
  cohort: string,
  column: number,
  page: Page,
): Promise<People> {
  const whole = retentionAsked(args)
  const { calendar, period } = whole.definition
  const index = indexOfLocalDate(cohort, period, calendar)
  // The window's end stays the matrix's own; only the row is narrowed to one cohort.
  const asked = { ...whole, definition: { ...whole.definition, first: index, last: index } }
  const sets = setParams(asked)
  const rows =
    source === 'calendars'
      ? await db.ask(cohortPeopleOfSets, {
          ...sets,
          ...page,
          return_from: index + (sets.froms[column - 1] ?? 0),
          return_to: index + (sets.tos[column - 1] ?? 0),
          returned: column > 0,
        })
      : await db.ask(cohortPeopleOfEvents, {
          ...eventParams(args, asked),
          ...page,
          column,
          every_value: value === undefined,
          value: value ?? '',
        })
  return {
    total: rows[0]?.total ?? 0,
    people: rows.map((row) => ({ contactId: row.contact_id, cohort, column, returned: column > 0 })),
  }
}
