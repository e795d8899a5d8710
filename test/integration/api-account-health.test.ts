/** The Channels page in one query: health in words, counters, the checklist, secrets without secrets, and the quota. */

import { signMeta } from '@fidelio/channels/meta-signature.ts'
import { hourMs, minuteMs } from '@fidelio/core/time.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { recordSubscription } from '@fidelio/db/records/account-health.ts'
import { createFigures, createIngest, type Ingest } from '@fidelio/ingest/index.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBusinessWithKey, openTestApi, type TestApi } from './api-support.ts'
import { entryOf } from './ingest-support.ts'

let world: TestApi
let ingest: Ingest

beforeAll(async () => {
  world = await openTestApi()
  ingest = createIngest({
    stores: world.stores,
    vault: world.vault,
    clock: world.clock,
    log: silentLog,
    metrics: createFigures(),
  })
})
afterAll(async () => {
  await ingest[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

const page = `query ($from: DateTime, $to: DateTime) { business {
  intakeQuota { eventsPerSecond burstEvents eventsPerDay }
  intakeUsage { today deferredEvents refusedLastHour dayEndsAt }
  accounts { id name status lastEventAt callbackUrl verifyToken metaAppId
    health { state sentence french: sentence(locale: FR) usualGapSeconds silenceFactor signatureFailuresLastDay
             subscription subscriptionPending }
    setup { handshakeAt firstSignedAt firstMessageAt }
    secrets { newest since validUntil }
    counters(from: $from, to: $to) { accepted dropped failed deferred refused reasons { outcome reason events } }
} } }`

type Account = {
  id: string
  metaAppId: string
  verifyToken: string | null
  callbackUrl: string
  health: Record<string, unknown> & { state: string; sentence: string; french: string }
  setup: Record<string, string | null>
  secrets: { newest: boolean; validUntil: string | null }[]
  counters: { accepted: number; refused: number; reasons: unknown[] }[]
}
type Answer = { business: { intakeQuota: unknown; intakeUsage: Record<string, unknown>; accounts: Account[] } }

async function pageOf(key: string): Promise<{ business: Answer['business']; account: Account }> {
  const { data, errors } = await world.ask<Answer>({ key }, page)
  expect(errors).toEqual([])
  const [account] = data?.business.accounts ?? []
  if (!data || !account) throw new Error('There is no account.')
  return { business: data.business, account }
}

function deliver(pageId: string, secret: string, count: number) {
  const messages = Array.from({ length: count }, () => ({
    from: '7',
    mid: `h${Math.random()}`,
    at: world.clock.now().getTime(),
  }))
  const rawBody = Buffer.from(JSON.stringify({ object: 'page', entry: [entryOf(pageId, messages)] }))
  return ingest.acceptMeta({ rawBody, headers: { 'x-hub-signature-256': signMeta(rawBody, secret) } })
}

async function connected(name: string, pageId: string) {
  const business = await createBusinessWithKey(world, name, `owner@${pageId}.example`)
  const run = async (query: string, variables: Record<string, unknown>) => {
    const { data, errors } = await world.ask<Record<string, { id: string; account: { id: string } }>>(
      { key: business.key },
      query,
      variables,
    )
    expect(errors).toEqual([])
    return data
  }
  const app = { appId: `app${pageId}`, verifyToken: `verify-${pageId}`, appSecret: 'secret' }
  await run('mutation ($input: ConnectMetaAppInput!) { connectMetaApp(input: $input) { id } }', { input: app })
  const made = await run(
    'mutation ($input: ConnectAccountInput!) { connectAccount(input: $input) { account { id } } }',
    {
      input: { channel: 'MESSENGER', name, externalId: pageId, accessToken: 'token' },
    },
  )
  ingest.invalidate()
  return { ...business, run, pageId, accountId: made?.connectAccount?.account.id ?? '' }
}

test('the checklist turns green by itself, and the counters add up', async () => {
  const shop = await connected('Checklist', '880001')
  const before = await pageOf(shop.key)
  expect(before.account).toMatchObject({
    verifyToken: 'verify-880001',
    callbackUrl: 'http://localhost:4000/webhooks/meta',
    health: { state: 'WAITING', subscription: null, usualGapSeconds: null },
    setup: { handshakeAt: null, firstSignedAt: null, firstMessageAt: null },
    counters: [],
  })
  expect(before.account.health.sentence).toMatch(/nothing has come in yet/)
  expect(before.account.health.french).toMatch(/rien n’est encore arrivé/)

  const query = { 'hub.mode': 'subscribe', 'hub.challenge': '1', 'hub.verify_token': 'verify-880001' }
  expect((await ingest.handshake(new URLSearchParams(query))).status).toBe(200)
  expect((await deliver('880001', 'mistyped', 1)).status).toBe(401)
  await expect
    .poll(async () => {
      await ingest.processAll()
      return (await pageOf(shop.key)).account.health
    })
    .toMatchObject({ state: 'SIGNATURE_FAILING', signatureFailuresLastDay: 1 })
  expect((await deliver('880001', 'secret', 3)).status).toBe(200)
  await ingest.processAll()
  const { business, account } = await pageOf(shop.key)
  expect(account.health.state).toBe('HEALTHY')
  expect(Object.values(account.setup)).not.toContain(null)
  expect(account.counters).toMatchObject([
    { accepted: 3, refused: 1, reasons: [{ outcome: 'refused', reason: 'signature_wrong', events: 1 }] },
  ])
  expect(business.intakeUsage).toMatchObject({ today: 3, deferredEvents: 0, refusedLastHour: 0 })
})

test('the operator sets the quota, the business sees it and what waits, and cannot change it', async () => {
  const shop = await connected('Quota', '880002')
  const set = 'mutation ($input: SetIntakeQuotaInput!) { setIntakeQuota(input: $input) { eventsPerSecond } }'
  const input = { businessId: shop.id, eventsPerSecond: 1, burstEvents: 2 }
  const own = await world.ask({ key: shop.key }, set, { input })
  expect(own.errors[0]?.extensions.code).toBe('FORBIDDEN')
  await world.operator(set, { input })
  await ingest.processAll()
  for (let i = 0; i < 3; i++) expect((await deliver('880002', 'secret', 2)).status).toBe(200)
  await ingest.processAll()
  const { business, account } = await pageOf(shop.key)
  expect(business.intakeQuota).toEqual({ eventsPerSecond: 1, burstEvents: 2, eventsPerDay: null })
  expect(business.intakeUsage).toMatchObject({ today: 2, deferredEvents: 4 })
  expect(account.health).toMatchObject({ state: 'OVER_QUOTA' })
  expect(account.counters).toMatchObject([{ accepted: 2, deferred: 4 }])
  await world.operator(set, { input: { businessId: shop.id } })
  expect((await pageOf(shop.key)).business.intakeQuota).toMatchObject({ eventsPerSecond: null })
})

test('a secret changed shows when the former one ends, never what it is', async () => {
  const shop = await connected('Rotation', '880003')
  const { account } = await pageOf(shop.key)
  expect(account.secrets).toMatchObject([{ newest: true, validUntil: null }])
  const rotate =
    'mutation ($app: ID!, $s: String!, $h: Int) { rotateMetaAppSecret(metaAppId: $app, appSecret: $s, overlapHours: $h) }'
  await shop.run(rotate, { app: account.metaAppId, s: 'next', h: 2 })
  ingest.invalidate()
  const ends = new Date(world.clock.now().getTime() + 2 * hourMs).toISOString()
  const after = await pageOf(shop.key)
  expect(after.account.secrets).toMatchObject([
    { newest: true, validUntil: null },
    { newest: false, validUntil: ends },
  ])
  expect(JSON.stringify(after)).not.toContain('"next"')
  expect([(await deliver('880003', 'secret', 1)).status, (await deliver('880003', 'next', 1)).status]).toEqual([
    200, 200,
  ])
  const marketer = await world.signIn('owner@880003.example')
  expect((await world.ask(marketer, '{ business { accounts { secrets { newest } } } }')).errors).toEqual([])
  const reader = await world.operator<{ createApiKey: { key: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }',
    { input: { businessId: shop.id, name: 'numbers', scopes: ['analytics:read'] } },
  )
  for (const field of ['verifyToken', 'secrets { newest }', 'metaAppId']) {
    const refused = await world.ask({ key: reader.createApiKey.key }, `{ business { accounts { ${field} } } }`)
    expect(refused.errors[0]?.extensions.code).toBe('FORBIDDEN')
  }
})

test('a subscription that Meta has ended is said, and can be asked about', async () => {
  const shop = await connected('Subscription', '880004')
  const ask = 'mutation ($id: ID!) { checkSubscription(id: $id) { health { subscriptionPending } } }'
  const asked = await world.ask<{ checkSubscription: unknown }>({ key: shop.key }, ask, { id: shop.accountId })
  expect(asked.data?.checkSubscription).toEqual({ health: { subscriptionPending: true } })
  const accountId = shop.accountId.replace('ChannelAccount:', '')
  const at = new Date(world.clock.now().getTime() + minuteMs)
  await world.stores
    .forWorker()
    .tx((sql) => recordSubscription(sql, { accountId, businessId: shop.uuid, subscription: 'missing', at }))
  expect((await pageOf(shop.key)).account.health).toMatchObject({
    state: 'NOT_SUBSCRIBED',
    subscription: 'missing',
    subscriptionPending: false,
  })
})
