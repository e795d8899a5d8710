/** Contacts and consent: two processes agree on who is who, and permission follows from the facts in any order. */
import { randomUUID } from 'node:crypto'
import { type ConsentRecord, recordConsents } from '@fidelio/db/records/consents.ts'
import { resolveContacts } from '@fidelio/db/records/contacts.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { distinctEvents, messagesTo, openWorld, signed, type World } from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

describe('contacts', () => {
  test('two processes that meet the same new people at once make each of them once, numbered without gaps', async () => {
    await using first = world.createIngest()
    await using second = world.createIngest()
    const page = await world.createPage()
    const people = Array.from({ length: 40 }, (_, index) => `psid_${index}`)
    const deliveries = people.flatMap((from, index) => [
      first.acceptMeta(messagesTo(page, [{ from, mid: `a_${index}` }])),
      second.acceptMeta(messagesTo(page, [{ from, mid: `b_${index}` }])),
    ])
    const outcomes = await Promise.all(deliveries)
    expect(outcomes.every((outcome) => outcome.status === 200)).toBe(true)
    const contacts = await world.stores
      .forBusiness(page.businessId)
      .tx((sql) => sql<{ id: number }[]>`select id from contacts order by id`)
    expect(contacts.map((contact) => contact.id)).toEqual(people.map((_, index) => index + 1))
    const rows = await distinctEvents(world.stores, page.businessId)
    const contactOf = new Map(rows.map((row) => [row.external_id, row.contact_id]))
    for (const index of people.keys()) expect(contactOf.get(`a_${index}`)).toBe(contactOf.get(`b_${index}`))
  })

  test('a known person costs no round trip to Postgres', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    await ingest.acceptMeta(messagesTo(page, [{ from: '1', mid: 'a' }]))
    const before = ingest.transactions()
    for (let index = 0; index < 5; index++)
      await ingest.acceptMeta(messagesTo(page, [{ from: '1', mid: `m_${index}` }]))
    expect(ingest.transactions()).toBe(before)
    await ingest.acceptMeta(messagesTo(page, [{ from: 'somebody new', mid: 'n' }]))
    expect(ingest.transactions()).toBe(before + 1)
  })

  test('several names of one person are linked; two known people told together become one, under the lower number', async () => {
    const { id: businessId } = await world.stores.createBusiness()
    const resolve = (...refs: string[][]) =>
      world.stores.forWorker().tx((sql) =>
        resolveContacts(
          sql,
          refs.map((values) => ({ businessId, identities: values.map((value) => ({ namespace: 'external', value })) })),
        ),
      )
    const made = await resolve(['a'], ['b', 'a'], ['c'])
    expect(made.contacts.map((contact) => contact?.contactId)).toEqual([1, 1, 2])
    const merged = await resolve(['c', 'b', 'd'])
    expect(merged).toMatchObject({ regrouped: 1, contacts: [{ contactId: 2 }] })
    // Each identity keeps the contact it came in under, so that the merge can be undone.
    expect((await resolve(['d'])).contacts[0]?.contactId).toBe(2)
    expect((await resolve(['b'])).contacts[0]?.contactId).toBe(1)
    const groups = await world.stores
      .forBusiness(businessId)
      .tx((sql) => sql`select id, merged_into from contacts order by id`)
    expect(groups).toEqual([
      { id: 1, merged_into: null },
      { id: 2, merged_into: 1 },
    ])
  })

  test('a business that is gone has no contacts', async () => {
    const gone = await world.stores
      .forWorker()
      .tx((sql) =>
        resolveContacts(sql, [{ businessId: randomUUID(), identities: [{ namespace: 'external', value: 'x' }] }]),
      )
    expect(gone.contacts).toEqual([null])
  })
})

describe('consent', () => {
  test('is committed with the request that carries it, and a redelivery adds nothing', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    const optin = (status?: string, at = 0) => ({
      id: page.pageId,
      time: Date.parse('2026-03-02T09:00:00Z'),
      messaging: [
        {
          sender: { id: '7' },
          recipient: { id: page.pageId },
          timestamp: Date.parse('2026-03-02T09:00:00Z') + at,
          optin: {
            type: 'notification_messages',
            notification_messages_token: 'tok',
            payload: 'offers',
            title: 'Weekly offers',
            ...(status ? { notification_messages_status: status } : {}),
          },
        },
      ],
    })
    const consents = () =>
      world.stores
        .forBusiness(page.businessId)
        .tx((sql) => sql`select channel, topic, granted from consents order by topic`)
    const ledger = () => world.stores.forBusiness(page.businessId).tx((sql) => sql`select topic from consent_ledger`)
    for (let turn = 0; turn < 3; turn++) await ingest.acceptMeta(signed([optin()], page.secret))
    expect(await consents()).toEqual([{ channel: 'messenger', topic: 'offers', granted: true }])
    expect(await ledger()).toHaveLength(1)
    await ingest.acceptMeta(messagesTo(page, [{ from: '7', mid: 'stop', text: 'STOP' }]))
    expect(await consents()).toEqual([
      { channel: 'messenger', topic: '*', granted: false },
      { channel: 'messenger', topic: 'offers', granted: false },
    ])
    // The first yes again, late: it was taken back since.
    await ingest.acceptMeta(signed([optin()], page.secret))
    expect((await consents())[1]).toMatchObject({ topic: 'offers', granted: false })
    await ingest.acceptMeta(signed([optin('RESUME NOTIFICATIONS', 3_599_900)], page.secret))
    expect((await consents())[1]).toMatchObject({ topic: 'offers', granted: true })
  })

  test('any order, any repetition: the answers are those of a naive model', async () => {
    const fact = fc.record({
      topic: fc.constantFrom('a', 'b', '*'),
      granted: fc.boolean(),
      minute: fc.integer({ min: 0, max: 5 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fact, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        async (drawn, order) => {
          const { id: businessId } = await world.stores.createBusiness()
          const worker = world.stores.forWorker()
          await worker.tx((sql) =>
            resolveContacts(sql, [{ businessId, identities: [{ namespace: 'external', value: 'x' }] }]),
          )
          const facts: ConsentRecord[] = drawn.map(({ topic, granted, minute }) => ({
            eventRowId: randomUUID(),
            businessId,
            contactId: 1,
            channel: 'sandbox',
            topic,
            action: granted && topic !== '*' ? 'granted' : 'revoked',
            occurredAt: new Date(Date.UTC(2026, 0, 1, 0, minute)),
            source: 'api',
            actor: '',
            wording: '',
            proof: {},
          }))
          const repeated = [...facts, ...facts]
            .map((one) => ({ one, key: order.next().value }))
            .sort((a, b) => a.key - b.key)
          for (let at = 0; at < repeated.length; at += 3) {
            const part = repeated.slice(at, at + 3).map(({ one }) => one)
            await worker.tx((sql) => recordConsents(sql, part))
          }
          const rows = await worker.tx(
            (sql) => sql<{ topic: string; granted: boolean }[]>`
            select topic, granted from consents where business_id = ${businessId} order by topic`,
          )
          expect(rows.map(({ topic, granted }) => ({ topic, granted }))).toEqual(naiveConsents(facts))
        },
      ),
      { numRuns: 30 },
    )
  })
})

/** By the words of measures: of all facts about a topic or about everything the latest decides, a revocation wins a tie. */
function naiveConsents(facts: ConsentRecord[]): { topic: string; granted: boolean }[] {
  return [...new Set(facts.map((fact) => fact.topic))].sort().map((topic) => {
    const about = facts.filter((fact) => fact.topic === topic || fact.topic === '*')
    const latest = Math.max(...about.map((fact) => fact.occurredAt.getTime()))
    const deciding = about.filter((fact) => fact.occurredAt.getTime() === latest)
    return { topic, granted: deciding.every((fact) => fact.action === 'granted') }
  })
}
