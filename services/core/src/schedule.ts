/**
 * When a campaign runs: a wall-clock time in a zone, once or by a rule, and the runs that follow from it. A rule is a
 * small exact part of RFC 5545: FREQ=DAILY|WEEKLY|MONTHLY with INTERVAL, BYDAY, BYMONTHDAY, UNTIL (a local date) or COUNT.
 *
 * One rule for clock changes (`instantOfLocal`): a time the clock skips runs at the first instant after the gap, a time
 * it shows twice runs the first time; so each date of a rule is exactly one run. Sheets: reliability.md §5, features.md 5.2.
 */
import { Temporal } from 'temporal-polyfill'
import { hourMs, instantOfLocal, isTimeZone, type LocalInstant, localDate } from './time.ts'

/** Column `campaigns.schedule`. */
export type CampaignSchedule = {
  /** Wall-clock time of the first run, '2026-11-26T10:00'. */
  startLocal: string
  /** The zone that wall stands in: the business's when it was scheduled. */
  zone: string
  /** RRULE without its name, '' for once. */
  rule: string
  /** Everybody at that time of their own day; `zones` are the zones people were known to live in when it was scheduled. */
  inContactZone: boolean
  zones: readonly string[]
}

/** One run: its wall-clock time names it for ever, `at` is when it is due (with several zones: in the earliest). */
export type Slot = LocalInstant & { local: string }

export const misfirePolicies = ['ask', 'skip', 'send'] as const
/** What becomes of a run that was due while nobody could run it: a person is asked, it is left out, or it goes out late. */
export type MisfirePolicy = (typeof misfirePolicies)[number]

const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY'] as const
const weekdayWords = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export const intervalMax = 100
export const countMax = 1_000
/** Periods without a date (31 February, every year) after which a rule is taken for impossible. */
const emptyPeriodsMax = 500

type Weekday = { weekday: number; nth: number | null }
export type RecurrenceRule = {
  frequency: (typeof frequencies)[number]
  interval: number
  byDay: readonly Weekday[]
  /** Day of the month, -1 for the last one; null: that of the start. */
  byMonthDay: number | null
  /** Last local date, inclusive. */
  until: string | null
  count: number | null
}

/** Reads a rule. A problem is a sentence for whoever wrote it. */
export function parseRule(text: string): { rule: RecurrenceRule } | { problem: string } {
  const parts = new Map<string, string>()
  for (const part of text.trim().split(';')) {
    const [name = '', value = ''] = part.split('=')
    if (value === '' || parts.has(name)) return { problem: `The rule cannot be read at ${JSON.stringify(part)}.` }
    parts.set(name, value)
  }
  const known = new Set(['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'UNTIL', 'COUNT'])
  const foreign = [...parts.keys()].find((name) => !known.has(name))
  if (foreign !== undefined) return { problem: `${foreign} is not part of a rule here.` }
  const frequency = frequencies.find((each) => each === parts.get('FREQ'))
  if (!frequency) return { problem: 'A rule repeats DAILY, WEEKLY or MONTHLY.' }
  const interval = wholeNumber(parts.get('INTERVAL') ?? '1', 1, intervalMax)
  if (interval === null) return { problem: `INTERVAL must be a whole number from 1 to ${intervalMax}.` }
  const count = parts.has('COUNT') ? wholeNumber(parts.get('COUNT') ?? '', 1, countMax) : undefined
  if (count === null) return { problem: `COUNT must be a whole number from 1 to ${countMax}.` }
  const until = parts.has('UNTIL') ? dateOf(parts.get('UNTIL') ?? '') : undefined
  if (until === null) return { problem: 'UNTIL must be a date such as 20261231.' }
  if (count !== undefined && until !== undefined) return { problem: 'A rule ends by COUNT or by UNTIL, not by both.' }
  const byDay = parts.has('BYDAY') ? weekdaysOf(parts.get('BYDAY') ?? '', frequency) : []
  if (byDay === null) return { problem: 'BYDAY must name weekdays such as MO,TH, or 1MO and -1FR in a monthly rule.' }
  const byMonthDay = parts.has('BYMONTHDAY') ? monthDayOf(parts.get('BYMONTHDAY') ?? '') : null
  if (byMonthDay === undefined || (byMonthDay !== null && (frequency !== 'MONTHLY' || byDay.length > 0)))
    return { problem: 'BYMONTHDAY must be one day from 1 to 31, or -1, in a monthly rule without BYDAY.' }
  return { rule: { frequency, interval, byDay, byMonthDay, until: until ?? null, count: count ?? null } }
}

function wholeNumber(text: string, min: number, max: number): number | null {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  return value >= min && value <= max ? value : null
}

function dateOf(text: string): string | null {
  const found = /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (!found) return null
  const date = `${found[1]}-${found[2]}-${found[3]}`
  return isDate(date) ? date : null
}

function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

function monthDayOf(text: string): number | undefined {
  return text === '-1' ? -1 : (wholeNumber(text, 1, 31) ?? undefined)
}

function weekdaysOf(text: string, frequency: RecurrenceRule['frequency']): Weekday[] | null {
  const days: Weekday[] = []
  for (const word of text.split(',')) {
    const found = /^(-1|[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/.exec(word)
    const nth = found?.[1] === undefined ? null : Number(found[1])
    // Only a month has a first Monday, and a month without one would mean every Monday: weekly says that better.
    if (!found || (nth === null) === (frequency === 'MONTHLY')) return null
    days.push({ weekday: weekdayWords.indexOf(found[2] as (typeof weekdayWords)[number]) + 1, nth })
  }
  return days
}

/** What is wrong with a schedule from outside, as a sentence; null: nothing. */
export function scheduleProblem(schedule: Pick<CampaignSchedule, 'startLocal' | 'zone' | 'rule'>): string | null {
  if (!isTimeZone(schedule.zone)) return 'There is no such time zone.'
  const found = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d$/.exec(schedule.startLocal)
  if (!found || !isDate(found[1] ?? '')) return 'A start is a local date and time such as 2026-11-26T10:00.'
  if (schedule.rule === '') return null
  const parsed = parseRule(schedule.rule)
  return 'problem' in parsed ? parsed.problem : null
}

/**
 * Runs after a wall-clock time (exclusive, '' for all), in order, at most `limit`. Wall-clock times and their instants
 * both rise strictly. A date the zone never had (Apia, 2011-12-30) has no run. @throws on a schedule with a problem.
 */
export function slotsAfter(schedule: CampaignSchedule, afterLocal: string, limit: number): Slot[] {
  return taken(schedule, afterLocal, limit, (slot) => slot.local > afterLocal)
}

/** Runs that are due after an instant (exclusive), in order, at most `limit`. */
export function nextSlots(schedule: CampaignSchedule, after: number, limit: number): Slot[] {
  // Zones lie at most 26 hours apart: from two days before on, no run is overlooked.
  const from = `${localDate(after - 48 * hourMs, schedule.zone)}T00:00`
  return taken(schedule, from, limit, (slot) => slot.at > after)
}

function taken(schedule: CampaignSchedule, from: string, limit: number, wanted: (slot: Slot) => boolean): Slot[] {
  const slots: Slot[] = []
  for (const local of localTimes(schedule, from)) {
    if (slots.length >= limit) break
    const slot = slotOf(schedule, local)
    if (wanted(slot)) slots.push(slot)
  }
  return slots
}

function slotOf(schedule: CampaignSchedule, local: string): Slot {
  const here = { ...instantOfLocal(local, schedule.zone), local }
  if (!schedule.inContactZone) return here
  const instants = schedule.zones.map((zone) => instantOfLocal(local, zone).at)
  return { ...here, at: Math.min(here.at, ...instants) }
}

/** Wall-clock times of a rule that exist as dates. Starts shortly before `from` where nothing has to be counted. */
function* localTimes(schedule: CampaignSchedule, from: string): Generator<string> {
  const start = Temporal.PlainDateTime.from(schedule.startLocal)
  const time = schedule.startLocal.slice(11)
  if (schedule.rule === '') {
    yield schedule.startLocal
    return
  }
  const parsed = parseRule(schedule.rule)
  if ('problem' in parsed) throw new RangeError(parsed.problem)
  const { rule } = parsed
  const first = start.toPlainDate()
  const mayJump = rule.count === null && from !== ''
  let period = mayJump ? periodBefore(rule, first, Temporal.PlainDate.from(from.slice(0, 10))) : 0
  let counted = 0
  for (let empty = 0; empty < emptyPeriodsMax; period++, empty++) {
    for (const date of datesOf(rule, first, period)) {
      const text = date.toString()
      if (rule.until !== null && text > rule.until) return
      if (Temporal.PlainDate.compare(date, first) < 0 || isSkipped(date, schedule.zone)) continue
      if (rule.count !== null && ++counted > rule.count) return
      empty = 0
      yield `${text}T${time}`
    }
  }
}

function isSkipped(date: Temporal.PlainDate, zone: string): boolean {
  return !date.toZonedDateTime(zone).toPlainDate().equals(date)
}

/** A period that surely ends before `from`. */
function periodBefore(rule: RecurrenceRule, first: Temporal.PlainDate, from: Temporal.PlainDate): number {
  const days = first.until(from, { largestUnit: 'days' }).days
  const periodDays = { DAILY: 1, WEEKLY: 7, MONTHLY: 31 }[rule.frequency] * rule.interval
  return Math.max(0, Math.floor(days / periodDays) - 2)
}

/** The dates of the n-th day, week (from its Monday) or month of a rule, in order. */
function datesOf(rule: RecurrenceRule, first: Temporal.PlainDate, period: number): Temporal.PlainDate[] {
  const step = period * rule.interval
  const weekdays = rule.byDay.map((day) => day.weekday)
  if (rule.frequency === 'DAILY') {
    const date = first.add({ days: step })
    return weekdays.length === 0 || weekdays.includes(date.dayOfWeek) ? [date] : []
  }
  if (rule.frequency === 'WEEKLY') {
    const monday = first.subtract({ days: first.dayOfWeek - 1 }).add({ weeks: step })
    const wanted = weekdays.length === 0 ? [first.dayOfWeek] : [...new Set(weekdays)].sort((a, b) => a - b)
    return wanted.map((weekday) => monday.add({ days: weekday - 1 }))
  }
  const month = first.with({ day: 1 }).add({ months: step })
  if (rule.byDay.length === 0) {
    const day = rule.byMonthDay ?? first.day
    if (day === -1) return [month.with({ day: month.daysInMonth })]
    return day <= month.daysInMonth ? [month.with({ day })] : []
  }
  const dates = rule.byDay.flatMap((day) => nthWeekday(month, day))
  return [...new Map(dates.map((date) => [date.toString(), date])).values()].sort(Temporal.PlainDate.compare)
}

function nthWeekday(month: Temporal.PlainDate, { weekday, nth }: Weekday): Temporal.PlainDate[] {
  const offset = (weekday - month.dayOfWeek + 7) % 7
  const days = Array.from({ length: 5 }, (_, week) => 1 + offset + 7 * week).filter((day) => day <= month.daysInMonth)
  const day = days.at(nth === -1 ? -1 : (nth ?? 1) - 1)
  return day === undefined ? [] : [month.with({ day })]
}

export type DueRuns = {
  /** Over before the next one was due: only one may still go out, or people would get several at once. */
  missed: Slot[]
  latest: Slot | null
  /** The first one that is not due; null when the rule has ended. */
  next: Slot | null
}

/** What has come due after a wall-clock time up to `now`; `atMost` of them at once, the others the next time. */
export function dueRuns(schedule: CampaignSchedule, afterLocal: string, now: number, atMost: number): DueRuns {
  const due: Slot[] = []
  for (const local of localTimes(schedule, afterLocal)) {
    if (local <= afterLocal) continue
    const slot = slotOf(schedule, local)
    const isDue = slot.at <= now
    // One more than asked for is looked at: whether the last one is over shows in the one behind it.
    if (isDue && due.length < atMost) due.push(slot)
    else return { missed: isDue ? due : due.slice(0, -1), latest: isDue ? null : (due.at(-1) ?? null), next: slot }
  }
  return { missed: due.slice(0, -1), latest: due.at(-1) ?? null, next: null }
}

/**
 * When a person gets a message that is due at a wall-clock time of their own day. Whose time passed more than the start
 * deadline before `now` gets it at the same time of their next day: nobody is skipped because others live further west.
 */
export function personalInstant(local: string, zone: string, now: number, deadlineMs: number): number {
  const wall = Temporal.PlainDateTime.from(local)
  for (let day = 0; ; day++) {
    const { at } = instantOfLocal(wall.add({ days: day }).toString(), zone)
    if (at >= now - deadlineMs) return at
    if (day === 0) day = Math.max(0, Math.floor((now - at) / (24 * hourMs)) - 2)
  }
}
