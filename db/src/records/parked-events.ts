/** Signed entries for accounts nobody has connected yet, kept until somebody does (protocols.md §0 "Tenant key"). */
import type { Channel } from '@fidelio/core/event.ts'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'

type Db = ISql<StoreTypes>

export type ParkedEvent = {
  /** Identity of the entry's bytes, so that a redelivery is parked once. */
  id: string
  channel: Channel
  externalId: string
  metaAppId: string | null
  receivedAt: Date
  /** The entry as it came, digit for digit. */
  raw: string
}

/** A Page that nobody ever connects must not fill the disk: of each account the newest are kept. */
const parkedPerAccountMax = 10_000
/**
 * Looking for surplus costs milliseconds, so it is done at one entry in 256, chosen by its id, which is a hash: an account
 * may exceed its bound by some hundreds for a while.
 */
const tidiesUp = (event: ParkedEvent) => event.id.startsWith('00')

/** Parks entries, and from time to time lets the oldest of their accounts go; durable when this resolves. */
export async function parkEvents(sql: Db, events: readonly ParkedEvent[]): Promise<void> {
  if (events.length === 0) return
  await sql`
    insert into parked_events (id, channel, external_id, meta_app_id, received_at, raw)
    select * from unnest(${events.map((e) => e.id)}::uuid[], ${events.map((e) => e.channel)}::text[],
                         ${events.map((e) => e.externalId)}::text[], ${events.map((e) => e.metaAppId)}::uuid[],
                         ${events.map((e) => e.receivedAt.toISOString())}::timestamptz[],
                         ${events.map((e) => e.raw)}::text[])
    on conflict (id) do nothing`
  for (const { channel, externalId } of events.filter(tidiesUp)) {
    await sql`
      delete from parked_events
      where id in (select id from parked_events
                   where channel = ${channel} and external_id = ${externalId}
                   order by received_at desc, id desc
                   offset ${parkedPerAccountMax})`
  }
}

/** An account that was connected while entries of it lay here. */
export type Unparkable = { accountId: string; businessId: string; channel: Channel; externalId: string }

/**
 * Whose entry it is: it was signed by the account's own app, or by another of the same business. What any other app
 * signed could be anybody's invention, and stays parked.
 */
const signedForAccount = (sql: Db) => sql`
  p.channel = a.channel and p.external_id = a.external_id
  and p.meta_app_id in (select m.id from meta_apps m where m.id = a.meta_app_id or m.business_id = a.business_id)`

/** Connected accounts with entries waiting. One look into an index per account. */
export function findUnparkable(sql: Db): Promise<Unparkable[]> {
  return sql<Unparkable[]>`
    select a.id as "accountId", a.business_id as "businessId", a.channel, a.external_id as "externalId"
      from channel_accounts a
     where a.status <> 'disconnected' and exists (select from parked_events p where ${signedForAccount(sql)})
     order by a.created_at, a.id`
}

/**
 * The oldest entries of an account, locked until the transaction ends; null when another process is at it, because the
 * order of arrival is kept.
 */
export async function claimParked(sql: Db, accountId: string, entriesMax: number): Promise<ParkedEvent[] | null> {
  const [lock] = await sql<{ taken: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${`fidelio parked ${accountId}`}, 0)) as taken`
  if (!lock?.taken) return null
  return sql<ParkedEvent[]>`
    select p.id, p.channel, p.external_id as "externalId", p.meta_app_id as "metaAppId",
           p.received_at as "receivedAt", p.raw
      from channel_accounts a
      join parked_events p on ${signedForAccount(sql)}
     where a.id = ${accountId} and a.status <> 'disconnected'
     order by p.received_at, p.id
     limit ${entriesMax}
     for update of p`
}

export async function deleteParked(sql: Db, ids: readonly string[]): Promise<void> {
  await sql`delete from parked_events where id = any(${[...ids]}::uuid[])`
}

/** Entries that wait for an account and will be stored: 0 but for the moments after it was connected. */
export async function countParkedFor(sql: Db, accountId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count
      from channel_accounts a join parked_events p on ${signedForAccount(sql)}
     where a.id = ${accountId}`
  return row?.count ?? 0
}

/** What is parked, by account nobody has connected (or connected under another app): for the operator. */
export type ParkedAccount = {
  channel: Channel
  externalId: string
  entries: number
  /** The name of the app that signed the newest; null when it is gone. */
  metaAppName: string | null
  oldestAt: Date
  newestAt: Date
}

/** The accounts last heard of first. */
export function listParkedAccounts(sql: Db, first: number): Promise<ParkedAccount[]> {
  return sql<ParkedAccount[]>`
    select p.channel, p.external_id as "externalId", count(*)::integer as entries,
           (array_agg(m.name order by p.received_at desc))[1] as "metaAppName",
           min(p.received_at) as "oldestAt", max(p.received_at) as "newestAt"
      from parked_events p left join meta_apps m on m.id = p.meta_app_id
     group by p.channel, p.external_id
     order by "newestAt" desc, p.external_id
     limit ${first}`
}
