/** Sending with a provider that fails in every way that makes senders double (reliability.md §4). */
import { manualClock, minuteMs, secondMs } from '@fidelio/core/time.ts'
import { countSends, listSends } from '@fidelio/db/records/sends.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createScheduler } from '../../services/scheduler/src/scheduler.ts'
import { type FakeGraph, type GraphFault, startFakeGraph } from '../fault/fake-graph.ts'
import { createSendWorld, psid } from '../fault/sends-world.ts'
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

test('every fault leaves at most one message per person, and an echo settles what the answer did not', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 60)
  const before = graph.accepted.length
  const faults: Record<string, GraphFault> = {
    [psid(1)]: 'reset_after_accept',
    [psid(2)]: 'silence_after_accept',
    [psid(3)]: 'error_500_after_accept',
    [psid(4)]: 'reset_before_accept',
  }
  const throttledOnce = new Set([psid(5)])
  graph.fault = (recipient) => (throttledOnce.delete(recipient) ? 'throttle' : (faults[recipient] ?? null))
  const campaign = await world.launch()
  await using scheduler = createScheduler(world.deps(graph))
  for (let round = 0; round < 3; round++) {
    await scheduler.processAll()
    clock.advance(31 * secondMs)
  }
  const open = await countSends(world.db, campaign.id)
  expect(open).toMatchObject({
    targeted: 60,
    eligible: 60,
    attempted: 60,
    sent: 56,
    unknown: 4,
    held: 0,
    sumsHold: true,
  })
  const mine = graph.accepted.slice(before)
  await world.echo(mine)
  await scheduler.processAll()
  expect(await countSends(world.db, campaign.id)).toMatchObject({ sent: 59, unknown: 1 })
  clock.advance(15 * minuteMs)
  await scheduler.processAll()
  await scheduler.processAll()
  const final = await listSends(world.db, { campaignId: campaign.id, first: 10, status: 'unknown_final' })
  expect(final.sends.map((send) => send.contactId)).toEqual([4])
  const echoed = await listSends(world.db, { campaignId: campaign.id, first: 10, reason: 'accepted_by_echo' })
  expect(echoed.sends.map((send) => send.contactId)).toEqual([1, 2, 3])
  expect(echoed.sends.every((send) => send.messageId !== '')).toBe(true)
  const perPerson = new Map<string, number>()
  for (const { recipient } of mine) perPerson.set(recipient, (perPerson.get(recipient) ?? 0) + 1)
  expect(perPerson.size).toBe(59)
  expect(Math.max(...perPerson.values())).toBe(1)
})
