/** Waits on the business's own clock: what the questions answer is what plain loops say, and last month stays as it was. */
import { businessClock, openIntervals, type WeeklyHours, weekdayNames } from '@fidelio/core/business-hours.ts'
import { restrictedMeanLimits, survivalSteps, type TimedOutcome, waitQuantile } from '@fidelio/core/kaplan-meier.ts'
import { instantsOf } from '@fidelio/db/queries/period.ts'
import { responseTimes } from '@fidelio/db/queries/response-times.ts'
import { metricRows } from '@fidelio/db/queries/rows.ts'
import type { ResponseTimesArgs } from '@fidelio/db/queries/types.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { presentMs, type Tenant } from '../support/naive-history.ts'
import { naiveWaits } from '../support/naive-measures.ts'
import { createTenantsWithHours, setHours, type TenantWithHours } from '../support/opening-hours.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'

const period = { from: '2026-03-20', to: '2026-11-20' }
const now = presentMs

let stores: TestStores
let tenants: TenantWithHours[]

beforeAll(async () => {
  stores = await openTestStores()
  tenants = await createTenantsWithHours(stores, 6)
})

afterAll(() => stores[Symbol.asyncDispose]())

function naiveBusinessWaits(tenant: TenantWithHours, kind: 'first' | 'next', responder: 'human' | 'bot') {
  const { from, to } = instantsOf(period, tenant.zone)
  const clock = businessClock(openIntervals(tenant.hours, tenant.zone, from.getTime(), now))
  const waits = naiveWaits(tenant, { from: from.getTime(), to: to.getTime(), now, kind, responder })
  return waits.map((wait): TimedOutcome & { openedAt: number } => ({
    ...wait,
    time: clock.between(wait.openedAt, wait.openedAt + wait.time * 1000) / 1000,
  }))
}

function argsOf(tenant: Tenant, more: Partial<ResponseTimesArgs> = {}): ResponseTimesArgs {
  return {
    timeZone: tenant.zone,
    now,
    period,
    compared: null,
    kind: 'first',
    responder: 'human',
    clock: 'business_hours',
    ...more,
  }
}

test.each([
  ['first', 'human'],
  ['first', 'bot'],
] as const)(
  '%s waits for a %s in opening hours, over changes of hours, holidays and clock changes',
  async (kind, responder) => {
    let seen = 0
    for (const tenant of tenants) {
      const answer = await responseTimes(stores.forBusiness(tenant.businessId), argsOf(tenant, { kind, responder }))
      const waits = naiveBusinessWaits(tenant, kind, responder)
      const steps = survivalSteps(waits)
      const where = `business ${tenants.indexOf(tenant)}, ${tenant.zone}`
      seen += waits.length
      expect(answer.opened, where).toBe(waits.length)
      const expected = waitQuantile(steps, 0.5)
      expect(answer.median.value, where).toBe(expected.value)
      expect([answer.median.low, answer.median.high], where).toEqual([expected.lower, expected.upper])
      expect(answer.answeredAtOnce).toBe(
        waits.filter(({ outcome, time }) => outcome === 'answered' && time === 0).length,
      )
      if (waits.length > 0) {
        const mean = restrictedMeanLimits(steps, 86_400)
        expect(answer.restrictedMean24hSeconds).toBeCloseTo(mean.value, 6)
        expect(answer.restrictedMean24hLow).toBeCloseTo(mean.lower, 6)
        expect(answer.restrictedMean24hHigh).toBeCloseTo(mean.upper, 6)
      }
      for (const bucket of answer.distribution) {
        const inside = waits.filter(({ time }) => time >= bucket.fromSeconds && time < (bucket.toSeconds ?? Infinity))
        expect(bucket.answered + bucket.waiting + bucket.abandoned, `${where} ${bucket.bucket}`).toBe(inside.length)
        const rows = await metricRows(stores.forBusiness(tenant.businessId), {
          ...argsOf(tenant, { kind, responder }),
          metric: 'waits',
          bucket: bucket.bucket,
          first: 200,
        })
        expect(rows.total, `${where} ${bucket.bucket}`).toBe(inside.length)
      }
    }
    expect(seen).toBeGreaterThan(20)
  },
)

test('without hours the business clock never stops', async () => {
  const [tenant] = tenants
  if (tenant === undefined) throw new Error('no tenant')
  const db = stores.forBusiness(tenant.businessId)
  await db.tx((sql) => sql`delete from business_hours where business_id = ${tenant.businessId}`)
  const [wall, own] = await Promise.all([
    responseTimes(db, argsOf(tenant, { clock: 'elapsed' })),
    responseTimes(db, argsOf(tenant)),
  ])
  expect(own).toEqual(wall)
  await setHours(stores, tenant.businessId, tenant.hours, '2010-01-01')
})

test('editing the hours today changes nothing that is over', async () => {
  const always = Object.fromEntries(weekdayNames.map((day) => [day, [['09:00', '17:00']]])) as WeeklyHours
  const never: WeeklyHours = {}
  const tenant = tenants.toSorted((a, b) => b.facts.length - a.facts.length)[0]
  if (tenant === undefined) throw new Error('no tenant')
  const db = stores.forBusiness(tenant.businessId)
  await db.tx((sql) => sql`delete from business_hours where business_id = ${tenant.businessId}`)
  expect(
    await setHours(
      stores,
      tenant.businessId,
      [{ validFrom: '2026-05-01', weekly: always, holidays: [] }],
      '2026-11-22',
    ),
  ).toEqual(['set'])
  const before = await responseTimes(db, argsOf(tenant))
  const closed = { weekly: never, holidays: [] }
  // From tomorrow on; on days that are over; before anything was known.
  expect(await setHours(stores, tenant.businessId, [{ validFrom: '2026-11-23', ...closed }], '2026-11-22')).toEqual([
    'set',
  ])
  expect(await setHours(stores, tenant.businessId, [{ validFrom: '2026-10-01', ...closed }], '2026-11-22')).toEqual([
    'past',
  ])
  expect(await setHours(stores, tenant.businessId, [{ validFrom: '2026-05-01', ...closed }], '2026-11-22')).toEqual([
    'past',
  ])
  expect(await responseTimes(db, argsOf(tenant))).toEqual(before)
  expect(await setHours(stores, tenant.businessId, [{ validFrom: '2026-03-01', ...closed }], '2026-11-22')).toEqual([
    'set',
  ])
  expect(await responseTimes(db, argsOf(tenant))).not.toEqual(before)
})
