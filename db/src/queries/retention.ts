import { calendarActivities, eventChoiceOf } from '@fidelio/core/event-choice.ts'
import { intervalDate, intervalIndex } from '@fidelio/core/interval-index.ts'
import { rate } from '@fidelio/core/proportion.ts'
import {
  assertDefinition,
  columnLooks,
  type RetentionDefinition,
  type ReturnRule,
  retentionCellState,
  rollingMs,
} from '@fidelio/core/retention.ts'
import { watermark } from '@fidelio/core/time.ts'
import type { BusinessDb } from '../tenancy.ts'
import { boundFilter, calendarOf, grainRange } from './period.ts'
import { retentionOfEvents } from './retention-events-sql.ts'
import { retentionOfSets } from './retention-sql.ts'
import type {
  RetentionArgs,
  RetentionAverage,
  RetentionCell,
  RetentionMatrix,
  RetentionRow,
  RetentionSegment,
} from './retention-types.ts'

const columnsMax = 31
/** Further than any return: where a look ends, `last_return` says. */
const endless = 1_000_000

/** Where a matrix is counted: from calendars of local days, or from every single event. */
export type RetentionSource = 'calendars' | 'events'

/**
 * Who came back (measures.md §2, core/retention). "On or after" looks at returns up to the last complete interval, so that
 * an interval still running does not make every cell provisional; the others show the running one as provisional.
 * `source` is chosen by `sourceOf`; both give the same answer wherever calendars can.
 * @throws RangeError for an unknown activity, or a question that makes no sense.
 */
export async function retentionMatrix(
  db: BusinessDb,
  args: RetentionArgs,
  source: RetentionSource = sourceOf(args),
): Promise<RetentionMatrix> {
  const asked = retentionAsked(args)
  const counts: Count[] =
    source === 'calendars'
      ? (await db.ask(retentionOfSets, setParams(asked))).map((row) => ({ ...row, value: '' }))
      : await db.ask(retentionOfEvents, eventParams(args, asked))
  const { definition } = asked
  const { columns } = definition
  const rows = shapeRows(counts, args, definition)
  const looks = columnLooks(definition.return, columns).map((look, index) => ({ ...look, column: index + 1 }))
  const segments = args.breakdown === undefined ? [] : segmentsOf(counts, args, definition)
  return { columns, looks, rows, average: averageOf(rows, columns), segments }
}

/** Calendars know who did what on which local day, and nothing else. */
export function sourceOf(args: RetentionArgs): RetentionSource {
  const { activity, returnActivity = activity, timing, minOccurrences = 1, breakdown } = args
  const filter = boundFilter(args.filter)
  const known = [activity, returnActivity].every((each) => calendarActivities.some((kept) => kept === each))
  const plain = timing !== 'rolling' && minOccurrences === 1 && breakdown === undefined
  return known && plain && filter.channel === '' && filter.account_id === '' ? 'calendars' : 'events'
}

/** A question as core defines it, with the last interval in which a return counts. */
export type RetentionAsked = { definition: RetentionDefinition; lastReturn: number; args: RetentionArgs }

/** @throws RangeError as `retentionMatrix`. */
export function retentionAsked(args: RetentionArgs): RetentionAsked {
  const { grain, timeZone, weekStart, timing, minOccurrences } = args
  const columns = args.return === 'bracket' ? (args.brackets?.length ?? 0) + 1 : args.columns
  if (!(Number.isInteger(columns) && columns >= 1 && columns <= columnsMax)) {
    throw new RangeError(`A matrix has 1 to ${columnsMax} columns.`)
  }
  const { first, last } = grainRange(args.period, grain, timeZone, weekStart)
  const calendar = calendarOf(timeZone, weekStart)
  const lastComplete = intervalIndex(watermark(args.now), grain, calendar) - 1
  const rule = ruleOf(args, Math.min(last + columns - 1, lastComplete))
  const definition: RetentionDefinition = {
    calendar,
    period: grain,
    entry: args.entry,
    return: rule,
    first,
    last,
    columns,
    minOccurrences: minOccurrences ?? 1,
    timing: timing ?? 'calendar',
  }
  assertDefinition(definition)
  return { definition, lastReturn: rule.kind === 'on_or_after' ? rule.lastReturn : endless, args }
}

function ruleOf(args: RetentionArgs, lastReturn: number): ReturnRule {
  switch (args.return) {
    case 'on':
      return { kind: 'on' }
    case 'on_or_after':
      return { kind: 'on_or_after', lastReturn }
    case 'bounded':
      return { kind: 'bounded', horizon: args.horizon ?? 0 }
    case 'bracket':
      return { kind: 'bracket', ends: args.brackets ?? [] }
  }
}

/** What both ways of counting are asked; `rows` asks with it too. */
function commonParams({ definition, lastReturn, args }: RetentionAsked) {
  const { period, calendar, first, last, columns } = definition
  const looks = columnLooks(definition.return, columns)
  return {
    time_zone: args.timeZone,
    grain: period,
    sunday: calendar.weekStart === 'sunday',
    first,
    last,
    froms: looks.map((look) => look.from),
    tos: looks.map((look) => look.to ?? endless),
    last_return: lastReturn,
  }
}

export function setParams(asked: RetentionAsked) {
  const { definition, args } = asked
  return {
    ...commonParams(asked),
    start_kind: args.activity,
    return_kind: args.returnActivity ?? args.activity,
    // Without a filter the first matching start is the first ever.
    first_matching: args.entry !== 'recurring',
    first_day: intervalDate(definition.first, definition.period, definition.calendar),
  }
}

export function eventParams(args: RetentionArgs, asked: RetentionAsked) {
  const { definition } = asked
  const start = requireChoice(args.activity)
  const back = requireChoice(args.returnActivity ?? args.activity)
  return {
    ...commonParams(asked),
    ...boundFilter(args.filter),
    start_kind: start.kind,
    start_name: start.name,
    return_kind: back.kind,
    return_name: back.name,
    entry: args.entry,
    rolling: definition.timing === 'rolling',
    window_ms: rollingMs[definition.period],
    occurrences: definition.minOccurrences ?? 1,
    breakdown: args.breakdown ?? ('' as const),
  }
}

function requireChoice(activity: string) {
  const choice = eventChoiceOf(activity)
  if (choice === null) throw new RangeError(`Not an activity: ${activity}`)
  return choice
}

type Count = { value: string; cohort: number; k: number; n: number }

function shapeRows(counts: readonly Count[], args: RetentionArgs, definition: RetentionDefinition): RetentionRow[] {
  const found = new Map<string, number>()
  for (const { cohort, k, n } of counts) found.set(`${cohort}:${k}`, (found.get(`${cohort}:${k}`) ?? 0) + n)
  const rows: RetentionRow[] = []
  for (let cohort = definition.first; cohort <= definition.last; cohort++) {
    const size = found.get(`${cohort}:0`) ?? 0
    const cells = Array.from({ length: definition.columns }, (_, column): RetentionCell => {
      const state = retentionCellState(cohort, column, definition, { now: args.now })
      if (state === 'not_yet') return { column, n: null, share: null, low: null, high: null, state }
      const n = found.get(`${cohort}:${column}`) ?? 0
      const { value, lower, upper } = rate(n, size)
      return { column, n, share: value, low: lower, high: upper, state }
    })
    const state = retentionCellState(cohort, 0, definition, { now: args.now })
    rows.push({ cohort: intervalDate(cohort, definition.period, definition.calendar), size, state, cells })
  }
  return rows
}

function segmentsOf(counts: readonly Count[], args: RetentionArgs, definition: RetentionDefinition) {
  const values = [...new Set(counts.map((count) => count.value))]
  return values
    .map((value): RetentionSegment => {
      const own = counts.filter((count) => count.value === value)
      const rows = shapeRows(own, args, definition)
      const size = rows.reduce((sum, row) => sum + row.size, 0)
      return { value, size, rows, average: averageOf(rows, definition.columns) }
    })
    .sort((a, b) => b.size - a.size || (a.value < b.value ? -1 : 1))
}

/** Over complete cells of rows with members, weighted. Empty rows carry no weight and are not counted as used. */
function averageOf(rows: readonly RetentionRow[], columns: number): RetentionAverage[] {
  return Array.from({ length: columns }, (_, column) => {
    let numerator = 0
    let denominator = 0
    let rowsUsed = 0
    for (const row of rows) {
      const cell = row.cells[column]
      if (cell?.state !== 'complete' || row.size === 0) continue
      numerator += cell.n ?? 0
      denominator += row.size
      rowsUsed += 1
    }
    const { value, lower, upper } = rate(numerator, denominator)
    return { column, share: value, low: lower, high: upper, rowsUsed, numerator, denominator }
  })
}
