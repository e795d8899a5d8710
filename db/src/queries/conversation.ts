import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import type { BusinessDb } from '../tenancy.ts'
import { eventOf, eventRow } from './event-row.ts'
import { ownContacts } from './people-sql.ts'
import type { SpellRow, ThreadCursor, ThreadPage } from './types.ts'

/**
 * A page of a conversation: what was said and done on this account, and what is known of the person wherever it was told:
 * orders, consents, and what the business's own systems report. Warnings and blocks of the account itself stand in between,
 * from the first thing that happened in this conversation: they explain a silence.
 * Delivered and read are known for the business's own messages by the receipts (measures.md §7): everything sent before
 * the greatest delivery watermark, or at or before the greatest read watermark, or named by a receipt.
 */
const threadEvents = defineQuery({
  name: 'conversation.page',
  params: z.object({
    account_id: z.uuid(),
    contact_id: z.int(),
    before: z.date(),
    before_row: z.string(),
    limit: z.int(),
  }),
  row: eventRow.extend({ delivered: z.int(), read: z.int() }),
  sql: `
with
    facts as (
        select *
        from events
        where business_id = {business_id:UUID}
          and (contact_id in ${ownContacts}
               and (account_id = {account_id:UUID}
                    and kind in ('message.received', 'message.sent', 'message.edited', 'postback', 'reaction', 'referral', 'optin',
                                 'delivery', 'read', 'handover', 'feedback', 'cart', 'coupon', 'form', 'click', 'comment',
                                 'mention', 'identity.linked', 'identity.unlinked')
                    or kind in ('order.created', 'order.paid', 'order.refunded', 'consent.granted', 'consent.revoked',
                                'conversation.closed', 'identity.changed', 'custom'))
               or contact_id = 0 and account_id = {account_id:UUID} and kind = 'account.changed' and name like 'policy%')
        order by received_at, ts
        limit 1 by row_id
    ),
    -- receipts speak of one contact on the channel, also where the person has several
    receipts as (
        select contact_id,
               maxIf(watermark_at, kind = 'delivery') as delivered_to,
               maxIf(watermark_at, kind = 'read') as read_to,
               groupUniqArrayArrayIf(refs, kind = 'delivery') as delivered_ids,
               groupUniqArrayArrayIf(refs, kind = 'read') as read_ids
        from facts
        group by contact_id
    )
select row_id, kind, role, name, channel, account_id, contact_id, toUnixTimestamp64Milli(ts) as at_ms,
       toUnixTimestamp64Milli(received_at) as received_ms, text, external_id, order_id, amount, currency, data,
       kind = 'message.sent' and (ts <= read_to or (external_id != '' and has(read_ids, external_id))) as read,
       kind = 'message.sent' and (read or ts < delivered_to or (external_id != '' and has(delivered_ids, external_id))) as delivered
from facts inner join receipts using (contact_id)
where kind not in ('delivery', 'read')
  and (contact_id != 0 or ts >= (select min(ts) from facts where contact_id != 0))
  and (ts, toString(row_id)) < ({before:DateTime64(3, 'UTC')}, {before_row:String})
order by ts desc, toString(row_id) desc
limit {limit:UInt32}
`,
})

/** The waiting spells of a conversation, in the order in which they opened. */
const spellsOfThread = defineQuery({
  name: 'conversation.spells',
  params: z.object({ account_id: z.uuid(), contact_id: z.int(), now: z.date() }),
  row: z.object({
    opened_ms: z.int(),
    closed_ms: z.int(),
    outcome: z.enum(['answered', 'waiting', 'abandoned']),
    ms: z.int(),
    is_first: z.int(),
    burst: z.int(),
    bot_ms: z.int(),
  }),
  sql: `
select toUnixTimestamp64Milli(opened_at) as opened_ms, toUnixTimestamp64Milli(closed_at) as closed_ms, outcome,
       greatest(0, if(outcome = 'waiting', toUnixTimestamp64Milli({now:DateTime64(3, 'UTC')}), closed_ms) - opened_ms) as ms,
       is_first, burst, toUnixTimestamp64Milli(bot_at) as bot_ms
from spells final
where business_id = {business_id:UUID} and contact_id = {contact_id:UInt32} and account_id = {account_id:UUID}
order by opened_at, toString(opening_id)
`,
})

/** Later than every stored event. */
const endOfTime = Date.UTC(2200, 0, 1)

/** The last events of a conversation, or the last before a position; oldest first within the page. */
export async function threadPage(
  db: BusinessDb,
  args: { accountId: string; contactId: number; last: number; before?: ThreadCursor | undefined },
): Promise<ThreadPage> {
  const rows = await db.ask(threadEvents, {
    account_id: args.accountId,
    contact_id: args.contactId,
    before: new Date(args.before?.at ?? endOfTime),
    before_row: args.before?.rowId ?? '',
    limit: args.last + 1,
  })
  const page = rows.slice(0, args.last).reverse()
  return {
    hasEarlier: rows.length > args.last,
    events: page.map((row) => ({
      ...eventOf(row),
      delivered: row.kind === 'message.sent' ? row.delivered === 1 : null,
      read: row.kind === 'message.sent' ? row.read === 1 : null,
    })),
  }
}

/** The waits of a conversation, oldest first; one still open has lasted until `now`. */
export async function threadSpells(
  db: BusinessDb,
  args: { accountId: string; contactId: number; now: number },
): Promise<SpellRow[]> {
  const rows = await db.ask(spellsOfThread, {
    account_id: args.accountId,
    contact_id: args.contactId,
    now: new Date(args.now),
  })
  return rows.map((row) => ({
    openedAt: row.opened_ms,
    closedAt: row.outcome === 'waiting' ? null : row.closed_ms,
    outcome: row.outcome,
    seconds: row.ms / 1000,
    isFirst: row.is_first === 1,
    burst: row.burst,
    botAt: row.bot_ms > 0 ? row.bot_ms : null,
  }))
}
