/**
 * Contacts and their names on channels. A contact's number is dense within its business, so that sets of contacts fit
 * bitmaps. All creation goes through `resolveContacts`, whose lock makes two processes agree on who is who.
 *
 * A contact is what events came in under and never changes; a person is a group of contacts (contact-merges.ts).
 */
import { isShareable, sortIdentities } from '@fidelio/core/contact-groups.ts'
import type { IdentityRef } from '@fidelio/core/event.ts'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'
import { type ContactLink, linkContacts, type Mention } from './contact-merges.ts'

type Db = ISql<StoreTypes>

/** A person to find or create by any of their identities; the strongest first, at least one. */
export type ContactRequest = {
  businessId: string
  identities: readonly IdentityRef[]
  displayName?: string | undefined
  locale?: string | undefined
  timeZone?: string | undefined
  /** When the person was first heard of; now, when left out. */
  since?: Date | undefined
  /** The event that tells these identities together: the evidence of a merge. */
  eventRowId?: string | undefined
}

/** The contact an event of this request belongs to. */
export type ResolvedContact = { contactId: number }

export type ResolvedContacts = {
  /** In the order of the requests; null when the business does not exist (any more). */
  contacts: (ResolvedContact | null)[]
  created: number
  /** Contacts that are counted as another one since, or no longer. */
  regrouped: number
}

type KnownIdentity = { businessId: string; namespace: string; value: string; contactId: number }
type NewContact = { businessId: string; id: number; request: ContactRequest }

/**
 * Finds or creates the contacts of `requests`. The first known of the identities that belong to one person decides, and
 * unknown ones are linked to that contact; two known for two contacts make these one person. E-mail and phone beside such
 * an identity are mentions (contact-merges.ts); alone they have a contact of their own, whatever came before. So the
 * contact of an event never depends on which events came first, except for its number.
 *
 * Must run inside a transaction of the worker: it locks the businesses' counters, in order, until the commit, so the
 * second of two racing callers sees what the first one created.
 */
export async function resolveContacts(sql: Db, requests: readonly ContactRequest[]): Promise<ResolvedContacts> {
  const businessIds = [...new Set(requests.map((request) => request.businessId))].sort()
  const counters = await lockCounters(sql, businessIds)
  const known = await readIdentities(sql, requests)
  const newContacts: NewContact[] = []
  const newIdentities: KnownIdentity[] = []
  const links: ContactLink[] = []
  const mentions: Mention[] = []
  const contacts = requests.map((request) => {
    const { businessId, eventRowId = null } = request
    const next = counters.get(businessId)
    if (next === undefined) return null
    const { own, shared } = sortIdentities(request.identities)
    const owners = new Set(own.map((identity) => known.get(identityKey(businessId, identity))).filter(isKnown))
    let [contactId] = owners
    if (contactId === undefined) {
      contactId = next
      counters.set(businessId, next + 1)
      newContacts.push({ businessId, id: contactId, request })
    }
    for (const identity of own) {
      const key = identityKey(businessId, identity)
      if (known.has(key)) continue
      known.set(key, contactId)
      newIdentities.push({ businessId, ...identity, contactId })
    }
    for (const owner of owners) {
      if (owner !== contactId) links.push({ businessId, contactIds: [contactId, owner], eventRowId })
    }
    const [beside] = own
    if (beside) {
      for (const identity of shared) mentions.push({ businessId, identity, beside, contactId, eventRowId })
    }
    return { contactId }
  })
  if (newContacts.length > 0) await insertContacts(sql, newContacts, counters)
  if (newIdentities.length > 0) await insertIdentities(sql, newIdentities)
  await renameTold(sql, requests, contacts)
  const alone = newIdentities.filter((identity) => isShareable(identity.namespace))
  const regrouped = await linkContacts(sql, { links, mentions, alone })
  return { contacts, created: newContacts.length, regrouped }
}

function isKnown(contactId: number | undefined): contactId is number {
  return contactId !== undefined
}

/** The next free number of each business. `no key update` does not disturb foreign keys that point at the business. */
async function lockCounters(sql: Db, businessIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await sql<{ id: string; next: number }[]>`
    select id, next_contact_id as next from businesses
     where id = any(${[...businessIds]}::uuid[]) order by id for no key update`
  return new Map(rows.map((row) => [row.id, row.next]))
}

/** Read after the lock, in a statement of its own: it sees what others committed while we waited. */
async function readIdentities(sql: Db, requests: readonly ContactRequest[]): Promise<Map<string, number>> {
  const wanted = requests.flatMap((request) =>
    request.identities.map((identity) => ({ businessId: request.businessId, ...identity })),
  )
  const rows = await sql<KnownIdentity[]>`
    select i.business_id as "businessId", i.namespace, i.value, i.contact_id as "contactId"
      from unnest(${wanted.map((w) => w.businessId)}::uuid[], ${wanted.map((w) => w.namespace)}::text[],
                  ${wanted.map((w) => w.value)}::text[]) as w (business_id, namespace, value)
      join contact_identities i using (business_id, namespace, value)`
  return new Map(rows.map((row) => [identityKey(row.businessId, row), row.contactId]))
}

async function insertContacts(
  sql: Db,
  contacts: readonly NewContact[],
  counters: ReadonlyMap<string, number>,
): Promise<void> {
  const texts = (pick: (request: ContactRequest) => string | undefined) =>
    contacts.map((contact) => pick(contact.request) ?? null)
  const businessIds = [...counters.keys()]
  await sql`
    insert into contacts (business_id, id, display_name, locale, time_zone, created_at)
    select business_id, id, display_name, locale, time_zone, coalesce(since::timestamptz, now())
      from unnest(${contacts.map((c) => c.businessId)}::uuid[], ${contacts.map((c) => c.id)}::bigint[],
                  ${texts((r) => r.displayName)}::text[], ${texts((r) => r.locale)}::text[],
                  ${texts((r) => r.timeZone)}::text[], ${texts((r) => r.since?.toISOString())}::text[])
           as person (business_id, id, display_name, locale, time_zone, since)`
  await sql`
    update businesses b set next_contact_id = n.next
      from unnest(${businessIds}::uuid[], ${businessIds.map((id) => counters.get(id) ?? 0)}::bigint[]) as n (id, next)
     where b.id = n.id and b.next_contact_id <> n.next`
}

async function renameTold(
  sql: Db,
  requests: readonly ContactRequest[],
  contacts: readonly (ResolvedContact | null)[],
): Promise<void> {
  const named = requests.flatMap((request, index) => {
    const contact = contacts[index]
    return contact && request.displayName !== undefined ? [{ request, contactId: contact.contactId }] : []
  })
  if (named.length > 0) await rename(sql, named)
}

/** What is told of known people later: a name replaces the old one, a locale or zone only when told. */
async function rename(sql: Db, named: readonly { request: ContactRequest; contactId: number }[]): Promise<void> {
  const column = (pick: (request: ContactRequest) => string | undefined) =>
    named.map(({ request }) => pick(request) ?? null)
  await sql`
    update contacts c
       set display_name = n.display_name, locale = coalesce(n.locale, c.locale), time_zone = coalesce(n.time_zone, c.time_zone)
      from unnest(${column((r) => r.businessId)}::uuid[], ${named.map((n) => n.contactId)}::bigint[],
                  ${column((r) => r.displayName)}::text[], ${column((r) => r.locale)}::text[],
                  ${column((r) => r.timeZone)}::text[]) as n (business_id, id, display_name, locale, time_zone)
     where c.business_id = n.business_id and c.id = n.id
       and (c.display_name, c.locale, c.time_zone)
           is distinct from (n.display_name, coalesce(n.locale, c.locale), coalesce(n.time_zone, c.time_zone))`
}

async function insertIdentities(sql: Db, identities: readonly KnownIdentity[]): Promise<void> {
  await sql`
    insert into contact_identities (business_id, namespace, value, contact_id)
    select * from unnest(${identities.map((i) => i.businessId)}::uuid[], ${identities.map((i) => i.namespace)}::text[],
                         ${identities.map((i) => i.value)}::text[], ${identities.map((i) => i.contactId)}::bigint[])`
}

function identityKey(businessId: string, identity: IdentityRef): string {
  return `${businessId}\u001f${identity.namespace}\u001f${identity.value}`
}
