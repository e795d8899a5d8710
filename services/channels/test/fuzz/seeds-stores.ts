/** Honest bodies of the generic channel, the shops and the payments, from which the fuzzer makes dishonest ones. Sheet: protocols.md §11. */
import {
  shopifyHeaders as headersOf,
  shop,
  shopifyOrder,
  shopifyRefund,
  stripeEvent,
  wooHeaders as wooHeadersOf,
  wooOrder,
} from '../store-fixtures.ts'
import { type Family, goodPair } from './seeds-messenger.ts'

const item = (type: string, data: unknown, id: unknown = 'e') => ({
  id,
  type,
  timestamp: '2026-01-01T00:00:00Z',
  contact: {
    externalId: 'C-1',
    email: 'kim@example.com',
    phone: '+1 555 111 0002',
    displayName: 'Kim',
    locale: 'fr',
    timeZone: 'Europe/Paris',
  },
  data,
})

export const genericItems: Family = {
  around: (parts) => `{"events":[${parts}]}`,
  good: goodPair(
    item('visit', {}, 'before'),
    item('order.created', { orderId: 1, total: '19.90', currency: 'EUR' }, 'after'),
  ),
  seeds: [
    item('message.received', { text: 'STOP', messageId: 'm' }),
    item('message.sent', { text: 't', role: 'human', sendId: 'send:1' }),
    item('message.delivered', { messageId: 'm', sendId: '1', watermark: 1767225600 }),
    item('order.paid', { orderId: 184719329217930001n, total: 19.9, currency: 'JPY' }),
    item('consent.granted', { channel: 'sandbox', topic: 'offers', wording: 'w' }),
    item('consent.revoked', { channel: 'whatsapp', topic: '*' }),
    item('conversation.closed', {}),
    item('visit', { page: '/' }, 9007199254740993n),
  ],
}

export const storeAccount = shop
/** Ids stay what they are in the fixtures' text: numbers above 2^53 become numbers again when they are written. */
const bigNumbers = (body: string): unknown =>
  JSON.parse(body.replace(/:\s*(\d{16,})/g, ':"big:$1"'), (_, value) =>
    typeof value === 'string' && value.startsWith('big:') ? BigInt(value.slice(4)) : value,
  )

export const shopifyHeaders = [
  'orders/create',
  'orders/paid',
  'orders/updated',
  'refunds/create',
  'customers/create',
  'checkouts/create',
  'customers/redact',
  'a/b',
].map((topic) => headersOf(topic))
export const shopifyBodies: readonly unknown[] = [
  bigNumbers(shopifyOrder()),
  bigNumbers(shopifyRefund),
  {
    id: 1,
    email: 'kim@example.com',
    phone: '+33612345678',
    first_name: 'K',
    accepts_marketing: true,
    email_marketing_consent: { state: 'subscribed', consent_updated_at: '2026-03-02T09:30:00Z' },
  },
  {
    token: 't',
    abandoned_checkout_url: 'u',
    email: 'kim@example.com',
    total_price: '1.00',
    currency: 'EUR',
    customer: { id: 5 },
  },
]

export const wooHeaders = [
  'order.created',
  'order.updated',
  'order.deleted',
  'customer.updated',
  'product.created',
  'x',
].map((topic) => wooHeadersOf(topic))
export const wooBodies: readonly unknown[] = [
  wooOrder(),
  wooOrder({ status: 'refunded', refunds: [{ id: 1, total: '-5.00' }] }),
  { id: 727 },
  { id: 25, email: 'kim@example.com', billing: { phone: '0612345678' }, date_modified_gmt: '2026-03-02T09:16:30' },
]

export const stripeBodies: readonly unknown[] = [
  stripeEvent('checkout.session.completed', {
    id: 'cs_1',
    object: 'checkout.session',
    mode: 'payment',
    payment_status: 'paid',
    payment_intent: 'pi_1',
    amount_total: 2599,
    currency: 'eur',
    customer: 'cus_1',
    customer_details: { email: 'k@e.com', phone: '+33612345678' },
  }),
  stripeEvent('payment_intent.succeeded', {
    id: 'pi_1',
    object: 'payment_intent',
    amount: 2599,
    amount_received: 2599,
    currency: 'jpy',
    customer: { id: 'cus_1', email: 'k@e.com' },
  }),
  stripeEvent(
    'charge.refunded',
    {
      id: 'ch_1',
      object: 'charge',
      payment_intent: 'pi_1',
      amount_refunded: 500,
      currency: 'eur',
      refunds: { data: [{ id: 're_1', amount: 500, currency: 'eur', status: 'succeeded' }] },
    },
    { data: { previous_attributes: { amount_refunded: 0 } } },
  ),
  stripeEvent('customer.updated', { id: 'cus_1', object: 'customer', email: 'k@e.com' }),
  { id: 'evt_2', object: 'v2.core.event', type: 'v2.x', created: '2026-03-02T09:30:00Z', related_object: { id: 'x' } },
]
