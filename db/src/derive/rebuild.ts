import { markBuilt, unmarkBuilt } from '../records/derive-cursors.ts'
import type { WorkerDb } from '../tenancy.ts'
import { type ContactSelection, type DerivedBusiness, deriveContacts } from './contacts.ts'
import { forgetPeople, syncPeople } from './people.ts'
import { activityZones, sizes } from './questions.ts'
import { deriveOrSetAside, type SetAside } from './set-aside.ts'
import { deleteActivity } from './statements.ts'

/** Contacts per statement of a large business: bounds its memory; ids are dense, so a range is a share of the business. */
const contactsPerStatementMax = 20_000
/** Businesses share a statement up to so many events together. */
const eventsPerStatementMax = 200_000
const businessesPerStatementMax = 100

/**
 * Makes all derived facts of a business anew from its events, for its present zone and episode gap: the answer to a change
 * of either, and to anything sets cannot forget. Spells are replaced in place; calendars are absent for the moment it takes.
 * @throws Error when the business does not exist.
 */
export async function rebuildBusiness(worker: WorkerDb, businessId: string): Promise<void> {
  const [business] = await worker.tx(
    (sql) => sql<DerivedBusiness[]>`
      select id, time_zone as "timeZone", episode_gap_hours as "episodeGapHours" from businesses where id = ${businessId}`,
  )
  if (!business) throw new Error('The business to rebuild does not exist.')
  await forgetPeople(worker, businessId)
  // Whoever was regrouped is derived right below, with everybody else of the business.
  await syncPeople(worker, () => Promise.resolve(), { businessId })
  await rebuildBusinesses(worker, [business])
}

/**
 * Rebuilds several businesses. A crash in between leaves the unfinished ones marked as not built; the next run repeats them.
 * With `aside` contacts that cannot be derived are left for later; without it they end the rebuild with their error.
 */
export async function rebuildBusinesses(
  worker: WorkerDb,
  businesses: readonly DerivedBusiness[],
  aside: SetAside | null = null,
): Promise<void> {
  if (businesses.length === 0) return
  const ids = businesses.map((business) => business.id)
  await worker.tx((sql) => unmarkBuilt(sql, ids))
  // A deletion rewrites parts of the table, so it is asked for only where there is something to delete.
  const calendars = await worker.ask(activityZones, { businesses: ids })
  if (calendars.length > 0) {
    await worker.run(deleteActivity, {
      businesses: calendars.map((calendar) => calendar.business_id),
      time_zones: calendars.map((calendar) => calendar.time_zone),
    })
  }
  await deriveWholeBusinesses(worker, businesses, aside)
  await worker.tx((sql) => markBuilt(sql, businesses))
}

/** Derives every contact of some businesses: for first fills, where asking contact by contact would take longer. */
export async function deriveWholeBusinesses(
  worker: WorkerDb,
  businesses: readonly DerivedBusiness[],
  aside: SetAside | null,
): Promise<void> {
  if (businesses.length === 0) return
  const found = await worker.ask(sizes, { businesses: businesses.map((business) => business.id) })
  const sizeOf = new Map(found.map((size) => [size.business_id, size]))
  const derive = (some: readonly DerivedBusiness[], selection: ContactSelection) =>
    aside ? deriveOrSetAside(some, selection, aside) : deriveContacts(worker, some, selection)
  let group: DerivedBusiness[] = []
  let events = 0
  const flush = async () => {
    if (group.length > 0) await derive(group, { first: 0, last: 2 ** 32 - 1 })
    group = []
    events = 0
  }
  for (const business of businesses) {
    const size = sizeOf.get(business.id) ?? { rows: 0, last_contact: 0 }
    if (size.rows > eventsPerStatementMax) {
      for (let first = 0; first <= size.last_contact; first += contactsPerStatementMax) {
        await derive([business], { first, last: first + contactsPerStatementMax - 1 })
      }
      continue
    }
    if (events + size.rows > eventsPerStatementMax || group.length === businessesPerStatementMax) await flush()
    group.push(business)
    events += size.rows
  }
  await flush()
}
