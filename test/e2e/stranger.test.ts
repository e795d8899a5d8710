import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Product, startProduct, temporaryDataDir } from '../support/product.ts'
import { type ReadmeCommand, readmeCommands, runInShell } from '../support/readme-steps.ts'

/** Somebody with curl, the README's chapter "The API" and nothing else. The tests follow each other as its steps do. */
const operatorKey = 'change-me-operator-key'
const readBackMillisecondsMax = 2000
const settleMillisecondsMax = 20_000

let place: Awaited<ReturnType<typeof temporaryDataDir>>
let product: Product
let commands: ReadmeCommand[]
const kept: Record<string, string> = {}

beforeAll(async () => {
  commands = await readmeCommands()
  place = await temporaryDataDir()
  product = await startProduct({ dataDir: place.path, env: { DEMO: '0', OPERATOR_KEY: operatorKey } })
})

afterAll(async () => {
  try {
    await product?.stop()
  } finally {
    await place?.[Symbol.asyncDispose]()
  }
})

type ReadBack = {
  waitingNow: { total: number }
  conversations: { edges: { node: { lastText: string; waitingSince: string | null } }[] }
}
type Answer = { data?: Record<string, unknown> | null; errors?: { message: string; extensions: { code: string } }[] }

/** Runs the next command of the README, which must belong to the step named. */
async function next(step: string): Promise<string> {
  const command = commands.shift()
  expect(command?.step, `the next command of the README: ${command?.command}`).toContain(step)
  return runInShell(command?.command ?? '', product.port, kept)
}

async function nextData<T>(step: string): Promise<T> {
  const printed = await next(step)
  const answer = JSON.parse(printed) as Answer
  expect(answer.errors, printed).toBeUndefined()
  return answer.data as T
}

async function ask(query: string, key = kept.K ?? ''): Promise<Answer> {
  const response = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query }),
  })
  return (await response.json()) as Answer
}

async function conversations(key = kept.K): Promise<{ id: string; lastText: string }[]> {
  const answer = await ask('{ business { conversations { edges { node { id lastText } } } } }', key)
  expect(answer.errors).toBeUndefined()
  const { business } = answer.data as unknown as {
    business: { conversations: { edges: { node: { id: string; lastText: string } }[] } }
  }
  return business.conversations.edges.map((edge) => edge.node)
}

function signed(secret: string, body: string): Record<string, string> {
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }
}

function pageMessage(pageId: string, text: string): string {
  const now = Date.now()
  const element = {
    sender: { id: '7001' },
    recipient: { id: pageId },
    timestamp: now,
    message: { mid: `m_${text}`, text },
  }
  return JSON.stringify({ object: 'page', entry: [{ id: pageId, time: now, messaging: [element] }] })
}

test('1. makes a business', async () => {
  const { createBusiness } = await nextData<{ createBusiness: { id: string } }>('A business')
  expect(createBusiness.id).toMatch(/^Business:/)
  kept.B = createBusiness.id
})

test('2. makes a key', async () => {
  const { createApiKey } = await nextData<{ createApiKey: { key: string } }>('A key')
  expect(createApiKey.key).toMatch(/^fid_/)
  kept.K = createApiKey.key
})

test('3. connects a Meta app and a Page, and the handshake answers', async () => {
  const app = await nextData<{ connectMetaApp: { id: string; callbackPath: string } }>('A Meta app')
  expect(app.connectMetaApp.callbackPath).toBe('/webhooks/meta')
  kept.APP = app.connectMetaApp.id
  const page = await nextData<{ connectAccount: { account: { id: string } } }>('A Meta app')
  expect(page.connectAccount.account.id).toMatch(/^ChannelAccount:/)
  await expect(next('A Meta app')).resolves.toBe('1158201444')
})

test('4 and 5. posts a signed webhook and reads it back within two seconds', async () => {
  const post = commands[0]?.command ?? ''
  expect(await next('A signed webhook')).toMatch(/^HTTP\/1\.1 200 /)
  const read = commands[0]?.command ?? ''
  await next('Read it back')
  await readBack(read, 'Hello', performance.now() + settleMillisecondsMax)

  const times: number[] = []
  for (const attempt of ['one', 'two', 'three']) {
    await nextSecond()
    await runInShell(post.replace('m_1', `m_${attempt}`).replace('"Hello"', `"Hello ${attempt}"`), product.port, kept)
    const acknowledged = performance.now()
    await readBack(read, `Hello ${attempt}`, acknowledged + settleMillisecondsMax)
    times.push(Math.round(performance.now() - acknowledged))
  }
  for (const time of times) expect(time, `read back after ${times.join(', ')} ms`).toBeLessThan(readBackMillisecondsMax)
})

/** The README dates its webhook to the second: two in the same one would have no first and last. */
function nextSecond(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1010 - (Date.now() % 1000)))
}

/** The README's question, asked until it shows the message, and the wait that it opened, in both of its answers. */
async function readBack(command: string, text: string, until: number): Promise<void> {
  for (;;) {
    const printed = await runInShell(command, product.port, kept)
    const { business } = (JSON.parse(printed) as { data: { business: ReadBack } }).data
    const node = business.conversations.edges[0]?.node
    if (node?.lastText === text && node.waitingSince !== null && business.waitingNow.total === 1) return
    if (performance.now() > until) throw new Error(`“${text}” was not read back: ${printed}`)
  }
}

test('a wrong signature is refused and nothing of it is stored', async () => {
  const body = pageMessage('8001', 'forged')
  const response = await fetch(`${product.url}/webhooks/meta`, {
    method: 'POST',
    headers: signed('not-the-secret', body),
    body,
  })
  expect(response.status).toBe(401)
  const honest = pageMessage('8001', 'honest')
  const accepted = await fetch(`${product.url}/webhooks/meta`, {
    method: 'POST',
    headers: signed('my-app-secret', honest),
    body: honest,
  })
  expect(accepted.status).toBe(200)
  // What came after it is there, so what was refused would be there too.
  await expect
    .poll(async () => (await conversations()).map((each) => each.lastText), { timeout: settleMillisecondsMax })
    .toContain('honest')
  const answer = await ask('{ business { recentEvents(first: 50) { text } } }')
  expect(JSON.stringify(answer)).toContain('honest')
  expect(JSON.stringify(answer)).not.toContain('forged')
})

test('a wrong key is a typed error on both doors', async () => {
  expect((await ask('{ business { name } }', 'fid_wrong')).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  const response = await fetch(`${product.url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer fid_wrong' },
    body: '{}',
  })
  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({ error: { code: 'UNAUTHENTICATED' } })
})

test('6. sends an event of its own, which is stored once', async () => {
  const command = commands[0]?.command ?? ''
  expect(JSON.parse(await next('Your own events'))).toMatchObject({
    results: [{ index: 0, id: 'order-1', status: 'stored' }],
  })
  expect(JSON.parse(await runInShell(command, product.port, kept))).toMatchObject({
    results: [{ index: 0, id: 'order-1', status: 'duplicate' }],
  })
  expect(JSON.parse(await next('Your own events'))).toMatchObject({
    results: [
      { index: 0, id: 'order-1-paid', status: 'stored' },
      { index: 1, status: 'stored' },
      { index: 2, id: 'order-2', status: 'rejected', reason: expect.stringContaining('data.total: must be a decimal') },
    ],
  })
})

test('7 and 8. sends a campaign to who agreed, and sees what became of it', async () => {
  const sandbox = await nextData<{ connectAccount: { account: { id: string; externalId: string } } }>('A campaign')
  kept.SANDBOX = sandbox.connectAccount.account.id
  kept.BOX = sandbox.connectAccount.account.externalId
  await expect(nextData('A campaign')).resolves.toMatchObject({ recordConsent: { granted: true } })
  const { createCampaign } = await nextData<{ createCampaign: { id: string } }>('A campaign')
  kept.CAMPAIGN = createCampaign.id
  await expect(nextData('A campaign')).resolves.toMatchObject({ scheduleCampaign: { status: 'SCHEDULED' } })

  const command = commands[0]?.command ?? ''
  await next('What became of it')
  await expect
    .poll(async () => JSON.parse(await runInShell(command, product.port, kept)) as unknown, { timeout: 30_000 })
    .toMatchObject({
      data: {
        business: {
          campaign: {
            status: 'DONE',
            funnel: {
              targeted: 2,
              eligible: 1,
              sent: 1,
              delivered: { closed: 1 },
              excluded: [{ reason: 'no_identity', count: 1 }],
              sumsHold: true,
            },
          },
        },
      },
    })
})

test('9. connects a shop, whose order belongs to the person who wrote', async () => {
  const { connectAccount } = await nextData<{ connectAccount: { callbackPath: string } }>('A shop')
  expect(connectAccount.callbackPath).toBe('/webhooks/woocommerce/corner-shop')
  expect(await next('A shop')).toMatch(/^HTTP\/1\.1 200 /)
  const command = commands[0]?.command ?? ''
  await next('A shop')
  expect(commands, 'the README has no further commands').toEqual([])
  const contact = {
    name: 'Kim',
    attributes: [
      { name: 'plan', value: 'gold' },
      { name: 'visits', value: 3 },
    ],
    orders: expect.arrayContaining([
      { orderId: '1', amount: 19.9, currency: 'EUR', status: 'paid' },
      { orderId: '727', amount: 29.35, currency: 'EUR', status: 'paid' },
    ]),
  }
  await expect
    .poll(async () => JSON.parse(await runInShell(command, product.port, kept)) as unknown, { timeout: 30_000 })
    .toMatchObject({
      data: { business: { conversations: { edges: expect.arrayContaining([{ node: { contact } }]) } } },
    })
})

test('ids of another business are not found', async () => {
  const own = await conversations()
  const other = await ask(
    'mutation { createBusiness(input: { name: "Other Shop", timeZone: "UTC" }) { id } }',
    operatorKey,
  )
  const otherId = (other.data as { createBusiness: { id: string } }).createBusiness.id
  const made = await ask(
    `mutation { createApiKey(input: { businessId: "${otherId}", name: "k" }) { key } }`,
    operatorKey,
  )
  const key = (made.data as { createApiKey: { key: string } }).createApiKey.key
  await expect(conversations(key)).resolves.toEqual([])
  const asked = [
    `{ business(id: "${kept.B}") { name } }`,
    `{ business { campaign(id: "${kept.CAMPAIGN}") { name } } }`,
    `{ business { conversation(id: "${own[0]?.id}") { lastText } } }`,
    `mutation { scheduleCampaign(id: "${kept.CAMPAIGN}") { status } }`,
    `mutation { createApiKey(input: { businessId: "${kept.B}", name: "stolen" }) { key } }`,
  ]
  for (const query of asked) {
    const answer = await ask(query, key)
    expect(answer.errors?.[0]?.extensions.code, query).toBe('NOT_FOUND')
  }
  // `node` answers null for what does not exist, and so for what is somebody else's.
  expect(await ask(`{ node(id: "${kept.CAMPAIGN}") { id } }`, key)).toMatchObject({ data: { node: null } })
  // The owner still finds all of it: the refusals above were about who asked.
  for (const query of asked.slice(0, 3)) expect((await ask(query)).errors, query).toBeUndefined()
})
