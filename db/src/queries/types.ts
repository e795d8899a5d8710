/**
 * What the questions of db/queries are asked with and answered with: plain data, ready for resolvers. Shares are 0–1,
 * durations are seconds, instants are Unix milliseconds, days are local dates of the business ('2026-11-22').
 * Definitions: measures.md; the API's twin of these types is schema.graphql.
 */
import type { Channel, Role } from '@fidelio/core/event.ts'
import type { CellState } from '@fidelio/core/interval-index.ts'

/** Local days, both included. */
export type Period = { from: string; to: string }

/** Narrows a question to one channel or one account. */
export type Filter = { channel?: Channel | undefined; accountId?: string | undefined }

/** What every measure needs to know of the business and the moment. */
export type Setting = {
  /** IANA zone of the business. */
  timeZone: string
  /** The present, Unix milliseconds: the caller's clock, so that one screen has one now. */
  now: number
}

/** A number with everything needed to trust it; the five of the overview and the heads of the reports. */
export type MeasuredValue = {
  value: number | null
  numerator: number | null
  denominator: number | null
  /** 95 % limits; null where the measure has none or they are not reached. */
  low: number | null
  high: number | null
  n: number
  state: CellState
}

/** A measure over a period, and by day (null: not observable); no days where it has no daily form. */
export type Measured = { total: MeasuredValue; days: (number | null)[] }

export type SparkPoint = { day: string; value: number | null; previous: number | null; state: CellState }

/** A measured value beside the same measure over the compared period (null: no comparison asked or possible). */
export type ComparedValue = MeasuredValue & {
  previous: MeasuredValue | null
  /** value − previous value, in the measure's own unit; null unless both exist. */
  change: number | null
  /** By local day of the period, oldest first; empty where the measure has no daily form. */
  spark: SparkPoint[]
}

export type OverviewNumbers = {
  activeCustomers: ComparedValue
  firstResponseMedian: ComparedValue
  cameBack4w: ComparedValue
  reachable: ComparedValue
  extraOrders: ComparedValue
}

/** `compared` null: no comparison. */
export type OverviewArgs = Setting & { period: Period; compared: Period | null }

/** Whose days: `volumes` are made of messages and orders, `waits` of whatever opens and ends waits. */
export type RevisedMeasure = 'volumes' | 'waits'
/**
 * What moved the number of a day after the day had ended: events of that day that arrived more than an hour after its end.
 * `revisedAt`: when the last of them arrived. `backfilledEvents`: those of them that came more than eight days late.
 */
export type DayRevision = { revisedAt: number; lateEvents: number; backfilledEvents: number }

export type SpellOutcome = 'answered' | 'waiting' | 'abandoned'
/** FIRST: the spell that contains the opening of an episode. NEXT: the others (measures.md §5). */
export type ResponseKind = 'first' | 'next'
/**
 * `human`: answered by a person. `bot`: answered by the first bot message inside the spell; a wait that a person
 * ended first, or that was abandoned first, is a competing end and counted as abandoned there. `handoff`: waits in which a
 * bot had answered, from its first answer until a person's.
 */
export type Responder = 'human' | 'bot' | 'handoff'
/** `elapsed`: by the wall. `business_hours`: only while the business was open, by the hours valid on each day. */
export type ResponseClock = 'elapsed' | 'business_hours'

export type ResponseTimesArgs = Setting & {
  period: Period
  compared: Period | null
  kind: ResponseKind
  responder: Responder
  /** Left out: elapsed. */
  clock?: ResponseClock | undefined
  filter?: Filter | undefined
}

export type AnsweredWithin = {
  seconds: number
  /** Waits with an answer within `seconds`, counted; the share is estimated with those still waiting. */
  answered: number
  share: number | null
  low: number | null
  high: number | null
  n: number
}
export type ResponseDay = {
  day: string
  p50: number | null
  p75: number | null
  p90: number | null
  /** Waits opened on this day. */
  n: number
  answered: number
  state: CellState
  previousP50: number | null
  /** Null: nothing arrived late. */
  revision: DayRevision | null
}
/** [fromSeconds, toSeconds), toSeconds null for the last one. `bucket` is what `rows` takes. */
export type ResponseBucket = {
  bucket: string
  fromSeconds: number
  toSeconds: number | null
  answered: number
  waiting: number
  abandoned: number
}
export type SurvivalPoint = { seconds: number; stillWaiting: number; low: number | null; high: number | null }
/** weekday 1 = Monday, hour 0–23 of the local clock; only cells with waits. */
export type HeatCell = { weekday: number; hour: number; median: number | null; n: number }

export type ResponseTimes = {
  /** First day with opening hours; null: none are known. Asked of the business-hours clock only. */
  hoursKnownFrom: string | null
  median: ComparedValue
  p90: ComparedValue
  /** How the quantiles were estimated: Aalen–Johansen as soon as one wait was abandoned. Printed beside the number. */
  method: 'kaplan_meier' | 'aalen_johansen'
  answeredWithin: AnsweredWithin[]
  restrictedMean24hSeconds: number | null
  restrictedMean24hLow: number | null
  restrictedMean24hHigh: number | null
  /** opened = answered + waiting + abandoned */
  opened: number
  answered: number
  waiting: number
  abandoned: number
  /** Of those answered, the ones for whom no time passed on the clock: asked and answered while the business was closed. */
  answeredAtOnce: number
  medianOfAnswered: number | null
  days: ResponseDay[]
  distribution: ResponseBucket[]
  survival: SurvivalPoint[]
  heatmap: HeatCell[]
}

export type VolumeDay = {
  day: string
  received: number
  sentByHumans: number
  sentByBots: number
  sentByCampaigns: number
  orders: number
  /** Null: nothing arrived late. */
  revision: DayRevision | null
}

/** One stored event, as the live list and the thread show it. */
export type StoredEvent = {
  rowId: string
  kind: string
  role: Role
  name: string
  channel: Channel
  accountId: string
  /** 0: nobody. */
  contactId: number
  at: number
  receivedAt: number
  text: string
  externalId: string
  orderId: string
  amount: number | null
  currency: string
  data: string
}
/** Where a reader of live events stands: pass it back to get what was stored after it. */
export type LiveCursor = { insertedAt: number; rowId: string }
export type LiveEvent = StoredEvent & { cursor: LiveCursor; raw: string }

/** An event of a thread; delivered and read are known for the business's own messages only. */
export type ThreadEvent = StoredEvent & { delivered: boolean | null; read: boolean | null }
export type ThreadPage = {
  /** Oldest first. */
  events: ThreadEvent[]
  hasEarlier: boolean
}
export type ThreadCursor = { at: number; rowId: string }

export type SpellRow = {
  openedAt: number
  closedAt: number | null
  outcome: SpellOutcome
  seconds: number
  isFirst: boolean
  burst: number
  botAt: number | null
}

export type OrderRow = { orderId: string; at: number; amount: number; currency: string; status: string }

export type StageCount = { raw: number; closed: number }
export type ReasonCount = { reason: string; count: number }
export type FunnelCounts = {
  targeted: number
  eligible: number
  holdout: number
  excluded: ReasonCount[]
  attempted: number
  held: number
  withdrawn: ReasonCount[]
  sent: number
  failed: ReasonCount[]
  unknown: number
  pending: number
  delivered: StageCount
  read: StageCount
  replied: StageCount
  ordered: StageCount
  revenue: { amount: number; currency: string }[]
  sumsHold: boolean
}
/** Raw counts by arm; the interval is core/lift's work. */
export type LiftCounts = {
  treated: number
  treatedOrdered: number
  control: number
  controlOrdered: number
  state: CellState
}
export type SendOutcome = { contactId: number; delivered: boolean; read: boolean; replied: boolean; ordered: boolean }

export type {
  RetentionArgs,
  RetentionAverage,
  RetentionBreakdown,
  RetentionCell,
  RetentionEntry,
  RetentionGrain,
  RetentionLook,
  RetentionMatrix,
  RetentionOptions,
  RetentionReturn,
  RetentionRow,
  RetentionSegment,
} from './retention-types.ts'
export type { MetricRow, MetricRows, RowsArgs, RowsMetric } from './rows-types.ts'

export type WaitingSpell = {
  contactId: number
  accountId: string
  openedAt: number
  waitedSeconds: number
  lastText: string
  burst: number
}
export type WaitingNow = { total: number; longestSeconds: number | null; spells: WaitingSpell[] }

/** One conversation in the list: (account, contact). */
export type ThreadSummary = {
  accountId: string
  contactId: number
  lastMessageAt: number
  lastText: string
  lastRole: string
  waitingSince: number | null
  messageCount: number
}
export type ThreadsCursor = { lastMessageAt: number; contactId: number; accountId: string }
export type IntakeCounts = { acceptedLastHour: number; unknownLastHour: ReasonCount[]; lagSeconds: number }
