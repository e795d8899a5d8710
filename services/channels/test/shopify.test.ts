/** Shopify's topics, each with the events it must give (protocols.md §11). */
import { describe, expect, test } from 'vitest'
import { parseShopify } from '../src/shopify.ts'
import {
  brief,
  delivery,
  eventsOf,
  identities,
  shop,
  shopifyHeaders,
  shopifyOrder,
  shopifyRefund,
} from './store-fixtures.ts'

const parse = (topic: string, body: string | object, eventId?: string) =>
  eventsOf(parseShopify(delivery(body, shopifyHeaders(topic, eventId))))

const placed = {
  kind: 'order.created',
  orderId: '820982911946154508',
  money: '19.90 EUR',
  at: '2026-03-02T09:30:00',
}

describe('orders', () => {
  test('placed: ids digit for digit, money as it stands, the customer with the order as the weakest name', () => {
    const [event, ...also] = parse('orders/create', shopifyOrder())
    expect(also).toEqual([])
    expect(event && brief(event)).toEqual(placed)
    expect(event).toMatchObject({ role: 'customer', externalId: '820982911946154508', timeFlag: '' })
    expect(event?.contact).toEqual({
      identities: [
        { namespace: `shopify:${shop}`, value: '115310627314723954' },
        { namespace: 'email', value: 'kim@example.com' },
        { namespace: 'phone', value: '33612345678' },
        { namespace: `shopify-order:${shop}`, value: '820982911946154508' },
      ],
      displayName: 'Kim Aubert',
      locale: 'fr-FR',
    })
    expect(event?.data).toEqual({ number: '#1001', financialStatus: 'pending' })
    expect(event?.raw).toBe(shopifyOrder())
  })

  test('paid: also tells that it was placed, with the same identity and time', () => {
    const [paid, also] = parse('orders/paid', shopifyOrder(), 'evt-2')
    const [first] = parse('orders/create', shopifyOrder())
    expect(paid && brief(paid)).toEqual({ ...placed, kind: 'order.paid', at: '2026-03-02T09:31:00' })
    expect(also?.identity).toBe(first?.identity)
    expect(also?.occurredAt).toBe(first?.occurredAt)
  })

  test('paid twice with other event ids is one fact', () => {
    expect(parse('orders/paid', shopifyOrder(), 'a')[0]?.identity).toBe(
      parse('orders/paid', shopifyOrder(), 'b')[0]?.identity,
    )
  })

  test.each([
    ['orders/updated', 'order.updated'],
    ['orders/cancelled', 'order.cancelled'],
    ['orders/fulfilled', 'order.fulfilled'],
    ['orders/partially_fulfilled', 'order.partially_fulfilled'],
  ])('%s is told by its name and tells the order', (topic, name) => {
    const events = parse(
      topic,
      shopifyOrder().replace('"cancelled_at": null', '"cancelled_at": "2026-03-02T09:32:00Z"'),
    )
    const at = name === 'order.cancelled' ? '2026-03-02T09:32:00' : '2026-03-02T09:31:00'
    expect(events.map(brief)).toEqual([{ ...placed, kind: 'custom', name, at }, placed])
  })

  test('refunded: what was given back in money, the same fact alone and inside its order', () => {
    const [refund] = parse('refunds/create', shopifyRefund)
    expect(refund && brief(refund)).toEqual({
      kind: 'order.refunded',
      orderId: '820982911946154508',
      money: '9.90 EUR',
      at: '2026-03-02T09:40:00',
    })
    expect(refund && identities(refund)).toEqual([`shopify-order:${shop} 820982911946154508`])
    const inOrder = parse('orders/updated', shopifyOrder(`, "refunds": [${shopifyRefund}]`)).at(-1)
    expect(inOrder).toMatchObject({ identity: refund?.identity, money: refund?.money, occurredAt: refund?.occurredAt })
  })

  test('a return without money counts nothing', () => {
    const [event] = parse(
      'refunds/create',
      '{"id":9,"order_id":8,"created_at":"2026-03-02T09:40:00Z","transactions":[]}',
    )
    expect(event && brief(event)).toMatchObject({ kind: 'custom', name: 'order.returned', orderId: '8' })
  })

  test('an order of nobody is nobody’s; one of a guest has no name but the guest’s', () => {
    const [nobody] = parse(
      'orders/create',
      '{"id":7,"total_price":"1.00","currency":"EUR","created_at":"2026-03-02T09:00:00Z"}',
    )
    expect(nobody?.contact).toBeNull()
    const [guest] = parse('orders/create', '{"id":7,"email":"g@example.com","total_price":"1","currency":"eur"}')
    expect(guest && identities(guest)).toEqual(['email g@example.com'])
    expect(guest && brief(guest)).toEqual({ kind: 'order.created', orderId: '7', money: '1 EUR', at: 'received' })
  })
})

describe('people, checkouts, the app', () => {
  const customer = {
    id: 706405506930370000,
    email: 'bo@example.com',
    first_name: 'Bo',
    last_name: null,
    phone: null,
    created_at: '2026-03-01T08:00:00Z',
    updated_at: '2026-03-02T08:00:00Z',
  }
  const customerText = JSON.stringify(customer).replace('706405506930370000', '706405506930370084')

  test.each([
    ['customers/create', 'customer.created', '2026-03-01T08:00:00'],
    ['customers/update', 'customer.updated', '2026-03-02T08:00:00'],
    ['customers/enable', 'customer.enabled', '2026-03-02T08:00:00'],
    ['customers/disable', 'customer.disabled', '2026-03-02T08:00:00'],
  ])('%s', (topic, name, at) => {
    const [event] = parse(topic, customerText)
    expect(event && brief(event)).toEqual({ kind: 'custom', name, at })
    expect(event && identities(event)).toEqual([`shopify:${shop} 706405506930370084`, 'email bo@example.com'])
    expect(event?.contact?.displayName).toBe('Bo')
  })

  test('permission for e-mail from the shop permits nothing here', () => {
    const body =
      '{"customer_id":5,"email_address":"bo@example.com","email_marketing_consent":{"state":"subscribed","consent_updated_at":"2026-03-02T08:00:00Z"}}'
    const [event] = parse('customers_email_marketing_consent/update', body)
    expect(event).toMatchObject({ kind: 'custom', name: 'customer.email_consent_updated', consent: null })
    expect(event?.data).toEqual({ state: 'subscribed', updatedAt: '2026-03-02T08:00:00Z' })
  })

  test.each([
    ['checkouts/create', 'checkout.created', '2026-03-02T09:00:00'],
    ['checkouts/update', 'checkout.updated', '2026-03-02T09:05:00'],
  ])('%s', (topic, name, at) => {
    const body = {
      id: 3,
      email: 'bo@example.com',
      total_price: '398.00',
      currency: 'USD',
      line_items: [{}],
      created_at: '2026-03-02T09:00:00Z',
      updated_at: '2026-03-02T09:05:00Z',
    }
    const [event] = parse(topic, body)
    expect(event && brief(event)).toEqual({ kind: 'custom', name, money: '398.00 USD', at })
  })

  test.each([
    ['orders/delete', { id: 7 }, 'order.deleted'],
    ['customers/delete', { id: 7 }, 'customer.deleted'],
    ['checkouts/delete', { id: 7 }, 'checkout.deleted'],
    ['app/uninstalled', { id: 7, domain: shop }, 'app.uninstalled'],
    ['products/update', { id: 7 }, 'product.updated'],
  ])('%s is about nobody', (topic, body, name) => {
    const [event] = parse(topic, body)
    expect(event).toMatchObject({ kind: 'custom', name, contact: null })
  })

  test.each([
    ['customers/data_request', 'privacy.data_request'],
    ['customers/redact', 'privacy.customer_redact'],
    ['shop/redact', 'privacy.shop_redact'],
  ])('%s is kept without writing down the person once more', (topic, name) => {
    const body = {
      shop_id: 1,
      customer: { id: 191167, email: 'bo@example.com', phone: '555-625-1199' },
      orders_requested: [299938],
      data_request: { id: 9999 },
    }
    const [event] = parse(topic, body)
    expect(event).toMatchObject({
      kind: 'custom',
      name,
      contact: null,
      data: { customerId: '191167', orderIds: ['299938'] },
    })
    expect(JSON.stringify(event)).not.toMatch(/example\.com|1199"/)
  })
})

describe('everything else', () => {
  test('an unknown topic, none, an order without a number: kept raw, with a reason of a closed list', () => {
    expect(parse('returns/approve', { id: 1 })[0]).toMatchObject({
      kind: 'unknown',
      name: 'unknown_topic',
      data: { topic: 'returns/approve' },
    })
    expect(eventsOf(parseShopify(delivery({ id: 1 })))[0]).toMatchObject({
      kind: 'unknown',
      name: 'no_topic',
      raw: '{"id":1}',
    })
    expect(parse('orders/create', {})[0]).toMatchObject({ kind: 'unknown', name: 'order_without_id' })
    expect(parse('refunds/create', {})[0]).toMatchObject({ kind: 'unknown', name: 'refund_without_id' })
  })

  test('the same business event has one identity, another delivery id or not', () => {
    const headers = shopifyHeaders('customers/update', 'e')
    const again = { ...headers, 'x-shopify-webhook-id': 'another' }
    const identity = (given: Record<string, string>) => eventsOf(parseShopify(delivery({ id: 5 }, given)))[0]?.identity
    expect(identity(again)).toBe(identity(headers))
    expect(identity(shopifyHeaders('customers/update', 'f'))).not.toBe(identity(headers))
  })

  test('newer headers drop the X-; a test notification is nobody’s order', () => {
    const bare = Object.fromEntries(
      Object.entries(shopifyHeaders('orders/create')).map(([key, value]) => [key.slice(2), value]),
    )
    expect(eventsOf(parseShopify(delivery(shopifyOrder(), bare))).map(brief)).toEqual([placed])
    const sample = parseShopify(delivery(shopifyOrder(), { ...bare, 'shopify-test': 'true' }))
    expect(eventsOf(sample).map(({ kind, name, contact }) => [kind, name, contact])).toEqual([['custom', 'test', null]])
  })

  test('another shop of the same app is not this account; no JSON is kept aside', () => {
    const other = { ...shopifyHeaders('orders/create'), 'x-shopify-shop-domain': 'other.myshopify.com' }
    expect(parseShopify(delivery(shopifyOrder(), other))).toMatchObject({ outcome: 'refused', reason: 'other_account' })
    expect(parseShopify(delivery('{', shopifyHeaders('orders/create')))).toMatchObject({ reason: 'malformed_json' })
    expect(parseShopify(delivery('[]', shopifyHeaders('orders/create')))).toMatchObject({ reason: 'not_an_event' })
  })
})
