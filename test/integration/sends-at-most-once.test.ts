/** Sending with a provider that fails in every way that makes senders double (reliability.md §4). */
import { manualClock, minuteMs, secondMs } from '@fidelio/core/time.ts'
import { findCampaign } from '@fidelio/db/records/campaigns.ts'
import { claimSends, recordResults, type SendResult, startSends } from '@fidelio/db/records/send-claims.ts'
import { markStaleUnknown, returnExpiredClaims } from '@fidelio/db/records/send-proofs.ts'
import { countSends, listSends } from '@fidelio/db/records/sends.ts'
import { contextOf } from '@fidelio/scheduler/deps.ts'
import { reconcile } from '@fidelio/scheduler/reconcile.ts'
import { createScheduler } from '@fidelio/scheduler/scheduler.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeGraph, type GraphFault, startFakeGraph } from '../fault/fake-graph.ts'
import { mortalStores } from '../fault/mortal-stores.ts'
import { createSendWorld, plannedRun, psid } from '../fault/sends-world.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'

let stores: TestStores
let graph: FakeGraph
const noon = Date.UTC(2026, 10, 22, 12)
const quick = { messagesPerSecondMax: { messenger: 100_000 } }
const blankResult: Omit<SendResult, 'id' | 'attempt'> = {
  status: 'accepted',
  reason: '',
  messageId: 'm_late',
  errorCode: '',
  notBefore: null,
}

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

test('two schedulers side by side: each person once, each slot once', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 300)
  const before = graph.accepted.length
  graph.fault = () => null
  const campaign = await world.launch({ holdoutPercent: 10 })
  await using one = createScheduler(world.deps(graph, { ownerId: 'one' }))
  await using two = createScheduler(world.deps(graph, { ownerId: 'two' }))
  for (let round = 0; round < 2; round++) {
    await Promise.all([one.processAll(), two.processAll()])
    clock.advance(secondMs)
  }
  const funnel = await countSends(world.db, campaign.id)
  const recipients = graph.accepted.slice(before).map((message) => message.recipient)
  expect(new Set(recipients).size).toBe(recipients.length)
  expect(funnel).toMatchObject({ targeted: 300, sent: recipients.length, unknown: 0, held: 0, sumsHold: true })
  expect(funnel.holdout).toBe(300 - recipients.length)
  expect((await findCampaign(world.db, campaign.id))?.status).toBe('done')
  const slots = await stores
    .forWorker()
    .tx((sql) => sql`select key from slots where key like ${`campaign:${campaign.id}:%`}`)
  expect(slots).toHaveLength(1)
})

test('a worker that dies between the commit of sending and the answer leaves unknowns, and nobody is sent to again', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 40)
  const before = graph.accepted.length
  graph.fault = () => null
  const campaign = await world.launch()
  const mortal = mortalStores(stores)
  await using doomed = createScheduler(
    world.deps(graph, { stores: mortal.stores, limits: { ...quick, groupMax: 8, groupsAtOnceMax: 1 } }),
  )
  graph.fault = () => {
    // The messages of the first group are on the wire, their rows say `sending`: now the process is gone.
    mortal.kill()
    return null
  }
  await expect(doomed.processAll()).rejects.toThrow('this process is dead')
  const dead = await countSends(world.db, campaign.id)
  expect(dead).toMatchObject({ pending: 8, held: 32, sumsHold: true })
  graph.fault = () => null
  await using heir = createScheduler(world.deps(graph))
  for (const seconds of [1, 121, 1, 15 * 60, 1]) {
    clock.advance(seconds * secondMs)
    await heir.processAll()
  }
  const recipients = graph.accepted.slice(before).map((message) => message.recipient)
  expect(new Set(recipients).size).toBe(recipients.length)
  expect(recipients).toHaveLength(40)
  expect(await countSends(world.db, campaign.id)).toMatchObject({ sent: 32, unknown: 8, sumsHold: true })
  // Proof that comes after everything was given up still settles them.
  await world.echo(graph.accepted.slice(before))
  clock.advance(minuteMs)
  await heir.processAll()
  expect(await countSends(world.db, campaign.id)).toMatchObject({ sent: 40, unknown: 0 })
})

test('a claim that was taken over cannot be started, and its answer cannot be written', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 3)
  const campaign = await world.launch()
  const worker = stores.forWorker()
  const run = await plannedRun(world, graph, campaign.id)
  const claim = (ownerId: string) =>
    worker.tx((sql) => claimSends(sql, run, { ownerId, at: clock.now(), leaseSeconds: 60, limit: 10 }))
  const stale = await claim('stale')
  expect(stale.claimed).toHaveLength(3)
  clock.advance(61 * secondMs)
  expect(await worker.tx((sql) => returnExpiredClaims(sql, clock.now()))).toBe(3)
  const fresh = await claim('fresh')
  const refused = await worker.tx((sql) => startSends(sql, run, stale.claimed, clock.now()))
  expect(refused).toMatchObject({ started: [], refused: 3 })
  const { started } = await worker.tx((sql) => startSends(sql, run, fresh.claimed, clock.now()))
  expect(started).toHaveLength(3)
  const results = stale.claimed.map(({ id, attempt }) => ({ ...blankResult, id, attempt }))
  expect(await worker.tx((sql) => recordResults(sql, results, clock.now()))).toMatchObject({ recorded: 0, refused: 3 })
})

test('what was given up as unknown takes proof, but never goes back to be sent', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 2)
  const campaign = await world.launch()
  const worker = stores.forWorker()
  const run = await plannedRun(world, graph, campaign.id)
  const { claimed } = await worker.tx((sql) =>
    claimSends(sql, run, { ownerId: 'slow', at: clock.now(), leaseSeconds: 60, limit: 10 }),
  )
  await worker.tx((sql) => startSends(sql, run, claimed, clock.now()))
  clock.advance(121 * secondMs)
  await worker.tx((sql) => markStaleUnknown(sql, new Date(clock.now().getTime() - 120 * secondMs), clock.now()))
  const [first, second] = claimed.map(({ id, attempt }) => ({ ...blankResult, id, attempt }))
  if (!first || !second) throw new Error('two people were planned')
  const answers = [
    { ...first, status: 'planned' as const, reason: 'not_reached' as const, messageId: '' },
    { ...second, status: 'accepted' as const },
  ]
  expect(await worker.tx((sql) => recordResults(sql, answers, clock.now()))).toEqual({
    recorded: 1,
    alreadySettled: 0,
    refused: 1,
  })
  expect(await countSends(world.db, campaign.id)).toMatchObject({ sent: 1, unknown: 1, held: 0 })
})

test('thousands of open outcomes are looked up in questions the store can take', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 6_000)
  const campaign = await world.launch()
  await plannedRun(world, graph, campaign.id)
  const worker = stores.forWorker()
  await worker.tx(
    (sql) => sql`update sends set status = 'unknown', sending_at = ${clock.now()} where campaign_id = ${campaign.id}`,
  )
  const { sends } = await listSends(world.db, { campaignId: campaign.id, first: 6_000 })
  const lost = sends.slice(0, 4_000).map(({ id, contactId }) => ({
    recipient: psid(contactId),
    mid: `m_lost_${contactId}`,
    text: 'hello',
    metadata: `send:${id}`,
    pageId: world.pageId,
  }))
  await world.echo(lost)
  expect(await reconcile(contextOf(world.deps(graph)))).toMatchObject({ proven: 4_000 })
  expect(await countSends(world.db, campaign.id)).toMatchObject({ sent: 4_000, unknown: 2_000, sumsHold: true })
})
