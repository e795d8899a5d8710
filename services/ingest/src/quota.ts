/**
 * Who may send how much (features.md 1.11): a token bucket and a daily sum per business, and, when rows pile up in front
 * of the event store, a fair share for everybody who sends. One look into a map and a subtraction per entry; nothing here
 * waits. Limits per second hold for one process, the daily one for the installation, seconds late.
 */
import { dayMs } from '@fidelio/core/time.ts'
import type { IngestLimits } from './limits.ts'

export type QuotaRow = {
  businessId: string
  eventsPerSecond: number | null
  burstEvents: number | null
  eventsPerDay: number | null
  /** What the whole installation let in today, as far as it is counted. */
  usedToday: number
}

/** `over_quota`: the business's own limit. `over_share`: the store is behind, and this business is what it is behind of. */
export type Refusal = { reason: 'over_quota' | 'over_share'; retryAfterSeconds: number }

export type Quotas = {
  /**
   * Charges events to a business. A bucket may go below zero by one body, so that a body larger than what is left, or
   * than the whole burst, passes when its turn comes. `at`: Unix milliseconds.
   */
  admit(businessId: string, events: number, at: number): Refusal | undefined
  /** What `admit` would answer, without charging. */
  check(businessId: string, at: number): Refusal | undefined
  /** Events a business may send right now. */
  room(businessId: string, at: number): number
  /** What was charged and could not be stored: it will come again. */
  giveBack(businessId: string, events: number): void
  /** Replaces what is known about limits; businesses that are not named have the defaults. */
  learn(rows: readonly QuotaRow[], at: number): void
  /** What was let in since the last call, by business. */
  takeAdmitted(): Map<string, number>
}

type Bucket = {
  perSecond: number
  burst: number
  perDay: number
  tokens: number
  filledAt: number
  /** Let in, not yet told to the store. */
  admitted: number
  /** The UTC day `usedToday` is about. */
  day: number
  usedToday: number
  /** Events let in during this and the last second, for the fair share. */
  second: number
  inSecond: number
  inLastSecond: number
}

/** A day's quota is refilled at midnight UTC; nobody is sent away for longer than an hour at a time. */
const retrySecondsMax = 3600
/** A business that sends half again as much as the mean of those who send is not yet unfair. */
const shareFactor = 1.5

export function createQuotas(deps: {
  limits: Pick<IngestLimits, 'quotaEventsPerSecond' | 'quotaBurstEvents' | 'fairRowsMin' | 'retryAfterSeconds'>
  /** Rows that wait for the event store. */
  backlog: () => number
}): Quotas {
  const { limits, backlog } = deps
  const buckets = new Map<string, Bucket>()
  let known = new Map<string, QuotaRow>()
  const everyone = { second: 0, inSecond: 0, inLastSecond: 0, senders: 0, lastSenders: 0 }

  function bucketOf(businessId: string, at: number): Bucket {
    let bucket = buckets.get(businessId)
    if (bucket === undefined) {
      bucket = newBucket(at)
      setLimits(bucket, known.get(businessId), at)
      bucket.tokens = bucket.burst
      buckets.set(businessId, bucket)
    }
    return bucket
  }

  function setLimits(bucket: Bucket, row: QuotaRow | undefined, at: number): void {
    bucket.perSecond = row?.eventsPerSecond ?? limits.quotaEventsPerSecond
    // A limit per second without a burst of its own allows ten seconds of it at once.
    bucket.burst = row?.burstEvents ?? (row?.eventsPerSecond ? row.eventsPerSecond * 10 : limits.quotaBurstEvents)
    bucket.perDay = row?.eventsPerDay ?? Number.POSITIVE_INFINITY
    bucket.day = Math.floor(at / dayMs)
    bucket.usedToday = row?.usedToday ?? 0
    bucket.tokens = Math.min(bucket.tokens, bucket.burst)
  }

  function refill(bucket: Bucket, at: number): void {
    const elapsed = at - bucket.filledAt
    // A clock set back neither fills nor empties a bucket.
    if (elapsed > 0) bucket.tokens = Math.min(bucket.burst, bucket.tokens + (elapsed * bucket.perSecond) / 1000)
    if (elapsed !== 0) bucket.filledAt = at
    const day = Math.floor(at / dayMs)
    if (day === bucket.day) return
    bucket.day = day
    bucket.usedToday = 0
    bucket.admitted = 0
  }

  function refusal(bucket: Bucket, at: number): Refusal | undefined {
    refill(bucket, at)
    if (bucket.tokens <= 0) {
      return overQuota(Math.ceil((1 - bucket.tokens) / bucket.perSecond))
    }
    if (bucket.usedToday + bucket.admitted >= bucket.perDay) {
      return overQuota(Math.ceil(((bucket.day + 1) * dayMs - at) / 1000))
    }
    return backlog() > limits.fairRowsMin && isOverShare(bucket, at) ? overShare() : undefined
  }

  function overQuota(seconds: number): Refusal {
    return { reason: 'over_quota', retryAfterSeconds: Math.min(Math.max(seconds, 1), retrySecondsMax) }
  }

  function overShare(): Refusal {
    return { reason: 'over_share', retryAfterSeconds: limits.retryAfterSeconds }
  }

  function isOverShare(bucket: Bucket, at: number): boolean {
    turnSeconds(bucket, Math.floor(at / 1000))
    const senders = Math.max(everyone.senders, everyone.lastSenders)
    // Whoever sends alone has nobody to be fair to: the buffer's own bound holds.
    if (senders < 2) return false
    const mean = (everyone.inSecond + everyone.inLastSecond) / senders
    return bucket.inSecond + bucket.inLastSecond > mean * shareFactor
  }

  function turnSeconds(bucket: Bucket, second: number): void {
    if (everyone.second !== second) {
      const next = second === everyone.second + 1
      everyone.inLastSecond = next ? everyone.inSecond : 0
      everyone.lastSenders = next ? everyone.senders : 0
      everyone.inSecond = 0
      everyone.senders = 0
      everyone.second = second
    }
    if (bucket.second !== second) {
      bucket.inLastSecond = second === bucket.second + 1 ? bucket.inSecond : 0
      bucket.inSecond = 0
      bucket.second = second
    }
  }

  return {
    admit(businessId, events, at) {
      const bucket = bucketOf(businessId, at)
      const refused = refusal(bucket, at)
      if (refused) return refused
      bucket.tokens -= events
      bucket.admitted += events
      turnSeconds(bucket, Math.floor(at / 1000))
      if (bucket.inSecond === 0) everyone.senders++
      bucket.inSecond += events
      everyone.inSecond += events
      return undefined
    },
    check: (businessId, at) => refusal(bucketOf(businessId, at), at),
    room(businessId, at) {
      const bucket = bucketOf(businessId, at)
      if (refusal(bucket, at)) return 0
      return Math.min(bucket.tokens, bucket.perDay - bucket.usedToday - bucket.admitted)
    },
    giveBack(businessId, events) {
      const bucket = buckets.get(businessId)
      if (!bucket) return
      bucket.tokens = Math.min(bucket.burst, bucket.tokens + events)
      bucket.admitted = Math.max(0, bucket.admitted - events)
    },
    learn(rows, at) {
      known = new Map(rows.map((row) => [row.businessId, row]))
      for (const [businessId, bucket] of buckets) {
        refill(bucket, at)
        setLimits(bucket, known.get(businessId), at)
      }
    },
    takeAdmitted() {
      const taken = new Map<string, number>()
      for (const [businessId, bucket] of buckets) {
        if (bucket.admitted === 0) continue
        taken.set(businessId, bucket.admitted)
        bucket.usedToday += bucket.admitted
        bucket.admitted = 0
      }
      return taken
    },
  }
}

function newBucket(at: number): Bucket {
  const limits = { perSecond: 0, burst: 0, perDay: 0, tokens: 0, filledAt: at, admitted: 0 }
  return { ...limits, day: Math.floor(at / dayMs), usedToday: 0, second: 0, inSecond: 0, inLastSecond: 0 }
}
