/**
 * Retention from the events themselves (measures.md §2): for what calendars of local days cannot tell apart, such as
 * channels, custom events, how often somebody returned, and windows of 24 hours.
 */
import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import { merges, personOf } from './people-sql.ts'

const eventsParams = {
  time_zone: z.string(),
  grain: z.enum(['day', 'week', 'month']),
  /** Whether weeks begin on Sunday. */
  sunday: z.boolean(),
  start_kind: z.string(),
  /** '' any name */
  start_name: z.string(),
  return_kind: z.string(),
  return_name: z.string(),
  entry: z.enum(['recurring', 'first_matching', 'first_ever']),
  /** Cohorts first..last, as indices of the grain. */
  first: z.int(),
  last: z.int(),
  /** Where each column from 1 on begins and ends to look, in intervals after entering. */
  froms: z.array(z.int()),
  tos: z.array(z.int()),
  last_return: z.int(),
  rolling: z.boolean(),
  /** On the rolling clock: the length of a window. */
  window_ms: z.int(),
  occurrences: z.int(),
  breakdown: z.enum(['', 'channel', 'campaign']),
  channel: z.string(),
  account_id: z.string(),
}

/** core/event-choice `isChosen`. */
function isChosen(part: 'start' | 'return'): string {
  return `if({${part}_kind:String} = 'active',
                   role = 'customer' and kind in ('message.received', 'postback', 'reaction', 'order.created'),
                   kind = {${part}_kind:String} and ({${part}_name:String} = '' or name = {${part}_name:String})
                   and (role = 'customer' or kind not in ('message.received', 'postback', 'reaction', 'order.created',
                                                          'order.paid', 'referral')))`
}

const matches = `(({channel:String} = '' or channel = {channel:String})
                and ({account_id:String} = '' or account_id = toUUIDOrZero({account_id:String})))`

const reached = `${merges},
    -- one row per fact: the delivery that was received first
    facts as (
        select contact_id, ts, row_id, channel, account_id, kind, role, name
        from events
        where business_id = {business_id:UUID} and contact_id > 0
          and (${isChosen('start')}
            or ${isChosen('return')})
        order by received_at, ts
        limit 1 by contact_id, row_id
    ),
    happened as (
        select ${personOf('contact_id')} as person, toUnixTimestamp64Milli(ts) as at, row_id, channel,
               toInt32(toDate(ts, {time_zone:String})) as day,
               toInt32(multiIf({grain:String} = 'day', day,
                               {grain:String} = 'week', intDiv(day - if({sunday:Bool}, 3, 4), 7),
                               toYear(ts, {time_zone:String}) * 12 + toMonth(ts, {time_zone:String}))) as i,
               ${isChosen('start')} as is_named,
               is_named and ${matches} as is_start,
               ${isChosen('return')} and ${matches} as is_return
        from facts
    ),
    -- the only look at single events: what a person did in an interval
    intervals as (
        select person, i,
               countIf(is_named) as named, minIf(at, is_named) as named_at,
               countIf(is_start) as starts, minIf(at, is_start) as start_at,
               argMinIf(channel, (at, toString(row_id)), is_start) as start_channel,
               countIf(is_return) as returns,
               groupArrayIf(at, is_return and {rolling:Bool}) as times
        from happened
        -- who was here before matters only to who is here for the first time
        where {entry:String} != 'recurring' or i >= {first:Int32}
        group by person, i
    ),
    histories as (
        select person,
               arraySort(groupArrayIf((start_at, i, toString(start_channel)), starts > 0)) as started,
               minIf(named_at, named > 0) as first_named_at,
               groupArrayIf(i, returns >= {occurrences:UInt32}) as returned,
               groupArrayArray(times) as return_times
        from intervals
        group by person
    ),
    exposures as (
        select ${personOf('contact_id')} as person, min(toUnixTimestamp64Milli(sent_at)) as exposed_at
        from send_facts final
        where business_id = {business_id:UUID} and {breakdown:String} = 'campaign'
          and status = 'accepted' and sent_at > toDateTime64(0, 3, 'UTC')
        group by person
    ),
    entries as (
        select person, returned, return_times, entered.1 as anchor, entered.2 as cohort,
               multiIf({breakdown:String} = 'channel', entered.3,
                       {breakdown:String} = 'campaign', if(exposed_at > 0 and exposed_at < anchor, 'campaign', 'none'),
                       '') as value
        from histories
        left join exposures on histories.person = exposures.person
        array join arraySlice(started, 1, multiIf({entry:String} = 'recurring', length(started),
                                                  {entry:String} = 'first_matching', 1,
                                                  started[1].1 = first_named_at, 1,
                                                  0)) as entered
        where cohort between {first:Int32} and {last:Int32}
    ),
    -- how many intervals, or windows, after entering somebody returned often enough
    offset_lists as (
        select person, cohort, value,
               arrayMap(t -> intDiv(t - anchor, {window_ms:Int64}), arrayFilter(t -> t >= anchor, return_times)) as windows,
               if({rolling:Bool},
                  arrayFilter(w -> countEqual(windows, w) >= {occurrences:UInt32}, arrayDistinct(windows)),
                  arrayMap(r -> toInt64(r - cohort), arrayFilter(r -> r <= {last_return:Int32}, returned))) as offsets
        from entries
    ),
    reached as (
        select person, cohort, value,
               arrayConcat([toUInt32(0)],
                           arrayFilter((k, from_k, to_k) -> arrayExists(o -> o between from_k and to_k, offsets),
                                       arrayEnumerate({froms:Array(Int32)}), {froms:Array(Int32)}, {tos:Array(Int32)})) as columns
        from offset_lists
    )`

/** How many of each cohort, and of each value of the breakdown ('' without one), are in which column. */
export const retentionOfEvents = defineQuery({
  name: 'retention.events',
  params: z.object(eventsParams),
  row: z.object({ value: z.string(), cohort: z.int(), k: z.int(), n: z.int() }),
  sql: `
with
${reached}
select value, cohort, k, toInt64(count()) as n
from reached
array join columns as k
group by value, cohort, k
order by value, cohort, k
`,
})

/** Who of the cohorts is in one column; `value` '' asks for every value of the breakdown. */
export const cohortPeopleOfEvents = defineQuery({
  name: 'retention.people_of_events',
  params: z.object({
    ...eventsParams,
    column: z.int(),
    every_value: z.boolean(),
    value: z.string(),
    limit: z.int(),
    offset: z.int(),
  }),
  row: z.object({ contact_id: z.int(), total: z.int() }),
  sql: `
with
${reached}
select person as contact_id, toInt64(count() over ()) as total
from reached
where has(columns, {column:UInt32}) and ({every_value:Bool} or value = {value:String})
order by contact_id
limit {limit:UInt32} offset {offset:UInt32}
`,
})
