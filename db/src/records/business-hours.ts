/** Opening hours and the promised time to a first answer: dated versions, so that days that are over keep what held on them. */
import type { HoursVersion } from '@fidelio/core/business-hours.ts'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'

type Db = ISql<StoreTypes>

/** Opening hours that hold from a local day on: `weekly` by weekday ('mon' … 'sun'), each a list of [from, to] clock times. */
export type BusinessHoursRecord = HoursVersion & { holidays: string[] }

/** `past`: the day is over and had hours already; they stay. */
export type DatedOutcome = 'set' | 'past'

/** Newest first. */
export function listBusinessHours(sql: Db, businessId: string): Promise<BusinessHoursRecord[]> {
  return sql<BusinessHoursRecord[]>`
    select valid_from as "validFrom", weekly, holidays from business_hours
     where business_id = ${businessId} order by valid_from desc`
}

/**
 * Sets the hours that hold from `validFrom` on, replacing those that start on the same day. `today` is the business's
 * local day: from today on anything may be set. Before today only days that have no hours yet can be given some, up to the
 * first version there is; whatever was valid on a day that is over is what that day's waits are judged by, for good.
 */
export async function setBusinessHours(
  sql: Db,
  businessId: string,
  hours: BusinessHoursRecord,
  today: string,
): Promise<DatedOutcome> {
  const set = await sql`
    insert into business_hours (business_id, valid_from, weekly, holidays)
    select ${businessId}, ${hours.validFrom}::date, ${sql.json(hours.weekly as Record<string, [string, string][]>)},
           ${sql.json(hours.holidays)}
     where ${hours.validFrom}::date >= ${today}::date
        or not exists (select from business_hours known
                        where known.business_id = ${businessId} and known.valid_from <= ${hours.validFrom}::date)
    on conflict (business_id, valid_from)
       do update set weekly = excluded.weekly, holidays = excluded.holidays, set_at = now()
    returning valid_from`
  return set.length === 1 ? 'set' : 'past'
}

/** What a business promises from a local day on. `withinSeconds` null: nothing any more. */
export type ResponseTargetRecord = {
  validFrom: string
  withinSeconds: number | null
  clock: 'elapsed' | 'business_hours'
}

/** Newest first. */
export function listResponseTargets(sql: Db, businessId: string): Promise<ResponseTargetRecord[]> {
  return sql<ResponseTargetRecord[]>`
    select valid_from as "validFrom", within_seconds as "withinSeconds", clock from response_targets
     where business_id = ${businessId} order by valid_from desc`
}

/** Sets the promise for waits that begin from `validFrom` on. Days that are over keep the promise they had, or had not. */
export async function setResponseTarget(
  sql: Db,
  businessId: string,
  target: ResponseTargetRecord,
  today: string,
): Promise<DatedOutcome> {
  if (target.validFrom < today) return 'past'
  await sql`
    insert into response_targets (business_id, valid_from, within_seconds, clock)
    values (${businessId}, ${target.validFrom}, ${target.withinSeconds}, ${target.clock})
    on conflict (business_id, valid_from)
       do update set within_seconds = excluded.within_seconds, clock = excluded.clock, set_at = now()`
  return 'set'
}
