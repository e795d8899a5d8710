/** One person is targeted once: merged before the plan, between plan and claim, and between claim and call. */
import { manualClock } from '@fidelio/core/time.ts'
import { mergePeople, undoMerge } from '@fidelio/db/records/people-merging.ts'
import { claimSends, startSends } from '@fidelio/db/records/send-claims.ts'
import { countSends, listSends } from '@fidelio/db/records/sends.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeGraph, startFakeGraph } from '../fault/fake-graph.ts'
import { createSendWorld, plannedRun, type SendWorld } from '../fault/sends-world.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'

let stores: TestStores
let graph: FakeGraph
const noon = Date.UTC(2026, 10, 22, 12)

beforeAll(async () => {
  stores = await openTestStores()
  graph = await startFakeGraph()
})
afterAll(async () => {
  await graph?.[Symbol.asyncDispose]()
  await stores?.[Symbol.asyncDispose]()
})

async function merge(world: SendWorld, ...pair: [number, number]): Promise<string> {
  const outcome = await mergePeople(world.db, pair, 'Ada')
  if (outcome.kind !== 'done') throw new Error(outcome.kind)
  return outcome.result.mergeId
}

test('who is merged between plan and call is sent to once, and counted once', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 6)
  const campaign = await world.launch()
  const run = await plannedRun(world, graph, campaign.id)
  const worker = stores.forWorker()
  const claim = (limit: number) =>
    worker.tx((sql) => claimSends(sql, run, { ownerId: 'one', at: clock.now(), leaseSeconds: 60, limit }))
  await merge(world, 2, 1)
  const first = await claim(3)
  expect([first.claimed.map((one) => one.contactId), first.withdrawn]).toEqual([[1, 3], 1])
  // 3 is claimed by this worker and 4 by another when they turn out to be one: whichever asks first, one of them goes.
  const second = await claim(3)
  expect(second.claimed.map((one) => one.contactId)).toEqual([4, 5, 6])
  await merge(world, 3, 4)
  const starts = await Promise.all(
    [second.claimed, first.claimed].map((claims) => worker.tx((sql) => startSends(sql, run, claims, clock.now()))),
  )
  expect(starts.flatMap((start) => start.started.map((send) => send.contactId)).sort()).toEqual([1, 3, 5, 6])
  // 5 is on its way when it turns out to be 6: what is sent is sent, and the person is counted once.
  await merge(world, 5, 6)
  const funnel = await countSends(world.db, campaign.id)
  expect(funnel).toMatchObject({ targeted: 3, pending: 3, withdrawn: [], sumsHold: true })
  expect((await listSends(world.db, { campaignId: campaign.id, first: 10 })).total).toBe(3)
})

test('a person of several contacts has one row in the plan, at the address they can be reached at', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 4)
  await stores.forWorker().tx(async (sql) => {
    await sql`delete from contact_identities where business_id = ${world.businessId} and contact_id = 1`
  })
  const mergeId = await merge(world, 1, 2)
  await world.revoke(4)
  await merge(world, 3, 4)
  const campaign = await world.launch()
  await plannedRun(world, graph, campaign.id)
  const { sends } = await listSends(world.db, { campaignId: campaign.id, first: 10 })
  // Who said STOP under one name has said it.
  expect(sends.map(({ contactId, status, reason }) => [contactId, status, reason])).toEqual([
    [2, 'planned', ''],
    [3, 'excluded', 'opted_out'],
  ])
  // Taken back, each is what they were: one cannot be reached, the other still has the message planned for them.
  await undoMerge(world.db, mergeId, 'Ada')
  expect(await countSends(world.db, campaign.id)).toMatchObject({ targeted: 2, held: 1 })
})
