import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { businessClock, type HoursVersion, openIntervals, type WeeklyHours, weekdayNames } from './business-hours.ts'
import { dayMs, hourMs, minuteMs } from './time.ts'

const at = (text: string) => Date.parse(text)
const shop: HoursVersion = {
  validFrom: '2020-01-01',
  weekly: {
    mon: [
      ['09:00', '12:30'],
      ['14:00', '18:00'],
    ],
    fri: [
      ['09:00', '12:30'],
      ['14:00', '18:00'],
    ],
    sat: [['10:00', '24:00']],
    sun: [
      ['00:00', '02:00'],
      ['02:30', '05:00'],
    ],
  },
  holidays: ['2026-12-25'],
}

/** Minutes of [from, to) in which the wall clock shows an opening hour: the definition, asked of every minute. */
function naiveMinutes(versions: readonly HoursVersion[], zone: string, from: number, to: number): number {
  let open = 0
  for (let t = from; t < to; t += minuteMs) {
    const wall = Temporal.Instant.fromEpochMilliseconds(t).toZonedDateTimeISO(zone)
    const date = wall.toPlainDate().toString()
    const time = wall.toPlainTime().toString({ smallestUnit: 'minute' })
    const version = versions
      .filter((one) => one.validFrom <= date)
      .sort((a, b) => (a.validFrom < b.validFrom ? 1 : -1))[0]
    const shifts = version?.weekly[weekdayNames[wall.dayOfWeek - 1] ?? 'mon'] ?? []
    const known = version !== undefined
    const within = shifts.some(([opens, closes]) => opens <= time && time < closes)
    if (!known || (within && !version.holidays.includes(date))) open += 1
  }
  return open
}

function open(versions: HoursVersion[], from: string, to: string, zone = 'Europe/Paris'): number {
  return businessClock(openIntervals(versions, zone, at(from), at(to))).between(at(from), at(to)) / minuteMs
}

describe('business time', () => {
  test('leaves out the lunch break, the night and the weekend', () => {
    expect(open([shop], '2026-11-20T11:00:00Z', '2026-11-20T13:30:00Z')).toBe(30 + 30)
    expect(open([shop], '2026-11-20T16:50:00Z', '2026-11-21T09:10:00Z')).toBe(10 + 10)
    expect(open([shop], '2026-11-20T18:00:00Z', '2026-11-21T08:00:00Z')).toBe(0)
  })

  test('leaves out a holiday', () => {
    expect(open([shop], '2026-12-25T00:00:00Z', '2026-12-25T22:00:00Z')).toBe(0)
    expect(open([{ ...shop, holidays: [] }], '2026-12-25T00:00:00Z', '2026-12-25T22:00:00Z')).toBe(450)
  })

  test('counts a skipped hour not at all and a repeated one twice', () => {
    // Paris: on 29 March 2026 02:00 is followed by 03:00, on 25 October 03:00 by 02:00.
    expect(open([shop], '2026-03-28T23:00:00Z', '2026-03-29T10:00:00Z')).toBe(120 + 120)
    expect(open([shop], '2026-10-24T22:00:00Z', '2026-10-25T10:00:00Z')).toBe(120 + 30 + 150)
  })

  test('joins midnight', () => {
    const all = Object.fromEntries(weekdayNames.map((day) => [day, [['00:00', '24:00']]])) as WeeklyHours
    const week = openIntervals([{ ...shop, weekly: all, holidays: [] }], 'Europe/Paris', 0, 30 * dayMs)
    expect(week).toEqual([{ start: at('1970-01-01T00:00:00Z'), end: 30 * dayMs }].slice(0, week.length))
    expect(week).toHaveLength(1)
  })

  test('knows days that never were', () => {
    const always: HoursVersion = { validFrom: '2000-01-01', weekly: { fri: [['00:00', '24:00']] }, holidays: [] }
    // Apia went from Thursday 29 December 2011 straight to Saturday.
    expect(open([always], '2011-12-29T00:00:00Z', '2012-01-02T00:00:00Z', 'Pacific/Apia')).toBe(0)
  })

  test('judges every day by the hours that were valid on it', () => {
    const span = ['2026-10-01T00:00:00Z', '2026-11-01T00:00:00Z'] as const
    const before = open([shop], ...span)
    const shorter: HoursVersion = {
      validFrom: '2026-11-20',
      weekly: { mon: [['10:00', '11:00']] },
      holidays: ['2026-10-05'],
    }
    expect(open([shorter, shop], ...span)).toBe(before)
    expect(open([shorter, shop], '2026-11-20T00:00:00Z', '2026-11-27T00:00:00Z')).toBe(60)
  })

  test('counts around the clock before the first hours are known', () => {
    expect(open([], '2026-10-01T00:00:00Z', '2026-10-02T00:00:00Z')).toBe(1440)
    expect(open([shop], '2019-12-31T21:00:00Z', '2020-01-01T23:00:00Z')).toBe(120)
  })

  test('says when a promise is due', () => {
    const from = at('2026-11-20T16:50:00Z') // ten minutes before closing, on a Friday
    const clock = businessClock(openIntervals([shop], 'Europe/Paris', from, from + 4 * dayMs))
    expect(clock.after(from, 10 * minuteMs)).toBe(at('2026-11-20T17:00:00Z'))
    expect(clock.after(from, 15 * minuteMs)).toBe(at('2026-11-21T09:05:00Z'))
    expect(clock.after(from, 90 * hourMs)).toBeNull()
  })

  test('refuses what is no date, no time and no zone', () => {
    expect(() => openIntervals([{ ...shop, validFrom: 'soon' }], 'UTC', 0, dayMs)).toThrow(RangeError)
    expect(() => openIntervals([{ ...shop, weekly: { thu: [['9', '10:00']] } }], 'UTC', 0, dayMs)).toThrow(RangeError)
    expect(() => openIntervals([shop], 'Mars/Base', 0, dayMs)).toThrow(RangeError)
  })
})

const minuteOfDay = fc.integer({ min: 0, max: 96 }).map((quarter) => quarter * 15)
const clockText = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
const shifts = fc
  .uniqueArray(minuteOfDay, { minLength: 0, maxLength: 6 })
  .map((edges) => edges.sort((a, b) => a - b).map(clockText))
  .map((edges) =>
    Array.from({ length: edges.length >> 1 }, (_, i) => [edges[2 * i] ?? '', edges[2 * i + 1] ?? ''] as const),
  )
const weekly = fc.record(Object.fromEntries(weekdayNames.map((day) => [day, shifts])), { requiredKeys: [] })

/** A zone and an instant near which its clocks do something odd. */
const oddMoments = [
  ['Europe/Paris', '2026-03-29T01:00:00Z'],
  ['Europe/Paris', '2026-10-25T01:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Africa/Cairo', '2026-04-23T22:00:00Z'],
  ['America/Havana', '2026-11-01T05:00:00Z'],
  ['America/Asuncion', '2023-10-01T04:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['Asia/Kathmandu', '2026-06-01T00:00:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00:00Z'],
] as const
const localDates = (near: number) =>
  fc.integer({ min: -3, max: 3 }).map((days) => new Date(near + days * dayMs).toISOString().slice(0, 10))

const questions = fc.constantFrom(...oddMoments).chain(([zone, near]) =>
  fc.record({
    zone: fc.constant(zone),
    versions: fc.uniqueArray(
      fc.record({
        validFrom: localDates(at(near)),
        weekly,
        holidays: fc.array(localDates(at(near)), { maxLength: 2 }),
      }),
      { maxLength: 3, selector: (version) => version.validFrom },
    ),
    from: fc.integer({ min: -2160, max: 720 }).map((minutes) => at(near) + minutes * minuteMs),
    minutes: fc.integer({ min: 0, max: 2880 }),
  }),
)

test('equals asking the wall clock at every minute, over clock changes and changes of hours', () => {
  fc.assert(
    fc.property(questions, ({ zone, versions, from, minutes }) => {
      const to = from + minutes * minuteMs
      const clock = businessClock(openIntervals(versions, zone, from - dayMs, to + dayMs))
      expect(clock.between(from, to)).toBe(naiveMinutes(versions, zone, from, to) * minuteMs)
    }),
    { numRuns: 60, seed: 20_261_122 },
  )
})

test('a promise is due exactly when its time has passed', () => {
  fc.assert(
    fc.property(questions, fc.integer({ min: 1, max: 600 * minuteMs }), ({ zone, versions, from }, ms) => {
      const clock = businessClock(openIntervals(versions, zone, from - dayMs, from + 4 * dayMs))
      const due = clock.after(from, ms)
      if (due === null) expect(clock.between(from, from + 4 * dayMs)).toBeLessThan(ms)
      else {
        expect(clock.between(from, due)).toBe(ms)
        expect(clock.between(from, due - 1)).toBe(ms - 1)
      }
    }),
    { numRuns: 300, seed: 20_261_122 },
  )
})
