/** One person, however many names: the same people and the same figures whatever the order of arrival. */
import { sharedBeyond } from '@fidelio/core/contact-groups.ts'
import { hourMs } from '@fidelio/core/time.ts'
import { listSharedIdentities } from '@fidelio/db/records/people-merging.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { historySeed, tenantCount } from '../support/measured-tenants.ts'
import {
  deliver,
  derive,
  event,
  figures,
  naivePartition,
  page,
  partition,
  shuffled,
  type Telling,
  told,
} from './identity-support.ts'
import { now, openWorld, type World } from './ingest-support.ts'

let world: World
let here: Telling
beforeAll(async () => {
  world = await openWorld()
  here = { world, ingest: world.createIngest() }
})
afterAll(async () => {
  await here?.ingest[Symbol.asyncDispose]()
  await world?.[Symbol.asyncDispose]()
}, 120_000)

test('any order, any repetition, any batches: the same people, and the same figures', async () => {
  const stories = fc.sample(
    fc.tuple(
      fc.array(told, { minLength: 6, maxLength: 30 }),
      fc.array(fc.nat(), { minLength: 37, maxLength: 37 }),
      fc.integer({ min: 1, max: 7 }),
    ),
    { numRuns: tenantCount(4), seed: historySeed },
  )
  const made = []
  for (const [facts, order, batch] of stories) {
    const [first, second] = [await world.stores.createBusiness(), await world.stores.createBusiness()]
    await deliver(here, first.id, facts, 1000)
    await deliver(here, second.id, shuffled(facts, order), batch)
    made.push({ facts, first: world.stores.forBusiness(first.id), second: world.stores.forBusiness(second.id) })
  }
  await derive(here)
  let merged = 0
  for (const { facts, first, second } of made) {
    expect(await partition(first)).toEqual(naivePartition(facts))
    expect(await partition(second)).toEqual(naivePartition(facts))
    expect(await figures(second)).toBe(await figures(first))
    const [row] = await first.tx(
      (sql) => sql<{ n: number }[]>`select count(*)::integer as n from contacts where merged_into is not null`,
    )
    merged += row?.n ?? 0
  }
  // Otherwise the stories would prove nothing.
  expect(merged).toBeGreaterThan(5)
}, 120_000)

test('an address told beside a fourth customer of one Page links nobody any more, whatever it linked before', async () => {
  const { id } = await world.stores.createBusiness()
  const db = world.stores.forBusiness(id)
  const tell = (names: readonly string[]) =>
    deliver(
      here,
      id,
      names.map((name, index) =>
        event({ externalId: `${page}:${name}`, email: 'office@x.example', at: now - index * hourMs }),
      ),
      10,
    )
  await tell(['p1', 'p2', 'p3'])
  expect(await partition(db)).toEqual([`${page} p1, ${page} p2, ${page} p3`])
  await deliver(here, id, [event({ email: 'office@x.example' })], 1)
  expect(await partition(db)).toEqual([`email office@x.example, ${page} p1, ${page} p2, ${page} p3`])
  await tell(['p4'])
  expect(await partition(db)).toEqual([
    'email office@x.example',
    `${page} p1`,
    `${page} p2`,
    `${page} p3`,
    `${page} p4`,
  ])
  const shared = await db.tx((sql) => listSharedIdentities(sql, id, { sharedBeyond, first: 10 }))
  expect(shared).toMatchObject([{ namespace: 'email', value: 'office@x.example', contacts: 4 }])
}, 120_000)
