/** Stripe's events, each with the events it must give (protocols.md §11). */
import { describe, expect, test } from 'vitest'
import { parseStripe, stripeMoney } from '../src/stripe.ts'
import { brief, delivery, eventsOf, identities, stripeEvent } from './store-fixtures.ts'

const parse = (type: string, object: Record<string, unknown>, extra: Record<string, unknown> = {}) =>
  eventsOf(parseStripe(delivery(stripeEvent(type, object, extra), {}, 'acct_1')))

const at = '2026-03-02T09:30:00'
const session = {
  id: 'cs_1',
  object: 'checkout.session',
  mode: 'payment',
  payment_status: 'paid',
  payment_intent: 'pi_1',
  amount_total: 2599,
  currency: 'eur',
  customer: 'cus_1',
  customer_details: { email: 'Kim@example.com', phone: '+33612345678', name: 'Kim Aubert' },
  locale: 'fr',
}
const intent = {
  id: 'pi_1',
  object: 'payment_intent',
  amount: 2599,
  amount_received: 2599,
  currency: 'eur',
  customer: 'cus_1',
  receipt_email: null,
}
const charge = {
  id: 'ch_1',
  object: 'charge',
  payment_intent: 'pi_1',
  amount: 2599,
  amount_captured: 2599,
  captured: true,
  currency: 'eur',
  customer: 'cus_1',
  billing_details: { email: 'kim@example.com', name: 'Kim Aubert' },
}
const placed = { kind: 'order.created', orderId: 'pi_1', money: '25.99 EUR', at }
const paid = { ...placed, kind: 'order.paid' }

describe('a sale', () => {
  test.each([
    ['checkout.session.completed', session],
    ['checkout.session.async_payment_succeeded', session],
    ['payment_intent.succeeded', intent],
    ['charge.succeeded', charge],
    ['charge.captured', charge],
  ])('%s: one order, whichever object tells it', (type, object) => {
    expect(parse(type, object).map(brief)).toEqual([placed, paid])
  })

  test('the buyer by the account’s number, e-mail and phone', () => {
    const [event] = parse('checkout.session.completed', session)
    expect(event && identities(event)).toEqual(['stripe:acct_1 cus_1', 'email kim@example.com', 'phone 33612345678'])
    expect(event?.contact).toMatchObject({ displayName: 'Kim Aubert', locale: 'fr' })
    const [connected] = parse('charge.succeeded', charge, { account: 'acct_9' })
    expect(connected && identities(connected)[0]).toBe('stripe:acct_9 cus_1')
  })

  test('not paid yet is placed; a subscription and an authorisation are sold by their payments', () => {
    expect(parse('checkout.session.completed', { ...session, payment_status: 'unpaid' }).map(brief)).toEqual([placed])
    expect(parse('checkout.session.completed', { ...session, mode: 'subscription' })[0]?.kind).toBe('custom')
    expect(parse('charge.succeeded', { ...charge, captured: false })[0]?.kind).toBe('custom')
  })

  test('a free checkout and an older charge are orders of their own', () => {
    const free = { ...session, payment_intent: null, amount_total: 0, payment_status: 'no_payment_required' }
    expect(parse('checkout.session.completed', free)[0]).toMatchObject({ orderId: 'cs_1', money: { amount: '0.00' } })
    expect(parse('charge.succeeded', { ...charge, payment_intent: null })[0]).toMatchObject({ orderId: 'ch_1' })
  })
})

describe('refunds', () => {
  test('each counts the difference to what was refunded before', () => {
    const refunded = (total: number, before: number, id: string) =>
      parse(
        'charge.refunded',
        { ...charge, amount_refunded: total },
        { id, data: { previous_attributes: { amount_refunded: before } } },
      )[0]
    expect(refunded(500, 0, 'evt_a')).toMatchObject({
      kind: 'order.refunded',
      orderId: 'pi_1',
      money: { amount: '5.00', currency: 'EUR' },
    })
    expect(refunded(2599, 500, 'evt_b')).toMatchObject({ money: { amount: '20.99' } })
  })

  test('the refund object and a dispute are told and counted nowhere', () => {
    const refund = {
      id: 're_1',
      object: 'refund',
      amount: 500,
      currency: 'eur',
      charge: 'ch_1',
      payment_intent: 'pi_1',
      status: 'succeeded',
    }
    expect(parse('refund.created', refund).map(brief)).toEqual([
      { kind: 'custom', name: 'refund.created', orderId: 'pi_1', money: '5.00 EUR', at },
    ])
    const dispute = {
      id: 'dp_1',
      object: 'dispute',
      amount: 2599,
      currency: 'eur',
      payment_intent: 'pi_1',
      reason: 'fraudulent',
      status: 'needs_response',
    }
    for (const type of ['charge.dispute.created', 'charge.dispute.closed', 'charge.dispute.funds_withdrawn']) {
      expect(parse(type, dispute)[0]).toMatchObject({
        kind: 'custom',
        name: type,
        orderId: 'pi_1',
        data: { reason: 'fraudulent' },
      })
    }
  })
})

test.each([
  'payment_intent.created',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'charge.failed',
  'checkout.session.expired',
  'checkout.session.async_payment_failed',
  'customer.created',
  'customer.subscription.deleted',
  'invoice.paid',
  'account.application.deauthorized',
])('%s is told by its name', (type) => {
  const [event, ...also] = parse(type, {
    id: 'x_1',
    object: type.startsWith('customer.c') ? 'customer' : 'thing',
    currency: 'eur',
  })
  expect(also).toEqual([])
  expect(event).toMatchObject({ kind: 'custom', name: type, identity: 'custom:evt_1', externalId: 'evt_1' })
})

test('unknown types, thin events, events about nothing: kept raw, with a reason of a closed list', () => {
  expect(parse('climate.order.created', { id: 'x' })[0]).toMatchObject({
    kind: 'unknown',
    name: 'unknown_topic',
    data: { topic: 'climate.order.created' },
  })
  const read = (body: object) => eventsOf(parseStripe(delivery(body, {}, 'acct_1')))[0]
  expect(
    read({ id: 'evt_2', object: 'v2.core.event', type: 'v1.billing.meter.error', related_object: {} }),
  ).toMatchObject({ name: 'thin_event' })
  expect(read({ id: 'evt_3', object: 'event', type: 'charge.succeeded' })).toMatchObject({ name: 'no_object' })
  expect(read({ hello: 1 })).toMatchObject({ name: 'no_object' })
})

test.each([
  [2599, 'eur', '25.99 EUR'],
  [5, 'usd', '0.05 USD'],
  [500, 'jpy', '500 JPY'],
  [500, 'xof', '500 XOF'],
  [5120, 'kwd', '5.120 KWD'],
  [500, 'isk', '5.00 ISK'],
  [0, 'eur', '0.00 EUR'],
  ['9007199254740993', 'eur', '90071992547409.93 EUR'],
  ['9007199254740993', 'jpy', null],
  [19.9, 'eur', null],
  [-5, 'eur', null],
  [5, 'euro', null],
])('%s %s is %s', (amount, currency, told) => {
  const money = stripeMoney(amount, currency)
  expect(money && `${money.amount} ${money.currency}`).toBe(told)
})
