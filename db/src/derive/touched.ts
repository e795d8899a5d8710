import type { StoreLog } from '../log.ts'
import { businessesToDerive, derivedUpTo, saveDerivedUpTo } from '../records/derive-cursors.ts'
import type { WorkerDb } from '../tenancy.ts'
import { type DerivedBusiness, deriveContacts } from './contacts.ts'
import { displacedContacts, storedSince, storeNow, touchedSince } from './questions.ts'
import { deriveWholeBusiness, rebuildBusiness } from './rebuild.ts'

/**
 * How far every scan looks back behind the cursor: an insert is given its time when it begins and can be seen when it ends,
 * so a row may appear behind a cursor that has passed it.
 */
const overlapSeconds = 15
const contactsPerBatchMax = 500
/** From so many new rows of one business on, deriving all of it costs less than finding out whom they touched. */
const rowsForWholeBusinessMin = 20_000

/** Marks of rows already derived, so that the overlap of two scans is derived once. One per process; empty is safe. */
export class DerivedMarks {
  #current = new Set<string>()
  #next = new Set<string>()

  has(mark: string): boolean {
    return this.#current.has(mark)
  }

  /** A mark that the running scan saw or derived. */
  keep(mark: string): void {
    this.#next.add(mark)
  }

  /** The scan is over: what it did not see lies before the overlap and can be forgotten. */
  turn(): void {
    this.#current = this.#next
    this.#next = new Set()
  }
}

export interface DerivedTouched {
  contacts: number
  businesses: number
  rebuilt: number
  /** Everything stored before this instant (the event store's clock) is in the derived facts. */
  completeTo: Date
}

/**
 * Derives the facts of every contact with events stored since the last run, and rebuilds businesses whose settings
 * changed. Must not run twice at the same time: `deriver.ts` holds the lock.
 */
export async function deriveTouched(
  worker: WorkerDb,
  deps: { log: StoreLog; marks: DerivedMarks },
): Promise<DerivedTouched> {
  const position = await derivedUpTo(worker)
  const since = new Date(Math.max(0, (position?.getTime() ?? 0) - overlapSeconds * 1000))
  const [store] = await worker.ask(storeNow, {})
  const completeTo = new Date(store?.now_ms ?? since.getTime())
  const businesses = await businessesToDerive(worker)
  const stored = new Map((await worker.ask(storedSince, { since })).map((row) => [row.business_id, row.rows]))
  const done: DerivedTouched = { contacts: 0, businesses: 0, rebuilt: 0, completeTo }
  for (const business of businesses) {
    const rows = stored.get(business.id) ?? 0
    if (!business.upToDate) {
      await rebuildBusiness(worker, business.id)
      done.rebuilt += 1
    } else if (rows > 0) {
      const { contacts, rebuilt } = await deriveBusiness(worker, business, { since, rows, marks: deps.marks })
      done.contacts += contacts
      done.businesses += contacts > 0 ? 1 : 0
      done.rebuilt += rebuilt ? 1 : 0
    }
  }
  await saveDerivedUpTo(worker, completeTo)
  deps.marks.turn()
  if (done.rebuilt > 0) deps.log.info({ businesses: done.rebuilt }, 'derived facts rebuilt')
  return done
}

interface Touched {
  since: Date
  rows: number
  marks: DerivedMarks
}

async function deriveBusiness(
  worker: WorkerDb,
  business: DerivedBusiness,
  { since, rows, marks }: Touched,
): Promise<{ contacts: number; rebuilt: boolean }> {
  const touched = await worker.ask(touchedSince, { business_id: business.id, since })
  const fresh = touched.filter((contact) => !contact.marks.every((mark) => marks.has(mark)))
  const ids = fresh.map((contact) => contact.contact_id)
  let rebuilt = false
  if (rows >= rowsForWholeBusinessMin && ids.length > contactsPerBatchMax) {
    await deriveWholeBusiness(worker, business)
  } else {
    for (let start = 0; start < ids.length; start += contactsPerBatchMax) {
      const batch = ids.slice(start, start + contactsPerBatchMax)
      await deriveContacts(worker, business, { ids: batch })
    }
  }
  if (ids.length > 0 && (await anyDisplaced(worker, business.id, ids, since))) {
    await rebuildBusiness(worker, business.id)
    rebuilt = true
  }
  for (const contact of touched) {
    for (const mark of contact.marks) marks.keep(mark)
  }
  return { contacts: ids.length, rebuilt }
}

async function anyDisplaced(worker: WorkerDb, businessId: string, ids: number[], since: Date): Promise<boolean> {
  // Nothing was derived before the first run, so nothing can have been displaced.
  if (since.getTime() === 0) return false
  for (let start = 0; start < ids.length; start += contactsPerBatchMax) {
    const contactIds = ids.slice(start, start + contactsPerBatchMax)
    const found = await worker.ask(displacedContacts, { business_id: businessId, contact_ids: contactIds, since })
    if (found.length > 0) return true
  }
  return false
}
