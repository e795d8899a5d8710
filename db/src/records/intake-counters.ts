/**
 * What did not become an event, counted by hour, account and reason, and what was let in, for the daily quota. Accepted
 * events are not counted here: the event store knows them exactly (queries/account-activity.ts).
 */
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'

type Db = ISql<StoreTypes>

/**
 * - `admitted`: passed the quota (whole businesses only)
 * - `dropped`: not an event, or not this account's; acknowledged, or refused for good
 * - `failed`: kept in `failed_events`
 * - `deferred`: acknowledged and worked off later
 * - `refused`: the sender was told to come back
 */
export const intakeOutcomes = ['admitted', 'dropped', 'failed', 'deferred', 'refused'] as const
export type IntakeOutcome = (typeof intakeOutcomes)[number]

export type IntakeCount = {
  businessId: string
  accountId: string
  /** Start of the hour, UTC. */
  hour: Date
  outcome: IntakeOutcome
  reason: string
  events: number
}

/** Adds to what is counted already. Counts of businesses that are gone meanwhile are let go. */
export async function addIntakeCounts(sql: Db, counts: readonly IntakeCount[]): Promise<void> {
  if (counts.length === 0) return
  // One order for all processes, so that two of them never wait for each other's rows.
  const ordered = [...counts].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  await sql`
    insert into intake_counters (business_id, account_id, hour, outcome, reason, events)
    select t.* from unnest(${ordered.map((c) => c.businessId)}::uuid[], ${ordered.map((c) => c.accountId)}::uuid[],
                           ${ordered.map((c) => c.hour.toISOString())}::timestamptz[],
                           ${ordered.map((c) => c.outcome)}::text[], ${ordered.map((c) => c.reason)}::text[],
                           ${ordered.map((c) => c.events)}::bigint[])
                as t (business_id, account_id, hour, outcome, reason, events)
     where exists (select from businesses b where b.id = t.business_id for key share)
    on conflict (business_id, account_id, hour, outcome, reason) do update
       set events = intake_counters.events + excluded.events`
}

function orderOf({ businessId, accountId, hour, outcome, reason }: IntakeCount): string {
  return `${businessId}${accountId}${hour.toISOString()}${outcome}${reason}`
}

/** What was counted for one business in [from, to), oldest hour first; `admitted` is left out. */
export function listIntakeCounts(
  sql: Db,
  businessId: string,
  { from, to }: { from: Date; to: Date },
): Promise<IntakeCount[]> {
  return sql<IntakeCount[]>`
    select business_id as "businessId", account_id as "accountId", hour, outcome, reason, events::float8 as events
      from intake_counters
     where business_id = ${businessId} and hour >= ${from} and hour < ${to} and outcome <> 'admitted'
     order by hour, account_id, outcome, reason`
}

export type SignatureFailures = { accountId: string; lastHour: number; lastDay: number }

/**
 * Bodies with a signature that does not hold, per account. Counters know hours: "the last hour" is the running and the
 * one before it, "the last day" the running hour and 24 before it.
 */
export function countSignatureFailures(sql: Db, businessId: string, now: Date): Promise<SignatureFailures[]> {
  return sql<SignatureFailures[]>`
    select account_id as "accountId",
           coalesce(sum(events) filter (where hour > ${now}::timestamptz - interval '2 hours'), 0)::float8 as "lastHour",
           sum(events)::float8 as "lastDay"
      from intake_counters
     where business_id = ${businessId} and hour > ${now}::timestamptz - interval '25 hours'
       and (outcome = 'refused' and reason like 'signature%' or outcome = 'dropped' and reason = 'foreign_app')
     group by account_id`
}
