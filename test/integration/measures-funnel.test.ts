/** The funnel's rules by hand (measures.md §7, B12): watermarks, closure, windows, sums; and lift by arm (§9). */
import { randomUUID } from 'node:crypto'
import { hourMs, minuteMs } from '@fidelio/core/time.ts'
import { createDeriver } from '@fidelio/db/derive/deriver.ts'
import { syncSendFacts } from '@fidelio/db/derive/send-facts.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { threadPage } from '@fidelio/db/queries/conversation.ts'
import { funnel, funnels, sendOutcomes } from '@fidelio/db/queries/funnel.ts'
import { extraOrdersValue, liftCounts, liftCountsOf } from '@fidelio/db/queries/lift.ts'
import { contactOrders } from '@fidelio/db/queries/orders.ts'
import { metricRows } from '@fidelio/db/queries/rows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliverStories, laterAt, plannedAt, sentAt } from '../support/funnel-stories.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'

const now = Date.UTC(2026, 9, 20)
const setting = { timeZone: 'UTC', now, period: { from: '2026-10-01', to: '2026-10-19' } }

let stores: TestStores
let businessId: string
const accountId = randomUUID()
const campaignId = randomUUID()
const laterId = randomUUID()

beforeAll(async () => {
  stores = await openTestStores()
  const worker = stores.forWorker()
  businessId = (await stores.createBusiness()).id
  await worker.tx(async (sql) => {
    await sql`
      insert into channel_accounts (id, business_id, channel, external_id, name)
      values (${accountId}, ${businessId}, 'messenger', ${accountId}, 'test')`
    await sql`insert into contacts (business_id, id) select ${businessId}, n from generate_series(1, 50) n`
    await sql`
      insert into campaigns (id, business_id, name, channel, account_id, topic, message_text, status, assignment_key, planned_at,
                             finished_at, holdout_percent)
      values (${campaignId}, ${businessId}, 'test', 'messenger', ${accountId}, 'offers', 'hello', 'done', 'key',
              ${new Date(plannedAt)}, ${new Date(plannedAt + hourMs)}, 30)`
    await sql`
      insert into campaigns (id, business_id, name, channel, account_id, topic, message_text, status, assignment_key, planned_at,
                             finished_at, holdout_percent, conversion_days)
      values (${laterId}, ${businessId}, 'later', 'messenger', ${accountId}, 'offers', 'hello', 'done', 'key',
              ${new Date(laterAt)}, ${new Date(laterAt + hourMs)}, 30, 3)`
    await sql`
      insert into sends (id, business_id, campaign_id, contact_id, account_id, arm, status, planned_at, sent_at, message_id)
      select gen_random_uuid(), ${businessId}, ${laterId}, n, ${accountId}, case when n < 48 then 'treatment' else 'holdout' end,
             case when n < 48 then 'accepted' else 'holdout' end, ${new Date(laterAt)},
             case when n < 48 then ${new Date(laterAt + minuteMs)}::timestamptz end, 'm' || n
      from generate_series(41, 50) n`
    await sql`
      insert into sends (id, business_id, campaign_id, contact_id, account_id, arm, status, reason, planned_at, sent_at, message_id)
      select gen_random_uuid(), ${businessId}, ${campaignId}, n, ${accountId},
             case when n >= 30 then '' when n >= 20 then 'holdout' else 'treatment' end,
             case when n >= 30 then 'excluded' when n >= 20 then 'holdout' when n = 12 then 'withdrawn'
                  when n = 13 then 'rejected' when n = 14 then 'unknown' else 'accepted' end,
             case n when 30 then 'no_opt_in' when 31 then 'opted_out' when 12 then 'opted_out' when 13 then 'blocked' else '' end,
             ${new Date(plannedAt)}, case when n < 12 then ${new Date(sentAt)}::timestamptz end, 'm' || n
      from generate_series(1, 31) n
      where n <= 14 or n between 20 and 24 or n >= 30`
  })
  await deliverStories(worker, { businessId, accountId, times: 0 })
  await createDeriver({ worker, log: silentLog }).run()
})

afterAll(() => stores[Symbol.asyncDispose]())

const expected = {
  targeted: 21,
  eligible: 14,
  holdout: 5,
  excluded: [
    { reason: 'no_opt_in', count: 1 },
    { reason: 'opted_out', count: 1 },
  ],
  attempted: 13,
  held: 0,
  withdrawn: [{ reason: 'opted_out', count: 1 }],
  sent: 11,
  failed: [{ reason: 'blocked', count: 1 }],
  unknown: 1,
  pending: 0,
  delivered: { raw: 4, closed: 5 },
  read: { raw: 2, closed: 3 },
  replied: { raw: 1, closed: 1 },
  ordered: { raw: 3, closed: 3 },
  revenue: [{ amount: 43.5, currency: 'EUR' }],
  sumsHold: true,
}

test('every rule of the funnel, exactly', async () => {
  expect(await funnel(stores.forBusiness(businessId), { campaignId })).toEqual(expected)
})

test('delivering everything again changes nothing', async () => {
  const worker = stores.forWorker()
  for (let times = 1; times <= 3; times++) await deliverStories(worker, { businessId, accountId, times })
  expect(await funnel(stores.forBusiness(businessId), { campaignId })).toEqual(expected)
})

test('every stage opens exactly its people', async () => {
  const db = stores.forBusiness(businessId)
  const open = async (stage: string) => {
    const rows = await metricRows(db, { ...setting, metric: 'funnel', campaignId, stage, first: 50 })
    expect(rows.rows).toHaveLength(rows.total)
    return rows.rows.map((row) => row.contactId)
  }
  expect(await open('targeted')).toHaveLength(expected.targeted)
  expect(await open('eligible')).toHaveLength(expected.eligible)
  expect(await open('attempted')).toHaveLength(expected.attempted)
  expect(await open('holdout')).toEqual([20, 21, 22, 23, 24])
  expect(await open('excluded')).toEqual([30, 31])
  expect(await open('excluded:opted_out')).toEqual([31])
  expect(await open('withdrawn')).toEqual([12])
  expect(await open('failed')).toEqual([13])
  expect(await open('unknown')).toEqual([14])
  expect(await open('delivered')).toEqual([3, 4, 5, 6, 7])
  expect(await open('delivered_raw')).toEqual([3, 4, 5, 6])
  expect(await open('read')).toEqual([5, 6, 7])
  expect(await open('read_raw')).toEqual([5, 6])
  expect(await open('replied')).toEqual([7])
  expect(await open('ordered')).toEqual([5, 9, 11])
  expect(await open('nonsense')).toEqual([])
})

test('a page of people with their outcomes', async () => {
  const outcomes = await sendOutcomes(stores.forBusiness(businessId), { campaignId, contactIds: [5, 11, 99] })
  expect(outcomes).toEqual([
    { contactId: 5, delivered: true, read: true, replied: false, ordered: true },
    { contactId: 11, delivered: false, read: false, replied: false, ordered: true },
  ])
})

test('lift counts both arms from planning, sent or not, and only orders inside the window', async () => {
  const db = stores.forBusiness(businessId)
  // 9 ordered within seven days of the send, but later than seven days after planning: both arms have the same clock.
  const counts = { treated: 14, treatedOrdered: 3, control: 5, controlOrdered: 1 }
  expect(await liftCounts(db, { campaignId, conversionDays: 7, now })).toEqual({ ...counts, state: 'complete' })
  const early = plannedAt + 24 * hourMs
  expect(await liftCounts(db, { campaignId, conversionDays: 7, now: early })).toEqual({
    ...counts,
    state: 'provisional',
  })
})

test('the extra orders of the overview are those of the campaigns, each by its own report', async () => {
  const db = stores.forBusiness(businessId)
  const later = await liftCounts(db, { campaignId: laterId, conversionDays: 3, now })
  expect(later).toMatchObject({ treated: 7, treatedOrdered: 1, control: 3, controlOrdered: 1 })
  const extra = await extraOrdersValue(db, setting)
  expect(extra.n).toBe(2)
  expect(extra.value).toBeCloseTo((3 / 14 - 1 / 5) * 14 + (1 / 7 - 1 / 3) * 7, 9)
  const rows = await metricRows(db, { ...setting, metric: 'extra_orders', first: 10 })
  expect(rows.rows.map((row) => `${row.detail} ${row.contactId}`).sort()).toEqual([
    'holdout 20',
    'holdout 48',
    'treatment 11',
    'treatment 42',
    'treatment 5',
    'treatment 6',
  ])
})

test('several campaigns asked at once answer what each answers alone', async () => {
  const db = stores.forBusiness(businessId)
  const campaignIds = [campaignId, laterId]
  const alone = await Promise.all(campaignIds.map((id) => funnel(db, { campaignId: id })))
  const together = await funnels(db, { campaignIds: [...campaignIds, randomUUID()] })
  expect([...together.keys()].sort()).toEqual([...campaignIds].sort())
  expect(campaignIds.map((id) => together.get(id))).toEqual(alone)
  const campaigns = [
    { id: campaignId, days: 7 },
    { id: laterId, days: 3 },
  ]
  const lifts = await liftCountsOf(db, { campaigns, now })
  for (const { id, days } of campaigns) {
    expect(lifts.get(id)).toEqual(await liftCounts(db, { campaignId: id, conversionDays: days, now }))
  }
  expect(await funnels(db, { campaignIds: [] })).toEqual(new Map())
  expect(await liftCountsOf(db, { campaigns: [], now })).toEqual(new Map())
})

test('a send that changed is copied again, an unchanged one is not', async () => {
  const worker = stores.forWorker()
  expect(await syncSendFacts(worker)).toBe(0)
  await worker.tx(
    (sql) => sql`
      update sends set status = 'accepted', sent_at = ${new Date(sentAt)}, facts_dirty = true
      where business_id = ${businessId} and contact_id = 14`,
  )
  expect(await syncSendFacts(worker)).toBe(1)
  expect(await funnel(stores.forBusiness(businessId), { campaignId })).toMatchObject({ sent: 12, unknown: 0 })
})

test('a campaign of another business, or none, is nothing', async () => {
  const other = stores.forBusiness((await stores.createBusiness()).id)
  expect(await funnel(other, { campaignId })).toBeNull()
  expect(await liftCounts(other, { campaignId, conversionDays: 7, now })).toBeNull()
  expect(await sendOutcomes(other, { campaignId, contactIds: [5] })).toEqual([])
})

test('a thread shows orders once, and pages back in time', async () => {
  const db = stores.forBusiness(businessId)
  expect(await contactOrders(db, { contactId: 11 })).toEqual([
    { orderId: 'o11', at: sentAt + hourMs, amount: 40, currency: 'EUR', status: 'refunded' },
  ])
  const page = await threadPage(db, { accountId, contactId: 11, last: 2 })
  expect(page.events.map((event) => event.kind)).toEqual(['order.paid', 'order.refunded'])
  expect(page.hasEarlier).toBe(true)
  const [oldest] = page.events
  const before = await threadPage(db, {
    accountId,
    contactId: 11,
    last: 2,
    before: { at: oldest?.at ?? 0, rowId: oldest?.rowId ?? '' },
  })
  expect(before.events.map((event) => event.kind)).toEqual(['order.created'])
  expect(before.hasEarlier).toBe(false)
})
