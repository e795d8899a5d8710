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
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

test('when ClickHouse refuses, rows wait in the inbox and arrive with the same identities', async () => {
  await using ingest = world.createIngest()
  const [page, undisturbed] = [await world.createPage(), await world.createPage()]
  const messages = Array.from({ length: 20 }, (_, index) => ({
    from: `${index % 4}`,
    mid: `m_${index}`,
    text: 'a\u0000b',
  }))
  const outcome = await withoutEventStore(world.stores, () => ingest.acceptMeta(messagesTo(page, messages)))
  expect(outcome.status).toBe(200)
  expect(await storedEvents(world.stores, page.businessId)).toEqual([])
  expect(await countRows(world.stores, 'inbox')).toBe(1)
  expect(await ingest.drainInbox()).toBe(1)
  expect(await countRows(world.stores, 'inbox')).toBe(0)
  const drained = await storedEvents(world.stores, page.businessId)
  expect(drained).toHaveLength(20)

  // The provider's retry of the same body meets the rows that were drained.
  await using later = world.createIngest()
  await later.acceptMeta(messagesTo(page, messages))
  expect(await distinctEvents(world.stores, page.businessId)).toHaveLength(20)
  await later.acceptMeta(messagesTo(undisturbed, messages))
  const words = (rows: { external_id: string; text: string; ts: string }[]) =>
    rows.map(({ external_id, text, ts }) => [external_id, text, ts].join()).sort()
  expect(words(drained)).toEqual(words(await storedEvents(world.stores, undisturbed.businessId)))
})

test('the inbox keeps its batches until the store takes them', async () => {
  await using ingest = world.createIngest({ detourMs: 0 })
  const page = await world.createPage()
  await withoutEventStore(world.stores, async () => {
    await ingest.acceptMeta(messagesTo(page, [{ from: '1', mid: 'a' }]))
    await ingest.acceptMeta(messagesTo(page, [{ from: '1', mid: 'b' }]))
    expect(await ingest.drainInbox()).toBe(0)
    expect(await countRows(world.stores, 'inbox')).toBe(2)
  })
  expect(await ingest.drainInbox()).toBe(2)
  expect(await storedEvents(world.stores, page.businessId)).toHaveLength(2)
})

test('one unreadable row in the inbox costs its neighbours nothing', async () => {
  await using ingest = world.createIngest()
  const page = await world.createPage()
  await withoutEventStore(world.stores, () =>
    ingest.acceptMeta(
      messagesTo(page, [
        { from: '1', mid: 'a' },
        { from: '1', mid: 'b' },
        { from: '1', mid: 'c' },
      ]),
    ),
  )
  await world.stores.forWorker().tx(
    (sql) => sql`
      update inbox set events = jsonb_set(events, '{rows}', to_jsonb(
        regexp_replace(events ->> 'rows', '"0"', '"zero"')))`,
  )
  expect(await ingest.drainInbox()).toBe(1)
  expect(await storedEvents(world.stores, page.businessId)).toHaveLength(2)
  expect(await countRows(world.stores, 'inbox')).toBe(0)
  const failed = await world.stores.forWorker().tx((sql) => sql`select business_id, reason from failed_events`)
  expect(failed).toEqual([{ business_id: page.businessId, reason: 'store_refused' }])
})

test('when both stores refuse, nobody is told 200, and the retry stores everything', async () => {
  await using ingest = world.createIngest({ detourMs: 0 })
  const page = await world.createPage()
  await ingest.acceptMeta(messagesTo(page, [{ from: '1', mid: 'known' }]))
  const request = messagesTo(page, [{ from: '1', mid: 'a' }])
  const refused = await withoutEventStore(world.stores, () =>
    withoutInbox(world.stores, () => Promise.all([ingest.acceptMeta(request), ingest.acceptMeta(request)])),
  )
  expect(refused).toMatchObject([
    { status: 503, retryAfterSeconds: 2 },
    { status: 503, retryAfterSeconds: 2 },
  ])
  expect(await storedEvents(world.stores, page.businessId)).toHaveLength(1)
  expect((await ingest.acceptMeta(request)).status).toBe(200)
  expect(await distinctEvents(world.stores, page.businessId)).toHaveLength(2)
})

test('a full buffer turns callers away at once instead of growing', async () => {
  await using ingest = world.createIngest({ bufferRowsMax: 50, batchRowsMax: 10 })
  const page = await world.createPage()
  await ingest.acceptMeta(messagesTo(page, [{ from: '1', mid: 'first' }]))
  const requests = Array.from({ length: 200 }, (_, index) => messagesTo(page, [{ from: '1', mid: `m_${index}` }]))
  const outcomes = await Promise.all(requests.map((request) => ingest.acceptMeta(request)))
  const stored = outcomes.filter((outcome) => outcome.status === 200).length
  const turnedAway = outcomes.filter((outcome) => outcome.status === 503)
  expect(stored).toBe(50)
  expect(turnedAway).toHaveLength(150)
  expect(turnedAway.every((outcome) => outcome.retryAfterSeconds === 2)).toBe(true)
  expect(await distinctEvents(world.stores, page.businessId)).toHaveLength(51)
  expect(ingest.figures.dropped.buffer_full).toBe(150)
  // Room again: whoever comes back is served.
  expect((await ingest.acceptMeta(messagesTo(page, [{ from: '1', mid: 'again' }]))).status).toBe(200)
})

test('many requests at once share few inserts', async () => {
  await using ingest = world.createIngest()
  const page = await world.createPage()
  await ingest.acceptMeta(messagesTo(page, [{ from: '1', mid: 'first' }]))
  const before = ingest.figures.counted.batches
  const requests = Array.from({ length: 100 }, (_, index) => messagesTo(page, [{ from: '1', mid: `m_${index}` }]))
  await Promise.all(requests.map((request) => ingest.acceptMeta(request)))
  expect(ingest.figures.counted.batches - before).toBeLessThanOrEqual(5)
  expect(await distinctEvents(world.stores, page.businessId)).toHaveLength(101)
})
