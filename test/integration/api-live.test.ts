import { randomUUID } from 'node:crypto'
import { eventColumns } from '@fidelio/core/event.ts'
import { clickHouseTime } from '@fidelio/db/clickhouse/query.ts'
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
