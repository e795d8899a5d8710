/**
 * How fast one account may be used: a token bucket of one second, and a pause when the channel asks for one. Kept per
 * process; the pause of a single person is also in the row (`not_before`), so a restart loses no politeness.
 */
import { secondMs } from '@fidelio/core/time.ts'

type Bucket = { tokens: number; filledAt: number; pausedUntil: number }

export type Pace = {
  /** Takes up to `wanted` sends out of the bucket and answers how many there were; 0 while paused. */
  take(key: string, perSecond: number, wanted: number, now: number): number
  /** Puts back what was not used. */
  giveBack(key: string, unused: number): void
  /** Nothing more for this key until an instant. */
  pause(key: string, until: number): void
  isPaused(key: string, now: number): boolean
}

export function createPace(): Pace {
  const buckets = new Map<string, Bucket>()
  const bucketOf = (key: string, tokens: number, now: number): Bucket => {
    const known = buckets.get(key)
    if (known) return known
    const bucket = { tokens, filledAt: now, pausedUntil: 0 }
    buckets.set(key, bucket)
    return bucket
  }
  return {
    take(key, perSecond, wanted, now) {
      const bucket = bucketOf(key, perSecond, now)
      if (now < bucket.pausedUntil) return 0
      // A clock that went backwards adds nothing.
      const seconds = Math.max(0, now - bucket.filledAt) / secondMs
      bucket.tokens = Math.min(perSecond, bucket.tokens + seconds * perSecond)
      bucket.filledAt = now
      const taken = Math.min(wanted, Math.floor(bucket.tokens))
      bucket.tokens -= taken
      return taken
    },
    giveBack(key, unused) {
      const bucket = buckets.get(key)
      if (bucket) bucket.tokens += unused
    },
    pause(key, until) {
      const bucket = bucketOf(key, 0, until)
      bucket.pausedUntil = Math.max(bucket.pausedUntil, until)
    },
    isPaused: (key, now) => now < (buckets.get(key)?.pausedUntil ?? 0),
  }
}
