import type { StoreLog } from '../log.ts'
import { businessesToDerive, derivedUpTo, saveDerivedUpTo } from '../records/derive-cursors.ts'
import type { WorkerDb } from '../tenancy.ts'
import { type ContactPair, type DerivedBusiness, deriveContacts } from './contacts.ts'
import { displacedBusinesses, storedSince, storeNow, touchedSince } from './questions.ts'
import { deriveWholeBusinesses, rebuildBusinesses } from './rebuild.ts'

/**
 * How far every scan looks back behind the cursor: an insert is given its time when it begins and can be seen when it ends,
 * so a row may appear behind a cursor that has passed it.
 */
const overlapSeconds = 15
const contactsPerBatchMax = 500
/** From so many new rows of one business on, deriving all of it costs less than naming whom they touched. */
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
  const stale = businesses.filter((business) => !business.upToDate)
  await rebuildBusinesses(worker, stale)
  const current = businesses.filter((business) => business.upToDate && (stored.get(business.id) ?? 0) > 0)
  const done = await deriveStored(worker, current, { since, stored, marks: deps.marks })
  const rebuilt = stale.length + done.rebuilt
  await saveDerivedUpTo(worker, completeTo)
  deps.marks.turn()
  if (rebuilt > 0) deps.log.info({ businesses: rebuilt }, 'derived facts rebuilt')
  return { ...done, rebuilt, completeTo }
}

interface Stored {
  since: Date
  /** New rows by business. */
  stored: ReadonlyMap<string, number>
  marks: DerivedMarks
}

async function deriveStored(
  worker: WorkerDb,
  businesses: readonly DerivedBusiness[],
  { since, stored, marks }: Stored,
): Promise<Omit<DerivedTouched, 'completeTo'>> {
  if (businesses.length === 0) return { contacts: 0, businesses: 0, rebuilt: 0 }
  const touched = await worker.ask(touchedSince, { businesses: businesses.map((business) => business.id), since })
  const fresh = touched.filter((contact) => !contact.marks.every((mark) => marks.has(mark)))
  const pairs = fresh.map((row): ContactPair => ({ businessId: row.business_id, contactId: row.contact_id }))
  const manyRows = (id: string) => (stored.get(id) ?? 0) >= rowsForWholeBusinessMin
  await deriveWholeBusinesses(
    worker,
    withPairs(businesses, pairs).filter((business) => manyRows(business.id)),
  )
  await inBatches(
    pairs.filter((pair) => !manyRows(pair.businessId)),
    (batch) => deriveContacts(worker, withPairs(businesses, batch), { pairs: batch }),
  )
  const displaced = await findDisplaced(worker, pairs, since)
  await rebuildBusinesses(
    worker,
    businesses.filter((business) => displaced.has(business.id)),
  )
  for (const contact of touched) for (const mark of contact.marks) marks.keep(mark)
  return { contacts: pairs.length, businesses: withPairs(businesses, pairs).length, rebuilt: displaced.size }
}

function withPairs(businesses: readonly DerivedBusiness[], pairs: readonly ContactPair[]): DerivedBusiness[] {
  const ids = new Set(pairs.map((pair) => pair.businessId))
  return businesses.filter((business) => ids.has(business.id))
}

async function inBatches(pairs: readonly ContactPair[], work: (batch: ContactPair[]) => Promise<void>): Promise<void> {
  for (let start = 0; start < pairs.length; start += contactsPerBatchMax) {
    await work(pairs.slice(start, start + contactsPerBatchMax))
  }
}

async function findDisplaced(worker: WorkerDb, pairs: readonly ContactPair[], since: Date): Promise<Set<string>> {
  const displaced = new Set<string>()
  // Nothing was derived before the first run, so nothing can have been displaced.
  if (since.getTime() === 0) return displaced
  await inBatches(pairs, async (batch) => {
    const found = await worker.ask(displacedBusinesses, {
      pair_businesses: batch.map((pair) => pair.businessId),
      pair_contacts: batch.map((pair) => pair.contactId),
      since,
    })
    for (const row of found) displaced.add(row.business_id)
  })
  return displaced
}
