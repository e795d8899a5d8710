/**
 * Parts of Meta bodies that came above their business's quota. They are acknowledged, because a refusal would make Meta
 * send the neighbours in the same body again and in the end unsubscribe the Page (protocols.md §1.4), and worked off
 * through the usual pipeline when the quota has room.
 */
import type { Channel } from '@fidelio/core/event.ts'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'

type Db = ISql<StoreTypes>

export type DeferredEvent = {
  /** Identity of the bytes, so that a redelivery waits once. */
  id: string
  businessId: string
  accountId: string
  channel: Channel
  /** Our id of the app that signed it. */
  metaAppId: string
  /** Events in it. */
  events: number
  receivedAt: Date
  /** A body of its own, digit for digit. */
  raw: string
}

/** Keeps them; durable when this resolves. */
export async function keepDeferred(sql: Db, deferred: readonly DeferredEvent[]): Promise<void> {
  if (deferred.length === 0) return
  await sql`
    insert into deferred_events (id, business_id, account_id, channel, meta_app_id, events, received_at, raw)
    select * from unnest(${deferred.map((d) => d.id)}::uuid[], ${deferred.map((d) => d.businessId)}::uuid[],
                           ${deferred.map((d) => d.accountId)}::uuid[], ${deferred.map((d) => d.channel)}::text[],
                           ${deferred.map((d) => d.metaAppId)}::uuid[], ${deferred.map((d) => d.events)}::integer[],
                           ${deferred.map((d) => d.receivedAt.toISOString())}::timestamptz[],
                           ${deferred.map((d) => d.raw.replaceAll('\u0000', '\ufffd'))}::text[])
    on conflict (id) do nothing`
}

export type DeferredBacklog = { businessId: string; entries: number; events: number; bytes: number }

/** What waits, per business. As the worker for all; a business sees its own. */
export function deferredBacklogs(sql: Db): Promise<DeferredBacklog[]> {
  return sql<DeferredBacklog[]>`
    select business_id as "businessId", count(*)::float8 as entries, sum(events)::float8 as events,
           sum(octet_length(raw))::float8 as bytes
      from deferred_events group by business_id`
}

/** The oldest of a business that no other process works on, locked until the transaction ends. */
export function claimDeferred(sql: Db, businessId: string, entriesMax: number): Promise<DeferredEvent[]> {
  return sql<DeferredEvent[]>`
    select id, business_id as "businessId", account_id as "accountId", channel, meta_app_id as "metaAppId", events,
           received_at as "receivedAt", raw
      from deferred_events where business_id = ${businessId}
     order by received_at, id limit ${entriesMax} for update skip locked`
}

export async function deleteDeferred(sql: Db, ids: readonly string[]): Promise<void> {
  await sql`delete from deferred_events where id = any(${[...ids]}::uuid[])`
}
