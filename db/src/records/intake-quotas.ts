/** What each business may send in, and how much of it is used (features.md 1.11). Set by the operator alone. */
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'
import { notifyAccountsChanged } from './accounts.ts'

type Db = ISql<StoreTypes>

/** Null: the default of the process that takes the events in; for the day: no limit. */
export type IntakeQuota = {
  businessId: string
  eventsPerSecond: number | null
  burstEvents: number | null
  eventsPerDay: number | null
}

/** Replaces what was set; a quota without any limit of its own is none. Tells every process. As the worker. */
export async function setIntakeQuota(sql: Db, quota: IntakeQuota): Promise<void> {
  const { businessId, eventsPerSecond, burstEvents, eventsPerDay } = quota
  if (eventsPerSecond === null && burstEvents === null && eventsPerDay === null) {
    await sql`delete from intake_quotas where business_id = ${businessId}`
  } else {
    await sql`
      insert into intake_quotas (business_id, events_per_second, burst_events, events_per_day)
      values (${businessId}, ${eventsPerSecond}, ${burstEvents}, ${eventsPerDay})
      on conflict (business_id) do update
         set events_per_second = excluded.events_per_second, burst_events = excluded.burst_events,
             events_per_day = excluded.events_per_day, updated_at = now()`
  }
  await notifyAccountsChanged(sql)
}

export async function findIntakeQuota(sql: Db, businessId: string): Promise<IntakeQuota> {
  const [quota] = await sql<IntakeQuota[]>`
    select ${quotaColumns(sql)} from intake_quotas where business_id = ${businessId}`
  return quota ?? { businessId, eventsPerSecond: null, burstEvents: null, eventsPerDay: null }
}

/** Every business with limits of its own, and what the whole installation let in of it since `dayStart`. As the worker. */
export function readIntakeQuotas(sql: Db, dayStart: Date): Promise<(IntakeQuota & { usedToday: number })[]> {
  return sql<(IntakeQuota & { usedToday: number })[]>`
    select ${quotaColumns(sql)},
           coalesce((select sum(c.events) from intake_counters c
                      where c.business_id = q.business_id and c.hour >= ${dayStart} and c.outcome = 'admitted'
                        and q.events_per_day is not null), 0)::float8 as "usedToday"
      from intake_quotas q`
}

/** What was let in of a business since `dayStart`. */
export async function admittedSince(sql: Db, businessId: string, dayStart: Date): Promise<number> {
  const [row] = await sql<{ events: number }[]>`
    select coalesce(sum(events), 0)::float8 as events from intake_counters
     where business_id = ${businessId} and hour >= ${dayStart} and outcome = 'admitted'`
  return row?.events ?? 0
}

function quotaColumns(sql: Db) {
  return sql`business_id as "businessId", events_per_second as "eventsPerSecond", burst_events as "burstEvents",
             events_per_day::float8 as "eventsPerDay"`
}
