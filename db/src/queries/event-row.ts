import { channels, roles } from '@fidelio/core/event.ts'
import { z } from 'zod'
import type { StoredEvent } from './types.ts'

/** The shape in which questions read whole events; `eventOf` makes it what callers see. */
export const eventRow = z.object({
  row_id: z.uuid(),
  kind: z.string(),
  role: z.enum(roles),
  name: z.string(),
  channel: z.enum(channels),
  account_id: z.uuid(),
  contact_id: z.int(),
  at_ms: z.int(),
  received_ms: z.int(),
  text: z.string(),
  external_id: z.string(),
  order_id: z.string(),
  amount: z.coerce.number(),
  currency: z.string(),
  data: z.string(),
})

/** One stored event; money is null where the event speaks of none. */
export function eventOf(row: z.output<typeof eventRow>): StoredEvent {
  return {
    rowId: row.row_id,
    kind: row.kind,
    role: row.role,
    name: row.name,
    channel: row.channel,
    accountId: row.account_id,
    contactId: row.contact_id,
    at: row.at_ms,
    receivedAt: row.received_ms,
    text: row.text,
    externalId: row.external_id,
    orderId: row.order_id,
    amount: row.currency === '' ? null : row.amount,
    currency: row.currency,
    data: row.data,
  }
}
