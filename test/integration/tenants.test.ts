/** Many tenants at one door: quotas that spare the neighbours, counters that add up. */
import { dayMs, hourMs } from '@fidelio/core/time.ts'
import { acceptedEvents } from '@fidelio/db/queries/account-activity.ts'
import { readAccountFacts } from '@fidelio/db/records/account-health.ts'
import { deferredBacklogs } from '@fidelio/db/records/deferred-events.ts'
import { countSignatureFailures, listIntakeCounts } from '@fidelio/db/records/intake-counters.ts'
import { admittedSince, setIntakeQuota } from '@fidelio/db/records/intake-quotas.ts'
import { rotateMetaAppSecret } from '@fidelio/db/records/meta-apps.ts'
import { nilAccountId } from '@fidelio/ingest/row.ts'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { distinctEvents, entryOf, messagesTo, now, openWorld, type Page, signed, type World } from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  return () => world[Symbol.asyncDispose]()
})
beforeEach(() => world.clock.set(now))
afterEach(async () => {
  await world.stores.forWorker().tx((sql) => sql`delete from deferred_events`)
})

type Limits = { eventsPerSecond?: number; burstEvents?: number; eventsPerDay?: number }

function limit(businessId: string, { eventsPerSecond, burstEvents, eventsPerDay }: Limits) {
  const quota = {
    businessId,
    eventsPerSecond: eventsPerSecond ?? null,
    burstEvents: burstEvents ?? null,
    eventsPerDay: eventsPerDay ?? null,
  }
  return world.stores.forWorker().tx((sql) => setIntakeQuota(sql, quota))
}

const backlogs = () => world.stores.forWorker().tx(deferredBacklogs)
const stored = async (page: { businessId: string }) => (await distinctEvents(world.stores, page.businessId)).length
const counted = (businessId: string) =>
  world.stores.forBusiness(businessId).tx(async (sql) => {
    const period = { from: new Date(now - dayMs), to: new Date(now + 2 * dayMs) }
    const counts = await listIntakeCounts(sql, businessId, period)
    return counts.map(({ outcome, reason, events }) => `${outcome} ${reason} ${events}`)
  })

let serial = 0
const messages = (count: number) => Array.from({ length: count }, () => ({ from: '7', mid: `t${serial++}` }))
const apiBody = (count: number) =>
  Buffer.from(
    JSON.stringify({
      events: Array.from({ length: count }, () => ({
        id: `e${serial++}`,
        type: 'order.paid',
        timestamp: new Date(now - 1000).toISOString(),
        contact: { externalId: 'c1' },
        data: { orderId: `o${serial}`, total: '19.90', currency: 'EUR' },
      })),
    }),
  )

/** Two businesses whose Pages one app of the operator signs. */
async function sharedApp(): Promise<[Page, Page]> {
  const [one, two] = [await world.createPage(), await world.createPage()]
  await world.stores.forWorker().tx(async (sql) => {
    await sql`update meta_apps set business_id = null where id = ${one.metaAppId}`
    await sql`update channel_accounts set meta_app_id = ${one.metaAppId} where id = ${two.accountId}`
  })
  // Secrets are sealed for their owner: the operator's app gets its secret anew.
  await world.stores
    .forWorker()
    .tx((sql) => rotateMetaAppSecret(sql, world.vault, { id: one.metaAppId, businessId: null, secret: one.secret }))
  return [one, { ...two, secret: one.secret }]
}

describe('a quota', () => {
  test('a sender of one business is told when to come back, and nothing of it is stored', async () => {
    const { id: businessId } = await world.stores.createBusiness()
    await limit(businessId, { eventsPerSecond: 10, burstEvents: 20 })
    await using ingest = world.createIngest()
    await ingest.processAll()
    const send = (count: number) => ingest.acceptApi({ businessId, keyId: 'k', rawBody: apiBody(count) })
    expect((await send(20)).status).toBe(200)
    expect(await send(5)).toMatchObject({
      status: 429,
      retryAfterSeconds: 1,
      body: { error: { code: 'RATE_LIMITED' } },
    })
    world.clock.advance(1000)
    expect((await send(5)).status).toBe(200)
    expect(await stored({ businessId })).toBe(25)
    await ingest.processAll()
    // The refused body was not read: it counts as one.
    expect(await counted(businessId)).toEqual(['refused over_quota 1'])
    expect(ingest.figures.dropped.over_quota).toBe(1)
  })

  test('of a body of Meta for several businesses, what is above a quota waits and the neighbours go on', async () => {
    const [noisy, quiet] = await sharedApp()
    await limit(noisy.businessId, { eventsPerSecond: 1, burstEvents: 2 })
    await using ingest = world.createIngest()
    await ingest.processAll()
    expect((await ingest.acceptMeta(messagesTo(noisy, messages(2)))).status).toBe(200)
    const mixed = signed(
      [entryOf(noisy.pageId, messages(3)), entryOf(quiet.pageId, messages(2)), entryOf(noisy.pageId, messages(1))],
      noisy.secret,
    )
    expect((await ingest.acceptMeta(mixed)).status).toBe(200)
    // Meta sends it again, as it does: what waits, waits once.
    expect((await ingest.acceptMeta(mixed)).status).toBe(200)
    expect([await stored(noisy), await stored(quiet)]).toEqual([2, 2])
    expect(await backlogs()).toMatchObject([{ businessId: noisy.businessId, entries: 1, events: 4 }])

    await ingest.processAll()
    expect(await stored(noisy)).toBe(2)
    world.clock.advance(1000)
    await ingest.processAll()
    expect([await stored(noisy), await stored(quiet), await backlogs()]).toEqual([6, 2, []])
    const received = await distinctEvents(world.stores, noisy.businessId)
    expect(new Set(received.map((event) => event.account_id))).toEqual(new Set([noisy.accountId]))
  })

  test('when the waiting room is full Meta is told to come back, and the neighbours are stored all the same', async () => {
    const [noisy, quiet] = await sharedApp()
    await limit(noisy.businessId, { eventsPerSecond: 1, burstEvents: 1 })
    await using ingest = world.createIngest({ deferredCharsPerBusinessMax: 100 })
    await ingest.processAll()
    await ingest.acceptMeta(messagesTo(noisy, messages(1)))
    const mixed = signed([entryOf(noisy.pageId, messages(3)), entryOf(quiet.pageId, messages(2))], noisy.secret)
    expect(await ingest.acceptMeta(mixed)).toMatchObject({ status: 429, retryAfterSeconds: 1 })
    expect([await stored(noisy), await stored(quiet)]).toEqual([1, 2])
    world.clock.advance(2000)
    expect((await ingest.acceptMeta(mixed)).status).toBe(200)
    expect([await stored(noisy), await stored(quiet)]).toEqual([4, 2])
    await ingest.processAll()
    expect(await counted(noisy.businessId)).toEqual(['refused over_quota 3'])
    expect(await counted(quiet.businessId)).toEqual([])
  })

  test('of a day holds for every process, and begins again at midnight UTC', async () => {
    const page = await world.createPage()
    await limit(page.businessId, { eventsPerDay: 10 })
    await using first = world.createIngest()
    await using second = world.createIngest()
    const send = (ingest: typeof first, count: number) => ingest.acceptMeta(messagesTo(page, messages(count)))
    for (const ingest of [first, second]) await ingest.processAll()
    await send(first, 6)
    await first.processAll()
    await send(second, 4)
    await second.processAll()
    await first.processAll()
    await second.processAll()
    for (const ingest of [first, second]) await send(ingest, 1)
    expect(await stored(page)).toBe(10)
    expect(await backlogs()).toMatchObject([{ businessId: page.businessId, events: 2 }])
    const today = new Date(Math.floor(now / dayMs) * dayMs)
    expect(await world.stores.forWorker().tx((sql) => admittedSince(sql, page.businessId, today))).toBe(10)
    world.clock.set(Math.ceil(now / dayMs) * dayMs)
    await first.processAll()
    expect([await stored(page), await backlogs()]).toEqual([12, []])
  })

  test('the operator changes it while events come in, and nobody else is touched', async () => {
    const page = await world.createPage()
    const other = await world.createPage()
    await using ingest = world.createIngest()
    await ingest.start()
    await limit(page.businessId, { eventsPerSecond: 1, burstEvents: 1 })
    await expect
      .poll(async () => {
        await ingest.acceptMeta(messagesTo(page, messages(1)))
        return ingest.figures.dropped.over_quota
      })
      .toBeGreaterThan(0)
    expect((await ingest.acceptMeta(messagesTo(other, messages(50)))).status).toBe(200)
    expect(await stored(other)).toBe(50)
  })
})

describe('counters', () => {
  test('add up over processes and restarts, by account and reason; accepted events come from the events', async () => {
    const page = await world.createPage()
    const shop = await world.createSandbox()
    for (let process = 0; process < 2; process++) {
      await using ingest = world.createIngest()
      const entry = entryOf(page.pageId, messages(3))
      const body = signed([{ ...entry, messaging: [...entry.messaging, 'noise'] }], page.secret)
      // Delivered twice: accepted once.
      await ingest.acceptMeta(body)
      await ingest.acceptMeta(body)
      const webhook = { channel: 'sandbox', accountExternalId: shop.externalId, rawBody: apiBody(1), headers: {} }
      expect((await ingest.acceptWebhook(webhook)).status).toBe(401)
    }
    const period = { from: new Date(now - hourMs), to: new Date(now + hourMs) }
    const failed = (await counted(page.businessId)).filter((line) => line.startsWith('failed'))
    expect(failed).toEqual(['failed failed_element 4'])
    expect(await counted(shop.businessId)).toEqual(['refused signature_missing 2'])
    expect(await acceptedEvents(world.stores.forBusiness(page.businessId), period)).toEqual([
      { accountId: page.accountId, hour: new Date(Math.floor(now / hourMs) * hourMs), events: 6 },
    ])
    // A redelivery hours later is not accepted again.
    world.clock.advance(3 * hourMs)
    await using later = world.createIngest()
    const again = messagesTo(page, [{ from: '7', mid: 'again' }])
    await later.acceptMeta(again)
    world.clock.advance(3 * hourMs)
    await later.acceptMeta(again)
    const lateHour = { from: new Date(now + 5 * hourMs), to: new Date(now + 8 * hourMs) }
    expect(await acceptedEvents(world.stores.forBusiness(page.businessId), lateHour)).toEqual([])
  })

  test('a wrong signature is counted for the account it claims to be for', async () => {
    const page = await world.createPage()
    await using ingest = world.createIngest()
    for (let i = 0; i < 3; i++) {
      expect((await ingest.acceptMeta(messagesTo({ ...page, secret: 'mistyped' }, messages(1)))).status).toBe(401)
    }
    await expect
      .poll(async () => {
        await ingest.processAll()
        return world.stores
          .forBusiness(page.businessId)
          .tx((sql) => countSignatureFailures(sql, page.businessId, new Date(now)))
      })
      .toEqual([{ accountId: page.accountId, lastHour: 3, lastDay: 3 }])
  })

  test('the first signs of life are written down once: handshake, signed body, message', async () => {
    const page = await world.createPage()
    const facts = async () => {
      const [first] = await world.stores.forWorker().tx((sql) => readAccountFacts(sql, page.businessId))
      return [first?.handshakeAt, first?.firstSignedAt, first?.firstMessageAt].map((at) => at?.getTime() ?? null)
    }
    await using ingest = world.createIngest()
    expect(await facts()).toEqual([null, null, null])
    const token = `verify-${page.pageId}`
    const query = { 'hub.mode': 'subscribe', 'hub.challenge': '1', 'hub.verify_token': token }
    expect((await ingest.handshake(new URLSearchParams(query))).status).toBe(200)
    world.clock.advance(1000)
    const read = { sender: { id: '7' }, recipient: { id: page.pageId }, timestamp: now, read: { watermark: now } }
    await ingest.acceptMeta(signed([{ id: page.pageId, time: now, messaging: [read] }], page.secret))
    await ingest.processAll()
    expect(await facts()).toEqual([now, now + 1000, null])
    world.clock.advance(1000)
    await ingest.acceptMeta(messagesTo(page, messages(1)))
    await ingest.processAll()
    world.clock.advance(1000)
    await ingest.acceptMeta(messagesTo(page, messages(1)))
    await ingest.processAll()
    expect(await facts()).toEqual([now, now + 1000, now + 2000])
  })
})

test('an account of the whole business has no account: the nil one', async () => {
  const { id: businessId } = await world.stores.createBusiness()
  await using ingest = world.createIngest()
  await ingest.acceptApi({ businessId, keyId: 'k', rawBody: apiBody(2) })
  const period = { from: new Date(now - hourMs), to: new Date(now + hourMs) }
  const accepted = await acceptedEvents(world.stores.forBusiness(businessId), period)
  expect(accepted).toMatchObject([{ accountId: nilAccountId, events: 2 }])
})
