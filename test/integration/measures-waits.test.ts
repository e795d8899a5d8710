/** Waits beside a promise, by where they happened, and beside Meta's badge: SQL equals plain loops, rows equal numbers. */
import { businessClock, openIntervals } from '@fidelio/core/business-hours.ts'
import type { Channel } from '@fidelio/core/event.ts'
import { localDate } from '@fidelio/core/time.ts'
import { metaBadges } from '@fidelio/db/queries/meta-badge.ts'
import { instantsOf } from '@fidelio/db/queries/period.ts'
import { responseGroups } from '@fidelio/db/queries/response-groups.ts'
import { dueWaits, targetKept, targetVerdicts } from '@fidelio/db/queries/response-target.ts'
import { responseTimes } from '@fidelio/db/queries/response-times.ts'
import { metricRows } from '@fidelio/db/queries/rows.ts'
import { setResponseTarget } from '@fidelio/db/records/business-hours.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { historySeed } from '../support/measured-tenants.ts'
import { presentMs } from '../support/naive-history.ts'
import { naiveSpells, naiveWaits } from '../support/naive-measures.ts'
import { createTenantsWithHours, type TenantWithHours } from '../support/opening-hours.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'

const period = { from: '2026-03-20', to: '2026-11-20' }
const now = presentMs

let stores: TestStores
let tenants: TenantWithHours[]

const targetVersions = fc.uniqueArray(
  fc.record({
    validFrom: fc.constantFrom('2026-03-25', '2026-06-01', '2026-08-15', '2026-10-20'),
    withinSeconds: fc.option(fc.constantFrom(60, 900, 3600, 86_400)),
    clock: fc.constantFrom('elapsed' as const, 'business_hours' as const),
  }),
  { minLength: 1, maxLength: 3, selector: (target) => target.validFrom },
)

beforeAll(async () => {
  stores = await openTestStores()
  tenants = await createTenantsWithHours(stores, 6)
})

afterAll(() => stores[Symbol.asyncDispose]())

test('every first wait is judged by the promise of its day, and the open ones say when they are due', async () => {
  const seen = new Set<string>()
  for (const [index, tenant] of tenants.entries()) {
    const db = stores.forBusiness(tenant.businessId)
    const [targets = []] = fc.sample(targetVersions, { numRuns: 1, seed: historySeed + index })
    for (const target of targets) await db.tx((sql) => setResponseTarget(sql, tenant.businessId, target, '2010-01-01'))
    const { from, to } = instantsOf(period, tenant.zone)
    const clock = businessClock(openIntervals(tenant.hours, tenant.zone, from.getTime(), now))
    const expected = naiveWaits(tenant, {
      from: from.getTime(),
      to: to.getTime(),
      now,
      kind: 'first',
      responder: 'human',
    }).map(({ openedAt, time, outcome }) => {
      const day = localDate(openedAt, tenant.zone)
      const target = targets
        .filter(({ validFrom }) => validFrom <= day)
        .sort((a, b) => (a.validFrom < b.validFrom ? 1 : -1))[0]
      if (target?.withinSeconds == null) return 'free'
      const taken = target.clock === 'elapsed' ? time : clock.between(openedAt, openedAt + time * 1000) / 1000
      if (taken > target.withinSeconds) return 'breached'
      return { answered: 'kept', waiting: 'running', abandoned: 'left' }[outcome]
    })
    const args = { timeZone: tenant.zone, now, period }
    const found = await targetKept(db, args)
    for (const verdict of targetVerdicts) {
      const n = expected.filter((one) => one === verdict).length
      if (n > 0) seen.add(verdict)
      expect(found[verdict], `business ${index} ${verdict}`).toBe(n)
      const rows = await metricRows(db, { ...args, metric: 'waits_target', stage: verdict, first: 5 })
      expect(rows.total, `rows of ${verdict}`).toBe(n)
    }
    for (const wait of await dueWaits(db, { timeZone: tenant.zone, now, first: 50 })) {
      expect(wait.breached).toBe(wait.leftSeconds < 0)
      if (!wait.breached) expect(wait.dueAt).toBeGreaterThanOrEqual(now)
      else expect(wait.dueAt).toBeLessThanOrEqual(now)
    }
  }
  expect(seen).toContain('kept')
  expect(seen).toContain('breached')
})

test('a changed promise leaves the days that are over as they were', async () => {
  const [tenant] = tenants
  if (tenant === undefined) throw new Error('no tenant')
  const db = stores.forBusiness(tenant.businessId)
  const target = { validFrom: '2026-11-01', withinSeconds: 60, clock: 'elapsed' } as const
  const set = (today: string) => db.tx((sql) => setResponseTarget(sql, tenant.businessId, target, today))
  expect(await set('2026-11-22')).toBe('past')
  expect(await set('2026-11-01')).toBe('set')
})

test('by channel, account and app every wait is in one row, and the row opens its waits', async () => {
  for (const tenant of tenants.slice(0, 3)) {
    const db = stores.forBusiness(tenant.businessId)
    const args = { timeZone: tenant.zone, now, period, kind: 'first', responder: 'human' } as const
    const { opened } = await responseTimes(db, { ...args, compared: null })
    for (const by of ['channel', 'account', 'app'] as const) {
      const groups = await responseGroups(db, { ...args, by })
      expect(
        groups.reduce((sum, { n }) => sum + n, 0),
        by,
      ).toBe(opened)
      for (const group of groups) {
        expect(group.answered + group.waiting + group.abandoned).toBe(group.n)
        const filter =
          by === 'account' ? { accountId: group.key } : by === 'channel' ? { channel: group.key as Channel } : undefined
        const only = by === 'app' ? { app: group.key } : { filter }
        const rows = await metricRows(db, { ...args, ...only, metric: 'waits', first: 1 })
        expect(rows.total, `${by} ${group.key}`).toBe(group.n)
        if (by === 'app') continue
        const alone = await responseTimes(db, { ...args, compared: null, filter })
        expect([group.median, group.medianLow, group.medianHigh]).toEqual([
          alone.median.value,
          alone.median.low,
          alone.median.high,
        ])
        expect(group.within15Min).toBe(alone.answeredWithin[1]?.share)
      }
    }
  }
})

test('Meta’s badge counts the first messages of each Page in seven local days', async () => {
  let messages = 0
  for (const tenant of tenants) {
    const db = stores.forBusiness(tenant.businessId)
    const page = naiveSpells(tenant).filter((spell) => spell.isFirst && spell.account === 'page')
    const badges = await metaBadges(db, { timeZone: tenant.zone, now })
    for (const badge of badges) {
      messages += badge.messages
      const { from, to } = instantsOf({ from: badge.from, to: badge.to }, tenant.zone)
      const own = page.filter(({ openedAt }) => openedAt >= from.getTime() && openedAt < to.getTime())
      expect(badge).toMatchObject({
        accountId: tenant.accounts.page,
        messages: own.length,
        answered: own.filter(({ outcome }) => outcome === 'answered').length,
      })
      const rows = await metricRows(db, {
        timeZone: tenant.zone,
        now,
        period: { from: badge.from, to: badge.to },
        metric: 'waits',
        filter: { accountId: badge.accountId },
        first: 1,
      })
      expect(rows.total).toBe(badge.messages)
    }
  }
  expect(messages).toBeGreaterThan(0)
})
