/**
 * Permission: an append-only ledger of what people allowed and took back, and the answer that follows from it.
 *
 * The answer per (contact, channel, topic) is computed from the ledger alone: of all facts about this topic or about '*'
 * (every topic of the channel), the latest by `occurred_at` decides, and a revocation wins a tie. So facts may arrive
 * late, twice or in any order. A row with topic '*' in `consents` says when everything was last revoked; no row means no
 * permission. A grant recorded later but dated before a '*' revocation is answered "revoked" by the same rule.
 */
import type { Channel } from '@fidelio/core/event.ts'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'

type Db = ISql<StoreTypes>

export type ConsentSource = 'messenger_optin' | 'stop_word' | 'api' | 'import' | 'person'

export type ConsentRecord = {
  /** Identity of the fact: recording it twice is recording it once. */
  eventRowId: string
  businessId: string
  contactId: number
  channel: Channel
  /** '*' only with 'revoked'. */
  topic: string
  action: 'granted' | 'revoked'
  occurredAt: Date
  source: ConsentSource
  /** The person or key that recorded it; '' when the customer did. */
  actor: string
  /** What the customer was asked, or wrote. */
  wording: string
  proof: Record<string, string | number | boolean | null>
}

/**
 * Appends facts to the ledger and brings the answers up to date. Runs inside a transaction; the touched contacts are
 * locked, in order, so that two writers about one person cannot each miss the other's fact.
 * @returns how many facts were new.
 */
export async function recordConsents(sql: Db, facts: readonly ConsentRecord[]): Promise<number> {
  if (facts.length === 0) return 0
  const businessIds = facts.map((fact) => fact.businessId)
  const contactIds = facts.map((fact) => fact.contactId)
  await sql`
    select 1 from contacts c
      join (select distinct * from unnest(${businessIds}::uuid[], ${contactIds}::bigint[]) as t (business_id, id)) t
           using (business_id, id)
     order by c.business_id, c.id for no key update of c`
  const inserted = await appendFacts(sql, facts)
  // Answers are recomputed even when no fact was new: it costs little, and heals whatever an older version left behind.
  await sql`
    insert into consents (business_id, contact_id, channel, topic, granted, since, ledger_id)
    select distinct on (t.business_id, t.contact_id, t.channel, t.topic)
           t.business_id, t.contact_id, t.channel, t.topic, l.action = 'granted', l.occurred_at, l.id
      from (select distinct business_id, contact_id, channel, topic
              from consent_ledger
              join unnest(${businessIds}::uuid[], ${contactIds}::bigint[], ${facts.map((f) => f.channel)}::text[])
                   as touched (business_id, contact_id, channel) using (business_id, contact_id, channel)) t
      join consent_ledger l
        on l.business_id = t.business_id and l.contact_id = t.contact_id and l.channel = t.channel
       and l.topic in (t.topic, '*')
     order by t.business_id, t.contact_id, t.channel, t.topic,
              l.occurred_at desc, (l.action = 'revoked') desc, l.event_row_id
    on conflict (business_id, contact_id, channel, topic) do update
       set granted = excluded.granted, since = excluded.since, ledger_id = excluded.ledger_id`
  return inserted
}

async function appendFacts(sql: Db, facts: readonly ConsentRecord[]): Promise<number> {
  const result = await sql`
    insert into consent_ledger
           (id, business_id, contact_id, channel, topic, action, occurred_at, source, actor, wording, proof, event_row_id)
    select gen_random_uuid(), f.business_id, f.contact_id, f.channel, f.topic, f.action, f.occurred_at, f.source,
           f.actor, f.wording, f.proof::jsonb, f.event_row_id
      from unnest(${facts.map((f) => f.businessId)}::uuid[], ${facts.map((f) => f.contactId)}::bigint[],
                  ${facts.map((f) => f.channel)}::text[], ${facts.map((f) => f.topic)}::text[],
                  ${facts.map((f) => f.action)}::text[], ${facts.map((f) => f.occurredAt.toISOString())}::timestamptz[],
                  ${facts.map((f) => f.source)}::text[], ${facts.map((f) => f.actor)}::text[],
                  ${facts.map((f) => f.wording)}::text[], ${facts.map((f) => JSON.stringify(f.proof))}::text[],
                  ${facts.map((f) => f.eventRowId)}::uuid[])
           as f (business_id, contact_id, channel, topic, action, occurred_at, source, actor, wording, proof, event_row_id)
    on conflict (business_id, event_row_id) do nothing`
  return result.count
}
