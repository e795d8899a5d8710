/**
 * Campaigns as people make and steer them, through the business's own door. What the scheduler does with them is in
 * records/campaign-runs.ts. Outcomes are values; states and their steps are core/campaign's.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import {
  type CampaignDraft,
  type CampaignStatus,
  campaignProblems,
  campaignTransitions,
  type FieldProblem,
} from '@fidelio/core/campaign.ts'
import type { Channel } from '@fidelio/core/event.ts'
import type { StoreTransaction } from '../postgres/client.ts'
import type { BusinessDb } from '../tenancy.ts'

export type CampaignRecord = CampaignDraft & {
  id: string
  businessId: string
  channel: Channel
  accountId: string
  status: CampaignStatus
  /** Word from core/campaign's hold reasons, '' when there is nothing to say. */
  statusReason: string
  scheduledAt: Date | null
  offerEndsAt: Date | null
  plannedAt: Date | null
  finishedAt: Date | null
  createdAt: Date
  updatedAt: Date
  createdBy: string
  version: number
}

export type NewCampaign = CampaignDraft & { accountId: string; offerEndsAt: Date | null; createdBy: string }
export type CampaignChanges = Partial<CampaignDraft & { accountId: string; offerEndsAt: Date | null }>

type Invalid = { kind: 'invalid'; problems: FieldProblem[] }
/** The campaign is in a state that does not allow this. */
type Conflict = { kind: 'conflict'; status: CampaignStatus }
type NotFound = { kind: 'not_found' }
export type SavedCampaign = { kind: 'saved'; campaign: CampaignRecord }
export type CreateCampaignOutcome = SavedCampaign | Invalid
export type ChangeCampaignOutcome = SavedCampaign | Invalid | Conflict | NotFound

/** Creates a draft. The key of its holdout draw is made here and never changes. */
export function createCampaign(db: BusinessDb, input: NewCampaign, now: Date): Promise<CreateCampaignOutcome> {
  return db.tx(async (sql) => {
    const account = await findAccount(sql, db.businessId, input.accountId)
    const problems = problemsOf(input, account, now)
    if (!account || problems.length > 0) return { kind: 'invalid', problems }
    const [campaign] = await sql<CampaignRecord[]>`
      insert into campaigns
             (id, business_id, name, channel, account_id, topic, message_text, audience, holdout_percent,
              conversion_days, assignment_key, offer_ends_at, created_by, created_at, updated_at)
      values (${randomUUID()}, ${db.businessId}, ${input.name.trim()}, ${account.channel}, ${account.id}, ${input.topic},
              ${input.messageText}, ${sql.json(input.audience)}, ${input.holdoutPercent}, ${input.conversionDays},
              ${randomBytes(32)}, ${input.offerEndsAt}, ${input.createdBy}, ${now}, ${now})
      returning ${campaignColumns(sql)}`
    return saved(campaign)
  })
}

/** Changes a draft; in any other state the campaign is as people approved it. */
export function updateCampaign(
  db: BusinessDb,
  id: string,
  changes: CampaignChanges,
  now: Date,
): Promise<ChangeCampaignOutcome> {
  return db.tx(async (sql) => {
    const current = await lockCampaign(sql, db.businessId, id)
    if (!current) return { kind: 'not_found' }
    if (current.status !== 'draft') return { kind: 'conflict', status: current.status }
    const wanted = { ...current, ...withoutUndefined(changes) }
    const account = await findAccount(sql, db.businessId, wanted.accountId)
    const problems = problemsOf(wanted, account, now)
    if (!account || problems.length > 0) return { kind: 'invalid', problems }
    const [campaign] = await sql<CampaignRecord[]>`
      update campaigns
         set name = ${wanted.name.trim()}, channel = ${account.channel}, account_id = ${account.id},
             topic = ${wanted.topic}, message_text = ${wanted.messageText}, audience = ${sql.json(wanted.audience)},
             holdout_percent = ${wanted.holdoutPercent}, conversion_days = ${wanted.conversionDays},
             offer_ends_at = ${wanted.offerEndsAt}, version = version + 1, updated_at = ${now}
       where id = ${id}
      returning ${campaignColumns(sql)}`
    return saved(campaign)
  })
}

/**
 * Schedules for an instant; none, or one in the past, means now. A held campaign is released by the same call: not yet
 * planned it is scheduled anew, otherwise it goes on with the remaining people at once.
 */
export function scheduleCampaign(
  db: BusinessDb,
  id: string,
  at: Date | null,
  now: Date,
): Promise<ChangeCampaignOutcome> {
  return db.tx(async (sql) => {
    const current = await lockCampaign(sql, db.businessId, id)
    if (!current) return { kind: 'not_found' }
    if (!campaignTransitions[current.status].includes('scheduled')) return { kind: 'conflict', status: current.status }
    const due = at !== null && at > now ? at : now
    const account = await findAccount(sql, db.businessId, current.accountId)
    const problems = problemsOf(current, account, due)
    if (account && account.status !== 'connected')
      problems.push({ field: 'accountId', problem: 'The account must be reconnected before it can send.' })
    if (problems.length > 0) return { kind: 'invalid', problems }
    const [campaign] = await sql<CampaignRecord[]>`
      update campaigns
         set status = case when planned_at is null then 'scheduled' else 'sending' end,
             scheduled_at = case when planned_at is null then ${due} else scheduled_at end,
             status_reason = '', updated_at = ${now}
       where id = ${id}
      returning ${campaignColumns(sql)}`
    return saved(campaign)
  })
}

/**
 * Scheduled: back to draft. Sending, or held in the middle of it: whoever is not yet being sent to is withdrawn, with
 * the reason. What is on its way cannot be called back.
 */
export function cancelCampaign(
  db: BusinessDb,
  id: string,
  now: Date,
): Promise<Exclude<ChangeCampaignOutcome, { kind: 'invalid' }>> {
  return db.tx(async (sql) => {
    const current = await lockCampaign(sql, db.businessId, id)
    if (!current) return { kind: 'not_found' }
    const isScheduled = current.status === 'scheduled' || (current.status === 'held' && current.plannedAt === null)
    if (!isScheduled && !['planning', 'sending', 'held'].includes(current.status))
      return { kind: 'conflict', status: current.status }
    const [campaign] = await sql<CampaignRecord[]>`
      update campaigns
         set status = ${isScheduled ? 'draft' : 'cancelled'},
             scheduled_at = ${isScheduled ? null : current.scheduledAt},
             finished_at = ${isScheduled ? null : now}, status_reason = '', updated_at = ${now}
       where id = ${id}
      returning ${campaignColumns(sql)}`
    if (!isScheduled) {
      // A worker that holds a claim finds its row withdrawn when it wants to start, and lets go. Rows are locked in the
      // order workers lock them, so that neither waits for the other in a circle.
      await sql`
        with left_over as materialized (
          select id from sends
           where business_id = ${db.businessId} and campaign_id = ${id} and status in ('planned', 'claimed', 'held')
           order by contact_id
             for update)
        update sends
           set status = 'withdrawn', reason = 'campaign_cancelled', lease_owner = '', lease_until = null,
               updated_at = ${now}, facts_dirty = true
          from left_over
         where sends.id = left_over.id`
    }
    return saved(campaign)
  })
}

export function findCampaign(db: BusinessDb, id: string): Promise<CampaignRecord | null> {
  return db.tx(async (sql) => {
    const [campaign] = await sql<CampaignRecord[]>`
      select ${campaignColumns(sql)} from campaigns where business_id = ${db.businessId} and id = ${id}`
    return campaign ?? null
  })
}

/** Place in the list: newest first, ids break ties. */
export type CampaignCursor = { createdAt: Date; id: string }

export function listCampaigns(
  db: BusinessDb,
  page: { first: number; after?: CampaignCursor | undefined; status?: CampaignStatus | undefined },
): Promise<{ campaigns: CampaignRecord[]; hasMore: boolean }> {
  return db.tx(async (sql) => {
    const { after, first, status } = page
    const rows = await sql<CampaignRecord[]>`
      select ${campaignColumns(sql)} from campaigns
       where business_id = ${db.businessId}
         ${status ? sql`and status = ${status}` : sql``}
         ${after ? sql`and (created_at, id) < (${after.createdAt}, ${after.id}::uuid)` : sql``}
       order by created_at desc, id desc
       limit ${first + 1}`
    return { campaigns: rows.slice(0, first), hasMore: rows.length > first }
  })
}

/** The campaign that goes out next, for the overview; null when none is scheduled. */
export function nextCampaign(db: BusinessDb): Promise<CampaignRecord | null> {
  return db.tx(async (sql) => {
    const [campaign] = await sql<CampaignRecord[]>`
      select ${campaignColumns(sql)} from campaigns
       where business_id = ${db.businessId} and status = 'scheduled'
       order by scheduled_at, id
       limit 1`
    return campaign ?? null
  })
}

export function campaignColumns(sql: StoreTransaction) {
  return sql`id, business_id as "businessId", name, channel, account_id as "accountId", topic,
             message_text as "messageText", audience, holdout_percent::float8 as "holdoutPercent",
             conversion_days as "conversionDays", status, status_reason as "statusReason",
             scheduled_at as "scheduledAt", offer_ends_at as "offerEndsAt", planned_at as "plannedAt",
             finished_at as "finishedAt", created_at as "createdAt", updated_at as "updatedAt",
             created_by as "createdBy", version`
}

async function lockCampaign(sql: StoreTransaction, businessId: string, id: string): Promise<CampaignRecord | null> {
  const [campaign] = await sql<CampaignRecord[]>`
    select ${campaignColumns(sql)} from campaigns where business_id = ${businessId} and id = ${id} for update`
  return campaign ?? null
}

type Account = { id: string; channel: Channel; status: string }

async function findAccount(sql: StoreTransaction, businessId: string, id: string): Promise<Account | null> {
  const [account] = await sql<Account[]>`
    select id, channel, status from channel_accounts where business_id = ${businessId} and id = ${id}`
  return account ?? null
}

const channelsWithOffers: readonly Channel[] = ['messenger', 'sandbox']

function problemsOf(
  draft: CampaignDraft & { offerEndsAt: Date | null },
  account: Account | null,
  due: Date,
): FieldProblem[] {
  const problems = campaignProblems(draft)
  if (!account) problems.push({ field: 'accountId', problem: 'There is no such account.' })
  else if (!channelsWithOffers.includes(account.channel))
    problems.push({ field: 'accountId', problem: `Offers cannot be sent on the channel ${account.channel}.` })
  if (draft.offerEndsAt !== null && draft.offerEndsAt <= due)
    problems.push({ field: 'offerEndsAt', problem: 'The offer ends before it would be sent.' })
  return problems
}

function saved(campaign: CampaignRecord | undefined): SavedCampaign {
  if (!campaign) throw new Error('A locked campaign was not written.')
  return { kind: 'saved', campaign }
}

/** A field left undefined is not a change. */
function withoutUndefined(changes: CampaignChanges): Partial<CampaignRecord> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}
