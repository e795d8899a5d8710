/** A rebuild that was asked for changes no figure of a healthy business, and names what was wrong in one that is not. */
import { createRegistry } from '@fidelio/channels/registry.ts'
import { defineStatement } from '@fidelio/db/clickhouse/statement.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { createScheduler, type Scheduler } from '@fidelio/scheduler/scheduler.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openTestApi, type TestApi } from './api-support.ts'
import { createLookAlike, type LookAlike } from './leak-world.ts'

let world: TestApi
let scheduler: Scheduler
let shop: LookAlike
let period: { from: string; to: string }

beforeAll(async () => {
  world = await openTestApi()
  const { stores, vault, clock } = world
  const deliver = () => {
    throw new Error('Nothing is sent here.')
  }
  const registry = createRegistry({ graphBaseUrl: 'http://127.0.0.1:1', sandboxNetwork: { deliver } })
  scheduler = createScheduler({ stores, vault, clock, log: silentLog, registry })
  shop = await createLookAlike(world, 'zzshop', '720001')
  const day = (ago: number) => new Date(clock.now().getTime() - ago * 86_400_000).toISOString().slice(0, 10)
  period = { from: day(20), to: day(0) }
})
afterAll(async () => {
  await scheduler[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

const fields = 'id finishedAt failed compared changed headlines { name before after } changes { name before after }'
type Rebuild = {
  id: string
  finishedAt: string | null
  failed: boolean
  compared: number
  changed: number
  headlines: { name: string; before: number | null; after: number | null }[]
  changes: { name: string }[]
}

async function rebuilt(): Promise<Rebuild> {
  const { rebuildDerived } = await world.operator<{ rebuildDerived: Rebuild }>(
    `mutation ($b: ID!, $period: PeriodInput!) { rebuildDerived(businessId: $b, period: $period) { ${fields} } }`,
    { b: shop.uuid, period },
  )
  expect(rebuildDerived.finishedAt).toBeNull()
  await scheduler.processAll()
  const { rebuild } = await world.operator<{ rebuild: Rebuild }>(
    `query ($b: ID!, $id: ID!) { rebuild(businessId: $b, id: $id) { ${fields} } }`,
    { b: shop.uuid, id: rebuildDerived.id },
  )
  return rebuild
}

test('nothing was wrong, so nothing changes', async () => {
  const rebuild = await rebuilt()
  expect(rebuild).toMatchObject({ finishedAt: expect.any(String), failed: false, changed: 0, changes: [] })
  expect(rebuild.compared).toBeGreaterThan(100)
  const active = rebuild.headlines.find(({ name }) => name === 'overview.activeCustomers.value')
  expect(active?.before).toBeGreaterThan(0)
  expect(active?.after).toBe(active?.before)
})

const loseSpells = defineStatement({
  name: 'test.lose_spells',
  sql: 'truncate table spells',
  params: z.object({}),
})

test('null control: what was lost behind the door comes back, and is named', async () => {
  await world.stores.forWorker().run(loseSpells, {})
  const rebuild = await rebuilt()
  expect(rebuild.changed).toBeGreaterThan(0)
  expect(rebuild.changes.map(({ name }) => name)).toContain('firstResponse.opened')
  expect(await rebuilt()).toMatchObject({ changed: 0 })
})

test('nobody but the operator may ask for it', async () => {
  const { errors } = await world.ask(
    shop.key,
    'mutation ($b: ID!, $period: PeriodInput!) { rebuildDerived(businessId: $b, period: $period) { id } }',
    { b: shop.uuid, period },
  )
  expect(errors[0]?.extensions.code).toBe('FORBIDDEN')
})
