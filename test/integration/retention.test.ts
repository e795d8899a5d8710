/**
 * Retention three ways: from calendars of local days, from every event, and as a plain loop over facts (core/retention).
 * All three must give the same matrix, and every cell as many people as it says, whatever arrived twice, late or shuffled.
 */
import { customNameCharactersMax } from '@fidelio/core/event-choice.ts'
import { retentionMatrix as naiveMatrix } from '@fidelio/core/retention.ts'
import { dayMs } from '@fidelio/core/time.ts'
import { clickHouseTime } from '@fidelio/db/clickhouse/query.ts'
import { createDeriver } from '@fidelio/db/derive/deriver.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { retentionAsked, retentionMatrix, sourceOf } from '@fidelio/db/queries/retention.ts'
import { retentionPeople } from '@fidelio/db/queries/retention-people.ts'
import type { RetentionArgs } from '@fidelio/db/queries/types.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTenants, historySeed, tenantCount } from '../support/measured-tenants.ts'
import { deliverAll, presentMs, type Tenant } from '../support/naive-history.ts'
import { argsOf, contactsOf, questions, type Subject } from '../support/retention-questions.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'

/** Where a date was left out of the calendar, and where the clock moves by half an hour or over midnight. */
const oddPlaces = [
  { zone: 'Pacific/Apia', present: Date.UTC(2012, 0, 12) },
  { zone: 'Australia/Lord_Howe', present: Date.UTC(2026, 3, 20) },
  { zone: 'America/Sao_Paulo', present: Date.UTC(2018, 2, 5) },
  { zone: 'America/Asuncion', present: Date.UTC(2023, 9, 20) },
]

let stores: TestStores
let subjects: Subject[]

beforeAll(async () => {
  stores = await openTestStores()
  const worker = stores.forWorker()
  const tenants = await createTenants(stores, tenantCount(12), historySeed + 4)
  subjects = []
  for (const [index, tenant] of tenants.entries()) subjects.push(await subjectOf(tenant, index))
  const deriver = createDeriver({ worker, log: silentLog })
  for (const wave of [0, 1]) {
    const parts = tenants.map((tenant) => ({
      tenant,
      deliveries: tenant.deliveries.filter((delivery) => delivery.wave === wave),
    }))
    await deliverAll(worker, parts)
    await deriver.run()
  }
  await mergeAndSend()
}, 120_000)

afterAll(() => stores[Symbol.asyncDispose]())

/** Some tenants live elsewhere and at another time; receipts become events with a name of the tenant's own,
 * and much of what the business did something the customer wrote. */
async function subjectOf(tenant: Tenant, index: number): Promise<Subject> {
  const place = index % 2 === 0 ? oddPlaces[(index / 2) % oddPlaces.length] : undefined
  const now = place?.present ?? presentMs
  // Closer together where the odd day is near: many returns, most of them around it.
  const denser = 8
  const moved = (at: number) => (place === undefined ? at : now - Math.ceil((presentMs - at) / denser))
  for (const [at, fact] of tenant.facts.entries()) {
    const talks = fact.kind === 'consent.revoked' || fact.role === 'system' || fact.role === 'bot'
    if (talks) Object.assign(fact, { kind: 'message.received', role: 'customer', name: '', data: {} })
    if (fact.kind === 'read') Object.assign(fact, { kind: 'custom', name: at % 2 === 0 ? 'gift' : 'visit' })
    Object.assign(fact, { at: moved(fact.at), receivedAt: moved(fact.receivedAt) })
  }
  for (const delivery of tenant.deliveries) {
    Object.assign(delivery, { at: moved(delivery.at), receivedAt: moved(delivery.receivedAt) })
  }
  if (place !== undefined) {
    await stores.forWorker().tx(async (sql) => {
      await sql`update businesses set time_zone = ${place.zone} where id = ${tenant.businessId}`
    })
    tenant.zone = place.zone
  }
  const sends = new Map([
    [1, [now - 90 * dayMs, now - 20 * dayMs]],
    [4, [now - 45 * dayMs]],
  ])
  // In every third business the contacts 2 and 4 turned out to be 1 and 3.
  const merged = new Map<number, number>(
    index % 3 === 0
      ? [
          [2, 1],
          [4, 3],
        ]
      : [],
  )
  return { tenant, now, sends, personOf: (contactId) => merged.get(contactId) ?? contactId }
}

async function mergeAndSend(): Promise<void> {
  const worker = stores.forWorker()
  const merges: unknown[][] = []
  const sends: unknown[][] = []
  for (const subject of subjects) {
    const { businessId } = subject.tenant
    for (const contact of [2, 4]) {
      if (subject.personOf(contact) !== contact) merges.push([businessId, contact, subject.personOf(contact), 1, 0])
    }
    for (const [contact, times] of subject.sends) {
      for (const [step, at] of times.entries()) {
        sends.push([businessId, businessId, contact, step, 'treatment', 'accepted', clickHouseTime(at), 1])
      }
    }
  }
  await worker.insertRows(
    'merged_contacts',
    ['business_id', 'contact_id', 'person_id', 'version', 'deleted'],
    merges,
    `retention-merges:${process.pid}`,
  )
  await worker.insertRows(
    'send_facts',
    ['business_id', 'campaign_id', 'contact_id', 'step', 'arm', 'status', 'sent_at', 'version'],
    sends,
    `retention-sends:${process.pid}`,
  )
}

type Cells = { size: number; cells: { n: number | null; state: string }[] }[]
const said = (rows: Cells) => rows.map((row) => [row.size, ...row.cells.map((cell) => [cell.n, cell.state])])

function naive(subject: Subject, args: RetentionArgs, value?: string) {
  const { definition } = retentionAsked(args)
  const asked = value === undefined ? definition : { ...definition, value }
  return said(naiveMatrix(contactsOf(subject, args), asked, { now: args.now }))
}

const everyQuestion = () => fc.sample(questions, { numRuns: tenantCount(1) * 60, seed: historySeed })

describe('random questions of random businesses', () => {
  test('calendars, events and the plain loop agree', async () => {
    let fromCalendars = 0
    let returns = 0
    for (const [index, question] of everyQuestion().entries()) {
      for (const subject of subjects.filter((_, place) => place % 4 === index % 4)) {
        const args = argsOf(subject, question)
        const db = stores.forBusiness(subject.tenant.businessId)
        const expected = naive(subject, args)
        const name = `${subject.tenant.zone} ${JSON.stringify(args)}`
        const matrix = await retentionMatrix(db, args, 'events')
        for (const row of matrix.rows) for (const cell of row.cells.slice(1)) returns += cell.n ?? 0
        expect(said(matrix.rows), `events, ${name}`).toEqual(expected)
        for (const segment of matrix.segments) {
          expect(said(segment.rows), `${segment.value}, ${name}`).toEqual(naive(subject, args, segment.value))
        }
        if (sourceOf(args) !== 'calendars') continue
        fromCalendars += 1
        expect(said((await retentionMatrix(db, args)).rows), `calendars, ${name}`).toEqual(expected)
      }
    }
    // Questions that find nobody would agree whatever they ask.
    expect(fromCalendars).toBeGreaterThan(10)
    expect(returns).toBeGreaterThan(300)
  }, 300_000)

  test('a cell and an average open as many people as they say, from either source', async () => {
    for (const [index, question] of everyQuestion().slice(0, 12).entries()) {
      const subject = subjects[index % subjects.length]
      if (subject === undefined) continue
      const args = argsOf(subject, question)
      const db = stores.forBusiness(subject.tenant.businessId)
      const matrix = await retentionMatrix(db, args)
      const sources = sourceOf(args) === 'calendars' ? (['calendars', 'events'] as const) : (['events'] as const)
      const { timing, minOccurrences, breakdown, weekStart, horizon, brackets, returnActivity } = args
      const retention = { timing, minOccurrences, breakdown, weekStart, horizon, brackets, returnActivity }
      const rows = { ...args, retention, first: 100 }
      const page = { limit: 100, offset: 0 }
      for (const source of sources) {
        for (const row of matrix.rows.filter((one) => one.size > 0).slice(-2)) {
          for (const { column, n } of row.cells) {
            if (n === null) continue
            const cell = { ...rows, metric: 'retention_cell', cohort: row.cohort, column } as const
            const { total, people } = await retentionPeople(db, cell, page, source)
            expect([total, people.length], `${source} ${row.cohort}+${column} ${JSON.stringify(args)}`).toEqual([n, n])
          }
        }
        for (const { column, denominator } of matrix.average.slice(0, 2)) {
          const of = { ...rows, metric: 'retention_average_of', column } as const
          expect((await retentionPeople(db, of, page, source)).total).toBe(denominator)
        }
      }
      for (const segment of matrix.segments) {
        const last = segment.rows.findLast((row) => row.size > 0)
        if (last === undefined) continue
        const cell = {
          ...rows,
          metric: 'retention_cell',
          cohort: last.cohort,
          column: 0,
          stage: segment.value,
        } as const
        expect((await retentionPeople(db, cell, page)).total, segment.value).toBe(last.size)
      }
    }
  }, 120_000)
})

test('names are values and never become part of the question', async () => {
  const [subject] = subjects
  if (subject === undefined) throw new Error('no business')
  const db = stores.forBusiness(subject.tenant.businessId)
  const question = everyQuestion()[0]
  if (question === undefined) throw new Error('no question')
  const hostile = `custom:' or 1 = 1 -- \\' {business_id:UUID}`
  const matrix = await retentionMatrix(db, {
    ...argsOf(subject, question),
    activity: hostile,
    returnActivity: undefined,
  })
  expect(matrix.rows.every((row) => row.size === 0)).toBe(true)
  for (const wrong of ['custom:', 'message', `custom:${'x'.repeat(customNameCharactersMax + 1)}`, 'custom:a\u0000b']) {
    await expect(retentionMatrix(db, { ...argsOf(subject, question), activity: wrong }, 'events')).rejects.toThrow()
  }
})
