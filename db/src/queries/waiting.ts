import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import type { BusinessDb } from '../tenancy.ts'
import { merges, personOf } from './people-sql.ts'
import type { WaitingNow } from './types.ts'

/** Who waits for an answer right now, longest first, with the last thing they said. */
const openSpells = defineQuery({
  name: 'waiting.now',
  params: z.object({ now: z.date(), limit: z.int() }),
  row: z.object({
    contact_id: z.int(),
    account_id: z.uuid(),
    opened_ms: z.int(),
    burst: z.int(),
    last_text: z.string(),
    total: z.int(),
    first_ms: z.int(),
  }),
  sql: `
with${merges},
open as (
    select contact_id, account_id, opened_at, opening_id, burst,
           count() over () as total, min(opened_at) over () as longest
    from spells final
    where business_id = {business_id:UUID} and outcome = 'waiting' and opened_at <= {now:DateTime64(3, 'UTC')}
    order by opened_at, contact_id, account_id, opening_id
    limit {limit:UInt32}
),
said as (
    select ${personOf('contact_id')} as person_id, account_id, argMax(text, (ts, toString(row_id))) as last_text
    from events
    where business_id = {business_id:UUID} and kind = 'message.received' and role = 'customer'
      and contact_id in (
          select contact_id from open
          union all
          select contact_id from merged_contacts final
          where business_id = {business_id:UUID} and person_id in (select contact_id from open)
      )
    group by person_id, account_id
)
select open.contact_id as contact_id, open.account_id as account_id, toUnixTimestamp64Milli(opened_at) as opened_ms, burst,
       substringUTF8(said.last_text, 1, 300) as last_text, total, toUnixTimestamp64Milli(longest) as first_ms
from open left join said on said.person_id = open.contact_id and said.account_id = open.account_id
order by opened_at, contact_id, account_id, opening_id
`,
})

/** Who waits right now, the longest first. */
export async function waitingNow(db: BusinessDb, { now, first }: { now: number; first: number }): Promise<WaitingNow> {
  // One row is asked for even when none is wanted: it carries the total.
  const rows = await db.ask(openSpells, { now: new Date(now), limit: Math.max(1, first) })
  const [head] = rows
  return {
    total: head?.total ?? 0,
    longestSeconds: head ? (now - head.first_ms) / 1000 : null,
    spells: rows.slice(0, first).map((row) => ({
      contactId: row.contact_id,
      accountId: row.account_id,
      openedAt: row.opened_ms,
      waitedSeconds: Math.max(0, now - row.opened_ms) / 1000,
      lastText: row.last_text,
      burst: row.burst,
    })),
  }
}
