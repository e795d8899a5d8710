import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort, type Product, runToEnd, startProduct, temporaryDataDir } from '../support/product.ts'

const operatorKey = 'operator-key-of-the-process-test'
/** A start after a crash takes under 10 s on a machine of its own; this one is shared with everything else. */
const restartMillisecondsMax = 60_000

type Place = Awaited<ReturnType<typeof temporaryDataDir>>

async function ask(url: string, key: string, query: string): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query }),
  })
  const answer = (await response.json()) as { data?: unknown; errors?: { message: string }[] }
  if (answer.errors) throw new Error(answer.errors.map((error) => error.message).join('; '))
  return answer.data
}

/** A business of its own on an instance, and a key that reads it. */
async function createBusiness(product: Product, name: string): Promise<string> {
  const made = (await ask(
    product.url,
    operatorKey,
    `mutation { createBusiness(input: { name: "${name}", timeZone: "Europe/Paris" }) { id } }`,
  )) as { createBusiness: { id: string } }
  const key = (await ask(
    product.url,
    operatorKey,
    `mutation { createApiKey(input: { businessId: "${made.createBusiness.id}", name: "test" }) { key } }`,
  )) as { createApiKey: { key: string } }
  return key.createApiKey.key
}

test('says everything that is wrong with the configuration at once, and does not start', async () => {
  const { status, output } = await runToEnd({
    PORT: '99999',
    DEMO: 'maybe',
    OPERATOR_KEY: 'short',
    CLICKHOUSE_URL: 'http://127.0.0.1:8123',
    RUN: 'ingest,cooking',
    MASTER_KEY: 'dG9vIHNob3J0',
    SMTP_URL: 'smtp://mail.example',
  })
  expect(status).toBe(2)
  for (const setting of ['PORT', 'DEMO', 'OPERATOR_KEY', 'DATABASE_URL', 'cooking', 'MASTER_KEY', 'MAIL_FROM']) {
    expect(output, `a complaint about ${setting}`).toContain(setting)
  }
  // Sentences for people, not the trace of a program.
  expect(output).not.toMatch(/^\s+at /m)
})

describe('two instances side by side', () => {
  const env = { DEMO: '0', OPERATOR_KEY: operatorKey }
  const places: Place[] = []
  const products: Product[] = []
  const keys: string[] = []

  beforeAll(async () => {
    for (let i = 0; i < 2; i += 1) places.push(await temporaryDataDir())
    const started = await Promise.all(places.map(async (place) => startProduct({ dataDir: place.path, env })))
    products.push(...started)
    for (const [index, product] of products.entries()) keys.push(await createBusiness(product, `Shop ${index}`))
  })

  afterAll(async () => {
    for (const product of products) await product.kill()
    for (const place of places) await place[Symbol.asyncDispose]()
  })

  test('each has its own businesses, and neither takes the other’s key', async () => {
    const [first, second] = products as [Product, Product]
    const [firstKey, secondKey] = keys as [string, string]
    await expect(ask(first.url, firstKey, '{ business { name } }')).resolves.toEqual({ business: { name: 'Shop 0' } })
    await expect(ask(second.url, secondKey, '{ business { name } }')).resolves.toEqual({ business: { name: 'Shop 1' } })
    await expect(ask(first.url, secondKey, '{ business { name } }')).rejects.toThrow()
  })

  test('after kill -9 the same directory starts again with everything in it, and the neighbour noticed nothing', async () => {
    const [first, second] = products as [Product, Product]
    const [firstKey, secondKey] = keys as [string, string]
    await first.kill()
    const again = await startProduct({ dataDir: (places[0] as Place).path, port: first.port, env })
    products[0] = again
    expect(again.readyMilliseconds).toBeLessThan(restartMillisecondsMax)
    await expect(ask(again.url, firstKey, '{ business { name } }')).resolves.toEqual({ business: { name: 'Shop 0' } })
    await expect(ask(second.url, secondKey, '{ business { name } }')).resolves.toEqual({ business: { name: 'Shop 1' } })
  })

  test('a second process on the same directory is refused in words', async () => {
    const { status, output } = await runToEnd({
      ...env,
      PORT: String(await freePort()),
      DATA_DIR: (places[1] as Place).path,
    })
    expect(status).toBe(1)
    expect(output).toContain((places[1] as Place).path)
  })

  test('SIGTERM ends both cleanly, and nothing answers afterwards', async () => {
    // `stop` throws unless the process ends by itself with status 0 in time.
    await Promise.all(products.map((product) => product.stop()))
    for (const product of products) await expect(fetch(`${product.url}/health`)).rejects.toThrow()
  })
})
