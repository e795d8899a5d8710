import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import type { BusinessDb } from '../tenancy.ts'
import { boundFilter, daysOf, instantsOf } from './period.ts'
import { dayRevisions } from './revisions.ts'
import type { Filter, Period, Setting, VolumeDay } from './types.ts'

/**
 * One row per fact, the copy received first. Facts without a provider's own time may have copies at other times, so those
 * are compared over all history; of the others every copy has the same time.
 */
const facts = `
    facts as (
        select contact_id, account_id, kind, role, ts, row_id, text, order_id, amount, currency, channel
        from events
        where business_id = {business_id:UUID}
          and ((ts >= {from:DateTime64(3, 'UTC')} and ts < {to:DateTime64(3, 'UTC')})
               or time_flag in ('entry_time', 'received_time'))
          and kind in ('message.received', 'message.sent', 'order.created')
          and ({channel:String} = '' or channel = {channel:String})
          and ({account_id:String} = '' or account_id = toUUIDOrZero({account_id:String}))
        order by received_at, ts
        limit 1 by row_id
    )`

/**
 * An order announced twice is one order; one without a number is told apart by its event. WooCommerce counts from 1 in
 * every shop, so there the shop is part of the number.
 */
const orderKey = `multiIf(order_id = '', toString(row_id), channel = 'woocommerce', concat(toString(account_id), ' ', order_id), order_id)`

const factParams = { from: z.date(), to: z.date(), channel: z.string(), account_id: z.string() }

/** How many messages came in and went out, and how many different orders were placed, per local day. */
const volumeDays = defineQuery({
  name: 'volumes.days',
  params: z.object({ ...factParams, time_zone: z.string() }),
  row: z.object({
    day: z.string(),
    received: z.int(),
    humans: z.int(),
    bots: z.int(),
    campaigns: z.int(),
    orders: z.int(),
  }),
  sql: `
with
${facts}
select toString(toDate(ts, {time_zone:String})) as day,
       countIf(kind = 'message.received') as received,
       countIf(kind = 'message.sent' and role = 'human') as humans,
       countIf(kind = 'message.sent' and role = 'bot') as bots,
       countIf(kind = 'message.sent' and role = 'campaign') as campaigns,
       uniqExactIf(${orderKey}, kind = 'order.created') as orders
from facts
where ts >= {from:DateTime64(3, 'UTC')} and ts < {to:DateTime64(3, 'UTC')}
group by day
order by day
`,
})

/** The messages and orders behind the volumes, newest first; `stage` names one of the series, '' all. */
export const volumeRows = defineQuery({
  name: 'volumes.rows',
  params: z.object({ ...factParams, time_zone: z.string(), stage: z.string(), limit: z.int(), offset: z.int() }),
  row: z.object({
    contact_id: z.int(),
    account_id: z.uuid(),
    kind: z.string(),
    series: z.string(),
    at_ms: z.int(),
    text: z.string(),
    total: z.int(),
  }),
  sql: `
with
${facts},
    series as (
        select *, multiIf(kind = 'message.received', 'received', kind = 'order.created', 'orders', role = 'human', 'sent_by_humans',
                          role = 'bot', 'sent_by_bots', role = 'campaign', 'sent_by_campaigns', '') as series
        from facts
        where ts >= {from:DateTime64(3, 'UTC')} and ts < {to:DateTime64(3, 'UTC')}
        -- what the numbers count: each order once a day
        order by ts, row_id
        limit 1 by if(kind = 'order.created', concat(${orderKey}, toString(toDate(ts, {time_zone:String}))), toString(row_id))
    )
select contact_id, account_id, kind, series, toUnixTimestamp64Milli(ts) as at_ms,
       if(kind = 'order.created', concat(order_id, ' ', toString(amount), ' ', toString(currency)), substringUTF8(text, 1, 300)) as text,
       count() over () as total
from series
where series != '' and ({stage:String} = '' or series = {stage:String})
order by ts desc, row_id
limit {limit:UInt32} offset {offset:UInt32}
`,
})

/** Messages in and out and orders per local day of the period, also the days without any. */
export async function volumes(
  db: BusinessDb,
  args: Setting & { period: Period; filter?: Filter | undefined },
): Promise<VolumeDay[]> {
  const [rows, revisions] = await Promise.all([
    db.ask(volumeDays, {
      ...instantsOf(args.period, args.timeZone),
      ...boundFilter(args.filter),
      time_zone: args.timeZone,
    }),
    dayRevisions(db, { ...args, measure: 'volumes' }),
  ])
  const found = new Map(rows.map((row) => [row.day, row]))
  return daysOf(args.period, args.timeZone).map((day) => {
    const row = found.get(day)
    return {
      day,
      received: row?.received ?? 0,
      sentByHumans: row?.humans ?? 0,
      sentByBots: row?.bots ?? 0,
      sentByCampaigns: row?.campaigns ?? 0,
      orders: row?.orders ?? 0,
      revision: revisions.get(day) ?? null,
    }
  })
}
