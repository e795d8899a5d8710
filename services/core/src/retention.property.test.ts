import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Calendar, intervalIndex } from './interval-index.ts'
import {
  type CohortEntry,
  type RetentionContact,
  type RetentionDefinition,
  type RetentionRow,
  type ReturnRule,
  retentionMatrix,
  rollingMs,
} from './retention.ts'
import { dayMs } from './time.ts'

const later = { now: Date.parse('2027-02-01T00:00:00Z') }
const numbers = (matrix: RetentionRow[]) => matrix.map((row) => row.cells.map((cell) => cell.n))

/** The statement of measures.md §2, stage by stage: an independent way to the same counts. */
function byStatement(contacts: readonly RetentionContact[], definition: RetentionDefinition): number[][] {
  const { first, last, columns, entry, return: rule, minOccurrences = 1 } = definition
  const ix = (ts: number) => intervalIndex(ts, definition.period, definition.calendar)
  const counts = Array.from({ length: last - first + 1 }, () => new Array<number>(columns).fill(0))
  for (const { starts, returns } of contacts) {
    const perInterval = new Map<number, { rt: number; t0: number; tn: number }>()
    const row = (i: number) => {
      const found = perInterval.get(i) ?? { rt: 0, t0: Infinity, tn: Infinity }
      perInterval.set(i, found)
      return found
    }
    for (const { ts, matches } of starts) {
      const interval = row(ix(ts))
      interval.tn = Math.min(interval.tn, ts)
      if (matches) interval.t0 = Math.min(interval.t0, ts)
    }
    for (const ts of returns) row(ix(ts)).rt += 1
    const intervals = [...perInterval]
    const t0 = Math.min(...intervals.map(([, interval]) => interval.t0))
    const tn = Math.min(...intervals.map(([, interval]) => interval.tn))
    const matching = intervals.filter(([, interval]) => interval.t0 < Infinity)
    const entered =
      entry === 'recurring'
        ? matching
        : matching.filter(([, interval]) => interval.t0 === t0 && (entry === 'first_matching' || t0 === tn))
    const rets = intervals.filter(([, interval]) => interval.rt >= minOccurrences).map(([i]) => i)
    const windowsAfter = (all: typeof intervals, c: number) => {
      const anchor = all.find(([i]) => i === c)?.[1].t0 ?? 0
      const counted = new Map<number, number>()
      for (const ts of returns) {
        const window = Math.floor((ts - anchor) / rollingMs[definition.period])
        counted.set(window, (counted.get(window) ?? 0) + 1)
      }
      return [...counted].filter(([, times]) => times >= minOccurrences).map(([window]) => window)
    }
    for (const [c] of entered) {
      if (c < first || c > last) continue
      const ks = new Set([0])
      for (const o of definition.timing === 'rolling' ? windowsAfter(intervals, c) : rets.map((r) => r - c)) {
        if (rule.kind === 'on') ks.add(o)
        else if (rule.kind === 'on_or_after') for (let k = 1; k <= o && c + o <= rule.lastReturn; k++) ks.add(k)
        else if (rule.kind === 'bounded') for (let k = o - rule.horizon; k <= o; k++) ks.add(k)
        else if (o >= 1) ks.add(rule.ends.findIndex((end) => o <= end) + 1)
      }
      // Column 0 is everybody, and a bracket that is none was named 0.
      for (const k of ks) {
        const cells = counts[c - first]
        if (cells && k >= 0 && k < columns) cells[k] = (cells[k] ?? 0) + 1
      }
    }
  }
  return counts
}

// Around the odd days: a date skipped in Apia, midnights skipped or repeated elsewhere.
const origin = Date.parse('2011-12-28T00:00:00Z')
const instant = fc.integer({ min: 0, max: 40 * 24 }).map((hours) => origin + hours * 3_600_000)
const contact = fc.record({
  starts: fc.array(fc.record({ ts: instant, matches: fc.boolean() }), { maxLength: 6 }),
  returns: fc.array(instant, { maxLength: 8 }),
})
const setting = fc
  .record({
    zone: fc.constantFrom('UTC', 'Pacific/Apia', 'America/Sao_Paulo', 'Asia/Kathmandu', 'America/Havana'),
    weekStart: fc.constantFrom<Calendar['weekStart'][]>('monday', 'sunday'),
    period: fc.constantFrom<RetentionDefinition['period'][]>('day', 'week', 'month'),
    entry: fc.constantFrom<CohortEntry[]>('recurring', 'first_matching', 'first_ever'),
    rule: fc.constantFrom('on', 'on_or_after', 'bounded', 'bracket'),
    rolling: fc.boolean(),
    steps: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 8 }),
    rows: fc.integer({ min: 1, max: 8 }),
    skip: fc.integer({ min: 0, max: 3 }),
    columns: fc.integer({ min: 1, max: 9 }),
    horizon: fc.integer({ min: 0, max: 4 }),
    minOccurrences: fc.integer({ min: 1, max: 2 }),
  })
  .map((raw): RetentionDefinition => {
    const calendar = { zone: raw.zone, weekStart: raw.weekStart }
    const first = intervalIndex(origin, raw.period, calendar) + raw.skip
    const last = first + raw.rows - 1
    const rules = {
      on: { kind: 'on' },
      on_or_after: { kind: 'on_or_after', lastReturn: last + raw.columns - 1 },
      bounded: { kind: 'bounded', horizon: raw.horizon },
      bracket: {
        kind: 'bracket',
        ends: raw.steps.slice(0, raw.columns - 1).map((_, k) => raw.steps.slice(0, k + 1).reduce((a, b) => a + b)),
      },
    } as const
    const rule: ReturnRule = rules[raw.rule as keyof typeof rules]
    return {
      calendar,
      period: raw.period,
      entry: raw.entry,
      return: rule,
      first,
      last,
      columns: raw.columns,
      minOccurrences: raw.minOccurrences,
      timing: raw.rolling && rule.kind !== 'on_or_after' ? 'rolling' : 'calendar',
    }
  })
const contacts = fc.array(contact, { maxLength: 8 })

describe('random histories', () => {
  it('agree with the two-stage statement in every mode', () => {
    fc.assert(
      fc.property(contacts, setting, (people, definition) => {
        expect(numbers(retentionMatrix(people, definition, later))).toEqual(byStatement(people, definition))
      }),
      { numRuns: 1000 },
    )
  })

  it('never count more than the cohort; on or after never rises along a row', () => {
    fc.assert(
      fc.property(contacts, setting, (people, definition) => {
        for (const { size, cells } of retentionMatrix(people, definition, later)) {
          expect(cells[0]?.n).toBe(size)
          let before = size
          for (const { n } of cells) {
            expect(n ?? 0).toBeLessThanOrEqual(size)
            if (definition.return.kind === 'on_or_after') expect(n ?? 0).toBeLessThanOrEqual(before)
            before = n ?? before
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('do not depend on order; repeated starts and, at one occurrence, returns change nothing', () => {
    fc.assert(
      fc.property(contacts, setting, (people, definition) => {
        const once = { ...definition, minOccurrences: 1 }
        const twice = people.map(({ starts, returns }) => ({
          starts: [...starts, ...starts].reverse(),
          returns: [...returns, ...returns].reverse(),
        }))
        expect(retentionMatrix(twice.reverse(), once, later)).toEqual(retentionMatrix(people, once, later))
      }),
      { numRuns: 300 },
    )
  })

  it('a complete cell never changes as days pass, and no cell is a number before it begins', () => {
    fc.assert(
      fc.property(contacts, setting, (people, definition) => {
        const complete = new Map<string, number | null>()
        for (let day = 0; day < 60; day += 5) {
          const now = origin + day * dayMs
          // What had arrived by then.
          const known = people.map(({ starts, returns }) => ({
            starts: starts.filter((start) => start.ts <= now),
            returns: returns.filter((ts) => ts <= now),
          }))
          for (const cell of retentionMatrix(known, definition, { now }).flatMap((row) => row.cells)) {
            const name = `${cell.cohort} ${cell.k}`
            if (complete.has(name)) expect(cell.n).toBe(complete.get(name))
            if (cell.state === 'complete') complete.set(name, cell.n)
            if (cell.state === 'not_yet') expect(cell.n).toBeNull()
          }
        }
      }),
      { numRuns: 100 },
    )
  })
})
