/** Failed events and their replay (reliability.md A5). */
import { signMeta } from '@fidelio/channels/meta-signature.ts'
import {
  dismissFailedEvent,
  type FailedFilter,
  findFailedEvent,
  keepFailedEvents,
  listFailedEvents,
  openFailedByReason,
} from '@fidelio/db/records/failed-events.ts'
import { findReplay, requestReplay } from '@fidelio/db/records/replays.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  distinctEvents,
  entryOf,
  now,
  openWorld,
  type Page,
  signed,
  storedEvents,
  type World,
} from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const worker = () => world.stores.forWorker()
const at = new Date(now)

function listOf(businessId: string | null, filter: FailedFilter = {}) {
  return worker().tx((sql) => listFailedEvents(sql, businessId, { filter, first: 200, after: null }))
}

function replayOne(businessId: string | null, id: string, corrected: string | null = null) {
  return worker().tx((sql) => requestReplay(sql, { businessId, by: 'Ana', at, of: { id, corrected } }))
}

function replayAll(businessId: string | null, filter: FailedFilter = {}) {
  return worker().tx((sql) => requestReplay(sql, { businessId, by: 'Ana', at, of: { filter } }))
}

function runOf(businessId: string | null, id: string) {
  return worker().tx((sql) => findReplay(sql, businessId, id))
}

const message = (page: Page, mid: string) => ({
  sender: { id: '7001' },
  recipient: { id: page.pageId },
  timestamp: now - 5000,
  message: { mid, text: 'Hello' },
})

/** A body of one Page whose elements are given as they are. */
function bodyOf(page: Page, elements: unknown[]) {
  return signed([{ id: page.pageId, time: now - 500, messaging: elements }], page.secret)
}

describe('poison among good elements', () => {
  test('2 000 of which 50 cannot be read: 1 950 stored, 50 kept with the reason, and after a correction exactly 50 more', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    const isPoison = (index: number) => index % 40 === 7
    for (let start = 0; start < 2000; start += 100) {
      const indexes = Array.from({ length: 100 }, (_, offset) => start + offset)
      const elements = indexes.map((index) => (isPoison(index) ? `not an object ${index}` : message(page, `m${index}`)))
      expect((await ingest.acceptMeta(bodyOf(page, elements))).status).toBe(200)
    }
    const before = await distinctEvents(world.stores, page.businessId)
    const { events, total } = await listOf(page.businessId)
    expect([before.length, total]).toEqual([1950, 50])
    expect(events[0]).toMatchObject({
      reason: 'not_an_object',
      state: 'open',
      attempts: 1,
      schemaVersion: 1,
      queued: false,
    })
    expect(await worker().tx((sql) => openFailedByReason(sql, page.businessId))).toEqual([
      { reason: 'not_an_object', count: 50 },
    ])

    // As they came they fail again, and say so.
    const vain = await replayAll(page.businessId)
    await ingest.processAll()
    expect(await runOf(page.businessId, vain.id)).toMatchObject({ matched: 50, done: 50, failed: 50, storedEvents: 0 })
    expect((await distinctEvents(world.stores, page.businessId)).length).toBe(1950)

    for (const event of events) {
      const index = Number(/\d+/.exec(event.raw)?.[0])
      await replayOne(page.businessId, event.id, JSON.stringify(message(page, `m${index}`)))
    }
    await ingest.processAll()
    const after = await distinctEvents(world.stores, page.businessId)
    expect(after.map((row) => row.external_id).sort()).toEqual(
      Array.from({ length: 2000 }, (_, index) => `m${index}`).sort(),
    )
    expect((await listOf(page.businessId, { state: 'replayed' })).total).toBe(50)

    const copies = await storedEvents(world.stores, page.businessId)
    for (const event of events) await replayOne(page.businessId, event.id)
    await ingest.processAll()
    // Twice changes nothing: not even a copy is added.
    expect(await storedEvents(world.stores, page.businessId)).toEqual(copies)
    expect(await worker().tx((sql) => findFailedEvent(sql, page.businessId, events[0]?.id ?? ''))).toMatchObject({
      state: 'replayed',
      settledBy: 'Ana',
      storedEvents: 1,
      attempts: 4,
    })
  })

  test('a redelivery of poison counts an attempt and keeps its place', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    await ingest.acceptMeta(bodyOf(page, ['x']))
    await ingest.acceptMeta(bodyOf(page, ['x']))
    const { events } = await listOf(page.businessId)
    expect(events).toMatchObject([{ attempts: 2, raw: '"x"' }])
  })

  test('two processes replaying what a parser of today reads add each row once', async () => {
    await using first = world.createIngest()
    await using second = world.createIngest()
    const page = await world.createPage()
    const elements = Array.from({ length: 300 }, (_, index) => message(page, `old${index}`))
    await first.acceptMeta(bodyOf(page, elements.slice(0, 20)))
    // What an older parser refused; twenty of them arrived again since, and were understood.
    await worker().tx((sql) =>
      keepFailedEvents(
        sql,
        elements.map((element, index) => ({
          id: `00000000-0000-8000-8000-${page.pageId.slice(-4)}${String(index).padStart(8, '0')}`,
          businessId: page.businessId,
          accountId: page.accountId,
          channel: 'messenger' as const,
          reason: 'parser_error',
          detail: 'RangeError',
          raw: JSON.stringify(element),
          origin: {
            door: 'meta' as const,
            metaAppId: page.metaAppId,
            envelope: `{"object":"page","entry":[{"id":"${page.pageId}","messaging":[$element]}]}`,
          },
          receivedAt: new Date(now - 1000 + index),
        })),
      ),
    )
    const run = await replayAll(page.businessId)
    await Promise.all([first.processAll(), second.processAll()])
    expect(await runOf(page.businessId, run.id)).toMatchObject({
      matched: 300,
      done: 300,
      failed: 0,
      storedEvents: 280,
      knownEvents: 20,
      finishedAt: at,
    })
    const rows = await storedEvents(world.stores, page.businessId)
    expect(rows).toHaveLength(300)
    expect(new Set(rows.map((row) => row.row_id)).size).toBe(300)
    // One person wrote all of them, however many processes met that person for the first time.
    expect(new Set(rows.map((row) => row.contact_id)).size).toBe(1)
  })

  test('a running process hears of a replay within two seconds', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    await ingest.acceptMeta(bodyOf(page, ['y']))
    await ingest.start()
    const [event] = (await listOf(page.businessId)).events
    await replayOne(page.businessId, event?.id ?? '', JSON.stringify(message(page, 'heard')))
    await expect
      .poll(async () => (await distinctEvents(world.stores, page.businessId)).length, { timeout: 2000 })
      .toBe(1)
  })

  test('a correction never reaches beyond its own account', async () => {
    await using ingest = world.createIngest()
    const [page, other] = [await world.createPage(), await world.createPage()]
    const { rawBody } = signed([], page.secret)
    const broken = Buffer.from(rawBody.toString().slice(0, -1))
    const headers = { 'x-hub-signature-256': signMeta(broken, page.secret) }
    expect((await ingest.acceptMeta({ rawBody: broken, headers })).status).toBe(200)
    const [event] = (await listOf(page.businessId)).events
    expect(event).toMatchObject({ reason: 'malformed_json', accountId: null })
    const id = event?.id ?? ''
    const stolen = JSON.stringify({ object: 'page', entry: [entryOf(other.pageId, [{ from: '1', mid: 'a' }])] })
    await replayOne(page.businessId, id, stolen)
    await ingest.processAll()
    expect(await distinctEvents(world.stores, other.businessId)).toEqual([])
    const open = await worker().tx((sql) => findFailedEvent(sql, page.businessId, id))
    expect(open).toMatchObject({ state: 'open', reason: 'other_account' })
    const own = JSON.stringify({ object: 'page', entry: [entryOf(page.pageId, [{ from: '1', mid: 'a' }])] })
    await replayOne(page.businessId, id, own)
    await ingest.processAll()
    expect(await distinctEvents(world.stores, page.businessId)).toHaveLength(1)
  })

  test('an item refused at the API can be corrected, keeps its id, and can be dismissed instead', async () => {
    await using ingest = world.createIngest()
    const { id: businessId } = await world.stores.createBusiness()
    const order = (id: string, data: object) => ({ id, type: 'order.created', contact: { externalId: 'c1' }, data })
    const events = [order('o1', {}), order('o2', { orderId: 'o2', total: '10.00', currency: 'EUR' })]
    const rawBody = Buffer.from(JSON.stringify({ events }))
    await ingest.acceptApi({ businessId, keyId: 'key', rawBody })
    const stored = await distinctEvents(world.stores, businessId)
    const { events: failed } = await listOf(businessId)
    expect(failed).toMatchObject([
      { reason: 'rejected', channel: 'webhook', accountId: null, raw: JSON.stringify(events[0]) },
    ])
    const id = failed[0]?.id ?? ''
    await replayOne(businessId, id, JSON.stringify({ ...events[1], id: undefined }))
    await ingest.processAll()
    const after = await distinctEvents(world.stores, businessId)
    expect(after.length).toBe(stored.length + 1)
    expect(await worker().tx((sql) => dismissFailedEvent(sql, businessId, { id, by: 'Ana', at }))).toBe('replayed')
    await ingest.acceptApi({ businessId, keyId: 'key', rawBody: Buffer.from('{"events":[{"id":"o9"}]}') })
    const [next] = (await listOf(businessId, { state: 'open' })).events
    const dismiss = () =>
      worker().tx((sql) => dismissFailedEvent(sql, businessId, { id: next?.id ?? '', by: 'Ana', at }))
    expect([await dismiss(), await dismiss()]).toEqual(['dismissed', 'dismissed'])
  })

  test('a business keeps its newest failed events when there are too many, settled ones go first', async () => {
    const { id: businessId } = await world.stores.createBusiness()
    const failed = (index: number) => ({
      // The first character of an id decides who tidies up.
      id: `00${String(index).padStart(6, '0')}-0000-8000-8000-000000000000`,
      businessId,
      accountId: null,
      channel: 'webhook' as const,
      reason: 'rejected',
      detail: '',
      raw: 'x'.repeat(100),
      origin: { door: 'api' as const },
      receivedAt: new Date(now + index),
    })
    const keep = (from: number, to: number, limits: { eventsPerBusinessMax: number; bytesPerBusinessMax: number }) =>
      worker().tx((sql) =>
        keepFailedEvents(
          sql,
          Array.from({ length: to - from }, (_, index) => failed(from + index)),
          limits,
        ),
      )
    await keep(0, 5, { eventsPerBusinessMax: 5, bytesPerBusinessMax: 10_000 })
    await worker().tx((sql) => dismissFailedEvent(sql, businessId, { id: failed(4).id, by: 'Ana', at }))
    await keep(5, 7, { eventsPerBusinessMax: 5, bytesPerBusinessMax: 10_000 })
    const ids = async () => (await listOf(businessId)).events.map((event) => Number(event.id.slice(2, 8)))
    expect(await ids()).toEqual([6, 5, 3, 2, 1])
    await keep(7, 8, { eventsPerBusinessMax: 5, bytesPerBusinessMax: 250 })
    expect(await ids()).toEqual([7, 6])
  })
})
