import { z } from 'zod'
import { defineMaintenanceQuery } from '../clickhouse/query.ts'
import { factsOfPeople, ofSomePeople, someContacts } from './statements.ts'

/** The store's own clock: cursors compare with `inserted_at`, which the store sets. */
export const storeNow = defineMaintenanceQuery({
  name: 'derive.storeNow',
  params: z.object({}),
  row: z.object({ now_ms: z.int() }),
  sql: `select toUnixTimestamp64Milli(now64(3, 'UTC')) as now_ms`,
})

/** How many rows there are, read from the parts' own notes: it costs a millisecond or two whatever there is. */
export const storedRows = defineMaintenanceQuery({
  name: 'derive.storedRows',
  params: z.object({}),
  row: z.object({ rows: z.int() }),
  sql: 'select count() as rows from events',
})

/**
 * How much was stored since an instant, by business. `recent_digest` is what `digest` will be in a later scan whose `since`
 * is this one's `recent_since`, unless something was stored in between.
 */
export const storedSince = defineMaintenanceQuery({
  name: 'derive.storedSince',
  params: z.object({ since: z.date(), recent_since: z.date() }),
  row: z.object({
    business_id: z.uuid(),
    rows: z.int(),
    contacts: z.int(),
    digest: z.string(),
    recent_digest: z.string(),
  }),
  sql: `
select business_id, count() as rows, uniqExact(contact_id) as contacts,
       toString(sum(cityHash64(row_id, received_at, inserted_at))) as digest,
       toString(sumIf(cityHash64(row_id, received_at, inserted_at),
                      inserted_at > {recent_since:DateTime64(3, 'UTC')})) as recent_digest
from events
where inserted_at > {since:DateTime64(3, 'UTC')}
group by business_id
order by business_id
`,
})

/**
 * Which contacts of some businesses were touched since an instant, with the marks of the rows that touched them: a reader
 * that remembers the recent ones derives the overlap of two scans only once. To be asked of few rows at a time.
 */
export const touchedSince = defineMaintenanceQuery({
  name: 'derive.touchedSince',
  params: z.object({ businesses: z.array(z.uuid()), since: z.date(), recent_since: z.date() }),
  row: z.object({
    business_id: z.uuid(),
    contact_id: z.int(),
    marks: z.array(z.string()),
    recent_marks: z.array(z.string()),
  }),
  sql: `
select business_id, contact_id,
       groupUniqArray(toString(cityHash64(row_id, received_at, inserted_at))) as marks,
       groupUniqArrayIf(toString(cityHash64(row_id, received_at, inserted_at)),
                        inserted_at > {recent_since:DateTime64(3, 'UTC')}) as recent_marks
from events
where business_id in {businesses:Array(UUID)} and inserted_at > {since:DateTime64(3, 'UTC')} and contact_id > 0
group by business_id, contact_id
order by business_id, contact_id
`,
})

/**
 * Businesses with a contact of whom a stored fact changed its time: a copy that was received earlier arrived later, with
 * another time. Only facts without a provider's own time can. Calendars then hold a day that is none, and sets cannot
 * forget it.
 */
export const displacedBusinesses = defineMaintenanceQuery({
  name: 'derive.displacedBusinesses',
  params: z.object({ pair_businesses: z.array(z.uuid()), pair_contacts: z.array(z.int()), since: z.date() }),
  row: z.object({ business_id: z.uuid() }),
  sql: `
select distinct business_id
from (
    select business_id, contact_id, row_id
    from events
    where (business_id, contact_id) in arrayZip({pair_businesses:Array(UUID)}, {pair_contacts:Array(UInt32)})
      and role = 'customer'
    group by business_id, contact_id, row_id
    having uniqExact(ts) > 1
       and argMin(inserted_at, (received_at, ts)) > {since:DateTime64(3, 'UTC')}
       and argMin(inserted_at, (received_at, ts)) > min(inserted_at)
)
order by business_id
`,
})

/** The same question about one whole business, of which too many contacts were touched to name them. */
export const isDisplaced = defineMaintenanceQuery({
  name: 'derive.isDisplaced',
  params: z.object({ business: z.uuid(), since: z.date() }),
  row: z.object({ business_id: z.uuid() }),
  sql: `
select distinct business_id
from (
    select business_id, contact_id, row_id
    from events
    where business_id = {business:UUID} and role = 'customer'
      and row_id in (
          select row_id from events
          where business_id = {business:UUID} and role = 'customer' and inserted_at > {since:DateTime64(3, 'UTC')}
      )
    group by business_id, contact_id, row_id
    having uniqExact(ts) > 1
       and argMin(inserted_at, (received_at, ts)) > {since:DateTime64(3, 'UTC')}
       and argMin(inserted_at, (received_at, ts)) > min(inserted_at)
)
`,
})

/** How many events and which contact ids some businesses have. */
export const sizes = defineMaintenanceQuery({
  name: 'derive.sizes',
  params: z.object({ businesses: z.array(z.uuid()) }),
  row: z.object({ business_id: z.uuid(), rows: z.int(), last_contact: z.int() }),
  sql: `
select business_id, count() as rows, max(contact_id) as last_contact
from events
where business_id in {businesses:Array(UUID)}
group by business_id
order by business_id
`,
})

/**
 * The state of threads, as `records/threads` keeps it. `last_inbound_ms` is the customer's last message, button or
 * reaction: what opens the 24-hour window. Threads need an account, so events of /v1/events have none.
 */
export const threadStates = defineMaintenanceQuery({
  name: 'derive.threadStates',
  params: z.object(someContacts),
  row: z.object({
    business_id: z.uuid(),
    account_id: z.uuid(),
    contact_id: z.int(),
    last_inbound_ms: z.int(),
    last_message_ms: z.int(),
    last_text: z.string(),
    last_role: z.string(),
    waiting_since_ms: z.int(),
    message_count: z.int(),
  }),
  sql: `
with
    told as (
        select business_id, account_id, contact_id, kind, role, ts, text,
               (ts, indexOf(['campaign', 'customer', 'bot', 'human'], toString(role)), toString(row_id)) as place
        from events
        where ${ofSomePeople}
          and account_id != toUUID('00000000-0000-0000-0000-000000000000')
          and kind in ('message.received', 'message.sent', 'postback', 'reaction')
        order by received_at, ts
        limit 1 by business_id, contact_id, row_id
    ),
    facts as (${factsOfPeople}
    ),
    threads as (
        select business_id, account_id, contact_id,
               maxIf(ts, role = 'customer') as last_inbound,
               maxIf(ts, kind != 'reaction') as last_message,
               argMaxIf(substringUTF8(text, 1, 300), place, kind != 'reaction') as last_text,
               argMaxIf(toString(role), place, kind != 'reaction') as last_role,
               countIf(kind != 'reaction') as message_count
        from facts
        group by business_id, account_id, contact_id
        having message_count > 0
    ),
    open as (
        select business_id, account_id, contact_id, max(opened_at) as since
        from spells final
        where business_id in {businesses:Array(UUID)}
          and contact_id between {first_contact:UInt32} and {last_contact:UInt32}
          and ({every:Bool} or (business_id, contact_id) in arrayZip({pair_businesses:Array(UUID)}, {pair_contacts:Array(UInt32)}))
          and outcome = 'waiting'
        group by business_id, account_id, contact_id
    )
select business_id, account_id, contact_id,
       toUnixTimestamp64Milli(last_inbound) as last_inbound_ms,
       toUnixTimestamp64Milli(last_message) as last_message_ms,
       -- PostgreSQL takes neither NUL nor broken characters; events stored before both were replaced on the way in have them
       toValidUTF8(replaceAll(threads.last_text, char(0), char(239, 191, 189))) as last_text, last_role,
       toUnixTimestamp64Milli(open.since) as waiting_since_ms,
       message_count
from threads
left join open on open.business_id = threads.business_id and open.account_id = threads.account_id
              and open.contact_id = threads.contact_id
`,
})

/** The zones some businesses have calendars in: more than one only while it changes its zone. */
export const activityZones = defineMaintenanceQuery({
  name: 'derive.activityZones',
  params: z.object({ businesses: z.array(z.uuid()) }),
  row: z.object({ business_id: z.uuid(), time_zone: z.string() }),
  sql: `
select distinct business_id, time_zone
from activity
where business_id in {businesses:Array(UUID)}
order by business_id, time_zone
`,
})
