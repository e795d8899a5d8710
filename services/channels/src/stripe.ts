/**
 * Stripe: checkouts, payments, refunds and disputes. Sheet: protocols.md §11.
 *
 * One sale is spoken of by several objects (checkout session, payment intent, charge). The payment intent is what they
 * have in common, so it is the order: a sale told by all three counts once.
 */
import { createHmac } from 'node:crypto'
import type { ContactRef, Money, ParsedEvent } from '@fidelio/core/event.ts'
import type { QueryParameters as HeaderValues } from './meta-signature.ts'
import { type EventBase, eventOf } from './parsed-event.ts'
import {
  bodyOf,
  decimalOf,
  factsOf,
  headerOf,
  moneyOf,
  personOf,
  type StoreCheck,
  type StoreDelivery,
  type StoreParse,
  secretThatSigned,
  storeBase,
  type UnknownStoreReason,
  unknownFact,
} from './store-facts.ts'
import { contentDigest, idText, isObject, type JsonObject, objectAt, readTime, textOf } from './wire.ts'

/** Older deliveries are refused, in seconds: Stripe's own tolerance. */
export const stripeToleranceSeconds = 300
/** Signatures looked at in one header; while a secret is rolled Stripe sends two. */
const signaturesMax = 16

/**
 * Checks `Stripe-Signature` against each secret. The key is the secret as text, `whsec_` included. `now` in Unix
 * milliseconds.
 */
export function verifyStripe(
  rawBody: Uint8Array,
  headers: HeaderValues,
  secrets: readonly string[],
  now: number,
): StoreCheck {
  const header = headerOf(headers, 'stripe-signature')
  if (!header) return { ok: false, reason: 'missing' }
  const parts = header.split(',').slice(0, signaturesMax + 2)
  const times = parts.filter((part) => part.startsWith('t=')).map((part) => part.slice(2))
  const given = parts.filter((part) => part.startsWith('v1=')).map((part) => part.slice(3))
  const [timestamp] = times
  // Of two times nobody knows which one was signed.
  if (timestamp === undefined || times.length > 1 || !/^\d{1,12}$/.test(timestamp) || given.length === 0) {
    return { ok: false, reason: 'malformed' }
  }
  if (now / 1000 - Number(timestamp) > stripeToleranceSeconds) return { ok: false, reason: 'too_old' }
  const secretIndex = secretThatSigned(secrets, given, (secret) => digest(rawBody, secret, timestamp))
  return secretIndex === -1 ? { ok: false, reason: 'mismatch' } : { ok: true, secretIndex }
}

/** The `Stripe-Signature` of a body. Used by simulated payments. `sentAt` in Unix milliseconds. */
export function signStripe(rawBody: Uint8Array | string, secret: string, sentAt: number): string {
  const timestamp = String(Math.floor(sentAt / 1000))
  return `t=${timestamp},v1=${digest(rawBody, secret, timestamp)}`
}

function digest(rawBody: Uint8Array | string, secret: string, timestamp: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest('hex')
}

/** Currencies whose smallest unit is the whole one. (ISK and UGX have none smaller either, yet Stripe counts in hundredths.) */
const zeroDecimal: ReadonlySet<string> = new Set(
  'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '),
)
const threeDecimal: ReadonlySet<string> = new Set('BHD JOD KWD OMR TND'.split(' '))

/** An integer of the currency's smallest unit as exact money; null when it is none. */
export function stripeMoney(amount: unknown, currency: unknown): Money | null {
  const digits = idText(amount)
  const code = textOf(currency).toUpperCase()
  if (!/^\d{1,18}$/.test(digits)) return null
  const decimals = zeroDecimal.has(code) ? 0 : threeDecimal.has(code) ? 3 : 2
  if (decimals === 0) return moneyOf(decimalOf(digits), code)
  const padded = digits.padStart(decimals + 1, '0')
  return moneyOf(decimalOf(`${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`), code)
}

type Context = {
  delivery: StoreDelivery
  /** The event around the object. */
  body: JsonObject
  object: JsonObject
  type: string
  eventId: string
  at: number | null
  /** Customers are numbered by the account they belong to; with Connect it is named in the event. */
  namespace: string
}

/** Reads a verified delivery. Never throws. */
export function parseStripe(delivery: StoreDelivery): StoreParse {
  const read = bodyOf(delivery.text)
  if ('refusal' in read) return { outcome: 'refused', id: '', reason: read.refusal }
  const { body } = read
  const eventId = idText(body.id)
  const type = textOf(body.type)
  const object = objectAt(objectAt(body, 'data'), 'object')
  const at = readTime(body.created)
  const namespace = `stripe:${idText(body.account) || delivery.accountExternalId}`
  const context: Context = { delivery, body, object, type, eventId, at, namespace }
  return { outcome: 'parsed', id: eventId, events: eventsOf(context) }
}

function eventsOf(context: Context): ParsedEvent[] {
  const { body, type, object } = context
  // Events of the second API version bring a reference instead of the object.
  if (body.object === 'v2.core.event') return [unknownEvent(context, 'thin_event')]
  if (body.object !== 'event' || !isObject(objectAt(body, 'data').object)) return [unknownEvent(context, 'no_object')]
  switch (type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return sessionFacts(context)
    case 'payment_intent.succeeded':
      return saleFacts(context, stripeMoney(object.amount_received ?? object.amount, object.currency), true)
    case 'charge.succeeded':
      return object.captured === false ? [namedFact(context)] : saleFacts(context, chargeMoney(object), true)
    case 'charge.captured':
      return saleFacts(context, chargeMoney(object), true)
    case 'charge.refunded':
      return [refundFact(context)]
    default:
      return [
        namedTypes.test(type) ? namedFact(context) : unknownEvent(context, type === '' ? 'no_topic' : 'unknown_topic'),
      ]
  }
}

/** Families of events that are understood by name and count in no figure. */
const namedTypes =
  /^(checkout\.session|payment_intent|charge|charge\.dispute|charge\.refund|refund|invoice|customer|customer\.subscription|setup_intent|account|account\.application|payout|product|price|coupon)\.[a-z_]{1,40}$/

function unknownEvent(context: Context, reason: UnknownStoreReason): ParsedEvent {
  const identity = identityOf(context)
  return unknownFact(baseOf(context, null), reason, { identity, topic: context.type })
}

function identityOf({ eventId, body }: Context): string {
  return eventId || contentDigest(body)
}

function baseOf(context: Context, contact: ContactRef | null): EventBase {
  return storeBase(context.delivery, context.at, contact)
}

/** The payment intent, or where there is none (older charges, free checkouts) the object itself. */
function orderIdOf(object: JsonObject): string {
  const intent = object.payment_intent
  return idText(isObject(intent) ? intent.id : intent) || idText(object.id)
}

/** A checkout that sells something once. A subscription is sold by its invoices, and their payments speak for themselves. */
function sessionFacts(context: Context): ParsedEvent[] {
  const { object } = context
  const mode = object.mode ?? 'payment'
  if (mode !== 'payment') return [namedFact(context)]
  const paid = object.payment_status === 'paid' || object.payment_status === 'no_payment_required'
  return saleFacts(context, stripeMoney(object.amount_total, object.currency), paid)
}

function saleFacts(context: Context, money: Money | null, paid: boolean): ParsedEvent[] {
  const { object, eventId } = context
  const orderId = orderIdOf(object)
  if (!orderId) return [unknownEvent(context, 'object_without_id')]
  const base = baseOf(context, personIn(context))
  const told = { role: 'customer', orderId, externalId: eventId, money, data: dataOf(context) } as const
  const identity = identityOf(context)
  const placed = eventOf(base, { ...told, kind: 'order.created', identity: `order.created:${identity}` })
  if (!paid) return [placed]
  return [placed, eventOf(base, { ...told, kind: 'order.paid', identity: `order.paid:${identity}` })]
}

function chargeMoney(charge: JsonObject): Money | null {
  const captured = idText(charge.amount_captured)
  return stripeMoney(captured !== '' && captured !== '0' ? captured : charge.amount, charge.currency)
}

/**
 * `amount_refunded` is what was refunded so far; the event says what it was before, and the difference is this refund.
 * So each refund counts with its own amount, in whatever order they come.
 */
function refundFact(context: Context): ParsedEvent {
  const { object, body, eventId } = context
  const before = idText(objectAt(objectAt(body, 'data'), 'previous_attributes').amount_refunded) || '0'
  const total = idText(object.amount_refunded)
  if (!/^\d{1,18}$/.test(total) || !/^\d{1,18}$/.test(before)) return namedFact(context)
  const amount = BigInt(total) - BigInt(before)
  const money = amount > 0n ? stripeMoney(String(amount), object.currency) : null
  if (money === null) return namedFact(context)
  return eventOf(baseOf(context, personIn(context)), {
    kind: 'order.refunded',
    role: 'system',
    identity: `order.refunded:${identityOf(context)}`,
    externalId: eventId,
    orderId: orderIdOf(object),
    money,
    data: dataOf(context),
  })
}

/** A fact of Stripe's own name: refunds of a charge are told by `charge.refunded`, so `refund.created` counts nothing. */
function namedFact(context: Context): ParsedEvent {
  const { object, type, eventId } = context
  const ofPayment = /^(checkout|payment_intent|charge|refund)\b/.test(type)
  return eventOf(baseOf(context, type === 'customer.deleted' ? null : personIn(context)), {
    kind: 'custom',
    name: type,
    role: 'system',
    identity: `custom:${identityOf(context)}`,
    externalId: eventId,
    orderId: ofPayment
      ? idText(isObject(object.payment_intent) ? object.payment_intent.id : object.payment_intent)
      : '',
    money: stripeMoney(object.amount ?? object.amount_total ?? object.amount_paid, object.currency),
    data: dataOf(context),
  })
}

/** A checkout names the buyer itself, a charge in its billing details; a customer's own events are about that person. */
function personIn({ object, namespace }: Context): ContactRef | null {
  const isCustomer = object.object === 'customer'
  const details = objectAt(object, object.object === 'charge' ? 'billing_details' : 'customer_details')
  const customer = object.customer
  const expanded = isObject(customer) ? customer : {}
  const about = isCustomer ? object : details
  return personOf({
    namespace,
    id: isCustomer ? object.id : (expanded.id ?? customer),
    email: about.email ?? object.receipt_email ?? object.customer_email ?? expanded.email,
    phone: about.phone ?? object.customer_phone ?? expanded.phone,
    name: [about.name ?? object.customer_name ?? expanded.name],
    locale: isCustomer && Array.isArray(object.preferred_locales) ? object.preferred_locales[0] : object.locale,
  })
}

function dataOf({ object, body }: Context): JsonObject {
  return factsOf({
    object: textOf(object.object),
    objectId: idText(object.id),
    status: textOf(object.status),
    paymentStatus: textOf(object.payment_status),
    reason: textOf(object.reason),
    clientReference: idText(object.client_reference_id),
    test: body.livemode === false ? true : null,
  })
}
