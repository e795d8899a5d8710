/**
 * Who is one person: contacts held together by links (features.md 2.2, 2.3; ARCHITECTURE.md, decision 26).
 *
 * A link says that two contacts are one person, and why: an event told both identities together, both were told with the
 * same e-mail or phone, or somebody decided it. A person is what the links in force hold together, counted under the
 * lowest contact number. Links are undone, never removed, and events keep the contact they came in under, so that undoing
 * gives back exactly what was before.
 *
 * The grouping follows from the facts alone, whatever their order. So that a shared address does not chain strangers
 * together, an e-mail, phone or code of the business's own pages links nobody once it was told beside more than `sharedBeyond` (core) different identities of one
 * namespace (of one Page, of one shop): then all its links are undone and it is listed as shared.
 */
import { randomUUID } from 'node:crypto'
import { groupsOf, sharedBeyond } from '@fidelio/core/contact-groups.ts'
import type { IdentityRef } from '@fidelio/core/event.ts'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'
import { regroupConsents } from './consents.ts'

type Db = ISql<StoreTypes>

/** Two contacts whose identities one event told together. */
export type ContactLink = { businessId: string; contactIds: readonly [number, number]; eventRowId: string | null }

/** An e-mail or phone told beside a stronger identity, whose contact is `contactId`. */
export type Mention = {
  businessId: string
  identity: IdentityRef
  beside: IdentityRef
  contactId: number
  eventRowId: string | null
}

export type LinkFacts = {
  links: readonly ContactLink[]
  mentions: readonly Mention[]
  /** E-mails and phones that have just become a contact of their own. */
  alone: readonly { businessId: string; namespace: string; value: string }[]
}

export type MergeReason = 'told_together' | 'same_email' | 'same_phone' | 'by_hand'

type NewLink = {
  businessId: string
  contactId: number
  otherContactId: number
  reason: MergeReason
  namespace: string
  value: string
  eventRowId: string | null
  actor: string
}

/** Any number that is this product's own, beside the business's: see `lockGrouping`. */
const groupingLock = 713_240_002

/**
 * Records what events say about who is one person, and regroups the contacts. Runs in the transaction of
 * `resolveContacts`, which holds the businesses' rows: one process at a time decides about a business.
 * @returns how many contacts changed the person they are counted as.
 */
export async function linkContacts(sql: Db, facts: LinkFacts): Promise<number> {
  const { links, mentions, alone } = facts
  if (links.length === 0 && mentions.length === 0 && alone.length === 0) return 0
  const told = links.map((link) => newLink({ ...link, reason: 'told_together' }))
  const freshMentions = mentions.length > 0 ? await insertMentions(sql, mentions) : []
  const shareables = [...freshMentions, ...alone]
  const touched = [...told, ...(shareables.length > 0 ? await linkByMentions(sql, shareables, mentions) : [])]
  if (told.length > 0) await insertLinks(sql, told)
  let regrouped = 0
  for (const businessId of new Set(touched.map((link) => link.businessId))) {
    const own = touched.filter((link) => link.businessId === businessId)
    regrouped += await regroup(sql, businessId, [...new Set(own.flatMap((l) => [l.contactId, l.otherContactId]))])
  }
  return regrouped
}

/** Links two contacts by somebody's decision. The caller holds the business (`lockBusiness`). */
export async function linkByHand(
  sql: Db,
  businessId: string,
  contactIds: readonly [number, number],
  actor: string,
): Promise<string> {
  const link = newLink({ businessId, contactIds, reason: 'by_hand', actor, eventRowId: null })
  const [id] = await insertLinks(sql, [link])
  if (id === undefined) throw new Error('The two contacts are linked by hand already.')
  await regroup(sql, businessId, contactIds)
  return id
}

/** Takes one link back. The caller holds the business. Null: there is no such link in force. */
export async function undoLink(
  sql: Db,
  businessId: string,
  linkId: string,
  actor: string,
): Promise<{ contactIds: [number, number] } | null> {
  const [undone] = await sql<{ contactId: number; otherContactId: number }[]>`
    update contact_merges set undone_at = now(), undone_by = ${actor}
     where business_id = ${businessId} and id = ${linkId} and undone_at is null
    returning contact_id as "contactId", other_contact_id as "otherContactId"`
  if (!undone) return null
  const contactIds: [number, number] = [undone.contactId, undone.otherContactId]
  await regroup(sql, businessId, contactIds)
  return { contactIds }
}

/** One decision about the people of a business at a time; also what `resolveContacts` holds. */
export async function lockBusiness(sql: Db, businessId: string): Promise<void> {
  await sql`select 1 from businesses where id = ${businessId} for no key update`
}

/**
 * Sends look at who is one person before they start (`'shared'`); while they do, nobody is regrouped (`'exclusive'`). So
 * of two sends to one person the second sees either that it is the same person, or that the first is on its way.
 */
export async function lockGrouping(sql: Db, businessId: string, mode: 'shared' | 'exclusive'): Promise<void> {
  if (mode === 'shared') await sql`select pg_advisory_xact_lock_shared(${groupingLock}, hashtext(${businessId}))`
  else await sql`select pg_advisory_xact_lock(${groupingLock}, hashtext(${businessId}))`
}

/** Who each contact is counted as, by contact. */
export async function peopleOf(
  sql: Db,
  businessId: string,
  contactIds: readonly number[],
): Promise<Map<number, number>> {
  const rows = await sql<{ id: number; personId: number }[]>`
    select id, coalesce(merged_into, id) as "personId" from contacts
     where business_id = ${businessId} and id = any(${[...contactIds]}::bigint[])`
  return new Map(rows.map((row) => [row.id, row.personId]))
}

function newLink(
  told: Omit<ContactLink, 'contactIds'> & {
    contactIds: readonly [number, number]
    reason: MergeReason
    identity?: IdentityRef
    actor?: string
  },
): NewLink {
  const { businessId, contactIds, reason, eventRowId, identity, actor = '' } = told
  return {
    businessId,
    contactId: Math.max(...contactIds),
    otherContactId: Math.min(...contactIds),
    reason,
    namespace: identity?.namespace ?? '',
    value: identity?.value ?? '',
    eventRowId,
    actor,
  }
}

type Shareable = { businessId: string; namespace: string; value: string }

/** @returns the e-mails and phones that were told beside an identity for the first time. */
function insertMentions(sql: Db, mentions: readonly Mention[]): Promise<Shareable[]> {
  return sql<Shareable[]>`
    insert into contact_mentions (business_id, namespace, value, beside_namespace, beside_value, contact_id)
    select * from unnest(${mentions.map((m) => m.businessId)}::uuid[], ${mentions.map((m) => m.identity.namespace)}::text[],
                         ${mentions.map((m) => m.identity.value)}::text[], ${mentions.map((m) => m.beside.namespace)}::text[],
                         ${mentions.map((m) => m.beside.value)}::text[], ${mentions.map((m) => m.contactId)}::bigint[])
    on conflict do nothing
    returning business_id as "businessId", namespace, value`
}

/** Everything known of one e-mail or phone: which contacts it was told with, which it links, and how widely it is shared. */
/** Of the other shareable names, which the business's own pages make, the provider tells that they belong together. */
const mentionReasons: Readonly<Record<string, MergeReason>> = { email: 'same_email', phone: 'same_phone' }

type SharedIdentity = Shareable & { contactIds: number[]; linkedIds: number[]; widest: number }

/** Links the contacts of e-mails and phones, or undoes their links when too many share them. Answers the links that changed. */
async function linkByMentions(
  sql: Db,
  shareables: readonly Shareable[],
  mentions: readonly Mention[],
): Promise<NewLink[]> {
  const identities = await readShared(sql, shareables)
  const evidence = new Map(mentions.map((m) => [shareableKey({ ...m, ...m.identity }), m.eventRowId]))
  const shared = identities.filter((identity) => identity.widest > sharedBeyond)
  const wanted = identities.flatMap((identity) => {
    if (identity.widest > sharedBeyond) return []
    const anchor = Math.min(...(identity.linkedIds.length > 0 ? identity.linkedIds : identity.contactIds))
    return identity.contactIds
      .filter((contactId) => contactId !== anchor && !identity.linkedIds.includes(contactId))
      .map((contactId) =>
        newLink({
          businessId: identity.businessId,
          contactIds: [contactId, anchor],
          reason: mentionReasons[identity.namespace] ?? 'told_together',
          identity,
          eventRowId: evidence.get(shareableKey(identity)) ?? null,
        }),
      )
  })
  if (wanted.length > 0) await insertLinks(sql, wanted)
  return [...wanted, ...(shared.length > 0 ? await undoShared(sql, shared) : [])]
}

function readShared(sql: Db, shareables: readonly Shareable[]): Promise<SharedIdentity[]> {
  return sql<SharedIdentity[]>`
    with told as (
      select distinct business_id, namespace, value
        from unnest(${shareables.map((s) => s.businessId)}::uuid[], ${shareables.map((s) => s.namespace)}::text[],
                    ${shareables.map((s) => s.value)}::text[]) as t (business_id, namespace, value)
    )
    select business_id as "businessId", namespace, value,
           array(select contact_id from contact_mentions m
                  where (m.business_id, m.namespace, m.value) = (told.business_id, told.namespace, told.value)
                  union
                 select contact_id from contact_identities i
                  where (i.business_id, i.namespace, i.value) = (told.business_id, told.namespace, told.value)
                  order by 1) as "contactIds",
           array(select unnest(array[contact_id, other_contact_id]) from contact_merges l
                  where (l.business_id, l.namespace, l.value) = (told.business_id, told.namespace, told.value)
                  group by 1 order by 1) as "linkedIds",
           coalesce((select max(beside) from (
                       select count(*)::integer as beside from contact_mentions m
                        where (m.business_id, m.namespace, m.value) = (told.business_id, told.namespace, told.value)
                        group by beside_namespace) counts), 0) as widest
      from told
     order by business_id, namespace, value`
}

/** Once shared, always shared: facts only grow, so these links never come back. */
function undoShared(sql: Db, shared: readonly Shareable[]): Promise<NewLink[]> {
  return sql<NewLink[]>`
    update contact_merges l set undone_at = now()
      from unnest(${shared.map((s) => s.businessId)}::uuid[], ${shared.map((s) => s.namespace)}::text[],
                  ${shared.map((s) => s.value)}::text[]) as s (business_id, namespace, value)
     where l.business_id = s.business_id and l.namespace = s.namespace and l.value = s.value and l.undone_at is null
    returning l.business_id as "businessId", l.contact_id as "contactId", l.other_contact_id as "otherContactId",
              l.reason, l.namespace, l.value, l.event_row_id as "eventRowId", l.actor`
}

/**
 * Inserts links that are new. What a person took back stays taken back: no event links the same two contacts again, only
 * a person can. Answers the ids of the new ones.
 */
async function insertLinks(sql: Db, links: readonly NewLink[]): Promise<string[]> {
  const column = <K extends keyof NewLink>(key: K) => links.map((link) => link[key])
  const inserted = await sql<{ id: string }[]>`
    insert into contact_merges
           (id, business_id, contact_id, other_contact_id, reason, namespace, value, event_row_id, actor)
    select l.*
      from unnest(${links.map(() => randomUUID())}::uuid[], ${column('businessId')}::uuid[],
                  ${column('contactId')}::bigint[], ${column('otherContactId')}::bigint[], ${column('reason')}::text[],
                  ${column('namespace')}::text[], ${column('value')}::text[], ${column('eventRowId')}::uuid[],
                  ${column('actor')}::text[])
           as l (id, business_id, contact_id, other_contact_id, reason, namespace, value, event_row_id, actor)
     where l.reason = 'by_hand'
        or not exists (select from contact_merges apart
                        where apart.business_id = l.business_id and apart.contact_id = l.contact_id
                          and apart.other_contact_id = l.other_contact_id and apart.undone_by <> '')
    on conflict (business_id, contact_id, other_contact_id, reason, namespace, value) where undone_at is null do nothing
    returning id`
  return inserted.map((row) => row.id)
}

/**
 * Groups the people of these contacts anew by the links in force, and brings their permissions up to date.
 * @returns how many contacts changed the person they are counted as.
 */
async function regroup(sql: Db, businessId: string, contactIds: readonly number[]): Promise<number> {
  const people = [...new Set((await peopleOf(sql, businessId, contactIds)).values())]
  const members = await sql<{ id: number; personId: number }[]>`
    select id, coalesce(merged_into, id) as "personId" from contacts c
     where business_id = ${businessId} and (id = any(${people}::bigint[]) or merged_into = any(${people}::bigint[]))
     order by id
       for no key update of c`
  const ids = members.map((member) => member.id)
  const links = await sql<{ a: number; b: number }[]>`
    select contact_id as a, other_contact_id as b from contact_merges
     where business_id = ${businessId} and contact_id = any(${ids}::bigint[]) and undone_at is null`
  const personOf = groupsOf(
    ids,
    links.map(({ a, b }) => [a, b]),
  )
  const moved = members.filter((member) => personOf.get(member.id) !== member.personId)
  if (moved.length === 0) return 0
  await lockGrouping(sql, businessId, 'exclusive')
  const changed = new Set(moved.flatMap((member) => [member.personId, personOf.get(member.id) ?? member.id]))
  const touched = members.filter((m) => changed.has(m.personId) || changed.has(personOf.get(m.id) ?? m.id))
  const touchedIds = touched.map((member) => member.id)
  await sql`
    update contacts c set merged_into = nullif(g.person_id, g.id), people_dirty = true
      from unnest(${touchedIds}::bigint[], ${touchedIds.map((id) => personOf.get(id) ?? id)}::bigint[]) as g (id, person_id)
     where c.business_id = ${businessId} and c.id = g.id`
  await regroupConsents(sql, businessId, touchedIds)
  return moved.length
}

function shareableKey({ businessId, namespace, value }: Shareable): string {
  return `${businessId}\u001f${namespace}\u001f${value}`
}
