import { z } from 'zod'
import { defineMaintenanceQuery } from '../clickhouse/query.ts'

/** The store's own clock: cursors compare with `inserted_at`, which the store sets. */
export const storeNow = defineMaintenanceQuery({
  name: 'derive.storeNow',
  params: z.object({}),
  row: z.object({ now_ms: z.int() }),
  sql: `select toUnixTimestamp64Milli(now64(3, 'UTC')) as now_ms`,
})

/** How much was stored since an instant, by business. */
export const storedSince = defineMaintenanceQuery({
  name: 'derive.storedSince',
  params: z.object({ since: z.date() }),
  row: z.object({ business_id: z.uuid(), rows: z.int() }),
  sql: `
select business_id, count() as rows
from events
where inserted_at > {since:DateTime64(3, 'UTC')}
group by business_id
order by business_id
`,
})

/**
 * Which contacts of a business were touched since an instant, with the marks of the rows that touched them: a reader
 * that remembers the marks derives the overlap of two scans only once.
 */
export const touchedSince = defineMaintenanceQuery({
  name: 'derive.touchedSince',
  params: z.object({ business_id: z.uuid(), since: z.date() }),
  row: z.object({ contact_id: z.int(), marks: z.array(z.string()) }),
  sql: `
select contact_id, groupUniqArray(toString(cityHash64(row_id, received_at, inserted_at))) as marks
from events
where business_id = {business_id:UUID} and inserted_at > {since:DateTime64(3, 'UTC')} and contact_id > 0
group by contact_id
order by contact_id
`,
})

/**
 * Contacts of whom a stored fact changed its time: a copy that was received earlier arrived later, with another time.
 * Only facts without a provider's own time can. Their calendars hold a day that is none, and sets cannot forget it.
 */
export const displacedContacts = defineMaintenanceQuery({
  name: 'derive.displacedContacts',
  params: z.object({ business_id: z.uuid(), contact_ids: z.array(z.int()), since: z.date() }),
  row: z.object({ contact_id: z.int() }),
  sql: `
select distinct contact_id
from (
    select contact_id, row_id
    from events
    where business_id = {business_id:UUID} and contact_id in {contact_ids:Array(UInt32)}
    group by contact_id, row_id
    having uniqExact(ts) > 1
       and argMin(inserted_at, (received_at, ts)) > {since:DateTime64(3, 'UTC')}
       and argMin(inserted_at, (received_at, ts)) > min(inserted_at)
)
`,
})

/** The highest contact id of a business that has events. */
export const lastContact = defineMaintenanceQuery({
  name: 'derive.lastContact',
  params: z.object({ business_id: z.uuid() }),
  row: z.object({ contact_id: z.int() }),
  sql: `select max(contact_id) as contact_id from events where business_id = {business_id:UUID}`,
})

/**
 * The state of threads, as `records/threads` keeps it. `last_inbound_ms` is the customer's last message, button or
 * reaction: what opens the 24-hour window. Threads need an account, so events of /v1/events have none.
 */
export const threadStates = defineMaintenanceQuery({
  name: 'derive.threadStates',
  params: z.object({
    business_id: z.uuid(),
    first_contact: z.int(),
    last_contact: z.int(),
    every: z.boolean(),
    contact_ids: z.array(z.int()),
  }),
  row: z.object({
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
    facts as (
        select account_id, contact_id, kind, role, ts, text,
               (ts, indexOf(['campaign', 'customer', 'bot', 'human'], toString(role)), toString(row_id)) as place
        from events
        where business_id = {business_id:UUID}
          and contact_id between greatest({first_contact:UInt32}, 1) and {last_contact:UInt32}
          and ({every:Bool} or contact_id in {contact_ids:Array(UInt32)})
          and account_id != toUUID('00000000-0000-0000-0000-000000000000')
          and kind in ('message.received', 'message.sent', 'postback', 'reaction')
        order by received_at, ts
        limit 1 by contact_id, row_id
    ),
    threads as (
        select account_id, contact_id,
               maxIf(ts, role = 'customer') as last_inbound,
               maxIf(ts, kind != 'reaction') as last_message,
               argMaxIf(substringUTF8(text, 1, 300), place, kind != 'reaction') as last_text,
               argMaxIf(toString(role), place, kind != 'reaction') as last_role,
               countIf(kind != 'reaction') as message_count
        from facts
        group by account_id, contact_id
        having message_count > 0
    ),
    open as (
        select account_id, contact_id, max(opened_at) as since
        from spells final
        where business_id = {business_id:UUID}
          and contact_id between {first_contact:UInt32} and {last_contact:UInt32}
          and ({every:Bool} or contact_id in {contact_ids:Array(UInt32)})
          and outcome = 'waiting'
        group by account_id, contact_id
    )
select account_id, contact_id,
       toUnixTimestamp64Milli(last_inbound) as last_inbound_ms,
       toUnixTimestamp64Milli(last_message) as last_message_ms,
       last_text, last_role,
       toUnixTimestamp64Milli(open.since) as waiting_since_ms,
       message_count
from threads left join open on open.account_id = threads.account_id and open.contact_id = threads.contact_id
`,
})
