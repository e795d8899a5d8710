/**
 * The behaviour part of an audience: who wrote, who ordered, who did not. Answers with sets of contact numbers; who of
 * them may be written to is decided in Postgres (records/audience.ts).
 */
import type { AudienceRules } from '@fidelio/core/campaign.ts'
import { dayMs } from '@fidelio/core/time.ts'
import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import type { BusinessDb } from '../tenancy.ts'
import { merges, personOf } from './people-sql.ts'

/** Contact numbers come in groups of neighbours, so that a million of them stay far below the limit of result rows. */
const contactGroup = z.object({ ids: z.array(z.number()) })

/** 0 days stand for "not asked": the bound then lies at the end of the range and its count is not looked at. */
const contactsByBehaviour = defineQuery({
  name: 'audience.contacts_by_behaviour',
  sql: `
    with${merges}
    select groupArray(person_id) as ids
    from
    (
      select
        ${personOf('contact_id')} as person_id,
        countIf(kind = 'message.received' and ts > {wrote_after:DateTime64(3)}) as messages,
        -- An order is told of more than once (created, paid, redelivered): its id counts once.
        uniqExactIf(if(order_id = '', toString(row_id), order_id),
                    kind in ('order.created', 'order.paid') and ts > {ordered_after:DateTime64(3)}) as orders,
        countIf(kind in ('order.created', 'order.paid') and ts > {not_ordered_after:DateTime64(3)}) as recent_orders
      from events
      where business_id = {business_id:UUID}
        and contact_id > 0
        and ts > {since:DateTime64(3)}
        and ts <= {at:DateTime64(3)}
        and kind in ('message.received', 'order.created', 'order.paid')
      group by person_id
    )
    where messages >= {messages_min:UInt8}
      and orders >= {orders_min:UInt32}
      and (recent_orders > 0) = {ordered_recently:UInt8}
    group by intDiv(person_id, 65536)`,
  params: z.object({
    since: z.date(),
    at: z.date(),
    wrote_after: z.date(),
    ordered_after: z.date(),
    not_ordered_after: z.date(),
    messages_min: z.number().int(),
    orders_min: z.number().int(),
    ordered_recently: z.number().int(),
  }),
  row: contactGroup,
})

/**
 * Who the rules speak of: `include` null means every contact; `exclude` takes people out. Both are sets of contact
 * numbers of the business.
 */
export type BehaviourMatch = { include: number[] | null; exclude: number[] }

/** Applies the rules at an instant. Days are elapsed days of 24 hours before it, the far end excluded. */
export async function matchBehaviour(db: BusinessDb, rules: AudienceRules, at: Date): Promise<BehaviourMatch> {
  const before = (days: number | undefined) => (days === undefined ? at : new Date(at.getTime() - days * dayMs))
  const { wroteWithinDays, orderedWithinDays, minOrders, notOrderedWithinDays } = rules
  const ask = async (wanted: { messages: number; orders: number; orderedRecently: number }) => {
    const longest = Math.max(wroteWithinDays ?? 0, orderedWithinDays ?? 0, notOrderedWithinDays ?? 0)
    const groups = await db.ask(contactsByBehaviour, {
      since: before(longest),
      at,
      wrote_after: before(wroteWithinDays),
      ordered_after: before(orderedWithinDays),
      not_ordered_after: before(notOrderedWithinDays),
      messages_min: wanted.messages,
      orders_min: wanted.orders,
      ordered_recently: wanted.orderedRecently,
    })
    return groups.flatMap((group) => group.ids)
  }
  if (wroteWithinDays !== undefined || orderedWithinDays !== undefined) {
    const messages = wroteWithinDays === undefined ? 0 : 1
    const orders = orderedWithinDays === undefined ? 0 : (minOrders ?? 1)
    return { include: await ask({ messages, orders, orderedRecently: 0 }), exclude: [] }
  }
  // People without any event did not order either: this rule alone takes away instead of picking.
  if (notOrderedWithinDays === undefined) return { include: null, exclude: [] }
  return { include: null, exclude: await ask({ messages: 0, orders: 0, orderedRecently: 1 }) }
}
