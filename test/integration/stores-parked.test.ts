/** Entries of accounts nobody has connected: bounded, and no obstacle to removing the app that signed them. */
import { randomUUID } from 'node:crypto'
import { type ParkedEvent, parkEvents } from '@fidelio/db/records/parked-events.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStores, type TestStores } from '../support/stores.ts'

let stores: TestStores
let appId: string

beforeAll(async () => {
  stores = await openTestStores()
  appId = randomUUID()
  await stores.forWorker().tx(
    (sql) => sql`
      insert into meta_apps (id, app_id, name, verify_token, secrets) values (${appId}, 'app', 'app', 'token', '{}')`,
  )
})

afterAll(() => stores[Symbol.asyncDispose]())

const start = Date.UTC(2026, 10, 1)

function entry(externalId: string, n: number, id: string = randomUUID()): ParkedEvent {
  return { id, channel: 'messenger', externalId, metaAppId: appId, receivedAt: new Date(start + n * 1000), raw: `${n}` }
}

async function park(externalId: string, count: number): Promise<void> {
  // Ids that never ask for tidying up, so that the test decides when it happens.
  const events = Array.from({ length: count }, (_, n) => entry(externalId, n, `ff${randomUUID().slice(2)}`))
  await stores.forWorker().tx((sql) => parkEvents(sql, events))
}

const rawsOf = (externalId: string) =>
  stores.forWorker().tx(
    (sql) => sql<{ n: number }[]>`
      select raw::integer as n from parked_events where external_id = ${externalId} order by 1`,
  )

test('of each account the newest ten thousand are kept', async () => {
  await park('busy', 10_020)
  await park('quiet', 3)
  await stores.forWorker().tx((sql) => parkEvents(sql, [entry('busy', 20_000, `00${randomUUID().slice(2)}`)]))
  const kept = await rawsOf('busy')
  expect(kept).toHaveLength(10_000)
  expect([kept[0]?.n, kept.at(-1)?.n]).toEqual([21, 20_000])
  expect(await rawsOf('quiet')).toHaveLength(3)
})

test('a Meta app can be removed while something is parked under it', async () => {
  await park('orphan', 1)
  await stores.forWorker().tx((sql) => sql`delete from meta_apps where id = ${appId}`)
  const rows = await stores
    .forWorker()
    .tx((sql) => sql`select meta_app_id from parked_events where external_id = 'orphan'`)
  expect(rows).toEqual([{ meta_app_id: null }])
})
