/** WooCommerce's topics, each with the events it must give (protocols.md §11). */
import { describe, expect, test } from 'vitest'
import { parseWooCommerce } from '../src/woocommerce.ts'
import { brief, delivery, eventsOf, identities, wooHeaders, wooOrder } from './store-fixtures.ts'

const parse = (topic: string, body: string | object) =>
  eventsOf(parseWooCommerce(delivery(body, wooHeaders(topic), 'cups')))

const placed = { kind: 'order.created', orderId: '727', money: '29.35 EUR', at: '2026-03-02T09:15:00' }
const paid = { kind: 'order.paid', orderId: '727', money: '29.35 EUR', at: '2026-03-02T09:16:00' }

describe('orders', () => {
  test('created and paid; times without a zone mark are UTC', () => {
    const events = parse('order.created', wooOrder())
    expect(events.map(brief)).toEqual([placed, paid])
    expect(events[0] && identities(events[0])).toEqual([
      'woocommerce:cups 25',
      'email kim@example.com',
      'phone 0612345678',
    ])
    expect(events[0]?.contact?.displayName).toBe('Kim Aubert')
  })

  test('an update tells the same order again, with the same identities', () => {
    const created = parse('order.created', wooOrder({ status: 'pending', date_paid_gmt: null }))
    expect(created.map(brief)).toEqual([placed])
    const updated = parse('order.updated', wooOrder())
    expect(updated.map(brief)).toEqual([
      { ...placed, kind: 'custom', name: 'order.updated', at: '2026-03-02T09:16:30' },
      placed,
      paid,
    ])
    expect(updated[1]?.identity).toBe(created[0]?.identity)
  })

  test('refunds of an order, each once; they are dated by the change that told them', () => {
    const refunds = [
      { id: 730, reason: 'broken', total: '-10.00' },
      { id: 731, reason: '', total: '-5.5' },
    ]
    const events = parse('order.updated', wooOrder({ refunds })).filter(({ kind }) => kind === 'order.refunded')
    expect(events.map(({ money, externalId, timeFlag }) => [money?.amount, externalId, timeFlag])).toEqual([
      ['10.00', '730', 'entry_time'],
      ['5.5', '731', 'entry_time'],
    ])
    const later = parse('order.updated', wooOrder({ refunds, date_modified_gmt: '2026-03-02T09:50:00' }))
    expect(later.filter(({ kind }) => kind === 'order.refunded').map(({ identity }) => identity)).toEqual(
      events.map(({ identity }) => identity),
    )
  })

  test.each([
    ['cancelled', 'order.cancelled'],
    ['failed', 'order.failed'],
  ])('%s is told by its name', (status, name) => {
    const events = parse('order.updated', wooOrder({ status, date_paid_gmt: null }))
    expect(events.map((event) => event.name || event.kind)).toEqual([name, 'order.created'])
  })

  test('a draft of a checkout is no order', () => {
    const events = parse('order.created', wooOrder({ status: 'checkout-draft' }))
    expect(events.map((event) => event.name || event.kind)).toEqual(['order.draft'])
  })

  test('deleted: only the number is left', () => {
    const [event, ...also] = parse('order.deleted', { id: 727 })
    expect(also).toEqual([])
    expect(event && brief(event)).toEqual({ kind: 'custom', name: 'order.deleted', orderId: '727', at: 'received' })
  })

  test('a guest is known by e-mail; amounts keep their digits', () => {
    const [event] = parse('order.created', wooOrder({ customer_id: 0, total: '29.350000', date_paid_gmt: null }))
    expect(event && identities(event)).toEqual(['email kim@example.com', 'phone 0612345678'])
    expect(event?.money?.amount).toBe('29.35')
  })
})

test.each([
  ['customer.created', true],
  ['customer.updated', true],
  ['customer.deleted', false],
  ['product.updated', false],
  ['coupon.created', false],
])('%s', (topic, hasPerson) => {
  const body = { id: 25, email: 'kim@example.com', first_name: 'Kim', date_modified_gmt: '2026-03-02T09:00:00' }
  const [event] = parse(topic, body)
  expect(event && brief(event)).toEqual({ kind: 'custom', name: topic, at: '2026-03-02T09:00:00' })
  expect(event && identities(event)).toEqual(hasPerson ? ['woocommerce:cups 25', 'email kim@example.com'] : [])
})

test('the delivery id identifies nothing; the resource and its last change do', () => {
  const identity = (body: object, id = 'x') =>
    eventsOf(
      parseWooCommerce(delivery(body, { ...wooHeaders('customer.updated'), 'x-wc-webhook-delivery-id': id }, 'cups')),
    )[0]?.identity
  const body = { id: 25, date_modified_gmt: '2026-03-02T09:00:00' }
  expect(identity(body, 'y')).toBe(identity(body))
  expect(identity({ ...body, date_modified_gmt: '2026-03-02T09:00:01' })).not.toBe(identity(body))
})

test('an unknown topic, none, an order without a number: kept raw, with a reason of a closed list', () => {
  expect(parse('action.woocommerce_add_to_cart', { action: 'x' })[0]).toMatchObject({
    kind: 'unknown',
    name: 'unknown_topic',
  })
  expect(eventsOf(parseWooCommerce(delivery({ id: 1 })))[0]).toMatchObject({ kind: 'unknown', name: 'no_topic' })
  expect(parse('order.updated', {})[0]).toMatchObject({ kind: 'unknown', name: 'order_without_id' })
  expect(parseWooCommerce(delivery('webhook_id=1', {}))).toMatchObject({ reason: 'malformed_json' })
})
