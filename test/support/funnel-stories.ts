/** What happened to the people of two campaigns: every rule of the funnel, small enough to be counted by hand. */
import { hourMs, minuteMs } from '@fidelio/core/time.ts'
import { clickHouseTime } from '@fidelio/db/clickhouse/query.ts'
import type { WorkerDb } from '@fidelio/db/index.ts'

export const plannedAt = Date.UTC(2026, 9, 1, 10)
export const sentAt = plannedAt + 5 * minuteMs
/** When a second campaign was planned: alone it looks at less history than together with the first. */
export const laterAt = plannedAt + 8 * 24 * hourMs

type Told = {
  kind: string
  role?: string
  at: number
  watermarkAt?: number
  refs?: string[]
  orderId?: string
  amount?: string
}

/** What happened to each person; the number is the contact. 20 to 24 are the control, 30 and 31 were excluded. */
const stories: Record<number, Told[]> = {
  1: [], // nothing came back
  2: [{ kind: 'delivery', at: sentAt + 9, watermarkAt: sentAt }], // strict: not before the watermark, so not delivered
  3: [
    { kind: 'delivery', at: sentAt + 9, watermarkAt: sentAt + 1 },
    // Placed before the campaign, paid after its send: not the campaign's.
    { kind: 'order.created', at: plannedAt - hourMs, orderId: 'o3', amount: '70' },
    { kind: 'order.paid', at: sentAt + hourMs, orderId: 'o3', amount: '70' },
  ],
  4: [{ kind: 'delivery', at: sentAt + 9, refs: ['m4'] }],
  5: [
    { kind: 'read', at: sentAt + 9, watermarkAt: sentAt }, // inclusive: read, and so delivered
    { kind: 'order.paid', at: sentAt + hourMs, orderId: 'o5', amount: '8' }, // all that is known of this order
  ],
  6: [
    { kind: 'read', at: sentAt + 90, watermarkAt: sentAt + 80 },
    { kind: 'read', at: sentAt + 99, watermarkAt: sentAt - 1 }, // an older watermark changes nothing
    // Placed after planning, but before the send: lift's clock has begun, the funnel's has not.
    { kind: 'order.created', at: plannedAt + minuteMs, orderId: 'o6', amount: '30' },
    { kind: 'order.paid', at: sentAt + hourMs, orderId: 'o6', amount: '30' },
  ],
  7: [{ kind: 'message.received', at: sentAt + hourMs }], // a reply implies a read
  8: [{ kind: 'message.received', at: sentAt }], // not after the send
  9: [{ kind: 'order.created', at: sentAt + 7 * 24 * hourMs, orderId: 'o9', amount: '10.50' }], // the window's last instant
  10: [{ kind: 'order.created', at: sentAt + 7 * 24 * hourMs + 1, orderId: 'o10', amount: '99' }],
  11: [
    { kind: 'order.created', at: sentAt + hourMs, orderId: 'o11', amount: '40' },
    { kind: 'order.paid', at: sentAt + 2 * hourMs, orderId: 'o11', amount: '40' },
    { kind: 'order.refunded', at: sentAt + 30 * hourMs, orderId: 'o11', amount: '15' },
  ],
  20: [{ kind: 'order.created', at: plannedAt + hourMs, orderId: 'o20', amount: '5' }],
  21: [
    { kind: 'order.created', at: plannedAt - hourMs, orderId: 'o21', amount: '5' },
    { kind: 'order.paid', at: plannedAt + hourMs, orderId: 'o21', amount: '5' },
  ],
  // Of the second campaign, whose control begins with 48.
  41: [
    { kind: 'order.created', at: laterAt - hourMs, orderId: 'o41', amount: '5' },
    { kind: 'order.paid', at: laterAt + hourMs, orderId: 'o41', amount: '5' },
  ],
  42: [{ kind: 'order.created', at: laterAt + hourMs, orderId: 'o42', amount: '5' }],
  43: [{ kind: 'order.created', at: laterAt + 4 * 24 * hourMs, orderId: 'o43', amount: '5' }], // its window has three days
  48: [{ kind: 'order.created', at: laterAt + hourMs, orderId: 'o48', amount: '5' }],
}

/** Stores everything that was told; `times` is how often it was stored before, and each time it is received later. */
export async function deliverStories(
  worker: WorkerDb,
  { businessId, accountId, times }: { businessId: string; accountId: string; times: number },
): Promise<void> {
  const rows = Object.entries(stories).flatMap(([contact, told]) =>
    told.map((event, index) => [
      businessId,
      Number(contact),
      accountId,
      'messenger',
      event.kind,
      event.role ?? 'customer',
      clickHouseTime(event.at),
      clickHouseTime(event.at + times),
      `00000000-0000-8000-a000-${contact.padStart(6, '0')}${String(index).padStart(6, '0')}`,
      event.refs ?? [],
      clickHouseTime(event.watermarkAt ?? 0),
      event.orderId ?? '',
      event.amount ?? '0',
      event.amount ? 'EUR' : '',
    ]),
  )
  const columns = ['business_id', 'contact_id', 'account_id', 'channel', 'kind', 'role', 'ts', 'received_at', 'row_id']
  const more = ['refs', 'watermark_at', 'order_id', 'amount', 'currency']
  await worker.insertRows('events', [...columns, ...more], rows, `stories:${businessId}:${times}`)
}
