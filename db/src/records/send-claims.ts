/**
 * From planned to sent, as the scheduler does it: claim with a lease, judge again, commit `sending`, and only then may
 * the provider be called (reliability.md §4). `attempt` is the fence: it rises with every claim, and a write that does
 * not hold the current one changes nothing. Clocks only decide when; no clock can make a message go out twice.
 */
import type { FailureReason, SendStatus, WithdrawalReason } from '@fidelio/core/send.ts'
import type { StoreTransaction } from '../postgres/client.ts'
import type { CampaignRun } from './campaign-runs.ts'
import { lockGrouping, peopleOf } from './contact-merges.ts'
import { type Candidate, type Judged, judgeAgain } from './send-judging.ts'

/** A row one worker may work on: nobody else writes it while `attempt` is current. */
export type ClaimedSend = {
  id: string
  contactId: number
  recipient: string
  displayName: string | null
  attempt: number
}

/** `deferred`: planned as before, because their hour is not one in which offers go out. */
export type ClaimOutcome = { claimed: ClaimedSend[]; withdrawn: number; deferred: number }

/**
 * Claims up to `limit` planned people of a campaign whose time has come, who waits longest first, passing over rows
 * another worker is looking at. Who does not pass the gates any more is withdrawn with the reason, in the same transaction.
 */
export async function claimSends(
  sql: StoreTransaction,
  run: CampaignRun,
  claim: { ownerId: string; at: Date; leaseSeconds: number; limit: number },
): Promise<ClaimOutcome> {
  const candidates = await sql<Candidate[]>`
    select s.id, s.contact_id as "contactId", s.recipient, s.attempt
      from sends s
     where s.campaign_id = ${run.id} and s.business_id = ${run.businessId}
       and s.status = 'planned'
       and coalesce(s.not_before, '-infinity'::timestamptz) <= ${claim.at}
       and exists (select 1 from campaigns c
                    where c.business_id = s.business_id and c.id = s.campaign_id and c.status = 'sending')
     order by coalesce(s.not_before, '-infinity'::timestamptz), s.contact_id
     limit ${claim.limit}
       for update of s skip locked`
  const judged = await judgeAgain(sql, run, claim.at, candidates)
  const { passed, withdrawn, deferred } = await setAside(sql, judged, claim.at)
  await sql`
    update sends s
       set status = 'claimed', reason = '', not_before = null, attempt = s.attempt + 1, lease_owner = ${claim.ownerId},
           lease_until = ${claim.at}::timestamptz + make_interval(secs => ${claim.leaseSeconds}),
           updated_at = ${claim.at}, facts_dirty = true
     where s.id = any(${passed.map((row) => row.id)}::uuid[])`
  return { claimed: passed.map((row) => ({ ...row, attempt: row.attempt + 1 })), withdrawn, deferred }
}

/**
 * Writes down who is not sent to now: withdrawn for good with the reason, or back to planned until offers may go out in
 * their hour. A deferral only delays, so it counts no attempt.
 */
async function setAside(sql: StoreTransaction, judged: readonly Judged[], at: Date) {
  const passed = judged.filter((row) => row.withdrawn === null && row.deferred === '')
  const aside = judged.filter((row) => !passed.includes(row))
  if (aside.length > 0)
    await sql`
      update sends s
         set status = case when v.withdrawn = '' then 'planned' else 'withdrawn' end,
             reason = case when v.withdrawn = '' then v.deferred else v.withdrawn end,
             not_before = v.not_before, lease_owner = '', lease_until = null, updated_at = ${at}, facts_dirty = true
        from unnest(${aside.map((row) => row.id)}::uuid[], ${aside.map((row) => row.withdrawn ?? '')}::text[],
                    ${aside.map((row) => row.deferred)}::text[],
                    ${aside.map((row) => row.notBefore?.toISOString() ?? null)}::timestamptz[])
             as v (id, withdrawn, deferred, not_before)
       where s.id = v.id`
  const withdrawn = aside.filter((row) => row.withdrawn !== null).length
  return { passed, withdrawn, deferred: aside.length - withdrawn }
}

export type StartOutcome = {
  /** Committed as `sending` when the transaction commits: these, and only these, may be called. */
  started: ClaimedSend[]
  withdrawn: number
  deferred: number
  /** Claims that are no longer ours: the lease ran out and another worker has them, or the campaign was cancelled. */
  refused: number
}

/**
 * The last step before the call: judges once more and writes `sending`. Claims of a campaign that was held meanwhile
 * go back to planned.
 */
export async function startSends(
  sql: StoreTransaction,
  run: CampaignRun,
  claims: readonly ClaimedSend[],
  at: Date,
): Promise<StartOutcome> {
  await lockGrouping(sql, run.businessId, 'shared')
  const [campaign] = await sql<{ status: string }[]>`
    select status from campaigns where business_id = ${run.businessId} and id = ${run.id} for share`
  if (campaign?.status !== 'sending') {
    const released = await releaseClaims(sql, claims, at)
    return { started: [], withdrawn: 0, deferred: 0, refused: claims.length - released }
  }
  const held = await sql<Candidate[]>`
    select s.id, s.contact_id as "contactId", s.recipient, s.attempt
      from sends s
      join unnest(${claims.map((claim) => claim.id)}::uuid[], ${claims.map((claim) => claim.attempt)}::integer[])
           as c (id, attempt) on c.id = s.id and c.attempt = s.attempt
     where s.status = 'claimed'
     order by s.contact_id
       for update of s`
  await lockPeople(sql, run.businessId, held)
  const judged = await judgeAgain(sql, run, at, held)
  const { passed: started, withdrawn, deferred } = await setAside(sql, judged, at)
  await sql`
    update sends s
       set status = 'sending', reason = '', sending_at = ${at}, updated_at = ${at}, facts_dirty = true
     where s.id = any(${started.map((row) => row.id)}::uuid[])`
  return { started, withdrawn, deferred, refused: claims.length - judged.length }
}

/**
 * Under a cap, two campaigns that start a send to one person must count one after the other. People are locked in one
 * order, after the rows, until the commit; without a cap nobody is.
 */
async function lockPeople(sql: StoreTransaction, businessId: string, held: readonly Candidate[]): Promise<void> {
  const [business] = await sql<{ hasCap: boolean }[]>`
    select frequency_cap is not null as "hasCap" from businesses where id = ${businessId}`
  if (!business?.hasCap || held.length === 0) return
  const personOf = await peopleOf(
    sql,
    businessId,
    held.map((row) => row.contactId),
  )
  await sql`
    select pg_advisory_xact_lock(hashtextextended(${`offers:${businessId}:`} || person_id, 0))
      from (select unnest(${[...new Set(personOf.values())].sort((a, b) => a - b)}::bigint[]) as person_id) people`
}

/** Gives claims back that were never started. Returns how many were still ours. */
export async function releaseClaims(sql: StoreTransaction, claims: readonly ClaimedSend[], at: Date): Promise<number> {
  const released = await sql`
    update sends s
       set status = 'planned', lease_owner = '', lease_until = null, updated_at = ${at}, facts_dirty = true
      from unnest(${claims.map((claim) => claim.id)}::uuid[], ${claims.map((claim) => claim.attempt)}::integer[])
           as c (id, attempt)
     where s.id = c.id and s.attempt = c.attempt and s.status = 'claimed'
    returning s.id`
  return released.length
}

/** Withdraws claims whose message cannot be made for that person. */
export async function withdrawClaims(
  sql: StoreTransaction,
  claims: readonly ClaimedSend[],
  reason: WithdrawalReason,
  at: Date,
): Promise<void> {
  await sql`
    update sends s
       set status = 'withdrawn', reason = ${reason}, lease_owner = '', lease_until = null, updated_at = ${at},
           facts_dirty = true
      from unnest(${claims.map((claim) => claim.id)}::uuid[], ${claims.map((claim) => claim.attempt)}::integer[])
           as c (id, attempt)
     where s.id = c.id and s.attempt = c.attempt and s.status = 'claimed'`
}

/** What the provider's answer means for one row. `status` is one of the steps out of `sending` (core/send). */
export type SendResult = {
  id: string
  attempt: number
  status: Extract<SendStatus, 'accepted' | 'rejected' | 'unknown' | 'planned'>
  reason: FailureReason | 'no_answer' | 'not_reached' | 'throttled' | ''
  messageId: string
  errorCode: string
  /** Back to planned: not to be tried before this instant. */
  notBefore: Date | null
}

export type RecordOutcome = {
  recorded: number
  /** An echo or receipt had settled the row before the answer came. */
  alreadySettled: number
  /** The write was refused: another attempt owns the row, or it was given up as unknown and only proof may change it. */
  refused: number
}

/**
 * Writes what became of calls. Fenced by `attempt`. Proof (accepted, rejected) may also settle a row that was given up
 * as unknown while the call was still running; nothing else may, and nothing ever leads from there back to planned.
 */
export async function recordResults(
  sql: StoreTransaction,
  results: readonly SendResult[],
  at: Date,
): Promise<RecordOutcome> {
  await lockInOrder(
    sql,
    results.map((result) => result.id),
  )
  const column = <K extends keyof SendResult>(key: K) => results.map((result) => result[key])
  const written = await sql<{ id: string }[]>`
    update sends s
       set status = r.status, reason = r.reason, message_id = r.message_id, error_code = r.error_code,
           not_before = r.not_before, lease_owner = '', lease_until = null,
           sending_at = case when r.status = 'planned' then null else s.sending_at end,
           sent_at = case when r.status = 'accepted' then s.sending_at else s.sent_at end,
           updated_at = ${at}, facts_dirty = true
      from unnest(${column('id')}::uuid[], ${column('attempt')}::integer[], ${column('status')}::text[],
                  ${column('reason')}::text[], ${column('messageId')}::text[], ${column('errorCode')}::text[],
                  ${results.map((result) => result.notBefore?.toISOString() ?? null)}::timestamptz[])
           as r (id, attempt, status, reason, message_id, error_code, not_before)
     where s.id = r.id and s.attempt = r.attempt
       and (s.status = 'sending' or (s.status in ('unknown', 'unknown_final') and r.status in ('accepted', 'rejected')))
    returning s.id`
  if (written.length === results.length) return { recorded: results.length, alreadySettled: 0, refused: 0 }
  const done = new Set(written.map((row) => row.id))
  const rest = results.filter((result) => !done.has(result.id)).map((result) => result.id)
  const settled = await sql`
    select id from sends where id = any(${rest}::uuid[]) and status = 'accepted'`
  return { recorded: done.size, alreadySettled: settled.length, refused: rest.length - settled.length }
}

/** Rows are always locked in the same order, so that a worker and an echo cannot wait for each other in a circle. */
export async function lockInOrder(sql: StoreTransaction, sendIds: readonly string[]): Promise<void> {
  await sql`select 1 from sends where id = any(${[...sendIds]}::uuid[]) order by id for update`
}
