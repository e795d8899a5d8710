import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import { merges, peopleOf } from './people-sql.ts'

/**
 * How a matrix counts (core/retention): rows are cohorts first..last; a return counts in column k when it lies in
 * [cohort + froms[k], cohort + tos[k]] and not after last_return.
 */
const matrixParams = {
  time_zone: z.string(),
  grain: z.enum(['day', 'week', 'month']),
  /** Whether weeks begin on Sunday. */
  sunday: z.boolean(),
  start_kind: z.string(),
  return_kind: z.string(),
  /** Everybody once, in the interval of their first; otherwise in every one. */
  first_matching: z.boolean(),
  first: z.int(),
  last: z.int(),
  /** First local day of the first cohort, 'YYYY-MM-DD'. */
  first_day: z.string(),
  last_return: z.int(),
}

/** The interval of a local day (indices of measures.md §1). */
const intervalOfDay = `toInt32(multiIf({grain:String} = 'day', toInt32(day),
                               {grain:String} = 'week', intDiv(toInt32(day) - if({sunday:Bool}, 3, 4), 7),
                               toYear(day) * 12 + toMonth(day)))`

/** Who started and who returned in which interval, from the calendars of local days. */
const intervals = `${merges},
    started as (
        select ${intervalOfDay} as i, ${peopleOf('groupBitmapMergeState(contacts)')} as people
        from activity
        where business_id = {business_id:UUID} and time_zone = {time_zone:String} and activity = {start_kind:String}
          -- who started before decides only who is here for the first time
          and ({first_matching:Bool} or day >= {first_day:Date32})
        group by i
    ),
    returned as (
        select ${intervalOfDay} as i, ${peopleOf('groupBitmapMergeState(contacts)')} as people
        from activity
        where business_id = {business_id:UUID} and time_zone = {time_zone:String} and activity = {return_kind:String}
          and day >= {first_day:Date32}
        group by i
    ),
    -- who started in any interval before
    with_past as (
        select i, people,
               groupBitmapMergeState(people) over (order by i rows between unbounded preceding and 1 preceding) as seen
        from started
    ),
    cohorts as (
        select i as cohort,
               if({first_matching:Bool} and bitmapCardinality(seen) > 0, bitmapAndnot(people, seen), people) as members
        from with_past
        where i between {first:Int32} and {last:Int32}
    )`

/** Who came back: of the contacts who started in an interval (or first in it), how many returned in each column. */
export const retentionOfSets = defineQuery({
  name: 'retention.sets',
  params: z.object({ ...matrixParams, froms: z.array(z.int()), tos: z.array(z.int()) }),
  row: z.object({ cohort: z.int(), k: z.int(), n: z.int() }),
  sql: `
with
${intervals},
    -- the intervals each cell looks at; an empty look has none
    places as (
        select cohort, k,
               arrayJoin(range(toUInt32(cohort + from_k),
                               toUInt32(greatest(cohort + from_k, least(cohort + to_k, {last_return:Int32}) + 1)))) as i
        from (select toInt32(arrayJoin(range(toUInt32({first:Int32}), toUInt32({last:Int32} + 1)))) as cohort)
        array join {froms:Array(Int32)} as from_k, {tos:Array(Int32)} as to_k, arrayEnumerate({froms:Array(Int32)}) as k
    ),
    looks as (
        select cohort, k, groupBitmapMergeState(returned.people) as people
        from places inner join returned on toInt32(places.i) = returned.i
        group by cohort, k
    )
-- column 0 is the cohort itself; a column without anybody has no row
select cohort, toUInt32(0) as k, toInt64(bitmapCardinality(members)) as n from cohorts
union all
select looks.cohort as cohort, looks.k as k, toInt64(bitmapAndCardinality(cohorts.members, looks.people)) as n
from looks inner join cohorts on looks.cohort = cohorts.cohort
`,
})

/** The people of cohorts first..last, or those of them who returned in return_from..return_to. */
export const cohortPeopleOfSets = defineQuery({
  name: 'retention.people_of_sets',
  params: z.object({
    ...matrixParams,
    return_from: z.int(),
    return_to: z.int(),
    returned: z.boolean(),
    limit: z.int(),
    offset: z.int(),
  }),
  row: z.object({ contact_id: z.int(), total: z.int() }),
  sql: `
with
${intervals},
    returners as (
        select groupBitmapMergeState(people) as people
        from returned
        where i between {return_from:Int32} and least({return_to:Int32}, {last_return:Int32})
    ),
    members as (select groupBitmapMergeState(members) as people from cohorts),
    asked as (
        select if({returned:Bool}, bitmapAnd(members.people, returners.people), members.people) as people
        from members cross join returners
    )
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
