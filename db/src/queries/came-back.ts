import { intervalIndex } from '@fidelio/core/interval-index.ts'
import { rate } from '@fidelio/core/proportion.ts'
import { cameBackDays as cameBackSpan } from '@fidelio/core/retention.ts'
import { watermark } from '@fidelio/core/time.ts'
import type { BusinessDb } from '../tenancy.ts'
import { calendarOf, dayRange } from './period.ts'
import { cameBackDays } from './retention-sql.ts'
import type { Measured, OverviewArgs, Period } from './types.ts'

/** The last local day that is over: later days would count some people's return and not yet others'. */
export function lastWholeDay(args: { timeZone: string; now: number }): number {
  return intervalIndex(watermark(args.now), 'day', calendarOf(args.timeZone)) - 1
}

/**
 * What of a period can be seen when its returns are known up to and including the day `lastReturn`: the newcomers who had at
 * least one whole day to come back in.
 */
export function observableDays(period: Period, timeZone: string, lastReturn: number) {
  const { first, last } = dayRange(period, timeZone)
  return { first, last: Math.min(last, lastReturn - cameBackSpan.from), last_return: lastReturn }
}

/**
 * Of those who wrote for the first time in the period, the share that wrote again 1 to 28 local days later
 * (core/retention `cameBackDefinition`): over the members that can be observed so far; complete when the last member had
 * all 28 days.
 *
 * A compared period is older and would have had more time (measures.md §0.4). So it is looked at as it stood when it was as
 * old as the asked one is now: its newcomers had exactly as many days. Once the asked period is complete, so is this.
 */
export async function cameBackIn(db: BusinessDb, args: OverviewArgs, period: Period): Promise<Measured> {
  const { first, last } = dayRange(period, args.timeZone)
  const daysBetween = dayRange(args.period, args.timeZone).last - last
  const seen = observableDays(period, args.timeZone, lastWholeDay(args) - daysBetween)
  const asked = { time_zone: args.timeZone, ...seen, horizon: cameBackSpan.to }
  const rows = seen.last < first ? [] : await db.ask(cameBackDays, asked)
  const days = new Map(rows.map((row) => [row.day, row]))
  const size = rows.reduce((sum, row) => sum + row.size, 0)
  const returned = rows.reduce((sum, row) => sum + row.came_back, 0)
  const { value, lower, upper } = rate(returned, size)
  const state = seen.last_return >= last + cameBackSpan.to ? 'complete' : 'provisional'
  return {
    total: {
      value,
      numerator: returned,
      denominator: size,
      low: lower,
      high: upper,
      n: size,
      state: seen.last < first ? 'not_yet' : state,
    },
    days: Array.from({ length: last - first + 1 }, (_, index) => {
      const day = days.get(first + index)
      return day && day.size > 0 ? day.came_back / day.size : null
    }),
  }
}
