/** Campaigns that repeat, own time zones, quiet hours, caps, pauses: who gets what when, and that every sum holds. */
import { randomUUID } from 'node:crypto'
import { type CampaignSchedule, slotsAfter } from '@fidelio/core/schedule.ts'
import { dayMs, hourMs, type ManualClock, manualClock, minuteMs } from '@fidelio/core/time.ts'
import { previewAudience } from '@fidelio/db/records/audience.ts'
import { finishCampaigns } from '@fidelio/db/records/campaign-runs.ts'
import { dueSeries, openRuns } from '@fidelio/db/records/campaign-series.ts'
import {
  cancelCampaign,
  duplicateCampaign,
  pauseCampaign,
  type ScheduleInput,
  scheduleCampaign,
} from '@fidelio/db/records/campaign-steering.ts'
import {
  type CampaignRecord,
  createCampaign,
  findCampaign,
  listCampaigns,
  type NewCampaign,
  updateCampaign,
} from '@fidelio/db/records/campaigns.ts'
import { countSends, listSends } from '@fidelio/db/records/sends.ts'
import { contextOf } from '@fidelio/scheduler/deps.ts'
import { dispatch, holdStandstill } from '@fidelio/scheduler/dispatch.ts'
import { planDue } from '@fidelio/scheduler/plan.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeGraph, startFakeGraph } from '../fault/fake-graph.ts'
import { createSendWorld, psid, type SendWorld, worldTopic } from '../fault/sends-world.ts'
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

const once = (startLocal: string, inContactZone = false): ScheduleInput => ({ startLocal, rule: '', inContactZone })
const daily = (startLocal: string, more = ''): ScheduleInput => ({
  startLocal,
  rule: `FREQ=DAILY${more}`,
  inContactZone: false,
})

async function draft(world: SendWorld, changes: Partial<NewCampaign> = {}): Promise<CampaignRecord> {
  const input = {
    name: 'Autumn',
    accountId: world.accountId,
    topic: worldTopic,
    messageText: 'Hello',
    audience: {},
    holdoutPercent: 0,
    conversionDays: 7,
    offerEndsAt: null,
    createdBy: '',
    ...changes,
  }
  const created = await createCampaign(world.db, input, world.clock.now())
  if (created.kind !== 'saved') throw new Error(JSON.stringify(created))
  return created.campaign
}

async function scheduled(world: SendWorld, when: Date | ScheduleInput, changes: Partial<NewCampaign> = {}) {
  const { id } = await draft(world, changes)
  const outcome = await scheduleCampaign(world.db, id, when, world.clock.now())
  if (outcome.kind !== 'saved') throw new Error(JSON.stringify(outcome))
  return outcome.campaign
}

/** One tick of a scheduler, and of two side by side when asked. Everybody keeps writing, so windows stay open. */
async function tick(world: SendWorld, replicas = 1): Promise<void> {
  await stores
    .forWorker()
    .tx((sql) => sql`update threads set last_inbound_at = ${world.clock.now()} where business_id = ${world.businessId}`)
  await Promise.all(
    Array.from({ length: replicas }, async () => {
      const context = contextOf(world.deps(graph))
      await planDue(context)
      await dispatch(context)
      await stores.forWorker().tx((sql) => finishCampaigns(sql, world.clock.now()))
    }),
  )
}

async function runsOf(world: SendWorld, series: CampaignRecord): Promise<CampaignRecord[]> {
  const { campaigns } = await listCampaigns(world.db, { first: 200 })
  return campaigns.filter((each) => each.seriesId === series.id).sort((a, b) => (a.slotLocal < b.slotLocal ? -1 : 1))
}

async function expectSums(world: SendWorld): Promise<void> {
  const { campaigns } = await listCampaigns(world.db, { first: 200 })
  for (const { id } of campaigns) expect((await countSends(world.db, id)).sumsHold).toBe(true)
}

/** Messages one person really got. */
const countOf = (world: SendWorld, contactId: number) =>
  graph.accepted.filter((each) => each.pageId === world.pageId && each.recipient === psid(contactId)).length

const setPolicy = (world: SendWorld, set: { quiet?: object | null; cap?: object | null }) =>
  world.db.tx(
    (sql) => sql`
      update businesses set quiet_hours = ${set.quiet ? sql.json({ ...set.quiet }) : null},
             frequency_cap = ${set.cap ? sql.json({ ...set.cap }) : null}
       where id = ${world.businessId}`,
  )

const setZone = (world: SendWorld, contactId: number, zone: string) =>
  world.db.tx(
    (sql) => sql`update contacts set time_zone = ${zone} where business_id = ${world.businessId} and id = ${contactId}`,
  )

test('a series makes each run once, also with three schedulers, and each run is a campaign with its own sends', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 3)
  const series = await scheduled(world, daily('2026-11-22T13:00', ';COUNT=3'))
  expect(series).toMatchObject({ status: 'scheduled', scheduledAt: new Date(noon + hourMs) })
  await tick(world)
  expect(await runsOf(world, series)).toEqual([])
  for (let day = 0; day < 3; day++) {
    world.clock.set(noon + hourMs + day * dayMs)
    await tick(world, 3)
    await tick(world)
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
    await tick(world, 2)
    await tick(world)
    const runs = await runsOf(world, { ...(await draft(world)), id })
    expect(runs.map((run) => run.status)).toEqual(states)
    expect(runs.slice(0, 2).map((run) => run.statusReason)).toEqual(['superseded', 'superseded'])
    const latest = runs[2]?.id ?? ''
    expect((await countSends(world.db, latest)).sent).toBe(sent)
    expect(await findCampaign(world.db, id)).toMatchObject({ scheduledAt: new Date(noon + 3 * dayMs + hourMs) })
    if (misfire !== 'ask') return
    // Whoever is asked says yes: the run goes out; had nobody answered, the next run would have taken its place.
    expect(await scheduleCampaign(world.db, latest, null, world.clock.now())).toMatchObject({ kind: 'saved' })
    await tick(world)
    expect((await countSends(world.db, latest)).sent).toBe(2)
  },
)

test('a run nobody decided about is over when the next one comes', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 1)
  const series = await scheduled(world, daily('2026-11-22T13:00'))
  world.clock.set(noon + 6 * hourMs)
  await tick(world)
  world.clock.set(noon + dayMs + hourMs)
  await tick(world)
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
    await tick(world, 2)
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
  await tick(world)
  const { sends } = await listSends(world.db, { campaignId: campaign.id, first: 10 })
  expect(sends.map((send) => [send.status, send.reason])).toEqual([
    ['planned', 'quiet_hours'],
    ['accepted', ''],
    ['accepted', ''],
  ])
  // 09:00 in Tokyo is midnight here, and quiet hours there are over.
  world.clock.set(noon + 12 * hourMs - 1_000)
  await tick(world)
  expect(await countSends(world.db, campaign.id)).toMatchObject({ sent: 2, held: 1, sumsHold: true })
  world.clock.set(noon + 12 * hourMs)
  await world.revoke(1)
  await tick(world)
  expect(await countSends(world.db, campaign.id)).toMatchObject({ withdrawn: [{ reason: 'opted_out', count: 1 }] })
  expect(countOf(world, 1)).toBe(0)
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
  await tick(world)
  expect(await countSends(world.db, campaign.id)).toMatchObject({ sent: 5, sumsHold: true })
})

test('a cap over all campaigns holds to the second, and says when the next offer fits', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 2)
  await setPolicy(world, { cap: { messages: 2, days: 7 } })
  const send = async () => {
    const campaign = await scheduled(world, world.clock.now())
    await tick(world)
    return countSends(world.db, campaign.id)
  }
  expect(await send()).toMatchObject({ sent: 2 })
  world.clock.advance(dayMs)
  expect(await send()).toMatchObject({ sent: 2 })
  world.clock.set(noon + 7 * dayMs - 1_000)
  const third = await scheduled(world, world.clock.now())
  await tick(world)
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
  for (let person = 1; person <= 40; person++) expect(countOf(world, person)).toBe(1)
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
  await tick(world)
  expect(await countSends(world.db, campaign.id)).toMatchObject({ sent: 4, sumsHold: true })
  const series = await scheduled(world, daily('2026-11-22T13:00'))
  expect(await pauseCampaign(world.db, series.id, world.clock.now())).toMatchObject({ kind: 'saved' })
  world.clock.set(noon + 3 * dayMs)
  await tick(world)
  expect(await runsOf(world, series)).toEqual([])
  await scheduleCampaign(world.db, series.id, null, world.clock.now())
  world.clock.set(noon + 3 * dayMs + hourMs)
  await tick(world)
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
  await tick(world)
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
