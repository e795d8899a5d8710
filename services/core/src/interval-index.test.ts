import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Calendar,
  cellState,
  type Grain,
  indexOfLocalDate,
  intervalDate,
  intervalIndex,
  intervalOf,
  supportsHourGrain,
} from './interval-index.ts'
import { dayMs, hourMs, localDate } from './time.ts'

const at = (text: string) => Date.parse(text)
const in_ = (zone: string, weekStart: Calendar['weekStart'] = 'monday'): Calendar => ({ zone, weekStart })
const zones = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'America/St_Johns',
  'Pacific/Apia',
  'Africa/Cairo',
  'Asia/Beirut',
  'America/Asuncion',
  'America/Havana',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
]
const instant = fc.integer({ min: at('2010-01-01T00:00Z'), max: at('2035-01-01T00:00Z') })

describe('the index, as ClickHouse computes it', () => {
  // Each expected value was computed by the expressions of measures.md §1 in ClickHouse 26.7.
  it.each([
    ['Europe/Paris', '2026-03-29T00:59:59.999Z', 'hour', 492984],
    ['Europe/Paris', '2026-03-29T01:00:00Z', 'hour', 492985],
    ['Asia/Kolkata', '2026-03-29T00:29:59Z', 'hour', 492983],
    ['Asia/Kolkata', '2026-03-29T00:30:00Z', 'hour', 492984],
    ['Europe/Paris', '2026-11-22T22:59:59.999Z', 'day', 20779],
    ['Europe/Paris', '2026-11-22T23:00:00Z', 'day', 20780],
    ['Europe/Paris', '2026-11-22T23:00:00Z', 'week', 2968],
    ['Europe/Paris', '2026-11-22T22:59:59Z', 'week', 2967],
    ['Europe/Paris', '2026-11-30T23:00:00Z', 'month', 24324],
    ['Pacific/Apia', '2011-12-30T09:59:59Z', 'day', 15337],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', 'day', 15339],
    ['America/St_Johns', '2010-11-07T03:29:59Z', 'day', 14919],
    ['America/St_Johns', '2010-11-07T03:30:00Z', 'day', 14920],
  ] as [string, string, Grain, number][])('%s %s %s = %i', (zone, ts, grain, index) => {
    expect(intervalIndex(at(ts), grain, in_(zone))).toBe(index)
  })

  it('begins weeks on Sunday where told to', () => {
    const sunday = at('2026-11-22T12:00:00Z')
    expect(intervalIndex(sunday, 'week', in_('UTC', 'sunday'))).toBe(2968)
    expect(intervalIndex(sunday - dayMs, 'week', in_('UTC', 'sunday'))).toBe(2967)
  })
})

describe('the inverse', () => {
  it('holds the instant, and only its own', () => {
    const grain = fc.constantFrom<Grain>('hour', 'day', 'week', 'month')
    const weekStart = fc.constantFrom<Calendar['weekStart']>('monday', 'sunday')
    fc.assert(
      fc.property(instant, grain, fc.constantFrom(...zones), weekStart, (ts, grain, zone, weekStart) => {
        fc.pre(grain !== 'hour' || supportsHourGrain(zone))
        const calendar = in_(zone, weekStart)
        const index = intervalIndex(ts, grain, calendar)
        const { start, end } = intervalOf(index, grain, calendar)
        expect(start).toBeLessThanOrEqual(ts)
        expect(end).toBeGreaterThan(ts)
        expect(intervalIndex(start, grain, calendar)).toBe(index)
        expect(intervalIndex(end - 1, grain, calendar)).toBe(index)
        expect(intervalIndex(end, grain, calendar)).toBeGreaterThan(index)
      }),
      { numRuns: 1000 },
    )
  })

  it('labels days, weeks and months with the local date they begin on', () => {
    const grain = fc.constantFrom('day' as const, 'week' as const, 'month' as const)
    fc.assert(
      fc.property(instant, grain, fc.constantFrom(...zones), (ts, grain, zone) => {
        const index = intervalIndex(ts, grain, in_(zone))
        const label = intervalDate(index, grain, in_(zone))
        expect(indexOfLocalDate(label, grain, in_(zone))).toBe(index)
        expect(localDate(intervalOf(index, grain, in_(zone)).start, zone)).toBe(label)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['Europe/Paris', '2026-03-29', 23],
    ['Europe/Paris', '2026-10-25', 25],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['Africa/Cairo', '2024-04-26', 23],
    ['America/Havana', '2024-11-03', 25],
    ['Pacific/Apia', '2011-12-30', 0],
    ['America/St_Johns', '2010-11-06', 25],
  ])('%s %s has %d hours', (zone, date, hours) => {
    const { start, end } = intervalOf(indexOfLocalDate(date, 'day', in_(zone)), 'day', in_(zone))
    expect((end - start) / hourMs).toBe(hours)
  })
})

describe('hour charts', () => {
  it('are refused where hours of the wall clock are not whole', () => {
    expect(zones.filter((zone) => !supportsHourGrain(zone))).toEqual(['Australia/Lord_Howe'])
    expect(supportsHourGrain('America/Caracas')).toBe(false)
    expect(() => intervalIndex(0, 'hour', in_('Australia/Lord_Howe'))).toThrow(RangeError)
  })
  it('separate the two 02:30 of an autumn night', () => {
    const first = intervalIndex(at('2026-10-25T00:30:00Z'), 'hour', in_('Europe/Paris'))
    expect(intervalIndex(at('2026-10-25T01:30:00Z'), 'hour', in_('Europe/Paris'))).toBe(first + 1)
  })
})

describe('the state of a cell', () => {
  const clock = { now: 1000, watermark: 900 }
  it.each([
    [800, 900, 'complete'],
    [800, 901, 'provisional'],
    [950, 980, 'provisional'],
    [1000, 1100, 'provisional'],
    [1001, 1100, 'not_yet'],
  ] as const)('[%i, %i) is %s', (start, end, state) => {
    expect(cellState({ start, end }, clock)).toBe(state)
  })
})

it('refuses a zone that is none', () => {
  expect(() => intervalIndex(0, 'day', in_('Nowhere/Land'))).toThrow(RangeError)
})
