/**
 * At every door: what cannot be read is kept with all that a second reading needs, its neighbours are stored, and once it is
 * corrected it is stored exactly once, also when the sender sends it again properly (reliability.md A5).
 */
import { signMeta } from '@fidelio/channels/meta-signature.ts'
import { signShopify } from '@fidelio/channels/shopify.ts'
import { signStandardWebhook } from '@fidelio/channels/standard-webhooks.ts'
import { signStripe } from '@fidelio/channels/stripe.ts'
import { signWooCommerce } from '@fidelio/channels/woocommerce.ts'
import type { Channel } from '@fidelio/core/event.ts'
import { createAccount } from '@fidelio/db/records/accounts.ts'
import { listAttributes } from '@fidelio/db/records/contact-attributes.ts'
import { listFailedEvents } from '@fidelio/db/records/failed-events.ts'
import { requestReplay } from '@fidelio/db/records/replays.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  shopifyHeaders,
  shopifyOrder,
  stripeEvent,
  wooHeaders,
  wooOrder,
} from '../../services/channels/test/store-fixtures.ts'
import { contactNamed, distinctEvents, now, openWorld, type TestIngest, type World } from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

/** A business behind a door, and how its provider delivers there. */
type Door = { businessId: string; post(ingest: TestIngest, elements: readonly string[]): Promise<{ status: number }> }

async function metaDoor(channel: 'messenger' | 'instagram' | 'whatsapp'): Promise<Door> {
  const page = await world.createPage()
  const { businessId, metaAppId, secret } = page
  const externalId = channel === 'messenger' ? page.pageId : `9${page.pageId}`
  if (channel !== 'messenger') {
    const { accountId } = await connect(channel, externalId, businessId)
    await world.stores
      .forWorker()
      .tx((sql) => sql`update channel_accounts set meta_app_id = ${metaAppId} where id = ${accountId}`)
  }
  const bodyOf = (elements: string) => {
    if (channel !== 'whatsapp') {
      const object = channel === 'messenger' ? 'page' : 'instagram'
      return `{"object":"${object}","entry":[{"id":"${externalId}","time":${now},"messaging":[${elements}]}]}`
    }
    const metadata = `{"display_phone_number":"15550001111","phone_number_id":"${externalId}"}`
    const value = `{"messaging_product":"whatsapp","metadata":${metadata},"messages":[${elements}]}`
    return `{"object":"whatsapp_business_account","entry":[{"id":"1022","changes":[{"field":"messages","value":${value}}]}]}`
  }
  return {
    businessId,
    post(ingest, elements) {
      const rawBody = Buffer.from(bodyOf(elements.join(',')))
      return ingest.acceptMeta({ rawBody, headers: { 'x-hub-signature-256': signMeta(rawBody, secret) } })
    },
  }
}

async function connect(channel: Channel, externalId: string | undefined, businessId: string, secret?: string) {
  const outcome = await world.stores.forWorker().tx((sql) =>
    createAccount(sql, world.vault, {
      businessId,
      channel,
      name: channel,
      ...(externalId === undefined ? {} : { externalId }),
      ...(secret === undefined ? {} : { secret }),
    }),
  )
  if (outcome.kind !== 'created') throw new Error(outcome.kind)
  return {
    accountId: outcome.account.id,
    externalId: outcome.account.externalId,
    secret: outcome.secret ?? secret ?? '',
  }
}

type Headers = Record<string, string>

async function senderDoor(
  channel: 'shopify' | 'woocommerce' | 'stripe' | 'webhook' | 'sandbox',
  headersOf: (text: string, account: { externalId: string; secret: string }) => Headers,
): Promise<Door> {
  const { id: businessId } = await world.stores.createBusiness()
  const isStore = channel !== 'webhook' && channel !== 'sandbox'
  const own =
    channel === 'shopify' ? `replay-${businessId.slice(0, 8)}.myshopify.com` : `replay-${businessId.slice(0, 8)}`
  const account = await connect(channel, isStore ? own : undefined, businessId, isStore ? `whsec_${own}` : undefined)
  return {
    businessId,
    async post(ingest, bodies) {
      let status = 200
      // A store sends each body by itself; the generic doors take several events in one.
      const texts = isStore ? bodies : [`{"events":[${bodies.join(',')}]}`]
      for (const text of texts) {
        const rawBody = Buffer.from(text)
        const headers = headersOf(text, account)
        const answer = await ingest.acceptWebhook({ channel, accountExternalId: account.externalId, rawBody, headers })
        if (answer.status !== 200) status = answer.status
      }
      return { status }
    },
  }
}

async function apiDoor(): Promise<Door> {
  const { id: businessId } = await world.stores.createBusiness()
  return {
    businessId,
    post: (ingest, items) =>
      ingest.acceptApi({ businessId, keyId: 'key', rawBody: Buffer.from(`{"events":[${items.join(',')}]}`) }),
  }
}

const message = (person: string, mid: string) =>
  JSON.stringify({
    sender: { id: person },
    recipient: { id: '1' },
    timestamp: now - 5000,
    message: { mid, text: 'Hi' },
  })
const whatsapp = (id: string) =>
  JSON.stringify({
    from: '15551110002',
    id,
    timestamp: String(now / 1000 - 9).slice(0, 10),
    type: 'text',
    text: { body: 'Hi' },
  })
const order = (id: string, data: object = { orderId: id, total: '5.00', currency: 'EUR' }) =>
  JSON.stringify({ id, type: 'order.created', contact: { externalId: 'c1' }, data })

const standard = (text: string, { secret }: { secret: string }) =>
  signStandardWebhook(text, secret, `msg-${text.length}`, now)
const stripeOrder = (id: string) =>
  JSON.stringify({
    ...stripeEvent('checkout.session.completed', {
      id: `cs_${id}`,
      object: 'checkout.session',
      payment_status: 'paid',
      amount_total: 1990,
      currency: 'eur',
      customer_details: { email: 'kim@example.com' },
    }),
    id,
  })

/** The generic body says the same at each of its doors. */
const ownWords = { good: order('good'), poison: order('fixed', {}), corrected: order('fixed'), reason: 'rejected' }

const doors: {
  name: string
  open(): Promise<Door>
  good: string
  poison: string
  corrected: string
  reason: string
}[] = [
  {
    name: 'messenger',
    open: () => metaDoor('messenger'),
    good: message('7001', 'm_good'),
    poison: '"not an element"',
    corrected: message('7001', 'm_fixed'),
    reason: 'not_an_object',
  },
  {
    name: 'instagram',
    open: () => metaDoor('instagram'),
    good: message('7001', 'm_good'),
    poison: '17',
    corrected: message('7001', 'm_fixed'),
    reason: 'not_an_object',
  },
  {
    name: 'whatsapp',
    open: () => metaDoor('whatsapp'),
    good: whatsapp('wamid.good'),
    poison: '["not a message"]',
    corrected: whatsapp('wamid.fixed'),
    reason: 'not_an_object',
  },
  {
    name: 'shopify',
    open: () =>
      senderDoor('shopify', (text, { externalId, secret }) => ({
        ...shopifyHeaders('orders/create', `evt-${text.length}`),
        'x-shopify-shop-domain': externalId,
        'x-shopify-hmac-sha256': signShopify(text, secret),
      })),
    good: shopifyOrder().replace('820982911946154508', '820982911946154509'),
    poison: shopifyOrder().slice(0, -2),
    corrected: shopifyOrder(),
    reason: 'malformed_json',
  },
  {
    name: 'woocommerce',
    open: () =>
      senderDoor('woocommerce', (text, { secret }) => ({
        ...wooHeaders('order.created'),
        'x-wc-webhook-signature': signWooCommerce(text, secret),
      })),
    good: JSON.stringify(wooOrder({ id: 728, number: '728' })),
    poison: JSON.stringify([wooOrder()]),
    corrected: JSON.stringify(wooOrder()),
    reason: 'not_an_event',
  },
  {
    name: 'stripe',
    open: () => senderDoor('stripe', (text, { secret }) => ({ 'stripe-signature': signStripe(text, secret, now) })),
    good: stripeOrder('evt_good'),
    poison: stripeOrder('evt_fixed').slice(1),
    corrected: stripeOrder('evt_fixed'),
    reason: 'malformed_json',
  },
  { name: 'webhook', open: () => senderDoor('webhook', standard), ...ownWords },
  { name: 'sandbox', open: () => senderDoor('sandbox', standard), ...ownWords },
  { name: 'api', open: apiDoor, ...ownWords },
]

const failedOf = (businessId: string) =>
  world.stores.forWorker().tx((sql) => listFailedEvents(sql, businessId, { filter: {}, first: 10, after: null }))

async function replay(ingest: TestIngest, businessId: string, id: string, corrected: string | null): Promise<void> {
  const of = { id, corrected }
  await world.stores.forWorker().tx((sql) => requestReplay(sql, { businessId, by: 'Ana', at: new Date(now), of }))
  await ingest.processAll()
}

test.each(doors)('$name: kept, corrected, replayed, stored once', async ({ open, good, poison, corrected, reason }) => {
  await using ingest = world.createIngest()
  const door = await open()
  const { businessId } = door
  const stored = async () =>
    (await distinctEvents(world.stores, businessId)).map((row) => row.external_id || row.row_id)
  expect((await door.post(ingest, [poison, good])).status).toBe(200)
  const before = await stored()
  expect(before.length).toBeGreaterThan(0)
  const { events, total } = await failedOf(businessId)
  expect(total).toBe(1)
  const [failed] = events
  expect(failed).toMatchObject({ reason, raw: poison, state: 'open', attempts: 1 })
  const id = failed?.id ?? ''

  // As it came it fails again, for the same reason.
  await replay(ingest, businessId, id, null)
  expect((await failedOf(businessId)).events).toMatchObject([{ state: 'open', reason }])
  expect(await stored()).toEqual(before)

  await replay(ingest, businessId, id, corrected)
  const after = await stored()
  expect(after.length).toBeGreaterThan(before.length)
  expect((await failedOf(businessId)).events).toMatchObject([
    { state: 'replayed', storedEvents: after.length - before.length },
  ])

  // Replayed twice, and sent properly by the provider at last: nothing is added.
  await replay(ingest, businessId, id, corrected)
  expect((await door.post(ingest, [corrected, good])).status).toBe(200)
  expect((await stored()).sort()).toEqual(after.sort())
})

test('a corrected `identify` tells who somebody is, as of when it was sent, and leaves no event', async () => {
  await using ingest = world.createIngest()
  const { businessId, post } = await apiDoor()
  const identify = (timeZone: string, attributes: object) =>
    JSON.stringify({ type: 'identify', contact: { externalId: 'c1', displayName: 'Kim', timeZone, attributes } })
  await post(ingest, [identify('Nowhere/Nothing', { plan: 'gold', visits: 1 })])
  const [failed] = (await failedOf(businessId)).events
  expect(failed).toMatchObject({ reason: 'rejected', detail: expect.stringContaining('timeZone') })
  // Meanwhile something newer was told.
  world.clock.advance(60_000)
  await post(ingest, [identify('Europe/Paris', { visits: 2 })])
  await replay(ingest, businessId, failed?.id ?? '', identify('America/Lima', { plan: 'gold', visits: 1 }))
  world.clock.advance(-60_000)

  const known = await world.stores.forBusiness(businessId).tx(async (sql) => {
    const contactId = (await contactNamed(sql, 'external', 'c1')) ?? 0
    const attributes = await listAttributes(sql, businessId, contactId)
    return Object.fromEntries(attributes.map(({ name, value }) => [name, value]))
  })
  expect(known).toEqual({ plan: 'gold', visits: 2 })
  expect(await distinctEvents(world.stores, businessId)).toEqual([])
  expect((await failedOf(businessId)).events).toMatchObject([{ state: 'replayed', storedEvents: 0 }])
})
