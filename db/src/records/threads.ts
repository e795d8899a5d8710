import type { StoreTransaction } from '../postgres/client.ts'
import type { Filter, ThreadSummary, ThreadsCursor } from '../queries/types.ts'
import type { BusinessDb } from '../tenancy.ts'

/** One thread as derived from events; 0 stands for "never". */
export interface DerivedThread {
  business_id: string
  account_id: string
  contact_id: number
  last_inbound_ms: number
  last_message_ms: number
  last_text: string
  last_role: string
  waiting_since_ms: number
  message_count: number
}

/**
 * Writes derived threads; unchanged ones are left alone. `whole` names the contacts whose threads these are: their others
 * are removed, as those of a contact that is counted as another one now. A thread whose account or contact is gone is
 * passed over.
 */
export async function writeThreads(
  sql: StoreTransaction,
  input: {
    threads: readonly DerivedThread[]
    whole:
      | { businessIds: readonly string[]; first: number; last: number }
      | { pairs: readonly { businessId: string; contactId: number }[] }
  },
): Promise<void> {
  const threads = sql.json(input.threads.map((thread) => ({ ...thread })))
  await sql`
    insert into threads as known (business_id, account_id, contact_id, last_inbound_at, last_message_at, last_text, last_role,
                                  waiting_since, message_count)
    select derived.business_id, derived.account_id, derived.contact_id,
           to_timestamp(nullif(last_inbound_ms, 0) / 1000.0), to_timestamp(last_message_ms / 1000.0), last_text, last_role,
           to_timestamp(nullif(waiting_since_ms, 0) / 1000.0), message_count
    from jsonb_to_recordset(${threads}) as derived (business_id uuid, account_id uuid, contact_id bigint,
           last_inbound_ms bigint, last_message_ms bigint, last_text text, last_role text, waiting_since_ms bigint,
           message_count integer)
    join channel_accounts account on account.id = derived.account_id and account.business_id = derived.business_id
    join contacts contact on contact.business_id = derived.business_id and contact.id = derived.contact_id
    on conflict (business_id, account_id, contact_id) do update set
        last_inbound_at = excluded.last_inbound_at, last_message_at = excluded.last_message_at,
        last_text = excluded.last_text, last_role = excluded.last_role,
        waiting_since = excluded.waiting_since, message_count = excluded.message_count
    where (known.last_inbound_at, known.last_message_at, known.last_text, known.last_role, known.waiting_since, known.message_count)
          is distinct from (excluded.last_inbound_at, excluded.last_message_at, excluded.last_text, excluded.last_role,
                            excluded.waiting_since, excluded.message_count)`
  const { whole } = input
  await sql`
    delete from threads
    where ${
      'pairs' in whole
        ? sql`(business_id, contact_id) in (select * from unnest(${whole.pairs.map((pair) => pair.businessId)}::uuid[],
                                                                ${whole.pairs.map((pair) => pair.contactId)}::bigint[]))`
        : sql`business_id = any(${[...whole.businessIds]}::uuid[]) and contact_id between ${whole.first} and ${whole.last}`
    }
      and (business_id, account_id, contact_id) not in (
          select business_id, account_id, contact_id
          from jsonb_to_recordset(${threads}) as derived (business_id uuid, account_id uuid, contact_id bigint))`
}

interface ThreadRecord {
  account_id: string
  contact_id: number
  last_message_at: Date
  last_text: string
  last_role: string
  waiting_since: Date | null
  message_count: number
}

function summaryOf(row: ThreadRecord): ThreadSummary {
  return {
    accountId: row.account_id,
    contactId: row.contact_id,
    lastMessageAt: row.last_message_at.getTime(),
    lastText: row.last_text,
    lastRole: row.last_role,
    waitingSince: row.waiting_since?.getTime() ?? null,
    messageCount: row.message_count,
  }
}

export interface ListThreadsArgs {
  first: number
  after?: ThreadsCursor | undefined
  /** Only conversations in which a customer waits. */
  waitingOnly?: boolean | undefined
  /** Part of the name or of the last text. */
  search?: string | undefined
  filter?: Filter | undefined
}

/** Conversations, newest message first. */
export async function listThreads(
  db: BusinessDb,
  { first, after, waitingOnly = false, search, filter }: ListThreadsArgs,
): Promise<{ threads: ThreadSummary[]; hasMore: boolean }> {
  const pattern = search ? `%${search.replaceAll(/[\\%_]/g, '\\$&')}%` : null
  const rows = await db.tx(
    (sql) => sql<ThreadRecord[]>`
      select thread.account_id, thread.contact_id, last_message_at, last_text, last_role, waiting_since, message_count
      from threads thread
      join contacts contact on contact.business_id = thread.business_id and contact.id = thread.contact_id
      join channel_accounts account on account.id = thread.account_id
      where (not ${waitingOnly} or waiting_since is not null)
        and (${pattern}::text is null or contact.display_name ilike ${pattern} or last_text ilike ${pattern})
        and (${filter?.channel ?? null}::text is null or account.channel = ${filter?.channel ?? null})
        and (${filter?.accountId ?? null}::uuid is null or thread.account_id = ${filter?.accountId ?? null})
        and (${after === undefined} or (last_message_at, thread.contact_id, thread.account_id)
             < (${new Date(after?.lastMessageAt ?? 0)}, ${after?.contactId ?? 0}, ${after?.accountId ?? nobody}))
      order by last_message_at desc, thread.contact_id desc, thread.account_id desc
      limit ${first + 1}`,
  )
  return { threads: rows.slice(0, first).map(summaryOf), hasMore: rows.length > first }
}

const nobody = '00000000-0000-0000-0000-000000000000'

/**
 * The conversations of one person, newest message first; for a moment after a merge a conversation may still be listed
 * under each contact.
 */
export async function threadsOfContact(db: BusinessDb, { contactId }: { contactId: number }): Promise<ThreadSummary[]> {
  const rows = await db.tx(
    (sql) => sql<ThreadRecord[]>`
      select account_id, contact_id, last_message_at, last_text, last_role, waiting_since, message_count
      from threads
      where contact_id in (select id from contacts where id = ${contactId} or merged_into = ${contactId})
      order by last_message_at desc, account_id`,
  )
  return rows.map(summaryOf)
}

/** One conversation, also by a contact that is counted as another one since; null when there is none by that name. */
export async function findThread(
  db: BusinessDb,
  { accountId, contactId }: { accountId: string; contactId: number },
): Promise<ThreadSummary | null> {
  const rows = await db.tx(
    (sql) => sql<ThreadRecord[]>`
      select account_id, contact_id, last_message_at, last_text, last_role, waiting_since, message_count
      from threads
      where account_id = ${accountId}
        and contact_id in (select unnest(array[id, merged_into]) from contacts where id = ${contactId})
      order by contact_id limit 1`,
  )
  return rows[0] ? summaryOf(rows[0]) : null
}
