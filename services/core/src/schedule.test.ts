import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import {
  type CampaignSchedule,
  dueRuns,
  nextSlots,
  parseRule,
  personalInstant,
  scheduleProblem,
  slotsAfter,
} from './schedule.ts'
import { dayMs, hourMs, minuteMs } from './time.ts'

/** Both hemispheres, half hours, a half-hour clock change, a change at midnight, none at all, and a date that never was. */
const zones = [
  'Europe/Paris',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'UTC',
] as const

const scheduleOf = (startLocal: string, rule: string, zone = 'Europe/Paris'): CampaignSchedule => ({
  startLocal,
  zone,
  rule,
  inContactZone: false,
  zones: [],
})
const iso = (at: number) => new Date(at).toISOString().slice(0, 16)
const localsOf = (schedule: CampaignSchedule, limit = 10) => slotsAfter(schedule, '', limit).map((slot) => slot.local)

describe('a rule', () => {
  test('repeats by day, week and month, on the weekdays it names', () => {
    expect(localsOf(scheduleOf('2026-11-26T10:00', 'FREQ=DAILY;INTERVAL=3;COUNT=3'))).toEqual([
      '2026-11-26T10:00',
      '2026-11-29T10:00',
      '2026-12-02T10:00',
    ])
    expect(localsOf(scheduleOf('2026-11-26T10:00', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,MO;UNTIL=20261224'))).toEqual([
      '2026-11-26T10:00',
      '2026-12-07T10:00',
      '2026-12-10T10:00',
      '2026-12-21T10:00',
      '2026-12-24T10:00',
    ])
    expect(localsOf(scheduleOf('2026-01-31T10:00', 'FREQ=MONTHLY;COUNT=3'))).toEqual([
      '2026-01-31T10:00',
      '2026-03-31T10:00',
      '2026-05-31T10:00',
    ])
    expect(localsOf(scheduleOf('2026-01-31T10:00', 'FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2'))).toEqual([
      '2026-01-31T10:00',
      '2026-02-28T10:00',
    ])
    expect(localsOf(scheduleOf('2026-11-01T10:00', 'FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=4'))).toEqual([
      '2026-11-02T10:00',
      '2026-11-27T10:00',
      '2026-12-07T10:00',
      '2026-12-25T10:00',
    ])
  })

  test('is refused with a sentence when it says more than is understood, or nothing', () => {
    for (const rule of [
      'FREQ=HOURLY',
      'FREQ=DAILY;BYHOUR=3',
      'FREQ=DAILY;INTERVAL=0',
      'FREQ=DAILY;COUNT=2;UNTIL=20261231',
      'FREQ=DAILY;UNTIL=20260230',
      'FREQ=WEEKLY;BYDAY=1MO',
      'FREQ=MONTHLY;BYDAY=MO',
      'FREQ=MONTHLY;BYMONTHDAY=0',
      'FREQ=DAILY;FREQ=DAILY',
      'x',
    ])
      expect(parseRule(rule), rule).toHaveProperty('problem')
    expect(scheduleProblem(scheduleOf('2026-02-30T10:00', ''))).not.toBeNull()
    expect(scheduleProblem(scheduleOf('2026-02-28T24:00', ''))).not.toBeNull()
    expect(scheduleProblem(scheduleOf('2026-02-28T10:00', '', 'CET'))).not.toBeNull()
  })

  test('that can never come true ends quickly', () => {
    const started = performance.now()
    expect(localsOf(scheduleOf('2026-02-01T10:00', 'FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31'))).toEqual([])
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(localsOf(scheduleOf('2026-02-01T10:00', 'FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=29'), 1)).toEqual([
      '2028-02-29T10:00',
    ])
  })
})

describe('when the clocks change', () => {
  test('02:30 in spring runs once, right after the gap; 02:30 in autumn runs once, the first time', () => {
    const spring = slotsAfter(scheduleOf('2026-03-28T02:30', 'FREQ=DAILY;COUNT=3'), '', 5)
    expect(spring.map(({ at, kind }) => [iso(at), kind])).toEqual([
      ['2026-03-28T01:30', 'exact'],
      ['2026-03-29T01:00', 'gap'],
      ['2026-03-30T00:30', 'exact'],
    ])
    const autumn = slotsAfter(scheduleOf('2026-10-24T02:30', 'FREQ=DAILY;COUNT=3'), '', 5)
    expect(autumn.map(({ at, kind }) => [iso(at), kind])).toEqual([
      ['2026-10-24T00:30', 'exact'],
      ['2026-10-25T00:30', 'overlap'],
      ['2026-10-26T01:30', 'exact'],
    ])
  })

  test('a date that never was has no run', () => {
    expect(localsOf(scheduleOf('2011-12-29T10:00', 'FREQ=DAILY;COUNT=3', 'Pacific/Apia'))).toEqual([
      '2011-12-29T10:00',
      '2011-12-31T10:00',
      '2012-01-01T10:00',
    ])
  })
})

const rules = fc
  .record({
    frequency: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY'),
    interval: fc.integer({ min: 1, max: 4 }),
    days: fc.uniqueArray(fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'), { maxLength: 3 }),
    monthDay: fc.constantFrom(null, -1, 1, 15, 29, 30, 31),
  })
  .map(({ frequency, interval, days, monthDay }) => ({
    frequency,
    interval,
    days: frequency === 'MONTHLY' ? [] : days,
    monthDay: frequency === 'MONTHLY' ? monthDay : null,
  }))
type DrawnRule = typeof rules extends fc.Arbitrary<infer T> ? T : never

const textOf = ({ frequency, interval, days, monthDay }: DrawnRule) =>
  [
    `FREQ=${frequency}`,
    `INTERVAL=${interval}`,
    ...(days.length > 0 ? [`BYDAY=${days.join(',')}`] : []),
    ...(monthDay === null ? [] : [`BYMONTHDAY=${monthDay}`]),
  ].join(';')

/** The same rule asked of every single date of a stretch. */
function naiveDates(start: string, rule: DrawnRule, days: number): string[] {
  const first = Temporal.PlainDate.from(start)
  const monday = first.subtract({ days: first.dayOfWeek - 1 })
  const words = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
  return Array.from({ length: days }, (_, n) => first.add({ days: n }))
    .filter((date) => {
      const word = words[date.dayOfWeek - 1] ?? ''
      if (rule.frequency === 'DAILY')
        return (
          first.until(date).days % rule.interval === 0 &&
          (rule.days.length === 0 || rule.days.some((day) => day === word))
        )
      if (rule.frequency === 'WEEKLY') {
        const weeks = Math.floor(monday.until(date, { largestUnit: 'days' }).days / 7)
        const wanted =
          rule.days.length === 0 ? date.dayOfWeek === first.dayOfWeek : rule.days.some((day) => day === word)
        return weeks % rule.interval === 0 && wanted
      }
      const months = (date.year - first.year) * 12 + date.month - first.month
      const day = rule.monthDay ?? first.day
      return months % rule.interval === 0 && date.day === (day === -1 ? date.daysInMonth : day)
    })
    .map((date) => date.toString())
}

const starts = fc
  .record({ day: fc.integer({ min: 0, max: 700 }), minute: fc.integer({ min: 0, max: 1439 }) })
  .map(({ day, minute }) => new Date(Date.UTC(2025, 0, 1) + day * dayMs + minute * minuteMs).toISOString().slice(0, 16))

test('3 000 rules over 11 zones: the dates a person would find by hand, each instant later than the one before, none twice', () => {
  fc.assert(
    fc.property(rules, starts, fc.constantFrom(...zones), (rule, start, zone) => {
      const schedule = scheduleOf(start, textOf(rule), zone)
      const expected = naiveDates(start.slice(0, 10), rule, 100)
      const slots = slotsAfter(schedule, '', expected.length)
      expect(slots.map((slot) => slot.local)).toEqual(expected.map((date) => `${date}T${start.slice(11)}`))
      for (const [index, slot] of slots.entries())
        if (index > 0) expect(slot.at).toBeGreaterThan(slots[index - 1]?.at ?? 0)
      // Asked from the middle on, the rest is the same: nothing depends on where one starts looking.
      const middle = slots[Math.floor(slots.length / 2)]
      if (!middle) return
      const rest = slots.slice(Math.floor(slots.length / 2) + 1)
      expect(slotsAfter(schedule, middle.local, rest.length)).toEqual(rest)
      expect(nextSlots(schedule, middle.at, rest.length)).toEqual(rest)
    }),
    { numRuns: 3_000 },
  )
}, 120_000)

test('a year in 11 zones with restarts and downtimes: due = done + missed, and no run twice', () => {
  fc.assert(
    fc.property(
      rules,
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 1439 }),
      fc.array(fc.integer({ min: 37, max: 20 * 24 * 60 }), { minLength: 30, maxLength: 60 }),
      (rule, zone, minute, pauses) => {
        const year = Date.UTC(2026, 0, 1)
        const end = year + 365 * dayMs
        const start = new Date(year + minute * minuteMs).toISOString().slice(0, 16)
        const schedule = scheduleOf(start, textOf(rule), zone)
        const done: string[] = []
        const missed: string[] = []
        let last = ''
        let now = year - dayMs
        // Every wake-up is another process: all it knows is the wall-clock time of the last run.
        for (let wake = 0; now < end; wake++) {
          now = Math.min(end, now + (pauses[wake % pauses.length] ?? 37) * minuteMs)
          for (let more = true; more; ) {
            const runs = dueRuns(schedule, last, now, 7)
            missed.push(...runs.missed.map((slot) => slot.local))
            if (runs.latest) (now - runs.latest.at <= hourMs ? done : missed).push(runs.latest.local)
            last = (runs.latest ?? runs.missed.at(-1))?.local ?? last
            more = runs.next !== null && runs.next.at <= now
          }
        }
        const due = slotsAfter(schedule, '', 400).filter((slot) => slot.at <= end)
        expect([...done, ...missed].sort()).toEqual(due.map((slot) => slot.local))
      },
    ),
    { numRuns: 60 },
  )
}, 120_000)

describe('in each person’s own time', () => {
  const own: CampaignSchedule = {
    ...scheduleOf('2026-11-26T10:00', ''),
    inContactZone: true,
    zones: ['Pacific/Auckland', 'America/New_York'],
  }

  test('the run is due in the earliest zone, and everybody gets it at that time of their day', () => {
    const [slot] = slotsAfter(own, '', 1)
    expect(iso(slot?.at ?? 0)).toBe('2026-11-25T21:00')
    const at = slot?.at ?? 0
    expect(iso(personalInstant(own.startLocal, 'Pacific/Auckland', at, hourMs))).toBe('2026-11-25T21:00')
    expect(iso(personalInstant(own.startLocal, 'Europe/Paris', at, hourMs))).toBe('2026-11-26T09:00')
    expect(iso(personalInstant(own.startLocal, 'America/New_York', at, hourMs))).toBe('2026-11-26T15:00')
  })

  test('whose time has passed when it starts gets it the next day, never earlier than an hour ago and never later than a day on', () => {
    const local = '2026-11-26T10:00'
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: -60, max: 400 * 24 * 60 }), (zone, minutes) => {
        const now = Date.UTC(2026, 10, 26) + minutes * minuteMs
        const at = personalInstant(local, zone, now, hourMs)
        expect(at).toBeGreaterThanOrEqual(now - hourMs)
        const firstDay = Date.UTC(2026, 10, 26) + 36 * hourMs
        expect(at).toBeLessThanOrEqual(Math.max(firstDay, now + 25 * hourMs))
      }),
      { numRuns: 500 },
    )
  })
})
