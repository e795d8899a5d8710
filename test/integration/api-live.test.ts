import { randomUUID } from 'node:crypto'
import { createLiveFeeds } from '@fidelio/api/live-feed.ts'
import { eventColumns } from '@fidelio/core/event.ts'
import { clickHouseTime } from '@fidelio/db/clickhouse/query.ts'
import { eventsAfter, recentEvents } from '@fidelio/db/queries/live.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBusinessWithKey, openTestApi, publicUrl, type TestApi } from './api-support.ts'

let world: TestApi
let business: Awaited<ReturnType<typeof createBusinessWithKey>>

beforeAll(async () => {
  world = await openTestApi()
  business = await createBusinessWithKey(world, 'Live', 'owner@live.example')
})
afterAll(() => world[Symbol.asyncDispose]())

async function storeEvent(text: string): Promise<string> {
  const rowId = randomUUID()
  const at = clickHouseTime(world.clock.now())
  const row: Record<string, unknown> = {
    business_id: business.uuid,
    contact_id: 0,
    account_id: '00000000-0000-0000-0000-000000000000',
    channel: 'webhook',
    kind: 'custom',
    role: 'system',
    name: 'test',
    ts: at,
    received_at: at,
    time_flag: '',
    row_id: rowId,
    external_id: rowId,
    text,
    refs: [],
    watermark_at: clickHouseTime(new Date(0)),
    order_id: '',
    amount: '0',
    currency: '',
    app_id: '',
    data: '{}',
    raw: '{}',
  }
  await world.stores
    .forWorker()
    .insertRows('events', eventColumns, [eventColumns.map((name) => row[name])], `live:${rowId}`)
  return rowId
}

/** Opens the stream and reads texts from it until there are so many; then hangs up. */
async function listen(count: number, after: string | null, meanwhile: () => Promise<void>): Promise<string[]> {
  const hangUp = new AbortController()
  const response = await world.api.fetch(
    new Request(`${publicUrl}/graphql`, {
      method: 'POST',
      signal: hangUp.signal,
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${business.key}`,
      },
      body: JSON.stringify({
        query: 'subscription ($after: ID) { liveEvents(after: $after) { id text } }',
        variables: { after },
      }),
    }),
  )
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  if (!response.body) throw new Error('There is no stream.')
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let received = ''
  const texts = () => [...received.matchAll(/"text":"([^"]*)"/g)].map((match) => match[1] ?? '')
  const first = reader.read()
  await meanwhile()
  let chunk = await first
  for (;;) {
    received += chunk.value ?? ''
    if (chunk.done || texts().length >= count) break
    chunk = await reader.read()
  }
  hangUp.abort()
  await reader.cancel()
  return texts()
}

test('events come as they are stored, and a reader who was away resumes after the last one seen', async () => {
  const before = await storeEvent('before')
  const live = await listen(1, null, async () => {
    // The stream starts at the newest event it finds when it opens; give it the time to look.
    await new Promise((resolve) => setTimeout(resolve, 800))
    await storeEvent('while listening')
  })
  expect(live).toEqual(['while listening'])
  await storeEvent('while away')
  const resumed = await listen(2, before, async () => {})
  expect(resumed).toEqual(['while listening', 'while away'])
}, 30_000)

test('a stream cannot be resumed after somebody else’s event', async () => {
  const response = await world.api.fetch(
    new Request(`${publicUrl}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${business.key}`,
      },
      body: JSON.stringify({
        query: 'subscription { liveEvents(after: "3f0f9a1e-1111-4222-8333-444455556666") { id } }',
      }),
    }),
  )
  expect(await response.text()).toContain('NOT_FOUND')
})

/** A stream that is open, as a browser holds one. */
async function openStream(): Promise<{ first: Promise<string>; hangUp: () => void }> {
  const leaving = new AbortController()
  const response = await world.api.fetch(
    new Request(`${publicUrl}/graphql`, {
      method: 'POST',
      signal: leaving.signal,
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${business.key}`,
      },
      body: JSON.stringify({ query: 'subscription { liveEvents { text } }' }),
    }),
  )
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) throw new Error('There is no stream.')
  const first = reader.read().then(
    ({ value }) => value ?? '',
    () => '',
  )
  return { first, hangUp: () => leaving.abort() }
}

test('one key holds five streams at a time, and a place is free again when one hangs up', async () => {
  const open = await Promise.all(Array.from({ length: 5 }, openStream))
  const sixth = await openStream()
  expect(await sixth.first).toContain('RATE_LIMITED')
  open[0]?.hangUp()
  await new Promise((resolve) => setTimeout(resolve, 50))
  const again = await openStream()
  expect(await Promise.race([again.first, new Promise((resolve) => setTimeout(resolve, 1500, 'open'))])).not.toContain(
    'RATE_LIMITED',
  )
  for (const stream of [...open, again]) stream.hangUp()
}, 20_000)

test('many listeners of one business share one poller, and each hears every event once, in order', async () => {
  const listeners = 8
  const events = 30
  let reads = 0
  const feeds = createLiveFeeds(world.stores, (db, question) => {
    reads += 1
    return eventsAfter(db, question)
  })
  const [newest] = await recentEvents(world.stores.forBusiness(business.uuid), { first: 1 })
  const hangUp = new AbortController()
  const listenTo = async (delayMs: number) => {
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    const heard: string[] = []
    for await (const page of feeds.pages(business.uuid, newest?.cursor ?? null, hangUp.signal)) {
      heard.push(...page.map((event) => event.text))
      if (heard.length >= events) break
    }
    return heard
  }
  // They come one after the other, some while events are being stored.
  const all = Promise.all(Array.from({ length: listeners }, (_, index) => listenTo(index * 150)))
  for (let i = 0; i < events; i++) await storeEvent(`shared ${i}`)
  const expected = Array.from({ length: events }, (_, i) => `shared ${i}`)
  for (const heard of await all) expect(heard).toEqual(expected)
  expect(feeds.running()).toBe(0)

  const quiet = Array.from({ length: listeners }, async () => {
    const [last] = await recentEvents(world.stores.forBusiness(business.uuid), { first: 1 })
    for await (const _page of feeds.pages(business.uuid, last?.cursor ?? null, hangUp.signal));
  })
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const before = reads
  await new Promise((resolve) => setTimeout(resolve, 2000))
  // Every 400 ms once, not once per listener.
  expect(reads - before).toBeLessThanOrEqual(7)
  expect(reads - before).toBeGreaterThan(0)
  hangUp.abort()
  await Promise.all(quiet)
  expect(feeds.running()).toBe(0)
}, 30_000)
