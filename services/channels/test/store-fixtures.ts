/** Deliveries of shops and payments, written from protocols.md §11. Names, ids and texts are invented. */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import type { StoreDelivery, StoreParse } from '../src/store-facts.ts'

export const receivedAt = Date.parse('2026-03-02T10:00:00.123Z')
export const shop = 'kim-cups.myshopify.com'

/** `body` as text where digits matter that JavaScript would round. */
export function delivery(body: string | object, headers: Record<string, string> = {}, account = shop): StoreDelivery {
  return {
    text: typeof body === 'string' ? body : JSON.stringify(body),
    headers,
    accountExternalId: account,
    receivedAt,
  }
}

/** The events of a delivery that was read. */
export function eventsOf(parse: StoreParse): ParsedEvent[] {
  if (parse.outcome === 'refused') throw new Error(`refused: ${parse.reason}`)
  return parse.events
}

/** What decides figures, without what is only shown. */
export function brief({ kind, name, orderId, money, occurredAt, timeFlag }: ParsedEvent) {
  return {
    kind,
    ...(name && { name }),
    ...(orderId && { orderId }),
    ...(money && { money: `${money.amount} ${money.currency}` }),
    at: timeFlag === 'received_time' ? 'received' : new Date(occurredAt).toISOString().slice(0, 19),
  }
}

export const identities = ({ contact }: ParsedEvent) =>
  (contact?.identities ?? []).map(({ namespace, value }) => `${namespace} ${value}`)

export const shopifyHeaders = (topic: string, eventId = 'evt-1') => ({
  'x-shopify-topic': topic,
  'x-shopify-shop-domain': shop,
  'x-shopify-webhook-id': `delivery-of-${eventId}`,
  'x-shopify-event-id': eventId,
  'x-shopify-triggered-at': '2026-03-02T09:30:05Z',
})

/** Ids as Shopify sends them: JSON numbers above 2^59. */
export const shopifyOrder = (extra = '') => `{
  "id": 820982911946154508, "name": "#1001", "email": "Kim@Example.com", "created_at": "2026-03-02T04:30:00-05:00",
  "updated_at": "2026-03-02T09:31:00Z", "processed_at": "2026-03-02T09:30:00Z", "cancelled_at": null,
  "currency": "EUR", "total_price": "19.90", "financial_status": "pending", "customer_locale": "fr-FR", "phone": null,
  "customer": {"id": 115310627314723954, "email": "kim@example.com", "phone": "+33 6 12 34 56 78",
               "first_name": "Kim", "last_name": "Aubert"},
  "line_items": [{"id": 866550311766439020, "title": "Cup", "price": "19.90"}]${extra} }`

export const shopifyRefund = `{
  "id": 890088186047892319, "order_id": 820982911946154508, "created_at": "2026-03-02T09:40:00Z",
  "processed_at": "2026-03-02T09:40:00Z", "note": "broken",
  "transactions": [
    {"id": 1, "kind": "refund", "status": "success", "amount": "5.10", "currency": "EUR"},
    {"id": 2, "kind": "refund", "status": "success", "amount": "4.80", "currency": "EUR"},
    {"id": 3, "kind": "refund", "status": "failure", "amount": "9.90", "currency": "EUR"},
    {"id": 4, "kind": "sale", "status": "success", "amount": "19.90", "currency": "EUR"}] }`

export const wooHeaders = (topic: string) => ({
  'x-wc-webhook-source': 'https://cups.example/',
  'x-wc-webhook-topic': topic,
  'x-wc-webhook-resource': topic.split('.')[0] ?? '',
  'x-wc-webhook-event': topic.split('.')[1] ?? '',
  'x-wc-webhook-id': '142',
  'x-wc-webhook-delivery-id': '5f0e',
})

export const wooOrder = (extra: Record<string, unknown> = {}) => ({
  id: 727,
  parent_id: 0,
  number: '727',
  status: 'processing',
  currency: 'EUR',
  total: '29.35',
  date_created: '2026-03-02T10:15:00',
  date_created_gmt: '2026-03-02T09:15:00',
  date_modified_gmt: '2026-03-02T09:16:30',
  date_paid_gmt: '2026-03-02T09:16:00',
  customer_id: 25,
  billing: { first_name: 'Kim', last_name: 'Aubert', email: 'kim@example.com', phone: '06 12 34 56 78' },
  created_via: 'checkout',
  refunds: [],
  ...extra,
})

export const stripeEvent = (type: string, object: Record<string, unknown>, extra: Record<string, unknown> = {}) => ({
  id: 'evt_1',
  object: 'event',
  api_version: '2025-03-31.basil',
  created: 1772443800, // 2026-03-02T09:30:00Z
  livemode: true,
  type,
  ...extra,
  data: { object, ...(extra.data as Record<string, unknown> | undefined) },
})
