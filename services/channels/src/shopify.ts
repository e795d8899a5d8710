/**
 * Shopify: orders, refunds, customers and checkouts of a shop. Sheet: protocols.md §11.
 *
 * Every body that holds a whole order tells again that it was placed, with the same identity each time, so that it does
 * not matter which topics a shop has subscribed to or in which order they come.
 */
import { createHmac } from 'node:crypto'
import type { ContactRef, ParsedEvent } from '@fidelio/core/event.ts'
import type { QueryParameters as HeaderValues } from './meta-signature.ts'
import { type EventBase, eventOf } from './parsed-event.ts'
import { checkoutTold, consentData, orderData, shopifyTopics, type Topic } from './shopify-topics.ts'
import {
  bodyOf,
  decimalOf,
  factsOf,
  firstTime,
  headerOf,
  moneyOf,
  personOf,
  type StoreCheck,
  type StoreDelivery,
  type StoreParse,
  secretThatSigned,
  storeBase,
  sumOf,
  type UnknownStoreReason,
  unknownFact,
} from './store-facts.ts'
import { arrayAt, contentDigest, idText, isObject, type JsonObject, objectAt, textOf } from './wire.ts'

/** Checks `X-Shopify-Hmac-Sha256` (newer deliveries drop the `X-`) against each secret, several during a change. */
export function verifyShopify(rawBody: Uint8Array, headers: HeaderValues, secrets: readonly string[]): StoreCheck {
  const given = headerOf(headers, 'x-shopify-hmac-sha256', 'shopify-hmac-sha256')
  if (!given) return { ok: false, reason: 'missing' }
  const secretIndex = secretThatSigned(secrets, [given], (secret) => signShopify(rawBody, secret))
  return secretIndex === -1 ? { ok: false, reason: 'mismatch' } : { ok: true, secretIndex }
}

/** The value of `X-Shopify-Hmac-Sha256` for a body. Used by simulated shops; Shopify does this on its side. */
export function signShopify(rawBody: Uint8Array | string, secret: string): string {
  return createHmac('sha256', secret).update(rawBody).digest('base64')
}

type Context = { delivery: StoreDelivery; body: JsonObject; topic: string; eventId: string }

/** Reads a verified delivery. Never throws. */
export function parseShopify(delivery: StoreDelivery): StoreParse {
  const { headers, accountExternalId } = delivery
  const id = idText(header(headers, 'event-id')) || idText(header(headers, 'webhook-id'))
  const shop = header(headers, 'shop-domain')
  // One client secret signs for every shop of an app: the signature alone does not say whose order it is.
  if (shop !== undefined && isShopDomain(accountExternalId) && shop.toLowerCase() !== accountExternalId.toLowerCase()) {
    return { outcome: 'refused', id, reason: 'other_account' }
  }
  const read = bodyOf(delivery.text)
  if ('refusal' in read) return { outcome: 'refused', id, reason: read.refusal }
  const topic = header(headers, 'topic') ?? ''
  const context: Context = { delivery, body: read.body, topic, eventId: id }
  // The sample order behind "Send test notification": seen arriving, but nobody's order.
  if (header(headers, 'test') === 'true') return { outcome: 'parsed', id, events: [testEvent(context)] }
  return { outcome: 'parsed', id, events: eventsOf(context) }
}

/** Accounts are named by the shop's permanent domain, or by a word of the tenant's own, which says nothing of the shop. */
function isShopDomain(accountExternalId: string): boolean {
  return accountExternalId.toLowerCase().endsWith('.myshopify.com')
}

function header(headers: HeaderValues, name: string): string | undefined {
  return headerOf(headers, `x-shopify-${name}`, `shopify-${name}`)
}

function eventsOf(context: Context): ParsedEvent[] {
  const { body, topic } = context
  const known = shopifyTopics.get(topic)
  switch (known?.of) {
    case 'order':
      return orderFacts(context, known)
    case 'refund':
      return [refundFact(context, body, refundedPerson(context, body), null)]
    case 'customer':
      return [namedFact(context, known, customerOf(context, body, body), {})]
    case 'checkout':
      return [namedFact(context, known, customerOf(context, objectAt(body, 'customer'), body), checkoutTold(body))]
    case 'consent':
      return [namedFact(context, known, consentPerson(context), { data: consentData(body) })]
    case 'privacy':
      return [privacyFact(context, known.name)]
    case 'other':
      return [namedFact(context, known, null, { orderId: idText(body.order_id) })]
    default:
      return [unknown(context, topic === '' ? 'no_topic' : 'unknown_topic')]
  }
}

/**
 * One identity per business event: Shopify's own id of it, which redeliveries keep; without it, the resource and the
 * time of its last change.
 */
function identityOf({ topic, eventId, body }: Context): string {
  if (eventId) return `${topic}:${eventId}`
  const id = idText(body.id)
  const changed = textOf(body.updated_at) || textOf(body.created_at)
  return id && changed ? `${topic}:${id}:${changed}` : `${topic}:${contentDigest(body)}`
}

function unknown(context: Context, reason: UnknownStoreReason): ParsedEvent {
  const { delivery, body, topic } = context
  return unknownFact(storeBase(delivery, changedAt(body), null), reason, { identity: identityOf(context), topic })
}

function changedAt(body: JsonObject): number | null {
  return firstTime(body.updated_at, body.created_at)
}

function namedFact(
  context: Context,
  { name, at }: Topic,
  contact: ContactRef | null,
  told: Partial<ParsedEvent>,
): ParsedEvent {
  const { delivery, body, eventId } = context
  const base = storeBase(delivery, firstTime(at ? body[at] : null, body.updated_at, body.created_at), contact)
  const identity = `custom:${identityOf(context)}`
  return eventOf(base, { kind: 'custom', name, role: 'system', identity, externalId: eventId, ...told })
}

function orderFacts(context: Context, topic: Topic): ParsedEvent[] {
  const { body, delivery } = context
  const orderId = idText(body.id)
  if (!orderId) return [unknown(context, 'order_without_id')]
  const contact = buyerOf(context, orderId)
  const money = moneyOf(decimalOf(body.total_price), body.currency)
  const told = { orderId, money, data: orderData(body) }
  const placedAt = firstTime(body.created_at, body.processed_at)
  // The amount is part of the identity: of an order whose amount was edited both amounts stay known, in whatever order
  // they arrive.
  const placed = eventOf(storeBase(delivery, placedAt, contact), {
    kind: 'order.created',
    role: 'customer',
    identity: `order.created:${orderId}:${money?.amount ?? ''}`,
    externalId: orderId,
    ...told,
  })
  const refunds = arrayAt(body, 'refunds')
    .filter(isObject)
    .map((refund) => refundFact(context, refund, contact, orderId))
  if (topic.name === 'order.created') return [placed, ...refunds]
  if (topic.name !== 'order.paid') return [namedFact(context, topic, contact, told), placed, ...refunds]
  const paidAt = changedAt(body)
  const paid = eventOf(storeBase(delivery, paidAt, contact), {
    kind: 'order.paid',
    role: 'customer',
    identity: `order.paid:${orderId}:${money?.amount ?? ''}:${paidAt ?? context.eventId}`,
    externalId: context.eventId || orderId,
    ...told,
  })
  return [paid, placed, ...refunds]
}

/**
 * A refund, the same fact whether it comes by itself or inside its order. Its amount is what was given back in money;
 * one that gives back no money (goods returned to stock) is told by its name and counts nothing.
 */
function refundFact(
  context: Context,
  refund: JsonObject,
  contact: ContactRef | null,
  ofOrder: string | null,
): ParsedEvent {
  const { delivery } = context
  const refundId = idText(refund.id)
  const orderId = idText(refund.order_id) || (ofOrder ?? '')
  const base = storeBase(delivery, firstTime(refund.processed_at, refund.created_at), contact)
  const money = refundedMoney(refund)
  const told = { orderId, externalId: refundId, data: factsOf({ note: textOf(refund.note).slice(0, 500) }) }
  if (!refundId || !orderId) return unknown(context, 'refund_without_id')
  if (money === null) {
    return eventOf(base, {
      ...told,
      kind: 'custom',
      name: 'order.returned',
      role: 'system',
      identity: `custom:order.returned:${refundId}`,
    })
  }
  return eventOf(base, {
    ...told,
    kind: 'order.refunded',
    role: 'system',
    identity: `order.refunded:${refundId}`,
    money,
  })
}

function refundedMoney(refund: JsonObject) {
  const given = arrayAt(refund, 'transactions')
    .filter(isObject)
    .filter(({ kind, status }) => kind === 'refund' && status !== 'failure' && status !== 'error')
  const amount = given.length === 0 ? null : sumOf(given.map((transaction) => transaction.amount))
  return amount === null || /^[0.]*$/.test(amount) ? null : moneyOf(amount, given[0]?.currency)
}

function namespaceOf({ delivery }: Context): string {
  return `shopify:${delivery.accountExternalId}`
}

function orderNamespace({ delivery }: Context): string {
  return `shopify-order:${delivery.accountExternalId}`
}

/**
 * Who placed the order. A refund that comes by itself names only its order, so the order is one more name of the person,
 * the weakest one; an order without a person stays without.
 */
function buyerOf(context: Context, orderId: string): ContactRef | null {
  const { body } = context
  const person = customerOf(context, objectAt(body, 'customer'), body)
  // A guest is known by e-mail or phone alone, which the order must not outrank.
  if (person?.identities[0]?.namespace === namespaceOf(context)) {
    person.identities.push({ namespace: orderNamespace(context), value: orderId })
  }
  return person
}

function refundedPerson(context: Context, refund: JsonObject): ContactRef | null {
  const value = idText(refund.order_id)
  return value ? { identities: [{ namespace: orderNamespace(context), value }] } : null
}

/** `about` is the order or checkout around the customer, which may name a guest; for a customer's own body the same. */
function customerOf(context: Context, customer: JsonObject, about: JsonObject): ContactRef | null {
  const address = objectAt(about, 'billing_address')
  const named = customer.first_name || customer.last_name ? customer : address
  return personOf({
    namespace: namespaceOf(context),
    id: customer.id,
    email: customer.email ?? about.email ?? about.contact_email,
    phone: customer.phone ?? about.phone,
    name: [named.first_name, named.last_name],
    locale: about.customer_locale ?? customer.locale,
  })
}

function consentPerson(context: Context): ContactRef | null {
  const { body } = context
  return personOf({
    namespace: namespaceOf(context),
    id: body.customer_id ?? body.id,
    email: body.email_address ?? body.email,
    phone: body.phone,
  })
}

/**
 * The obligatory privacy topics: recorded for the business, which has to act on them. They name the person by the shop's
 * number alone: a wish to be forgotten must not write down an e-mail address once more.
 */
function privacyFact(context: Context, name: string): ParsedEvent {
  const { body, delivery, eventId, topic } = context
  const customerId = idText(objectAt(body, 'customer').id)
  const orderIds = [...arrayAt(body, 'orders_requested'), ...arrayAt(body, 'orders_to_redact')].map(idText)
  const request = idText(objectAt(body, 'data_request').id)
  const data = factsOf({ customerId, orderIds: orderIds.length > 0 ? orderIds : null, requestId: request })
  const base: EventBase = storeBase(delivery, null, null, JSON.stringify(data))
  const identity = `custom:${topic}:${request || eventId || contentDigest(data)}`
  return eventOf(base, { kind: 'custom', name, role: 'system', identity, externalId: eventId, data })
}

function testEvent(context: Context): ParsedEvent {
  const base = storeBase(context.delivery, null, null)
  const identity = `custom:test:${identityOf(context)}`
  return eventOf(base, {
    kind: 'custom',
    name: 'test',
    role: 'system',
    identity,
    data: { topic: context.topic.slice(0, 100) },
  })
}
