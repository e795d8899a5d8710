/** Ingest with the journal in front of the event store: acknowledged from a synced file, stored a moment later. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  countRows,
  distinctEvents,
  messagesTo,
  openWorld,
  storedEvents,
  type World,
  withoutEventStore,
  withoutInbox,
} from './ingest-support.ts'

let world: World
let home: string
beforeAll(async () => {
  world = await openWorld()
  home = await mkdtemp(join(tmpdir(), 'fidelio-test-journal-'))
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await rm(home, { recursive: true, force: true })
})

const messages = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({ from: `${index % 7}`, mid: `m_${from + index}` }))

test('an acknowledged webhook is in the event store a moment later, with nobody asking for it', async () => {
  const directory = join(home, 'moment')
  await using ingest = world.createIngest({}, directory)
  const page = await world.createPage()
  expect((await ingest.acceptMeta(messagesTo(page, messages(3)))).status).toBe(200)
  await expect.poll(() => storedEvents(world.stores, page.businessId), { timeout: 5000 }).toHaveLength(3)
  await expect.poll(() => readdir(directory)).toEqual([])
  expect(ingest.figures.counted).toMatchObject({ batches: 1, batches_to_inbox: 0, segments: 1, events: 3 })
})

test('many requests share few inserts, and every acknowledged row is stored once', async () => {
  await using ingest = world.createIngest({}, join(home, 'many'))
  const page = await world.createPage()
  for (let round = 0; round < 20; round++) {
    const requests = messages(30, round * 30).map((message) => messagesTo(page, [message]))
    const outcomes = await Promise.all(requests.map((request) => ingest.acceptMeta(request)))
    expect(outcomes.every(({ status }) => status === 200)).toBe(true)
  }
  await ingest.processAll()
  const { batches, segments } = ingest.figures.counted
  expect(segments).toBeLessThan(batches)
  const stored = await storedEvents(world.stores, page.businessId)
  expect(stored).toHaveLength(600)
  expect(await distinctEvents(world.stores, page.businessId)).toHaveLength(600)
})

test('an event of /v1/events that was answered stored is a duplicate at once', async () => {
  await using ingest = world.createIngest({ journalRestMs: 60_000, journalRestMsMax: 60_000 }, join(home, 'api'))
  const { id: businessId } = await world.stores.createBusiness()
  const post = async (id: string) => {
    const event = { id, type: 'order.paid', contact: { externalId: 'c1' }, data: { orderId: id, total: '1.00' } }
    const rawBody = Buffer.from(JSON.stringify({ ...event, data: { ...event.data, currency: 'EUR' } }))
    return (await ingest.acceptApi({ businessId, keyId: 'key1', rawBody })).body
  }
  // The first is inserted at once; the second would rest in the journal for a minute.
  for (const id of ['a', 'b']) {
    expect(await post(id)).toMatchObject({ results: [{ id, status: 'stored' }] })
    expect(await post(id)).toMatchObject({ results: [{ id, status: 'duplicate' }] })
  }
})

test('when the event store refuses, segments go to the inbox and are drained from there', async () => {
  await using ingest = world.createIngest({}, join(home, 'inbox'))
  const page = await world.createPage()
  await withoutEventStore(world.stores, async () => {
    expect((await ingest.acceptMeta(messagesTo(page, messages(5)))).status).toBe(200)
    await ingest.processAll()
    expect(await countRows(world.stores, 'inbox')).toBe(1)
  })
  expect(await ingest.drainInbox()).toBe(1)
  expect(await storedEvents(world.stores, page.businessId)).toHaveLength(5)
})

test('with both stores away requests are still acknowledged, and the next start stores what this one could not', async () => {
  const directory = join(home, 'both')
  const ingest = world.createIngest({}, directory)
  const page = await world.createPage()
  await ingest.acceptMeta(messagesTo(page, messages(7)))
  await ingest.processAll()
  await withoutEventStore(world.stores, () =>
    withoutInbox(world.stores, async () => {
      expect((await ingest.acceptMeta(messagesTo(page, messages(7, 7)))).status).toBe(200)
      await ingest[Symbol.asyncDispose]()
    }),
  )
  expect(await storedEvents(world.stores, page.businessId)).toHaveLength(7)
  expect(await readdir(directory)).toHaveLength(1)
  await using next = world.createIngest({}, directory)
  await next.start()
  expect(await storedEvents(world.stores, page.businessId)).toHaveLength(14)
  expect(await readdir(directory)).toEqual([])
})
