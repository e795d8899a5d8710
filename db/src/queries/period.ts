import {
  type Calendar,
  type Grain,
  indexOfLocalDate,
  intervalDate,
  intervalStart,
} from '@fidelio/core/interval-index.ts'
import type { WeekStart } from '@fidelio/core/time.ts'
import type { Filter, Period } from './types.ts'

/** Periods longer than this are refused: a dashboard looks at days. */
export const periodDaysMax = 800

/** The calendar of a business; weeks begin on Monday unless a question says otherwise (measures.md §1). */
export function calendarOf(timeZone: string, weekStart: WeekStart = 'monday'): Calendar {
  return { zone: timeZone, weekStart }
}

/** The instants [from, to) of a period of local days. @throws RangeError when it is empty, too long or not made of dates. */
export function instantsOf(period: Period, timeZone: string): { from: Date; to: Date } {
  const { first, last } = dayRange(period, timeZone)
  const calendar = calendarOf(timeZone)
  return {
    from: new Date(intervalStart(first, 'day', calendar)),
    to: new Date(intervalStart(last + 1, 'day', calendar)),
  }
}

/** First and last day index of a period. @throws RangeError as `instantsOf`. */
export function dayRange(period: Period, timeZone: string): { first: number; last: number } {
  return grainRange(period, 'day', timeZone)
}

/** The intervals of a grain that contain the days of a period, as indices. */
export function grainRange(
  period: Period,
  grain: Exclude<Grain, 'hour'>,
  timeZone: string,
  weekStart: WeekStart = 'monday',
): { first: number; last: number } {
  const calendar = calendarOf(timeZone, weekStart)
  const days = indexOfLocalDate(period.to, 'day', calendar) - indexOfLocalDate(period.from, 'day', calendar) + 1
  if (!(days >= 1 && days <= periodDaysMax)) throw new RangeError(`A period has 1 to ${periodDaysMax} days.`)
  return {
    first: indexOfLocalDate(period.from, grain, calendar),
    last: indexOfLocalDate(period.to, grain, calendar),
  }
}

/** Every local day of a period, oldest first. */
export function daysOf(period: Period, timeZone: string): string[] {
  const { first, last } = dayRange(period, timeZone)
  const calendar = calendarOf(timeZone)
  return Array.from({ length: last - first + 1 }, (_, index) => intervalDate(first + index, 'day', calendar))
}

/**
 * What a period is compared with: as many days directly before it, or the same weekdays a year (52 weeks) earlier. Both
 * keep weekdays aligned when the period is whole weeks.
 */
export function comparedPeriod(period: Period, compare: 'previous_period' | 'previous_year' | 'none'): Period | null {
  if (compare === 'none') return null
  const { first, last } = dayRange(period, 'UTC')
  const shift = compare === 'previous_year' ? 364 : last - first + 1
  const day = (index: number) => intervalDate(index, 'day', calendarOf('UTC'))
  return { from: day(first - shift), to: day(last - shift) }
}

/** A filter as parameters: '' means any. */
export function boundFilter(filter: Filter | undefined): { channel: string; account_id: string } {
  return { channel: filter?.channel ?? '', account_id: filter?.accountId ?? '' }
}
