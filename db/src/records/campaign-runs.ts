/**
 * What the scheduler does with campaigns: find the due ones, plan them, hold them, finish them. Runs as the worker, for
 * all businesses. Every step names the state it starts from, so two schedulers side by side cannot both take it.
 */
import { assignArm } from '@fidelio/core/assignment.ts'
import {
  type AudienceRules,
  type CampaignHoldReason,
  type CampaignStatus,
  campaignTransitions,
} from '@fidelio/core/campaign.ts'
import { judge } from '@fidelio/core/eligibility.ts'
import type { CampaignSchedule, MisfirePolicy } from '@fidelio/core/schedule.ts'
import type { SendStatus } from '@fidelio/core/send.ts'
import type { SendingWindow } from '@fidelio/core/sending-hours.ts'
import type { StoreTransaction } from '../postgres/client.ts'
import type { BehaviourMatch } from '../queries/audience.ts'
import { type AudienceMember, type AudiencePlace, audienceMembers, placeFacts, readBroadly } from './audience.ts'
import { regroupMatch } from './audience-facts.ts'
import { hoursFor, type Moment } from './send-hours.ts'
import { finishSlot, takeSlot } from './slots.ts'

/** A campaign as the scheduler needs it, with what its messages are filled from. */
export type CampaignRun = {
  id: string
  businessId: string
  businessName: string
  name: string
  channel: string
  accountId: string
  accountExternalId: string
  accountStatus: string
  topic: string
  messageText: string
  audience: AudienceRules
  holdoutPercent: number
  status: CampaignStatus
  scheduledAt: Date
  offerEndsAt: Date | null
  /** Null: for an instant. A run of a series carries its own wall-clock time. */
  schedule: CampaignSchedule | null
  misfire: MisfirePolicy
  sendingWindow: SendingWindow | null
}

/** Campaigns and runs whose instant has come, earliest first; series are records/campaign-series.ts'. `planning` is among them: a scheduler may have died there. */
export function dueCampaigns(sql: StoreTransaction, now: Date, limit: number): Promise<CampaignRun[]> {
  return sql<CampaignRun[]>`
    ${runsOf(sql)}
     where c.status in ('scheduled', 'planning') and c.scheduled_at <= ${now}
       and coalesce(c.schedule ->> 'rule', '') = ''
     order by c.scheduled_at, c.id
     limit ${limit}`
}

/** Campaigns in the middle of sending, the one planned first, first. */
export function sendingCampaigns(sql: StoreTransaction): Promise<CampaignRun[]> {
  return sql<CampaignRun[]>`
    ${runsOf(sql)}
     where c.status = 'sending'
     order by c.planned_at, c.id`
}

function runsOf(sql: StoreTransaction) {
  return sql`
    select c.id, c.business_id as "businessId", b.name as "businessName", c.name, c.channel,
           c.account_id as "accountId", a.external_id as "accountExternalId", a.status as "accountStatus", c.topic,
           c.message_text as "messageText", c.audience, c.holdout_percent::float8 as "holdoutPercent", c.status,
           c.scheduled_at as "scheduledAt", c.offer_ends_at as "offerEndsAt", c.schedule, c.misfire,
           c.sending_window as "sendingWindow"
      from campaigns c
      join businesses b on b.id = c.business_id
      join channel_accounts a on a.business_id = c.business_id and a.id = c.account_id`
}

/** One step of a campaign's state, if it is still in one of the states the step starts from. False: somebody was faster. */
export async function stepCampaign(
  sql: StoreTransaction,
  run: { id: string; businessId: string },
  step: { from: readonly CampaignStatus[]; to: CampaignStatus; reason?: CampaignHoldReason; at: Date },
): Promise<boolean> {
  const wrong = step.from.find((status) => !campaignTransitions[status].includes(step.to))
  if (wrong !== undefined) throw new Error(`a campaign cannot go from ${wrong} to ${step.to}`)
  const moved = await sql`
    update campaigns
       set status = ${step.to}, status_reason = ${step.reason ?? ''}, updated_at = ${step.at},
           finished_at = case when ${step.to} in ('done', 'missed') then ${step.at}::timestamptz else finished_at end
     where business_id = ${run.businessId} and id = ${run.id} and status = any(${[...step.from]})
    returning id`
  return moved.length === 1
}

/** People read and written per statement: a few megabytes, well below a second. */
const planPageContacts = 20_000

export type PlanOutcome = { kind: 'planned'; targeted: number; eligible: number } | { kind: 'taken' }

/**
 * Plans a campaign in one transaction: every person the audience speaks of gets a row, reason included, and the slot is
 * taken in the same commit. A crash leaves nothing behind; a second scheduler finds the campaign locked and goes on.
 */
export async function planCampaign(
  sql: StoreTransaction,
  run: CampaignRun,
  match: BehaviourMatch,
  by: { ownerId: string; at: Date },
): Promise<PlanOutcome> {
  const [locked] = await sql<{ assignmentKey: Uint8Array }[]>`
    select assignment_key as "assignmentKey" from campaigns
     where business_id = ${run.businessId} and id = ${run.id} and status = 'planning'
       and scheduled_at = ${run.scheduledAt}
       for update skip locked`
  if (!locked) return { kind: 'taken' }
  const key = `campaign:${run.id}:plan:${run.scheduledAt.toISOString()}`
  if (!(await takeSlot(sql, { key, takenBy: by.ownerId, at: by.at }))) return { kind: 'taken' }
  const counts = await planPeople(sql, run, match, { ...by, assignmentKey: locked.assignmentKey })
  await sql`
    update campaigns set status = 'sending', status_reason = '', planned_at = ${by.at}, updated_at = ${by.at}
     where business_id = ${run.businessId} and id = ${run.id}`
  await finishSlot(sql, { key, outcome: `planned ${counts.targeted}`, at: by.at })
  return { kind: 'planned', ...counts }
}

/** `contactId`: whose id the recipient is, so that receipts find the send. */
type Planned = {
  contactId: number
  recipient: string
  arm: string
  status: SendStatus
  reason: string
  notBefore: Date | null
}

async function planPeople(
  sql: StoreTransaction,
  run: CampaignRun,
  behaviour: BehaviourMatch,
  by: { at: Date; assignmentKey: Uint8Array },
): Promise<{ targeted: number; eligible: number }> {
  const match = await regroupMatch(sql, run.businessId, behaviour)
  const place: AudiencePlace = { ...run, campaignId: run.id, at: by.at }
  const channel = await placeFacts(sql, place)
  const momentOf = hoursFor(run, channel, by.at)
  await readBroadly(sql)
  const [range] = await sql<{ end: number }[]>`
    select coalesce(max(id), 0) + 1 as end from contacts where business_id = ${run.businessId}`
  const include = match.include === null ? null : [...match.include].sort((a, b) => a - b)
  const counts = { targeted: 0, eligible: 0 }
  const verdictOf = (member: AudienceMember): Planned => {
    const { recipient, recipientContactId: contactId } = member
    const verdict = judge(member, channel)
    if (!verdict.eligible) {
      const { reason } = verdict
      const notBefore = reason === 'frequency_cap' ? member.cappedUntil : null
      return { contactId, recipient, arm: '', status: 'excluded', reason, notBefore }
    }
    // The draw is the person's, under whichever of their contacts they can be reached.
    const draw = { key: by.assignmentKey, campaignId: run.id, contactId: member.contactId }
    const arm = assignArm(draw, run.holdoutPercent / 100)
    if (arm === 'holdout') return { contactId, recipient, arm, status: 'holdout', reason: '', notBefore: null }
    const { reason, notBefore }: Moment = momentOf(member.timeZone)
    return { contactId, recipient, arm, status: 'planned', reason, notBefore }
  }
  for (let from = 0; from < (range?.end ?? 0); from += planPageContacts) {
    const scope = { from, to: from + planPageContacts }
    const slice = { ...match, include: include && between(include, scope) }
    if (slice.include?.length === 0) continue
    const rows = (await audienceMembers(sql, place, channel, scope, slice)).map(verdictOf)
    await insertSends(sql, run, rows, by.at)
    counts.targeted += rows.length
    counts.eligible += rows.filter((row) => row.status === 'planned').length
  }
  return counts
}

function between(sorted: readonly number[], { from, to }: { from: number; to: number }): number[] {
  return sorted.filter((id) => id >= from && id < to)
}

async function insertSends(
  sql: StoreTransaction,
  run: CampaignRun,
  rows: readonly Planned[],
  plannedAt: Date,
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into sends (id, business_id, campaign_id, contact_id, account_id, recipient, arm, status, reason,
                       not_before, planned_at, updated_at)
    select gen_random_uuid(), ${run.businessId}::uuid, ${run.id}::uuid, p.contact_id, ${run.accountId}::uuid,
           p.recipient, p.arm, p.status, p.reason, p.not_before, ${plannedAt}, ${plannedAt}
      from unnest(${rows.map((row) => row.contactId)}::bigint[], ${rows.map((row) => row.recipient)}::text[],
                  ${rows.map((row) => row.arm)}::text[], ${rows.map((row) => row.status)}::text[],
                  ${rows.map((row) => row.reason)}::text[],
                  ${rows.map((row) => row.notBefore?.toISOString() ?? null)}::timestamptz[])
           as p (contact_id, recipient, arm, status, reason, not_before)
    on conflict (business_id, campaign_id, contact_id, step) do nothing`
}

/** Campaigns of which nothing is left to send or to hear about become `done`. Returns how many. */
export async function finishCampaigns(sql: StoreTransaction, now: Date): Promise<number> {
  const finished = await sql`
    update campaigns c
       set status = 'done', status_reason = '', finished_at = ${now}, updated_at = ${now}
     where c.status = 'sending'
       and not exists (select 1 from sends s where s.campaign_id = c.id and s.status in ('planned', 'claimed'))
       and not exists (select 1 from sends s where s.campaign_id = c.id and s.status in ('sending', 'unknown'))
    returning c.id`
  return finished.length
}

/**
 * Holds campaigns whose sending stood still for too long although people were left: nobody ran, and what was an offer
 * then may be a nuisance now. Returns how many.
 */
export async function holdInterrupted(sql: StoreTransaction, stillSince: Date, now: Date): Promise<number> {
  const held = await sql`
    update campaigns c
       set status = 'held', status_reason = 'interrupted', updated_at = ${now}
     where c.status = 'sending' and c.updated_at < ${stillSince}
       and exists (select 1 from sends s
                    where s.campaign_id = c.id and s.status in ('planned', 'claimed'))
       and not exists (select 1 from sends s
                        where s.business_id = c.business_id and s.campaign_id = c.id
                          and (s.updated_at >= ${stillSince} or s.not_before >= ${stillSince}))
    returning c.id`
  return held.length
}
