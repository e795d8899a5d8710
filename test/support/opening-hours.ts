/** Random businesses with opening hours that change, holidays included. */
import { type HoursVersion, weekdayNames } from '@fidelio/core/business-hours.ts'
import { createDeriver } from '@fidelio/db/derive/deriver.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { daysOf } from '@fidelio/db/queries/period.ts'
import { setBusinessHours } from '@fidelio/db/records/business-hours.ts'
import fc from 'fast-check'
import { createTenants, historySeed, tenantCount } from './measured-tenants.ts'
import { deliverAll, type Tenant } from './naive-history.ts'
import type { TestStores } from './stores.ts'

export type TenantWithHours = Tenant & { hours: HoursVersion[] }

const clockTime = (quarters: number) =>
  `${String(Math.floor(quarters / 4)).padStart(2, '0')}:${String((quarters % 4) * 15).padStart(2, '0')}`
const shifts = fc.uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 0, maxLength: 6 }).map((edges) => {
  const sorted = edges.sort((a, b) => a - b).map(clockTime)
  return Array.from({ length: sorted.length >> 1 }, (_, i): [string, string] => [
    sorted[2 * i] ?? '',
    sorted[2 * i + 1] ?? '',
  ])
})
const dates = fc.constantFrom(...daysOf({ from: '2026-03-10', to: '2026-11-22' }, 'UTC'))
const hoursOf = fc.uniqueArray(
  fc.record({
    validFrom: dates,
    weekly: fc.record(Object.fromEntries(weekdayNames.map((day) => [day, shifts])), { requiredKeys: [] }),
    holidays: fc.array(dates, { maxLength: 20 }),
  }),
  { maxLength: 3, selector: (version) => version.validFrom },
)

/** Delivered and derived, with their hours set. */
export async function createTenantsWithHours(stores: TestStores, usual: number): Promise<TenantWithHours[]> {
  const plain = await createTenants(stores, tenantCount(usual), historySeed + 7)
  const hours = fc.sample(hoursOf, { numRuns: plain.length, seed: historySeed })
  const tenants = plain.map((tenant, index) => ({ ...tenant, hours: (hours[index] ?? []) as HoursVersion[] }))
  await deliverAll(
    stores.forWorker(),
    tenants.map((tenant) => ({ tenant, deliveries: tenant.deliveries })),
  )
  for (const tenant of tenants) await setHours(stores, tenant.businessId, tenant.hours, '2010-01-01')
  await createDeriver({ worker: stores.forWorker(), log: silentLog }).run()
  return tenants
}

/** Sets versions as on the day `today`, and says what became of each. */
export async function setHours(
  stores: TestStores,
  businessId: string,
  hours: readonly HoursVersion[],
  today: string,
): Promise<string[]> {
  const outcomes: string[] = []
  for (const version of hours) {
    const record = { ...version, holidays: [...version.holidays] }
    outcomes.push(await stores.forBusiness(businessId).tx((sql) => setBusinessHours(sql, businessId, record, today)))
  }
  return outcomes
}
