/** What the questions answer is what plain loops say (measures.md B2, B3, B6, B7), over random businesses in odd zones. */
import { intervalDate, intervalIndex } from '@fidelio/core/interval-index.ts'
import {
  answeredWithin,
  restrictedMean,
  survivalAt,
  survivalSteps,
  type TimedOutcome,
  waitQuantile,
} from '@fidelio/core/kaplan-meier.ts'
import { quantile } from '@fidelio/core/percentile.ts'
import { retentionMatrix as naiveMatrix } from '@fidelio/core/retention.ts'
import { createDeriver } from '@fidelio/db/derive/deriver.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { calendarOf, grainRange, instantsOf } from '@fidelio/db/queries/period.ts'
import { responseTimes } from '@fidelio/db/queries/response-times.ts'
import { retentionAsked, retentionMatrix } from '@fidelio/db/queries/retention.ts'
import { metricRows } from '@fidelio/db/queries/rows.ts'
import type { ResponseTimesArgs, RetentionArgs, RowsArgs } from '@fidelio/db/queries/types.ts'
import { waitingNow } from '@fidelio/db/queries/waiting.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTenants, historySeed, tenantCount } from '../support/measured-tenants.ts'
import { deliverAll, presentMs, type Tenant } from '../support/naive-history.ts'
import { naiveRetention, naiveSpells, naiveWaits } from '../support/naive-measures.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'

const period = { from: '2026-03-20', to: '2026-11-20' }
const now = presentMs

let stores: TestStores
let tenants: Tenant[]

beforeAll(async () => {
  stores = await openTestStores()
  tenants = await createTenants(stores, tenantCount(6), historySeed + 1)
  await deliverAll(
    stores.forWorker(),
    tenants.map((tenant) => ({ tenant, deliveries: tenant.deliveries })),
  )
  await createDeriver({ worker: stores.forWorker(), log: silentLog }).run()
})

afterAll(() => stores[Symbol.asyncDispose]())

function named(tenant: Tenant): string {
  return `business ${tenants.indexOf(tenant)}, ${tenant.zone}`
}

function close(actual: number | null, expected: number | null, message: string): void {
  if (expected === null || actual === null) expect(actual, message).toBe(expected)
  else expect(Math.abs(actual - expected), `${message}: ${actual} for ${expected}`).toBeLessThan(1e-6)
}

function compareQuantile(
  actual: { value: number | null; low: number | null; high: number | null },
  waits: TimedOutcome[],
  p: number,
  message: string,
) {
  const expected = waitQuantile(survivalSteps(waits), p)
  close(actual.value, expected.value, `${message} p${p}`)
  close(actual.low, expected.lower, `${message} p${p} low`)
  close(actual.high, expected.upper, `${message} p${p} high`)
}

const questions = [
  { kind: 'first', responder: 'human', account: undefined },
  { kind: 'next', responder: 'human', account: undefined },
  { kind: 'first', responder: 'bot', account: undefined },
  { kind: 'first', responder: 'handoff', account: undefined },
  { kind: 'first', responder: 'human', account: 'page' },
] as const

describe('response times', () => {
  test.each(questions)('$kind, $responder, account $account', async ({ kind, responder, account }) => {
    for (const tenant of tenants) {
      const args: ResponseTimesArgs = { timeZone: tenant.zone, now, period, compared: null, kind, responder }
      if (account) args.filter = { accountId: tenant.accounts[account] }
      const answer = await responseTimes(stores.forBusiness(tenant.businessId), args)
      const { from, to } = instantsOf(period, tenant.zone)
      const waits = naiveWaits(tenant, {
        from: from.getTime(),
        to: to.getTime(),
        now,
        kind,
        responder,
        ...(account && { account }),
      })
      const steps = survivalSteps(waits)
      const count = (outcome: string) => waits.filter((wait) => wait.outcome === outcome).length
      expect(answer, named(tenant)).toMatchObject({
        opened: waits.length,
        answered: count('answered'),
        waiting: count('waiting'),
        abandoned: count('abandoned'),
      })
      compareQuantile(answer.median, waits, 0.5, named(tenant))
      if (waits.length >= 10) compareQuantile(answer.p90, waits, 0.9, named(tenant))
      const answered = waits.filter((wait) => wait.outcome === 'answered').map((wait) => wait.time)
      close(answer.medianOfAnswered, quantile(answered, 0.5), named(tenant))
      close(answer.restrictedMean24hSeconds, waits.length === 0 ? null : restrictedMean(steps, 86_400), named(tenant))
      for (const within of answer.answeredWithin) {
        const soon = waits.filter(({ outcome, time }) => outcome === 'answered' && time <= within.seconds)
        expect(within.answered, `${named(tenant)} within ${within.seconds} s`).toBe(soon.length)
        if (waits.length > 0) close(within.share, answeredWithin(steps, within.seconds), named(tenant))
        if (within.low !== null) expect(within.low).toBeLessThanOrEqual((within.share ?? 0) + 1e-9)
        if (within.high !== null) expect(within.high).toBeGreaterThanOrEqual((within.share ?? 0) - 1e-9)
      }
      for (const point of answer.survival)
        close(point.stillWaiting, survivalAt(steps, point.seconds + 1e-9), named(tenant))
      for (const bucket of answer.distribution) {
        const inside = waits.filter(({ time }) => time >= bucket.fromSeconds && time < (bucket.toSeconds ?? Infinity))
        expect(bucket.answered + bucket.waiting + bucket.abandoned, bucket.bucket).toBe(inside.length)
      }
      compareDays(tenant, answer.days, waits)
    }
  })

  test('the waits behind a share answered in time, a longer wait and a cell of the week are as many as counted', async () => {
    const tenant = tenants.toSorted((a, b) => b.facts.length - a.facts.length)[0]
    if (tenant === undefined) throw new Error('no tenant')
    const db = stores.forBusiness(tenant.businessId)
    const base = { timeZone: tenant.zone, now, period, kind: 'first', responder: 'human' } as const
    const answer = await responseTimes(db, { ...base, compared: null })
    const totalOf = async (more: Partial<RowsArgs> & Pick<RowsArgs, 'metric'>) =>
      (await metricRows(db, { ...base, first: 5, ...more })).total
    for (const { seconds, answered } of answer.answeredWithin) {
      expect(await totalOf({ metric: 'waits_answered', bucket: `<=${seconds}` }), `<=${seconds}`).toBe(answered)
      const within = await totalOf({ metric: 'waits', bucket: `<=${seconds}` })
      expect(within + (await totalOf({ metric: 'waits', bucket: `>${seconds}` }))).toBe(answer.opened)
    }
    expect(answer.heatmap.length).toBeGreaterThan(0)
    for (const { weekday, hour, n } of answer.heatmap) {
      expect(await totalOf({ metric: 'waits', weekday, hour }), `${weekday} ${hour}:00`).toBe(n)
    }
  })

  function compareDays(
    tenant: Tenant,
    days: readonly { day: string; p50: number | null; n: number }[],
    waits: (TimedOutcome & { openedAt: number })[],
  ) {
    const calendar = calendarOf(tenant.zone)
    for (const { day, p50, n } of days) {
      const ofDay = waits.filter(
        (wait) => intervalDate(intervalIndex(wait.openedAt, 'day', calendar), 'day', calendar) === day,
      )
      expect(n, `${named(tenant)} ${day}`).toBe(ofDay.length)
      if (n > 0) close(p50, waitQuantile(survivalSteps(ofDay), 0.5).value, `${named(tenant)} ${day}`)
    }
  }

  test('who waits now is who has an open spell', async () => {
    for (const tenant of tenants) {
      const open = naiveSpells(tenant).filter((spell) => spell.outcome === 'waiting')
      const answer = await waitingNow(stores.forBusiness(tenant.businessId), { now, first: 100 })
      expect(answer.total, named(tenant)).toBe(open.length)
      const opened = open.map((spell) => spell.openedAt).sort((a, b) => a - b)
      expect(answer.spells.map((spell) => spell.openedAt)).toEqual(opened)
      close(answer.longestSeconds, opened[0] === undefined ? null : (now - opened[0]) / 1000, named(tenant))
    }
  })
})

describe('retention', () => {
  const grains = ['day', 'week', 'month'] as const
  const cases = grains.flatMap((grain) =>
    (['recurring', 'first_matching'] as const).flatMap((entry) =>
      (['on', 'on_or_after'] as const).map((rule) => ({ grain, entry, rule })),
    ),
  )

  test.each(cases)('$grain, $entry, $rule', async ({ grain, entry, rule }) => {
    for (const [index, tenant] of tenants.entries()) {
      const account = index % 3 === 0 ? ('page' as const) : undefined
      const activity = index % 2 === 0 ? 'message.received' : 'active'
      const args: RetentionArgs = {
        timeZone: tenant.zone,
        now,
        period: grain === 'day' ? { from: '2026-10-20', to: '2026-11-20' } : period,
        grain,
        entry,
        return: rule,
        activity,
        columns: 6,
      }
      if (account) args.filter = { accountId: tenant.accounts[account] }
      const answer = await retentionMatrix(stores.forBusiness(tenant.businessId), args)
      const { first, last } = grainRange(args.period, grain, tenant.zone)
      const expected = naiveMatrix(
        naiveRetention(tenant, activity, account),
        {
          calendar: calendarOf(tenant.zone),
          period: grain,
          entry,
          return: rule === 'on' ? { kind: 'on' } : { kind: 'on_or_after', lastReturn: retentionAsked(args).lastReturn },
          first,
          last,
          columns: 6,
        },
        { now },
      )
      expect(
        answer.rows.map((row) => [row.size, ...row.cells.map((cell) => [cell.n, cell.state])]),
        named(tenant),
      ).toEqual(expected.map((row) => [row.size, ...row.cells.map((cell) => [cell.n, cell.state])]))
    }
  })

  test('a cell opens exactly its people', async () => {
    const [tenant] = tenants
    if (!tenant) throw new Error('no tenant')
    const db = stores.forBusiness(tenant.businessId)
    const base = {
      timeZone: tenant.zone,
      now,
      period,
      grain: 'week',
      entry: 'recurring',
      return: 'on_or_after',
    } as const
    const matrix = await retentionMatrix(db, { ...base, activity: 'active', columns: 4 })
    for (const row of matrix.rows.filter((one) => one.size > 0).slice(0, 5)) {
      for (const cell of row.cells.filter((one) => one.n !== null)) {
        const rows = await metricRows(db, {
          ...base,
          metric: 'retention_cell',
          activity: 'active',
          cohort: row.cohort,
          column: cell.column,
          first: 50,
        })
        expect(rows.total, `${row.cohort} + ${cell.column}`).toBe(cell.n)
      }
    }
    for (const { column, numerator, denominator } of matrix.average) {
      const page = { ...base, activity: 'active', column, columns: 4 } as const
      const of = await metricRows(db, { ...page, metric: 'retention_average_of', first: 200 })
      expect(of.total, `average of ${column}`).toBe(denominator)
      expect(of.rows).toHaveLength(Math.min(200, denominator))
      if (column === 0) continue
      const first = await metricRows(db, { ...page, metric: 'retention_average', first: 2 })
      const all = await metricRows(db, { ...page, metric: 'retention_average', first: 200 })
      expect(all.total, `average ${column}`).toBe(numerator)
      expect(all.rows).toHaveLength(Math.min(200, numerator))
      expect(all.rows.slice(0, 2)).toEqual(first.rows)
      const after = first.rows.at(-1)?.cursor
      if (after !== undefined) {
        const next = await metricRows(db, { ...page, metric: 'retention_average', first: 200, after })
        expect([...first.rows, ...next.rows].slice(0, 200)).toEqual(all.rows)
      }
    }
  })
})
