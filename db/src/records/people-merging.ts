/**
 * Merging by decision: what would happen, doing it, and taking it back (features.md 2.3). Everything runs through the
 * business's own door, so nobody is ever merged across businesses: the other's contacts do not exist here.
 */
import type { StoreTransaction } from '../postgres/client.ts'
import type { BusinessDb } from '../tenancy.ts'
import { linkByHand, lockBusiness, type MergeReason, peopleOf, undoLink } from './contact-merges.ts'
import { type ConsentAnswer, type IdentityRecord, listConsents, listIdentities } from './contact-pages.ts'

/** One person, by what would move. */
export type PersonParts = {
  personId: number
  identities: IdentityRecord[]
  consents: ConsentAnswer[]
  /** Accounts on which they have a conversation. */
  conversations: number
  /** Contacts they came in under. */
  contacts: number
}

export type MergePreview = {
  /** Both people as they are, the one who would be kept first. */
  before: [PersonParts, PersonParts]
  after: PersonParts
  /** People of the business. */
  peopleBefore: number
  peopleAfter: number
}

export type MergeOutcome<T> = { kind: 'done'; result: T } | { kind: 'unknown' } | { kind: 'one_already' }

/**
 * What merging two people would bring about: the merge itself, looked at and taken back in one transaction, so that the
 * preview cannot say anything else than what will happen.
 */
export function previewMerge(
  db: BusinessDb,
  contactIds: readonly [number, number],
): Promise<MergeOutcome<MergePreview>> {
  return db.tx(async (sql) => {
    const people = await twoPeople(sql, db.businessId, contactIds)
    if ('kind' in people) return people
    const [kept, moved] = people
    const before: [PersonParts, PersonParts] = [
      await partsOf(sql, db.businessId, kept),
      await partsOf(sql, db.businessId, moved),
    ]
    const peopleBefore = await countPeople(sql, db.businessId)
    await sql`savepoint before_merge`
    await linkByHand(sql, db.businessId, [kept, moved], 'preview')
    const after = await partsOf(sql, db.businessId, kept)
    const peopleAfter = await countPeople(sql, db.businessId)
    await sql`rollback to savepoint before_merge`
    return { kind: 'done', result: { before, after, peopleBefore, peopleAfter } }
  })
}

/** Makes two people one. `personId`: whom they are counted as from now on. */
export function mergePeople(
  db: BusinessDb,
  contactIds: readonly [number, number],
  actor: string,
): Promise<MergeOutcome<{ personId: number; mergeId: string }>> {
  return db.tx(async (sql) => {
    const people = await twoPeople(sql, db.businessId, contactIds)
    if ('kind' in people) return people
    const mergeId = await linkByHand(sql, db.businessId, people, actor)
    return { kind: 'done', result: { personId: people[0], mergeId } }
  })
}

/** Takes a merge back. `stillOne`: something else says that the two are one person. */
export function undoMerge(
  db: BusinessDb,
  mergeId: string,
  actor: string,
): Promise<{ personIds: number[]; stillOne: boolean } | null> {
  return db.tx(async (sql) => {
    await lockBusiness(sql, db.businessId)
    const undone = await undoLink(sql, db.businessId, mergeId, actor)
    if (!undone) return null
    const people = await peopleOf(sql, db.businessId, undone.contactIds)
    const personIds = [...new Set(people.values())].sort((a, b) => a - b)
    return { personIds, stillOne: personIds.length === 1 }
  })
}

export type MergeRecord = {
  id: string
  contactId: number
  otherContactId: number
  reason: MergeReason
  /** Of same_email and same_phone: the address or number they share. */
  value: string
  eventRowId: string | null
  /** The person or key that decided it, '' for an event. */
  actor: string
  createdAt: Date
  undoneAt: Date | null
  undoneBy: string
}

/** Why the contacts of a person are one, and what was taken back, newest first. */
export function listMerges(sql: StoreTransaction, businessId: string, personId: number): Promise<MergeRecord[]> {
  return sql<MergeRecord[]>`
    with own as (
      select id from contacts where business_id = ${businessId} and (id = ${personId} or merged_into = ${personId})
    )
    select id, contact_id as "contactId", other_contact_id as "otherContactId", reason, value,
           event_row_id as "eventRowId", actor, created_at as "createdAt", undone_at as "undoneAt", undone_by as "undoneBy"
      from contact_merges
     where business_id = ${businessId}
       and (contact_id in (select id from own) or other_contact_id in (select id from own))
     order by created_at desc, id`
}

export type MergedContact = { contactId: number; displayName: string | null; createdAt: Date }

/** The other contacts that are counted as this person, lowest number first. */
export function listMergedContacts(
  sql: StoreTransaction,
  businessId: string,
  personId: number,
): Promise<MergedContact[]> {
  return sql<MergedContact[]>`
    select id as "contactId", display_name as "displayName", created_at as "createdAt"
      from contacts where business_id = ${businessId} and merged_into = ${personId} order by id`
}

export type SharedIdentityRecord = { namespace: string; value: string; contacts: number; lastToldAt: Date }

/** E-mails and phones told beside too many different people to say who somebody is, the most shared first. */
export function listSharedIdentities(
  sql: StoreTransaction,
  businessId: string,
  page: { sharedBeyond: number; first: number },
): Promise<SharedIdentityRecord[]> {
  return sql<SharedIdentityRecord[]>`
    select namespace, value, sum(told)::integer as contacts, max(last_told_at) as "lastToldAt"
      from (select namespace, value, beside_namespace, count(*) as told, max(created_at) as last_told_at
              from contact_mentions where business_id = ${businessId}
             group by namespace, value, beside_namespace) counts
     group by namespace, value
    having max(told) > ${page.sharedBeyond}
     order by contacts desc, namespace, value
     limit ${page.first}`
}

/** The two people of two contacts, the one who is kept first; they stay what they are until the end of the transaction. */
async function twoPeople(
  sql: StoreTransaction,
  businessId: string,
  contactIds: readonly [number, number],
): Promise<[number, number] | { kind: 'unknown' } | { kind: 'one_already' }> {
  await lockBusiness(sql, businessId)
  const people = await peopleOf(sql, businessId, contactIds)
  const [a, b] = contactIds.map((contactId) => people.get(contactId))
  if (a === undefined || b === undefined) return { kind: 'unknown' }
  return a === b ? { kind: 'one_already' } : [Math.min(a, b), Math.max(a, b)]
}

async function partsOf(sql: StoreTransaction, businessId: string, personId: number): Promise<PersonParts> {
  const [counts] = await sql<{ contacts: number; conversations: number }[]>`
    with own as (
      select id from contacts where business_id = ${businessId} and (id = ${personId} or merged_into = ${personId})
    )
    select (select count(*) from own)::integer as contacts,
           (select count(distinct account_id) from threads
             where business_id = ${businessId} and contact_id in (select id from own))::integer as conversations`
  return {
    personId,
    identities: await listIdentities(sql, businessId, personId),
    consents: await listConsents(sql, businessId, personId),
    conversations: counts?.conversations ?? 0,
    contacts: counts?.contacts ?? 0,
  }
}

async function countPeople(sql: StoreTransaction, businessId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from contacts where business_id = ${businessId} and merged_into is null`
  return row?.count ?? 0
}
