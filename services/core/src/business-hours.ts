/**
 * Business time: how much of a wait fell into opening hours (measures.md §5).
 *
 * Somebody is OPEN at an instant when the wall clock of the business's zone, read at that instant, shows a date and a time
 * inside its hours. So a skipped hour of spring counts nothing, and an hour that autumn shows twice counts twice; a day
 * may have 0, 23 or 25 hours. Hours come as dated versions: a day is judged by the version valid on that day, so that new
 * hours never change what last month's customers waited. Days before the first version count around the clock, because
 * nothing is known that would excuse a wait. Holidays belong to the version valid on them.
 *
 * `openIntervals` turns versions into instants once; everything else is arithmetic on two prefix sums, which is also how
 * the event store measures a million waits (db/queries/response-sql.ts).
 */
import { dayMs, minuteMs, offsetSpans } from './time.ts'

export const weekdayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type WeekdayName = (typeof weekdayNames)[number]

/** Shifts by weekday, each [opens, closes) on the wall clock, '09:00' or '24:00'; a day left out is closed. */
export type WeeklyHours = { readonly [K in WeekdayName]?: readonly (readonly [string, string])[] | undefined }

/** Hours that hold from a local date on, until the next version begins. */
export type HoursVersion = {
  validFrom: string
  weekly: WeeklyHours
  /** Local dates that are closed whatever the weekday says. */
  holidays: readonly string[]
}

/** A stretch [start, end) in which the business is open, Unix milliseconds. */
export type OpenInterval = { start: number; end: number }

/**
 * Every open stretch within [from, to), in order, those that touch joined. Versions come in any order; of two with one
 * date the later element counts. Throws a RangeError on an unknown zone, a date or a time that is none.
 */
export function openIntervals(versions: readonly HoursVersion[], zone: string, from: number, to: number) {
  const valid = versions.map(readVersion).sort((a, b) => a.firstDay - b.firstDay)
  const found: OpenInterval[] = []
  const add = (start: number, end: number) => {
    const last = found.at(-1)
    if (start >= end) return
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else found.push({ start, end })
  }
  for (const span of offsetSpans(from, to, zone)) {
    const lastDay = Math.floor((span.end - 1 + span.offsetMs) / dayMs)
    for (let day = Math.floor((span.start + span.offsetMs) / dayMs); day <= lastDay; day++) {
      const midnight = day * dayMs - span.offsetMs
      for (const [opens, closes] of shiftsOn(day, valid)) {
        add(Math.max(span.start, midnight + opens), Math.min(span.end, midnight + closes))
      }
    }
  }
  return found
}

/** Shifts in milliseconds after a midnight that no clock change disturbs. */
type Shift = readonly [opens: number, closes: number]
type ReadVersion = { firstDay: number; week: readonly (readonly Shift[])[]; holidays: ReadonlySet<number> }

const aroundTheClock: readonly Shift[] = [[0, dayMs]]
const epochWeekday = 3 // 1970-01-01 was a Thursday; Monday is 0

function shiftsOn(day: number, versions: readonly ReadVersion[]): readonly Shift[] {
  const version = versions.findLast(({ firstDay }) => firstDay <= day)
  if (version === undefined) return aroundTheClock
  if (version.holidays.has(day)) return []
  return version.week[(((day + epochWeekday) % 7) + 7) % 7] ?? []
}

function readVersion(version: HoursVersion): ReadVersion {
  return {
    firstDay: dayNumber(version.validFrom),
    week: weekdayNames.map((name) =>
      (version.weekly[name] ?? [])
        .map(([opens, closes]): Shift => [timeOfDayMs(opens), timeOfDayMs(closes)])
        .sort((a, b) => a[0] - b[0]),
    ),
    holidays: new Set(version.holidays.map(dayNumber)),
  }
}

function dayNumber(date: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(at)) throw new RangeError(`not a date: ${JSON.stringify(date)}`)
  return at / dayMs
}

function timeOfDayMs(text: string): number {
  const [, hour, minute] = /^(\d{2}):(\d{2})$/.exec(text) ?? []
  const ms = Number(hour) * 60 * minuteMs + Number(minute) * minuteMs
  if (!(ms >= 0 && ms <= dayMs && Number(minute) < 60)) throw new RangeError(`not a time: ${JSON.stringify(text)}`)
  return ms
}

/** A clock that runs only while the business is open. */
export type BusinessClock = {
  /** Open milliseconds from the first interval up to `t`. */
  at(t: number): number
  /** Open milliseconds of [from, to); 0 when `to` is not after `from`. */
  between(from: number, to: number): number
  /**
   * The first instant at which `ms` open milliseconds have passed since `from`: when a promise made at `from` is due.
   * Null when the intervals end before that.
   */
  after(from: number, ms: number): number | null
}

/** Reads business time off intervals as `openIntervals` gives them: one binary search per instant. */
export function businessClock(intervals: readonly OpenInterval[]): BusinessClock {
  const before: number[] = []
  let sum = 0
  for (const { start, end } of intervals) {
    before.push(sum)
    sum += end - start
  }
  const at = (t: number): number => {
    const index = lastIndex(intervals, ({ start }) => start <= t)
    const interval = intervals[index]
    return interval === undefined ? 0 : (before[index] ?? 0) + Math.min(t, interval.end) - interval.start
  }
  return {
    at,
    between: (from, to) => Math.max(0, at(to) - at(from)),
    after(from, ms) {
      if (ms <= 0) return from
      const due = at(from) + ms
      const index = lastIndex(intervals, (_interval, i) => (before[i] ?? 0) < due)
      const interval = intervals[index]
      if (interval === undefined || due > sum) return null
      return interval.start + (due - (before[index] ?? 0))
    },
  }
}

/** The last index for which `holds`, given that it holds up to some element and for none after; −1 for none. */
function lastIndex(intervals: readonly OpenInterval[], holds: (interval: OpenInterval, index: number) => boolean) {
  let low = -1
  let high = intervals.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    const interval = intervals[middle]
    if (interval !== undefined && holds(interval, middle)) low = middle
    else high = middle
  }
  return low
}
