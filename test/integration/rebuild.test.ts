/** A rebuild that was asked for changes no figure of a healthy business, and names what was wrong in one that is not. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRegistry } from '@fidelio/channels/registry.ts'
import { defineStatement } from '@fidelio/db/clickhouse/statement.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { createScheduler, type Scheduler } from '@fidelio/scheduler/scheduler.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { runReplay } from '../support/replay-command.ts'
import { openTestApi, operatorKey, type TestApi } from './api-support.ts'
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

const writeWrongSpell = defineStatement({
  name: 'test.write_wrong_spell',
  sql: `
insert into spells (business_id, opened_at, contact_id, account_id, opening_id, channel, outcome, closed_at, bot_at, is_first,
                    burst, app_id, version, deleted)
values ({business_id:UUID}, {opened_at:DateTime64(3, 'UTC')}, 1, toUUID('00000000-0000-4000-8000-000000000001'),
        toUUID('00000000-0000-4000-8000-000000000002'), 'messenger', 'waiting', toDateTime64(0, 3, 'UTC'),
        toDateTime64(0, 3, 'UTC'), 1, 1, '', 1, 0)`,
  params: z.object({ business_id: z.uuid(), opened_at: z.date() }),
})

test('the command prints a wait nobody ever had, and ends with 1; once it is gone, with 0', async () => {
  await using server = await serve(world.api)
  scheduler.start()
  const run = () => runReplay({ OPERATOR_KEY: operatorKey }, { business: shop.uuid, ...period, url: server.url })
  const openedAt = new Date(world.clock.now().getTime() - 3 * 86_400_000)
  await world.stores.forWorker().run(writeWrongSpell, { business_id: shop.uuid, opened_at: openedAt })
  const wrong = await run()
  expect(wrong.output).toMatch(/\d+ of \d+ numbers changed:/)
  const opened = /^\* firstResponse\.opened +(\d+) {2}(\d+)$/m.exec(wrong.output)
  expect(Number(opened?.[1]), wrong.output).toBe(Number(opened?.[2]) + 1)
  expect(wrong.output).toContain(`firstResponse.days[${openedAt.toISOString().slice(0, 10)}].n`)
  expect(wrong.status).toBe(1)

  const right = await run()
  expect(right.output).toContain('No figure changed')
  expect(right.status).toBe(0)
}, 120_000)

/** The API behind a real address, for a program of its own. */
async function serve({ fetch: answer }: TestApi['api']): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)])
    const asked = new Request(`http://localhost${request.url}`, {
      method: 'POST',
      headers,
      body: Buffer.concat(chunks),
    })
    const answered = await answer(asked, { ip: '203.0.113.7' })
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

test('nobody but the operator may ask for it', async () => {
  const { errors } = await world.ask(
    shop.key,
    'mutation ($b: ID!, $period: PeriodInput!) { rebuildDerived(businessId: $b, period: $period) { id } }',
    { b: shop.uuid, period },
  )
  expect(errors[0]?.extensions.code).toBe('FORBIDDEN')
})
