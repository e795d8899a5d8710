import { type CellState, cellState, intervalIndex, intervalOf } from '@fidelio/core/interval-index.ts'
import { rate } from '@fidelio/core/proportion.ts'
import { cameBackDays as cameBackSpan } from '@fidelio/core/retention.ts'
import { watermark } from '@fidelio/core/time.ts'
import { countContacts, reachableAt } from '../records/reachable.ts'
import type { BusinessDb } from '../tenancy.ts'
import { activeDays } from './actives.ts'
import { extraOrdersValue } from './lift.ts'
import { calendarOf, dayRange, daysOf } from './period.ts'
import { dayStates, firstResponseMedian, periodState } from './response-times.ts'
import { cameBackDays } from './retention-sql.ts'
import type { ComparedValue, MeasuredValue, OverviewArgs, OverviewNumbers, Period, SparkPoint } from './types.ts'

/** The five numbers of the overview, each with the compared period and its days. */
export async function overviewNumbers(db: BusinessDb, args: OverviewArgs): Promise<OverviewNumbers> {
  const [activeCustomers, firstResponse, cameBack4w, reachable, extraOrders] = await Promise.all([
    compared(args, (period) => activeCustomersIn(db, args, period)),
    firstResponseMedian(db, args),
    compared(args, (period) => cameBackIn(db, args, period)),
    compared(args, (period) => reachableIn(db, args, period)),
    compared(args, async (period) => ({ total: await extraOrdersValue(db, { ...args, period }), days: [] })),
  ])
  return { activeCustomers, firstResponseMedian: firstResponse, cameBack4w, reachable, extraOrders }
}

/** A measure over a period, and by day (null: not observable); no days where it has no daily form. */
interface Measured {
  total: MeasuredValue
  days: (number | null)[]
}

async function compared(args: OverviewArgs, measure: (period: Period) => Promise<Measured>): Promise<ComparedValue> {
  const [now, before] = await Promise.all([
    measure(args.period),
    args.compared ? measure(args.compared) : Promise.resolve(null),
  ])
  const previous = before?.total ?? null
  const states = dayStates(args, args.period)
  const names = daysOf(args.period, args.timeZone)
  return {
    ...now.total,
    previous,
    change: now.total.value === null || previous?.value == null ? null : now.total.value - previous.value,
    spark: now.days.map(
      (value, index): SparkPoint => ({
        day: names[index] ?? '',
        value: states[index] === 'not_yet' ? null : value,
        previous: before?.days[index] ?? null,
        state: states[index] ?? 'not_yet',
      }),
    ),
  }
}

async function activeCustomersIn(db: BusinessDb, args: OverviewArgs, period: Period): Promise<Measured> {
  const rows = await db.ask(activeDays, { time_zone: args.timeZone, ...period })
  const people = new Map(rows.map((row) => [row.day, row.people]))
  const value = people.get('') ?? 0
  return {
    total: {
      value,
      numerator: null,
      denominator: null,
      low: null,
      high: null,
      n: value,
      state: periodState(args, period),
    },
    days: daysOf(period, args.timeZone).map((day) => people.get(day) ?? 0),
  }
}

/** The local days of a period whose newcomers can be observed at all: their day after has begun. */
export function observableDays(args: { timeZone: string; now: number }, period: Period) {
  const { first, last } = dayRange(period, args.timeZone)
  const today = intervalIndex(args.now, 'day', calendarOf(args.timeZone))
  return { first, last: Math.min(last, today - cameBackSpan.from) }
}

/**
 * Of those who wrote for the first time in the period, the share that wrote again 1 to 28 local days later
 * (core/retention `cameBackDefinition`): over the members that can be observed so far; complete when the last member had
 * all 28 days.
 */
async function cameBackIn(db: BusinessDb, args: OverviewArgs, period: Period): Promise<Measured> {
  const { first, last } = dayRange(period, args.timeZone)
  const seen = observableDays(args, period)
  const rows =
    seen.last < first ? [] : await db.ask(cameBackDays, { time_zone: args.timeZone, ...seen, horizon: cameBackSpan.to })
  const days = new Map(rows.map((row) => [row.day, row]))
  const size = rows.reduce((sum, row) => sum + row.size, 0)
  const returned = rows.reduce((sum, row) => sum + row.came_back, 0)
  const { value, lower, upper } = rate(returned, size)
  return {
    total: {
      value,
      numerator: returned,
      denominator: size,
      low: lower,
      high: upper,
      n: size,
      state: seen.last < first ? 'not_yet' : lastMemberState(args, last),
    },
    days: Array.from({ length: last - first + 1 }, (_, index) => {
      const day = days.get(first + index)
      return day && day.size > 0 ? day.came_back / day.size : null
    }),
  }
}

/** A cohort is complete when the last of its 28 days ended before the watermark. */
function lastMemberState(args: OverviewArgs, lastDay: number): CellState {
  const calendar = calendarOf(args.timeZone)
  const start = intervalOf(lastDay + cameBackSpan.from, 'day', calendar).start
  const end = intervalOf(lastDay + cameBackSpan.to, 'day', calendar).end
  // Earlier members can be seen already, so the number exists: at worst it is provisional.
  const state = cellState({ start, end }, { now: args.now, watermark: watermark(args.now) })
  return state === 'complete' ? 'complete' : 'provisional'
}

/** Reachable people at the end of the period, or now if it has not ended, and at the end of each of its days. */
async function reachableIn(db: BusinessDb, args: OverviewArgs, period: Period): Promise<Measured> {
  const { first, last } = dayRange(period, args.timeZone)
  const calendar = calendarOf(args.timeZone)
  const ends = Array.from({ length: last - first + 1 }, (_, index) =>
    Math.min(intervalOf(first + index, 'day', calendar).end, args.now),
  )
  const [rows, contacts] = await Promise.all([
    reachableAt(
      db,
      ends.map((end) => new Date(end)),
    ),
    countContacts(db),
  ])
  const value = rows.at(-1)?.reachable ?? 0
  return {
    total: {
      value,
      numerator: value,
      denominator: contacts,
      low: null,
      high: null,
      n: contacts,
      // What is allowed at an instant is known at that instant; nothing about it matures.
      state: ends.at(-1) === args.now ? periodState(args, period) : 'complete',
    },
    days: rows.map((row) => row.reachable),
  }
}
