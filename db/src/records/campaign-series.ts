/**
 * Series: campaigns that repeat. When a slot comes due its run is made as a campaign of its own, named by the slot's
 * wall-clock time, which is a unique key: whoever takes the slot makes the run, and no run is made twice (design.md §2.3).
 */
import { randomBytes, randomUUID } from 'node:crypto'
import type { CampaignHoldReason } from '@fidelio/core/campaign.ts'
import { type CampaignSchedule, dueRuns, type Slot } from '@fidelio/core/schedule.ts'
import type { StoreTransaction } from '../postgres/client.ts'
import type { BusinessDb } from '../tenancy.ts'
import { type CampaignRecord, campaignColumns } from './campaigns.ts'
import { finishSlot, takeSlot } from './slots.ts'

export type DueSeries = {
  id: string
  businessId: string
  schedule: CampaignSchedule
  slotLocal: string
  scheduledAt: Date
  offerEndsAt: Date | null
}

/** Runs of a series, the latest first. */
export function listRuns(db: BusinessDb, seriesId: string, first: number): Promise<CampaignRecord[]> {
  return db.tx(
    (sql) => sql<CampaignRecord[]>`
      select ${campaignColumns(sql)} from campaigns
       where business_id = ${db.businessId} and series_id = ${seriesId}
       order by slot_local desc
       limit ${first}`,
  )
}

/** Runs made per transaction; after a long downtime the others follow with the next tick. */
const runsAtOnceMax = 100

/** Series whose next run has come due, earliest first. */
export function dueSeries(sql: StoreTransaction, now: Date, limit: number): Promise<DueSeries[]> {
  return sql<DueSeries[]>`
    select id, business_id as "businessId", schedule, slot_local as "slotLocal", scheduled_at as "scheduledAt",
           offer_ends_at as "offerEndsAt"
      from campaigns
     where status = 'scheduled' and scheduled_at <= ${now} and schedule ->> 'rule' <> ''
     order by scheduled_at, id
     limit ${limit}`
}

/**
 * Makes the runs of a series that have come due: the latest one to be planned, those before it as missed, and moves the
 * series to its next run or ends it. Null: another scheduler was faster, or a person changed their mind.
 */
export async function openRuns(
  sql: StoreTransaction,
  series: DueSeries,
  by: { ownerId: string; at: Date },
): Promise<{ made: number; missed: number } | null> {
  const [locked] = await sql`
    select id from campaigns
     where business_id = ${series.businessId} and id = ${series.id} and status = 'scheduled'
       and scheduled_at = ${series.scheduledAt} and slot_local = ${series.slotLocal}
       for update skip locked`
  if (!locked) return null
  const { missed, latest, next } = dueRuns(series.schedule, series.slotLocal, by.at.getTime(), runsAtOnceMax)
  for (const slot of missed) await makeRun(sql, series, slot, 'superseded', by)
  if (latest) await makeRun(sql, series, latest, null, by)
  const last = latest ?? missed.at(-1)
  // Runs nobody decided about in time are over: the new one speaks to the same people.
  if (last)
    await sql`
      update campaigns
         set status = 'missed', status_reason = 'superseded', finished_at = ${by.at}, updated_at = ${by.at}
       where business_id = ${series.businessId} and series_id = ${series.id} and slot_local < ${last.local}
         and status = 'held' and status_reason = 'late' and planned_at is null`
  const isOver = next === null || (series.offerEndsAt !== null && series.offerEndsAt.getTime() <= next.at)
  await sql`
    update campaigns
       set status = ${isOver ? 'done' : 'scheduled'}, slot_local = ${last?.local ?? series.slotLocal},
           scheduled_at = ${isOver ? series.scheduledAt : new Date(next.at)},
           finished_at = ${isOver ? by.at : null}, updated_at = ${by.at}
     where business_id = ${series.businessId} and id = ${series.id}`
  return { made: latest ? 1 : 0, missed: missed.length }
}

async function makeRun(
  sql: StoreTransaction,
  series: DueSeries,
  slot: Slot,
  missed: CampaignHoldReason | null,
  by: { ownerId: string; at: Date },
): Promise<void> {
  const key = `campaign:${series.id}:run:${slot.local}`
  if (!(await takeSlot(sql, { key, takenBy: by.ownerId, at: by.at }))) return
  const schedule = { ...series.schedule, startLocal: slot.local, rule: '' }
  await sql`
    insert into campaigns
           (id, business_id, name, channel, account_id, topic, message_text, audience, holdout_percent, conversion_days,
            status, status_reason, assignment_key, scheduled_at, offer_ends_at, finished_at, created_by, created_at,
            updated_at, schedule, series_id, slot_local, misfire, sending_window)
    select ${randomUUID()}, business_id, name, channel, account_id, topic, message_text, audience, holdout_percent,
           conversion_days, ${missed === null ? 'scheduled' : 'missed'}, ${missed ?? ''}, ${randomBytes(32)},
           ${new Date(slot.at)}, offer_ends_at, ${missed === null ? null : by.at}, created_by, ${by.at}, ${by.at},
           ${sql.json(schedule)}, id, ${slot.local}, misfire, sending_window
      from campaigns
     where business_id = ${series.businessId} and id = ${series.id}`
  await finishSlot(sql, { key, outcome: missed ?? 'run made', at: by.at })
}
