/** Entries that came before their account was connected. */
import { createAccount } from '@fidelio/db/records/accounts.ts'
import { countParkedFor, listParkedAccounts } from '@fidelio/db/records/parked-events.ts'
import { listReplays } from '@fidelio/db/records/replays.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  countRows,
  distinctEvents,
  messagesTo,
  now,
  openWorld,
  type Page,
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

describe('entries of an account nobody has connected', () => {
  const connect = (page: Page, externalId: string) =>
    worker().tx((sql) =>
      createAccount(sql, world.vault, { businessId: page.businessId, channel: 'messenger', name: 'New', externalId }),
    )

  test('are stored in order as soon as another process connects it, and then removed', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    const externalId = `${page.pageId}9`
    const parked = { ...page, pageId: externalId }
    for (let index = 0; index < 37; index++) {
      world.clock.set(new Date(now + index))
      await ingest.acceptMeta(
        messagesTo(parked, [
          { from: '1', mid: `p${index}` },
          { from: '2', mid: `q${index}` },
        ]),
      )
    }
    // The same again is parked once.
    await ingest.acceptMeta(
      messagesTo(parked, [
        { from: '1', mid: 'p3' },
        { from: '2', mid: 'q3' },
      ]),
    )
    world.clock.set(new Date(now))
    expect(await worker().tx((sql) => listParkedAccounts(sql, 10))).toMatchObject([
      { channel: 'messenger', externalId, entries: 37, metaAppName: 'App', newestAt: new Date(now + 36) },
    ])
    await ingest.start()
    const connected = await connect(page, externalId)
    if (connected.kind !== 'created') throw new Error(connected.kind)
    await expect.poll(() => countRows(world.stores, 'parked_events'), { timeout: 2000 }).toBe(0)
    expect(await worker().tx((sql) => countParkedFor(sql, connected.account.id))).toBe(0)
    const rows = await storedEvents(world.stores, page.businessId)
    expect(rows).toHaveLength(74)
    expect(rows.every((row) => row.account_id === connected.account.id)).toBe(true)
    await expect
      .poll(() => worker().tx((sql) => listReplays(sql, page.businessId, 5)))
      .toMatchObject([{ kind: 'parked', accountId: connected.account.id, done: 37, storedEvents: 74, finishedAt: at }])
  })

  test('stay parked when another app had signed them', async () => {
    await using ingest = world.createIngest()
    const [page, stranger] = [await world.createPage(), await world.createPage()]
    const externalId = `${page.pageId}8`
    const forged = { ...stranger, pageId: externalId }
    await ingest.acceptMeta(messagesTo(forged, [{ from: '1', mid: 'forged' }]))
    await ingest.acceptMeta(messagesTo({ ...page, pageId: externalId }, [{ from: '1', mid: 'true' }]))
    await connect(page, externalId)
    await ingest.processAll()
    expect((await distinctEvents(world.stores, page.businessId)).map((row) => row.external_id)).toEqual(['true'])
    expect(await countRows(world.stores, 'parked_events')).toBe(1)
  })

  test('are stored once by two processes that hear of it together', async () => {
    const ingests = [world.createIngest(), world.createIngest()]
    const page = await world.createPage()
    const externalId = `${page.pageId}7`
    for (let index = 0; index < 250; index++) {
      await ingests[0]?.acceptMeta(messagesTo({ ...page, pageId: externalId }, [{ from: '1', mid: `p${index}` }]))
    }
    await connect(page, externalId)
    await Promise.all(ingests.map((ingest) => ingest.processAll()))
    await Promise.all(ingests.map((ingest) => ingest.processAll()))
    expect(await storedEvents(world.stores, page.businessId)).toHaveLength(250)
    for (const ingest of ingests) await ingest[Symbol.asyncDispose]()
  })
})
