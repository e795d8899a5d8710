/**
 * Campaigns as people make and steer them, through the business's own door. What the scheduler does with them is in
 * records/campaign-runs.ts. Outcomes are values; states and their steps are core/campaign's.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { type CampaignDraft, type CampaignStatus, campaignProblems, type FieldProblem } from '@fidelio/core/campaign.ts'
import type { Channel } from '@fidelio/core/event.ts'
import type { CampaignSchedule, MisfirePolicy } from '@fidelio/core/schedule.ts'
import { type QuietHours, type SendingWindow, sendingWindowProblem } from '@fidelio/core/sending-hours.ts'
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
  /** Null: not scheduled, or for an instant. */
  schedule: CampaignSchedule | null
  /** The series this is a run of. */
  seriesId: string | null
  /** Of a run its wall-clock time; of a series that of the last run made. */
  slotLocal: string
  misfire: MisfirePolicy
  /** Null: any hour outside the business's quiet hours. */
  sendingWindow: SendingWindow | null
}

export type NewCampaign = CampaignDraft & {
  accountId: string
  offerEndsAt: Date | null
  createdBy: string
  sendingWindow?: SendingWindow | null
}
export type CampaignChanges = Partial<
  CampaignDraft & { accountId: string; offerEndsAt: Date | null; sendingWindow: SendingWindow | null }
>

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
    const sendingWindow = input.sendingWindow ?? null
    const problems = [...problemsOf(input, account, now), ...(await windowProblems(sql, db.businessId, sendingWindow))]
    if (!account || problems.length > 0) return { kind: 'invalid', problems }
    const [campaign] = await sql<CampaignRecord[]>`
      insert into campaigns
             (id, business_id, name, channel, account_id, topic, message_text, audience, holdout_percent,
              conversion_days, assignment_key, offer_ends_at, sending_window, created_by, created_at,
              updated_at)
      values (${randomUUID()}, ${db.businessId}, ${input.name.trim()}, ${account.channel}, ${account.id}, ${input.topic},
              ${input.messageText}, ${sql.json(input.audience)}, ${input.holdoutPercent}, ${input.conversionDays},
              ${randomBytes(32)}, ${input.offerEndsAt}, ${jsonOrNull(sql, sendingWindow)}, ${input.createdBy}, ${now}, ${now})
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
    const problems = [
      ...problemsOf(wanted, account, now),
      ...(await windowProblems(sql, db.businessId, wanted.sendingWindow)),
    ]
    if (!account || problems.length > 0) return { kind: 'invalid', problems }
    const [campaign] = await sql<CampaignRecord[]>`
      update campaigns
         set name = ${wanted.name.trim()}, channel = ${account.channel}, account_id = ${account.id},
             topic = ${wanted.topic}, message_text = ${wanted.messageText}, audience = ${sql.json(wanted.audience)},
             holdout_percent = ${wanted.holdoutPercent}, conversion_days = ${wanted.conversionDays},
             offer_ends_at = ${wanted.offerEndsAt}, sending_window = ${jsonOrNull(sql, wanted.sendingWindow)},
             version = version + 1, updated_at = ${now}
       where id = ${id}
      returning ${campaignColumns(sql)}`
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
             created_by as "createdBy", version, schedule, series_id as "seriesId", slot_local as "slotLocal", misfire,
             sending_window as "sendingWindow"`
}

export async function lockCampaign(
  sql: StoreTransaction,
  businessId: string,
  id: string,
): Promise<CampaignRecord | null> {
  const [campaign] = await sql<CampaignRecord[]>`
    select ${campaignColumns(sql)} from campaigns where business_id = ${businessId} and id = ${id} for update`
  return campaign ?? null
}

type Account = { id: string; channel: Channel; status: string }

export async function findAccount(sql: StoreTransaction, businessId: string, id: string): Promise<Account | null> {
  const [account] = await sql<Account[]>`
    select id, channel, status from channel_accounts where business_id = ${businessId} and id = ${id}`
  return account ?? null
}

const channelsWithOffers: readonly Channel[] = ['messenger', 'sandbox']

export function problemsOf(
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

export function saved(campaign: CampaignRecord | undefined): SavedCampaign {
  if (!campaign) throw new Error('A locked campaign was not written.')
  return { kind: 'saved', campaign }
}

async function windowProblems(
  sql: StoreTransaction,
  businessId: string,
  window: SendingWindow | null,
): Promise<FieldProblem[]> {
  const [business] = await sql<{ quiet: QuietHours | null }[]>`
    select quiet_hours as quiet from businesses where id = ${businessId}`
  const problem = sendingWindowProblem(window, business?.quiet ?? null)
  return problem === null ? [] : [{ field: 'sendingWindow', problem }]
}

export function jsonOrNull(sql: StoreTransaction, value: object | null) {
  return value === null ? null : sql.json({ ...value })
}

/** A field left undefined is not a change. */
function withoutUndefined(changes: CampaignChanges): Partial<CampaignRecord> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}
