/** Elements that were signed and addressed correctly but could not be understood or stored; kept for a later replay. */
import type { Channel } from '@fidelio/core/event.ts'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'

type Db = ISql<StoreTypes>

export type FailedEvent = {
  /** Identity of the element, so that a redelivery does not double it. */
  id: string
  businessId: string | null
  accountId: string | null
  channel: Channel
  /** Word of a closed list of the service that failed it. */
  reason: string
  detail: string
  raw: string
  receivedAt: Date
}

/** Keeps failed elements; one seen before counts a further attempt. */
export async function keepFailedEvents(sql: Db, events: readonly FailedEvent[]): Promise<void> {
  const distinct = [...new Map(events.map((event) => [event.id, event])).values()]
  if (distinct.length === 0) return
  await sql`
    insert into failed_events (id, business_id, account_id, channel, reason, detail, raw, received_at)
    select * from unnest(${distinct.map((e) => e.id)}::uuid[], ${distinct.map((e) => e.businessId)}::uuid[],
                         ${distinct.map((e) => e.accountId)}::uuid[], ${distinct.map((e) => e.channel)}::text[],
                         ${distinct.map((e) => e.reason)}::text[], ${distinct.map((e) => e.detail.slice(0, 1000))}::text[],
                         ${distinct.map((e) => withoutNul(e.raw))}::text[],
                         ${distinct.map((e) => e.receivedAt.toISOString())}::timestamptz[])
    on conflict (id) do update set attempts = failed_events.attempts + 1`
}

/** PostgreSQL's text cannot hold NUL. A raw JSON text has none unless it is not JSON at all. */
function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\ufffd')
}
