import type { AddressInfo } from 'node:net'
import { createHttp, listen } from '@fidelio/server/http.ts'
import { createLog, createTelemetry } from '@fidelio/server/telemetry.ts'
import { parse } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBusinessWithKey, openTestApi, publicUrl, type TestApi } from './api-support.ts'

let world: TestApi
let key: { key: string }

beforeAll(async () => {
  world = await openTestApi()
  key = await createBusinessWithKey(world, 'Limits', 'owner@limits.example')
})
afterAll(() => world[Symbol.asyncDispose]())

const nested = (levels: number) =>
  `${'{ viewer { businesses { business '.repeat(1)}${'{ contact(id: "1") { conversations { contact '.repeat(levels)}{ id }${'} } }'.repeat(levels)} } } }`
const aliases = (count: number) => `{ ${Array.from({ length: count }, (_, i) => `a${i}: __typename`).join(' ')} }`
const tokens = (count: number) => `{ viewer { ${'kind '.repeat(count)} } }`
const fragmentBomb = (levels: number) =>
  `query { viewer { businesses { business { ...f0 } } } } ${Array.from(
    { length: levels },
    (_, i) => `fragment f${i} on Business { accounts { id } ${i + 1 < levels ? `...f${i + 1} ...f${i + 1}` : 'id'} }`,
  ).join(' ')}`

test.each([
  ['deeper than 12 levels', nested(5)],
  ['more than 30 aliases', aliases(31)],
  ['more than 2000 tokens', tokens(2001)],
  [
    'a page of 200 pages of 200',
    '{ business { conversations(first: 200) { edges { node { messages(last: 200) { edges { node { id text } } } } } } } }',
  ],
  [
    'many heavy questions',
    `{ business { ${Array.from({ length: 30 }, (_, i) => `a${i}: waitingNow(first: 20) { spells { conversation { messages(last: 100) { edges { node { text } } } } } }`).join(' ')} } }`,
  ],
])('a query with %s is refused as too heavy before it is executed', async (_what, query) => {
  const started = performance.now()
  const { errors, data } = await world.ask(key, query)
  expect(errors[0]?.extensions.code).toBe('TOO_HEAVY')
  expect(data).toBeNull()
  expect(performance.now() - started).toBeLessThan(1000)
})

test('fragments that spread each other are refused by their cost or shape, quickly', async () => {
  const query = fragmentBomb(16)
  expect(() => parse(query)).not.toThrow()
  const started = performance.now()
  const { errors } = await world.ask(key, query)
  expect(errors[0]?.extensions.code).toBe('TOO_HEAVY')
  expect(performance.now() - started).toBeLessThan(1000)
})

test('the same shapes just inside the limits are answered', async () => {
  const inside = await world.ask(key, aliases(30))
  expect(inside.errors).toEqual([])
  expect(inside.extensions.cost).toEqual({ requested: expect.any(Number), max: 20_000 })
})

test('a fragment that spreads itself is an error of the caller, not of ours', async () => {
  const { errors } = await world.ask(key, 'query { ...f } fragment f on Query { ...f }')
  expect(errors[0]?.extensions.code).toBe('VALIDATION')
})

test.each([0, 201, -1])('a page of %i rows is refused', async (first) => {
  const { errors } = await world.ask(
    key,
    '($n: Int) { business { conversations(first: $n) { edges { cursor } } } }'.replace('(', 'query ('),
    { n: first },
  )
  expect(errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'first' })
})

test('batches are not answered', async () => {
  const response = await world.api.fetch(
    new Request(`${publicUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key.key}` },
      body: JSON.stringify([{ query: '{ viewer { kind } }' }, { query: '{ viewer { kind } }' }]),
    }),
  )
  expect(response.status).toBe(400)
})

test('a mistyped field names its like to those with a key, and to nobody else', async () => {
  const known = await world.ask(key, '{ vewer { kind } }')
  expect(known.errors[0]?.message).toContain('Did you mean')
  const unknown = await world.ask(null, '{ vewer { kind } }')
  expect(unknown.errors[0]?.message).not.toContain('Did you mean')
  expect(unknown.errors[0]?.extensions.code).toBe('VALIDATION')
})

test('introspection answers, as developers need it', async () => {
  const { getIntrospectionQuery } = await import('graphql')
  const { errors, data } = await world.ask(key, getIntrospectionQuery())
  expect(errors).toEqual([])
  expect(data).toHaveProperty('__schema')
})

test('strangers are slowed down after 60 requests a minute, and told how long to wait', async () => {
  let last = await world.ask(null, '{ __typename }')
  for (let i = 0; i < 61 && last.status !== 429; i++) last = await world.ask(null, '{ __typename }')
  expect(last.status).toBe(429)
  expect(last.errors[0]?.extensions.code).toBe('RATE_LIMITED')
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
})

const guess = (number: number) => `fid_guess${number}`

test('an address with 60 wrong keys a minute is no longer listened to, except for keys that were right before', async () => {
  const ip = '198.51.100.9'
  const asks = (bearer: string, from = ip) =>
    world.api
      .fetch(
        new Request(`${publicUrl}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: bearer },
          body: JSON.stringify({ query: '{ viewer { kind } }' }),
        }),
        { ip: from },
      )
      .then((response) => response.status)
  expect(await asks(`Bearer ${key.key}`)).toBe(200)
  expect(await asks('Basic Zm9v')).toBe(401)
  // At once: guesses that are still being looked at count, too.
  const statuses = await Promise.all(Array.from({ length: 80 }, (_, number) => asks(`Bearer ${guess(number)}`)))
  expect(statuses.filter((status) => status === 401)).toHaveLength(59)
  expect(statuses.filter((status) => status === 429)).toHaveLength(21)
  expect(await asks('Basic Zm9v')).toBe(429)
  const fresh = await createBusinessWithKey(world, 'Fresh', 'owner@fresh.example')
  expect(await asks(`Bearer ${fresh.key}`)).toBe(429)
  expect(await asks(`Bearer ${key.key}`)).toBe(200)
  expect(await asks(`Bearer ${fresh.key}`, '198.51.100.10')).toBe(200)
  expect(await world.api.verifyKey(guess(1), { ip })).toEqual({ retryAfterSeconds: expect.any(Number) })
})

test('keys for events are limited by address in the same way, and right ones never use the allowance up', async () => {
  const ip = '198.51.100.11'
  const { createApiKey } = await world.operator<{ createApiKey: { key: string } }>(
    'mutation ($b: ID) { createApiKey(input: { businessId: $b, name: "first seen" }) { key } }',
    { b: (await createBusinessWithKey(world, 'Events', 'owner@events.example')).id },
  )
  expect(await world.api.verifyKey(createApiKey.key, { ip })).toMatchObject({ name: 'first seen' })
  for (let i = 0; i < 60; i++) expect(await world.api.verifyKey(guess(1), { ip })).toBeNull()
  expect(await world.api.verifyKey(guess(1), { ip })).toEqual({ retryAfterSeconds: expect.any(Number) })
  expect(await world.api.verifyKey('nonsense', { ip })).toEqual({ retryAfterSeconds: expect.any(Number) })
})

test('the HTTP edge tells an address with too many wrong keys to wait, and reads no body of it', async () => {
  let taken = 0
  const edge = createHttp({
    doors: {
      verifyKey: world.api.verifyKey,
      ready: async () => ({ ok: true, postgres: true, clickhouse: true }),
      ingest: {
        handshake: () => ({ status: 404 }),
        acceptMeta: async () => ({ status: 404 }),
        acceptWebhook: async () => ({ status: 404 }),
        acceptApi: async () => {
          taken += 1
          return { status: 200 }
        },
        acceptMetaCallback: async () => ({ status: 401 }),
        deletionStatus: async () => null,
      },
    },
    site: { serve: async () => {} },
    telemetry: createTelemetry(),
    log: createLog('silent'),
    publicUrl,
    bodyBytesMax: 1000,
    trustedProxies: 1,
    stopping: new AbortController().signal,
  })
  const server = await listen(edge, '127.0.0.1', 0)
  try {
    const { port } = server.address() as AddressInfo
    const post = (bearer: string, address: string) =>
      fetch(`http://127.0.0.1:${port}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'x-forwarded-for': address },
        body: '{}',
      })
    for (let i = 0; i < 60; i++) expect((await post(guess(2), '192.0.2.1')).status).toBe(401)
    const limited = await post(guess(2), '192.0.2.1')
    expect([limited.status, await limited.json()]).toMatchObject([429, { error: { code: 'RATE_LIMITED' } }])
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await post(guess(2), '192.0.2.2')).status).toBe(401)
    expect((await post(key.key, '192.0.2.1')).status).toBe(200)
    expect(taken).toBe(1)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})
