import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import { merges, peopleOf, personOf } from './people-sql.ts'

/**
 * How a matrix counts (core/retention): rows are cohorts first..last, columns 0..columns - 1. A return counts in column k
 * when it lies in [cohort + k, cohort + k + horizon] and not after last_return ("on": horizon 0).
 */
const matrixParams = {
  time_zone: z.string(),
  grain: z.enum(['day', 'week', 'month']),
  activity: z.string(),
  first_matching: z.boolean(),
  first: z.int(),
  last: z.int(),
  /** First local day of the first cohort, 'YYYY-MM-DD'. */
  first_day: z.string(),
  horizon: z.int(),
  last_return: z.int(),
}
const filterParams = { channel: z.string(), account_id: z.string() }

/** Who was active in which interval, from the calendars of local days (indices of measures.md §1). */
const intervalsOfSets = `${merges},
    intervals as (
        select multiIf({grain:String} = 'day', toInt32(day),
                       {grain:String} = 'week', toInt32(intDiv(toInt32(day) - 4, 7)),
                       toInt32(toYear(day) * 12 + toMonth(day))) as i,
               ${peopleOf('groupBitmapMergeState(contacts)')} as people
        from activity
        where business_id = {business_id:UUID} and time_zone = {time_zone:String} and activity = {activity:String}
          -- who was active before decides only who is here for the first time
          and ({first_matching:Bool} or day >= {first_day:Date32})
        group by i
    )`

/** The same from the events themselves, for what the calendars do not keep apart: channels and accounts. */
const intervalsOfEvents = `${merges},
    facts as (
        select contact_id, ts, row_id
        from events
        where business_id = {business_id:UUID} and contact_id > 0 and role = 'customer'
          and if({activity:String} = 'active', kind in ('message.received', 'postback', 'reaction', 'order.created'),
                 kind = {activity:String})
          and ({channel:String} = '' or channel = {channel:String})
          and ({account_id:String} = '' or account_id = toUUIDOrZero({account_id:String}))
        order by received_at, ts
        limit 1 by contact_id, row_id
    ),
    intervals as (
        select multiIf({grain:String} = 'day', toInt32(toDate(ts, {time_zone:String})),
                       {grain:String} = 'week', toInt32(intDiv(toInt32(toStartOfWeek(ts, 1, {time_zone:String})) - 4, 7)),
                       toInt32(toYear(ts, {time_zone:String}) * 12 + toMonth(ts, {time_zone:String}))) as i,
               groupBitmapState(${personOf('contact_id')}) as people
        from facts
        where {first_matching:Bool} or toDate(ts, {time_zone:String}) >= {first_day:Date32}
        group by i
    )`

const cohorts = `
    -- who was active in any interval before
    with_past as (
        select i, people,
               groupBitmapMergeState(people) over (order by i rows between unbounded preceding and 1 preceding) as seen
        from intervals
    ),
    cohorts as (
        select i as cohort,
               if({first_matching:Bool} and bitmapCardinality(seen) > 0, bitmapAndnot(people, seen), people) as members
        from with_past
        where i between {first:Int32} and {last:Int32}
    )`

const cells = `
    -- column 0 is the cohort itself; a column without anybody has no row
    places as (
        select cohort, members, k, toInt32(arrayJoin(range(toUInt32(cohort + k),
                   toUInt32(greatest(cohort + k, least(cohort + k + {horizon:Int32}, {last_return:Int32}) + 1))))) as i
        from cohorts
        array join range(1, {columns:UInt32}) as k
    ),
    counts as (
        select cohort, 0 as k, toInt64(bitmapCardinality(members)) as n from cohorts
        union all
        select places.cohort as cohort, toUInt8(places.k) as k,
               toInt64(bitmapAndCardinality(groupBitmapMergeState(places.members), groupBitmapMergeState(intervals.people))) as n
        from places inner join intervals on places.i = intervals.i
        group by cohort, k
    )`

const cellRow = z.object({ cohort: z.int(), k: z.int(), n: z.int() })

/** Who came back: of the contacts active in an interval (or first active in it), how many were active again k intervals later. */
export const retentionOfSets = defineQuery({
  name: 'retention.sets',
  params: z.object({ ...matrixParams, columns: z.int() }),
  row: cellRow,
  sql: `
with
${intervalsOfSets},
${cohorts},
${cells}
select cohort, k, n from counts order by cohort, k
`,
})

/** The same question for one channel or account. */
export const retentionOfEvents = defineQuery({
  name: 'retention.events',
  params: z.object({ ...matrixParams, ...filterParams, columns: z.int() }),
  row: cellRow,
  sql: `
with
${intervalsOfEvents},
${cohorts},
${cells}
select cohort, k, n from counts order by cohort, k
`,
})

const people = `
    returners as (
        select groupBitmapMergeState(people) as people
        from intervals
        where i between {return_from:Int32} and least({return_from:Int32} + {horizon:Int32}, {last_return:Int32})
    ),
    members as (select groupBitmapMergeState(members) as people from cohorts),
    asked as (
        select if({returned:Bool}, bitmapAnd(members.people, returners.people), members.people) as people
        from members cross join returners
    )`

const peopleParams = { return_from: z.int(), returned: z.boolean(), limit: z.int(), offset: z.int() }
const personRow = z.object({ contact_id: z.int(), total: z.int() })

/** The people of cohorts first..last, or those of them who were active again from interval return_from on. */
export const cohortPeopleOfSets = defineQuery({
  name: 'retention.people_of_sets',
  params: z.object({ ...matrixParams, ...peopleParams }),
  row: personRow,
  sql: `
with
${intervalsOfSets},
${cohorts},
${people}
select arrayJoin(bitmapToArray(people)) as contact_id, bitmapCardinality(people) as total
from asked
order by contact_id
limit {limit:UInt32} offset {offset:UInt32}
`,
})

/** The same for one channel or account. */
export const cohortPeopleOfEvents = defineQuery({
  name: 'retention.people_of_events',
  params: z.object({ ...matrixParams, ...filterParams, ...peopleParams }),
  row: personRow,
  sql: `
with
${intervalsOfEvents},
${cohorts},
${people}
select arrayJoin(bitmapToArray(people)) as contact_id, bitmapCardinality(people) as total
from asked
order by contact_id
limit {limit:UInt32} offset {offset:UInt32}
`,
})

/** Who wrote first on the days first..last, and again 1 to `horizon` days later, looking no further than `last_return`. */
const cameBackParams = {
  time_zone: z.string(),
  first: z.int(),
  last: z.int(),
  horizon: z.int(),
  last_return: z.int(),
}

/** Per local day: how many wrote for the first time, and how many of them wrote again 1 to `horizon` local days later. */
export const cameBackDays = defineQuery({
  name: 'retention.came_back',
  params: z.object(cameBackParams),
  row: z.object({ day: z.int(), size: z.int(), came_back: z.int() }),
  sql: `
with${merges},
    intervals as (
        select toInt32(day) as i, ${peopleOf('groupBitmapMergeState(contacts)')} as people
        from activity
        where business_id = {business_id:UUID} and time_zone = {time_zone:String} and activity = 'message.received'
          and toInt32(day) <= {last_return:Int32}
        group by i
    ),
    with_windows as (
        select i, people,
               groupBitmapMergeState(people) over (order by i rows between unbounded preceding and 1 preceding) as seen,
               groupBitmapMergeState(people) over (order by i range between 1 following and {horizon:UInt32} following) as later
        from intervals
    ),
    cohorts as (
        select i, later, if(bitmapCardinality(seen) > 0, bitmapAndnot(people, seen), people) as members
        from with_windows
        where i between {first:Int32} and {last:Int32}
    )
select i as day, toInt64(bitmapCardinality(cohorts.members)) as size, toInt64(bitmapAndCardinality(cohorts.members, later)) as came_back
from cohorts
order by day
`,
})

/** The people of `cameBackDays`, with the day of their first message; with `returned` only those who wrote again. */
export const cameBackPeople = defineQuery({
  name: 'retention.came_back_people',
  params: z.object({ ...cameBackParams, returned: z.boolean(), limit: z.int(), offset: z.int() }),
  row: z.object({ contact_id: z.int(), day: z.int(), total: z.int() }),
  sql: `
with${merges},
    intervals as (
        select toInt32(day) as i, ${peopleOf('groupBitmapMergeState(contacts)')} as people
        from activity
        where business_id = {business_id:UUID} and time_zone = {time_zone:String} and activity = 'message.received'
          and toInt32(day) <= {last_return:Int32}
        group by i
    ),
    with_windows as (
        select i, people,
               groupBitmapMergeState(people) over (order by i rows between unbounded preceding and 1 preceding) as seen,
               groupBitmapMergeState(people) over (order by i range between 1 following and {horizon:UInt32} following) as later
        from intervals
    ),
    cohorts as (
        select i, later, if(bitmapCardinality(seen) > 0, bitmapAndnot(people, seen), people) as members
        from with_windows
        where i between {first:Int32} and {last:Int32}
    ),
    asked as (
        select i as day,
               arrayJoin(bitmapToArray(if({returned:Bool}, bitmapAnd(members, later), members))) as contact_id
        from cohorts
    )
select contact_id, day, count() over () as total
from asked
order by day desc, contact_id
limit {limit:UInt32} offset {offset:UInt32}
`,
})
