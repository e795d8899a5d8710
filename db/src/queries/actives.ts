import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import { merges, peopleOf } from './people-sql.ts'

const periodParams = { time_zone: z.string(), from: z.string(), to: z.string() }

/** How many customers wrote, pressed, reacted or ordered: distinct people in the period ('') and per local day. */
export const activeDays = defineQuery({
  name: 'actives.days',
  params: z.object(periodParams),
  row: z.object({ day: z.string(), people: z.int() }),
  sql: `
with ${merges}
select arrayJoin(['', toString(day)]) as place, bitmapCardinality(${peopleOf('groupBitmapMergeState(contacts)')}) as people,
       place as day
from activity
where business_id = {business_id:UUID} and time_zone = {time_zone:String} and activity = 'active'
  and activity.day between {from:Date32} and {to:Date32}
group by place
order by place
`,
})

/** The active customers themselves, the latest active first, with the number of days on which they were. */
export const activePeople = defineQuery({
  name: 'actives.people',
  params: z.object({ ...periodParams, limit: z.int(), offset: z.int() }),
  row: z.object({ contact_id: z.int(), last_day: z.string(), days: z.int(), total: z.int() }),
  sql: `
with ${merges},
people as (
    select arrayJoin(bitmapToArray(${peopleOf('groupBitmapMergeState(contacts)')})) as contact_id, day
    from activity
    where business_id = {business_id:UUID} and time_zone = {time_zone:String} and activity = 'active'
      and day between {from:Date32} and {to:Date32}
    group by day
)
select contact_id, toString(max(day)) as last_day, count() as days, count() over () as total
from people
group by contact_id
order by last_day desc, contact_id
limit {limit:UInt32} offset {offset:UInt32}
`,
})
