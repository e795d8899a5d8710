/**
 * People as a business sees them: pages of contacts, their identities, and their permissions with the proof. Reads only;
 * everything here runs inside the business's own transaction.
 */
import { sharedBeyond } from '@fidelio/core/contact-groups.ts'
import type { Channel } from '@fidelio/core/event.ts'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'
import type { ThreadSummary } from '../queries/types.ts'

type Db = ISql<StoreTypes>

export type ContactRecord = {
  businessId: string
  /** Number within the business. */
  id: number
  displayName: string | null
  locale: string | null
  createdAt: Date
}

export type ConsentAnswer = { channel: Channel; topic: string; granted: boolean; since: Date }
export type ConsentLedgerLine = {
  channel: Channel
  action: 'granted' | 'revoked'
  topic: string
  occurredAt: Date
  recordedAt: Date
  source: string
  actor: string
  wording: string
}

/** Newest first. `search` looks into names and identities; `before` is the number of the last contact of the page before. */
export async function pageContacts(
  sql: Db,
  businessId: string,
  page: { first: number; before?: number | undefined; search?: string | undefined },
): Promise<{ contacts: ContactRecord[]; hasMore: boolean }> {
  const pattern = page.search ? `%${page.search.replace(/[\\%_]/g, '\\$&')}%` : null
  const contacts = await sql<ContactRecord[]>`
    select ${contactColumns(sql)} from contacts c
     where business_id = ${businessId} and merged_into is null
       and (${page.before ?? null}::bigint is null or id < ${page.before ?? null}::bigint)
       and (${pattern}::text is null or c.id in (
              select coalesce(k.merged_into, k.id) from contacts k
               where k.business_id = ${businessId}
                 and (k.display_name ilike ${pattern}
                      or exists (select from contact_identities i
                                  where i.business_id = k.business_id and i.contact_id = k.id and i.value ilike ${pattern})
                      or exists (select from contact_mentions i
                                  where i.business_id = k.business_id and i.contact_id = k.id and i.value ilike ${pattern}))))
     order by id desc
     limit ${page.first + 1}`
  return { contacts: contacts.slice(0, page.first), hasMore: contacts.length > page.first }
}

/** People by any of their contacts' numbers, `asked`: whoever is counted as another one is answered as that person. */
export function findPeople(
  sql: Db,
  businessId: string,
  ids: readonly number[],
): Promise<(ContactRecord & { asked: number })[]> {
  return sql<(ContactRecord & { asked: number })[]>`
    select ${contactColumns(sql)}, k.id as asked
      from contacts k
      join contacts c on c.business_id = k.business_id and c.id = coalesce(k.merged_into, k.id)
     where k.business_id = ${businessId} and k.id = any(${[...ids]}::bigint[])`
}

/**
 * The person an external name belongs to: the tenant's own customer id, an address or a number. Null when nobody has it, or
 * several people share it and none of them came in under it.
 */
export async function findContactByIdentity(
  sql: Db,
  businessId: string,
  namespace: string,
  value: string,
): Promise<number | null> {
  const found = await sql<{ personId: number; own: boolean }[]>`
    select coalesce(c.merged_into, c.id) as "personId", bool_or(named.own) as own
      from (select contact_id, true as own from contact_identities
             where business_id = ${businessId} and namespace = ${namespace} and value = ${value}
             union all
            select contact_id, false from contact_mentions
             where business_id = ${businessId} and namespace = ${namespace} and value = ${value}) named
      join contacts c on c.business_id = ${businessId} and c.id = named.contact_id
     group by 1
     order by own desc`
  const [first, second] = found
  return first && (first.own || !second) ? first.personId : null
}

export type IdentityRecord = {
  namespace: string
  value: string
  /** The contact that came in under it. */
  contactId: number
  /** Told beside so many others that it says nothing about who somebody is. */
  shared: boolean
}

/** Every name of a person, under whichever of their contacts; an address told beside a stronger name is among them. */
export function listIdentities(sql: Db, businessId: string, personId: number): Promise<IdentityRecord[]> {
  return sql<IdentityRecord[]>`
    with own as (
      select id from contacts
       where business_id = ${businessId} and (id = ${personId} or merged_into = ${personId})
    ),
    named as (
      select namespace, value, contact_id from contact_identities
       where business_id = ${businessId} and contact_id in (select id from own)
       union
      select namespace, value, contact_id from contact_mentions
       where business_id = ${businessId} and contact_id in (select id from own)
    )
    select namespace, value, min(contact_id) as "contactId",
           exists (select from contact_mentions m
                    where m.business_id = ${businessId} and m.namespace = named.namespace and m.value = named.value
                    group by m.beside_namespace having count(*) > ${sharedBeyond}) as shared
      from named
     group by namespace, value order by namespace, value`
}

/** Current answers; the '*' line only says when everything was last revoked, and is not one. */
export function listConsents(sql: Db, businessId: string, contactId: number): Promise<ConsentAnswer[]> {
  return sql<ConsentAnswer[]>`
    select channel, topic, granted, since from consents
     where business_id = ${businessId} and contact_id = ${contactId} and topic <> '*'
     order by channel, topic`
}

/** Everything a person ever allowed or took back, newest first, under whichever of their contacts. */
export function listConsentLedger(sql: Db, businessId: string, personId: number): Promise<ConsentLedgerLine[]> {
  return sql<ConsentLedgerLine[]>`
    select channel, action, topic, occurred_at as "occurredAt", recorded_at as "recordedAt", source, actor, wording
      from consent_ledger
     where business_id = ${businessId}
       and contact_id in (select id from contacts
                           where business_id = ${businessId} and (id = ${personId} or merged_into = ${personId})
                           union all select ${personId})
     order by occurred_at desc, recorded_at desc, id`
}

/** Topics of each channel with the number of people who opted in. */
export function listTopics(
  sql: Db,
  businessId: string,
): Promise<{ channel: Channel; topic: string; optedIn: number }[]> {
  return sql<{ channel: Channel; topic: string; optedIn: number }[]>`
    select channel, topic, count(*) filter (where granted)::integer as "optedIn" from consents
     where business_id = ${businessId} and topic <> '*'
     group by channel, topic order by channel, topic`
}

type ThreadRow = Omit<ThreadSummary, 'lastMessageAt' | 'waitingSince'> & {
  lastMessageAt: Date
  waitingSince: Date | null
}

/**
 * Many conversations at once, for lists whose rows each name one; unknown ones are missing in the answer. `asked` is the
 * contact of the key: the conversation is the person's, who may be counted as another one since.
 */
export async function findThreads(
  sql: Db,
  businessId: string,
  keys: readonly { accountId: string; contactId: number }[],
): Promise<(ThreadSummary & { asked: number })[]> {
  const rows = await sql<(ThreadRow & { asked: number })[]>`
    select distinct on (wanted.account_id, wanted.contact_id) wanted.contact_id as asked, t.account_id as "accountId", t.contact_id as "contactId", t.last_message_at as "lastMessageAt",
           t.last_text as "lastText", t.last_role as "lastRole", t.waiting_since as "waitingSince",
           t.message_count as "messageCount"
      from unnest(${keys.map((key) => key.accountId)}::uuid[], ${keys.map((key) => key.contactId)}::bigint[])
           as wanted (account_id, contact_id)
      join contacts c on c.business_id = ${businessId} and c.id = wanted.contact_id
      join threads t on t.business_id = ${businessId} and t.account_id = wanted.account_id
                    and t.contact_id in (c.id, c.merged_into)
     order by wanted.account_id, wanted.contact_id, t.contact_id`
  return rows.map((row) => ({
    ...row,
    lastMessageAt: row.lastMessageAt.getTime(),
    waitingSince: row.waitingSince?.getTime() ?? null,
  }))
}

function contactColumns(sql: Db) {
  return sql`c.business_id as "businessId", c.id, c.display_name as "displayName", c.locale, c.created_at as "createdAt"`
}
