/**
 * What happened at the door, per account: counted in memory, written every few seconds and at the end. Only what did not
 * become an event is counted here; accepted events are counted by the event store, exactly. A process that is killed takes
 * the counts of its last seconds with it, and no event.
 */
import { hourMs } from '@fidelio/core/time.ts'
import type { StoreTransaction } from '@fidelio/db/postgres/client.ts'
import { recordFirsts } from '@fidelio/db/records/account-health.ts'
import { addIntakeCounts, type IntakeCount, type IntakeOutcome } from '@fidelio/db/records/intake-counters.ts'
import { readIntakeQuotas } from '@fidelio/db/records/intake-quotas.ts'
import type { WorkerDb } from '@fidelio/db/tenancy.ts'
import type { DropReason } from './metrics.ts'
import type { Quotas } from './quota.ts'
import { nilAccountId } from './row.ts'

/** Whose it is. `/v1/events` has the nil account. */
export type Counted = { businessId: string; accountId: string }

export type Ledger = {
  /** Counts events (or bodies, where no event was read) of an account at an instant. */
  count(of: Counted, outcome: Exclude<IntakeOutcome, 'admitted'>, reason: DropReason, events: number, at: number): void
  /** The account sent a body that was signed as it should be, with these events in it. */
  heard(accountId: string, events: readonly { kind: string }[]): void
  /** Writes what was counted and learns the limits anew. What could not be written is kept for the next time. */
  flush(now: Date): Promise<void>
}

/** Accounts whose first signed body, and first message, this process knows to be on record. */
const rememberedMax = 100_000

export function createLedger(deps: { worker: WorkerDb; quotas: Quotas }): Ledger {
  const { worker, quotas } = deps
  let counts = new Map<string, IntakeCount>()
  let firsts = new Map<string, { message: boolean }>()
  const onRecord = new Map<string, boolean>()
  let flushing: Promise<void> | undefined

  function add(count: IntakeCount): void {
    const key = `${count.accountId}${count.outcome}${count.reason}${count.hour.getTime()}${count.businessId}`
    const known = counts.get(key)
    if (known) known.events += count.events
    else counts.set(key, { ...count })
  }

  async function write(now: Date): Promise<void> {
    for (const [businessId, events] of quotas.takeAdmitted()) {
      add({ businessId, accountId: nilAccountId, hour: hourOf(now.getTime()), outcome: 'admitted', reason: '', events })
    }
    const [writtenCounts, writtenFirsts] = [counts, firsts]
    counts = new Map()
    firsts = new Map()
    try {
      const rows = await worker.tx(async (sql: StoreTransaction) => {
        await addIntakeCounts(sql, [...writtenCounts.values()])
        await recordFirsts(
          sql,
          [...writtenFirsts].map(([accountId, { message }]) => ({ accountId, message })),
          now,
        )
        return readIntakeQuotas(sql, dayOf(now))
      })
      quotas.learn(rows, now.getTime())
      if (onRecord.size > rememberedMax) onRecord.clear()
      for (const [accountId, { message }] of writtenFirsts) {
        onRecord.set(accountId, message || onRecord.get(accountId) === true)
      }
    } catch (error) {
      for (const count of writtenCounts.values()) add(count)
      for (const [accountId, { message }] of writtenFirsts) noteFirst(accountId, message)
      throw error
    }
  }

  function noteFirst(accountId: string, message: boolean): void {
    const waiting = firsts.get(accountId)
    if (waiting) waiting.message ||= message
    else firsts.set(accountId, { message })
  }

  return {
    count: ({ businessId, accountId }, outcome, reason, events, at) =>
      add({ businessId, accountId, hour: hourOf(at), outcome, reason, events }),
    heard(accountId, events) {
      const known = onRecord.get(accountId)
      if (known === true) return
      const message = events.some(({ kind }) => kind === 'message.received')
      if (message || known === undefined) noteFirst(accountId, message)
    },
    async flush(now) {
      // One at a time: what is counted meanwhile belongs to the next.
      while (flushing) await flushing.catch(() => 'told to whoever asked for it')
      flushing = write(now).finally(() => {
        flushing = undefined
      })
      await flushing
    },
  }
}

function hourOf(at: number): Date {
  return new Date(Math.floor(at / hourMs) * hourMs)
}

function dayOf(now: Date): Date {
  return new Date(now.toISOString().slice(0, 10))
}
