/** The generic event body: signed webhooks, the sandbox and `POST /v1/events`. */
import { signStandardWebhook } from '@fidelio/channels/standard-webhooks.ts'
import { rotateAccountSecret } from '@fidelio/db/records/accounts.ts'
import { nilAccountId } from '@fidelio/ingest/row.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  countRows,
  distinctEvents,
  now,
  openWorld,
  storedEvents,
  type TestIngest,
  type World,
  withoutEventStore,
} from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const order = (id: string) => ({
  id,
  type: 'order.paid',
  timestamp: '2026-03-02T09:30:00Z',
  contact: { externalId: 'c1' },
  data: { orderId: `o-${id}`, total: '19.90', currency: 'EUR' },
})

describe('POST /v1/events', () => {
  const post = (ingest: TestIngest, businessId: string, body: unknown) =>
    ingest.acceptApi({ businessId, keyId: 'key1', rawBody: Buffer.from(JSON.stringify(body)) })

  test('answers per event: stored, duplicate or rejected with the reason', async () => {
    await using ingest = world.createIngest()
    const { id: businessId } = await world.stores.createBusiness()
    const first = await post(ingest, businessId, {
      events: [order('a'), order('b'), order('a'), order('c')],
    })
    expect(first).toEqual({
      status: 200,
      body: {
        results: [
          { index: 0, id: 'a', status: 'stored' },
          { index: 1, id: 'b', status: 'stored' },
          { index: 2, id: 'a', status: 'duplicate' },
          { index: 3, id: 'c', status: 'stored' },
        ],
      },
    })
    const wrong = { ...order('d'), data: { orderId: 'o' } }
    const second = await post(ingest, businessId, { events: [{ ...order('a'), timestamp: now }, wrong, order('e')] })
    expect(second.body).toMatchObject({
      results: [
        { id: 'a', status: 'duplicate' },
        { id: 'd', status: 'rejected', reason: expect.stringContaining('data.total') },
        { id: 'e', status: 'stored' },
      ],
    })
    const rows = await storedEvents(world.stores, businessId)
    expect(rows.map((row) => row.external_id).sort()).toEqual(['a', 'b', 'c', 'e'])
    expect(new Set(rows.map((row) => row.account_id))).toEqual(new Set([nilAccountId]))
  })

  test('a name told later replaces the old one; a person is known since the first event told', async () => {
    await using ingest = world.createIngest()
    const { id: businessId } = await world.stores.createBusiness()
    const named = (id: string, displayName: string) => ({ ...order(id), contact: { externalId: 'c1', displayName } })
    await post(ingest, businessId, order('a'))
    await post(ingest, businessId, named('b', 'Kim'))
    await post(ingest, businessId, named('c', 'Kim\u0000 Lee'))
    const people = await world.stores
      .forBusiness(businessId)
      .tx((sql) => sql<{ name: string; since: Date }[]>`select display_name as name, created_at as since from contacts`)
    expect(people).toEqual([{ name: 'Kim\ufffd Lee', since: new Date('2026-03-02T09:30:00Z') }])
  })

  test('refuses a body it cannot read, with a word the caller can act on', async () => {
    await using ingest = world.createIngest()
    const { id: businessId } = await world.stores.createBusiness()
    const refused = await ingest.acceptApi({ businessId, keyId: 'k', rawBody: Buffer.from('{"events":[') })
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
    const events = Array.from({ length: 1001 }, (_, index) => order(`${index}`))
    expect((await post(ingest, businessId, { events })).status).toBe(400)
  })

  test('keeps events while ClickHouse is away, when duplicates cannot be looked up', async () => {
    await using ingest = world.createIngest()
    const { id: businessId } = await world.stores.createBusiness()
    const outcome = await withoutEventStore(world.stores, () => post(ingest, businessId, order('a')))
    expect(outcome.body).toEqual({ results: [{ index: 0, id: 'a', status: 'stored' }] })
    await ingest.drainInbox()
    expect(await storedEvents(world.stores, businessId)).toHaveLength(1)
  })

  test('a consent names the key that recorded it', async () => {
    await using ingest = world.createIngest()
    const { id: businessId } = await world.stores.createBusiness()
    const consent = { channel: 'sandbox', topic: 'offers', wording: 'Yes, send me offers' }
    await post(ingest, businessId, {
      id: 'x',
      type: 'consent.granted',
      contact: { email: 'a@example.org' },
      data: consent,
    })
    const ledger = await world.stores
      .forBusiness(businessId)
      .tx((sql) => sql`select channel, topic, action, actor, source, wording from consent_ledger`)
    expect(ledger).toEqual([
      {
        channel: 'sandbox',
        topic: 'offers',
        action: 'granted',
        actor: 'key:key1',
        source: 'api',
        wording: consent.wording,
      },
    ])
  })
})

describe('a signed webhook', () => {
  function delivery(account: { externalId: string; secret: string }, body: unknown, sentAt = now) {
    const rawBody = Buffer.from(JSON.stringify(body))
    const headers = signStandardWebhook(rawBody, account.secret, 'msg_1', sentAt)
    return { channel: 'sandbox', accountExternalId: account.externalId, rawBody, headers }
  }

  test('is stored under its account; its id is the event id when the event has none', async () => {
    await using ingest = world.createIngest()
    const account = await world.createSandbox()
    const { id: _, ...nameless } = order('ignored')
    const outcome = await ingest.acceptWebhook(delivery(account, nameless))
    expect(outcome).toEqual({ status: 200, body: { results: [{ index: 0, id: 'msg_1', status: 'stored' }] } })
    await ingest.acceptWebhook(delivery(account, nameless))
    const rows = await distinctEvents(world.stores, account.businessId)
    expect(rows).toMatchObject([{ account_id: account.accountId, channel: 'sandbox', kind: 'order.paid' }])
  })

  test('wrong secret, old timestamp, other account: nothing is stored', async () => {
    await using ingest = world.createIngest()
    const [account, other] = [await world.createSandbox(), await world.createSandbox()]
    const forged = delivery({ ...account, secret: other.secret }, order('a'))
    const stale = delivery(account, order('a'), now - 301_000)
    const nobody = delivery({ ...account, externalId: 'nobody' }, order('a'))
    const outcomes = [
      await ingest.acceptWebhook(forged),
      await ingest.acceptWebhook(stale),
      await ingest.acceptWebhook(nobody),
    ]
    expect(outcomes.map((outcome) => outcome.status)).toEqual([401, 401, 404])
    expect((await ingest.acceptWebhook({ ...delivery(account, order('a')), channel: 'messenger' })).status).toBe(404)
    expect(await storedEvents(world.stores, account.businessId)).toEqual([])
    expect(ingest.figures.dropped).toMatchObject({ signature_wrong: 1, signature_expired: 1, unknown_account: 2 })
  })

  test('both secrets count during a rotation', async () => {
    await using ingest = world.createIngest()
    const account = await world.createSandbox()
    expect((await ingest.acceptWebhook(delivery(account, order('a')))).status).toBe(200)
    const secret = await world.stores
      .forWorker()
      .tx((sql) => rotateAccountSecret(sql, world.vault, { id: account.accountId, businessId: account.businessId }))
    ingest.invalidate()
    expect((await ingest.acceptWebhook(delivery(account, order('b')))).status).toBe(200)
    expect((await ingest.acceptWebhook(delivery({ ...account, secret: secret ?? '' }, order('c')))).status).toBe(200)
    expect(await distinctEvents(world.stores, account.businessId)).toHaveLength(3)
  })

  test('a rejected item is kept as failed, its neighbours are stored', async () => {
    await using ingest = world.createIngest()
    const account = await world.createSandbox()
    const events = [order('a'), { ...order('b'), data: {} }, order('c')]
    const before = await countRows(world.stores, 'failed_events')
    const outcome = await ingest.acceptWebhook(delivery(account, { events }))
    expect(outcome.body).toMatchObject({
      results: [{ status: 'stored' }, { status: 'rejected' }, { status: 'stored' }],
    })
    expect(await countRows(world.stores, 'failed_events')).toBe(before + 1)
    expect(await distinctEvents(world.stores, account.businessId)).toHaveLength(2)
  })
})
