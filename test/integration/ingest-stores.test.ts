/**
 * Shops and payments through the door (protocols.md §11): a signed order becomes an event, a person and a figure; what is
 * delivered again, late or in another order changes none of them.
 */
import { signShopify } from '@fidelio/channels/shopify.ts'
import { signStripe } from '@fidelio/channels/stripe.ts'
import { signWooCommerce } from '@fidelio/channels/woocommerce.ts'
import { seededRandom } from '@fidelio/core/seeded-random.ts'
import { dayMs } from '@fidelio/core/time.ts'
import { defineQuery } from '@fidelio/db/clickhouse/query.ts'
import { contactOrders } from '@fidelio/db/queries/orders.ts'
import { volumes } from '@fidelio/db/queries/volumes.ts'
import { createAccount, rotateAccountSecret } from '@fidelio/db/records/accounts.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  shop,
  shopifyHeaders,
  shopifyOrder,
  shopifyRefund,
  stripeEvent,
  wooHeaders,
  wooOrder,
} from '../../services/channels/test/store-fixtures.ts'
import {
  contactNamed,
  countRows,
  distinctEvents,
  now,
  openWorld,
  type TestIngest,
  type World,
} from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

type StoreChannel = 'shopify' | 'woocommerce' | 'stripe'
type Connected = { businessId: string; accountId: string; channel: StoreChannel; externalId: string; secret: string }
type Posted = { text: string; headers: Record<string, string> }

let made = 0

async function connect(channel: StoreChannel, businessId?: string): Promise<Connected> {
  const business = businessId ?? (await world.stores.createBusiness()).id
  const externalId = channel === 'shopify' ? `shop-${made++}.myshopify.com` : `${channel}-${made++}`
  const secret = `whsec_secret-of-${externalId}`
  const outcome = await world.stores
    .forWorker()
    .tx((sql) => createAccount(sql, world.vault, { businessId: business, channel, name: channel, externalId, secret }))
  if (outcome.kind !== 'created') throw new Error(outcome.kind)
  return { businessId: business, accountId: outcome.account.id, channel, externalId, secret }
}

function signatureOf({ channel, secret }: Connected, text: string): Record<string, string> {
  if (channel === 'shopify') return { 'x-shopify-hmac-sha256': signShopify(text, secret) }
  if (channel === 'woocommerce') return { 'x-wc-webhook-signature': signWooCommerce(text, secret) }
  return { 'stripe-signature': signStripe(text, secret, now) }
}

function post(ingest: TestIngest, account: Connected, { text, headers }: Posted, signature?: Record<string, string>) {
  const own = { ...headers, ...(signature ?? signatureOf(account, text)) }
  if (own['x-shopify-shop-domain'] === shop) own['x-shopify-shop-domain'] = account.externalId
  const { channel, externalId: accountExternalId } = account
  return ingest.acceptWebhook({ channel, accountExternalId, rawBody: Buffer.from(text), headers: own })
}

const shopify = (topic: string, text: string, eventId: string): Posted => ({
  text,
  headers: shopifyHeaders(topic, eventId),
})
const woo = (topic: string, body: object): Posted => ({ text: JSON.stringify(body), headers: wooHeaders(topic) })
const stripe = (
  id: string,
  type: string,
  object: Record<string, unknown>,
  extra: Record<string, unknown> = {},
): Posted => ({
  text: JSON.stringify(stripeEvent(type, object, { id, ...extra })),
  headers: {},
})

const session = {
  id: 'cs_1',
  object: 'checkout.session',
  mode: 'payment',
  payment_status: 'paid',
  payment_intent: 'pi_1',
  amount_total: 2599,
  currency: 'eur',
  customer: 'cus_1',
  customer_details: { email: 'kim@example.com', phone: '+33612345678' },
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
  billing_details: { email: 'kim@example.com' },
}
const intent = { id: 'pi_1', object: 'payment_intent', amount: 2599, currency: 'eur', customer: 'cus_1' }
const refundedBy = (total: number, before: number) =>
  [{ ...charge, amount_refunded: total }, { data: { previous_attributes: { amount_refunded: before } } }] as const
const wooRefunds = [
  { id: 730, reason: '', total: '-10.00' },
  { id: 731, reason: '', total: '-5.50' },
]

/** One order of each provider, with everything that can be told of it, in the order it happened. */
const histories: Record<StoreChannel, Posted[]> = {
  shopify: [
    shopify(
      'customers/create',
      '{"id":115310627314723954,"email":"kim@example.com","created_at":"2026-03-02T09:00:00Z"}',
      'e1',
    ),
    shopify('orders/create', shopifyOrder(), 'e2'),
    shopify('orders/paid', shopifyOrder(), 'e3'),
    // The same payment, announced by a second business event.
    shopify('orders/paid', shopifyOrder(), 'e4'),
    shopify('orders/updated', shopifyOrder(), 'e5'),
    shopify('refunds/create', shopifyRefund, 'e6'),
    shopify('orders/updated', shopifyOrder(`, "refunds": [${shopifyRefund}]`), 'e7'),
  ],
  woocommerce: [
    woo(
      'order.created',
      wooOrder({ status: 'pending', date_paid_gmt: null, date_modified_gmt: '2026-03-02T09:15:00' }),
    ),
    woo('order.updated', wooOrder()),
    woo('order.updated', wooOrder({ refunds: wooRefunds.slice(0, 1), date_modified_gmt: '2026-03-02T09:40:00' })),
    woo('order.updated', wooOrder({ refunds: wooRefunds, date_modified_gmt: '2026-03-02T09:50:00' })),
    woo('order.deleted', { id: 727 }),
  ],
  stripe: [
    stripe('evt_1', 'payment_intent.succeeded', intent),
    stripe('evt_2', 'charge.succeeded', charge),
    stripe('evt_3', 'checkout.session.completed', session),
    stripe('evt_4', 'charge.refunded', ...refundedBy(500, 0)),
    stripe('evt_5', 'charge.refunded', ...refundedBy(1200, 500)),
    stripe('evt_6', 'refund.created', {
      id: 're_1',
      object: 'refund',
      amount: 500,
      currency: 'eur',
      payment_intent: 'pi_1',
    }),
  ],
}

const buyer: Record<StoreChannel, (externalId: string) => [string, string]> = {
  shopify: (externalId) => [`shopify:${externalId}`, '115310627314723954'],
  woocommerce: (externalId) => [`woocommerce:${externalId}`, '25'],
  stripe: (externalId) => [`stripe:${externalId}`, 'cus_1'],
}
const expected: Record<StoreChannel, { orderId: string; amount: number; net: string }> = {
  shopify: { orderId: '820982911946154508', amount: 19.9, net: '10' },
  woocommerce: { orderId: '727', amount: 29.35, net: '13.85' },
  stripe: { orderId: 'pi_1', amount: 25.99, net: '13.99' },
}

/** What every money figure is made of (db/queries/send-outcomes-sql.ts): per order, what was paid less what was given back. */
const netOfOrders = defineQuery({
  name: 'test.net_of_orders',
  sql: `with facts as (select kind, order_id, amount, row_id from events
                        where business_id = {business_id:UUID} and kind in ('order.created', 'order.paid', 'order.refunded')
                        order by received_at, ts limit 1 by row_id)
        select order_id, toString(maxIf(amount, kind != 'order.refunded') - sumIf(amount, kind = 'order.refunded')) as net
          from facts group by order_id order by order_id`,
  params: z.object({}),
  row: z.object({ order_id: z.string(), net: z.string() }),
})

async function figuresOf(account: Connected) {
  const db = world.stores.forBusiness(account.businessId)
  const [namespace, value] = buyer[account.channel](account.externalId)
  const contactId = await db.tx((sql) => contactNamed(sql, namespace, value))
  const period = { from: '2026-03-02', to: '2026-03-02' }
  const days = await volumes(db, { timeZone: 'UTC', now, period })
  return {
    orders: days.map((day) => day.orders),
    ofBuyer: contactId === null ? null : await contactOrders(db, { contactId }),
    net: await db.ask(netOfOrders, {}),
  }
}

describe.each(['shopify', 'woocommerce', 'stripe'] as const)('%s', (channel) => {
  test('a signed history is one order of one person, less what was given back', async () => {
    await using ingest = world.createIngest()
    const account = await connect(channel)
    for (const posted of histories[channel]) expect(await post(ingest, account, posted)).toMatchObject({ status: 200 })
    const { orderId, amount, net } = expected[channel]
    const figures = await figuresOf(account)
    expect(figures.orders).toEqual([1])
    expect(figures.net).toEqual([{ order_id: orderId, net }])
    expect(figures.ofBuyer).toMatchObject([{ orderId, amount, currency: 'EUR', status: 'refunded' }])
    const db = world.stores.forBusiness(account.businessId)
    const named = await db.tx(
      (sql) => sql<{ namespace: string }[]>`select distinct namespace from contact_identities order by namespace`,
    )
    expect(named.map(({ namespace }) => namespace)).toContain(buyer[channel](account.externalId)[0])
    expect(ingest.figures.counted.unknown_events).toBe(0)
  })

  test('delivered one to three times, shuffled: every figure is the same', async () => {
    await using ingest = world.createIngest()
    const straight = await connect(channel)
    for (const posted of histories[channel]) await post(ingest, straight, posted)
    const { net, orders, ofBuyer } = await figuresOf(straight)
    for (let seed = 1; seed <= 3; seed++) {
      const account = await connect(channel)
      const random = seededRandom(seed)
      const deliveries = histories[channel]
        .flatMap((posted) => Array.from({ length: 1 + Math.floor(random() * 3) }, () => posted))
        .map((posted) => ({ posted, place: random() }))
        .sort((a, b) => a.place - b.place)
      for (const { posted } of deliveries) await post(ingest, account, posted)
      expect(await figuresOf(account)).toEqual({ net, orders, ofBuyer })
    }
  })

  test('a wrong signature stores nothing; both secrets count while one is changed', async () => {
    await using ingest = world.createIngest()
    const account = await connect(channel)
    const [first] = histories[channel]
    if (!first) throw new Error('there is no history')
    const forged = signatureOf({ ...account, secret: 'whsec_another' }, first.text)
    expect(await post(ingest, account, first, forged)).toMatchObject({ status: 401 })
    expect(await post(ingest, account, first, {})).toMatchObject({ status: 401 })
    expect(await distinctEvents(world.stores, account.businessId)).toEqual([])
    const { accountId: id, businessId } = account
    await world.stores
      .forWorker()
      .tx((sql) => rotateAccountSecret(sql, world.vault, { id, businessId, secret: 'whsec_new' }))
    ingest.invalidate()
    expect(await post(ingest, account, first)).toMatchObject({ status: 200 })
    expect(await post(ingest, { ...account, secret: 'whsec_new' }, first)).toMatchObject({ status: 200 })
    expect((await distinctEvents(world.stores, businessId)).length).toBeGreaterThan(0)
  })
})

test('a delivery eight days late counts on its own day', async () => {
  await using ingest = world.createIngest()
  const account = await connect('woocommerce')
  const at = new Date(now - 8 * dayMs).toISOString().slice(0, 19)
  const late = wooOrder({ date_created_gmt: at, date_modified_gmt: at, date_paid_gmt: null })
  await post(ingest, account, woo('order.created', late))
  const [row] = await distinctEvents(world.stores, account.businessId)
  expect(row?.ts.slice(0, 10)).toBe(at.slice(0, 10))
})

test('two WooCommerce shops that count from 1 have two orders of one number', async () => {
  await using ingest = world.createIngest()
  const one = await connect('woocommerce')
  const two = await connect('woocommerce', one.businessId)
  for (const account of [one, two]) await post(ingest, account, woo('order.created', wooOrder()))
  expect((await figuresOf(one)).orders).toEqual([2])
})

test('the ping of WooCommerce is answered and is no event; a body that is none is kept aside', async () => {
  await using ingest = world.createIngest()
  const account = await connect('woocommerce')
  expect(await post(ingest, account, { text: 'webhook_id=142', headers: {} }, {})).toMatchObject({ status: 200 })
  expect(await distinctEvents(world.stores, account.businessId)).toEqual([])
  const before = await countRows(world.stores, 'failed_events')
  expect(await post(ingest, account, { text: '{', headers: wooHeaders('order.created') })).toMatchObject({
    status: 200,
  })
  expect(await countRows(world.stores, 'failed_events')).toBe(before + 1)
})

test('unknown topics are kept raw and counted; an account of nobody is not found', async () => {
  await using ingest = world.createIngest()
  const account = await connect('shopify')
  await post(ingest, account, shopify('returns/approve', '{"id":9007199254740993}', 'e'))
  const [row] = await distinctEvents(world.stores, account.businessId)
  expect(row).toMatchObject({ kind: 'unknown', raw: '{"id":9007199254740993}', channel: 'shopify' })
  expect(ingest.figures.counted.unknown_events).toBe(1)
  const stranger = { ...account, externalId: 'nobody.myshopify.com' }
  expect(await post(ingest, stranger, shopify('orders/create', shopifyOrder(), 'e'))).toMatchObject({ status: 404 })
})
