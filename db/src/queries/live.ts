import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import type { BusinessDb } from '../tenancy.ts'
import { eventOf, eventRow } from './event-row.ts'
import type { IntakeCounts, LiveCursor, LiveEvent } from './types.ts'

const liveRow = eventRow.extend({ raw: z.string(), inserted_ms: z.int() })

const columns = `
       row_id, kind, role, name, channel, account_id, contact_id, toUnixTimestamp64Milli(ts) as at_ms,
       toUnixTimestamp64Milli(received_at) as received_ms, text, external_id, order_id, amount, currency, data, raw,
       toUnixTimestamp64Milli(inserted_at) as inserted_ms`

/** The events stored in the last hours, newest first. */
const newestEvents = defineQuery({
  name: 'live.newest',
  params: z.object({ hours: z.int(), limit: z.int() }),
  row: liveRow,
  sql: `
-- first which, by a few narrow columns, then the events themselves by their place in the primary key
with newest as (
    select contact_id, ts, row_id, inserted_at
    from events
    where business_id = {business_id:UUID} and inserted_at > now64(3, 'UTC') - toIntervalHour({hours:UInt32})
    order by inserted_at desc, row_id desc
    limit 1 by row_id
    limit {limit:UInt32}
)
select ${columns}
from events
where business_id = {business_id:UUID}
  and contact_id in (select contact_id from newest) and ts in (select ts from newest)
  and (contact_id, ts, row_id, inserted_at) in (select contact_id, ts, row_id, inserted_at from newest)
order by inserted_ms desc, row_id desc
limit 1 by row_id
`,
})

/**
 * The events stored after a position, oldest first. The newest half second is left for the next question: of two inserts
 * the one that began first may end last, and a reader that has passed it would never see it.
 */
const eventsStoredAfter = defineQuery({
  name: 'live.after',
  params: z.object({ inserted_at: z.date(), row_id: z.uuid(), limit: z.int() }),
  row: liveRow,
  sql: `
select ${columns}
from (
    select * from events
    where business_id = {business_id:UUID}
      and inserted_at >= {inserted_at:DateTime64(3, 'UTC')}
      and (inserted_at, row_id) > ({inserted_at:DateTime64(3, 'UTC')}, {row_id:UUID})
      and inserted_at <= now64(3, 'UTC') - toIntervalMillisecond(500)
    order by inserted_at, row_id
    limit 1 by row_id
    limit {limit:UInt32}
)
order by inserted_ms, row_id
`,
})

/** One event by its row identity: the copy received first. */
const oneEvent = defineQuery({
  name: 'live.one',
  params: z.object({ row_id: z.uuid() }),
  row: liveRow,
  sql: `
select ${columns}
from events
where business_id = {business_id:UUID} and row_id = {row_id:UUID}
order by received_at, ts
limit 1
`,
})

/** How much was taken in during the last hour, what of it was not understood, and how long storing took lately. */
const intakeLastHour = defineQuery({
  name: 'live.intake',
  params: z.object({}),
  row: z.object({ reason: z.string(), count: z.int(), lag_seconds: z.number() }),
  sql: `
with recent as (
    select kind, name, row_id, received_at, inserted_at
    from events
    where business_id = {business_id:UUID} and inserted_at > now64(3, 'UTC') - toIntervalHour(1)
)
select '' as reason, uniqExact(row_id) as count,
       greatest(0, ifNotFinite(quantileExactInclusiveIf(0.95)(
           (toUnixTimestamp64Milli(inserted_at) - toUnixTimestamp64Milli(received_at)) / 1000,
           inserted_at > now64(3, 'UTC') - toIntervalMinute(5)
           -- what waited longer came from the inbox or a replay, and says nothing about storing now
           and received_at > now64(3, 'UTC') - toIntervalHour(1)), 0)) as lag_seconds
from recent
union all
select toString(name) as reason, uniqExact(row_id) as count, 0. as lag_seconds
from recent
where kind = 'unknown'
group by reason
order by reason
`,
})

function liveOf(row: z.output<typeof liveRow>): LiveEvent {
  return { ...eventOf(row), raw: row.raw, cursor: { insertedAt: row.inserted_ms, rowId: row.row_id } }
}

/** Looking back a little is cheap, and enough for a business that is alive; only a silent one is searched whole. */
const lookBackHours = [1, 48, 24 * 365 * 100]

/** The newest events as they were stored, newest first. */
export async function recentEvents(db: BusinessDb, { first }: { first: number }): Promise<LiveEvent[]> {
  for (const hours of lookBackHours) {
    const rows = await db.ask(newestEvents, { hours, limit: first })
    if (rows.length >= first || hours === lookBackHours.at(-1)) return rows.map(liveOf)
  }
  return []
}

/** What was stored after a position, oldest first; without one, the newest events, so that the caller gets a position. */
export async function eventsAfter(
  db: BusinessDb,
  { after, first }: { after: LiveCursor | null; first: number },
): Promise<LiveEvent[]> {
  if (after === null) return (await recentEvents(db, { first })).reverse()
  const rows = await db.ask(eventsStoredAfter, {
    inserted_at: new Date(after.insertedAt),
    row_id: after.rowId,
    limit: first,
  })
  return rows.map(liveOf)
}

/** One event; null when this business has none by that id. */
export async function eventById(db: BusinessDb, { rowId }: { rowId: string }): Promise<LiveEvent | null> {
  const [row] = await db.ask(oneEvent, { row_id: rowId })
  return row ? liveOf(row) : null
}

/** What came in during the last hour of the event store's clock. `lagSeconds`: receipt to stored, 95 % of the last 5 min. */
export async function intakeCounts(db: BusinessDb, _args?: { now: number }): Promise<IntakeCounts> {
  const rows = await db.ask(intakeLastHour, {})
  const total = rows.find((row) => row.reason === '')
  const unknown = rows.filter((row) => row.reason !== '')
  return {
    acceptedLastHour: total?.count ?? 0,
    unknownLastHour: unknown.map(({ reason, count }) => ({ reason, count })),
    lagSeconds: total?.lag_seconds ?? 0,
  }
}
