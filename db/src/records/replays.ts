/**
 * Replays: rows that ask for one, and the claims by which ingest works them off. The API writes the request, any process
 * of ingest hears it and takes entries with `skip locked`; whatever is stored has its row identity, so an entry replayed
 * twice, or by two processes at once, is one event.
 */
import { randomUUID } from 'node:crypto'
import { type Channel, eventSchemaVersion } from '@fidelio/core/event.ts'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'
import { type FailedFilter, type FailedOrigin, matches, ownedBy } from './failed-events.ts'

type Db = ISql<StoreTypes>

/** Notified when something was asked for. */
export const replayChannel = 'fidelio_replay'

export type ReplayKind = 'failed' | 'parked' | 'rebuild'

export type ReplayRecord = {
  id: string
  businessId: string | null
  kind: ReplayKind
  accountId: string | null
  requestedBy: string
  requestedAt: Date
  finishedAt: Date | null
  matched: number
  done: number
  failed: number
  storedEvents: number
  knownEvents: number
}

export type ReplayRequest = {
  businessId: string | null
  by: string
  at: Date
  /** All that match, or one of any state, with the text a person made of it (null: as it came). */
  of: { filter: FailedFilter } | { id: string; corrected: string | null }
}

/** Marks entries for a replay and records who asked. What waits for one already is left to that one. */
export async function requestReplay(sql: Db, { businessId, by, at, of }: ReplayRequest): Promise<ReplayRecord> {
  const id = randomUUID()
  const which =
    'id' in of ? sql`id = ${of.id}` : sql`state <> 'replayed' and ${matches(sql, { state: 'open', ...of.filter })}`
  const corrected = 'id' in of && of.corrected !== null ? sql`${of.corrected}` : sql`corrected`
  const queued = await sql`
    update failed_events set queued_at = ${at}, run_id = ${id}, corrected = ${corrected}
     where ${ownedBy(sql, businessId)} and queued_at is null and ${which}
    returning 1`
  const matched = queued.count
  const [run] = await sql<ReplayRecord[]>`
    insert into replay_runs (id, business_id, kind, requested_by, requested_at, matched, finished_at)
    values (${id}, ${businessId}, 'failed', ${by}, ${at}, ${matched}, ${matched === 0 ? at : null})
    returning ${replayColumns(sql)}`
  if (!run) throw new Error('A replay was not recorded.')
  await sql`select pg_notify(${replayChannel}, '')`
  return run
}

/** The newest replays of a business, or with null of what belongs to nobody; with `accountId` those of its parked entries. */
export function listReplays(
  sql: Db,
  businessId: string | null,
  first: number,
  accountId: string | null = null,
): Promise<ReplayRecord[]> {
  return sql<ReplayRecord[]>`
    select ${replayColumns(sql)} from replay_runs
     where ${ownedBy(sql, businessId)} and ${accountId === null ? sql`true` : sql`account_id = ${accountId}`}
     order by requested_at desc, id desc limit ${first}`
}

export async function findReplay(sql: Db, businessId: string | null, id: string): Promise<ReplayRecord | null> {
  const [run] = await sql<ReplayRecord[]>`
    select ${replayColumns(sql)} from replay_runs where ${ownedBy(sql, businessId)} and id = ${id}`
  return run ?? null
}

/** A failed event as a replay reads it. */
export type QueuedFailedEvent = {
  id: string
  businessId: string | null
  accountId: string | null
  /** '' when it came through no account, or the account is gone. */
  accountExternalId: string
  channel: Channel
  raw: string
  corrected: string | null
  origin: FailedOrigin
  firstSeenAt: Date
  runId: string
  requestedBy: string
}

/** Whether anything waits: asked at each tick, so it must cost nothing. */
export async function isReplayAsked(sql: Db): Promise<boolean> {
  const rows = await sql`select 1 from failed_events where queued_at is not null limit 1`
  return rows.length > 0
}

/** The longest waiting entries that no other process works on, locked until the transaction ends. */
export function claimQueued(sql: Db, entriesMax: number): Promise<QueuedFailedEvent[]> {
  return sql<QueuedFailedEvent[]>`
    with claimed as (
      select id from failed_events
       where queued_at is not null
       order by queued_at, first_seen_at, id
       limit ${entriesMax}
       for update skip locked
    )
    select f.id, f.business_id as "businessId", f.account_id as "accountId", f.channel, f.raw, f.corrected, f.origin,
           f.first_seen_at as "firstSeenAt", r.id as "runId", r.requested_by as "requestedBy",
           coalesce(a.external_id, '') as "accountExternalId"
      from claimed
      join failed_events f using (id)
      join replay_runs r on r.id = f.run_id
      left join channel_accounts a on a.id = f.account_id and a.business_id = f.business_id
     order by f.first_seen_at, f.id`
}

export type Replayed = {
  id: string
  runId: string
  /** Event rows added, and event rows that were there already. */
  storedEvents: number
  knownEvents: number
  /** Why it failed again; null: it is replayed. */
  failure: { reason: string; detail: string } | null
}

/** Records what became of claimed entries, and ends replays that have none left. Runs in the transaction of the claim. */
export async function settleReplayed(sql: Db, replayed: readonly Replayed[], at: Date): Promise<void> {
  if (replayed.length === 0) return
  await sql`
    update failed_events f
       set queued_at = null,
           attempts = f.attempts + 1,
           schema_version = ${eventSchemaVersion},
           stored_events = f.stored_events + t.stored,
           reason = coalesce(t.reason, f.reason),
           detail = coalesce(t.detail, f.detail),
           state = case when t.reason is null then 'replayed' else f.state end,
           settled_at = case when t.reason is null then coalesce(f.settled_at, ${at}) else f.settled_at end,
           settled_by = case when t.reason is null and f.state <> 'replayed' then r.requested_by else f.settled_by end
      from unnest(${replayed.map((r) => r.id)}::uuid[], ${replayed.map((r) => r.storedEvents)}::integer[],
                  ${replayed.map((r) => r.failure?.reason ?? null)}::text[],
                  ${replayed.map((r) => r.failure?.detail.slice(0, 1000) ?? null)}::text[]) as t (id, stored, reason, detail),
           replay_runs r
     where f.id = t.id and r.id = f.run_id`
  const runs = [...new Set(replayed.map((r) => r.runId))].sort()
  for (const id of runs) {
    const own = replayed.filter((r) => r.runId === id)
    const sum = (of: (one: Replayed) => number) => own.reduce((total, one) => total + of(one), 0)
    await sql`
      update replay_runs
         set done = done + ${own.length}, failed = failed + ${sum((r) => (r.failure === null ? 0 : 1))},
             stored_events = stored_events + ${sum((r) => r.storedEvents)},
             known_events = known_events + ${sum((r) => r.knownEvents)}
       where id = ${id}`
  }
  // A statement of its own: it sees what another process committed while the update above waited for it.
  await sql`
    update replay_runs r set finished_at = ${at}
     where id = any(${runs}::uuid[]) and finished_at is null
       and not exists (select from failed_events where run_id = r.id and queued_at is not null)`
}

/** Counts parked entries into the account's replay, which begins with its first ones. Runs in the transaction of the claim. */
export async function countUnparked(
  sql: Db,
  account: { businessId: string; accountId: string },
  { at, entries, storedEvents, knownEvents }: { at: Date; entries: number; storedEvents: number; knownEvents: number },
): Promise<void> {
  await sql`
    insert into replay_runs (id, business_id, kind, account_id, requested_by, requested_at, matched, done,
                             stored_events, known_events)
    values (${randomUUID()}, ${account.businessId}, 'parked', ${account.accountId}, '', ${at}, ${entries}, ${entries},
            ${storedEvents}, ${knownEvents})
    on conflict (account_id) where kind = 'parked' and finished_at is null do update
       set matched = replay_runs.matched + excluded.matched,
           done = replay_runs.done + excluded.done,
           stored_events = replay_runs.stored_events + excluded.stored_events,
           known_events = replay_runs.known_events + excluded.known_events`
}

/** Nothing of the account is parked any more. */
export async function finishUnparked(sql: Db, accountId: string, at: Date): Promise<void> {
  await sql`
    update replay_runs set finished_at = ${at}
     where account_id = ${accountId} and kind = 'parked' and finished_at is null`
}

function replayColumns(sql: Db) {
  return sql`id, business_id as "businessId", kind, account_id as "accountId", requested_by as "requestedBy",
             requested_at as "requestedAt", finished_at as "finishedAt", matched, done, failed,
             stored_events as "storedEvents", known_events as "knownEvents"`
}
