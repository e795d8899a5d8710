/**
 * What people decide about a campaign once it is written: when it goes out, pausing, resuming, cancelling, writing it
 * once more. Outcomes are values; the steps are core/campaign's.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { campaignNameCharactersMax, campaignTransitions, type FieldProblem } from '@fidelio/core/campaign.ts'
import {
  type CampaignSchedule,
  type MisfirePolicy,
  nextSlots,
  type Slot,
  scheduleProblem,
} from '@fidelio/core/schedule.ts'
import { isTimeZone } from '@fidelio/core/time.ts'
import type { StoreTransaction } from '../postgres/client.ts'
import type { BusinessDb } from '../tenancy.ts'
import {
  type CampaignRecord,
  type ChangeCampaignOutcome,
  campaignColumns,
  findAccount,
  jsonOrNull,
  lockCampaign,
  problemsOf,
  saved,
} from './campaigns.ts'

/** When a campaign goes out, as a person says it. The zone is the business's. */
export type ScheduleInput = Pick<CampaignSchedule, 'startLocal' | 'rule' | 'inContactZone'>

/**
 * Schedules for an instant (none, or one in the past, means now) or for wall-clock times. A held campaign is released by
 * the same call: not yet planned it is scheduled anew, otherwise it goes on with the remaining people at once.
 */
export function scheduleCampaign(
  db: BusinessDb,
  id: string,
  when: Date | ScheduleInput | null,
  now: Date,
  misfire?: MisfirePolicy,
): Promise<ChangeCampaignOutcome> {
  return db.tx(async (sql) => {
    const current = await lockCampaign(sql, db.businessId, id)
    if (!current) return { kind: 'not_found' }
    if (!campaignTransitions[current.status].includes('scheduled')) return { kind: 'conflict', status: current.status }
    const timing = await timingOf(sql, current, when, now)
    const account = await findAccount(sql, db.businessId, current.accountId)
    const problems = 'problem' in timing ? [timing.problem] : problemsOf(current, account, timing.due)
    if (account && account.status !== 'connected')
      problems.push({ field: 'accountId', problem: 'The account must be reconnected before it can send.' })
    if ('problem' in timing || problems.length > 0) return { kind: 'invalid', problems }
    const [campaign] = await sql<CampaignRecord[]>`
      update campaigns
         set status = case when planned_at is null then 'scheduled' else 'sending' end,
             scheduled_at = case when planned_at is null then ${timing.due} else scheduled_at end,
             schedule = case when planned_at is null then ${jsonOrNull(sql, timing.schedule)}::jsonb else schedule end,
             slot_local = ${timing.slotLocal}, misfire = ${misfire ?? current.misfire}, status_reason = '',
             updated_at = ${now}
       where id = ${id}
      returning ${campaignColumns(sql)}`
    return saved(campaign)
  })
}

type Timing = { due: Date; schedule: CampaignSchedule | null; slotLocal: string } | { problem: FieldProblem }

async function timingOf(
  sql: StoreTransaction,
  current: CampaignRecord,
  when: Date | ScheduleInput | null,
  now: Date,
): Promise<Timing> {
  const asked = when === null || when instanceof Date ? null : when
  if (asked === null) {
    // A series that was paused goes on with its next run; what fell into the pause is not made up for.
    if (when === null && current.schedule?.rule) return nextOf(current.schedule, current.slotLocal, now)
    const due = when instanceof Date && when > now ? when : now
    // A run, and a campaign in people's own time, keep the wall-clock time they are about.
    const keeps = current.status === 'held' && !(when instanceof Date)
    return { due, schedule: keeps ? current.schedule : null, slotLocal: current.slotLocal }
  }
  const zones = await zonesOf(sql, current.businessId)
  const schedule = { ...asked, zone: zones.business, zones: asked.inContactZone ? zones.people : [] }
  const problem = scheduleProblem(schedule)
  if (problem !== null) return { problem: { field: 'schedule', problem } }
  // A run is one slot of its series; it cannot become a series itself.
  if (current.seriesId !== null) return { problem: { field: 'schedule', problem: 'A run of a series keeps its time.' } }
  return nextOf(schedule, '', now)
}

/** The first run ahead by the business's clock. In people's own time it may already be due in the earliest zones. */
function nextOf(schedule: CampaignSchedule, slotLocal: string, now: Date): Timing {
  const [ahead] = nextSlots({ ...schedule, inContactZone: false }, now.getTime(), 1)
  if (!ahead) return { problem: { field: 'schedule', problem: 'No run of this schedule lies ahead.' } }
  const [slot]: (Slot | undefined)[] = nextSlots(schedule, now.getTime(), 1)
  const isAhead = slot?.local === ahead.local
  const due = isAhead ? new Date(slot.at) : now
  // Runs before this one are not due any more: the scheduler looks for those after `slotLocal`.
  const before = previousMinute(ahead.local)
  return { due, schedule, slotLocal: schedule.rule === '' ? '' : slotLocal > before ? slotLocal : before }
}

/** The wall a minute before, as text: runs are compared by their wall-clock time. */
function previousMinute(local: string): string {
  return new Date(Date.parse(`${local}:00Z`) - 60_000).toISOString().slice(0, 16)
}

/** The next runs a schedule would have, or what is wrong with it: for whoever is about to choose it. */
export function previewSchedule(
  db: BusinessDb,
  asked: ScheduleInput,
  now: Date,
  first: number,
): Promise<{ problem: string } | { runs: Slot[]; zones: number }> {
  return db.tx(async (sql) => {
    const zones = await zonesOf(sql, db.businessId)
    const schedule = { ...asked, zone: zones.business, zones: asked.inContactZone ? zones.people : [] }
    const problem = scheduleProblem(schedule)
    if (problem !== null) return { problem }
    // Shown on the business's clock: whoever lives elsewhere gets it when their own clock shows that time.
    const runs = nextSlots({ ...schedule, inContactZone: false }, now.getTime(), first)
    return { runs, zones: new Set([zones.business, ...schedule.zones]).size }
  })
}

/** The business's zone, and those people are known to live in. */
async function zonesOf(sql: StoreTransaction, businessId: string): Promise<{ business: string; people: string[] }> {
  const [business] = await sql<{ zone: string }[]>`select time_zone as zone from businesses where id = ${businessId}`
  const people = await sql<{ zone: string }[]>`
    select distinct time_zone as zone from contacts where business_id = ${businessId} and time_zone is not null`
  return {
    business: business?.zone ?? 'UTC',
    people: people
      .map((row) => row.zone)
      .filter(isTimeZone)
      .sort(),
  }
}

/**
 * Pauses: nobody is started any more from the moment this commits, and a series makes no runs. `scheduleCampaign` without
 * a time resumes, with the remaining people only.
 */
export function pauseCampaign(
  db: BusinessDb,
  id: string,
  now: Date,
): Promise<Exclude<ChangeCampaignOutcome, { kind: 'invalid' }>> {
  return db.tx(async (sql) => {
    const current = await lockCampaign(sql, db.businessId, id)
    if (!current) return { kind: 'not_found' }
    const isSeries = current.status === 'scheduled' && Boolean(current.schedule?.rule)
    if (current.status !== 'sending' && !isSeries) return { kind: 'conflict', status: current.status }
    const [campaign] = await sql<CampaignRecord[]>`
      update campaigns set status = 'held', status_reason = 'paused', updated_at = ${now}
       where id = ${id}
      returning ${campaignColumns(sql)}`
    return saved(campaign)
  })
}

/** A new draft that says the same to the same rules of people. Its control group is drawn anew. */
export function duplicateCampaign(
  db: BusinessDb,
  id: string,
  copy: { name: string; createdBy: string },
  now: Date,
): Promise<Exclude<ChangeCampaignOutcome, { kind: 'invalid' | 'conflict' }>> {
  return db.tx(async (sql) => {
    const [campaign] = await sql<CampaignRecord[]>`
      insert into campaigns
             (id, business_id, name, channel, account_id, topic, message_text, audience, holdout_percent,
              conversion_days, assignment_key, offer_ends_at, misfire, sending_window, created_by, created_at, updated_at)
      select ${randomUUID()}, business_id, ${copy.name.slice(0, campaignNameCharactersMax)}, channel, account_id, topic,
             message_text, audience, holdout_percent, conversion_days, ${randomBytes(32)},
             -- An offer that is over would have to be changed first anyway.
             case when offer_ends_at > ${now} then offer_ends_at end, misfire, sending_window, ${copy.createdBy}, ${now},
             ${now}
        from campaigns
       where business_id = ${db.businessId} and id = ${id}
      returning ${campaignColumns(sql)}`
    return campaign ? saved(campaign) : { kind: 'not_found' }
  })
}

/**
 * Scheduled: back to draft (a run of a series: cancelled, its series goes on). Sending, or held in the middle of it: whoever
 * is not yet being sent to is withdrawn, with the reason. What is on its way cannot be called back.
 */
export function cancelCampaign(
  db: BusinessDb,
  id: string,
  now: Date,
): Promise<Exclude<ChangeCampaignOutcome, { kind: 'invalid' }>> {
  return db.tx(async (sql) => {
    const current = await lockCampaign(sql, db.businessId, id)
    if (!current) return { kind: 'not_found' }
    const isUnplanned = current.status === 'scheduled' || (current.status === 'held' && current.plannedAt === null)
    if (!isUnplanned && !['planning', 'sending', 'held'].includes(current.status))
      return { kind: 'conflict', status: current.status }
    const isScheduled = isUnplanned && current.seriesId === null
    const [campaign] = await sql<CampaignRecord[]>`
      update campaigns
         set status = ${isScheduled ? 'draft' : 'cancelled'},
             scheduled_at = ${isScheduled ? null : current.scheduledAt},
             schedule = case when ${isScheduled} then null else schedule end,
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
