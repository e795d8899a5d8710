/**
 * Elements that were signed and addressed correctly but could not be understood or stored, kept with the reason until
 * somebody replays or dismisses them (reliability.md §1 "Poison payloads", A5).
 */
import { type Channel, eventSchemaVersion } from '@fidelio/core/event.ts'
import type { Fragment, ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'

type Db = ISql<StoreTypes>

/** The door an element came through, and what a second reading of it needs beside its text. */
export type FailedOrigin = {
  door: 'meta' | 'webhook' | 'api'
  /** Meta: our id of the app that signed the body. */
  metaAppId?: string
  /** The body around the element (channels/parsed-event.ts). Without one the text is a body. */
  envelope?: string
  /** Generic doors: the id of an item that has none of its own. */
  webhookId?: string
  /** Stores: the headers that say what the body is about (topic, shop); none of them names a person. */
  headers?: Record<string, string>
  /** The key that sent it, '' or absent when the sender proved itself by signature. */
  actor?: string
}

export type FailedEvent = {
  /** Identity of the element, so that a redelivery does not double it. */
  id: string
  /** Null: it belongs to nobody we know; only the operator sees it. */
  businessId: string | null
  accountId: string | null
  channel: Channel
  /** Word of a closed list of the service that failed it. */
  reason: string
  detail: string
  /** The element as it came, digit for digit. */
  raw: string
  origin: FailedOrigin
  receivedAt: Date
}

export type FailedState = 'open' | 'replayed' | 'dismissed'
export const failedStates = ['open', 'replayed', 'dismissed'] as const satisfies readonly FailedState[]

/** A failed event as people see it. */
export type FailedEventRecord = {
  id: string
  businessId: string | null
  accountId: string | null
  channel: Channel
  reason: string
  detail: string
  raw: string
  corrected: string | null
  /** Deliveries and replays so far. */
  attempts: number
  schemaVersion: number
  firstSeenAt: Date
  lastSeenAt: Date
  state: FailedState
  /** It waits for a replay that was asked for. */
  queued: boolean
  runId: string | null
  storedEvents: number
  settledAt: Date | null
  settledBy: string
}

export type FailedFilter = {
  state?: FailedState
  reason?: string
  channel?: Channel
  accountId?: string
  /** First seen in [from, to). */
  from?: Date
  to?: Date
}

export type FailedCursor = { firstSeenAt: Date; id: string }

/** Bounds of what one business may leave behind. Beyond them settled ones go first, then the oldest: see `keepFailedEvents`. */
export type FailedLimits = { eventsPerBusinessMax: number; bytesPerBusinessMax: number }

/**
 * A provider that changes a field can fail every element of a busy business: 20 000 is a day of that and still read by a
 * person filtering by reason. The bytes bound what large bodies may take of the disk.
 */
export const failedLimits: FailedLimits = { eventsPerBusinessMax: 20_000, bytesPerBusinessMax: 256 * 1024 * 1024 }

/** Looking for surplus is done at one element in 64, chosen by its id, which is a hash. */
const tidiesUp = ({ id }: FailedEvent) => id.startsWith('0') && '0123'.includes(id.charAt(1))

/**
 * Keeps failed elements; one seen before counts a further attempt and keeps its state. Above the bounds of a business its
 * newest are kept: refusing a whole delivery for the sake of an element nobody can read would cost its good neighbours,
 * and in the end the subscription.
 */
export async function keepFailedEvents(
  sql: Db,
  events: readonly FailedEvent[],
  limits: FailedLimits = failedLimits,
): Promise<void> {
  const distinct = [...new Map(events.map((event) => [event.id, event])).values()]
  if (distinct.length === 0) return
  const seenAt = distinct.map((e) => e.receivedAt.toISOString())
  await sql`
    insert into failed_events (id, business_id, account_id, channel, reason, detail, raw, origin, schema_version,
                               first_seen_at, last_seen_at)
    select id, business_id, account_id, channel, reason, detail, raw, origin::jsonb, ${eventSchemaVersion}, seen_at, seen_at
      from unnest(${distinct.map((e) => e.id)}::uuid[], ${distinct.map((e) => e.businessId)}::uuid[],
                  ${distinct.map((e) => e.accountId)}::uuid[], ${distinct.map((e) => e.channel)}::text[],
                  ${distinct.map((e) => e.reason)}::text[], ${distinct.map((e) => withoutNul(e.detail.slice(0, 1000)))}::text[],
                  ${distinct.map((e) => withoutNul(e.raw))}::text[],
                  ${distinct.map((e) => originJson(e.origin))}::text[], ${seenAt}::timestamptz[])
           as t (id, business_id, account_id, channel, reason, detail, raw, origin, seen_at)
    on conflict (id) do update
       set attempts = failed_events.attempts + 1,
           last_seen_at = greatest(failed_events.last_seen_at, excluded.last_seen_at),
           schema_version = excluded.schema_version`
  const crowded = new Set(distinct.filter(tidiesUp).map((event) => event.businessId))
  for (const businessId of crowded) await dropSurplus(sql, businessId, limits)
}

/** Lets what exceeds the bounds go; what waits for a replay stays. */
async function dropSurplus(sql: Db, businessId: string | null, limits: FailedLimits): Promise<void> {
  await sql`
    delete from failed_events
     where queued_at is null
       and id in (select id
                    from (select id, row_number() over kept as place, sum(octet_length(raw)) over kept as bytes
                            from failed_events
                           where ${ownedBy(sql, businessId)}
                          window kept as (order by (state = 'open') desc, first_seen_at desc, id desc)) ordered
                   where place > ${limits.eventsPerBusinessMax} or bytes > ${limits.bytesPerBusinessMax} and place > 1)`
}

/** PostgreSQL's text cannot hold NUL. A raw JSON text has none unless it is not JSON at all. */
function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\ufffd')
}

/** `jsonb` refuses NUL and half surrogate pairs, which ids from outside may hold. */
function originJson(origin: FailedOrigin): string {
  return JSON.stringify(origin, (_key, value: unknown) =>
    typeof value === 'string' ? withoutNul(value).replace(/\p{Surrogate}/gu, '\ufffd') : value,
  )
}

/** A page of failed events, newest first, and how many match in all. `businessId` null: those that belong to nobody. */
export async function listFailedEvents(
  sql: Db,
  businessId: string | null,
  { filter, first, after }: { filter: FailedFilter; first: number; after: FailedCursor | null },
): Promise<{ events: FailedEventRecord[]; hasMore: boolean; total: number }> {
  const matching = sql`${ownedBy(sql, businessId)} and ${matches(sql, filter)}`
  const page = await sql<FailedEventRecord[]>`
    select ${failedColumns(sql)} from failed_events
     where ${matching}
       and ${after === null ? sql`true` : sql`(first_seen_at, id) < (${after.firstSeenAt}, ${after.id}::uuid)`}
     order by first_seen_at desc, id desc
     limit ${first + 1}`
  const [row] = await sql<{ total: number }[]>`
    select count(*)::integer as total from failed_events where ${matching}`
  return { events: page.slice(0, first), hasMore: page.length > first, total: row?.total ?? 0 }
}

export async function findFailedEvent(
  sql: Db,
  businessId: string | null,
  id: string,
): Promise<FailedEventRecord | null> {
  const [event] = await sql<FailedEventRecord[]>`
    select ${failedColumns(sql)} from failed_events where ${ownedBy(sql, businessId)} and id = ${id}`
  return event ?? null
}

/** Open failed events by reason, the most frequent first. */
export function openFailedByReason(sql: Db, businessId: string | null): Promise<{ reason: string; count: number }[]> {
  return sql<{ reason: string; count: number }[]>`
    select reason, count(*)::integer as count from failed_events
     where ${ownedBy(sql, businessId)} and state = 'open'
     group by reason order by count desc, reason`
}

export type DismissOutcome = 'dismissed' | 'not_found' | 'queued' | 'replayed'

/** Somebody has looked and wants it stored no more. Dismissing twice is dismissing once. */
export async function dismissFailedEvent(
  sql: Db,
  businessId: string | null,
  { id, by, at }: { id: string; by: string; at: Date },
): Promise<DismissOutcome> {
  const rows = await sql`
    update failed_events set state = 'dismissed', settled_at = ${at}, settled_by = ${by}
     where ${ownedBy(sql, businessId)} and id = ${id} and state = 'open' and queued_at is null
    returning id`
  if (rows.length > 0) return 'dismissed'
  const event = await findFailedEvent(sql, businessId, id)
  if (!event) return 'not_found'
  if (event.queued) return 'queued'
  return event.state === 'replayed' ? 'replayed' : 'dismissed'
}

/** `= null` matches nothing in SQL; an index can serve neither `is not distinct from`. */
export function ownedBy(sql: Db, businessId: string | null): Fragment {
  return businessId === null ? sql`business_id is null` : sql`business_id = ${businessId}`
}

export function matches(sql: Db, filter: FailedFilter): Fragment {
  const { state, reason, channel, accountId, from, to } = filter
  return sql`${state === undefined ? sql`true` : sql`state = ${state}`}
         and ${reason === undefined ? sql`true` : sql`reason = ${reason}`}
         and ${channel === undefined ? sql`true` : sql`channel = ${channel}`}
         and ${accountId === undefined ? sql`true` : sql`account_id = ${accountId}`}
         and ${from === undefined ? sql`true` : sql`first_seen_at >= ${from}`}
         and ${to === undefined ? sql`true` : sql`first_seen_at < ${to}`}`
}

function failedColumns(sql: Db) {
  return sql`id, business_id as "businessId", account_id as "accountId", channel, reason, detail, raw, corrected,
             attempts, schema_version as "schemaVersion", first_seen_at as "firstSeenAt",
             last_seen_at as "lastSeenAt", state, queued_at is not null as queued, run_id as "runId",
             stored_events as "storedEvents", settled_at as "settledAt", settled_by as "settledBy"`
}
