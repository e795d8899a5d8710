import { createMetaApp, rotateMetaAppSecret } from '@fidelio/db/records/meta-apps.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  countRows,
  distinctEvents,
  entryOf,
  messagesTo,
  openWorld,
  signed,
  storedEvents,
  type World,
} from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

describe('a Page webhook', () => {
  test('signed by its app becomes rows, durable when it is answered', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    const text = 'Où est ma commande\u00a0? 😀 \u0000 \ud800'
    const outcome = await ingest.acceptMeta(messagesTo(page, [{ from: '7001', mid: 'm_1', text }]))
    expect(outcome.status).toBe(200)
    const [row, ...others] = await storedEvents(world.stores, page.businessId)
    expect(others).toEqual([])
    expect(row).toMatchObject({
      account_id: page.accountId,
      channel: 'messenger',
      kind: 'message.received',
      role: 'customer',
      external_id: 'm_1',
      text: 'Où est ma commande\u00a0? 😀 \ufffd \ufffd',
      ts: '2026-03-02 09:59:59.123',
    })
    expect(row?.contact_id).toBeGreaterThan(0)
    expect(JSON.parse(row?.raw ?? '')).toMatchObject({ message: { mid: 'm_1' } })
  })

  test('with a wrong, missing or foreign signature stores nothing', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    const { rawBody, headers } = messagesTo(page, [{ from: '7001', mid: 'm_1' }])
    const changed = Buffer.from(rawBody.toString().replace('Hello', 'Hallo'))
    expect((await ingest.acceptMeta({ rawBody: changed, headers })).status).toBe(401)
    expect((await ingest.acceptMeta({ rawBody, headers: {} })).status).toBe(401)
    expect((await ingest.acceptMeta(signed([entryOf(page.pageId, [])], 'not the secret'))).status).toBe(401)
    expect(await storedEvents(world.stores, page.businessId)).toEqual([])
    expect(ingest.figures.dropped).toMatchObject({ signature_wrong: 2, signature_missing: 1 })
  })

  test('under both secrets while one is being changed', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    const before = await ingest.acceptMeta(messagesTo(page, [{ from: '1', mid: 'a' }]))
    await world.stores
      .forWorker()
      .tx((sql) =>
        rotateMetaAppSecret(sql, world.vault, { id: page.metaAppId, businessId: page.businessId, secret: 'new' }),
      )
    ingest.invalidate()
    const old = await ingest.acceptMeta(messagesTo(page, [{ from: '1', mid: 'b' }]))
    const renewed = await ingest.acceptMeta(messagesTo({ ...page, secret: 'new' }, [{ from: '1', mid: 'c' }]))
    expect([before.status, old.status, renewed.status]).toEqual([200, 200, 200])
  })

  test('an announced change of secrets is heard without waiting for the cache to age', async () => {
    await using ingest = world.createIngest({ routeSecondsMax: 3600 })
    await ingest.start()
    const page = await world.createPage()
    expect((await ingest.acceptMeta(messagesTo(page, [{ from: '1', mid: 'a' }]))).status).toBe(200)
    await world.stores.forWorker().tx((sql) =>
      createMetaApp(sql, world.vault, {
        businessId: page.businessId,
        appId: `app-${page.pageId}`,
        name: 'App',
        verifyToken: 'other',
        secrets: ['replaced'],
      }),
    )
    await expect
      .poll(async () => (await ingest.acceptMeta(messagesTo(page, [{ from: '1', mid: 'b' }]))).status)
      .toBe(401)
  })
})

describe('one body for several Pages', () => {
  test('reaches each business, when one app serves both', async () => {
    await using ingest = world.createIngest()
    const [first, second] = [await world.createPage(), await world.createPage()]
    await world.stores
      .forWorker()
      .tx((sql) => sql`update channel_accounts set meta_app_id = ${first.metaAppId} where id = ${second.accountId}`)
    const entries = [
      entryOf(first.pageId, [{ from: '1', mid: 'a' }]),
      entryOf(second.pageId, [{ from: '1', mid: 'b' }]),
    ]
    expect((await ingest.acceptMeta(signed(entries, first.secret))).status).toBe(200)
    expect((await storedEvents(world.stores, first.businessId)).map((row) => row.external_id)).toEqual(['a'])
    expect((await storedEvents(world.stores, second.businessId)).map((row) => row.external_id)).toEqual(['b'])
  })

  test('an entry of a Page whose own app did not sign is refused and counted', async () => {
    await using ingest = world.createIngest()
    const [honest, victim] = [await world.createPage(), await world.createPage()]
    const entries = [
      entryOf(honest.pageId, [{ from: '1', mid: 'a' }]),
      entryOf(victim.pageId, [{ from: '1', mid: 'b' }]),
    ]
    expect((await ingest.acceptMeta(signed(entries, honest.secret))).status).toBe(200)
    expect(await storedEvents(world.stores, honest.businessId)).toHaveLength(1)
    expect(await storedEvents(world.stores, victim.businessId)).toEqual([])
    expect(ingest.figures.dropped.foreign_app).toBe(1)
  })

  test('an unknown Page is parked once, without its neighbours; the test button is dropped', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    const big =
      '{"id":"999000111","time":1767225600500,"messaging":[{"sender":{"id":"1"},"recipient":{"id":"999000111"},"message":{"mid":"x","sticker_id":184719329217930001}}]}'
    const body = `{"object":"page","entry":[${JSON.stringify(entryOf(page.pageId, [{ from: '1', mid: 'a' }]))},${big},{"id":"0","changes":[]}]}`
    const { signMeta } = await import('@fidelio/channels/meta-signature.ts')
    const request = { rawBody: Buffer.from(body), headers: { 'x-hub-signature-256': signMeta(body, page.secret) } }
    expect((await ingest.acceptMeta(request)).status).toBe(200)
    expect((await ingest.acceptMeta(request)).status).toBe(200)
    const parked = await world.stores.forWorker().tx((sql) => sql`select external_id, raw from parked_events`)
    expect(parked).toEqual([{ external_id: '999000111', raw: `{"object":"page","entry":[${big}]}` }])
    expect(ingest.figures.dropped.test_entry).toBe(2)
  })

  test('a signed body that is not JSON is kept as failed and acknowledged', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    const { signMeta } = await import('@fidelio/channels/meta-signature.ts')
    const rawBody = Buffer.from('{"object":"page","entry":[')
    const outcome = await ingest.acceptMeta({
      rawBody,
      headers: { 'x-hub-signature-256': signMeta(rawBody, page.secret) },
    })
    expect(outcome.status).toBe(200)
    expect(await countRows(world.stores, 'failed_events')).toBe(1)
  })

  test('a body above the limit is refused before anything is computed from it', async () => {
    await using ingest = world.createIngest({ bodyBytesMax: 100 })
    const page = await world.createPage()
    expect((await ingest.acceptMeta(messagesTo(page, [{ from: '1', mid: 'a' }]))).status).toBe(413)
  })
})

test('redelivered five times, shuffled and in other batches, the same facts have the same rows', async () => {
  await using ingest = world.createIngest()
  const page = await world.createPage()
  const once = await world.createPage()
  const messages = Array.from({ length: 60 }, (_, index) => ({
    from: `${index % 7}`,
    mid: `m_${index}`,
    at: now(index),
  }))
  await ingest.acceptMeta(messagesTo(once, messages))
  const deliveries = Array.from({ length: 5 }, (_, turn) =>
    messages.map((message, index) => ({ message, order: (index * 37 + turn * 11) % 61 })),
  )
    .flat()
    .sort((a, b) => a.order - b.order)
    .map(({ message }) => message)
  for (let at = 0; at < deliveries.length; at += 25) {
    const groups = [deliveries.slice(at, at + 10), deliveries.slice(at + 10, at + 25)]
    const outcomes = await Promise.all(groups.map((group) => ingest.acceptMeta(messagesTo(page, group))))
    expect(outcomes.map((outcome) => outcome.status)).toEqual([200, 200])
  }
  const facts = (rows: Awaited<ReturnType<typeof distinctEvents>>) =>
    rows.map(({ external_id, text, ts, kind }) => `${external_id} ${kind} ${ts} ${text}`).sort()
  const repeated = await distinctEvents(world.stores, page.businessId)
  expect(repeated).toHaveLength(60)
  expect(facts(repeated)).toEqual(facts(await distinctEvents(world.stores, once.businessId)))
  expect(new Set(repeated.map((row) => row.contact_id)).size).toBe(7)
})

function now(index: number): number {
  return Date.parse('2026-03-01T00:00:00Z') + index * 1000
}

describe('the handshake', () => {
  test('answers the challenge to a known token and refuses others', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    const query = (token: string) =>
      new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': token })
    expect(await ingest.handshake(query(`verify-${page.pageId}`))).toEqual({ status: 200, body: '1158201444' })
    expect((await ingest.handshake(query('guess'))).status).toBe(403)
  })
})
