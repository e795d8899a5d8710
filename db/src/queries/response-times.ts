import { type CellState, cellState, intervalOf } from '@fidelio/core/interval-index.ts'
import { observationsNeeded } from '@fidelio/core/percentile.ts'
import { z95 } from '@fidelio/core/proportion.ts'
import { watermark } from '@fidelio/core/time.ts'
import type { z } from 'zod'
import type { BusinessDb } from '../tenancy.ts'
import { boundFilter, calendarOf, dayRange, daysOf, instantsOf } from './period.ts'
import { clockParams, hoursKnownFrom } from './response-hours.ts'
import { waitCurve, waitDistribution, waitQuantiles } from './response-sql.ts'
import { dayRevisions } from './revisions.ts'
import type {
  ComparedValue,
  DayRevision,
  HeatCell,
  MeasuredValue,
  Period,
  ResponseBucket,
  ResponseDay,
  ResponseTimes,
  ResponseTimesArgs,
} from './types.ts'

/** Log-spaced edges in seconds: 1, 5, 15, 30 min, 1, 2, 4, 8 h, 1, 3 days. */
export const bucketEdges = [0, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 259_200]
const withinSeconds = [300, 900, 3600, 86_400]

type Quantiles = z.output<typeof waitQuantiles.row>
type Groups = { all: Quantiles | undefined; days: Map<string, Quantiles>; cells: Quantiles[] }

/** How long customers wait, in every form the page shows (measures.md §5). Waits are dated by their opening. */
export async function responseTimes(db: BusinessDb, args: ResponseTimesArgs): Promise<ResponseTimes> {
  const params = await waitParams(db, args, args.period)
  const [groups, previous, curve, distribution, revisions, knownFrom] = await Promise.all([
    askGroups(db, args, args.period, true),
    args.compared ? askGroups(db, args, args.compared, false) : null,
    db.ask(waitCurve, { ...params, z: z95 }),
    db.ask(waitDistribution, { ...params, edges: bucketEdges }),
    dayRevisions(db, { ...args, measure: 'waits' }),
    hoursKnownFrom(db, args.clock),
  ])
  const { all } = groups
  const total = distribution.find((row) => row.bucket === 0)
  const days = shapeDays(args, groups, previous, revisions)
  return {
    hoursKnownFrom: knownFrom,
    median: comparedQuantile(args, groups, previous, 'p50', days),
    p90: comparedQuantile(args, groups, previous, 'p90', days),
    method: all?.competing ? 'aalen_johansen' : 'kaplan_meier',
    answeredWithin: withinSeconds.map((seconds, index) => ({
      seconds,
      answered: all?.within_answered[index] ?? 0,
      share: all?.within_share[index] ?? null,
      low: all?.within_low[index] ?? null,
      high: all?.within_high[index] ?? null,
      n: all?.n ?? 0,
    })),
    restrictedMean24hSeconds: all?.rmst ?? null,
    restrictedMean24hLow: all ? Math.max(0, all.rmst - z95 * all.rmst_se) : null,
    restrictedMean24hHigh: all ? Math.min(86_400, all.rmst + z95 * all.rmst_se) : null,
    opened: (total?.answered ?? 0) + (total?.waiting ?? 0) + (total?.abandoned ?? 0),
    answered: total?.answered ?? 0,
    waiting: total?.waiting ?? 0,
    abandoned: total?.abandoned ?? 0,
    answeredAtOnce: total?.at_once ?? 0,
    medianOfAnswered: total?.median_of_answered ?? null,
    days,
    distribution: shapeDistribution(distribution),
    survival: curve.map((step) => ({ seconds: step.t, stillWaiting: step.still, low: step.low, high: step.high })),
    heatmap: groups.cells.map(shapeCell),
  }
}

/** The median of the first wait for a person, with comparison and daily medians: one of the overview's five. */
export async function firstResponseMedian(
  db: BusinessDb,
  args: Omit<ResponseTimesArgs, 'kind' | 'responder'>,
): Promise<ComparedValue> {
  const asked: ResponseTimesArgs = { ...args, kind: 'first', responder: 'human' }
  const [groups, previous] = await Promise.all([
    askGroups(db, asked, asked.period, false),
    asked.compared ? askGroups(db, asked, asked.compared, false) : null,
  ])
  return comparedQuantile(asked, groups, previous, 'p50', shapeDays(asked, groups, previous, noRevisions))
}

/** Parameters shared by the questions about waits. */
export async function waitParams(
  db: BusinessDb,
  args: Pick<ResponseTimesArgs, 'timeZone' | 'now' | 'kind' | 'responder' | 'clock' | 'filter'>,
  period: Period,
) {
  const { from, to } = instantsOf(period, args.timeZone)
  return {
    from,
    to,
    ...(await clockParams(db, args, from)),
    ...boundFilter(args.filter),
    now: new Date(args.now),
    is_first: args.kind === 'first',
    responder: args.responder,
  }
}

async function askGroups(db: BusinessDb, args: ResponseTimesArgs, period: Period, withCells: boolean): Promise<Groups> {
  const rows = await db.ask(waitQuantiles, {
    ...(await waitParams(db, args, period)),
    time_zone: args.timeZone,
    with_cells: withCells,
    z: z95,
  })
  return {
    all: rows.find((row) => row.grp === 'all'),
    days: new Map(rows.filter((row) => row.grp.startsWith('day:')).map((row) => [row.grp.slice(4), row])),
    cells: rows.filter((row) => row.grp.startsWith('cell:')),
  }
}

function comparedQuantile(
  args: ResponseTimesArgs,
  groups: Groups,
  previous: Groups | null,
  key: 'p50' | 'p90',
  days: readonly ResponseDay[],
): ComparedValue {
  const now = quantileValue(args, args.period, groups.all, key)
  const before = previous && args.compared ? quantileValue(args, args.compared, previous.all, key) : null
  return {
    ...now,
    previous: before,
    change: now.value === null || before === null || before.value === null ? null : now.value - before.value,
    spark: days.map((day) => ({
      day: day.day,
      value: day[key],
      previous: key === 'p50' ? day.previousP50 : null,
      state: day.state,
    })),
  }
}

function quantileValue(
  args: ResponseTimesArgs,
  period: Period,
  all: Quantiles | undefined,
  key: 'p50' | 'p90',
): MeasuredValue {
  const shown = key === 'p50' || (all?.n ?? 0) >= observationsNeeded(0.9)
  return {
    value: shown ? (all?.[key] ?? null) : null,
    numerator: null,
    denominator: null,
    low: shown ? (all?.[`${key}_low`] ?? null) : null,
    high: shown ? (all?.[`${key}_high`] ?? null) : null,
    n: all?.n ?? 0,
    state: periodState(args, period),
  }
}

/** Complete when the last day ended before the watermark; not yet when the first begins after now. */
export function periodState(args: { timeZone: string; now: number }, period: Period): CellState {
  const { first, last } = dayRange(period, args.timeZone)
  const calendar = calendarOf(args.timeZone)
  const span = { start: intervalOf(first, 'day', calendar).start, end: intervalOf(last, 'day', calendar).end }
  return cellState(span, { now: args.now, watermark: watermark(args.now) })
}

/** The state of each day of a period, oldest first. */
export function dayStates(args: { timeZone: string; now: number }, period: Period): CellState[] {
  const { first, last } = dayRange(period, args.timeZone)
  const calendar = calendarOf(args.timeZone)
  const clock = { now: args.now, watermark: watermark(args.now) }
  return Array.from({ length: last - first + 1 }, (_, i) => cellState(intervalOf(first + i, 'day', calendar), clock))
}

/** For callers that show no single day. */
const noRevisions: ReadonlyMap<string, DayRevision> = new Map()

function shapeDays(
  args: ResponseTimesArgs,
  groups: Groups,
  previous: Groups | null,
  revisions: ReadonlyMap<string, DayRevision>,
): ResponseDay[] {
  const states = dayStates(args, args.period)
  const before = args.compared ? daysOf(args.compared, args.timeZone) : []
  return daysOf(args.period, args.timeZone).map((day, index) => {
    const found = groups.days.get(day)
    const n = found?.n ?? 0
    return {
      day,
      p50: found?.p50 ?? null,
      p75: found?.p75 ?? null,
      p90: n >= observationsNeeded(0.9) ? (found?.p90 ?? null) : null,
      n,
      answered: found?.answered ?? 0,
      state: states[index] ?? 'not_yet',
      previousP50: previous?.days.get(before[index] ?? '')?.p50 ?? null,
      revision: revisions.get(day) ?? null,
    }
  })
}

function shapeDistribution(rows: readonly z.output<typeof waitDistribution.row>[]): ResponseBucket[] {
  return bucketEdges.map((fromSeconds, index) => {
    const toSeconds = bucketEdges[index + 1] ?? null
    const row = rows.find((candidate) => candidate.bucket === index + 1)
    return {
      bucket: `${fromSeconds}-${toSeconds ?? ''}`,
      fromSeconds,
      toSeconds,
      answered: row?.answered ?? 0,
      waiting: row?.waiting ?? 0,
      abandoned: row?.abandoned ?? 0,
    }
  })
}

function shapeCell(row: Quantiles): HeatCell {
  const [, weekday, hour] = row.grp.split(':')
  return { weekday: Number(weekday), hour: Number(hour), median: row.p50, n: row.n }
}
