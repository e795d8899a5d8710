/**
 * Parts of Meta bodies that came above their business's quota: kept in Postgres before the answer, and worked off in order
 * at the pace of the quota. Meta's answer to a refusal is to send the whole body again, neighbours included, and after an
 * hour to unsubscribe the Page (protocols.md §1.4), so only a business whose waiting room is full is refused.
 */
import type { StoreLog } from '@fidelio/db/log.ts'
import {
  claimDeferred,
  type DeferredEvent,
  deferredBacklogs,
  deleteDeferred,
  keepDeferred,
} from '@fidelio/db/records/deferred-events.ts'
import type { WorkerDb } from '@fidelio/db/tenancy.ts'
import { createGroup } from './group.ts'
import type { IngestLimits } from './limits.ts'
import type { IngestOutcome } from './outcome.ts'
import type { Quotas } from './quota.ts'

export type Deferral = {
  /** Resolves when they are durable. Null: no room for them. */
  keep(deferred: readonly DeferredEvent[]): Promise<unknown> | null
  /** Whether a business has room for so many characters more. */
  hasRoom(businessId: string, chars: number): boolean
  /** Works off what the quotas have room for. Returns the number of entries. */
  drain(): Promise<number>
}

export function createDeferral(deps: {
  worker: WorkerDb
  quotas: Quotas
  limits: IngestLimits
  log: StoreLog
  now: () => number
  /** Takes one in, as if it had just come, without asking the quota again. */
  accept: (deferred: DeferredEvent) => Promise<IngestOutcome>
}): Deferral {
  const { worker, quotas, limits, log, now, accept } = deps
  /** Bytes that wait, by business: as read last, and what was added since. */
  let waiting = new Map<string, number>()
  let read = false
  const group = createGroup({
    run: async (deferred: DeferredEvent[]) => {
      await worker.tx((sql) => keepDeferred(sql, deferred))
      return deferred
    },
    itemsPerRoundMax: limits.contactsPerRoundMax,
    itemsWaitingMax: limits.groupItemsMax,
  })

  /** In one transaction, whose locks keep other processes off; ending in the middle repeats it, which changes nothing. */
  function drainSome(businessId: string): Promise<number> {
    return worker.tx(async (sql) => {
      const done: string[] = []
      for (const deferred of await claimDeferred(sql, businessId, limits.deferredPerRoundMax)) {
        if (quotas.room(businessId, now()) <= 0) break
        quotas.admit(businessId, deferred.events, now())
        const outcome = await accept(deferred)
        if (outcome.status !== 200) {
          quotas.giveBack(businessId, deferred.events)
          log.warn({ businessId, status: outcome.status }, 'Deferred events cannot be stored yet')
          break
        }
        done.push(deferred.id)
      }
      await deleteDeferred(sql, done)
      return done.length
    })
  }

  return {
    hasRoom: (businessId, chars) => (waiting.get(businessId) ?? 0) + chars <= limits.deferredCharsPerBusinessMax,
    keep(deferred) {
      const kept = group.add(deferred)
      if (kept === null) return null
      for (const { businessId, raw } of deferred) {
        waiting.set(businessId, (waiting.get(businessId) ?? 0) + raw.length)
      }
      return kept
    },
    async drain() {
      // Nothing waits in nearly every installation at nearly every moment: it is asked once, then remembered.
      if (read && waiting.size === 0) return 0
      const backlogs = await worker.tx(deferredBacklogs)
      waiting = new Map(backlogs.map(({ businessId, bytes }) => [businessId, bytes]))
      read = true
      let drained = 0
      for (const { businessId } of backlogs) {
        if (!quotas.check(businessId, now())) drained += await drainSome(businessId)
      }
      return drained
    },
  }
}
