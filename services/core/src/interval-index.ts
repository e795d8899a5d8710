/**
 * Interval indices: the integer that names an hour, day, week or month of a business's calendar (measures.md §1).
 *
 * The twin of the ClickHouse expressions, and of their inverse. Days are local days, [start, end), one directly after
 * the other; retention subtracts indices and never divides seconds by 86 400, so daylight saving cannot leak in.
 *
 * hour:  intDiv(toUnixTimestamp(toStartOfHour(ts, tz)), 3600)
 * day:   toInt32(toDate(ts, tz))
 * week:  intDiv(toInt32(toStartOfWeek(ts, 1, tz)) - 4, 7) from Monday, intDiv(toInt32(toStartOfWeek(ts, 0, tz)) - 3, 7) from Sunday
 * month: toYear(ts, tz) * 12 + toMonth(ts, tz)
 */
import { Temporal } from 'temporal-polyfill'
import { assertTimeZone, dayMs, hourMs, startOfLocalDate, type WeekStart } from './time.ts'

export type Grain = 'hour' | 'day' | 'week' | 'month'

/** A calendar: the zone of the business, and on which day its weeks begin. */
export type Calendar = { zone: string; weekStart: WeekStart }

/** Half-open: an instant belongs to it when start <= ts < end. Empty (start = end) for a date that never was. */
export type Interval = { start: number; end: number }

/** 1970-01-05 was the first Monday, 1970-01-04 the first Sunday, counted in days from 1970-01-01. */
const firstDayOfWeeks = { monday: 4, sunday: 3 } as const

/** The index of the interval that contains an instant (Unix milliseconds). Throws a RangeError for a zone that is none. */
export function intervalIndex(ts: number, grain: Grain, calendar: Calendar): number {
  const zone = zoneCalendar(calendar.zone)
  if (grain === 'hour') return hourIndex(ts, zone)
  const day = dayIndex(ts, zone)
  if (grain === 'day') return day
  return grain === 'week' ? weekOfDay(day, calendar.weekStart) : monthOfDay(day)
}

/** The instants [start, end) of an interval: the inverse of `intervalIndex`. */
export function intervalOf(index: number, grain: Grain, calendar: Calendar): Interval {
  return { start: intervalStart(index, grain, calendar), end: intervalStart(index + 1, grain, calendar) }
}

/** The first instant of an interval. */
export function intervalStart(index: number, grain: Grain, calendar: Calendar): number {
  const zone = zoneCalendar(calendar.zone)
  if (grain === 'hour') return hourStart(index, zone)
  if (grain === 'day') return dayStart(index, zone)
  if (grain === 'week') return dayStart(index * 7 + firstDayOfWeeks[calendar.weekStart], zone)
  return dayStart(Date.UTC(Math.floor((index - 1) / 12), (index - 1) % 12, 1) / dayMs, zone)
}

/** The local date on which an interval of days, weeks or months begins, as ISO text: its label. */
export function intervalDate(index: number, grain: Exclude<Grain, 'hour'>, calendar: Calendar): string {
  if (grain === 'month') return isoDate(Date.UTC(Math.floor((index - 1) / 12), (index - 1) % 12, 1) / dayMs)
  return isoDate(grain === 'week' ? index * 7 + firstDayOfWeeks[calendar.weekStart] : index)
}

/** Index of a local date such as '2026-11-22': the day, week or month it lies in. */
export function indexOfLocalDate(date: string, grain: Exclude<Grain, 'hour'>, calendar: Calendar): number {
  const day = Temporal.PlainDate.from(date).since(new Temporal.PlainDate(1970, 1, 1)).days
  if (grain === 'day') return day
  return grain === 'week' ? weekOfDay(day, calendar.weekStart) : monthOfDay(day)
}

/**
 * How far a cell can be believed. `complete`: its interval ended at or before the watermark. `provisional`: it began, but
 * has not ended or ended after the watermark. `not_yet`: it begins after now; its value is null and never 0.
 */
export type CellState = 'complete' | 'provisional' | 'not_yet'

/** The state of a cell over [start, end); `watermark` = now − lateness allowance (core/time). */
export function cellState(interval: Interval, clock: { now: number; watermark: number }): CellState {
  if (interval.end <= clock.watermark) return 'complete'
  return interval.start > clock.now ? 'not_yet' : 'provisional'
}

/**
 * Whether hour charts are possible in a zone. Where the offset ever moved by less than a whole hour since 2010
 * (Lord Howe every year, Caracas and Pyongyang once), an absolute hour straddles two hours of the wall clock.
 */
export function supportsHourGrain(zone: string): boolean {
  return zoneCalendar(zone).hourShiftMs !== null
}

type ZoneCalendar = {
  zone: string
  /** First instant per day index, filled as asked. */
  dayStarts: Map<number, number>
  /** By how much hours of the wall clock begin after hours of UTC; null when that changes. */
  hourShiftMs: number | null
}

const zoneCalendars = new Map<string, ZoneCalendar>()

function zoneCalendar(zone: string): ZoneCalendar {
  const known = zoneCalendars.get(zone)
  if (known) return known
  assertTimeZone(zone)
  const made = { zone, dayStarts: new Map<number, number>(), hourShiftMs: hourShiftOf(zone) }
  zoneCalendars.set(zone, made)
  return made
}

function hourShiftOf(zone: string): number | null {
  const shiftAt = (at: Temporal.ZonedDateTime) => modulo(-at.offsetNanoseconds / 1e6, hourMs)
  const until = Temporal.Instant.from('2038-01-01T00:00Z').epochMilliseconds
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.from('2010-01-01T00:00Z').toZonedDateTimeISO(zone)
  const shift = shiftAt(at)
  while (at !== null && at.epochMilliseconds < until) {
    if (shiftAt(at) !== shift) return null
    at = at.getTimeZoneTransition('next')
  }
  return shift
}

function hourIndex(ts: number, zone: ZoneCalendar): number {
  const startOfHour = Math.floor((ts - hourShift(zone)) / hourMs) * hourMs + hourShift(zone)
  return Math.floor(startOfHour / hourMs)
}

function hourStart(index: number, zone: ZoneCalendar): number {
  return index * hourMs + hourShift(zone)
}

function hourShift(zone: ZoneCalendar): number {
  if (zone.hourShiftMs === null) throw new RangeError(`hours of the wall clock are not whole in ${zone.zone}`)
  return zone.hourShiftMs
}

/**
 * The day is found by its starts and not by the label on the wall clock, which may repeat where the clock goes back over
 * midnight. It is also several times faster: the calendar is asked once per day and not once per event.
 */
function dayIndex(ts: number, zone: ZoneCalendar): number {
  let day = Math.floor(ts / dayMs)
  while (ts < dayStart(day, zone)) day--
  while (ts >= dayStart(day + 1, zone)) day++
  return day
}

function dayStart(day: number, zone: ZoneCalendar): number {
  const known = zone.dayStarts.get(day)
  if (known !== undefined) return known
  const start = startOfLocalDate(isoDate(day), zone.zone)
  zone.dayStarts.set(day, start)
  return start
}

function weekOfDay(day: number, weekStart: WeekStart): number {
  return Math.floor((day - firstDayOfWeeks[weekStart]) / 7)
}

function monthOfDay(day: number): number {
  const date = new Date(day * dayMs)
  return date.getUTCFullYear() * 12 + date.getUTCMonth() + 1
}

function isoDate(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
