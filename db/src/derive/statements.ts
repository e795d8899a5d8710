import { z } from 'zod'
import { defineStatement } from '../clickhouse/statement.ts'

// Every insert here says `insert_deduplicate = 0`: the engine would otherwise take a rebuilt block for a repeated one and
// swallow it. What makes repeating harmless is the tables: sets, and rows replaced by version.

/**
 * Which contacts a statement works on, of which businesses: the pairs (pair_businesses[i], pair_contacts[i]), or with
 * `every` all contacts of those businesses within [first, last]. Many businesses share a statement, because its fixed cost
 * is that of hundreds of contacts.
 */
export const someContacts = {
  businesses: z.array(z.uuid()),
  first_contact: z.int(),
  last_contact: z.int(),
  every: z.boolean(),
  pair_businesses: z.array(z.uuid()),
  pair_contacts: z.array(z.int()),
}

const merged = `
        select business_id, contact_id, person_id
        from merged_contacts final where business_id in {businesses:Array(UUID)}`

/**
 * Rows of `events` that a statement about people works on: of the pairs, which name all contacts of a person
 * (`wholePeople`), or of everybody who is counted within [first, last], under whichever contact they came in.
 */
export const ofSomePeople = `
              business_id in {businesses:Array(UUID)}
          and (contact_id between greatest({first_contact:UInt32}, 1) and {last_contact:UInt32}
               or (business_id, contact_id) in (
                   select business_id, contact_id from (${merged})
                   where {every:Bool} and person_id between {first_contact:UInt32} and {last_contact:UInt32}))
          and ({every:Bool} or (business_id, contact_id) in arrayZip({pair_businesses:Array(UUID)}, {pair_contacts:Array(UInt32)}))`

/** The facts of `told` under the person they belong to. Who is counted outside of the range is left to that range. */
export const factsOfPeople = `
        select told.* except (contact_id), if(map.person_id = 0, told.contact_id, map.person_id) as contact_id
        from told left join (${merged}) as map
          on map.business_id = told.business_id and map.contact_id = told.contact_id
        where if(map.person_id = 0, told.contact_id, map.person_id) between {first_contact:UInt32} and {last_contact:UInt32}`

/**
 * Waiting spells (core/waiting-spell, measures.md §5) from events. The order of rows in a thread is (ts, customer < bot <
 * human < abandon, id). A business's own channel (`webhook`, which is also /v1/events) knows people and not threads: a
 * closing or a general opt-out that arrives there ends the waits of the person in every thread, an opt-out only on the
 * channel it names.
 */
export const writeSpells = defineStatement({
  name: 'derive.writeSpells',
  params: z.object({ ...someContacts, gaps_ms: z.array(z.int()), version: z.int() }),
  sql: `
insert into spells (business_id, opened_at, contact_id, account_id, opening_id, channel, outcome, closed_at, bot_at,
                    is_first, burst, app_id, version, deleted)
with
    told as (
        -- one row per fact: the copy received first
        select business_id, contact_id, account_id, channel, kind, role, name, app_id, ts, row_id,
               JSONExtractString(data, 'topic') as topic, JSONExtractString(data, 'channel') as named_channel
        from events
        where ${ofSomePeople}
          and kind in ('message.received', 'message.sent', 'conversation.closed', 'consent.revoked')
        order by received_at, ts
        limit 1 by business_id, contact_id, row_id
    ),
    facts as (${factsOfPeople}
    ),
    messages as (
        select business_id, contact_id, account_id, channel, ts, row_id, app_id,
               multiIf(kind = 'message.received' and role = 'customer', 1, role = 'bot', 2, role = 'human', 3, 0) as rank
        from facts
        where rank > 0 and kind in ('message.received', 'message.sent')
    ),
    threads as (
        select business_id, contact_id, account_id, any(channel) as channel
        from messages group by business_id, contact_id, account_id
    ),
    abandons as (
        select facts.business_id as business_id, facts.contact_id as contact_id, threads.account_id as account_id,
               threads.channel as channel, facts.ts as ts, facts.row_id as row_id, '' as app_id, 4 as rank
        from facts inner join threads on facts.business_id = threads.business_id and facts.contact_id = threads.contact_id
        where (facts.kind = 'conversation.closed'
               -- a stop word, or a revocation of every topic: of '*', or told without a topic
               or (facts.kind = 'consent.revoked'
                   and (facts.name = 'stop_word' or facts.topic = '*' or (facts.name = '' and facts.topic = ''))))
          and (facts.account_id = threads.account_id
               or (facts.channel = 'webhook' and facts.named_channel in ('', threads.channel)))
    ),
    ordered as (
        select *, (ts, rank, toString(row_id)) as place from messages
        union all
        select *, (ts, rank, toString(row_id)) as place from abandons
    ),
    marked as (
        select *,
               -- who acted last before this row, bots aside
               anyLast(if(rank = 2, null, rank)) over before as previous,
               -- when a customer or a human last wrote: what episodes are made of
               max(if(rank in (1, 3), ts, null)) over before as previous_message
        from ordered
        window before as (partition by business_id, contact_id, account_id order by place rows between unbounded preceding and 1 preceding)
    ),
    numbered as (
        select *,
               sum(rank = 1 and ifNull(previous, 0) != 1) over (
                   partition by business_id, contact_id, account_id order by place rows unbounded preceding) as spell,
               rank = 1 and (previous_message is null
                   or toUnixTimestamp64Milli(assumeNotNull(previous_message))
                      + arrayElement({gaps_ms:Array(Int64)}, indexOf({businesses:Array(UUID)}, business_id))
                      <= toUnixTimestamp64Milli(ts)) as opens_episode
        from marked
    ),
    found as (
        select business_id, contact_id, account_id, any(channel) as channel,
               min(ts) as opened_at,
               argMinIf(row_id, place, rank = 1) as opening_id,
               countIf(rank >= 3) > 0 as closed,
               minIf(place, rank >= 3) as closing,
               groupArrayIf(place, rank = 2) as bots,
               max(opens_episode) as is_first,
               countIf(rank = 1) as burst,
               argMinIf(app_id, place, rank >= 3) as app_id
        from numbered
        where spell > 0
        group by business_id, contact_id, account_id, spell
    )
select business_id, opened_at, contact_id, account_id, opening_id, channel,
       multiIf(not closed, 'waiting', closing.2 = 3, 'answered', 'abandoned'),
       if(closed, closing.1, toDateTime64(0, 3, 'UTC')),
       -- the least element of nothing is 1970
       arrayMin(arrayMap(bot -> bot.1, arrayFilter(bot -> not closed or bot < closing, bots))),
       is_first, burst, app_id, {version:UInt64}, 0
from found
settings insert_deduplicate = 0
`,
})

/**
 * The spells a run of `writeSpells` with this version no longer found: late events can join two spells into one. To be run
 * after it, on the same contacts.
 */
export const deleteVanishedSpells = defineStatement({
  name: 'derive.deleteVanishedSpells',
  params: z.object({ ...someContacts, version: z.int() }),
  sql: `
insert into spells (business_id, opened_at, contact_id, account_id, opening_id, channel, outcome, closed_at, bot_at,
                    is_first, burst, app_id, version, deleted)
select business_id, opened_at, contact_id, account_id, opening_id, channel, outcome, closed_at, bot_at,
       is_first, burst, app_id, {version:UInt64}, 1
from spells final
where business_id in {businesses:Array(UUID)}
  and contact_id between {first_contact:UInt32} and {last_contact:UInt32}
  and ({every:Bool} or (business_id, contact_id) in arrayZip({pair_businesses:Array(UUID)}, {pair_contacts:Array(UInt32)}))
  and version < {version:UInt64}
settings insert_deduplicate = 0
`,
})

/**
 * Local days on which contacts were active (core/activity, measures.md §1): 'active' and each kind apart. Sets only grow,
 * so running it twice changes nothing; all businesses of a run
 * have one zone; a fact that moved to another day needs `deleteActivity` first.
 */
export const writeActivity = defineStatement({
  name: 'derive.writeActivity',
  params: z.object({ ...someContacts, time_zone: z.string() }),
  sql: `
insert into activity (business_id, time_zone, activity, day, contacts)
with facts as (
    select business_id, contact_id, kind, ts, row_id
    from events
    where business_id in {businesses:Array(UUID)}
      and contact_id between greatest({first_contact:UInt32}, 1) and {last_contact:UInt32}
      and ({every:Bool} or (business_id, contact_id) in arrayZip({pair_businesses:Array(UUID)}, {pair_contacts:Array(UInt32)}))
      and role = 'customer'
      and kind in ('message.received', 'postback', 'reaction', 'order.created', 'order.paid', 'referral')
    order by received_at, ts
    limit 1 by business_id, contact_id, row_id
)
select business_id, {time_zone:String}, name, toDate32(ts, {time_zone:String}) as local_day, groupBitmapState(contact_id)
from facts
array join if(kind in ('message.received', 'postback', 'reaction', 'order.created'), [kind, 'active'], [kind]) as name
group by business_id, name, local_day
settings insert_deduplicate = 0
`,
})

/** Forgets calendars: of businesses[i] those in time_zones[i]. */
export const deleteActivity = defineStatement({
  name: 'derive.deleteActivity',
  params: z.object({ businesses: z.array(z.uuid()), time_zones: z.array(z.string()) }),
  sql: `
delete from activity
where (business_id, time_zone) in arrayZip({businesses:Array(UUID)}, {time_zones:Array(String)})
`,
})
