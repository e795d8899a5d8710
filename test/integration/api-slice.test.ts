import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBusinessWithKey, openTestApi, operatorKey, publicUrl, type TestApi } from './api-support.ts'

let world: TestApi

beforeAll(async () => {
  world = await openTestApi()
})
afterAll(() => world[Symbol.asyncDispose]())

test('a stranger with the operator key makes a business, a key and accounts, and the key reads it back', async () => {
  const business = await createBusinessWithKey(world, 'Café du Port', 'owner@port.example')
  const key = { key: business.key }
  const who = await world.ask<{ viewer: { scopes: string[] } }>(
    key,
    '{ viewer { kind name email scopes businesses { role business { id name slug } } } }',
  )
  expect(who.errors).toEqual([])
  expect(who.data).toMatchObject({
    viewer: {
      kind: 'KEY',
      name: 'all',
      email: null,
      businesses: [{ role: 'DEVELOPER', business: { id: business.id, name: 'Café du Port', slug: 'cafe-du-port' } }],
    },
  })
  expect(who.data?.viewer.scopes).toHaveLength(6)

  const app = await world.operator<{ connectMetaApp: { id: string; secretCount: number } }>(
    'mutation ($input: ConnectMetaAppInput!) { connectMetaApp(input: $input) { id appId callbackPath secretCount } }',
    { input: { businessId: business.id, appId: '1001', verifyToken: 'token', appSecret: 'secret' } },
  )
  expect(app.connectMetaApp).toMatchObject({ appId: '1001', callbackPath: '/webhooks/meta', secretCount: 1 })
  const connect =
    'mutation ($input: ConnectAccountInput!) { connectAccount(input: $input) { secret callbackPath account { id status channel } } }'
  const page = await world.ask(key, connect, {
    input: { channel: 'MESSENGER', name: 'Page', externalId: '700001', metaAppId: app.connectMetaApp.id },
  })
  expect(page.errors).toEqual([])
  expect(page.data?.connectAccount).toMatchObject({ secret: null, callbackPath: '/webhooks/meta' })
  const sandbox = await world.ask<{ connectAccount: { secret: string; callbackPath: string } }>(key, connect, {
    input: { channel: 'SANDBOX', name: 'Sandbox' },
  })
  expect(sandbox.data?.connectAccount.secret).toMatch(/^whsec_/)
  expect(sandbox.data?.connectAccount.callbackPath).toMatch(/^\/webhooks\/sandbox\//)

  const read = await world.ask(
    key,
    '{ business { id accounts { channel status } conversations { edges { cursor } pageInfo { hasNextPage } } } }',
  )
  expect(read.errors).toEqual([])
  expect(read.data?.business).toMatchObject({
    id: business.id,
    accounts: [{ channel: 'MESSENGER' }, { channel: 'SANDBOX' }],
    conversations: { edges: [], pageInfo: { hasNextPage: false } },
  })
  expect(read.extensions.cost?.requested).toBeGreaterThan(0)
})

test('wrong, missing and malformed credentials are typed errors with status 401', async () => {
  for (const headers of [{ authorization: 'Bearer fid_nobody' }, { authorization: 'Basic xyz' }]) {
    const answer = await world.ask(null, '{ viewer { kind } }', {}, headers)
    expect(answer.status).toBe(401)
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(answer.errors[0]?.extensions.reference).toMatch(/^[0-9a-f]{12}$/)
  }
  const nobody = await world.ask(null, '{ viewer { kind } }')
  expect([nobody.status, nobody.errors[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED'])
})

test('a person signs in by a link that works once, and sees the businesses they belong to', async () => {
  const business = await createBusinessWithKey(world, 'Bank', 'adviser@bank.example')
  const { url } = await world.api.createSignInLink('adviser@bank.example')
  const first = await world.api.authHandler(new Request(url))
  const [line = ''] = first.headers.getSetCookie()
  expect(line).toMatch(/HttpOnly/i)
  expect(line).toMatch(/SameSite=Lax/i)
  const cookie = { cookie: line.split(';')[0] ?? '' }
  const who = await world.ask(cookie, '{ viewer { kind email businesses { role business { id permissions } } } }')
  expect(who.errors).toEqual([])
  expect(who.data?.viewer).toMatchObject({
    kind: 'PERSON',
    email: 'adviser@bank.example',
    businesses: [{ role: 'OWNER', business: { id: business.id } }],
  })
  const again = await world.api.authHandler(new Request(url))
  expect(again.headers.getSetCookie().join()).not.toMatch(/session_token=[^;]/)
})

test('a session without proof that our page sent the request is refused; GET and the header are not', async () => {
  await createBusinessWithKey(world, 'Insurer', 'agent@insurer.example')
  const cookie = await world.signIn('agent@insurer.example')
  const forged = await world.ask(
    cookie,
    '{ viewer { kind } }',
    {},
    { 'x-fidelio-csrf': '', origin: 'https://evil.example' },
  )
  expect(forged.errors[0]?.extensions.code).toBe('FORBIDDEN')
  const ours = await world.ask(cookie, '{ viewer { kind } }', {}, { 'x-fidelio-csrf': '', origin: publicUrl })
  expect(ours.errors).toEqual([])
})

test('a revoked key is refused at once', async () => {
  const business = await createBusinessWithKey(world, 'Shop', 'owner@shop.example')
  expect(await world.api.verifyKey(business.key)).toMatchObject({ businessId: business.uuid, keyId: business.keyId })
  await world.operator('mutation ($id: ID!, $b: ID) { revokeApiKey(id: $id, businessId: $b) }', {
    id: business.keyId,
    b: business.id,
  })
  expect(await world.api.verifyKey(business.key)).toBeNull()
  const answer = await world.ask({ key: business.key }, '{ viewer { kind } }')
  expect(answer.status).toBe(401)
})

test('only the operator creates businesses and links', async () => {
  const business = await createBusinessWithKey(world, 'Other', 'owner@other.example')
  const cookie = await world.signIn('owner@other.example')
  for (const credentials of [{ key: business.key }, cookie]) {
    const made = await world.ask(credentials, 'mutation { createBusiness(input: { name: "X" }) { id } }')
    expect(made.errors[0]?.extensions.code).toBe('FORBIDDEN')
    const link = await world.ask(credentials, 'mutation { createSignInLink(email: "a@b.example") { url } }')
    expect(link.errors[0]?.extensions.code).toBe('FORBIDDEN')
  }
  const link = await world.ask<{ createSignInLink: { url: string } }>(
    { key: operatorKey },
    'mutation { createSignInLink(email: "a@b.example") { url expiresAt } }',
  )
  expect(link.data?.createSignInLink.url).toContain('/api/auth/magic-link/verify')
})
