/** `identify` and attributes beside events: what a tenant's own systems know of a person (features.md 1.8, 2.2). */
import { listAttributes } from '@fidelio/db/records/contact-attributes.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactNamed, distinctEvents, openWorld, type TestIngest, type World } from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const post = (ingest: TestIngest, businessId: string, body: unknown) =>
  ingest.acceptApi({ businessId, keyId: 'key1', rawBody: Buffer.from(JSON.stringify(body)) })

const identify = (attributes: object, timestamp: string, contact: object = {}) => ({
  type: 'identify',
  timestamp,
  contact: { externalId: 'c1', ...contact, attributes },
})

async function knownOf(businessId: string, namespace = 'external', value = 'c1') {
  return world.stores.forBusiness(businessId).tx(async (sql) => {
    const contactId = await contactNamed(sql, namespace, value)
    const attributes = contactId === null ? [] : await listAttributes(sql, businessId, contactId)
    const [person] = await sql<{ name: string; locale: string; timeZone: string }[]>`
      select display_name as name, locale, time_zone as "timeZone" from contacts where id = ${contactId}`
    return { ...person, attributes: Object.fromEntries(attributes.map((one) => [one.name, one.value])) }
  })
}

test('tells names, language, zone and attributes of a person, and leaves no event', async () => {
  await using ingest = world.createIngest()
  const { id: businessId } = await world.stores.createBusiness()
  const who = { email: 'kim@example.com', displayName: 'Kim', locale: 'fr-FR', timeZone: 'Europe/Paris' }
  const told = await post(
    ingest,
    businessId,
    identify({ plan: 'gold', visits: 3, vip: true }, '2026-03-02T09:00:00Z', who),
  )
  expect(told).toEqual({ status: 200, body: { results: [{ index: 0, id: '', status: 'stored' }] } })
  expect(await knownOf(businessId)).toEqual({
    name: 'Kim',
    locale: 'fr-FR',
    timeZone: 'Europe/Paris',
    attributes: { plan: 'gold', visits: 3, vip: true },
  })
  expect(await distinctEvents(world.stores, businessId)).toEqual([])
  // A zone alone changes the zone alone.
  await post(ingest, businessId, { type: 'identify', contact: { externalId: 'c1', timeZone: 'America/Lima' } })
  expect(await knownOf(businessId)).toMatchObject({ name: 'Kim', locale: 'fr-FR', timeZone: 'America/Lima' })
})

test('in whatever order things are told, the last one in time is known; null takes an attribute back', async () => {
  await using ingest = world.createIngest()
  const told = [
    identify({ plan: 'free', city: 'Lyon', size: 38 }, '2026-03-01T00:00:00Z'),
    identify({ plan: 'gold', city: null }, '2026-03-02T00:00:00Z'),
    identify({ size: 39 }, '2026-02-20T00:00:00Z'),
    identify({ plan: 'tin' }, '2026-03-02T00:00:00Z'),
  ]
  const orders = [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [1, 3, 0, 2, 1, 0],
  ]
  for (const order of orders) {
    const { id: businessId } = await world.stores.createBusiness()
    for (const place of order) await post(ingest, businessId, told[place])
    expect((await knownOf(businessId)).attributes).toEqual({ plan: 'tin', size: 38 })
  }
  const { id: businessId } = await world.stores.createBusiness()
  await post(ingest, businessId, { events: told })
  expect((await knownOf(businessId)).attributes).toEqual({ plan: 'tin', size: 38 })
})

test('a batch of events and people: each item stands for itself', async () => {
  await using ingest = world.createIngest()
  const { id: businessId } = await world.stores.createBusiness()
  const outcome = await post(ingest, businessId, {
    events: [
      identify({ plan: 'gold' }, '2026-03-02T09:00:00Z'),
      { id: 'v1', type: 'visit', contact: { externalId: 'c1', attributes: { page: '/cups' } } },
      { type: 'identify', contact: {} },
      {
        id: 'v2',
        type: 'order.paid',
        contact: { externalId: 'c1' },
        data: { orderId: 'o', total: '1,50', currency: 'EUR' },
      },
      { id: 'v3', type: 'visit', contact: { externalId: 'c2' } },
    ],
  })
  expect(outcome.body).toMatchObject({
    results: [
      { index: 0, status: 'stored' },
      { index: 1, id: 'v1', status: 'stored' },
      { index: 2, status: 'rejected', reason: 'contact: externalId, email or phone is required' },
      { index: 3, id: 'v2', status: 'rejected', reason: expect.stringMatching(/^data\.total: must be a decimal/) },
      { index: 4, id: 'v3', status: 'stored' },
    ],
  })
  expect((await distinctEvents(world.stores, businessId)).map((row) => row.external_id).sort()).toEqual(['v1', 'v3'])
  expect((await knownOf(businessId)).attributes).toEqual({ plan: 'gold', page: '/cups' })
})

test('attributes belong to one business', async () => {
  await using ingest = world.createIngest()
  const [one, two] = [await world.stores.createBusiness(), await world.stores.createBusiness()]
  await post(ingest, one.id, identify({ plan: 'gold' }, '2026-03-02T09:00:00Z'))
  await post(ingest, two.id, { type: 'identify', contact: { externalId: 'c1' } })
  expect((await knownOf(two.id)).attributes).toEqual({})
  const seen = await world.stores.forBusiness(two.id).tx((sql) => sql`select * from contact_attributes`)
  expect(seen).toEqual([])
})

test('refuses whole bodies in JSON, with what to do', async () => {
  await using ingest = world.createIngest({ bodyBytesMax: 1000 })
  const { id: businessId } = await world.stores.createBusiness()
  const refusal = async (text: string) => ingest.acceptApi({ businessId, keyId: 'k', rawBody: Buffer.from(text) })
  expect(await refusal('{')).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
  expect(await refusal('[]')).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
  expect(await refusal(`"${'x'.repeat(1000)}"`)).toMatchObject({ status: 413, body: { error: { code: 'TOO_LARGE' } } })
})
