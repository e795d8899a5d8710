/**
 * WooCommerce: orders, refunds and customers of a shop. Sheet: protocols.md §11.
 *
 * Every order topic brings the whole order, so each one tells again that it was placed, paid and refunded, with the same
 * identities; WooCommerce never tries a failed delivery again, and the next update makes up for it.
 */
import { createHmac } from 'node:crypto'
import type { ContactRef, ParsedEvent } from '@fidelio/core/event.ts'
import type { QueryParameters as HeaderValues } from './meta-signature.ts'
import { type EventBase, eventOf } from './parsed-event.ts'
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
  unknownFact,
} from './store-facts.ts'
import { arrayAt, chooseTime, contentDigest, idText, isObject, type JsonObject, objectAt, textOf } from './wire.ts'

/** Checks `X-WC-Webhook-Signature` against each secret, several during a change. */
export function verifyWooCommerce(rawBody: Uint8Array, headers: HeaderValues, secrets: readonly string[]): StoreCheck {
  const given = headerOf(headers, 'x-wc-webhook-signature')
  if (!given) return { ok: false, reason: 'missing' }
  const secretIndex = secretThatSigned(secrets, [given], (secret) => signWooCommerce(rawBody, secret))
  return secretIndex === -1 ? { ok: false, reason: 'mismatch' } : { ok: true, secretIndex }
}

/** The value of `X-WC-Webhook-Signature` for a body. Used by simulated shops; WooCommerce does this on its side. */
export function signWooCommerce(rawBody: Uint8Array | string, secret: string): string {
  return createHmac('sha256', secret).update(rawBody).digest('base64')
}

/** What WooCommerce posts when a webhook is saved: unsigned, no event, and it wants a 200. */
export function isWooCommercePing(rawBody: Uint8Array, headers: HeaderValues): boolean {
  if (headers['x-wc-webhook-signature'] !== undefined || rawBody.length > 40) return false
  return /^webhook_id=\d{1,19}$/.test(Buffer.from(rawBody).toString('latin1'))
}

type Context = { delivery: StoreDelivery; body: JsonObject; topic: string }

const namedTopics: ReadonlySet<string> = new Set(
  ['customer', 'product', 'coupon'].flatMap((resource) =>
    ['created', 'updated', 'deleted', 'restored'].map((event) => `${resource}.${event}`),
  ),
)
const orderTopics: ReadonlySet<string> = new Set(['order.created', 'order.updated', 'order.restored'])

/** Reads a verified delivery. Never throws. */
export function parseWooCommerce(delivery: StoreDelivery): StoreParse {
  const { headers } = delivery
  const id = idText(headerOf(headers, 'x-wc-webhook-delivery-id'))
  const read = bodyOf(delivery.text)
  if ('refusal' in read) return { outcome: 'refused', id, reason: read.refusal }
  const { body } = read
  const parts = [headerOf(headers, 'x-wc-webhook-resource'), headerOf(headers, 'x-wc-webhook-event')]
  const topic = headerOf(headers, 'x-wc-webhook-topic') ?? parts.filter((part) => part).join('.')
  return { outcome: 'parsed', id, events: eventsOf({ delivery, body, topic }) }
}

function eventsOf(context: Context): ParsedEvent[] {
  const { delivery, body, topic } = context
  if (orderTopics.has(topic)) return orderFacts(context)
  if (topic === 'order.deleted') {
    return [namedFact(context, topic, storeBase(delivery, null, null), { orderId: idText(body.id) })]
  }
  const base = storeBase(delivery, modifiedAt(body), null)
  if (!namedTopics.has(topic)) {
    const reason = topic === '' ? 'no_topic' : 'unknown_topic'
    return [unknownFact(base, reason, { identity: identityOf(context), topic })]
  }
  // A deleted customer is told by the number alone, and nobody has to be made up for it.
  const known = topic.startsWith('customer.') && topic !== 'customer.deleted'
  return [namedFact(context, topic, { ...base, contact: known ? customerOf(context) : null }, {})]
}

/** The delivery id is not unique among shops and deliveries; the resource, its last change and the topic are. */
function identityOf({ topic, body }: Context): string {
  const id = idText(body.id)
  const modified = textOf(body.date_modified_gmt)
  if (id && modified) return `${topic}:${id}:${modified}`
  return id && topic.endsWith('.deleted') ? `${topic}:${id}` : `${topic}:${contentDigest(body)}`
}

function modifiedAt(body: JsonObject): number | null {
  return firstTime(body.date_modified_gmt, body.date_created_gmt)
}

function namedFact(context: Context, name: string, base: EventBase, told: Partial<ParsedEvent>): ParsedEvent {
  const identity = `custom:${name}:${identityOf(context)}`
  return eventOf(base, { kind: 'custom', name, role: 'system', identity, externalId: idText(context.body.id), ...told })
}

/** States in which nobody has ordered anything yet. */
const draftStates: readonly unknown[] = ['checkout-draft', 'auto-draft', 'draft', 'trash']
const endedStates: readonly unknown[] = ['cancelled', 'failed']

function orderFacts(context: Context): ParsedEvent[] {
  const { delivery, body, topic } = context
  const orderId = idText(body.id)
  const changed = storeBase(delivery, modifiedAt(body), null)
  if (!orderId) {
    return [unknownFact(changed, 'order_without_id', { identity: identityOf(context), topic })]
  }
  const contact = buyerOf(context)
  const money = moneyOf(decimalOf(body.total), body.currency)
  const told = {
    orderId,
    money,
    data: factsOf({ status: textOf(body.status), number: idText(body.number), via: textOf(body.created_via) }),
  }
  const own = { ...changed, contact }
  if (draftStates.includes(body.status)) return [namedFact(context, 'order.draft', own, told)]
  const placed = eventOf(storeBase(delivery, firstTime(body.date_created_gmt), contact), {
    kind: 'order.created',
    role: 'customer',
    identity: `order.created:${orderId}:${money?.amount ?? ''}`,
    externalId: orderId,
    ...told,
  })
  const facts = [placed, ...paidFacts(context, orderId, contact, told), ...refundFacts(context, orderId, contact)]
  const ended = endedStates.includes(body.status)
  if (topic === 'order.created' && !ended) return facts
  return [namedFact(context, ended ? `order.${String(body.status)}` : topic, own, told), ...facts]
}

function paidFacts(
  { delivery, body }: Context,
  orderId: string,
  contact: ContactRef | null,
  told: Partial<ParsedEvent>,
): ParsedEvent[] {
  const paidAt = firstTime(body.date_paid_gmt)
  if (paidAt === null) return []
  const identity = `order.paid:${orderId}:${told.money?.amount ?? ''}:${paidAt}`
  return [
    eventOf(storeBase(delivery, paidAt, contact), {
      kind: 'order.paid',
      role: 'customer',
      identity,
      externalId: orderId,
      ...told,
    }),
  ]
}

/** A refund is listed in its order with its number and amount, but without its time: the change that told it dates it. */
function refundFacts({ delivery, body }: Context, orderId: string, contact: ContactRef | null): ParsedEvent[] {
  const base: EventBase = {
    ...chooseTime(null, modifiedAt(body), delivery.receivedAt),
    contact,
    raw: delivery.text,
  }
  return arrayAt(body, 'refunds')
    .filter(isObject)
    .map((refund) => {
      const refundId = idText(refund.id)
      const money = moneyOf(decimalOf(refund.total), body.currency)
      const identity = `order.refunded:${orderId}:${refundId || contentDigest(refund)}`
      const data = factsOf({ reason: textOf(refund.reason).slice(0, 500) })
      return eventOf(base, {
        kind: 'order.refunded',
        role: 'system',
        identity,
        externalId: refundId,
        orderId,
        money,
        data,
      })
    })
}

function buyerOf({ delivery, body }: Context): ContactRef | null {
  const billing = objectAt(body, 'billing')
  return personOf({
    namespace: `woocommerce:${delivery.accountExternalId}`,
    id: body.customer_id,
    email: billing.email,
    phone: billing.phone,
    name: [billing.first_name, billing.last_name],
  })
}

function customerOf({ delivery, body }: Context): ContactRef | null {
  const billing = objectAt(body, 'billing')
  return personOf({
    namespace: `woocommerce:${delivery.accountExternalId}`,
    id: body.id,
    email: body.email ?? billing.email,
    phone: billing.phone,
    name: [body.first_name, body.last_name],
  })
}
