/** A block of a Page stops what is being sent through it, once (protocols.md §2.9 "On block"). */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { now, openWorld, type Page, signed, storedEvents, type World } from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const worker = () => world.stores.forWorker()

async function addCampaign({ businessId, accountId }: Page, status: string): Promise<string> {
  const id = randomUUID()
  await worker().tx(
    (sql) => sql`
      insert into campaigns (id, business_id, name, channel, account_id, topic, message_text, status, assignment_key, planned_at)
      values (${id}, ${businessId}, 'Spring', 'messenger', ${accountId}, 'offers', 'hello', ${status}, 'key', ${new Date(now)})`,
  )
  return id
}

async function stateOf(id: string): Promise<string> {
  const [row] = await worker().tx(
    (sql) => sql<{ status: string; reason: string }[]>`
      select status, status_reason as reason from campaigns where id = ${id}`,
  )
  return `${row?.status} ${row?.reason}`.trim()
}

const policy = (page: Page, action: string) =>
  signed(
    [
      {
        id: page.pageId,
        time: now,
        messaging: [
          { recipient: { id: page.pageId }, timestamp: now - 1000, policy_enforcement: { action, reason: 'spam' } },
        ],
      },
    ],
    page.secret,
  )

test('a block holds the campaigns being sent through that Page alone, and a redelivery undoes no release', async () => {
  await using ingest = world.createIngest()
  const [page, other] = [await world.createPage(), await world.createPage()]
  const [sending, done, elsewhere] = [
    await addCampaign(page, 'sending'),
    await addCampaign(page, 'done'),
    await addCampaign(other, 'sending'),
  ]
  expect((await ingest.acceptMeta(policy(page, 'warning'))).status).toBe(200)
  expect(await stateOf(sending)).toBe('sending')
  expect((await ingest.acceptMeta(policy(page, 'block'))).status).toBe(200)
  expect(await stateOf(sending)).toBe('held account_restricted')
  expect(await stateOf(done)).toBe('done')
  expect(await stateOf(elsewhere)).toBe('sending')
  await worker().tx((sql) => sql`update campaigns set status = 'sending', status_reason = '' where id = ${sending}`)
  expect((await ingest.acceptMeta(policy(page, 'block'))).status).toBe(200)
  expect(await stateOf(sending)).toBe('sending')
  const rows = await storedEvents(world.stores, page.businessId)
  expect(new Set(rows.map((row) => `${row.kind} ${row.contact_id}`))).toEqual(new Set(['account.changed 0']))
})
