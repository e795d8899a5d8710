/**
 * Late and out-of-order events move the number of the day they belong to, and exactly that day is marked as revised
 * (measures.md §1, features.md 2.4). Days are local days of a business in New York; the clock is moved by the test.
 */
import { localDate, startOfLocalDate } from '@fidelio/core/time.ts'
import { createDeriver } from '@fidelio/db/derive/deriver.ts'
import { rebuildBusiness } from '@fidelio/db/derive/rebuild.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { responseTimes } from '@fidelio/db/queries/response-times.ts'
import { metricRows } from '@fidelio/db/queries/rows.ts'
import { volumes } from '@fidelio/db/queries/volumes.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dumpDerived } from '../support/derived-dump.ts'
import { openWorld, type Page, signed, type World } from './ingest-support.ts'

const timeZone = 'America/New_York'
const [minute, hour] = [60_000, 3_600_000]
const period = { from: '2026-03-04', to: '2026-03-11' }
const days = Array.from({ length: 8 }, (_, index) =>
  localDate(Date.parse('2026-03-04T17:00:00Z') + index * 24 * hour, timeZone),
)

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

type Fact = { id: string; at: number; person: string; type: 'message.received' | 'message.sent' }
type Delivery = { fact: Fact; at: number }

const endOf = (day: string) =>
  startOfLocalDate(localDate(startOfLocalDate(day, timeZone) + 36 * hour, timeZone), timeZone)

/** Half past midnight of the day after: late at night, and still within the hour that is allowed. */
const inTime = (fact: Fact) => endOf(localDate(fact.at, timeZone)) + 30 * minute

/** Each day, at 10:00, 15:00 and 23:40, a customer writes and is answered ten minutes later. */
function conversations(): Fact[] {
  return days.flatMap((day) =>
    [10 * 60, 15 * 60, 23 * 60 + 40].flatMap((minutes) => {
      // The last day has 23 hours on 8 March: minutes are counted from its end, so that 23:40 is 23:40.
      const at = endOf(day) - (24 * 60 - minutes) * minute
      const person = `${day}-${minutes}`
      return [
        { id: `${day}-${minutes}-q`, at, person, type: 'message.received' as const },
        { id: `${day}-${minutes}-a`, at: at + 10 * minute, person, type: 'message.sent' as const },
      ]
    }),
  )
}

async function createShop(): Promise<Page> {
  const page = await world.createPage()
  await world.stores
    .forWorker()
    .tx((sql) => sql`update businesses set time_zone = ${timeZone} where id = ${page.businessId}`)
  return page
}

/** Delivers in the order of arrival, with the receiver's clock at that instant; those of one instant in one body. */
async function deliver(page: Page, deliveries: readonly Delivery[]): Promise<void> {
  await using ingest = world.createIngest()
  const arrivals = new Map<number, Delivery[]>()
  for (const delivery of deliveries) arrivals.set(delivery.at, [...(arrivals.get(delivery.at) ?? []), delivery])
  for (const [at, together] of [...arrivals].sort(([a], [b]) => a - b)) {
    world.clock.set(new Date(at))
    const messaging = together.map(({ fact }) => elementOf(page, fact))
    const { status } = await ingest.acceptMeta(signed([{ id: page.pageId, time: at, messaging }], page.secret))
    expect(status).toBe(200)
  }
  await derive()
}

function elementOf({ pageId }: Page, { id, at, person, type }: Fact) {
  const customer = { id: person }
  const shop = { id: pageId }
  return type === 'message.received'
    ? { sender: customer, recipient: shop, timestamp: at, message: { mid: id, text: 'Question' } }
    : { sender: shop, recipient: customer, timestamp: at, message: { mid: id, text: 'Answer', is_echo: true } }
}

async function derive(): Promise<void> {
  await createDeriver({ worker: world.stores.forWorker(), log: silentLog }).run()
}

async function look(page: Page) {
  const db = world.stores.forBusiness(page.businessId)
  const asked = { timeZone, now: Date.parse('2026-03-20T12:00:00Z'), period }
  const waits = await responseTimes(db, { ...asked, compared: null, kind: 'first', responder: 'human' })
  return { volumes: await volumes(db, asked), waits: waits.days, db, asked }
}

const revised = (daysOf: readonly { day: string; revision: { lateEvents: number } | null }[]) =>
  Object.fromEntries(daysOf.flatMap(({ day, revision }) => (revision ? [[day, revision.lateEvents]] : [])))

test('a run without lateness marks no day, up to an hour after midnight', async () => {
  const page = await createShop()
  const facts = conversations()
  await deliver(
    page,
    facts.map((fact) => ({ fact, at: inTime(fact) })),
  )
  const { volumes: seen, waits } = await look(page)
  expect(seen.map((day) => [day.received, day.sentByHumans])).toEqual(days.map(() => [3, 3]))
  expect(waits.map((day) => [day.n, day.answered])).toEqual(days.map(() => [3, 3]))
  expect([revised(seen), revised(waits)]).toEqual([{}, {}])

  // The same again, days later: nothing is new, so nothing is revised.
  await deliver(
    page,
    facts.map((fact) => ({ fact, at: fact.at + 7 * 24 * hour })),
  )
  const again = await look(page)
  expect([again.volumes, again.waits]).toEqual([seen, waits])
})

test('an hour to eight days late, shuffled and doubled: the right day moves, exactly that day is marked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(latePart, { minLength: 8, maxLength: 24 }), async (parts) => {
      const page = await createShop()
      const facts = conversations()
      const late = new Map(parts.map(({ pick, lateness }) => [facts[pick]?.id ?? '', lateness]))
      const arrivals = facts.flatMap((fact): Delivery[] => {
        const at = fact.at + (late.get(fact.id) ?? inTime(fact) - fact.at)
        // Every late fact comes twice, and some of the others too.
        return late.has(fact.id) || fact.id.endsWith('a')
          ? [
              { fact, at },
              { fact, at: at + 2 * hour },
            ]
          : [{ fact, at }]
      })
      await deliver(page, arrivals)
      const expected: Record<string, number> = {}
      for (const fact of facts) {
        const day = localDate(fact.at, timeZone)
        const lateness = late.get(fact.id)
        if (lateness !== undefined && fact.at + lateness - hour >= endOf(day)) expected[day] = (expected[day] ?? 0) + 1
      }
      const { volumes: seen, waits, db, asked } = await look(page)
      expect(seen.map((day) => [day.received, day.sentByHumans])).toEqual(days.map(() => [3, 3]))
      expect(revised(seen)).toEqual(expected)
      expect(revised(waits)).toEqual(expected)
      for (const [day, count] of Object.entries(expected)) {
        const rows = await metricRows(db, {
          ...asked,
          metric: 'late_events',
          period: { from: day, to: day },
          first: 50,
        })
        expect([rows.total, rows.rows.length]).toEqual([count, count])
      }
      const before = await dumpDerived(world.stores.forWorker(), page.businessId)
      await rebuildBusiness(world.stores.forWorker(), page.businessId)
      expect(await dumpDerived(world.stores.forWorker(), page.businessId)).toEqual(before)
      const after = await look(page)
      expect([after.volumes, after.waits]).toEqual([seen, waits])
    }),
    { numRuns: 2, seed: 20261122, endOnFailure: true },
  )
}, 120_000)

const latePart = fc.record({
  pick: fc.integer({ min: 0, max: days.length * 6 - 1 }),
  lateness: fc.integer({ min: 1, max: 8 * 24 }).map((hours) => hours * hour),
})

test('a day says when it was revised, and what came more than eight days late is told apart', async () => {
  const page = await createShop()
  const facts = conversations()
  const [held, older] = [facts[12], facts[14]]
  if (!held || !older) throw new Error('There are no such facts.')
  await deliver(
    page,
    facts.filter((fact) => fact !== held && fact !== older).map((fact) => ({ fact, at: fact.at })),
  )
  const day = localDate(held.at, timeZone)
  const before = await look(page)
  expect(before.volumes.find((one) => one.day === day)).toMatchObject({ received: 1, revision: null })
  expect(before.waits.find((one) => one.day === day)).toMatchObject({ n: 1, revision: null })

  const arrivals = [held.at + 3 * 24 * hour, older.at + 9 * 24 * hour] as const
  await deliver(page, [
    { fact: held, at: arrivals[0] },
    { fact: older, at: arrivals[1] },
  ])
  const revision = { revisedAt: arrivals[1], lateEvents: 2, backfilledEvents: 1 }
  const after = await look(page)
  expect(after.volumes.find((one) => one.day === day)).toMatchObject({ received: 3, revision })
  expect(after.waits.find((one) => one.day === day)).toMatchObject({ n: 3, revision })
  expect(revised(after.volumes)).toEqual({ [day]: 2 })
})
