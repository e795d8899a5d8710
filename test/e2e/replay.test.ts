/** The operator rebuilds a business of a running installation and is told that no figure changed (features.md 1.9). */
import { signMeta } from '@fidelio/channels/meta-signature.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Product, startProduct, temporaryDataDir } from '../support/product.ts'
import { runReplay } from '../support/replay-command.ts'

const operatorKey = 'operator-key-of-the-replay-test'
const minuteMs = 60_000
const page = '8001'
const secret = 'secret-of-the-app'

let place: Awaited<ReturnType<typeof temporaryDataDir>>
let product: Product
beforeAll(async () => {
  place = await temporaryDataDir()
  product = await startProduct({ dataDir: place.path, env: { DEMO: '0', OPERATOR_KEY: operatorKey } })
})
afterAll(async () => {
  await product[Symbol.asyncDispose]()
  await place[Symbol.asyncDispose]()
})

async function ask<T>(query: string, variables: Record<string, unknown>): Promise<T> {
  const response = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${operatorKey}` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] }
  if (errors) throw new Error(errors.map(({ message }) => message).join(' '))
  return data
}

/** Twenty people wrote yesterday; all but five were answered. */
async function feed(): Promise<void> {
  const { createBusiness } = await ask<{ createBusiness: { id: string } }>(
    'mutation { createBusiness(input: { name: "Corner Shop", timeZone: "Europe/Paris" }) { id } }',
    {},
  )
  const { connectMetaApp } = await ask<{ connectMetaApp: { id: string } }>(
    'mutation ($b: ID!, $s: String!) { connectMetaApp(input: { businessId: $b, appId: "1001", verifyToken: "verify-me", appSecret: $s }) { id } }',
    { b: createBusiness.id, s: secret },
  )
  await ask(
    'mutation ($b: ID!, $a: ID!, $p: String!) { connectAccount(input: { businessId: $b, channel: MESSENGER, name: "Page", externalId: $p, metaAppId: $a }) { account { id } } }',
    { b: createBusiness.id, a: connectMetaApp.id, p: page },
  )
  const yesterday = Date.now() - 24 * 60 * minuteMs
  const messaging = Array.from({ length: 20 }, (_, index) => {
    const [person, shop] = [{ id: `70${index}` }, { id: page }]
    const asked = {
      sender: person,
      recipient: shop,
      timestamp: yesterday,
      message: { mid: `q${index}`, text: 'Hello' },
    }
    const answer = { sender: shop, recipient: person, message: { mid: `a${index}`, text: 'Hi', is_echo: true } }
    return index < 5 ? [asked] : [asked, { ...answer, timestamp: yesterday + index * minuteMs }]
  }).flat()
  const body = JSON.stringify({ object: 'page', entry: [{ id: page, time: Date.now(), messaging }] })
  const response = await fetch(`${product.url}/webhooks/meta`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signMeta(Buffer.from(body), secret) },
    body,
  })
  expect(response.status).toBe(200)
}

const day = (ago: number) => new Date(Date.now() - ago * 24 * 60 * minuteMs).toISOString().slice(0, 10)
const period = { from: day(7), to: day(0) }

test('a healthy business: every figure twice, none changed, and status 0', async () => {
  await feed()
  // The key and the port are all it is told: no directory, no other secret.
  const env = { OPERATOR_KEY: operatorKey, PORT: String(product.port) }
  const { status, output } = await runReplay(env, { business: 'corner-shop', ...period })
  expect(output).toMatch(/No figure changed: \d{2,} numbers are the same/)
  expect(output).toMatch(/^ {2}firstResponse\.opened +20 {2}20$/m)
  expect(output).toMatch(/^ {2}firstResponse\.answered +15 {2}15$/m)
  expect(status).toBe(0)
})

test('what cannot be done is said in a sentence, with status 2', async () => {
  const env = { OPERATOR_KEY: operatorKey, PORT: String(product.port) }
  const runs = [
    { said: 'OPERATOR_KEY', run: runReplay({}, { business: 'corner-shop', ...period }) },
    { said: 'Usage', run: runReplay(env, { business: 'corner-shop' }) },
    { said: 'no such business', run: runReplay(env, { business: 'nobodys-shop', ...period }) },
    { said: 'Nothing answers', run: runReplay(env, { business: 'corner-shop', ...period, url: 'http://127.0.0.1:9' }) },
  ]
  for (const { said, run } of runs) {
    const { status, output } = await run
    expect(output.toLowerCase()).toContain(said.toLowerCase())
    expect(output, 'a sentence, not the trace of a program').not.toMatch(/^\s+at /m)
    expect(status).toBe(2)
  }
})
