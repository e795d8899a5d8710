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
 *   bounded         k <= r − c <= k + horizon: equal look-ahead for every row, the one to compare rows by;
 *   bracket         p <= r − c <= q of the k-th bracket [p, q]; brackets follow one another and the first begins at 1.
 * An r counts only if at least `minOccurrences` return events fall in it. Each contact counts once per cell.
 *
 * On the `rolling` clock r − c is not counted in intervals of the calendar but in whole windows of 24 hours (a week is 7
 * of them, a month 30) since the start with which the contact entered: its first one in the interval c. Rows stay
 * intervals of the calendar. On-or-after does not exist there: its end would lie elsewhere for every member.
 *
 * A cell is `not_yet`, and its n null, when its first interval begins after now; `complete` when its last one ended by
 * the watermark; else `provisional`. Never 0 for what cannot be seen yet.
 */
import {
  type Calendar,
  type CellState,
  cellState,
  type Grain,
  intervalIndex,
  intervalOf,
  intervalStart,
} from './interval-index.ts'
import { type Rate, rate } from './proportion.ts'
import { dashboardLatenessMs, dayMs, watermark } from './time.ts'

/** A contact's events of the two kinds, over all history. Times in Unix milliseconds. */
export type RetentionContact = {
  /**
   * Events of the start's name; `matches` says whether the filter holds for this very event (true where there is none),
   * `value` what a breakdown asks of it. Of several at one instant the one named first decides.
   */
  starts: readonly { ts: number; matches: boolean; value?: string }[]
  returns: readonly number[]
}

export type CohortEntry = 'recurring' | 'first_matching' | 'first_ever'

export type ReturnRule =
  | { kind: 'on' }
  | { kind: 'on_or_after'; lastReturn: number }
  | { kind: 'bounded'; horizon: number }
  /** `ends`: the last interval of each bracket; [1, 3, 7] are the brackets 1–1, 2–3 and 4–7. */
  | { kind: 'bracket'; ends: readonly number[] }

/** Intervals of the business's calendar, or whole windows of 24 hours since the start. */
export type RetentionTiming = 'calendar' | 'rolling'

/** 24 hours, 7 and 30 times them: what a day, a week and a month are on the rolling clock. */
export const rollingMs = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs } as const

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
  /** left out: calendar */
  timing?: RetentionTiming
  /** Only who entered with a start of this value. */
  value?: string
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
    const returned = definition.timing === 'rolling' ? [] : returnIntervals(contact, definition)
    for (const { cohort, anchor, value } of entriesOf(contact, definition)) {
      const row = counts[cohort - first]
      if (row === undefined || (definition.value !== undefined && definition.value !== value)) continue
      const offsets =
        definition.timing === 'rolling'
          ? returnWindows(contact, anchor, definition)
          : returned.map((index) => index - cohort)
      for (let k = 0; k < columns; k++) {
        if (k === 0 || hasReturned(offsets, cohort, k, definition.return)) row[k] = (row[k] ?? 0) + 1
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

type Entry = { cohort: number; anchor: number; value: string | undefined }

/** The cohorts a contact enters, each with the first start in its interval. */
function entriesOf(contact: RetentionContact, definition: RetentionDefinition): Iterable<Entry> {
  const { calendar, period, entry } = definition
  const entries = new Map<number, Entry>()
  for (const { ts, matches, value } of contact.starts) {
    if (!matches) continue
    const cohort = intervalIndex(ts, period, calendar)
    const known = entries.get(cohort)
    if (known === undefined || ts < known.anchor) entries.set(cohort, { cohort, anchor: ts, value })
  }
  if (entry === 'recurring' || entries.size === 0) return entries.values()
  const first = [...entries.values()].reduce((a, b) => (b.anchor < a.anchor ? b : a))
  // Two events at the very first instant: one that satisfies the filter is enough, whichever was written first.
  const isFirstEver = contact.starts.every((start) => start.ts >= first.anchor)
  return entry === 'first_matching' || isFirstEver ? [first] : []
}

function returnIntervals(contact: RetentionContact, definition: RetentionDefinition): number[] {
  const { period, calendar } = definition
  return oftenEnough(
    contact.returns.map((ts) => intervalIndex(ts, period, calendar)),
    definition,
  )
}

function returnWindows(contact: RetentionContact, anchor: number, definition: RetentionDefinition): number[] {
  const length = rollingMs[definition.period]
  return oftenEnough(
    contact.returns.map((ts) => Math.floor((ts - anchor) / length)),
    definition,
  )
}

function oftenEnough(places: readonly number[], { minOccurrences = 1 }: RetentionDefinition): number[] {
  const occurrences = new Map<number, number>()
  for (const place of places) occurrences.set(place, (occurrences.get(place) ?? 0) + 1)
  return [...occurrences].filter(([, count]) => count >= minOccurrences).map(([place]) => place)
}

function hasReturned(offsets: readonly number[], cohort: number, k: number, rule: ReturnRule): boolean {
  const { from, to } = lookOf(cohort, k, rule)
  return offsets.some((offset) => offset >= from && offset <= to)
}

/** From which to which interval after entering column k >= 1 of a cohort looks, both included; empty when to < from. */
function lookOf(cohort: number, k: number, rule: ReturnRule): { from: number; to: number } {
  switch (rule.kind) {
    case 'on':
      return { from: k, to: k }
    case 'on_or_after':
      return { from: k, to: rule.lastReturn - cohort }
    case 'bounded':
      return { from: k, to: k + rule.horizon }
    case 'bracket':
      return { from: (k === 1 ? 0 : (rule.ends[k - 2] ?? 0)) + 1, to: rule.ends[k - 1] ?? 0 }
  }
}

/**
 * From which to which interval after entering each column from the first on looks, both included. Where a look ends with
 * the window ("on or after") `to` is null.
 */
export function columnLooks(rule: ReturnRule, columns: number): { from: number; to: number | null }[] {
  return Array.from({ length: Math.max(0, columns - 1) }, (_, index) => {
    const { from, to } = lookOf(0, index + 1, rule)
    return { from, to: rule.kind === 'on_or_after' ? null : to }
  })
}

function shapeRow(
  cohort: number,
  counts: readonly number[],
  definition: RetentionDefinition,
  clock: RetentionClock,
): RetentionRow {
  const size = counts[0] ?? 0
  const cells = counts.map((n, k) => {
    const state = retentionCellState(cohort, k, definition, clock)
    return { cohort, k, n: state === 'not_yet' ? null : n, size, state }
  })
  return { cohort, size, state: retentionCellState(cohort, 0, definition, clock), cells }
}

/** How far a cell can be believed: by the member who entered last, at the very end of the cohort's interval. */
export function retentionCellState(
  cohort: number,
  k: number,
  definition: RetentionDefinition,
  clock: RetentionClock,
): CellState {
  const { period, calendar, timing } = definition
  const { from, to } = k === 0 ? { from: 0, to: 0 } : lookOf(cohort, k, definition.return)
  // An on-or-after column beyond the end of its window can never be seen.
  if (to < from) return 'not_yet'
  const entered = intervalOf(cohort, period, calendar)
  const rolls = timing === 'rolling' && k > 0
  const span = rolls
    ? { start: entered.start + from * rollingMs[period], end: entered.end + (to + 1) * rollingMs[period] }
    : { start: intervalStart(cohort + from, period, calendar), end: intervalOf(cohort + to, period, calendar).end }
  return cellState(span, { now: clock.now, watermark: watermark(clock.now, clock.latenessMs ?? dashboardLatenessMs) })
}

/** @throws RangeError on an impossible definition, naming what is wrong with it. */
export function assertDefinition(definition: RetentionDefinition): void {
  const { first, last, columns, return: rule, minOccurrences = 1, timing } = definition
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
  if (rule.kind === 'on_or_after' && timing === 'rolling') {
    throw new RangeError('rolling windows have no on-or-after: ask for a bounded return')
  }
  if (rule.kind === 'bracket') {
    const rising = rule.ends.every((end, index) => Number.isInteger(end) && end > (rule.ends[index - 1] ?? 0))
    if (!rising || rule.ends.length !== columns - 1) throw new RangeError(`not brackets: ${rule.ends.join(', ')}`)
  }
}
