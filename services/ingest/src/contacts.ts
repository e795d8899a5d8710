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
    const { businessId } = request
    cache.set(businessId, first.namespace, first.value, contactId)
    for (const other of others) cache.set(businessId, pairSpace(first), pairValue(first, other), contactId)
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
      const { businessId } = request
      const contactId = cache.get(businessId, first.namespace, first.value)
      if (contactId === undefined) return undefined
      // Identities never told together before may make two contacts one person, which only the store can do.
      for (const other of others) {
        if (cache.get(businessId, pairSpace(first), pairValue(first, other)) === undefined) return undefined
      }
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

/** A namespace of the cache beside those of identities: they hold no control characters. */
function pairSpace(first: IdentityRef): string {
  return `\u001e${first.namespace}`
}

function pairValue(first: IdentityRef, other: IdentityRef): string {
  return `${first.value}\u001f${other.namespace}\u001f${other.value}`
}

/** Contact numbers by business, namespace and value: three looks at short texts cost less than one at their sum. */
type Shelves = Map<string, Map<string, Map<string, number>>>

/**
 * The recently used half of a bounded map survives: when the young half is full it becomes the old one, and an entry
 * used again moves back. As good as an exact order of use here, and two lookups at worst.
 */
function createCache(entriesMax: number) {
  const halfMax = Math.max(1, Math.floor(entriesMax / 2))
  let young: Shelves = new Map()
  let youngSize = 0
  let old: Shelves = new Map()
  let generation = 0

  function set(businessId: string, namespace: string, value: string, contactId: number): void {
    const shelf = shelfOf(young, businessId, namespace)
    const before = shelf.size
    shelf.set(value, contactId)
    youngSize += shelf.size - before
    if (youngSize < halfMax) return
    old = young
    young = new Map()
    youngSize = 0
  }

  return {
    get generation() {
      return generation
    },
    set,
    get(businessId: string, namespace: string, value: string): number | undefined {
      const fresh = young.get(businessId)?.get(namespace)?.get(value)
      if (fresh !== undefined) return fresh
      const aged = old.get(businessId)?.get(namespace)?.get(value)
      if (aged !== undefined) set(businessId, namespace, value, aged)
      return aged
    },
    clear() {
      generation++
      young = new Map()
      youngSize = 0
      old = new Map()
    },
  }
}

function shelfOf(shelves: Shelves, businessId: string, namespace: string): Map<string, number> {
  let ofBusiness = shelves.get(businessId)
  if (ofBusiness === undefined) {
    ofBusiness = new Map()
    shelves.set(businessId, ofBusiness)
  }
  let shelf = ofBusiness.get(namespace)
  if (shelf === undefined) {
    shelf = new Map()
    ofBusiness.set(namespace, shelf)
  }
  return shelf
}
