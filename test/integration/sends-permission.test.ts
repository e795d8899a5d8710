/** Consent, window and account are judged again at the claim, inside its transaction (reliability.md §4, features.md 3.4–3.5). */
import { dayMs, hourMs, manualClock, minuteMs, secondMs } from '@fidelio/core/time.ts'
import { cancelCampaign, scheduleCampaign } from '@fidelio/db/records/campaign-steering.ts'
import { findCampaign } from '@fidelio/db/records/campaigns.ts'
import { claimSends, releaseClaims, startSends } from '@fidelio/db/records/send-claims.ts'
import { countSends, listSends } from '@fidelio/db/records/sends.ts'
import { createScheduler } from '@fidelio/scheduler/scheduler.ts'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeGraph, startFakeGraph } from '../fault/fake-graph.ts'
import { createSendWorld, plannedRun, psid, type SendWorld } from '../fault/sends-world.ts'
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

async function withdrawn(world: SendWorld, campaignId: string) {
  return (await countSends(world.db, campaignId)).withdrawn
}

test('a STOP between plan and claim withdraws the person, one between claim and call as well', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 3)
  const campaign = await world.launch()
  const run = await plannedRun(world, graph, campaign.id)
  await world.revoke(1)
  const worker = stores.forWorker()
  const { claimed } = await worker.tx((sql) =>
    claimSends(sql, run, { ownerId: 'one', at: clock.now(), leaseSeconds: 60, limit: 10 }),
  )
  expect(claimed.map((claim) => claim.contactId)).toEqual([2, 3])
  await world.revoke(2)
  const { started } = await worker.tx((sql) => startSends(sql, run, claimed, clock.now()))
  expect(started.map((send) => send.contactId)).toEqual([3])
  expect(await withdrawn(world, campaign.id)).toEqual([{ reason: 'opted_out', count: 2 }])
})

/** The customer wrote a minute before the world began; the window is 24 h less a margin of 60 s. */
const closesAfterMs = dayMs - minuteMs - minuteMs

test.each([
  [-1 * secondMs, 1],
  [-1, 1],
  [0, 0],
  [1 * secondMs, 0],
])('%i ms from the end of the window, %i is claimed', async (offsetMs, claimable) => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 1)
  const campaign = await world.launch()
  const run = await plannedRun(world, graph, campaign.id)
  const at = new Date(noon + closesAfterMs + offsetMs)
  const worker = stores.forWorker()
  const outcome = await worker.tx((sql) => claimSends(sql, run, { ownerId: 'one', at, leaseSeconds: 60, limit: 10 }))
  expect(outcome.claimed).toHaveLength(claimable)
  const reasons = claimable === 1 ? [] : [{ reason: 'outside_window', count: 1 }]
  expect(await withdrawn(world, campaign.id)).toEqual(reasons)
})

test('the rule in force at the claim counts, not the one at planning', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 1)
  const campaign = await world.launch()
  const run = await plannedRun(world, graph, campaign.id)
  const worker = stores.forWorker()
  // The only rule of the channel ends before the claim: as on the day a platform switches something off.
  const endsAt = new Date(noon + hourMs)
  const owner = postgres(stores.ownerUrl, { max: 1 })
  try {
    await owner`update permission_rules set valid_to = ${endsAt} where channel = 'messenger'`
    const claim = (at: number) =>
      worker.tx((sql) => claimSends(sql, run, { ownerId: 'one', at: new Date(at), leaseSeconds: 60, limit: 10 }))
    const before = await claim(endsAt.getTime() - 1)
    expect(before.claimed).toHaveLength(1)
    await worker.tx((sql) => releaseClaims(sql, before.claimed, new Date(noon)))
    expect((await claim(endsAt.getTime())).claimed).toHaveLength(0)
    expect(await withdrawn(world, campaign.id)).toEqual([{ reason: 'not_allowed_on_channel', count: 1 }])
  } finally {
    await owner`update permission_rules set valid_to = null where channel = 'messenger'`
    await owner.end()
  }
})

test('a broken token holds the campaign and loses nobody; reconnected, the remaining people are sent to', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 30)
  const campaign = await world.launch()
  graph.fault = (recipient) => (recipient === psid(20) ? { code: 190 } : null)
  await using scheduler = createScheduler(world.deps(graph))
  await scheduler.processAll()
  expect(await findCampaign(world.db, campaign.id)).toMatchObject({ status: 'held', statusReason: 'token_broken' })
  const held = await countSends(world.db, campaign.id)
  expect(held.held).toBeGreaterThan(0)
  expect(held).toMatchObject({ failed: [], unknown: 0, sumsHold: true })
  expect(await scheduleCampaign(world.db, campaign.id, null, clock.now())).toMatchObject({ kind: 'invalid' })
  await stores
    .forWorker()
    .tx((sql) => sql`update channel_accounts set status = 'connected' where id = ${world.accountId}`)
  graph.fault = () => null
  expect(await scheduleCampaign(world.db, campaign.id, null, clock.now())).toMatchObject({ kind: 'saved' })
  clock.advance(2 * secondMs)
  await scheduler.processAll()
  expect(await countSends(world.db, campaign.id)).toMatchObject({ sent: 30, held: 0, sumsHold: true })
  expect((await findCampaign(world.db, campaign.id))?.status).toBe('done')
})

test('who blocked the business is not written to again until they write', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 3)
  graph.fault = (recipient) => {
    if (recipient === psid(1)) return { code: 551, subcode: 1545041 }
    return recipient === psid(2) ? { code: 100, subcode: 2018001 } : null
  }
  const campaign = await world.launch()
  await using scheduler = createScheduler(world.deps(graph))
  await scheduler.processAll()
  const { failed } = await countSends(world.db, campaign.id)
  expect(failed).toEqual([
    { reason: 'no_such_person', count: 1 },
    { reason: 'opted_out', count: 1 },
  ])
  graph.fault = () => null
  clock.advance(minuteMs)
  const again = await world.launch({ name: 'Next' })
  await plannedRun(world, graph, again.id)
  const excluded = [
    { reason: 'blocked', count: 1 },
    { reason: 'unreachable', count: 1 },
  ]
  expect((await countSends(world.db, again.id)).excluded).toEqual(excluded)
  await scheduler.processAll()
  clock.advance(minuteMs)
  await stores.forWorker().tx(
    (sql) => sql`
      update threads set last_inbound_at = ${clock.now()}
       where account_id = ${world.accountId} and contact_id in (1, 2)`,
  )
  const third = await world.launch({ name: 'After they wrote' })
  await plannedRun(world, graph, third.id)
  expect((await countSends(world.db, third.id)).excluded).toEqual([])
})

test('cancelling withdraws everybody not yet on the way, and a worker that holds claims lets go', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 10)
  const campaign = await world.launch()
  const run = await plannedRun(world, graph, campaign.id)
  const worker = stores.forWorker()
  const claim = { ownerId: 'one', at: clock.now(), leaseSeconds: 60 }
  const first = await worker.tx((sql) => claimSends(sql, run, { ...claim, limit: 2 }))
  await worker.tx((sql) => startSends(sql, run, first.claimed, clock.now()))
  const second = await worker.tx((sql) => claimSends(sql, run, { ...claim, limit: 3 }))
  expect(await cancelCampaign(world.db, campaign.id, clock.now())).toMatchObject({ campaign: { status: 'cancelled' } })
  const start = await worker.tx((sql) => startSends(sql, run, second.claimed, clock.now()))
  expect(start).toMatchObject({ started: [], refused: 3 })
  const funnel = await countSends(world.db, campaign.id)
  expect(funnel).toMatchObject({ pending: 2, held: 0, sumsHold: true })
  expect(funnel.withdrawn).toEqual([{ reason: 'campaign_cancelled', count: 8 }])
})

test('an offer that ends while it is being sent is not sent to the rest', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 2)
  const campaign = await world.launch({ offerEndsAt: new Date(noon + hourMs) })
  const run = await plannedRun(world, graph, campaign.id)
  const at = new Date(noon + hourMs)
  await stores.forWorker().tx((sql) => claimSends(sql, run, { ownerId: 'one', at, leaseSeconds: 60, limit: 10 }))
  expect(await withdrawn(world, campaign.id)).toEqual([{ reason: 'offer_ended', count: 2 }])
})

test('the list of sends is paged, filtered and searched', async () => {
  const clock = manualClock(noon)
  const world = await createSendWorld(stores, clock, 25)
  const campaign = await world.launch()
  await plannedRun(world, graph, campaign.id)
  const seen: number[] = []
  for (let after: number | undefined; ; ) {
    const page = await listSends(world.db, { campaignId: campaign.id, first: 10, after })
    expect(page.total).toBe(25)
    seen.push(...page.sends.map((send) => send.contactId))
    after = seen.at(-1)
    if (!page.hasMore) break
  }
  expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => i + 1))
  const search = (text: string) => listSends(world.db, { campaignId: campaign.id, first: 10, search: text })
  expect((await search('person 7')).sends.map((send) => send.contactId)).toEqual([7])
  expect((await search('psid-9')).total).toBe(1)
  expect((await search('%')).total).toBe(0)
})
