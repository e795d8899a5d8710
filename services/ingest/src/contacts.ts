/** Who a message is from: identities → contact numbers, from memory when known, otherwise in one round for all callers. */
import { type ContactRequest, resolveContacts } from '@fidelio/db/records/contacts.ts'
import type { WorkerDb } from '@fidelio/db/tenancy.ts'
import { createGroup } from './group.ts'
import type { IngestLimits } from './limits.ts'
import type { IngestMetrics } from './metrics.ts'

export type Contacts = {
  /** The contact's number if every identity is remembered, otherwise undefined. */
  known(request: ContactRequest): number | undefined
  /**
   * Finds or creates contacts, in the order of the requests; null for a business that is gone. Rejects when Postgres
   * does not answer. Null instead of a promise: too many wait already.
   */
  resolve(requests: readonly ContactRequest[]): Promise<(number | null)[]> | null
  /** Forgets everything: a business was removed, or a person erased. */
  invalidate(): void
}

export function createContacts(deps: { worker: WorkerDb; limits: IngestLimits; metrics: IngestMetrics }): Contacts {
  const { worker, limits, metrics } = deps
  const cache = createCache(limits.contactCacheMax)

  async function round(requests: ContactRequest[]): Promise<(number | null)[]> {
    const { generation } = cache
    const { contacts, created, conflicts } = await worker.tx((sql) => resolveContacts(sql, requests))
    if (created > 0) metrics.counted('contacts_created', created)
    if (conflicts > 0) metrics.counted('contact_conflicts', conflicts)
    return contacts.map((contact, index) => {
      const request = requests[index]
      if (contact === null || request === undefined) return null
      // What was read before an invalidation must not be remembered after it.
      if (generation === cache.generation) {
        for (const [at, identity] of request.identities.entries()) {
          const owner = contact.identityContactIds[at]
          if (owner !== undefined) cache.set(identityKey(request.businessId, identity), owner)
        }
      }
      return contact.contactId
    })
  }

  const group = createGroup({
    run: round,
    itemsPerRoundMax: limits.contactsPerRoundMax,
    itemsWaitingMax: limits.groupItemsMax,
  })

  return {
    known(request) {
      let first: number | undefined
      for (const identity of request.identities) {
        const contactId = cache.get(identityKey(request.businessId, identity))
        // An unknown identity beside a known one has to be linked, which only the store can do.
        if (contactId === undefined) return undefined
        first ??= contactId
      }
      return first
    },
    resolve: (requests) => group.add(requests),
    invalidate: () => cache.clear(),
  }
}

function identityKey(businessId: string, identity: { namespace: string; value: string }): string {
  return `${businessId}\u001f${identity.namespace}\u001f${identity.value}`
}

/**
 * The recently used half of a bounded map survives: when the young half is full it becomes the old one, and an entry
 * used again moves back. As good as an exact order of use here, and two lookups at worst.
 */
function createCache(entriesMax: number) {
  const halfMax = Math.max(1, Math.floor(entriesMax / 2))
  let young = new Map<string, number>()
  let old = new Map<string, number>()
  let generation = 0

  function set(key: string, value: number): void {
    young.set(key, value)
    if (young.size < halfMax) return
    old = young
    young = new Map()
  }

  return {
    get generation() {
      return generation
    },
    set,
    get(key: string): number | undefined {
      const fresh = young.get(key)
      if (fresh !== undefined) return fresh
      const aged = old.get(key)
      if (aged !== undefined) set(key, aged)
      return aged
    },
    clear() {
      generation++
      young = new Map()
      old = new Map()
    },
  }
}
