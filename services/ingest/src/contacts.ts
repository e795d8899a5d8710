/** Who a message is from: identities → contact numbers, from memory when known, otherwise in one round for all callers. */
import { sortIdentities } from '@fidelio/core/contact-groups.ts'
import type { IdentityRef } from '@fidelio/core/event.ts'
import { type ContactRequest, resolveContacts } from '@fidelio/db/records/contacts.ts'
import type { WorkerDb } from '@fidelio/db/tenancy.ts'
import { createGroup } from './group.ts'
import type { IngestLimits } from './limits.ts'
import type { IngestMetrics } from './metrics.ts'

export type Contacts = {
  /** The contact's number if the identities are remembered as told together, otherwise undefined. */
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
    const { contacts, created, regrouped } = await worker.tx((sql) => resolveContacts(sql, requests))
    if (created > 0) metrics.counted('contacts_created', created)
    if (regrouped > 0) metrics.counted('contacts_regrouped', regrouped)
    return contacts.map((contact, index) => {
      const request = requests[index]
      if (contact === null || request === undefined) return null
      // What was read before an invalidation must not be remembered after it.
      if (generation === cache.generation) remember(request, contact.contactId)
      return contact.contactId
    })
  }

  /** The first identity names the contact; that the others were told beside it is remembered as a fact about the pair. */
  function remember(request: ContactRequest, contactId: number): void {
    const [first, ...others] = strongestFirst(request)
    if (first === undefined) return
    const key = identityKey(request.businessId, first)
    cache.set(key, contactId)
    for (const other of others) cache.set(pairKey(key, other), contactId)
  }

  const group = createGroup({
    run: round,
    itemsPerRoundMax: limits.contactsPerRoundMax,
    itemsWaitingMax: limits.groupItemsMax,
  })

  return {
    known(request) {
      const [first, ...others] = strongestFirst(request)
      if (first === undefined) return undefined
      const key = identityKey(request.businessId, first)
      const contactId = cache.get(key)
      if (contactId === undefined) return undefined
      // Identities never told together before may make two contacts one person, which only the store can do.
      for (const other of others) if (cache.get(pairKey(key, other)) === undefined) return undefined
      return contactId
    },
    resolve: (requests) => group.add(requests),
    invalidate: () => cache.clear(),
  }
}

function strongestFirst({ identities }: ContactRequest): readonly IdentityRef[] {
  if (identities.length < 2) return identities
  const { own, shared } = sortIdentities(identities)
  return [...own, ...shared]
}

function identityKey(businessId: string, identity: IdentityRef): string {
  return `${businessId}\u001f${identity.namespace}\u001f${identity.value}`
}

function pairKey(firstKey: string, other: IdentityRef): string {
  return `${firstKey}\u001e${other.namespace}\u001f${other.value}`
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
