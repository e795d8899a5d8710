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
