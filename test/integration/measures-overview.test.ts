/** The overview's numbers and the volumes are what plain loops say, and open exactly the rows behind them (B2, B17). */
import { randomUUID } from 'node:crypto'
import { intervalIndex, intervalStart } from '@fidelio/core/interval-index.ts'
import { cameBackDefinition, columnTotal, retentionMatrix as naiveMatrix } from '@fidelio/core/retention.ts'
import { dashboardLatenessMs, dayMs } from '@fidelio/core/time.ts'
import { createDeriver } from '@fidelio/db/derive/deriver.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { overviewNumbers } from '@fidelio/db/queries/overview.ts'
import { calendarOf, dayRange, instantsOf } from '@fidelio/db/queries/period.ts'
import { metricRows } from '@fidelio/db/queries/rows.ts'
import type { Period, RowsArgs } from '@fidelio/db/queries/types.ts'
import { volumes } from '@fidelio/db/queries/volumes.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTenant, createTenants, historySeed, tenantCount } from '../support/measured-tenants.ts'
import { deliver, deliverAll, type Fact, presentMs, type Tenant } from '../support/naive-history.ts'
import { naiveRetention } from '../support/naive-measures.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'

const period = { from: '2026-03-20', to: '2026-11-20' }
const now = presentMs

let stores: TestStores
let tenants: Tenant[]

beforeAll(async () => {
  stores = await openTestStores()
  tenants = await createTenants(stores, tenantCount(6), historySeed + 2)
  for (const tenant of tenants) announceOrdersAgain(tenant)
  await deliverAll(
    stores.forWorker(),
    tenants.map((tenant) => ({ tenant, deliveries: tenant.deliveries })),
  )
  await createDeriver({ worker: stores.forWorker(), log: silentLog }).run()
})

afterAll(() => stores[Symbol.asyncDispose]())

/** Some shops tell of the same order twice, as two events with ids of their own. */
function announceOrdersAgain(tenant: Tenant): void {
  for (const fact of tenant.facts.filter(({ kind }) => kind === 'order.created')) {
    const again = { ...fact, id: randomUUID(), at: fact.at + 1000, ownTime: true }
    tenant.facts.push(again)
    tenant.deliveries.push({ fact: again, at: again.at, receivedAt: again.receivedAt, wave: 0 })
  }
}

function named(tenant: Tenant): string {
  return `business ${tenants.indexOf(tenant)}, ${tenant.zone}`
}

/** The share that came back, as known at the end of a local day: a plain loop that has seen nothing later. */
function naiveCameBack(tenant: Tenant, period: Period, lastWholeDay: number) {
  const calendar = calendarOf(tenant.zone)
  const end = intervalStart(lastWholeDay + 1, 'day', calendar)
  const known = { ...tenant, facts: tenant.facts.filter((fact) => fact.at < end) }
  const people = naiveRetention(known, 'message.received')
  const matrix = naiveMatrix(people, cameBackDefinition(calendar, dayRange(period, tenant.zone)), { now: end - 1 })
  const { numerator, denominator, value } = columnTotal(matrix, 1)
  return { numerator, denominator, value }
}

describe('overview and volumes', () => {
  test('came back in four weeks, active customers and first wait', async () => {
    for (const tenant of tenants) {
      const db = stores.forBusiness(tenant.businessId)
      const compared = { from: '2026-08-29', to: '2026-10-09' }
      const args = { timeZone: tenant.zone, now, period: { from: '2026-10-10', to: '2026-11-20' }, compared }
      const answer = await overviewNumbers(db, args)
      const calendar = calendarOf(tenant.zone)
      const { first, last } = dayRange(args.period, tenant.zone)
      const lastWholeDay = intervalIndex(now - dashboardLatenessMs, 'day', calendar) - 1
      const expected = naiveCameBack(tenant, args.period, lastWholeDay)
      expect(answer.cameBack4w, named(tenant)).toMatchObject({ ...expected, state: 'provisional' })
      // Both periods have 42 days: the older one is looked at as it stood 42 days before.
      const before = naiveCameBack(tenant, compared, lastWholeDay - 42)
      expect(answer.cameBack4w.previous, named(tenant)).toMatchObject({ ...before, state: 'provisional' })
      const people = naiveRetention(tenant, 'active').filter(({ returns }) =>
        returns.some(
          (ts) => ts >= intervalStart(first, 'day', calendar) && ts < intervalStart(last + 1, 'day', calendar),
        ),
      )
      expect(answer.activeCustomers.value, named(tenant)).toBe(people.length)
      const rowsOf = async (metric: RowsArgs['metric']) => (await metricRows(db, { ...args, metric, first: 3 })).total
      expect(await rowsOf('came_back')).toBe(expected.numerator)
      expect(await rowsOf('came_back_cohort')).toBe(expected.denominator)
      expect(await rowsOf('active_customers')).toBe(people.length)
      expect(await rowsOf('waits')).toBe(answer.firstResponseMedian.n)
    }
  })

  test('volumes count each fact once, on its own day, and each order once', async () => {
    let [announced, different] = [0, 0]
    for (const tenant of tenants) {
      const db = stores.forBusiness(tenant.businessId)
      const args = { timeZone: tenant.zone, now, period }
      const { from, to } = instantsOf(period, tenant.zone)
      const inside = tenant.facts.filter((fact) => fact.at >= from.getTime() && fact.at < to.getTime())
      const answer = await volumes(db, args)
      const sum = (key: 'received' | 'sentByHumans' | 'sentByBots' | 'sentByCampaigns' | 'orders') =>
        answer.reduce((total, day) => total + day[key], 0)
      const count = (test: (fact: Fact) => boolean) => inside.filter(test).length
      expect(sum('received'), named(tenant)).toBe(count((fact) => fact.kind === 'message.received'))
      expect(sum('sentByHumans')).toBe(count((fact) => fact.kind === 'message.sent' && fact.role === 'human'))
      expect(sum('sentByBots')).toBe(count((fact) => fact.kind === 'message.sent' && fact.role === 'bot'))
      expect(sum('sentByCampaigns')).toBe(count((fact) => fact.kind === 'message.sent' && fact.role === 'campaign'))
      const calendar = calendarOf(tenant.zone)
      const placed = inside.filter((fact) => fact.kind === 'order.created')
      announced += placed.length
      // An order announced twice on a day is one order.
      const orders = new Set(placed.map((fact) => `${intervalIndex(fact.at, 'day', calendar)} ${fact.orderId}`))
      different += orders.size
      expect(sum('orders'), named(tenant)).toBe(orders.size)
      for (const stage of ['received', 'orders'] as const) {
        const rows = await metricRows(db, { ...args, metric: 'volumes', first: 200, stage })
        expect(rows.total, named(tenant)).toBe(sum(stage))
        expect(rows.rows).toHaveLength(Math.min(200, rows.total))
      }
    }
    expect(different).toBeLessThan(announced)
  })
})

test('who keeps coming back at the same pace has not changed, however young the newest are', async () => {
  const shop = await createTenant(stores, { zone: 'Europe/Paris', gapHours: 24, facts: [], deliveries: [] })
  const noon = Date.UTC(2026, 10, 20, 11)
  const write = (contactId: number, at: number): Fact => ({
    id: randomUUID(),
    contactId,
    account: 'page',
    kind: 'message.received',
    role: 'customer',
    name: '',
    data: {},
    at,
    receivedAt: at,
    ownTime: true,
    orderId: '',
  })
  // Every day somebody writes for the first time, and again ten days later.
  const facts = Array.from({ length: 90 }, (_, age) => [
    write(age + 1, noon - age * dayMs),
    ...(age >= 10 ? [write(age + 1, noon - (age - 10) * dayMs)] : []),
  ]).flat()
  const deliveries = facts.map((fact) => ({ fact, at: fact.at, receivedAt: fact.receivedAt, wave: 0 as const }))
  await deliver(stores.forWorker(), shop, deliveries)
  await createDeriver({ worker: stores.forWorker(), log: silentLog }).run()
  const ask = (period: Period, compared: Period) =>
    overviewNumbers(stores.forBusiness(shop.businessId), { timeZone: shop.zone, now, period, compared })
  const young = await ask({ from: '2026-11-06', to: '2026-11-19' }, { from: '2026-10-23', to: '2026-11-05' })
  // The 19th is over, but its newcomer has had no whole day yet.
  expect(young.cameBack4w).toMatchObject({ numerator: 4, denominator: 13, state: 'provisional', change: 0 })
  expect(young.cameBack4w.previous).toMatchObject({ numerator: 4, denominator: 13, state: 'provisional' })
  const old = await ask({ from: '2026-10-08', to: '2026-10-21' }, { from: '2026-09-24', to: '2026-10-07' })
  expect(old.cameBack4w).toMatchObject({ numerator: 14, denominator: 14, state: 'complete', change: 0 })
  expect(old.cameBack4w.previous).toMatchObject({ numerator: 14, denominator: 14, state: 'complete' })
})

test('reachable is read from the ledger at any instant: late facts, general stops, exclusions', async () => {
  const business = await stores.createBusiness()
  const db = stores.forBusiness(business.id)
  const day = (text: string) => new Date(`2026-10-${text}T12:00:00Z`)
  await stores.forWorker().tx(async (sql) => {
    await sql`insert into contacts (business_id, id) select ${business.id}, n from generate_series(1, 5) n`
    const lines = [
      [1, 'offers', 'granted', day('05')],
      [2, 'offers', 'granted', day('05')],
      [2, '*', 'revoked', day('10')],
      [3, 'offers', 'granted', day('06')],
      [3, 'offers', 'revoked', day('06')], // a revocation wins a tie
      [4, 'offers', 'granted', day('07')],
      [4, 'news', 'granted', day('08')],
      [4, 'offers', 'revoked', day('09')], // one topic is enough
      [1, '*', 'revoked', day('12')],
      [1, 'offers', 'granted', day('14')],
    ] as const
    for (const [contact, topic, action, at] of lines) {
      await sql`
        insert into consent_ledger (id, business_id, contact_id, channel, topic, action, occurred_at, source, event_row_id)
        values (gen_random_uuid(), ${business.id}, ${contact}, 'messenger', ${topic}, ${action}, ${at}, 'api', gen_random_uuid())`
    }
    await sql`
      insert into exclusions (business_id, contact_id, channel, reason, since)
      values (${business.id}, 4, 'messenger', 'blocked', ${day('16')})`
  })
  const args = { timeZone: 'UTC', now, period: { from: '2026-10-04', to: '2026-10-17' }, compared: null }
  const { reachable } = await overviewNumbers(db, args)
  expect(reachable.spark.map((point) => point.value)).toEqual([0, 2, 2, 3, 3, 3, 2, 2, 1, 1, 2, 2, 1, 1])
  expect(reachable).toMatchObject({ value: 1, denominator: 5, state: 'complete' })
  const reached = await metricRows(db, { ...args, metric: 'reachable', first: 10 })
  expect(reached.rows.map((row) => row.contactId)).toEqual([1])
  const others = await metricRows(db, { ...args, metric: 'not_reachable', first: 10 })
  expect(others.total).toBe(4)
  expect(others.rows.map((row) => row.label)).toEqual(['opted_out', 'opted_out', 'blocked', 'no_opt_in'])
})
