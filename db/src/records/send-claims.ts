/**
 * From planned to sent, as the scheduler does it: claim with a lease, judge again, commit `sending`, and only then may
 * the provider be called (reliability.md §4). `attempt` is the fence: it rises with every claim, and a write that does
 * not hold the current one changes nothing. Clocks only decide when; no clock can make a message go out twice.
 */
import { type ChannelFacts, judge } from '@fidelio/core/eligibility.ts'
import type { FailureReason, SendStatus, WithdrawalReason } from '@fidelio/core/send.ts'
import type { StoreTransaction } from '../postgres/client.ts'
import { type AudienceMember, type AudiencePlace, audienceMembers, channelFacts } from './audience.ts'
import type { CampaignRun } from './campaign-runs.ts'
import { lockGrouping, peopleOf } from './contact-merges.ts'

/** A row one worker may work on: nobody else writes it while `attempt` is current. */
export type ClaimedSend = {
  id: string
  contactId: number
  recipient: string
  displayName: string | null
  attempt: number
}

export type ClaimOutcome = { claimed: ClaimedSend[]; withdrawn: number }

type Candidate = { id: string; contactId: number; recipient: string; attempt: number }
type Judged = Candidate & { displayName: string | null; withdrawn: WithdrawalReason | null }

/**
 * Claims up to `limit` planned people of a campaign, lowest contact number first, passing over rows another worker is
 * looking at. Who does not pass the gates any more is withdrawn with the reason, in the same transaction.
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
       and (s.not_before is null or s.not_before <= ${claim.at})
       and exists (select 1 from campaigns c
                    where c.business_id = s.business_id and c.id = s.campaign_id and c.status = 'sending')
     order by s.contact_id
     limit ${claim.limit}
       for update of s skip locked`
  const judged = await judgeAgain(sql, run, claim.at, candidates)
  await sql`
    update sends s
       set status = case when v.withdrawn = '' then 'claimed' else 'withdrawn' end,
           reason = v.withdrawn,
           attempt = s.attempt + 1,
           lease_owner = case when v.withdrawn = '' then ${claim.ownerId} else '' end,
           lease_until = case when v.withdrawn = ''
                              then ${claim.at}::timestamptz + make_interval(secs => ${claim.leaseSeconds}) end,
           updated_at = ${claim.at}, facts_dirty = true
      from unnest(${judged.map((row) => row.id)}::uuid[], ${judged.map((row) => row.withdrawn ?? '')}::text[])
           as v (id, withdrawn)
     where s.id = v.id`
  const claimed = judged.filter((row) => row.withdrawn === null).map((row) => ({ ...row, attempt: row.attempt + 1 }))
  return { claimed, withdrawn: judged.length - claimed.length }
}

export type StartOutcome = {
  /** Committed as `sending` when the transaction commits: these, and only these, may be called. */
  started: ClaimedSend[]
  withdrawn: number
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
    return { started: [], withdrawn: 0, refused: claims.length - released }
  }
  const held = await sql<Candidate[]>`
    select s.id, s.contact_id as "contactId", s.recipient, s.attempt
      from sends s
      join unnest(${claims.map((claim) => claim.id)}::uuid[], ${claims.map((claim) => claim.attempt)}::integer[])
           as c (id, attempt) on c.id = s.id and c.attempt = s.attempt
     where s.status = 'claimed'
     order by s.contact_id
       for update of s`
  const judged = await judgeAgain(sql, run, at, held)
  await sql`
    update sends s
       set status = case when v.withdrawn = '' then 'sending' else 'withdrawn' end, reason = v.withdrawn,
           sending_at = case when v.withdrawn = '' then ${at}::timestamptz end,
           lease_owner = case when v.withdrawn = '' then s.lease_owner else '' end,
           updated_at = ${at}, facts_dirty = true
      from unnest(${judged.map((row) => row.id)}::uuid[], ${judged.map((row) => row.withdrawn ?? '')}::text[])
           as v (id, withdrawn)
     where s.id = v.id`
  const started = judged.filter((row) => row.withdrawn === null)
  return { started, withdrawn: judged.length - started.length, refused: claims.length - judged.length }
}

/** Consent, exclusions, the window and who is one person as they are now, by the rules in force now. */
async function judgeAgain(
  sql: StoreTransaction,
  run: CampaignRun,
  at: Date,
  candidates: readonly Candidate[],
): Promise<Judged[]> {
  if (candidates.length === 0) return []
  const place: AudiencePlace = { ...run, campaignId: run.id, at }
  const channel = await channelFacts(sql, place)
  const personOf = await peopleOf(
    sql,
    run.businessId,
    candidates.map((candidate) => candidate.contactId),
  )
  const contactIds = [...new Set(personOf.values())]
  const members = await audienceMembers(sql, place, channel.openAfter, { contactIds }, { include: null, exclude: [] })
  const known = new Map(members.map((member) => [member.contactId, member]))
  const repeated = await sendsToTheSame(sql, run, candidates, contactIds)
  return candidates.map((candidate) => {
    const member = known.get(personOf.get(candidate.contactId) ?? 0)
    const displayName = member?.displayName ?? null
    const withdrawn = repeated.has(candidate.id) ? 'same_person' : withdrawalOf(run, at, channel, candidate, member)
    return { ...candidate, displayName, withdrawn }
  })
}

/**
 * Of several sends to one person, planned before it was known that they are one, only one may go out: another that is on
 * its way or may have gone out, or has the lower number and waits too, goes first. The order is the same for every worker,
 * and nobody is regrouped while sends start (`lockGrouping`), so two can neither both go nor both give way.
 */
async function sendsToTheSame(
  sql: StoreTransaction,
  run: CampaignRun,
  candidates: readonly Candidate[],
  personIds: readonly number[],
): Promise<Set<string>> {
  const contacts = await sql<{ id: number; personId: number }[]>`
    select id, merged_into as "personId" from contacts
     where business_id = ${run.businessId} and merged_into = any(${[...personIds]}::bigint[])`
  if (contacts.length === 0) return new Set()
  const merged = [...new Set(contacts.flatMap((contact) => [contact.id, contact.personId]))]
  const repeated = await sql<{ id: string }[]>`
    select s.id
      from sends s
      join contacts c on c.business_id = s.business_id and c.id = s.contact_id
     where s.id = any(${candidates.map((candidate) => candidate.id)}::uuid[])
       and s.contact_id = any(${merged}::bigint[])
       and exists (select from contacts oc
                     join sends o on o.business_id = oc.business_id and o.contact_id = oc.id
                    where oc.business_id = s.business_id
                      -- By person, so that a candidate looks at its own few contacts and not at everybody's.
                      and (oc.id = coalesce(c.merged_into, c.id) or oc.merged_into = coalesce(c.merged_into, c.id))
                      and o.campaign_id = s.campaign_id and o.step = s.step and o.id <> s.id
                      and (o.status in ('sending', 'accepted', 'unknown', 'unknown_final')
                           or (o.status in ('planned', 'claimed') and o.contact_id < s.contact_id)))`
  return new Set(repeated.map((row) => row.id))
}

function withdrawalOf(
  run: CampaignRun,
  at: Date,
  channel: ChannelFacts,
  candidate: Candidate,
  member: AudienceMember | undefined,
): WithdrawalReason | null {
  if (run.offerEndsAt !== null && run.offerEndsAt <= at) return 'offer_ended'
  if (!member || candidate.recipient === '') return 'no_identity'
  // Whose turn it is between two campaigns was settled at planning: asked again here, both would give way.
  const verdict = judge({ ...member, inOtherCampaign: false }, channel)
  return verdict.eligible ? null : verdict.reason
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
