import { sendStatusesByReach } from '@fidelio/core/send.ts'
import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import { merges, personOf } from './people-sql.ts'

/** The people of the contacts asked for. */
const askedPeople = `arrayMap(id -> ${personOf('id')}, {contact_ids:Array(UInt32)})`

const statusList = sendStatusesByReach.map((status) => `'${status}'`).join(', ')

/**
 * What became of the sends of a campaign (measures.md §7), one row per (campaign, person): receipts, replies and orders
 * are joined when asked, so that a receipt may come before our own record of the send, late or out of order. Of several
 * sends to one person, planned before it was known that they are one, the one that got furthest stands for them
 * (core/send); `contact_id` is the person, and receipts are those of the contact that was written to.
 *
 * delivered: sent before the greatest delivery watermark of (account, contact), or named by a delivery receipt, or read.
 * read: sent at or before the greatest read watermark, or named by a read receipt.
 * replied: the customer wrote or pressed a button on the account after the send, within the campaign's window of days.
 * ordered: an order first heard of (usually `order.created`) after the send, within the window. An order placed before the
 * send is none, whenever it is paid: so the orders of these people are read over all history.
 *
 * Lift asks the same orders on another clock: `planned_at` starts the window in both arms, sent or not, because only so
 * are the arms alike (intention to treat, measures.md §9); a control has no other start.
 */
export const outcomes = `${merges},
    units as (
        select campaign_id, person_id, sends.contact_id as contact_id, account_id, arm, status, reason, message_id,
               planned_at, sent_at, status = 'accepted' as sent,
               -- each campaign brings its own window, in the order of campaign_ids
               arrayElement({window_days:Array(UInt16)}, indexOf({campaign_ids:Array(UUID)}, campaign_id)) as days
        from (
            select *, ${personOf('contact_id')} as person_id
            from send_facts final
            where business_id = {business_id:UUID} and campaign_id in {campaign_ids:Array(UUID)}
        ) as sends
        where {every_contact:Bool} or has(${askedPeople}, person_id)
        order by indexOf([${statusList}], toString(status)), sends.contact_id
        limit 1 by campaign_id, person_id, step
    ),
    facts as (
        select account_id, contact_id, ${personOf('contact_id')} as person_id, kind, ts, row_id, refs, watermark_at, order_id, amount, currency
        from events
        where business_id = {business_id:UUID}
          and contact_id in (
              select person_id from units where arm != ''
              union all
              select contact_id from merged_contacts final
              where business_id = {business_id:UUID} and person_id in (select person_id from units where arm != '')
          )
          -- facts without a provider's own time may have copies at other times: they are compared over all history
          and (ts >= (select min(planned_at) from units) or time_flag in ('entry_time', 'received_time')
               or kind in ('order.created', 'order.paid', 'order.refunded'))
          and kind in ('delivery', 'read', 'message.received', 'postback', 'order.created', 'order.paid', 'order.refunded')
        order by received_at, ts
        limit 1 by row_id
    ),
    receipts as (
        select account_id, contact_id,
               maxIf(watermark_at, kind = 'delivery') as delivered_to,
               maxIf(watermark_at, kind = 'read') as read_to,
               groupUniqArrayArrayIf(refs, kind = 'delivery') as delivered_ids,
               groupUniqArrayArrayIf(refs, kind = 'read') as read_ids
        from facts
        group by account_id, contact_id
    ),
    replies as (
        select account_id, person_id, groupArray(ts) as said
        from facts
        where kind in ('message.received', 'postback')
        group by account_id, person_id
    ),
    orders as (
        select person_id, order_id, min(ts) as at, any(currency) as currency,
               maxIf(amount, kind != 'order.refunded') - sumIf(amount, kind = 'order.refunded') as net
        from facts
        where kind in ('order.created', 'order.paid', 'order.refunded')
        group by person_id, order_id
        having countIf(kind != 'order.refunded') > 0
    ),
    bought as (select person_id, groupArray((at, currency, net)) as list from orders group by person_id),
    outcomes as (
        select units.campaign_id as campaign_id, units.person_id as contact_id, units.account_id as account_id, arm, status,
               reason, planned_at, sent_at, sent,
               sent and (sent_at <= read_to or (message_id != '' and has(read_ids, message_id))) as was_read,
               sent and (was_read or sent_at < delivered_to or (message_id != '' and has(delivered_ids, message_id))) as was_delivered,
               sent and arrayExists(at -> at > sent_at and at <= sent_at + toIntervalDay(days), said) as has_replied,
               arrayFilter(bit -> sent and bit.1 > sent_at and bit.1 <= sent_at + toIntervalDay(days), list) as orders_after_send,
               notEmpty(orders_after_send) as has_ordered,
               arrayExists(bit -> bit.1 > planned_at and bit.1 <= planned_at + toIntervalDay(days), list) as ordered_since_planned,
               planned_at + toIntervalDay(days) as window_ends
        from units
        left join receipts on receipts.contact_id = units.contact_id and receipts.account_id = units.account_id
        left join replies on replies.person_id = units.person_id and replies.account_id = units.account_id
        left join bought on bought.person_id = units.person_id
    )`

export const outcomeParams = {
  campaign_ids: z.array(z.uuid()),
  window_days: z.array(z.int()),
  every_contact: z.boolean(),
  contact_ids: z.array(z.int()),
}

/** How many sends of some campaigns stand where, by status and reason, and how far they got. */
export const funnelCounts = defineQuery({
  name: 'funnel.counts',
  params: z.object(outcomeParams),
  row: z.object({
    campaign_id: z.uuid(),
    status: z.string(),
    reason: z.string(),
    people: z.int(),
    delivered: z.int(),
    delivered_closed: z.int(),
    read: z.int(),
    read_closed: z.int(),
    replied: z.int(),
    ordered: z.int(),
  }),
  sql: `
with
${outcomes}
select campaign_id, status, reason, count() as people,
       countIf(was_delivered) as delivered,
       -- a reply implies a read, a read implies a delivery
       countIf(was_delivered or has_replied) as delivered_closed,
       countIf(was_read) as read,
       countIf(was_read or has_replied) as read_closed,
       countIf(has_replied) as replied,
       countIf(has_ordered) as ordered
from outcomes
group by campaign_id, status, reason
order by campaign_id, status, reason
`,
})

/** What the people of each campaign paid within its window after their send, less what was refunded, by currency. */
export const funnelRevenue = defineQuery({
  name: 'funnel.revenue',
  params: z.object(outcomeParams),
  row: z.object({ campaign_id: z.uuid(), currency: z.string(), amount: z.coerce.number() }),
  sql: `
with
${outcomes}
select campaign_id, bit.2 as currency, sum(bit.3) as amount
from outcomes array join orders_after_send as bit
where bit.2 != ''
group by campaign_id, currency
order by campaign_id, currency
`,
})

/** Per person of a campaign: how far the send got; `asked` are the contacts asked for who are this person. */
export const outcomesOfContacts = defineQuery({
  name: 'funnel.of_contacts',
  params: z.object(outcomeParams),
  row: z.object({
    asked: z.array(z.int()),
    delivered: z.int(),
    read: z.int(),
    replied: z.int(),
    ordered: z.int(),
  }),
  sql: `
with
${outcomes}
select arrayFilter(id -> ${personOf('id')} = contact_id, {contact_ids:Array(UInt32)}) as asked,
       was_delivered as delivered, was_read as read, has_replied as replied, has_ordered as ordered
from outcomes
order by contact_id
`,
})

/** The people behind a stage of the funnel. Stages that add up are named by status, the others by what was reached. */
export const funnelRows = defineQuery({
  name: 'funnel.rows',
  params: z.object({
    ...outcomeParams,
    statuses: z.array(z.string()),
    reason: z.string(),
    stage: z.string(),
    limit: z.int(),
    offset: z.int(),
  }),
  row: z.object({
    contact_id: z.int(),
    account_id: z.uuid(),
    status: z.string(),
    reason: z.string(),
    at_ms: z.int(),
    total: z.int(),
  }),
  sql: `
with
${outcomes}
select contact_id, account_id, status, reason,
       toUnixTimestamp64Milli(if(sent, sent_at, planned_at)) as at_ms, count() over () as total
from outcomes
where (empty({statuses:Array(String)}) or has({statuses:Array(String)}, toString(status)))
  and ({reason:String} = '' or reason = {reason:String})
  and multiIf({stage:String} = 'delivered', was_delivered or has_replied,
              {stage:String} = 'delivered_raw', was_delivered,
              {stage:String} = 'read', was_read or has_replied,
              {stage:String} = 'read_raw', was_read,
              {stage:String} = 'replied', has_replied,
              {stage:String} = 'ordered', has_ordered,
              true)
order by contact_id
limit {limit:UInt32} offset {offset:UInt32}
`,
})

/** How many of each arm of some campaigns ordered within the window after planning. */
export const liftArms = defineQuery({
  name: 'lift.arms',
  params: z.object(outcomeParams),
  row: z.object({
    campaign_id: z.uuid(),
    treated: z.int(),
    treated_ordered: z.int(),
    control: z.int(),
    control_ordered: z.int(),
    ends_ms: z.int(),
  }),
  sql: `
with
${outcomes}
select campaign_id,
       countIf(arm = 'treatment') as treated, countIf(arm = 'treatment' and ordered_since_planned) as treated_ordered,
       countIf(arm = 'holdout') as control, countIf(arm = 'holdout' and ordered_since_planned) as control_ordered,
       toUnixTimestamp64Milli(max(window_ends)) as ends_ms
from outcomes
where arm != ''
group by campaign_id
order by campaign_id
`,
})

/** The people of both arms who ordered within the window after planning. */
export const liftRows = defineQuery({
  name: 'lift.rows',
  params: z.object({ ...outcomeParams, arm: z.string(), limit: z.int(), offset: z.int() }),
  row: z.object({ contact_id: z.int(), account_id: z.uuid(), arm: z.string(), at_ms: z.int(), total: z.int() }),
  sql: `
with
${outcomes}
select contact_id, account_id, arm, toUnixTimestamp64Milli(planned_at) as at_ms, count() over () as total
from outcomes
where arm != '' and ordered_since_planned and ({arm:String} = '' or arm = {arm:String})
order by campaign_id, arm, contact_id
limit {limit:UInt32} offset {offset:UInt32}
`,
})
