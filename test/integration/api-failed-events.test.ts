/** Failed events and replays over the API: seen, corrected, replayed, dismissed; by whom; and nobody else's. */
import { silentLog } from '@fidelio/db/log.ts'
import { keepFailedEvents } from '@fidelio/db/records/failed-events.ts'
import { parkEvents } from '@fidelio/db/records/parked-events.ts'
import { createIngest, type Ingest } from '@fidelio/ingest/index.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBusinessWithKey, openTestApi, type TestApi } from './api-support.ts'

let world: TestApi
let ingest: Ingest
type Business = Awaited<ReturnType<typeof createBusinessWithKey>>
let own: Business
let other: Business

beforeAll(async () => {
  world = await openTestApi()
  const { stores, vault, clock } = world
  ingest = createIngest({ stores, vault, clock, log: silentLog })
  own = await createBusinessWithKey(world, 'Own', 'owner@own.example')
  other = await createBusinessWithKey(world, 'Other', 'owner@other.example')
})
afterAll(async () => {
  await ingest[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

const order = (id: string, data: object) => ({ id, type: 'order.created', contact: { externalId: 'c1' }, data })
const good = { orderId: 'A', total: '12.50', currency: 'EUR' }

function send(business: Business, ...events: object[]) {
  return ingest.acceptApi({
    businessId: business.uuid,
    keyId: 'k',
    rawBody: Buffer.from(JSON.stringify({ events })),
  })
}

/** What draws the Intake page, in one query. */
const intakePage = `query ($filter: FailedEventFilter) { business {
  recentEvents(first: 5) { kind }
  intake { acceptedLastHour unknownLastHour { label count } lagSeconds inboxWaiting failedEvents
           failedByReason { reason label count } }
  failedEvents(filter: $filter, first: 20) { total pageInfo { hasNextPage endCursor } edges { node {
    id channel account { name } reason label detail payload original attempts schemaVersion parsersChanged firstSeenAt
    lastSeenAt state queued replayId storedEvents settledAt settledBy } } }
  replays(first: 5) { id kind requestedBy requestedAt finishedAt matched done failed storedEvents knownEvents sentence }
} }`

type IntakePage = {
  business: {
    intake: { failedEvents: number; failedByReason: { reason: string; label: string; count: number }[] }
    failedEvents: { total: number; edges: { node: Record<string, unknown> & { id: string } }[] }
    replays: Record<string, unknown>[]
  }
}

async function page(key: string, filter: object = {}) {
  const { data, errors } = await world.ask<IntakePage>({ key }, intakePage, { filter })
  expect(errors).toEqual([])
  if (!data) throw new Error('no data')
  return data.business
}

const replayOne = `mutation ($id: ID!, $payload: String) { replayFailedEvent(id: $id, payload: $payload) { id matched finishedAt } }`
const dismiss = 'mutation ($id: ID!) { dismissFailedEvent(id: $id) { state settledBy } }'

test('one query draws the Intake page; a correction is replayed, on record with its author, and once only', async () => {
  await send(own, order('o1', {}), order('o2', good))
  const before = await page(own.key)
  expect(before.intake).toMatchObject({
    failedEvents: 1,
    failedByReason: [{ reason: 'rejected', label: 'A field is missing or has a wrong value.', count: 1 }],
  })
  const [failed] = before.failedEvents.edges
  expect(failed?.node).toMatchObject({
    channel: 'WEBHOOK',
    account: null,
    reason: 'rejected',
    detail: expect.stringContaining('data.orderId'),
    payload: JSON.stringify(order('o1', {})),
    state: 'OPEN',
    queued: false,
    attempts: 1,
    parsersChanged: false,
  })
  const id = failed?.node.id ?? ''
  const payload = JSON.stringify(order('o1', { ...good, orderId: 'B' }))
  const asked = await world.ask<{ replayFailedEvent: { id: string; matched: number } }>({ key: own.key }, replayOne, {
    id,
    payload,
  })
  expect(asked.data?.replayFailedEvent).toMatchObject({ matched: 1, finishedAt: null })
  expect((await page(own.key)).failedEvents.edges[0]?.node).toMatchObject({ queued: true, payload })
  const busy = await world.ask({ key: own.key }, dismiss, { id })
  expect(busy.errors[0]?.extensions.code).toBe('CONFLICT')

  await ingest.processAll()
  const after = await page(own.key)
  expect(after.failedEvents.edges[0]?.node).toMatchObject({
    state: 'REPLAYED',
    queued: false,
    storedEvents: 1,
    settledBy: 'key all',
    original: JSON.stringify(order('o1', {})),
    replayId: asked.data?.replayFailedEvent.id,
  })
  expect(after.replays[0]).toMatchObject({
    kind: 'FAILED',
    requestedBy: 'key all',
    matched: 1,
    done: 1,
    failed: 0,
    storedEvents: 1,
    sentence: '1 replayed: 1 stored, 0 failed again.',
  })
  expect(after.intake.failedEvents).toBe(0)

  const late = await world.ask({ key: own.key }, replayOne, { id, payload: payload.replace('12.50', '99.00') })
  expect(late.errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', field: 'payload' })
  // The clock stands still otherwise, and of two replays asked at one instant neither is the newest.
  world.clock.advance(1000)
  await world.ask({ key: own.key }, replayOne, { id })
  await ingest.processAll()
  expect((await page(own.key)).replays[0]).toMatchObject({ storedEvents: 0, knownEvents: 1 })
})

test('all that match are replayed at once, and what fails again says why', async () => {
  await send(own, order('p1', {}), order('p2', { orderId: 'C' }), { id: 'p3', type: 'order.created' })
  const all = `mutation ($filter: FailedEventFilter) { replayFailedEvents(filter: $filter) { id matched } }`
  const none = await world.ask<{ replayFailedEvents: { matched: number } }>({ key: own.key }, all, {
    filter: { reason: 'parser_error' },
  })
  expect(none.data?.replayFailedEvents.matched).toBe(0)
  const open = (await page(own.key, { state: 'OPEN' })).failedEvents.total
  const asked = await world.ask<{ replayFailedEvents: { id: string; matched: number } }>({ key: own.key }, all, {})
  expect(asked.data?.replayFailedEvents.matched).toBe(open)
  await ingest.processAll()
  const one = `query ($id: ID!) { business { replay(id: $id) { done failed finishedAt sentence(locale: FR) } } }`
  const { data } = await world.ask({ key: own.key }, one, { id: asked.data?.replayFailedEvents.id })
  expect(data).toMatchObject({
    business: {
      replay: {
        done: open,
        failed: open,
        finishedAt: expect.any(String),
        sentence: expect.stringContaining('encore en échec'),
      },
    },
  })
})

test('somebody else’s failed events do not exist, whatever is done with their id', async () => {
  await send(other, order('x', {}))
  const [theirs] = (await page(other.key)).failedEvents.edges
  const id = theirs?.node.id ?? ''
  for (const mutation of [replayOne, dismiss]) {
    const { errors } = await world.ask({ key: own.key }, mutation, { id })
    expect(errors[0]?.extensions.code).toBe('NOT_FOUND')
  }
  expect((await page(other.key)).failedEvents.edges[0]?.node).toMatchObject({ state: 'OPEN', queued: false })
  const { data } = await world.ask({ key: other.key }, dismiss, { id })
  expect(data).toEqual({ dismissFailedEvent: { state: 'DISMISSED', settledBy: 'key all' } })
})

test('who sees numbers only sees reasons, not payloads; who may not write events may not replay', async () => {
  const { createSignInLink } = await world.operator<{ createSignInLink: { url: string } }>(
    'mutation ($e: String!, $b: ID) { createSignInLink(email: $e, businessId: $b, role: EXECUTIVE) { url } }',
    { e: 'boss@own.example', b: own.uuid },
  )
  expect(createSignInLink.url).toContain('http')
  const boss = await world.signIn('boss@own.example')
  const reasons = await world.ask(boss, '{ business { failedEvents { edges { node { reason label } } } } }')
  expect(reasons.errors).toEqual([])
  const payloads = await world.ask(boss, '{ business { failedEvents { edges { node { payload } } } } }')
  expect(payloads.errors[0]?.extensions.code).toBe('FORBIDDEN')
  const replays = await world.ask(boss, 'mutation { replayFailedEvents { id } }')
  expect(replays.errors[0]?.extensions.code).toBe('FORBIDDEN')
})

test('the operator alone sees what belongs to nobody, and what waits for an account', async () => {
  await world.stores.forWorker().tx(async (sql) => {
    await keepFailedEvents(sql, [
      {
        id: '0fffffff-0000-8000-8000-000000000001',
        businessId: null,
        accountId: null,
        channel: 'messenger',
        reason: 'malformed_json',
        detail: '',
        raw: '{',
        origin: { door: 'meta' },
        receivedAt: world.clock.now(),
      },
    ])
    await parkEvents(sql, [
      {
        id: '0fffffff-0000-8000-8000-000000000002',
        channel: 'messenger',
        externalId: '424242',
        metaAppId: null,
        receivedAt: world.clock.now(),
        raw: '{}',
      },
    ])
  })
  const query = `{ parkedAccounts { channel externalId entries metaAppName }
    unroutedFailedEvents { total edges { node { id reason payload account { id } } } } }`
  expect(await world.operator(query)).toMatchObject({
    parkedAccounts: [{ channel: 'MESSENGER', externalId: '424242', entries: 1, metaAppName: null }],
    unroutedFailedEvents: { total: 1, edges: [{ node: { reason: 'malformed_json', payload: '{' } }] },
  })
  for (const field of ['parkedAccounts { channel }', 'unroutedFailedEvents { total }']) {
    const { errors } = await world.ask({ key: own.key }, `{ ${field} }`)
    expect([field, errors[0]?.extensions.code]).toEqual([field, 'FORBIDDEN'])
  }
  const id = '0fffffff-0000-8000-8000-000000000001'
  expect(await world.operator(dismiss, { id })).toEqual({
    dismissFailedEvent: { state: 'DISMISSED', settledBy: 'operator' },
  })
})
