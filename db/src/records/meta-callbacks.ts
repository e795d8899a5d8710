/**
 * Deauthorisations and deletion requests that Meta passes on, and what came of them. Everything here runs as the worker:
 * an app may serve many businesses. Sheets: protocols.md §10, features.md fact 7.
 */
import { randomBytes } from 'node:crypto'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'

type Db = ISql<StoreTypes>

export type CallbackKind = 'deauthorise' | 'data_deletion'

export type CallbackInput = {
  /** Identity of (app, kind, person): asking again is the same request. */
  id: string
  metaAppId: string
  kind: CallbackKind
  /** App-scoped id of the person. */
  userId: string
  issuedAt: Date | null
  at: Date
}

/** What a deletion request has come to. */
export type DeletionStatus = {
  requestedAt: Date
  lastRequestedAt: Date
  requests: number
  /** People known under the app-scoped id, and how many of them are erased by now. */
  matched: number
  erased: number
  /** The owner of the app and those whose records match, by name: whom to write to. Empty for the operator's app alone. */
  businessNames: string[]
}

/**
 * Records a request, or that it came again, and looks for people known under the id; the code stays the same. Null: the
 * app is gone. Runs in a transaction of the worker.
 */
export async function recordMetaCallback(
  sql: Db,
  input: CallbackInput,
): Promise<{ code: string; matched: number } | null> {
  const { id, metaAppId, kind, userId, issuedAt, at } = input
  const [callback] = await sql<{ code: string }[]>`
    insert into meta_callbacks as known
           (id, business_id, meta_app_id, kind, user_id, code, issued_at, requested_at, last_requested_at)
    select ${id}, business_id, id, ${kind}, ${userId}, ${newCode()}, ${issuedAt}, ${at}, ${at}
      from meta_apps where id = ${metaAppId}
    on conflict (id) do update
       set requests = known.requests + 1,
           issued_at = greatest(known.issued_at, excluded.issued_at),
           last_requested_at = greatest(known.last_requested_at, excluded.last_requested_at)
    returning code`
  if (!callback) return null
  if (kind !== 'data_deletion') return { code: callback.code, matched: 0 }
  // Only businesses whose accounts are on this app: another app's ids may be spelled the same and mean somebody else.
  const matches = await sql`
    insert into deletion_matches (callback_id, business_id, contact_id, matched_at)
    select distinct ${id}::uuid, i.business_id, i.contact_id, ${at}::timestamptz
      from meta_apps m
      join contact_identities i on i.namespace = ${appScopedNamespacePrefix} || m.app_id and i.value = ${userId}
     where m.id = ${metaAppId}
       and (i.business_id = m.business_id
            or exists (select from channel_accounts a where a.meta_app_id = m.id and a.business_id = i.business_id))
    on conflict do nothing
    returning contact_id`
  return { code: callback.code, matched: matches.length }
}

/** Identities in this namespace tie an app-scoped id to a person; a business that knows the tie may tell it. */
export const appScopedNamespacePrefix = 'app_scoped:'

/** Null: no such request. */
export async function readDeletionStatus(sql: Db, code: string): Promise<DeletionStatus | null> {
  const [status] = await sql<DeletionStatus[]>`
    select c.requested_at as "requestedAt", c.last_requested_at as "lastRequestedAt", c.requests,
           count(m.contact_id)::int as matched, count(m.erased_at)::int as erased,
           array(select distinct b.name from businesses b
                  where b.id = c.business_id
                     or b.id in (select business_id from deletion_matches where callback_id = c.id)
                  order by b.name) as "businessNames"
      from meta_callbacks c
      left join deletion_matches m on m.callback_id = c.id
     where c.code = ${code} and c.kind = 'data_deletion'
     group by c.id`
  return status ?? null
}

/** Letters that are not mistaken for one another when read out or typed. */
const alphabet = 'ABCDEFGHJKMNPQRSTVWXYZ0123456789'

/** 16 characters of 5 random bits each. */
function newCode(): string {
  return Array.from(randomBytes(16), (byte) => alphabet.charAt(byte & 31)).join('')
}
