/**
 * Retention: who came back (measures.md §2). This is the definition, as a plain loop over contacts; `db/queries` answers
 * the same from stored calendars and is property-tested against it.
 *
 * Let S and R be the sets of interval indices (interval-index) in which a contact has a start and a return event.
 * Rows are the cohorts f..l; the contact enters
 *   recurring       every c in S ∩ [f, l];
 *   first_matching  only the c of the earliest start that satisfies the filter, over all history, if f <= c <= l;
 *   first_ever      only the c of the earliest start of that name, over all history, and only if it satisfies the filter.
 * Column 0 is the size of the cohort, whether or not anyone returned. In column k >= 1 counts who has an r in R with
 *   on              r − c = k;
 *   on_or_after     r − c >= k, r <= lastReturn (the window's end, stated because young cohorts have less time);
 *   bounded         k <= r − c <= k + horizon: equal look-ahead for every row, the one to compare rows by.
 * An r counts only if at least `minOccurrences` return events fall in it. Each contact counts once per cell.
 *
 * A cell is `not_yet`, and its n null, when its first interval begins after now; `complete` when its last one ended by
 * the watermark; else `provisional`. Never 0 for what cannot be seen yet.
 */
import { type Calendar, type CellState, cellState, type Grain, intervalIndex, intervalOf } from './interval-index.ts'
import { type Rate, rate } from './proportion.ts'
import { dashboardLatenessMs, watermark } from './time.ts'

/** A contact's events of the two kinds, over all history. Times in Unix milliseconds. */
export type RetentionContact = {
  /** Events of the start's name; `matches` says whether the filter holds for this very event (true where there is none). */
  starts: readonly { ts: number; matches: boolean }[]
  returns: readonly number[]
}

export type CohortEntry = 'recurring' | 'first_matching' | 'first_ever'

export type ReturnRule =
  | { kind: 'on' }
  | { kind: 'on_or_after'; lastReturn: number }
  | { kind: 'bounded'; horizon: number }

/** Everything that makes the number what it is. No part has a silent default but the minimum of one occurrence. */
export type RetentionDefinition = {
  calendar: Calendar
  period: Exclude<Grain, 'hour'>
  entry: CohortEntry
  return: ReturnRule
  /** Rows f..l as interval indices, both included. */
  first: number
  last: number
  /** Columns 0..columns − 1. */
  columns: number
  minOccurrences?: number
}

export type RetentionCell = { cohort: number; k: number; n: number | null; size: number; state: CellState }

export type RetentionRow = { cohort: number; size: number; state: CellState; cells: RetentionCell[] }

/** `now` in Unix milliseconds. */
export type RetentionClock = { now: number; latenessMs?: number }

/** The matrix: one row per cohort f..l, also the empty ones; columns 0..N − 1. Throws a RangeError on an impossible definition. */
export function retentionMatrix(
  contacts: Iterable<RetentionContact>,
  definition: RetentionDefinition,
  clock: RetentionClock,
): RetentionRow[] {
  assertDefinition(definition)
  const { first, last, columns } = definition
  const counts = Array.from({ length: last - first + 1 }, () => new Array<number>(columns).fill(0))
  for (const contact of contacts) {
    const returned = returnIntervals(contact, definition)
    for (const cohort of cohortsOf(contact, definition)) {
      const row = counts[cohort - first]
      if (row === undefined) continue
      for (let k = 0; k < columns; k++) {
        if (k === 0 || hasReturned(returned, cohort, k, definition.return)) row[k] = (row[k] ?? 0) + 1
      }
    }
  }
  return counts.map((row, index) => shapeRow(first + index, row, definition, clock))
}

/** One point of the average curve: Σ n / Σ size over the rows whose cell is complete, with how many rows that were. */
export type RetentionAverage = Rate & { k: number; rowsUsed: number }

/**
 * The weighted average row, over complete cells only. It may rise along the curve, because rows drop out: show `rowsUsed`.
 * Rows without members carry no weight and are not counted as used. In a recurring matrix a contact may sit in several
 * rows, so the sums count memberships and not people.
 */
export function averageRow(matrix: readonly RetentionRow[]): RetentionAverage[] {
  const columns = matrix[0]?.cells.length ?? 0
  return Array.from({ length: columns }, (_, k) => {
    const used = columnCells(matrix, k).filter((cell) => cell.state === 'complete' && cell.size > 0)
    return { k, rowsUsed: used.length, ...sumOf(used) }
  })
}

/**
 * A column as one number over everything that can be seen, complete or not, with the weakest state among its rows. For a
 * headline that says "so far"; comparisons use `averageRow`.
 */
export function columnTotal(matrix: readonly RetentionRow[], k: number): Rate & { state: CellState } {
  const cells = columnCells(matrix, k)
  const seen = cells.filter((cell) => cell.state !== 'not_yet')
  const complete = seen.length > 0 && cells.every((cell) => cell.state === 'complete')
  return { ...sumOf(seen), state: seen.length === 0 ? 'not_yet' : complete ? 'complete' : 'provisional' }
}

/** "Came back in four weeks": inbound again 1 to 28 local days after the day of the first message. */
export const cameBackDays = { from: 1, to: 28 } as const

/** The definition of `came_back_4w` (metric): days, first matching inbound message, bounded return, columns 0 and 1. */
export function cameBackDefinition(calendar: Calendar, rows: { first: number; last: number }): RetentionDefinition {
  return {
    calendar,
    period: 'day',
    entry: 'first_matching',
    return: { kind: 'bounded', horizon: cameBackDays.to - cameBackDays.from },
    first: rows.first,
    last: rows.last,
    columns: cameBackDays.from + 1,
  }
}

function columnCells(matrix: readonly RetentionRow[], k: number): RetentionCell[] {
  return matrix.flatMap((row) => row.cells[k] ?? [])
}

function sumOf(cells: readonly RetentionCell[]): Rate {
  let numerator = 0
  let denominator = 0
  for (const cell of cells) {
    numerator += cell.n ?? 0
    denominator += cell.size
  }
  return rate(numerator, denominator)
}

function cohortsOf(contact: RetentionContact, definition: RetentionDefinition): Set<number> {
  const { calendar, period, entry } = definition
  const index = (ts: number) => intervalIndex(ts, period, calendar)
  const matching = contact.starts.filter((start) => start.matches).map((start) => start.ts)
  if (matching.length === 0) return new Set()
  if (entry === 'recurring') return new Set(matching.map(index))
  const firstMatching = Math.min(...matching)
  // Two events at the very first instant: one that satisfies the filter is enough, whichever was written first.
  const isFirstEver = contact.starts.every((start) => start.ts >= firstMatching)
  return entry === 'first_matching' || isFirstEver ? new Set([index(firstMatching)]) : new Set()
}

function returnIntervals(contact: RetentionContact, definition: RetentionDefinition): number[] {
  const occurrences = new Map<number, number>()
  for (const ts of contact.returns) {
    const index = intervalIndex(ts, definition.period, definition.calendar)
    occurrences.set(index, (occurrences.get(index) ?? 0) + 1)
  }
  const needed = definition.minOccurrences ?? 1
  return [...occurrences].filter(([, count]) => count >= needed).map(([index]) => index)
}

function hasReturned(returned: readonly number[], cohort: number, k: number, rule: ReturnRule): boolean {
  if (rule.kind === 'on') return returned.includes(cohort + k)
  const until = rule.kind === 'bounded' ? cohort + k + rule.horizon : rule.lastReturn
  return returned.some((index) => index >= cohort + k && index <= until)
}

function shapeRow(
  cohort: number,
  counts: readonly number[],
  definition: RetentionDefinition,
  clock: RetentionClock,
): RetentionRow {
  const size = counts[0] ?? 0
  const cells = counts.map((n, k) => {
    const state = stateOf(cohort, k, definition, clock)
    return { cohort, k, n: state === 'not_yet' ? null : n, size, state }
  })
  return { cohort, size, state: stateOf(cohort, 0, definition, clock), cells }
}

function stateOf(cohort: number, k: number, definition: RetentionDefinition, clock: RetentionClock): CellState {
  const { period, calendar } = definition
  const last = lastIntervalOf(cohort, k, definition.return)
  // An on-or-after column beyond the end of its window can never be seen.
  if (last < cohort + k) return 'not_yet'
  const { start } = intervalOf(cohort + k, period, calendar)
  const { end } = intervalOf(last, period, calendar)
  return cellState(
    { start, end },
    { now: clock.now, watermark: watermark(clock.now, clock.latenessMs ?? dashboardLatenessMs) },
  )
}

function lastIntervalOf(cohort: number, k: number, rule: ReturnRule): number {
  if (k === 0 || rule.kind === 'on') return cohort + k
  return rule.kind === 'bounded' ? cohort + k + rule.horizon : rule.lastReturn
}

function assertDefinition({ first, last, columns, return: rule, minOccurrences = 1 }: RetentionDefinition): void {
  const whole = [first, last, columns, minOccurrences].every(Number.isInteger)
  if (!whole || last < first || columns < 1 || minOccurrences < 1) {
    throw new RangeError(
      `not a retention window: rows ${first}..${last}, ${columns} columns, at least ${minOccurrences}`,
    )
  }
  if (rule.kind === 'bounded' && !(Number.isInteger(rule.horizon) && rule.horizon >= 0)) {
    throw new RangeError(`not a horizon: ${rule.horizon}`)
  }
  if (rule.kind === 'on_or_after' && !Number.isInteger(rule.lastReturn)) {
    throw new RangeError(`not the end of a window: ${rule.lastReturn}`)
  }
}
