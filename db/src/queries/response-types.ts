/** What the finer questions about waits are answered with; part of types.ts. Durations are seconds, instants Unix milliseconds. */
import type { Badge } from '@fidelio/core/meta-badge.ts'
import type { ResponseTargetRecord } from '../records/business-hours.ts'

/** `app`: the one the answer came from; waits without an answer have none (''). */
export type ResponseGroupBy = 'channel' | 'account' | 'app'

export type ResponseGroup = {
  /** Channel, account id or app id. */
  key: string
  /** n = answered + waiting + abandoned */
  n: number
  answered: number
  waiting: number
  abandoned: number
  median: number | null
  medianLow: number | null
  medianHigh: number | null
  p90: number | null
  /** Counted; the share beside it is estimated with those still waiting. */
  answeredIn15Min: number
  within15Min: number
  within15MinLow: number
  within15MinHigh: number
}

/** kept + breached + running + left + free = all first waits of the period. */
export type TargetKept = {
  /** The promise of today. */
  current: ResponseTargetRecord | null
  kept: number
  breached: number
  running: number
  left: number
  free: number
}

export type DueWait = {
  contactId: number
  accountId: string
  openedAt: number
  burst: number
  dueAt: number
  breached: boolean
  /** On the clock of the promise; negative when overdue. */
  leftSeconds: number
}

/** Meta's badge of one Page as its help describes it, with what the median says beside it. */
export type AccountBadge = Badge & {
  accountId: string
  /** Local days, both included. */
  from: string
  to: string
  /** Of the first waits of the same days, the unanswered counted as waiting; seconds. */
  median: number | null
}
