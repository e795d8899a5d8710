/**
 * Permission: an append-only ledger of what people allowed and took back, and the answer that follows from it.
 *
 * The answer per (contact, channel, topic) is computed from the ledger alone: of all facts about this topic or about '*'
 * (every topic of the channel), the latest by `occurred_at` decides, and a revocation wins a tie. So facts may arrive
 * late, twice or in any order. A row with topic '*' in `consents` says when everything was last revoked; no row means no
 * permission. A grant recorded later but dated before a '*' revocation is answered "revoked" by the same rule.
 *
 * Answers belong to people, facts to the contacts they came in under: the answer of a merged person follows from the facts
 * of all their contacts by the same rule, so merging never turns a later revocation into a permission. Rows of `consents`
 * carry the contact the person is counted as.
 */
import type { Channel } from '@fidelio/core/event.ts'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'

type Db = ISql<StoreTypes>

export type ConsentSource = 'messenger_optin' | 'whatsapp_preference' | 'stop_word' | 'api' | 'import' | 'person'

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
 * Appends facts to the ledger and brings the answers up to date. Runs inside a transaction; the touched people are
 * locked, in order, so that two writers about one person cannot each miss the other's fact.
 * @returns how many facts were new.
 */
export async function recordConsents(sql: Db, facts: readonly ConsentRecord[]): Promise<number> {
  if (facts.length === 0) return 0
  const touched = facts.map(({ businessId, contactId, channel }) => ({ businessId, contactId, channel }))
  await lockPeople(sql, touched)
  const inserted = await appendFacts(sql, facts)
  // Answers are recomputed even when no fact was new: it costs little, and heals whatever an older version left behind.
  await answerFor(sql, touched)
  return inserted
}

/** Answers anew for the people that some contacts of a business are counted as now; their old answers are forgotten. */
export async function regroupConsents(sql: Db, businessId: string, contactIds: readonly number[]): Promise<void> {
  const ids = [...contactIds]
  await sql`delete from consents where business_id = ${businessId} and contact_id = any(${ids}::bigint[])`
  const touched = await sql<Touched[]>`
    select distinct business_id as "businessId", contact_id as "contactId", channel from consent_ledger
     where business_id = ${businessId} and contact_id = any(${ids}::bigint[])`
  if (touched.length > 0) await answerFor(sql, touched)
}

type Touched = { businessId: string; contactId: number; channel: Channel }

/**
 * Locks the contacts and whom they are counted as. Who was regrouped while we waited is looked up again: what a merge
 * holds is locked by it, so the second look is at what stands.
 */
async function lockPeople(sql: Db, touched: readonly Touched[]): Promise<void> {
  let businessIds = touched.map((one) => one.businessId)
  let contactIds = touched.map((one) => one.contactId)
  const locked = new Set<string>()
  for (;;) {
    const rows = await sql<{ businessId: string; id: number; mergedInto: number | null }[]>`
      select c.business_id as "businessId", c.id, c.merged_into as "mergedInto" from contacts c
       where (c.business_id, c.id) in (
               select business_id, id from unnest(${businessIds}::uuid[], ${contactIds}::bigint[]) as t (business_id, id)
                union all
               select k.business_id, k.merged_into from contacts k
                 join unnest(${businessIds}::uuid[], ${contactIds}::bigint[]) as t (business_id, id) using (business_id, id)
                where k.merged_into is not null)
       order by c.business_id, c.id for no key update of c`
    for (const row of rows) locked.add(`${row.businessId}:${row.id}`)
    const moved = rows.filter((row) => row.mergedInto !== null && !locked.has(`${row.businessId}:${row.mergedInto}`))
    if (moved.length === 0) return
    businessIds = moved.map((row) => row.businessId)
    contactIds = moved.map((row) => row.id)
  }
}

async function answerFor(sql: Db, touched: readonly Touched[]): Promise<void> {
  await sql`
    with people as (
      select distinct t.business_id, coalesce(c.merged_into, t.contact_id) as person_id, t.channel
        from unnest(${touched.map((one) => one.businessId)}::uuid[], ${touched.map((one) => one.contactId)}::bigint[],
                    ${touched.map((one) => one.channel)}::text[]) as t (business_id, contact_id, channel)
        left join contacts c on c.business_id = t.business_id and c.id = t.contact_id
    ),
    members as (
      select business_id, person_id, person_id as contact_id, channel from people
       union all
      select p.business_id, p.person_id, c.id, p.channel
        from people p join contacts c on c.business_id = p.business_id and c.merged_into = p.person_id
    ),
    lines as (
      select m.person_id, l.* from members m join consent_ledger l using (business_id, contact_id, channel)
    )
    insert into consents (business_id, contact_id, channel, topic, granted, since, ledger_id)
    select distinct on (t.business_id, t.person_id, t.channel, t.topic)
           t.business_id, t.person_id, t.channel, t.topic, l.action = 'granted', l.occurred_at, l.id
      from (select distinct business_id, person_id, channel, topic from lines) t
      join lines l
        on l.business_id = t.business_id and l.person_id = t.person_id and l.channel = t.channel
       and l.topic in (t.topic, '*')
     order by t.business_id, t.person_id, t.channel, t.topic,
              l.occurred_at desc, (l.action = 'revoked') desc, l.event_row_id
    on conflict (business_id, contact_id, channel, topic) do update
       set granted = excluded.granted, since = excluded.since, ledger_id = excluded.ledger_id`
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
