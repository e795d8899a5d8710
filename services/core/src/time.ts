/**
 * Time: the only place that reads the clock, and the only one that knows zones.
 *
 * Instants are Unix milliseconds, UTC, everywhere (`number`); local dates are ISO strings ('2026-11-22'). Elapsed work
 * is done on instants; calendars are asked only where a person means "day". Sheets: measures.md §1, reliability.md §5.
 */
import { Temporal } from 'temporal-polyfill'

export const secondMs = 1_000
export const minuteMs = 60_000
export const hourMs = 3_600_000
/** 24 elapsed hours. A local day may be shorter or longer: ask `startOfLocalDay` for calendars. */
export const dayMs = 86_400_000

/** How far behind now a dashboard's watermark runs: later events may still change what lies after it (measures.md §1). */
export const dashboardLatenessMs = 10 * minuteMs
/** After this nothing is expected to change any more: WhatsApp redelivers for up to 7 days (measures.md §1). */
export const settledLatenessMs = 8 * dayMs

/** The only door to the current time. It arrives in `deps`; nothing else calls `new Date()` without arguments. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }

export type ManualClock = Clock & {
  /** Moves to an instant, forwards or backwards, as an operator's clock may. */
  set(to: Date | number): void
  advance(byMs: number): void
}

/** A clock that stands still until it is told to move. For tests and simulations. */
export function manualClock(start: Date | number): ManualClock {
  let nowMs = Number(start)
  return {
    now: () => new Date(nowMs),
    set(to) {
      nowMs = Number(to)
    },
    advance(byMs) {
      nowMs += byMs
    },
  }
}

/** W = now − lateness allowance, in Unix milliseconds. An interval that ends at or before W is complete. */
export function watermark(now: Date | number, latenessMs: number = dashboardLatenessMs): number {
  return Number(now) - latenessMs
}

const zoneShape = /^(UTC|[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)+)$/
const knownZones = new Map<string, boolean>()

/**
 * Whether a text names a zone of the IANA database, such as 'Europe/Paris'. Bare offsets ('+02:00') and abbreviations
 * ('CET') are refused: they carry no rule for daylight saving. 'UTC' is accepted.
 */
export function isTimeZone(text: string): boolean {
  const known = knownZones.get(text)
  if (known !== undefined) return known
  if (!zoneShape.test(text)) return false
  const valid = isKnownToIntl(text)
  // Only valid names are remembered: texts from outside must not be able to fill the memory.
  if (valid) knownZones.set(text, true)
  return valid
}

function isKnownToIntl(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Throws a RangeError for a zone that is not in the IANA database: callers validate input with `isTimeZone` first. */
export function assertTimeZone(zone: string): void {
  if (!isTimeZone(zone)) throw new RangeError(`not an IANA time zone: ${JSON.stringify(zone)}`)
}

/** Offset from UTC in force at an instant, in milliseconds, positive east of Greenwich. */
export function offsetMsAt(ts: number, zone: string): number {
  return zoned(ts, zone).offsetNanoseconds / 1e6
}

/** A stretch [start, end) in which a zone keeps one offset from UTC, milliseconds throughout. */
export type OffsetSpan = { start: number; end: number; offsetMs: number }

/** The stretches of one offset that make up [from, to), in order. Throws a RangeError on an unknown zone. */
export function offsetSpans(from: number, to: number, zone: string): OffsetSpan[] {
  assertTimeZone(zone)
  const spans: OffsetSpan[] = []
  for (let start = from; start < to; ) {
    const at = zoned(start, zone)
    const change = at.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY
    const end = Math.min(to, change)
    spans.push({ start, end, offsetMs: at.offsetNanoseconds / 1e6 })
    start = end
  }
  return spans
}

/** The date on the wall of the zone at an instant, as ISO text. */
export function localDate(ts: number, zone: string): string {
  return zoned(ts, zone).toPlainDate().toString()
}

/**
 * The first instant of a local date, as ClickHouse has it. In a zone that skips midnight this is 01:00; a date that
 * never was (Apia, 2011-12-30) starts where the next one does. Where the clock went back over midnight (St. John's,
 * 2010-11-07, from 00:01 to 23:01) the date begins at the second midnight, so that each date is one stretch of time.
 */
export function startOfLocalDate(date: string, zone: string): number {
  const day = Temporal.PlainDate.from(date)
  const first = day.toZonedDateTime(zone)
  const last = day.toPlainDateTime().toZonedDateTime(zone, { disambiguation: 'later' })
  if (last.epochMilliseconds === first.epochMilliseconds) return first.epochMilliseconds
  const before = last.subtract({ milliseconds: 1 }).toPlainDate()
  return (Temporal.PlainDate.compare(before, day) < 0 ? last : first).epochMilliseconds
}

/** The first instant of the local day that contains an instant. */
export function startOfLocalDay(ts: number, zone: string): number {
  const today = zoned(ts, zone).toPlainDate()
  const start = startOfLocalDate(today.toString(), zone)
  return start <= ts ? start : startOfLocalDate(today.subtract({ days: 1 }).toString(), zone)
}

export type WeekStart = 'monday' | 'sunday'

/** The first instant of the local week that contains an instant. */
export function startOfLocalWeek(ts: number, zone: string, weekStart: WeekStart = 'monday'): number {
  const today = zoned(ts, zone).toPlainDate()
  const daysIn = weekStart === 'monday' ? today.dayOfWeek - 1 : today.dayOfWeek % 7
  return startOfLocalDate(today.subtract({ days: daysIn }).toString(), zone)
}

/** Midnight-based hour × weekday of an instant, for "when do they write": weekday 1 = Monday … 7 = Sunday, hour 0–23. */
export function localHourOfWeek(ts: number, zone: string): { weekday: number; hour: number } {
  const at = zoned(ts, zone)
  return { weekday: at.dayOfWeek, hour: at.hour }
}

/** The wall clock at an instant: weekday 1 = Monday … 7 = Sunday, minutes since the wall's midnight. */
export function localMinuteOfDay(ts: number, zone: string): { weekday: number; minute: number } {
  const at = zoned(ts, zone)
  return { weekday: at.dayOfWeek, minute: at.hour * 60 + at.minute }
}

/** What became of a wall-clock time on its day: it exists once; it was skipped (gap); it happens twice (overlap). */
export type LocalInstant = { at: number; kind: 'exact' | 'gap' | 'overlap' }

/**
 * The instant of a wall-clock time such as '2026-03-29T02:30' (reliability.md §5). In a gap: the first valid instant
 * after it, so that 02:30 of a spring night runs at 03:00 and not at 03:30. In an overlap: the first occurrence. `kind`
 * lets the caller warn when a campaign is created. Throws a RangeError on malformed text or an unknown zone.
 */
export function instantOfLocal(local: string, zone: string): LocalInstant {
  assertTimeZone(zone)
  const wall = Temporal.PlainDateTime.from(local)
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const later = wall.toZonedDateTime(zone, { disambiguation: 'later' })
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { at: earlier.epochMilliseconds, kind: 'exact' }
  if (earlier.toPlainDateTime().equals(wall)) return { at: earlier.epochMilliseconds, kind: 'overlap' }
  // In a gap 'earlier' lies before the change and 'later' after it; the change between them is the first valid instant.
  const change = earlier.getTimeZoneTransition('next')
  if (change === null) throw new RangeError(`no change of offset after a gap in ${zone}`)
  return { at: change.epochMilliseconds, kind: 'gap' }
}

/** A wall-clock time of day, optionally only on some weekdays (1 = Monday … 7 = Sunday). */
export type LocalTimeOfDay = { hour: number; minute: number; weekdays?: readonly number[] }

/**
 * The next instant strictly after `after` at which the wall clock of the zone reaches a time of day, by the policy of
 * `instantOfLocal`. A local date that never was is passed over, so no date runs twice. Null when no weekday is allowed.
 * Throws a RangeError on an unknown zone or a time of day that is none.
 */
export function nextInstantForLocal(after: number, timeOfDay: LocalTimeOfDay, zone: string): LocalInstant | null {
  assertTimeZone(zone)
  const time = Temporal.PlainTime.from(timeOfDay, { overflow: 'reject' })
  const { weekdays } = timeOfDay
  const searchDaysMax = 15 // a week, twice over because one of its days may have been skipped, and today
  let date = zoned(after, zone).toPlainDate()
  for (let day = 0; day < searchDaysMax; day++, date = date.add({ days: 1 })) {
    if (weekdays && !weekdays.includes(date.dayOfWeek)) continue
    if (isSkippedDate(date, zone)) continue
    const found = instantOfLocal(date.toPlainDateTime(time).toString(), zone)
    if (found.at > after) return found
  }
  return null
}

function isSkippedDate(date: Temporal.PlainDate, zone: string): boolean {
  return !date.toZonedDateTime(zone).toPlainDate().equals(date)
}

function zoned(ts: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ts).toZonedDateTimeISO(zone)
}
