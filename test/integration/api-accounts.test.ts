/** Meta apps that are shared, secrets and tools that change, and a demo that goes with everything every process knew of it. */
import { randomBytes, randomUUID } from 'node:crypto'
import { createApi } from '@fidelio/api/api.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { accountsChangedChannel, findAccountRoutes } from '@fidelio/db/records/accounts.ts'
import { parkEvents } from '@fidelio/db/records/parked-events.ts'
import { createVault } from '@fidelio/db/vault.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBusinessWithKey, openTestApi, operatorKey, publicUrl, type TestApi } from './api-support.ts'

let world: TestApi

beforeAll(async () => {
  world = await openTestApi()
})
afterAll(() => world[Symbol.asyncDispose]())

const connectApp =
  'mutation ($input: ConnectMetaAppInput!) { connectMetaApp(input: $input) { id appId callbackPath secretCount } }'
const connect =
  'mutation ($input: ConnectAccountInput!) { connectAccount(input: $input) { secret account { id humanAppIds name } } }'
type Connected = { connectAccount: { secret: string | null; account: { id: string; humanAppIds: string[] } } }
type App = { connectMetaApp: { id: string } }
const app = (appId: string, businessId?: string) => ({
  input: { appId, verifyToken: 'token', appSecret: 'secret', ...(businessId ? { businessId } : {}) },
})

test('an app of the operator serves many businesses, and only the operator connects Pages to it', async () => {
  const one = await createBusinessWithKey(world, 'Shared one', 'owner@one.example')
  const two = await createBusinessWithKey(world, 'Shared two', 'owner@two.example')
  const { connectMetaApp: shared } = await world.operator<App>(connectApp, app('9100'))
  for (const [business, externalId] of [
    [one, '910001'],
    [two, '910002'],
  ] as const) {
    const page = { channel: 'MESSENGER', name: 'Page', externalId }
    const own = await world.ask({ key: business.key }, connect, { input: { ...page, metaAppId: shared.id } })
    expect(own.errors[0]?.extensions.code).toBe('NOT_FOUND')
    const unnamed = await world.ask({ key: business.key }, connect, { input: page })
    expect(unnamed.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'input.metaAppId' })
    await world.operator(connect, { input: { ...page, businessId: business.id, metaAppId: shared.id } })
    // Once there, the business may renew its token and name; the Page stays under the app.
    const again = await world.ask({ key: business.key }, connect, { input: { ...page, name: 'Renamed' } })
    expect(again.errors).toEqual([])
  }
  const routes = await world.stores.forWorker().tx((sql) => findAccountRoutes(sql, 'messenger', ['910001', '910002']))
  expect(routes.map((route) => route.metaAppId)).toEqual([shared.id, shared.id])

  const taken = await world.ask({ key: one.key }, connectApp, app('9100'))
  expect(taken.errors[0]?.extensions.code).toBe('CONFLICT')
  const nobody = await world.ask(null, connectApp, app('9101'))
  expect(nobody.errors[0]?.extensions.code).toBe('UNAUTHENTICATED')
})

test('accounts of Instagram and WhatsApp are connected like Pages, beside the secret of the Instagram app', async () => {
  const business = await createBusinessWithKey(world, 'All of Meta', 'owner@all-of-meta.example')
  const credentials = { key: business.key }
  const instagram = { instagramAppSecret: 'instagram', previousInstagramAppSecret: 'instagram before' }
  const { input } = app('9350')
  const connected = await world.ask<App>(credentials, connectApp, { input: { ...input, ...instagram } })
  expect(connected.errors).toEqual([])
  const unpaired = { ...input, previousInstagramAppSecret: 'instagram before' }
  const refused = await world.ask(credentials, connectApp, { input: unpaired })
  expect(refused.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'input.instagramAppSecret' })
  for (const [channel, externalId] of [
    ['INSTAGRAM', '17841400000093501'],
    ['WHATSAPP', '9350004400001'],
  ] as const) {
    const named = { channel, name: channel, externalId }
    expect((await world.ask(credentials, connect, { input: named })).errors).toEqual([])
    const nameless = await world.ask(credentials, connect, { input: { channel, name: channel } })
    expect(nameless.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'input.externalId' })
    const [route] = await world.stores
      .forWorker()
      .tx((sql) => findAccountRoutes(sql, channel === 'INSTAGRAM' ? 'instagram' : 'whatsapp', [externalId]))
    expect(route).toMatchObject({ businessId: business.uuid, secrets: [] })
  }
  const [known] = await world.stores.forWorker().tx(
    (sql) => sql<{ own: number; instagram: number }[]>`
      select jsonb_array_length(secrets) as own, jsonb_array_length(instagram_secrets) as instagram
        from meta_apps where app_id = '9350'`,
  )
  expect(known).toEqual({ own: 1, instagram: 2 })
})

test('an app of a business stays its own, whoever connected it', async () => {
  const one = await createBusinessWithKey(world, 'Own one', 'owner@own-one.example')
  const two = await createBusinessWithKey(world, 'Own two', 'owner@own-two.example')
  const { connectMetaApp: own } = await world.operator<App>(connectApp, app('9200', one.id))
  const page = { channel: 'MESSENGER', name: 'Page', externalId: '920001', metaAppId: own.id }
  for (const credentials of [{ key: two.key }, { key: operatorKey }]) {
    const stolen = await world.ask(credentials, connect, { input: { ...page, businessId: two.id } })
    expect(stolen.errors[0]?.extensions.code).toBe('NOT_FOUND')
  }
  expect((await world.ask({ key: one.key }, connect, { input: page })).errors).toEqual([])
})

test('a new secret of a webhook stands beside the former one, and is shown once', async () => {
  const business = await createBusinessWithKey(world, 'Rotating', 'owner@rotating.example')
  const key = { key: business.key }
  const made = await world.ask<Connected>(key, connect, {
    input: { channel: 'WEBHOOK', name: 'Till', externalId: 'till-1' },
  })
  const id = made.data?.connectAccount.account.id
  const rotate = 'mutation ($id: ID!) { rotateAccountSecret(id: $id) { secret callbackPath account { id } } }'
  const secrets = [made.data?.connectAccount.secret]
  for (let i = 0; i < 2; i++) {
    const rotated = await world.ask<{ rotateAccountSecret: { secret: string } }>(key, rotate, { id })
    expect(rotated.errors).toEqual([])
    expect(rotated.data?.rotateAccountSecret).toMatchObject({
      secret: expect.stringMatching(/^whsec_/),
      callbackPath: '/webhooks/webhook/till-1',
      account: { id },
    })
    secrets.push(rotated.data?.rotateAccountSecret.secret)
  }
  expect(new Set(secrets).size).toBe(3)
  const [route] = await world.stores.forWorker().tx((sql) => findAccountRoutes(sql, 'webhook', ['till-1']))
  const owner = { businessId: business.uuid, rowId: route?.id ?? '' }
  expect(route?.secrets.map((sealed) => world.vault.open(sealed, owner))).toEqual([secrets[2], secrets[1], secrets[0]])

  await world.ask(key, connectApp, app('9300'))
  const page = await world.ask<Connected>(key, connect, {
    input: { channel: 'MESSENGER', name: 'Page', externalId: '930001' },
  })
  const refused = await world.ask(key, rotate, { id: page.data?.connectAccount.account.id })
  expect(refused.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'id' })
})

test('tools of people are marked, and stay marked when only the name changes or the Page is connected again', async () => {
  const business = await createBusinessWithKey(world, 'Tools', 'owner@tools.example')
  const key = { key: business.key }
  await world.ask(key, connectApp, app('9400'))
  const page = { channel: 'MESSENGER', name: 'Page', externalId: '940001' }
  const made = await world.ask<Connected>(key, connect, { input: page })
  expect(made.data?.connectAccount.account.humanAppIds).toEqual([])
  const id = made.data?.connectAccount.account.id
  const update =
    'mutation ($id: ID!, $name: String, $apps: [String!]) { updateAccount(id: $id, name: $name, humanAppIds: $apps) { name humanAppIds } }'
  const marked = await world.ask(key, update, { id, apps: ['26390', '26390', '77'] })
  expect(marked.data?.updateAccount).toEqual({ name: 'Page', humanAppIds: ['26390', '77'] })
  const renamed = await world.ask(key, update, { id, name: 'Support' })
  expect(renamed.data?.updateAccount).toEqual({ name: 'Support', humanAppIds: ['26390', '77'] })
  const again = await world.ask<Connected>(key, connect, { input: { ...page, accessToken: 'new' } })
  expect(again.data?.connectAccount.account.humanAppIds).toEqual(['26390', '77'])
  const emptied = await world.ask(key, update, { id, apps: [] })
  expect(emptied.data?.updateAccount).toMatchObject({ humanAppIds: [] })
  const wrong = await world.ask(key, update, { id, apps: ['no spaces'] })
  expect(wrong.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'humanAppIds' })
})

test('a disconnected account hears nothing until it is connected again, with the secrets it had', async () => {
  const one = await createBusinessWithKey(world, 'Leaving', 'owner@leaving.example')
  const other = await createBusinessWithKey(world, 'Staying', 'owner@staying.example')
  const input = { channel: 'WEBHOOK', name: 'Till', externalId: 'till-leaving' }
  const made = await world.ask<Connected>({ key: one.key }, connect, { input })
  const id = made.data?.connectAccount.account.id
  const routes = () => world.stores.forWorker().tx((sql) => findAccountRoutes(sql, 'webhook', ['till-leaving']))
  const [before] = await routes()
  expect(before).toBeDefined()

  const leave = 'mutation ($id: ID!) { disconnectAccount(id: $id) { status health { state } } }'
  const stranger = await world.ask({ key: other.key }, leave, { id })
  expect(stranger.errors[0]?.extensions.code).toBe('NOT_FOUND')
  expect(await routes()).toHaveLength(1)
  const left = await world.ask({ key: one.key }, leave, { id })
  expect(left.data).toEqual({ disconnectAccount: { status: 'disconnected', health: { state: 'DISCONNECTED' } } })
  expect(await routes()).toEqual([])

  const back = await world.ask<Connected>({ key: one.key }, connect, { input })
  expect(back.data?.connectAccount).toMatchObject({ secret: null, account: { id } })
  expect(await routes()).toEqual([before])
})

/** A demo business with a key, a Meta app and an entry that is parked under that app. */
async function createDemo(name: string) {
  const { createBusiness } = await world.operator<{ createBusiness: { id: string } }>(
    'mutation ($name: String!) { createBusiness(input: { name: $name, isDemo: true }) { id } }',
    { name },
  )
  const { createApiKey } = await world.operator<{ createApiKey: { key: string } }>(
    'mutation ($b: ID) { createApiKey(input: { businessId: $b, name: "demo" }) { key } }',
    { b: createBusiness.id },
  )
  const { connectMetaApp } = await world.operator<App>(connectApp, app(`demo-${name}`, createBusiness.id))
  const parked = { id: randomUUID(), externalId: `parked-${name}`, metaAppId: connectMetaApp.id, raw: '{}' }
  const receivedAt = world.clock.now()
  await world.stores.forWorker().tx((sql) => parkEvents(sql, [{ ...parked, channel: 'messenger', receivedAt }]))
  return { id: createBusiness.id, key: createApiKey.key }
}

/** Another process over the same stores, as far as it matters here; with a second's thousandth for every answer if asked. */
const anotherApi = (requestSecondsMax?: number) =>
  createApi({
    stores: world.stores,
    vault: createVault(randomBytes(32)),
    clock: world.clock,
    log: silentLog,
    publicUrl,
    operatorKey,
    authSecret: 'x'.repeat(32),
    requestSecondsMax,
  })

test('when a demo is removed, other processes forget its keys and its accounts', async () => {
  const demo = await createDemo('elsewhere')
  await using elsewhere = anotherApi()
  let told = 0
  await using _listening = await world.stores.forWorker().listen(accountsChangedChannel, () => {
    told += 1
  })
  expect(await elsewhere.verifyKey(demo.key)).toMatchObject({ name: 'demo' })
  expect(await world.operator('mutation { removeDemo }')).toEqual({ removeDemo: 1 })
  // The clock stands still: what is forgotten here was told, not outlived.
  await expect.poll(() => elsewhere.verifyKey(demo.key)).toBeNull()
  await expect.poll(() => told).toBeGreaterThan(0)
})

test('removing a demo may take longer than any other answer', async () => {
  await createDemo('slow')
  await using hurried = anotherApi(0.001)
  const ask = async (query: string) => {
    const response = await hurried.fetch(
      new Request(`${publicUrl}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${operatorKey}` },
        body: JSON.stringify({ query }),
      }),
    )
    return JSON.parse(await response.text())
  }
  const slow = await ask('{ viewer { businesses { business { name accounts { name } } } } }')
  expect(slow.errors?.[0]?.extensions.code).toBe('TOO_HEAVY')
  expect((await ask('mutation { removeDemo }')).data).toEqual({ removeDemo: 1 })
})

test('a metric of which more is neither better nor worse says so', async () => {
  const { data } = await world.ask<{ metricDefinitions: { key: string; better: string | null }[] }>(
    null,
    '{ metricDefinitions { key better } }',
  )
  const better = new Map(data?.metricDefinitions.map((metric) => [metric.key, metric.better]))
  expect(better.get('volumes')).toBeNull()
  expect(better.get('active_customers')).toBe('UP')
  expect(better.get('first_response_median')).toBe('DOWN')
})
