import { markBuilt, unmarkBuilt } from '../records/derive-cursors.ts'
import type { WorkerDb } from '../tenancy.ts'
import { type DerivedBusiness, deriveContacts } from './contacts.ts'
import { lastContact } from './questions.ts'
import { deleteActivity } from './statements.ts'

/** Contacts per statement of a rebuild: bounds its memory; ids are dense, so this is a share of the business. */
const contactsPerStatementMax = 20_000

/**
 * Makes all derived facts of a business anew from its events, for its present zone and episode gap: the answer to a change
 * of either, and to anything sets cannot forget. Spells are replaced in place; calendars are absent for the moment it takes.
 * @throws Error when the business does not exist.
 */
export async function rebuildBusiness(worker: WorkerDb, businessId: string): Promise<void> {
  const business = await worker.tx(async (sql) => {
    await unmarkBuilt(sql, businessId)
    const rows = await sql<DerivedBusiness[]>`
      select id, time_zone as "timeZone", episode_gap_hours as "episodeGapHours" from businesses where id = ${businessId}`
    return rows[0]
  })
  if (!business) throw new Error('The business to rebuild does not exist.')
  await worker.run(deleteActivity, { business_id: businessId, time_zone: business.timeZone, except_zone: '' })
  await deriveWholeBusiness(worker, business)
  await worker.run(deleteActivity, { business_id: businessId, time_zone: '', except_zone: business.timeZone })
  await worker.tx((sql) => markBuilt(sql, business))
}

/** Derives every contact of a business: for first fills, where asking contact by contact would take longer. */
export async function deriveWholeBusiness(worker: WorkerDb, business: DerivedBusiness): Promise<void> {
  const [last] = await worker.ask(lastContact, { business_id: business.id })
  for (let first = 0; first <= (last?.contact_id ?? 0); first += contactsPerStatementMax) {
    await deriveContacts(worker, business, { first, last: first + contactsPerStatementMax - 1 })
  }
}
