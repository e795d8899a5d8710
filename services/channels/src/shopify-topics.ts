/** The topics of Shopify that are understood, whom each is about, and what of their bodies is shown. Sheet: protocols.md §11. */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { decimalOf, factsOf, moneyOf } from './store-facts.ts'
import { arrayAt, type JsonObject, objectAt, textOf } from './wire.ts'

export type Topic = {
  /** The name of the fact, for topics that are not an order's own kinds. */
  name: string
  /** Whose data the body is: an order's or checkout's (`customer` inside), a customer's, or nobody's. */
  of: 'order' | 'checkout' | 'customer' | 'consent' | 'refund' | 'privacy' | 'other'
  /** The member that says when, before `updated_at` and `created_at`. */
  at?: string
}

export const shopifyTopics: ReadonlyMap<string, Topic> = new Map<string, Topic>([
  ['orders/create', { name: 'order.created', of: 'order', at: 'created_at' }],
  ['orders/paid', { name: 'order.paid', of: 'order' }],
  ['orders/cancelled', { name: 'order.cancelled', of: 'order', at: 'cancelled_at' }],
  ['orders/updated', { name: 'order.updated', of: 'order' }],
  ['orders/fulfilled', { name: 'order.fulfilled', of: 'order' }],
  ['orders/partially_fulfilled', { name: 'order.partially_fulfilled', of: 'order' }],
  ['refunds/create', { name: 'order.refunded', of: 'refund', at: 'processed_at' }],
  ['customers/create', { name: 'customer.created', of: 'customer', at: 'created_at' }],
  ['customers/update', { name: 'customer.updated', of: 'customer' }],
  ['customers/enable', { name: 'customer.enabled', of: 'customer' }],
  ['customers/disable', { name: 'customer.disabled', of: 'customer' }],
  ['customers_email_marketing_consent/update', { name: 'customer.email_consent_updated', of: 'consent' }],
  ['customers_marketing_consent/update', { name: 'customer.sms_consent_updated', of: 'consent' }],
  ['checkouts/create', { name: 'checkout.created', of: 'checkout', at: 'created_at' }],
  ['checkouts/update', { name: 'checkout.updated', of: 'checkout' }],
  ['customers/data_request', { name: 'privacy.data_request', of: 'privacy' }],
  ['customers/redact', { name: 'privacy.customer_redact', of: 'privacy' }],
  ['shop/redact', { name: 'privacy.shop_redact', of: 'privacy' }],
  ...[
    ['orders/edited', 'order.edited'],
    ['orders/delete', 'order.deleted'],
    ['order_transactions/create', 'order.transaction_created'],
    ['fulfillments/create', 'fulfillment.created'],
    ['fulfillments/update', 'fulfillment.updated'],
    ['checkouts/delete', 'checkout.deleted'],
    ['carts/create', 'cart.created'],
    ['carts/update', 'cart.updated'],
    ['customers/delete', 'customer.deleted'],
    ['draft_orders/create', 'draft_order.created'],
    ['draft_orders/update', 'draft_order.updated'],
    ['draft_orders/delete', 'draft_order.deleted'],
    ['disputes/create', 'dispute.created'],
    ['disputes/update', 'dispute.updated'],
    ['products/create', 'product.created'],
    ['products/update', 'product.updated'],
    ['products/delete', 'product.deleted'],
    ['shop/update', 'shop.updated'],
    ['app/uninstalled', 'app.uninstalled'],
  ].map(([topic = '', name = '']): [string, Topic] => [topic, { name, of: 'other' }]),
])

/** Permission for e-mail or SMS from the shop. It permits nothing on a messaging channel, so no consent follows from it. */
export function consentData(body: JsonObject): JsonObject {
  const email = objectAt(body, 'email_marketing_consent')
  const sms = objectAt(body, 'sms_marketing_consent')
  return factsOf({
    state: textOf(email.state ?? sms.state),
    updatedAt: textOf(email.consent_updated_at ?? sms.consent_updated_at),
  })
}

export function checkoutTold(body: JsonObject): Partial<ParsedEvent> {
  const money = moneyOf(decimalOf(body.total_price), body.currency)
  return { money, data: factsOf({ completedAt: textOf(body.completed_at), items: arrayAt(body, 'line_items').length }) }
}

export function orderData(body: JsonObject): JsonObject {
  return factsOf({
    number: textOf(body.name),
    financialStatus: textOf(body.financial_status),
    fulfillmentStatus: textOf(body.fulfillment_status),
    cancelReason: textOf(body.cancel_reason),
    source: textOf(body.source_name),
    test: body.test === true ? true : null,
  })
}
