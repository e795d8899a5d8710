/** The daily look at Meta's side of every Page, and the one somebody asked for (protocols.md §1.4). */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRegistry } from '@fidelio/channels/registry.ts'
import { dayMs, hourMs } from '@fidelio/core/time.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { askSubscription, readAccountFacts } from '@fidelio/db/records/account-health.ts'
import { createAccount } from '@fidelio/db/records/accounts.ts'
import { createScheduler } from '@fidelio/scheduler/scheduler.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from './ingest-support.ts'

let world: World
/** What the Graph says, by Page. */
const subscribed = new Map<string, { id: string }[]>()
const asked: string[] = []
const graph = createServer((request, response) => {
  const pageId = request.url?.split('/')[2] ?? ''
  asked.push(pageId)
  response.writeHead(200).end(JSON.stringify({ data: subscribed.get(pageId) ?? [] }))
})
beforeAll(async () => {
  world = await openWorld()
  await new Promise<void>((resolve) => graph.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await new Promise((resolve) => graph.close(resolve))
  await world[Symbol.asyncDispose]()
})

test('every Page is looked at once a day, and again when somebody asks', async () => {
  const { stores, vault, clock } = world
  const worker = stores.forWorker()
  const page = await world.createPage()
  const { accountId, businessId, pageId } = page
  const account = { businessId, channel: 'messenger' as const, name: 'Page', externalId: pageId, accessToken: 'token' }
  await worker.tx((sql) => createAccount(sql, vault, account))
  const { port } = graph.address() as AddressInfo
  const sandboxNetwork = { deliver: () => Promise.reject(new Error('nothing is sent here')) }
  const registry = createRegistry({ graphBaseUrl: `http://127.0.0.1:${port}/v25.0`, sandboxNetwork })
  await using scheduler = createScheduler({ stores, vault, clock, log: silentLog, registry })
  const found = async () => {
    await scheduler.processAll()
    const [facts] = await worker.tx((sql) => readAccountFacts(sql, businessId))
    return [facts?.subscription, facts?.subscriptionCheckedAt?.getTime(), asked.length]
  }

  subscribed.set(pageId, [{ id: `app-${pageId}` }])
  const first = clock.now().getTime()
  expect(await found()).toEqual(['subscribed', first, 1])
  subscribed.delete(pageId)
  clock.advance(23 * hourMs)
  expect(await found()).toEqual(['subscribed', first, 1])
  await worker.tx((sql) => askSubscription(sql, { id: accountId, businessId, at: clock.now() }))
  expect(await found()).toEqual(['missing', first + 23 * hourMs, 2])
  clock.advance(dayMs + 1)
  subscribed.set(pageId, [{ id: `app-${pageId}` }])
  expect(await found()).toEqual(['subscribed', first + 47 * hourMs + 1, 3])
})
