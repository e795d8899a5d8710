/** What retention is asked with and answered with (measures.md §2, core/retention); part of types.ts. */
import type { CellState } from '@fidelio/core/interval-index.ts'
import type { CohortEntry, RetentionTiming, ReturnRule } from '@fidelio/core/retention.ts'
import type { WeekStart } from '@fidelio/core/time.ts'
import type { Filter, Period, Setting } from './types.ts'

export type RetentionGrain = 'day' | 'week' | 'month'
export type RetentionEntry = CohortEntry
export type RetentionReturn = ReturnRule['kind']
/** Of the start with which somebody entered: its channel, or whether a campaign had reached the person before it. */
export type RetentionBreakdown = 'channel' | 'campaign'

/** The finer choices of a question; what is left out is as it says. */
export type RetentionOptions = {
  /** Monday */
  weekStart?: WeekStart | undefined
  /** Intervals of the calendar. */
  timing?: RetentionTiming | undefined
  /** The same activity as they entered with. */
  returnActivity?: string | undefined
  /** 1; of returns, within one interval. */
  minOccurrences?: number | undefined
  /** For bounded returns: so many further intervals are looked at; 0. */
  horizon?: number | undefined
  /** For bracketed returns: the last interval of each bracket, rising; the number of columns follows from them. */
  brackets?: readonly number[] | undefined
  breakdown?: RetentionBreakdown | undefined
}

export type RetentionArgs = Setting &
  RetentionOptions & {
    period: Period
    grain: RetentionGrain
    entry: RetentionEntry
    return: RetentionReturn
    /** An event kind, 'active' (message, postback, reaction or order), or 'custom:<name>' (core/event-choice). */
    activity: string
    /** Column 0 included; at most 31. */
    columns: number
    /** Narrows starts and returns alike. */
    filter?: Filter | undefined
  }

export type RetentionCell = {
  column: number
  /** Null: not yet observable, never 0. */
  n: number | null
  share: number | null
  low: number | null
  high: number | null
  state: CellState
}

/** `cohort`: first local day of the interval. */
export type RetentionRow = { cohort: string; size: number; state: CellState; cells: RetentionCell[] }

/** Over complete cells only, weighted: numerator / denominator. */
export type RetentionAverage = {
  column: number
  share: number | null
  low: number | null
  high: number | null
  rowsUsed: number
  numerator: number
  denominator: number
}

/** From which to which interval after entering a column looks; `to` null: to the last complete one. */
export type RetentionLook = { column: number; from: number; to: number | null }

/** The cohorts of one value of the breakdown. */
export type RetentionSegment = { value: string; size: number; rows: RetentionRow[]; average: RetentionAverage[] }

export type RetentionMatrix = {
  columns: number
  looks: RetentionLook[]
  rows: RetentionRow[]
  average: RetentionAverage[]
  /** Largest first; empty without a breakdown. Everybody is in one segment of a cohort, so they add up to its row. */
  segments: RetentionSegment[]
}
