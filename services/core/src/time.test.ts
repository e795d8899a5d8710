import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  dayMs,
  hourMs,
  instantOfLocal,
  isTimeZone,
  localDate,
  localHourOfWeek,
  manualClock,
  minuteMs,
  nextInstantForLocal,
  offsetMsAt,
  settledLatenessMs,
  startOfLocalDate,
  startOfLocalDay,
  startOfLocalWeek,
  watermark,
} from './time.ts'

const iso = (ts: number) => new Date(ts).toISOString()
const at = (text: string) => Date.parse(text)
const zones = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Pacific/Apia',
]

describe('clock', () => {
  it('stands still, advances and jumps', () => {
    const clock = manualClock(at('2026-11-22T10:00:00Z'))
    expect(iso(clock.now().getTime())).toBe('2026-11-22T10:00:00.000Z')
    clock.advance(90 * minuteMs)
    expect(iso(clock.now().getTime())).toBe('2026-11-22T11:30:00.000Z')
    clock.set(new Date('2026-11-20T00:00:00Z'))
    expect(iso(clock.now().getTime())).toBe('2026-11-20T00:00:00.000Z')
  })

  it('hands out dates that cannot move it', () => {
    const clock = manualClock(0)
    clock.now().setTime(5)
    expect(clock.now().getTime()).toBe(0)
  })

  it('puts the watermark the allowance behind now', () => {
    expect(watermark(new Date(hourMs))).toBe(50 * minuteMs)
    expect(watermark(9 * dayMs, settledLatenessMs)).toBe(dayMs)
  })
})

describe('zones', () => {
  it.each(['Europe/Paris', 'America/Argentina/Buenos_Aires', 'Asia/Kathmandu', 'UTC', 'Etc/GMT+5'])(
    'knows %s',
    (zone) => {
      expect(isTimeZone(zone)).toBe(true)
    },
  )
  it.each(['', '+02:00', 'CET', 'Europe/Lutetia', 'europe', "Europe/Paris'; drop table x", 'Mars/Base/Camp'])(
    'refuses %s',
    (zone) => {
      expect(isTimeZone(zone)).toBe(false)
    },
  )
  it('refuses to compute in a zone that is none', () => {
    expect(() => instantOfLocal('2026-01-01T00:00', 'Nowhere/Land')).toThrow(RangeError)
    expect(() => nextInstantForLocal(0, { hour: 9, minute: 0 }, 'Nowhere/Land')).toThrow(RangeError)
  })
})

describe('local days and weeks', () => {
  it.each([
    ['Africa/Cairo', '2024-04-26', '2024-04-25T22:00:00.000Z', 'midnight skipped: begins at 01:00'],
    ['Asia/Beirut', '2024-03-31', '2024-03-30T22:00:00.000Z', 'midnight skipped'],
    ['America/Asuncion', '2023-10-01', '2023-10-01T04:00:00.000Z', 'midnight skipped'],
    ['America/Havana', '2024-03-10', '2024-03-10T05:00:00.000Z', 'midnight skipped'],
    ['America/Havana', '2024-11-03', '2024-11-03T04:00:00.000Z', 'midnight twice on one date: the first'],
    ['America/St_Johns', '2010-11-07', '2010-11-07T03:30:00.000Z', 'clock back over midnight: the second'],
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z', 'a date that never was'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z', 'the date after it'],
    ['Europe/Paris', '2026-11-22', '2026-11-21T23:00:00.000Z', 'an ordinary day'],
  ])('%s %s begins at %s (%s)', (zone, date, start) => {
    expect(iso(startOfLocalDate(date, zone))).toBe(start)
  })

  it('starts weeks on Monday or Sunday', () => {
    const sunday = at('2026-11-22T12:00:00Z')
    expect(iso(startOfLocalWeek(sunday, 'Europe/Paris'))).toBe('2026-11-15T23:00:00.000Z')
    expect(iso(startOfLocalWeek(sunday, 'Europe/Paris', 'sunday'))).toBe('2026-11-21T23:00:00.000Z')
    expect(localHourOfWeek(sunday, 'Europe/Paris')).toEqual({ weekday: 7, hour: 13 })
  })

  it('contains every instant in its own day, which began on its date', () => {
    const instant = fc.integer({ min: at('2010-01-01T00:00Z'), max: at('2035-01-01T00:00Z') })
    fc.assert(
      fc.property(instant, fc.constantFrom(...zones), (ts, zone) => {
        const start = startOfLocalDay(ts, zone)
        expect(start).toBeLessThanOrEqual(ts)
        expect(ts - start).toBeLessThan(25 * hourMs)
        expect(localDate(start, zone)).toBe(localDate(ts, zone))
        expect(localDate(start - 1, zone) < localDate(start, zone)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the instant of a wall-clock time', () => {
  it('is exact on an ordinary day', () => {
    expect(instantOfLocal('2026-11-26T10:00', 'Europe/Paris')).toEqual({
      at: at('2026-11-26T09:00:00Z'),
      kind: 'exact',
    })
  })
  it('in a gap is the first valid instant after it', () => {
    expect(instantOfLocal('2026-03-29T02:30', 'Europe/Paris')).toEqual({ at: at('2026-03-29T01:00:00Z'), kind: 'gap' })
    expect(instantOfLocal('2026-10-04T02:10', 'Australia/Lord_Howe')).toEqual({
      at: at('2026-10-03T15:30:00Z'),
      kind: 'gap',
    })
    expect(instantOfLocal('2011-12-30T10:00', 'Pacific/Apia')).toEqual({ at: at('2011-12-30T10:00:00Z'), kind: 'gap' })
  })
  it('at the edges of a gap: its start is in it, its end is not', () => {
    expect(instantOfLocal('2026-03-29T02:00', 'Europe/Paris').kind).toBe('gap')
    expect(instantOfLocal('2026-03-29T03:00', 'Europe/Paris')).toEqual({
      at: at('2026-03-29T01:00:00Z'),
      kind: 'exact',
    })
  })
  it('in an overlap is the first occurrence', () => {
    expect(instantOfLocal('2026-10-25T02:30', 'Europe/Paris')).toEqual({
      at: at('2026-10-25T00:30:00Z'),
      kind: 'overlap',
    })
    expect(instantOfLocal('2026-10-25T03:00', 'Europe/Paris').kind).toBe('exact')
  })
  it('gives back the wall clock, except in a gap', () => {
    const instant = fc.integer({ min: at('2010-01-01T00:00Z') / minuteMs, max: at('2035-01-01T00:00Z') / minuteMs })
    fc.assert(
      fc.property(instant, fc.constantFrom(...zones), (minutes, zone) => {
        const wall = new Date(minutes * minuteMs).toISOString().slice(0, 16)
        const found = instantOfLocal(wall, zone)
        const back = new Date(found.at + offsetMsAt(found.at, zone)).toISOString().slice(0, 16)
        if (found.kind === 'gap') expect(back > wall).toBe(true)
        else expect(back).toBe(wall)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the next time of day', () => {
  it('is strictly after', () => {
    const nine = at('2026-11-23T08:00:00Z')
    expect(nextInstantForLocal(nine - 1, { hour: 9, minute: 0 }, 'Europe/Paris')?.at).toBe(nine)
    expect(nextInstantForLocal(nine, { hour: 9, minute: 0 }, 'Europe/Paris')?.at).toBe(nine + dayMs)
  })
  it('keeps to weekdays', () => {
    const thursday = nextInstantForLocal(
      at('2026-11-22T12:00:00Z'),
      { hour: 10, minute: 0, weekdays: [4] },
      'Europe/Paris',
    )
    expect(iso(thursday?.at ?? 0)).toBe('2026-11-26T09:00:00.000Z')
    expect(nextInstantForLocal(0, { hour: 10, minute: 0, weekdays: [] }, 'Europe/Paris')).toBeNull()
  })
  it('passes over a date that never was', () => {
    const after = at('2011-12-30T09:30:00Z') // 23:30 of the 29th
    expect(iso(nextInstantForLocal(after, { hour: 10, minute: 0 }, 'Pacific/Apia')?.at ?? 0)).toBe(
      '2011-12-30T20:00:00.000Z',
    )
  })
  it('refuses a time of day that is none', () => {
    expect(() => nextInstantForLocal(0, { hour: 24, minute: 0 }, 'Europe/Paris')).toThrow(RangeError)
  })
  it('runs on increasing instants, never twice on one date', () => {
    const start = fc.integer({ min: at('2011-12-20T00:00Z'), max: at('2030-01-01T00:00Z') })
    const time = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) })
    fc.assert(
      fc.property(start, time, fc.constantFrom(...zones), (from, timeOfDay, zone) => {
        let previous = from
        const dates = new Set<string>()
        for (let run = 0; run < 12; run++) {
          const next = nextInstantForLocal(previous, timeOfDay, zone)
          expect(next).not.toBeNull()
          if (next === null) return
          expect(next.at).toBeGreaterThan(previous)
          const date = localDate(next.at, zone)
          expect(dates.has(date)).toBe(false)
          dates.add(date)
          previous = next.at
        }
      }),
      { numRuns: 100 },
    )
  })
})
