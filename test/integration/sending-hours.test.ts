/** Own time zones, quiet hours, windows and caps: what delays and never drops, and what says when the next offer fits. */
import { dayMs, hourMs, manualClock } from '@fidelio/core/time.ts'
import { previewAudience } from '@fidelio/db/records/audience.ts'
import { findCampaign } from '@fidelio/db/records/campaigns.ts'
import { countSends, listSends } from '@fidelio/db/records/sends.ts'
import { contextOf } from '@fidelio/scheduler/deps.ts'
import { dispatch, holdStandstill } from '@fidelio/scheduler/dispatch.ts'
import { planDue } from '@fidelio/scheduler/plan.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeGraph, startFakeGraph } from '../fault/fake-graph.ts'
import { createSendWorld, worldTopic } from '../fault/sends-world.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'
import { countOf, once, scheduled, setPolicy, setZone, tick } from './schedule-support.ts'

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

test('in their own time: everybody at ten o’clock of their day, whose ten o’clock has passed the day after', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 4)
  await setZone(world, 1, 'Asia/Tokyo') // 10:00 on the 23rd is 01:00 UTC
  await setZone(world, 2, 'America/New_York') // 15:00 UTC
  await setZone(world, 3, 'nowhere') // falls back to the business's UTC
  const campaign = await scheduled(world, once('2026-11-23T10:00', true))
  expect(campaign.scheduledAt).toEqual(new Date(Date.UTC(2026, 10, 23, 1)))
  world.clock.set(Date.UTC(2026, 10, 23, 1))
  await setZone(world, 4, 'Pacific/Kiritimati') // 10:00 on the 23rd was at 20:00 UTC the day before
  const sentAt: Record<number, string> = {}
  for (let hour = 1; hour <= 24; hour++) {
    world.clock.set(Date.UTC(2026, 10, 23, hour))
    await tick(world, graph, 2)
    await holdStandstill(contextOf(world.deps(graph)))
    for (const send of (await listSends(world.db, { campaignId: campaign.id, first: 10 })).sends)
      if (send.sentAt) sentAt[send.contactId] ??= send.sentAt.toISOString().slice(5, 16)
    expect((await countSends(world.db, campaign.id)).sumsHold).toBe(true)
  }
  expect(sentAt).toEqual({ 1: '11-23T01:00', 2: '11-23T15:00', 3: '11-23T10:00', 4: '11-23T20:00' })
  expect(await findCampaign(world.db, campaign.id)).toMatchObject({ status: 'done' })
})

test('quiet hours and the campaign’s window delay and never drop; permission is asked again when the hour comes', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 3)
  await setZone(world, 1, 'Asia/Tokyo') // 21:00 there
  await setPolicy(world, { quiet: { from: '20:00', to: '08:00' } })
  const window = { from: '09:00', to: '18:00', weekdays: [1, 2, 3, 4, 5, 6, 7] }
  const campaign = await scheduled(world, new Date(noon), { sendingWindow: window })
  await tick(world, graph)
  const { sends } = await listSends(world.db, { campaignId: campaign.id, first: 10 })
  expect(sends.map((send) => [send.status, send.reason])).toEqual([
    ['planned', 'quiet_hours'],
    ['accepted', ''],
    ['accepted', ''],
  ])
  // 09:00 in Tokyo is midnight here, and quiet hours there are over.
  world.clock.set(noon + 12 * hourMs - 1_000)
  await tick(world, graph)
  expect(await countSends(world.db, campaign.id)).toMatchObject({ sent: 2, held: 1, sumsHold: true })
  world.clock.set(noon + 12 * hourMs)
  await world.revoke(1)
  await tick(world, graph)
  expect(await countSends(world.db, campaign.id)).toMatchObject({ withdrawn: [{ reason: 'opted_out', count: 1 }] })
  expect(countOf(world, graph, 1)).toBe(0)
})

test('hours that begin while people are still planned defer them at the claim, without an attempt', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 5)
  const campaign = await scheduled(world, new Date(noon))
  const context = contextOf(world.deps(graph))
  await planDue(context)
  await setPolicy(world, { quiet: { from: '11:00', to: '13:00' } })
  await dispatch(context)
  const { sends } = await listSends(world.db, { campaignId: campaign.id, first: 10 })
  expect(sends.map((send) => [send.status, send.reason, send.attempt])).toEqual(
    Array(5).fill(['planned', 'quiet_hours', 0]),
  )
  world.clock.set(noon + hourMs)
  await tick(world, graph)
  expect(await countSends(world.db, campaign.id)).toMatchObject({ sent: 5, sumsHold: true })
})

test('a cap over all campaigns holds to the second, and says when the next offer fits', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 2)
  await setPolicy(world, { cap: { messages: 2, days: 7 } })
  const send = async () => {
    const campaign = await scheduled(world, world.clock.now())
    await tick(world, graph)
    return countSends(world.db, campaign.id)
  }
  expect(await send()).toMatchObject({ sent: 2 })
  world.clock.advance(dayMs)
  expect(await send()).toMatchObject({ sent: 2 })
  world.clock.set(noon + 7 * dayMs - 1_000)
  const third = await scheduled(world, world.clock.now())
  await tick(world, graph)
  expect(await countSends(world.db, third.id)).toMatchObject({
    sent: 0,
    excluded: [{ reason: 'frequency_cap', count: 2 }],
    sumsHold: true,
  })
  const place = {
    ...world,
    accountExternalId: world.pageId,
    channel: 'messenger',
    topic: worldTopic,
    at: world.clock.now(),
  }
  expect((await previewAudience(world.db, place, {}, 0)).excluded).toEqual([{ reason: 'frequency_cap', count: 2 }])
  const { sends } = await listSends(world.db, { campaignId: third.id, first: 2 })
  expect(sends.map((row) => row.nextEligibleAt)).toEqual(Array(2).fill(new Date(noon + 7 * dayMs)))
  world.clock.set(noon + 7 * dayMs)
  expect(await send()).toMatchObject({ sent: 2 })
})

test('two campaigns planned side by side under a cap of one: one message each, whoever starts first', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 40)
  await setPolicy(world, { cap: { messages: 1, days: 1 } })
  const first = await scheduled(world, new Date(noon))
  const second = await scheduled(world, new Date(noon))
  const contexts = [contextOf(world.deps(graph)), contextOf(world.deps(graph))]
  // Planned as if neither knew of the other: only the claims can keep the cap.
  await planDue(contexts[0] as NonNullable<(typeof contexts)[0]>)
  await world.db.tx(
    (sql) => sql`
      update sends set status = 'planned', arm = 'treatment', reason = ''
       where business_id = ${world.businessId} and campaign_id = any(${[first.id, second.id]}::uuid[])`,
  )
  await Promise.all(contexts.map((context) => dispatch(context)))
  const counts = await Promise.all([first, second].map((each) => countSends(world.db, each.id)))
  expect(counts.reduce((sum, count) => sum + count.sent, 0)).toBe(40)
  for (const count of counts) expect(count.sumsHold).toBe(true)
  for (let person = 1; person <= 40; person++) expect(countOf(world, graph, person)).toBe(1)
})
