/**
 * People as a business sees them: pages of contacts, their identities, and their permissions with the proof. Reads only;
 * everything here runs inside the business's own transaction.
 */
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
     where business_id = ${businessId}
       and (${page.before ?? null}::bigint is null or id < ${page.before ?? null}::bigint)
       and (${pattern}::text is null or display_name ilike ${pattern}
            or exists (select from contact_identities i
                        where i.business_id = c.business_id and i.contact_id = c.id and i.value ilike ${pattern}))
     order by id desc
     limit ${page.first + 1}`
  return { contacts: contacts.slice(0, page.first), hasMore: contacts.length > page.first }
}

export function findContacts(sql: Db, businessId: string, ids: readonly number[]): Promise<ContactRecord[]> {
  return sql<ContactRecord[]>`
    select ${contactColumns(sql)} from contacts c
     where business_id = ${businessId} and id = any(${[...ids]}::bigint[])`
}

/** The contact an external name belongs to: the tenant's own customer id, an address or a number. */
export async function findContactByIdentity(
  sql: Db,
  businessId: string,
  namespace: string,
  value: string,
): Promise<number | null> {
  const [found] = await sql<{ contactId: number }[]>`
    select contact_id as "contactId" from contact_identities
     where business_id = ${businessId} and namespace = ${namespace} and value = ${value}`
  return found?.contactId ?? null
}

export function listIdentities(
  sql: Db,
  businessId: string,
  contactId: number,
): Promise<{ namespace: string; value: string }[]> {
  return sql<{ namespace: string; value: string }[]>`
    select namespace, value from contact_identities
     where business_id = ${businessId} and contact_id = ${contactId} order by namespace, value`
}

/** Current answers; the '*' line only says when everything was last revoked, and is not one. */
export function listConsents(sql: Db, businessId: string, contactId: number): Promise<ConsentAnswer[]> {
  return sql<ConsentAnswer[]>`
    select channel, topic, granted, since from consents
     where business_id = ${businessId} and contact_id = ${contactId} and topic <> '*'
     order by channel, topic`
}

/** Everything a person ever allowed or took back, newest first. */
export function listConsentLedger(sql: Db, businessId: string, contactId: number): Promise<ConsentLedgerLine[]> {
  return sql<ConsentLedgerLine[]>`
    select channel, action, topic, occurred_at as "occurredAt", recorded_at as "recordedAt", source, actor, wording
      from consent_ledger
     where business_id = ${businessId} and contact_id = ${contactId}
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

/** Many conversations at once, for lists whose rows each name one; unknown ones are missing in the answer. */
export async function findThreads(
  sql: Db,
  businessId: string,
  keys: readonly { accountId: string; contactId: number }[],
): Promise<ThreadSummary[]> {
  const rows = await sql<ThreadRow[]>`
    select t.account_id as "accountId", t.contact_id as "contactId", t.last_message_at as "lastMessageAt",
           t.last_text as "lastText", t.last_role as "lastRole", t.waiting_since as "waitingSince",
           t.message_count as "messageCount"
      from threads t
      join unnest(${keys.map((key) => key.accountId)}::uuid[], ${keys.map((key) => key.contactId)}::bigint[])
           as wanted (account_id, contact_id) using (account_id, contact_id)
     where t.business_id = ${businessId}`
  return rows.map((row) => ({
    ...row,
    lastMessageAt: row.lastMessageAt.getTime(),
    waitingSince: row.waitingSince?.getTime() ?? null,
  }))
}

function contactColumns(sql: Db) {
  return sql`c.business_id as "businessId", c.id, c.display_name as "displayName", c.locale, c.created_at as "createdAt"`
}
