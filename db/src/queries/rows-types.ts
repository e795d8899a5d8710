/** What the rows behind a number are asked with and answered with; part of types.ts. */
import type {
  Filter,
  Period,
  Responder,
  ResponseClock,
  ResponseKind,
  RetentionEntry,
  RetentionGrain,
  RetentionOptions,
  RetentionReturn,
  Setting,
  SpellOutcome,
} from './types.ts'

export type RowsMetric =
  | 'active_customers'
  | 'waits'
  | 'waits_answered'
  | 'waits_waiting'
  | 'waits_abandoned'
  | 'waits_target'
  | 'came_back'
  | 'came_back_cohort'
  | 'reachable'
  | 'not_reachable'
  | 'extra_orders'
  | 'retention_cell'
  | 'retention_average'
  | 'retention_average_of'
  | 'volumes'
  | 'late_events'
  | 'funnel'

/** The rows behind a number (`audience` is not among them: it is asked of the campaign's own records). */
export type RowsArgs = Setting & {
  metric: RowsMetric
  period: Period
  first: number
  /** The `cursor` of the last row of the page before. */
  after?: string | undefined
  filter?: Filter | undefined
  stage?: string | undefined
  kind?: ResponseKind | undefined
  responder?: Responder | undefined
  clock?: ResponseClock | undefined
  campaignId?: string | undefined
  cohort?: string | undefined
  column?: number | undefined
  /** Of the matrix the column is one of. */
  columns?: number | undefined
  grain?: RetentionGrain | undefined
  entry?: RetentionEntry | undefined
  return?: RetentionReturn | undefined
  activity?: string | undefined
  /** The finer choices of the matrix; `stage` names a value of its breakdown. */
  retention?: RetentionOptions | undefined
  /** `300-900`, `900-`, `<=900` or `>900`, in seconds. */
  bucket?: string | undefined
  /** 1 = Monday, on the business's calendar. */
  weekday?: number | undefined
  hour?: number | undefined
  /** Of the answer; '' for waits without one. */
  app?: string | undefined
}
export type MetricRow = {
  cursor: string
  contactId: number
  /** Null where the row is a person and not a conversation. */
  accountId: string | null
  at: number
  seconds: number | null
  outcome: SpellOutcome | null
  /** A closed word for the catalogue of the screen: event kind, funnel stage, exclusion reason, 'active_day' … */
  label: string
  detail: string
}
/** `total` equals the number the rows stand behind. */
export type MetricRows = { total: number; rows: MetricRow[]; hasMore: boolean }
