import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import type { BusinessDb } from '../tenancy.ts'
import { ownContacts } from './people-sql.ts'
import type { OrderRow } from './types.ts'

/** The orders of a person, newest first, each with the last thing that happened to it. */
const ordersOfContact = defineQuery({
  name: 'orders.of_contact',
  params: z.object({ contact_id: z.int() }),
  row: z.object({
    order_id: z.string(),
    at_ms: z.int(),
    amount: z.coerce.number(),
    currency: z.string(),
    status: z.string(),
  }),
  sql: `
with facts as (
    select kind, ts, row_id, order_id, amount, currency,
           (ts, indexOf(['order.created', 'order.paid', 'order.refunded'], toString(kind)), toString(row_id)) as place
    from events
    where business_id = {business_id:UUID} and contact_id in ${ownContacts}
      and kind in ('order.created', 'order.paid', 'order.refunded')
    order by received_at, ts
    limit 1 by row_id
)
select order_id, toUnixTimestamp64Milli(min(ts)) as at_ms,
       argMinIf(facts.amount, place, kind != 'order.refunded') as amount,
       argMin(facts.currency, place) as currency,
       replaceOne(toString(argMax(kind, place)), 'order.', '') as status
from facts
group by order_id
order by at_ms desc, order_id
`,
})

/** The orders of a person, newest first; `status` is created, paid or refunded. */
export async function contactOrders(db: BusinessDb, { contactId }: { contactId: number }): Promise<OrderRow[]> {
  const rows = await db.ask(ordersOfContact, { contact_id: contactId })
  return rows.map((row) => ({
    orderId: row.order_id,
    at: row.at_ms,
    amount: row.amount,
    currency: row.currency,
    status: row.status,
  }))
}
