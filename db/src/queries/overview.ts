import { intervalOf } from '@fidelio/core/interval-index.ts'
import { countContacts, reachableAt } from '../records/reachable.ts'
import type { BusinessDb } from '../tenancy.ts'
import { activeDays } from './actives.ts'
import { cameBackIn } from './came-back.ts'
import { extraOrdersValue } from './lift.ts'
import { calendarOf, dayRange, daysOf } from './period.ts'
import { dayStates, firstResponseMedian, periodState } from './response-times.ts'
import type { ComparedValue, Measured, OverviewArgs, OverviewNumbers, Period, SparkPoint } from './types.ts'

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
