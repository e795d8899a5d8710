/** Campaigns that repeat, pauses and second thoughts: each run once, whatever happens between, and every sum holds. */
import { randomUUID } from 'node:crypto'
import { type CampaignSchedule, slotsAfter } from '@fidelio/core/schedule.ts'
import { dayMs, hourMs, type ManualClock, manualClock, minuteMs } from '@fidelio/core/time.ts'
import { dueSeries, openRuns } from '@fidelio/db/records/campaign-series.ts'
import {
  cancelCampaign,
  duplicateCampaign,
  pauseCampaign,
  scheduleCampaign,
} from '@fidelio/db/records/campaign-steering.ts'
import { type CampaignRecord, findCampaign, updateCampaign } from '@fidelio/db/records/campaigns.ts'
import { countSends } from '@fidelio/db/records/sends.ts'
import { contextOf } from '@fidelio/scheduler/deps.ts'
import { dispatch } from '@fidelio/scheduler/dispatch.ts'
import { planDue } from '@fidelio/scheduler/plan.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeGraph, startFakeGraph } from '../fault/fake-graph.ts'
import { createSendWorld } from '../fault/sends-world.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'
import { daily, draft, expectSums, once, runsOf, scheduled, setPolicy, tick } from './schedule-support.ts'

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

test('a series makes each run once, also with three schedulers, and each run is a campaign with its own sends', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 3)
  const series = await scheduled(world, daily('2026-11-22T13:00', ';COUNT=3'))
  expect(series).toMatchObject({ status: 'scheduled', scheduledAt: new Date(noon + hourMs) })
  await tick(world, graph)
  expect(await runsOf(world, series)).toEqual([])
  for (let day = 0; day < 3; day++) {
    world.clock.set(noon + hourMs + day * dayMs)
    await tick(world, graph, 3)
    await tick(world, graph)
  }
  const runs = await runsOf(world, series)
  expect(runs.map(({ slotLocal, status }) => [slotLocal, status])).toEqual([
    ['2026-11-22T13:00', 'done'],
    ['2026-11-23T13:00', 'done'],
    ['2026-11-24T13:00', 'done'],
  ])
  for (const run of runs) expect(await countSends(world.db, run.id)).toMatchObject({ targeted: 3, sent: 3 })
  expect(await findCampaign(world.db, series.id)).toMatchObject({ status: 'done' })
  await expectSums(world)
})

test.each([
  ['ask', ['missed', 'missed', 'held'], 0],
  ['skip', ['missed', 'missed', 'missed'], 0],
  ['send', ['missed', 'missed', 'done'], 2],
] as const)(
  'after a downtime of three runs, misfire %s makes %j and sends to %i people',
  async (misfire, states, sent) => {
    const world = await createSendWorld(stores, manualClock(noon), 2)
    const { id } = await draft(world)
    await scheduleCampaign(world.db, id, daily('2026-11-22T13:00'), world.clock.now(), misfire)
    world.clock.set(noon + 2 * dayMs + 6 * hourMs)
    await tick(world, graph, 2)
    await tick(world, graph)
    const runs = await runsOf(world, { ...(await draft(world)), id })
    expect(runs.map((run) => run.status)).toEqual(states)
    expect(runs.slice(0, 2).map((run) => run.statusReason)).toEqual(['superseded', 'superseded'])
    const latest = runs[2]?.id ?? ''
    expect((await countSends(world.db, latest)).sent).toBe(sent)
    expect(await findCampaign(world.db, id)).toMatchObject({ scheduledAt: new Date(noon + 3 * dayMs + hourMs) })
    if (misfire !== 'ask') return
    // Whoever is asked says yes: the run goes out; had nobody answered, the next run would have taken its place.
    expect(await scheduleCampaign(world.db, latest, null, world.clock.now())).toMatchObject({ kind: 'saved' })
    await tick(world, graph)
    expect((await countSends(world.db, latest)).sent).toBe(2)
  },
)

test('a run nobody decided about is over when the next one comes', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 1)
  const series = await scheduled(world, daily('2026-11-22T13:00'))
  world.clock.set(noon + 6 * hourMs)
  await tick(world, graph)
  world.clock.set(noon + dayMs + hourMs)
  await tick(world, graph)
  expect((await runsOf(world, series)).map((run) => [run.status, run.statusReason])).toEqual([
    ['missed', 'superseded'],
    ['done', ''],
  ])
})

test('ten weeks of several series with restarts: due = done + missed, and nobody gets a run twice', async () => {
  const clock: ManualClock = manualClock(Date.UTC(2026, 9, 1))
  const world = await createSendWorld(stores, clock, 0)
  const rules = ['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,TH', 'FREQ=MONTHLY;BYMONTHDAY=-1']
  const zones = ['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe']
  const made: CampaignRecord[] = []
  for (const [index, rule] of rules.entries()) {
    await world.db.tx(
      (sql) => sql`update businesses set time_zone = ${zones[index] ?? 'UTC'} where id = ${world.businessId}`,
    )
    made.push(await scheduled(world, { startLocal: '2026-10-02T02:30', rule, inContactZone: false }))
  }
  const until = clock.now().getTime() + 70 * dayMs
  const pauses = [37, 95, 1_500, 37, 4_000, 61, 720, 9_000].map((minutes) => minutes * minuteMs)
  for (let wake = 0; clock.now().getTime() < until; wake++) {
    clock.advance(pauses[wake % pauses.length] ?? hourMs)
    const due = await stores.forWorker().tx((sql) => dueSeries(sql, clock.now(), 10))
    for (const each of due)
      await stores.forWorker().tx((sql) => openRuns(sql, each, { ownerId: randomUUID(), at: clock.now() }))
  }
  for (const series of made) {
    const runs = await runsOf(world, series)
    const expected = slotsAfter(series.schedule as CampaignSchedule, '', 200).filter(
      (slot) => slot.at <= clock.now().getTime(),
    )
    expect(runs.map((run) => [run.slotLocal, run.scheduledAt?.getTime()])).toEqual(
      expected.map((slot) => [slot.local, slot.at]),
    )
  }
})

test('a pause stops at once and resuming sends to the remaining people only; a paused series makes up for nothing', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 4)
  const campaign = await scheduled(world, new Date(noon))
  const context = contextOf(world.deps(graph, { limits: { messagesPerSecondMax: { messenger: 2 } } }))
  await planDue(context)
  await dispatch(context)
  expect(await pauseCampaign(world.db, campaign.id, world.clock.now())).toMatchObject({
    campaign: { status: 'held', statusReason: 'paused' },
  })
  world.clock.advance(minuteMs)
  await dispatch(context)
  expect(await countSends(world.db, campaign.id)).toMatchObject({ sent: 2, held: 2, sumsHold: true })
  await scheduleCampaign(world.db, campaign.id, null, world.clock.now())
  await tick(world, graph)
  expect(await countSends(world.db, campaign.id)).toMatchObject({ sent: 4, sumsHold: true })
  const series = await scheduled(world, daily('2026-11-22T13:00'))
  expect(await pauseCampaign(world.db, series.id, world.clock.now())).toMatchObject({ kind: 'saved' })
  world.clock.set(noon + 3 * dayMs)
  await tick(world, graph)
  expect(await runsOf(world, series)).toEqual([])
  await scheduleCampaign(world.db, series.id, null, world.clock.now())
  world.clock.set(noon + 3 * dayMs + hourMs)
  await tick(world, graph)
  expect((await runsOf(world, series)).map((run) => run.slotLocal)).toEqual(['2026-11-25T13:00'])
})

test('a schedule is undone, a run is cancelled alone, a campaign is written once more', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 1)
  const series = await scheduled(world, daily('2026-11-22T13:00'), {
    sendingWindow: { from: '09:00', to: '18:00', weekdays: [7] },
  })
  expect(await cancelCampaign(world.db, series.id, world.clock.now())).toMatchObject({
    campaign: { status: 'draft', schedule: null, scheduledAt: null },
  })
  await scheduleCampaign(world.db, series.id, daily('2026-11-22T13:00'), world.clock.now())
  world.clock.set(noon + 6 * hourMs)
  await tick(world, graph)
  const [held] = await runsOf(world, series)
  expect(held?.status).toBe('held')
  expect(await cancelCampaign(world.db, held?.id ?? '', world.clock.now())).toMatchObject({
    campaign: { status: 'cancelled' },
  })
  expect(await findCampaign(world.db, series.id)).toMatchObject({ status: 'scheduled' })
  const copy = await duplicateCampaign(
    world.db,
    series.id,
    { name: 'Autumn again', createdBy: 'ana' },
    world.clock.now(),
  )
  expect(copy).toMatchObject({
    campaign: {
      name: 'Autumn again',
      status: 'draft',
      schedule: null,
      seriesId: null,
      sendingWindow: series.sendingWindow,
    },
  })
})

test('what cannot be is refused with the field: a past time, an impossible window, a rule that is none', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 1)
  const { id } = await draft(world)
  for (const when of [
    once('2026-11-22T11:00'),
    daily('x'),
    daily('2026-11-22T13:00', ';BYHOUR=1'),
    daily('2026-11-01T10:00', ';COUNT=2'),
  ])
    expect(await scheduleCampaign(world.db, id, when, world.clock.now())).toMatchObject({
      kind: 'invalid',
      problems: [{ field: 'schedule' }],
    })
  await setPolicy(world, { quiet: { from: '20:00', to: '08:00' } })
  const sendingWindow = { from: '21:00', to: '22:00', weekdays: [1] }
  expect(await updateCampaign(world.db, id, { sendingWindow }, world.clock.now())).toMatchObject({
    kind: 'invalid',
    problems: [{ field: 'sendingWindow' }],
  })
})
