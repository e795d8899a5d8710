/** From draft to plan: audiences, reasons, previews, late starts and second thoughts (measures.md §7, reliability.md §5). */
import { randomUUID } from 'node:crypto'
import { dayMs, hourMs, manualClock, minuteMs } from '@fidelio/core/time.ts'
import { clickHouseTime } from '@fidelio/db/clickhouse/query.ts'
import { matchBehaviour } from '@fidelio/db/queries/audience.ts'
import { audienceRows, previewAudience } from '@fidelio/db/records/audience.ts'
import { cancelCampaign, scheduleCampaign } from '@fidelio/db/records/campaign-steering.ts'
import {
  createCampaign,
  findCampaign,
  listCampaigns,
  nextCampaign,
  updateCampaign,
} from '@fidelio/db/records/campaigns.ts'
import { countSends, listSends } from '@fidelio/db/records/sends.ts'
import { createScheduler } from '@fidelio/scheduler/scheduler.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeGraph, startFakeGraph } from '../fault/fake-graph.ts'
import { createSendWorld, plannedRun, type SendWorld, worldTopic } from '../fault/sends-world.ts'
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

/** Twelve people, of whom 1–8 each fail a gate of their own. */
async function variedWorld(): Promise<SendWorld> {
  const world = await createSendWorld(stores, manualClock(noon), 12)
  const { businessId, accountId } = world
  const before = new Date(noon - minuteMs / 2)
  const exclude = (contactId: number, reason: string) => ({ business_id: businessId, contact_id: contactId, reason })
  await stores.forWorker().tx(async (sql) => {
    await sql`delete from contact_identities where business_id = ${businessId} and contact_id = 1`
    await sql`delete from consents where business_id = ${businessId} and contact_id = 2`
    await sql`update threads set last_inbound_at = null where business_id = ${businessId} and contact_id = 4`
    await sql`
      update threads set last_inbound_at = ${new Date(noon - 25 * hourMs)}
       where business_id = ${businessId} and account_id = ${accountId} and contact_id = 5`
    for (const row of [exclude(6, 'suppressed'), exclude(7, 'blocked'), exclude(8, 'unreachable')])
      await sql`insert into exclusions ${sql({ ...row, channel: 'messenger', since: before })}`
  })
  await world.revoke(3)
  return world
}

function placeOf(world: SendWorld) {
  const { accountId, pageId, clock } = world
  return { accountId, accountExternalId: pageId, channel: 'messenger', topic: worldTopic, at: clock.now() }
}

test('every person gets one row with the first reason, and the preview said the same', async () => {
  const world = await variedWorld()
  const preview = await previewAudience(world.db, placeOf(world), {}, 50)
  const campaign = await world.launch({ holdoutPercent: 50 })
  await plannedRun(world, graph, campaign.id)
  const { sends, total } = await listSends(world.db, { campaignId: campaign.id, first: 100 })
  expect(total).toBe(12)
  expect(sends.slice(0, 8).map((send) => send.reason)).toEqual([
    'no_identity',
    'no_opt_in',
    'opted_out',
    'never_wrote',
    'outside_window',
    'suppressed',
    'blocked',
    'unreachable',
  ])
  expect(sends.slice(8).every((send) => ['planned', 'holdout'].includes(send.status) && send.reason === '')).toBe(true)
  const funnel = await countSends(world.db, campaign.id)
  expect(funnel).toMatchObject({ targeted: 12, sumsHold: true, excluded: preview.excluded })
  expect(preview).toMatchObject({ matched: 12, reachable: 4, willBeSent: 2, holdout: 2, sample: [9, 10, 11, 12] })
  expect(funnel.eligible + funnel.holdout).toBe(preview.reachable)
})

test('each number of a preview opens as many people, page by page, each with the reason the preview counted', async () => {
  const world = await variedWorld()
  const place = placeOf(world)
  const preview = await previewAudience(world.db, place, {}, 10)
  const peopleOf = async (stage: string) => {
    const people: { contactId: number; reason: string }[] = []
    let total = -1
    let more = true
    while (more) {
      const page = await audienceRows(world.db, place, {}, { stage, first: 3, after: people.at(-1)?.contactId ?? 0 })
      people.push(...page.rows)
      total = page.total
      more = page.hasMore
    }
    expect(total, stage).toBe(people.length)
    return people
  }
  expect((await peopleOf('')).map((row) => row.contactId)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1))
  expect((await peopleOf('eligible')).map((row) => row.contactId)).toEqual([9, 10, 11, 12])
  const out = await peopleOf('excluded')
  expect(out).toHaveLength(preview.matched - preview.reachable)
  for (const { reason, count } of preview.excluded) {
    const people = await peopleOf(reason)
    expect(people.map((row) => row.reason)).toEqual(Array(count).fill(reason))
    expect(people.map((row) => row.contactId)).toEqual(
      out.filter((row) => row.reason === reason).map((row) => row.contactId),
    )
  }
  expect(await peopleOf('in_other_campaign')).toEqual([])
})

test('the split is by the campaign’s own key: stable for one campaign, different for the next', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 400)
  const armsOf = async () => {
    const campaign = await world.launch({ holdoutPercent: 50 })
    await plannedRun(world, graph, campaign.id)
    const { sends } = await listSends(world.db, { campaignId: campaign.id, first: 400 })
    await cancelCampaign(world.db, campaign.id, world.clock.now())
    return sends.map((send) => send.arm).join()
  }
  const [first, second] = [await armsOf(), await armsOf()]
  expect(first).not.toBe(second)
  const heldBack = first.split(',').filter((arm) => arm === 'holdout').length
  // Six standard deviations around one half.
  expect(Math.abs(heldBack - 200)).toBeLessThan(60)
})

test('a person on the way in one campaign is not taken by a second one', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 3)
  const first = await world.launch()
  await plannedRun(world, graph, first.id)
  const second = await world.launch({ name: 'Second' })
  await plannedRun(world, graph, second.id)
  expect((await countSends(world.db, second.id)).excluded).toEqual([{ reason: 'in_other_campaign', count: 3 }])
})

/** What each of five people did: [kind, days ago, order id]. */
const deeds: Record<number, [string, number, string][]> = {
  2: [['message.received', 40, '']],
  3: [
    ['order.created', 5, 'o1'],
    ['order.paid', 4, 'o1'],
  ],
  4: [
    ['order.created', 20, 'o2'],
    ['order.paid', 6, 'o3'],
  ],
  5: [['order.created', 80, 'o4']],
}

test('audience rules say who wrote, who ordered and who did not', async () => {
  // Everybody wrote a minute ago, so the rules are asked as of three days later, when that is out of a short reach.
  const world = await createSendWorld(stores, manualClock(noon), 5)
  const rows = Object.entries(deeds).flatMap(([contactId, events]) =>
    events.map(([kind, days, orderId]) => {
      const at = clickHouseTime(noon - days * dayMs)
      return [world.businessId, Number(contactId), kind, 'customer', at, at, randomUUID(), orderId]
    }),
  )
  const columns = ['business_id', 'contact_id', 'kind', 'role', 'ts', 'received_at', 'row_id', 'order_id']
  // The same facts twice, as after a redelivery.
  for (const token of ['deeds', 'deeds-again']) await stores.forWorker().insertRows('events', columns, rows, token)
  const at = new Date(noon)
  const later = new Date(noon + 3 * dayMs)
  const match = (rules: Parameters<typeof matchBehaviour>[1], when = at) => matchBehaviour(world.db, rules, when)
  const sorted = (ids: number[] | null) => ids && [...ids].sort((a, b) => a - b)
  expect(await match({})).toEqual({ include: null, exclude: [] })
  expect(sorted((await match({ wroteWithinDays: 1 })).include)).toEqual([1, 2, 3, 4, 5])
  expect(sorted((await match({ wroteWithinDays: 2 }, later)).include)).toEqual([])
  expect(sorted((await match({ orderedWithinDays: 30 })).include)).toEqual([3, 4])
  expect(sorted((await match({ orderedWithinDays: 30, minOrders: 2 })).include)).toEqual([4])
  expect(sorted((await match({ orderedWithinDays: 90, notOrderedWithinDays: 30 })).include)).toEqual([5])
  expect(await match({ notOrderedWithinDays: 10 })).toMatchObject({
    include: null,
    exclude: expect.arrayContaining([3, 4]),
  })
  const lapsed = await previewAudience(world.db, placeOf(world), { notOrderedWithinDays: 10 }, 0)
  expect(lapsed).toMatchObject({ matched: 3, reachable: 3, willBeSent: 3, sample: [1, 2, 5] })
  const campaign = await world.launch({ audience: { orderedWithinDays: 90 } })
  await plannedRun(world, graph, campaign.id)
  const { sends } = await listSends(world.db, { campaignId: campaign.id, first: 10 })
  expect(sends.map((send) => send.contactId)).toEqual([3, 4, 5])
})

test('a campaign found an hour late is held and asks; one whose offer ended is missed; nothing is sent', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 2)
  const { clock, db } = world
  const before = graph.calls()
  const late = await world.launch()
  const ended = await world.launch({ name: 'Ended', offerEndsAt: new Date(noon + 30 * minuteMs) })
  clock.advance(hourMs + 1)
  await using scheduler = createScheduler(world.deps(graph))
  await scheduler.processAll()
  expect(await findCampaign(db, late.id)).toMatchObject({ status: 'held', statusReason: 'late', plannedAt: null })
  expect(await findCampaign(db, ended.id)).toMatchObject({ status: 'missed', statusReason: 'offer_ended' })
  expect(graph.calls()).toBe(before)
  expect(await scheduleCampaign(db, late.id, null, clock.now())).toMatchObject({ campaign: { status: 'scheduled' } })
  await scheduler.processAll()
  expect(await countSends(db, late.id)).toMatchObject({ sent: 2 })
})

test('sending that stood still for over an hour is held, and goes on with the remaining people when asked', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 4)
  const { clock, db } = world
  const campaign = await world.launch()
  await plannedRun(world, graph, campaign.id)
  clock.advance(hourMs + 1)
  const before = graph.calls()
  await using rebooted = createScheduler(world.deps(graph))
  await rebooted.processAll()
  expect(await findCampaign(db, campaign.id)).toMatchObject({ status: 'held', statusReason: 'interrupted' })
  expect(graph.calls()).toBe(before)
  await scheduleCampaign(db, campaign.id, null, clock.now())
  await rebooted.processAll()
  expect(await countSends(db, campaign.id)).toMatchObject({ sent: 4 })
})

test('an instant in the past means now, and a scheduled campaign can go back to draft', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 1)
  const { clock, db } = world
  const campaign = await world.launch()
  expect(campaign.scheduledAt).toEqual(clock.now())
  expect(await cancelCampaign(db, campaign.id, clock.now())).toMatchObject({
    campaign: { status: 'draft', scheduledAt: null },
  })
  const changed = await updateCampaign(db, campaign.id, { name: 'New name' }, clock.now())
  expect(changed).toMatchObject({ campaign: { name: 'New name', version: 2 } })
  await scheduleCampaign(db, campaign.id, new Date(noon - dayMs), clock.now())
  expect((await nextCampaign(db))?.scheduledAt).toEqual(clock.now())
  expect(await updateCampaign(db, campaign.id, { name: 'Too late' }, clock.now())).toEqual({
    kind: 'conflict',
    status: 'scheduled',
  })
  const tomorrow = new Date(noon + dayMs)
  await scheduleCampaign(db, campaign.id, tomorrow, clock.now())
  await using scheduler = createScheduler(world.deps(graph))
  await scheduler.processAll()
  expect((await findCampaign(db, campaign.id))?.status).toBe('scheduled')
})

test('a draft that cannot be sent is refused, and other businesses’ accounts and campaigns do not exist', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 1)
  const other = await createSendWorld(stores, manualClock(noon), 1)
  const campaign = await world.launch()
  const now = world.clock.now()
  const draft = { ...campaign, createdBy: '', offerEndsAt: null }
  const refused = await createCampaign(world.db, { ...draft, messageText: 'Hi {{ contact.name }}' }, now)
  expect(refused).toMatchObject({ kind: 'invalid', problems: [{ field: 'messageText' }] })
  const foreign = await createCampaign(world.db, { ...draft, accountId: other.accountId }, now)
  expect(foreign).toMatchObject({ kind: 'invalid', problems: [{ field: 'accountId' }] })
  expect(await findCampaign(other.db, campaign.id)).toBeNull()
  expect(await cancelCampaign(other.db, campaign.id, now)).toEqual({ kind: 'not_found' })
  expect(await listSends(other.db, { campaignId: campaign.id, first: 10 })).toMatchObject({ total: 0, sends: [] })
})

test('campaigns are listed newest first, page by page', async () => {
  const world = await createSendWorld(stores, manualClock(noon), 1)
  for (let i = 0; i < 5; i++) {
    // Two at the same instant: ids break the tie.
    if (i !== 2) world.clock.advance(minuteMs)
    await world.launch({ name: `Campaign ${i}` })
  }
  const seen: string[] = []
  for (let after: { createdAt: Date; id: string } | undefined; ; ) {
    const page = await listCampaigns(world.db, { first: 2, after })
    seen.push(...page.campaigns.map((campaign) => campaign.id))
    after = page.campaigns.at(-1)
    if (!page.hasMore) break
  }
  expect(new Set(seen).size).toBe(5)
  expect((await listCampaigns(world.db, { first: 10, status: 'draft' })).campaigns).toEqual([])
})
