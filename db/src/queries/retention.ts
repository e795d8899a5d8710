import { cellState, type Interval, intervalDate, intervalIndex, intervalOf } from '@fidelio/core/interval-index.ts'
import { rate } from '@fidelio/core/proportion.ts'
import { watermark } from '@fidelio/core/time.ts'
import type { BusinessDb } from '../tenancy.ts'
import { boundFilter, calendarOf, grainRange } from './period.ts'
import { retentionOfEvents, retentionOfSets } from './retention-sql.ts'
import type { RetentionArgs, RetentionAverage, RetentionCell, RetentionMatrix, RetentionRow } from './types.ts'

/** The activities calendars are kept of. */
export const retentionActivities = [
  'active',
  'message.received',
  'postback',
  'reaction',
  'order.created',
  'order.paid',
  'referral',
] as const

const columnsMax = 31

/**
 * Who came back (measures.md §2, core/retention). "On or after" looks at returns up to the last complete interval, so that
 * an interval still running does not make every cell provisional; "on" shows the running one as provisional.
 * @throws RangeError for an unknown activity, or too many columns.
 */
export async function retentionMatrix(db: BusinessDb, args: RetentionArgs): Promise<RetentionMatrix> {
  const params = matrixParams(args)
  const asked = { ...params, columns: args.columns }
  const filter = boundFilter(args.filter)
  const filtered = filter.channel !== '' || filter.account_id !== ''
  const counts = filtered
    ? await db.ask(retentionOfEvents, { ...asked, ...filter })
    : await db.ask(retentionOfSets, asked)
  const found = new Map(counts.map(({ cohort, k, n }) => [`${cohort}:${k}`, n]))
  const rows: RetentionRow[] = []
  for (let cohort = params.first; cohort <= params.last; cohort++) {
    rows.push(shapeRow(cohort, (k) => found.get(`${cohort}:${k}`) ?? 0, params, args))
  }
  return { columns: args.columns, rows, average: averageOf(rows, args.columns) }
}

/** The bound form of a retention question; also what `rows` asks with. */
export function matrixParams(args: RetentionArgs) {
  const { grain, timeZone, columns, now } = args
  if (!retentionActivities.some((activity) => activity === args.activity)) {
    throw new RangeError(`Not an activity: ${args.activity}`)
  }
  if (!(Number.isInteger(columns) && columns >= 1 && columns <= columnsMax)) {
    throw new RangeError(`A matrix has 1 to ${columnsMax} columns.`)
  }
  const { first, last } = grainRange(args.period, grain, timeZone)
  const calendar = calendarOf(timeZone)
  const lastComplete = intervalIndex(watermark(now), grain, calendar) - 1
  return {
    time_zone: timeZone,
    grain,
    activity: args.activity,
    first_matching: args.entry === 'first_matching',
    first,
    last,
    first_day: intervalDate(first, grain, calendar),
    horizon: args.return === 'on' ? 0 : last - first + columns,
    last_return: args.return === 'on' ? last + columns : Math.min(last + columns - 1, lastComplete),
  }
}

type Params = ReturnType<typeof matrixParams>

function shapeRow(cohort: number, count: (k: number) => number, params: Params, args: RetentionArgs): RetentionRow {
  const size = count(0)
  const cells = Array.from({ length: args.columns }, (_, column): RetentionCell => {
    const state = stateOf(cohort, column, params, args)
    if (state === 'not_yet') return { column, n: null, share: null, low: null, high: null, state }
    const { value, lower, upper } = rate(count(column), size)
    return { column, n: count(column), share: value, low: lower, high: upper, state }
  })
  const calendar = calendarOf(args.timeZone)
  return {
    cohort: intervalDate(cohort, args.grain, calendar),
    size,
    state: stateOf(cohort, 0, params, args),
    cells,
  }
}

function stateOf(cohort: number, column: number, params: Params, args: RetentionArgs) {
  const last = column === 0 ? cohort : Math.min(cohort + column + params.horizon, params.last_return)
  if (last < cohort + column) return 'not_yet'
  const calendar = calendarOf(args.timeZone)
  const span: Interval = {
    start: intervalOf(cohort + column, args.grain, calendar).start,
    end: intervalOf(last, args.grain, calendar).end,
  }
  return cellState(span, { now: args.now, watermark: watermark(args.now) })
}

/** Over complete cells of rows with members, weighted. Empty rows carry no weight and are not counted as used. */
function averageOf(rows: readonly RetentionRow[], columns: number): RetentionAverage[] {
  return Array.from({ length: columns }, (_, column) => {
    let numerator = 0
    let denominator = 0
    let rowsUsed = 0
    for (const row of rows) {
      const cell = row.cells[column]
      if (cell?.state !== 'complete' || row.size === 0) continue
      numerator += cell.n ?? 0
      denominator += row.size
      rowsUsed += 1
    }
    const { value, lower, upper } = rate(numerator, denominator)
    return { column, share: value, low: lower, high: upper, rowsUsed, numerator, denominator }
  })
}
