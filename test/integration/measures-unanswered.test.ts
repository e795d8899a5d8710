/** The number that the unanswered cannot hide from (measures.md §0.5, features.md 7.9). */
import { dayMs } from '@fidelio/core/time.ts'
import { createDeriver } from '@fidelio/db/derive/deriver.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { responseTimes } from '@fidelio/db/queries/response-times.ts'
import { metricRows } from '@fidelio/db/queries/rows.ts'
import type { ResponseTimesArgs } from '@fidelio/db/queries/types.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTenant } from '../support/measured-tenants.ts'
import { deliver, type Fact, presentMs } from '../support/naive-history.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'

const period = { from: '2026-03-20', to: '2026-11-20' }
const now = presentMs

let stores: TestStores
beforeAll(async () => {
  stores = await openTestStores()
})
afterAll(() => stores[Symbol.asyncDispose]())

test('100 conversations that are never answered worsen the median; the usual mean does not notice', async () => {
  const fact = (index: number, contactId: number, kind: 'message.received' | 'message.sent', at: number): Fact => ({
    id: `00000000-0000-8000-a000-${String(index).padStart(12, '0')}`,
    contactId,
    account: 'page',
    kind,
    role: kind === 'message.sent' ? 'human' : 'customer',
    name: '',
    data: {},
    at,
    receivedAt: at,
    ownTime: true,
    orderId: '',
  })
  const asked = Array.from({ length: 200 }, (_, n) => fact(n, n + 1, 'message.received', now - 20 * dayMs))
  const answers = asked.map(({ contactId, at }, n) => fact(1000 + n, contactId, 'message.sent', at + (n + 1) * 60_000))
  const ignored = Array.from({ length: 100 }, (_, n) =>
    fact(2000 + n, 1000 + n, 'message.received', now - 10 * dayMs - n * 60_000),
  )
  const tenant = await createTenant(stores, { zone: 'Europe/Paris', gapHours: 24, facts: [], deliveries: [] })
  const deriver = createDeriver({ worker: stores.forWorker(), log: silentLog })
  const askAfter = async (facts: Fact[]) => {
    await deliver(
      stores.forWorker(),
      tenant,
      facts.map((one) => ({ fact: one, at: one.at, receivedAt: one.receivedAt, wave: 0 })),
    )
    await deriver.run()
    const args: ResponseTimesArgs = {
      timeZone: tenant.zone,
      now,
      period,
      compared: null,
      kind: 'first',
      responder: 'human',
    }
    const db = stores.forBusiness(tenant.businessId)
    const { rows } = await metricRows(db, { ...args, metric: 'waits_answered', first: 500 })
    const usualMean = rows.reduce((sum, row) => sum + (row.seconds ?? 0), 0) / rows.length
    return { ...(await responseTimes(db, args)), usualMean }
  }
  const before = await askAfter([...asked, ...answers])
  const after = await askAfter(ignored)
  expect(before.median.value).toBe(100 * 60)
  expect(after).toMatchObject({ opened: 300, answered: 200, waiting: 100, medianOfAnswered: before.medianOfAnswered })
  expect(after.usualMean).toBe(before.usualMean)
  expect(after.median.value).toBe(150 * 60)
})
