/** A conversation shows whatever its person did and what other systems tell of them, and warnings of the account in between. */
import { detailOf } from '@fidelio/api/schema/event-detail.ts'
import { threadPage } from '@fidelio/db/queries/conversation.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactNamed, now, openWorld, signed, type World } from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

test('ratings, carts, coupons, sign-ins, cancelled orders and blocks stand between the messages, each with its detail', async () => {
  await using ingest = world.createIngest()
  const page = await world.createPage()
  const other = await world.createPage()
  const element = (from: string, minutesAgo: number, told: object) => ({
    sender: { id: from },
    recipient: { id: page.pageId },
    timestamp: now - minutesAgo * 60_000,
    ...told,
  })
  const block = { action: 'block', reason: 'Too many complaints.' }
  const product = { id: '1', retailer_id: 'cup', name: 'Cup', unit_price: 5, currency: 'EUR', quantity: 2 }
  const question = {
    myquestion1: { type: 'csat', payload: '4', follow_up: { type: 'free_form', payload: 'Kind people' } },
  }
  const messaging = [
    element(page.pageId, 60, {
      sender: undefined,
      policy_enforcement: { ...block, reason: 'Before the conversation.' },
    }),
    element('7001', 50, { message: { mid: 'm1', text: 'Hello' } }),
    element('7001', 45, { account_linking: { status: 'linked', authorization_code: 'code-1' } }),
    element('7001', 40, { order: { source: 'x', products: [product], note: 'please wrap' } }),
    element('7001', 35, { template: { type: 'coupon', payload: 'P', coupon_code: 'TEN' } }),
    element('7001', 30, { messaging_feedback: { feedback_screens: [{ screen_id: 0, questions: question }] } }),
    element(page.pageId, 25, { sender: undefined, policy_enforcement: block }),
    element('7002', 20, { message: { mid: 'm2', text: 'Somebody else' } }),
  ]
  const body = signed([{ id: page.pageId, time: now, messaging }], page.secret)
  expect((await ingest.acceptMeta(body)).status).toBe(200)
  const cancelled = {
    id: 'c1',
    type: 'order.cancelled',
    timestamp: new Date(now - 600_000).toISOString(),
    contact: { externalId: `messenger:${page.pageId}:7001` },
    data: { score: 7, products: 'not a list' },
  }
  const rawBody = Buffer.from(JSON.stringify(cancelled))
  await ingest.acceptApi({ businessId: page.businessId, keyId: 'key', rawBody })
  await ingest.acceptMeta(signed([{ id: other.pageId, time: now, messaging: [messaging[6]] }], other.secret))

  const db = world.stores.forBusiness(page.businessId)
  const contactId = (await db.tx((sql) => contactNamed(sql, `messenger:${page.pageId}`, '7001'))) ?? 0
  const { events } = await threadPage(db, { accountId: page.accountId, contactId, last: 50 })
  expect(events.map((event) => [event.kind, event.name, detailOf(event)])).toEqual([
    ['message.received', '', ''],
    ['identity.linked', 'account_linking', ''],
    ['cart', '', '2 × Cup'],
    ['coupon', '', 'TEN'],
    ['feedback', 'csat', '4 · Kind people'],
    ['account.changed', 'policy_block', 'Too many complaints.'],
    ['custom', 'order.cancelled', ''],
  ])
})
