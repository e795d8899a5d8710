/**
 * What time and proof do to sends whose outcome is open: leases that ran out, workers that died in the middle of a call,
 * echoes and receipts that tell what really happened, and the end of waiting for them (reliability.md §4).
 */
import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import type { StoreTransaction } from '../postgres/client.ts'
import type { BusinessDb } from '../tenancy.ts'
import { lockInOrder } from './send-claims.ts'

/** Claims whose worker went away before it started go back to planned. Returns how many. */
export async function returnExpiredClaims(sql: StoreTransaction, now: Date): Promise<number> {
  const returned = await sql`
    update sends
       set status = 'planned', lease_owner = '', lease_until = null, updated_at = ${now}, facts_dirty = true
     where id in (select id from sends
                   where status = 'claimed' and lease_until <= ${now}
                     for update skip locked)
    returning id`
  return returned.length
}

/** Rows in `sending` since before `staleSince`: their worker is gone, and nobody knows whether the message is. */
export async function markStaleUnknown(sql: StoreTransaction, staleSince: Date, now: Date): Promise<number> {
  const marked = await sql`
    update sends
       set status = 'unknown', reason = 'worker_lost', lease_owner = '', lease_until = null, updated_at = ${now},
           facts_dirty = true
     where id in (select id from sends
                   where status = 'sending' and sending_at <= ${staleSince}
                     for update skip locked)
    returning id`
  return marked.length
}

/** No proof came in time: the row stays as it is for good, shown to people, never sent again. */
export async function giveUpUnknown(sql: StoreTransaction, sentBefore: Date, now: Date): Promise<number> {
  const ended = await sql`
    update sends set status = 'unknown_final', updated_at = ${now}, facts_dirty = true
     where id in (select id from sends
                   where status = 'unknown' and sending_at <= ${sentBefore}
                     for update skip locked)
    returning id`
  return ended.length
}

export type UnresolvedSend = { id: string; businessId: string; contactId: number; sendingAt: Date }

/** Sends that wait for proof, oldest first. */
export function unresolvedSends(sql: StoreTransaction, limit: number): Promise<UnresolvedSend[]> {
  return sql<UnresolvedSend[]>`
    select id, business_id as "businessId", contact_id as "contactId", sending_at as "sendingAt"
      from sends
     where status in ('sending', 'unknown')
     order by sending_at
     limit ${limit}`
}

/** Sends given up as unknown since an instant, newest first: late proof still settles them. */
export function givenUpSends(sql: StoreTransaction, since: Date, limit: number): Promise<UnresolvedSend[]> {
  return sql<UnresolvedSend[]>`
    select id, business_id as "businessId", contact_id as "contactId", sending_at as "sendingAt"
      from sends
     where status = 'unknown_final' and sending_at >= ${since}
     order by sending_at desc
     limit ${limit}`
}

/** An event that names a send of ours: it reached the provider. */
export type SendProof = { sendId: string; at: Date; messageId: string }

const proofsOfSends = defineQuery({
  name: 'sends.proofs',
  sql: `
    select
      substring(arrayJoin(arrayFilter(ref -> has({refs:Array(String)}, ref), refs)), 6) as send_id,
      min(ts) as at,
      -- The echo carries the provider's id of the message; a receipt that only names the send does not.
      anyIf(external_id, kind = 'message.sent') as message_id
    from events
    where business_id = {business_id:UUID}
      and contact_id in {contact_ids:Array(UInt32)}
      and ts >= {since:DateTime64(3)}
      and kind in ('message.sent', 'delivery', 'read')
      and hasAny(refs, {refs:Array(String)})
    group by send_id`,
  params: z.object({ contact_ids: z.array(z.number().int()), refs: z.array(z.string()), since: z.date() }),
  row: z.object({ send_id: z.string(), at: z.string(), message_id: z.string() }).transform((row) => ({
    sendId: row.send_id,
    at: new Date(`${row.at.replace(' ', 'T')}Z`),
    messageId: row.message_id,
  })),
})

/** A provider's clock may be behind ours by as much as this. */
const clockToleranceMs = 5 * 60_000

/** Parameters are part of the statement, whose text the store limits to 256 KiB; a send takes about 60 bytes. */
const sendsPerQuestionMax = 1_000

/** Looks for proofs of one business's sends: events whose `refs` hold `send:<id>`, as echoes carry our metadata back. */
export async function findProofs(db: BusinessDb, sends: readonly UnresolvedSend[]): Promise<SendProof[]> {
  const proofs: SendProof[] = []
  for (let start = 0; start < sends.length; start += sendsPerQuestionMax) {
    const part = sends.slice(start, start + sendsPerQuestionMax)
    const found = await db.ask(proofsOfSends, {
      contact_ids: [...new Set(part.map((send) => send.contactId))],
      refs: part.map((send) => `send:${send.id}`),
      since: new Date(Math.min(...part.map((send) => send.sendingAt.getTime())) - clockToleranceMs),
    })
    proofs.push(...found)
  }
  return proofs
}

/** Settles sends by proof, also ones given up as final: late proof is still proof. Returns how many changed. */
export async function acceptByProof(
  sql: StoreTransaction,
  businessId: string,
  proofs: readonly SendProof[],
  now: Date,
): Promise<number> {
  await lockInOrder(
    sql,
    proofs.map((proof) => proof.sendId),
  )
  const accepted = await sql`
    update sends s
       set status = 'accepted', reason = 'accepted_by_echo', message_id = p.message_id,
           sent_at = coalesce(s.sending_at, p.at), lease_owner = '', lease_until = null, updated_at = ${now},
           facts_dirty = true
      from unnest(${proofs.map((proof) => proof.sendId)}::uuid[],
                  ${proofs.map((proof) => proof.at.toISOString())}::timestamptz[],
                  ${proofs.map((proof) => proof.messageId)}::text[])
           as p (id, at, message_id)
     where s.id = p.id and s.business_id = ${businessId} and s.status in ('sending', 'unknown', 'unknown_final')
    returning s.id`
  return accepted.length
}
