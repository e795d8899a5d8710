/** Names of one person told by Messenger itself: a plugin's user_ref and the code of a sign-in (protocols.md §2.1, §2.9). */
import { peopleOf } from '@fidelio/db/records/contact-merges.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { now, openWorld, signed, storedEvents, type World } from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const worker = () => world.stores.forWorker()

test('a checkbox plugin, the first message after it and signing in are one person', async () => {
  await using ingest = world.createIngest()
  const page = await world.createPage()
  const from = { sender: { id: '7001' }, recipient: { id: page.pageId }, timestamp: now - 1000 }
  const elements = [
    { recipient: { id: page.pageId }, timestamp: now - 5000, optin: { ref: 'basket', user_ref: 'u-9' } },
    { ...from, message: { mid: 'm_1', text: 'Hi' }, prior_message: { source: 'checkbox_plugin', identifier: 'u-9' } },
    { ...from, account_linking: { status: 'linked', authorization_code: 'code-1' } },
  ]
  for (const element of elements) {
    const request = signed([{ id: page.pageId, time: now, messaging: [element] }], page.secret)
    expect((await ingest.acceptMeta(request)).status).toBe(200)
  }
  const rows = await storedEvents(world.stores, page.businessId)
  expect(rows.map((row) => row.kind).sort()).toEqual(['identity.linked', 'message.received', 'optin'])
  const people = await worker().tx((sql) =>
    peopleOf(
      sql,
      page.businessId,
      rows.map((row) => row.contact_id),
    ),
  )
  expect(new Set(people.values()).size).toBe(1)
})

test('a code that the business gives to everybody makes nobody one person', async () => {
  await using ingest = world.createIngest()
  const page = await world.createPage()
  const element = (from: string) => ({
    sender: { id: from },
    recipient: { id: page.pageId },
    timestamp: now - 1000,
    account_linking: { status: 'linked', authorization_code: 'true' },
  })
  for (const from of ['1', '2', '3', '4', '5']) {
    const request = signed([{ id: page.pageId, time: now, messaging: [element(from)] }], page.secret)
    expect((await ingest.acceptMeta(request)).status).toBe(200)
  }
  const rows = await storedEvents(world.stores, page.businessId)
  const contactIds = rows.map((row) => row.contact_id)
  const people = await worker().tx((sql) => peopleOf(sql, page.businessId, contactIds))
  expect(new Set(people.values()).size).toBe(5)
})
