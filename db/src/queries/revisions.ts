import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import type { BusinessDb } from '../tenancy.ts'
import { boundFilter, instantsOf } from './period.ts'
import type { DayRevision, Filter, Period, RevisedMeasure, Setting } from './types.ts'

/**
 * An event is late when, an hour before it was received, the local day it belongs to was already over: the hour is for
 * providers that try again, and for clocks. `received_at` is that of the copy received first.
 */
const arrivedLate = `toDate(received_at - toIntervalHour(1), {time_zone:String}) > toDate(ts, {time_zone:String})`

/** What the daily numbers of a measure are made of: the volumes' own kinds, or whatever opens and ends waits. */
const counted = `
    if({measure:String} = 'waits',
       kind in ('message.received', 'message.sent', 'conversation.closed', 'consent.revoked') and role != 'campaign',
       kind in ('message.received', 'message.sent', 'order.created') and role != 'system')
    and ({channel:String} = '' or channel = {channel:String})
    and ({account_id:String} = '' or account_id = toUUIDOrZero({account_id:String}))`

const inPeriod = `ts >= {from:DateTime64(3, 'UTC')} and ts < {to:DateTime64(3, 'UTC')}`

/**
 * Late events of the period, one row per fact. First the few copies that came late are found by narrow columns; then all
 * copies of those facts are looked at, because a redelivery of something known says nothing about the first time.
 */
const lateEvents = `
    suspects as (
        select row_id from events
        where business_id = {business_id:UUID} and ${inPeriod} and ${counted} and ${arrivedLate}
    ),
    late as (
        select * from (
            select contact_id, account_id, kind, role, ts, received_at, time_flag, row_id, text
            from events
            where business_id = {business_id:UUID}
              -- copies of a fact without a provider's own time may lie anywhere
              and ((${inPeriod}) or time_flag in ('entry_time', 'received_time'))
              and row_id in (select row_id from suspects)
            order by received_at, ts
            limit 1 by row_id
        )
        where ${inPeriod} and ${arrivedLate}
    )`

const params = {
  measure: z.enum(['volumes', 'waits']),
  from: z.date(),
  to: z.date(),
  channel: z.string(),
  account_id: z.string(),
  time_zone: z.string(),
}

/** The local days whose numbers moved after they had ended, with what moved them. */
const revisedDays = defineQuery({
  name: 'revisions.days',
  params: z.object(params),
  row: z.object({ day: z.string(), late: z.int(), backfilled: z.int(), revised_ms: z.int() }),
  sql: `
with
${lateEvents}
select toString(toDate(ts, {time_zone:String})) as day,
       count() as late,
       countIf(time_flag = 'backfill') as backfilled,
       toUnixTimestamp64Milli(max(received_at)) as revised_ms
from late
group by day
order by day
`,
})

/** The late events themselves, newest first. */
export const lateEventRows = defineQuery({
  name: 'revisions.rows',
  params: z.object({ ...params, limit: z.int(), offset: z.int() }),
  row: z.object({
    contact_id: z.int(),
    account_id: z.uuid(),
    series: z.string(),
    at_ms: z.int(),
    late_ms: z.int(),
    text: z.string(),
    total: z.int(),
  }),
  sql: `
with
${lateEvents}
select contact_id, account_id, toUnixTimestamp64Milli(ts) as at_ms,
       -- the words of the volumes' series; what is no part of them keeps its kind
       multiIf(kind = 'message.received', 'received', kind = 'order.created', 'orders', kind != 'message.sent', kind,
               role = 'human', 'sent_by_humans', role = 'bot', 'sent_by_bots', 'sent_by_campaigns') as series,
       toUnixTimestamp64Milli(received_at) - at_ms as late_ms, substringUTF8(text, 1, 300) as text,
       count() over () as total
from late
order by ts desc, row_id
limit {limit:UInt32} offset {offset:UInt32}
`,
})

type RevisionArgs = Setting & { measure: RevisedMeasure; period: Period; filter?: Filter | undefined }

/** Parameters shared by the questions about late events. */
export function revisionParams({ measure, period, timeZone, filter }: RevisionArgs) {
  return { ...instantsOf(period, timeZone), ...boundFilter(filter), measure, time_zone: timeZone }
}

/**
 * The days of a period that were revised, by local day: those of which an event arrived more than an hour after they had
 * ended (measures.md §1, features.md 2.4). Asked of the events themselves, so there is nothing to rebuild.
 */
export async function dayRevisions(db: BusinessDb, args: RevisionArgs): Promise<ReadonlyMap<string, DayRevision>> {
  const rows = await db.ask(revisedDays, revisionParams(args))
  return new Map(
    rows.map(({ day, late, backfilled, revised_ms }) => [
      day,
      { revisedAt: revised_ms, lateEvents: late, backfilledEvents: backfilled },
    ]),
  )
}
