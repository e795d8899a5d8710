import { describe, expect, it } from 'vitest'
import { type Calendar, indexOfLocalDate } from './interval-index.ts'
import {
  averageRow,
  type CohortEntry,
  cameBackDefinition,
  columnTotal,
  type RetentionContact,
  type RetentionDefinition,
  type RetentionRow,
  type ReturnRule,
  retentionMatrix,
} from './retention.ts'

const at = (text: string) => Date.parse(text)
const paris: Calendar = { zone: 'Europe/Paris', weekStart: 'monday' }
const week = (date: string) => indexOfLocalDate(date, 'week', paris)

/** A contact who did the same thing at each date, at noon UTC: start and return alike. */
const wrote = (...dates: string[]): RetentionContact => {
  const times = dates.map((date) => at(`${date}T12:00:00Z`))
  return { starts: times.map((ts) => ({ ts, matches: true })), returns: times }
}

const weekly: RetentionDefinition = {
  calendar: paris,
  period: 'week',
  entry: 'recurring',
  return: { kind: 'on' },
  first: week('2026-10-05'),
  last: week('2026-10-26'),
  columns: 4,
}
const later = { now: at('2027-02-01T00:00:00Z') }
const numbers = (matrix: RetentionRow[]) => matrix.map((row) => row.cells.map((cell) => cell.n))

// Mondays: 5, 12, 19, 26 October 2026; the clocks change on the 25th.
const three = [
  wrote('2026-10-06', '2026-10-13', '2026-10-27'),
  wrote('2026-10-07', '2026-10-07'),
  wrote('2026-10-20', '2026-10-26'),
]

describe('weekly, by hand', () => {
  it('recurring, on', () => {
    expect(numbers(retentionMatrix(three, weekly, later))).toEqual([
      [2, 1, 0, 1],
      [1, 0, 1, 0],
      [1, 1, 0, 0],
      [2, 0, 0, 0],
    ])
  })
  it('recurring, in brackets: the next week, and the two after it', () => {
    const bracketed: RetentionDefinition = { ...weekly, columns: 3, return: { kind: 'bracket', ends: [1, 3] } }
    expect(numbers(retentionMatrix(three, bracketed, later))).toEqual([
      [2, 1, 1],
      [1, 0, 1],
      [1, 1, 0],
      [2, 0, 0],
    ])
    // A bracket is complete when its last week is, for every member.
    const now = at('2026-10-27T12:00:00Z')
    const states = retentionMatrix(three, bracketed, { now }).map((row) => row.cells.map((cell) => cell.state))
    expect(states[0]).toEqual(['complete', 'complete', 'provisional'])
    expect(states[1]).toEqual(['complete', 'complete', 'provisional'])
    expect(states[3]).toEqual(['provisional', 'not_yet', 'not_yet'])
  })
  it('on the rolling clock a return is counted from the minute of the start', () => {
    const daily: RetentionDefinition = {
      ...weekly,
      period: 'day',
      timing: 'rolling',
      entry: 'first_matching',
      first: indexOfLocalDate('2026-10-05', 'day', paris),
      last: indexOfLocalDate('2026-10-05', 'day', paris),
      columns: 3,
    }
    const start = at('2026-10-05T20:00:00Z')
    const person = (...hours: number[]): RetentionContact => ({
      starts: [{ ts: start, matches: true }],
      returns: hours.map((hour) => start + hour * 3_600_000),
    })
    // The next calendar day begins after 2 hours, the first window after 24.
    expect(numbers(retentionMatrix([person(3), person(24), person(47), person(48)], daily, later))).toEqual([[4, 2, 1]])
    // Judged by who may have entered at the last minute of the day: until then the cell can still grow.
    const state = (now: string) => retentionMatrix([], daily, { now: at(now) })[0]?.cells[1]?.state
    expect(state('2026-10-05T12:00:00Z')).toBe('not_yet')
    expect(state('2026-10-07T21:59:00Z')).toBe('provisional')
    expect(state('2026-10-07T22:10:00Z')).toBe('complete')
  })
  it('first matching, on', () => {
    expect(numbers(retentionMatrix(three, { ...weekly, entry: 'first_matching' }, later))).toEqual([
      [2, 1, 0, 1],
      [0, 0, 0, 0],
      [1, 1, 0, 0],
      [0, 0, 0, 0],
    ])
  })
  it('recurring, on or after, up to the stated end', () => {
    const rule: ReturnRule = { kind: 'on_or_after', lastReturn: week('2026-10-26') }
    expect(numbers(retentionMatrix(three, { ...weekly, return: rule }, later))).toEqual([
      [2, 1, 1, 1],
      [1, 1, 1, null],
      [1, 1, null, null],
      [2, null, null, null],
    ])
  })
  it('recurring, bounded by one further week', () => {
    expect(numbers(retentionMatrix(three, { ...weekly, return: { kind: 'bounded', horizon: 1 } }, later))).toEqual([
      [2, 1, 1, 1],
      [1, 1, 1, 0],
      [1, 1, 0, 0],
      [2, 0, 0, 0],
    ])
  })
  it('needs as many returns in the interval as asked', () => {
    const often = [wrote('2026-10-06', '2026-10-13', '2026-10-14', '2026-10-20')]
    expect(numbers(retentionMatrix(often, { ...weekly, last: weekly.first, minOccurrences: 2 }, later))).toEqual([
      [1, 1, 0, 0],
    ])
  })
})

describe('the three entries', () => {
  const contact: RetentionContact = {
    starts: [
      { ts: at('2026-10-06T12:00:00Z'), matches: false },
      { ts: at('2026-10-13T12:00:00Z'), matches: true },
      { ts: at('2026-10-20T12:00:00Z'), matches: true },
    ],
    returns: [],
  }
  const sizes = (entry: CohortEntry, who: RetentionContact, over = weekly) =>
    retentionMatrix([who], { ...over, entry }, later).map((row) => row.size)

  it('recurring: every matching week', () => expect(sizes('recurring', contact)).toEqual([0, 1, 1, 0]))
  it('first matching: the first that satisfies the filter', () =>
    expect(sizes('first_matching', contact)).toEqual([0, 1, 0, 0]))
  it('first ever: nobody whose very first does not', () => expect(sizes('first_ever', contact)).toEqual([0, 0, 0, 0]))
  it('first ever: at a tie one that satisfies is enough', () => {
    const tie = { starts: [...contact.starts, { ts: at('2026-10-06T12:00:00Z'), matches: true }], returns: [] }
    expect(sizes('first_ever', tie)).toEqual([1, 0, 0, 0])
  })
  it('first times look at all history: who began before the window is not new in it', () => {
    const late = { ...weekly, first: week('2026-10-19') }
    expect(sizes('first_matching', contact, late)).toEqual([0, 0])
    expect(sizes('recurring', contact, late)).toEqual([1, 0])
  })
})

describe('what cannot be seen yet', () => {
  const now = at('2026-10-28T12:00:00Z') // Wednesday of the last row's week
  it('is null, never 0, and the running week is provisional', () => {
    const matrix = retentionMatrix(three, weekly, { now })
    expect(matrix.map((row) => row.cells.map((cell) => cell.state))).toEqual([
      ['complete', 'complete', 'complete', 'provisional'],
      ['complete', 'complete', 'provisional', 'not_yet'],
      ['complete', 'provisional', 'not_yet', 'not_yet'],
      ['provisional', 'not_yet', 'not_yet', 'not_yet'],
    ])
    for (const cell of matrix.flatMap((row) => row.cells)) expect(cell.n === null).toBe(cell.state === 'not_yet')
  })
  it('a bounded cell is complete only when its last interval is', () => {
    const matrix = retentionMatrix(three, { ...weekly, return: { kind: 'bounded', horizon: 2 } }, { now })
    expect(matrix[0]?.cells.map((cell) => cell.state)).toEqual([
      'complete',
      'provisional',
      'provisional',
      'provisional',
    ])
  })
  it('on or after is provisional until its whole window is over', () => {
    const rule: ReturnRule = { kind: 'on_or_after', lastReturn: week('2026-10-26') }
    const states = (at: number) =>
      retentionMatrix(three, { ...weekly, return: rule }, { now: at })[0]?.cells.map((cell) => cell.state)
    expect(states(now)).toEqual(['complete', 'provisional', 'provisional', 'provisional'])
    expect(states(later.now)).toEqual(['complete', 'complete', 'complete', 'complete'])
  })
  it('the watermark makes a week that just ended provisional', () => {
    const end = at('2026-11-01T23:00:00Z')
    const state = (minutes: number) => retentionMatrix([], weekly, { now: end + minutes * 60_000 })[3]?.state
    expect([state(-1), state(0), state(9), state(10)]).toEqual([
      'provisional',
      'provisional',
      'provisional',
      'complete',
    ])
  })
})

describe('averages', () => {
  it('are weighted, over complete cells of rows with members', () => {
    const matrix = retentionMatrix(three, weekly, { now: at('2026-10-28T12:00:00Z') })
    expect(
      averageRow(matrix).map(({ numerator, denominator, rowsUsed }) => [numerator, denominator, rowsUsed]),
    ).toEqual([
      [4, 4, 3],
      [1, 3, 2],
      [0, 2, 1],
      [0, 0, 0],
    ])
    expect(averageRow([])).toEqual([])
  })
  it('a column total takes what can be seen and says so', () => {
    const matrix = retentionMatrix(three, weekly, { now: at('2026-10-28T12:00:00Z') })
    expect(columnTotal(matrix, 1)).toMatchObject({ numerator: 2, denominator: 4, state: 'provisional' })
    expect(columnTotal(retentionMatrix(three, weekly, later), 1)).toMatchObject({
      numerator: 2,
      denominator: 6,
      state: 'complete',
    })
    expect(columnTotal(retentionMatrix(three, weekly, { now: 0 }), 1)).toMatchObject({ value: null, state: 'not_yet' })
  })
})

describe('came back in four weeks', () => {
  const first = indexOfLocalDate('2026-10-01', 'day', paris)
  const share = (...dates: string[]) =>
    columnTotal(retentionMatrix([wrote(...dates)], cameBackDefinition(paris, { first, last: first + 6 }), later), 1)
      .numerator
  it.each([
    ['the same day again does not count', 0, ['2026-10-01', '2026-10-01']],
    ['the next day does', 1, ['2026-10-01', '2026-10-02']],
    ['so does day 28', 1, ['2026-10-01', '2026-10-29']],
    ['day 29 does not', 0, ['2026-10-01', '2026-10-30']],
    ['only the first message of all opens the window', 0, ['2026-09-01', '2026-10-01', '2026-10-02']],
  ])('%s', (_, expected, dates) => {
    expect(share(...dates)).toBe(expected)
  })
})

it.each([
  { last: weekly.first - 1 },
  { columns: 0 },
  { minOccurrences: 0 },
  { first: 0.5 },
  { return: { kind: 'bracket', ends: [1, 1, 2] } },
  { return: { kind: 'bracket', ends: [1] } },
  { timing: 'rolling', return: { kind: 'on_or_after', lastReturn: 1 } },
  { return: { kind: 'bounded', horizon: -1 } },
  { return: { kind: 'on_or_after', lastReturn: Number.NaN } },
] satisfies Partial<RetentionDefinition>[])('refuses %o', (change) => {
  expect(() => retentionMatrix([], { ...weekly, ...change }, later)).toThrow(RangeError)
})
