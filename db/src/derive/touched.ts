import type { StoreLog } from '../log.ts'
import { businessesToDerive, derivedUpTo, saveDerivedUpTo } from '../records/derive-cursors.ts'
import type { WorkerDb } from '../tenancy.ts'
import type { ContactPair, DerivedBusiness } from './contacts.ts'
import { syncPeople } from './people.ts'
import { displacedBusinesses, isDisplaced, storedSince, storeNow, touchedSince } from './questions.ts'
import { deriveWholeBusinesses, rebuildBusinesses } from './rebuild.ts'
import { createSetAside, deriveOrSetAside, retrySetAside, type SetAside } from './set-aside.ts'

/**
 * How far every scan looks back behind the cursor: an insert is given its time when it begins and can be seen when it ends,
 * so a row may appear behind a cursor that has passed it.
 */
const overlapSeconds = 15
const contactsPerBatchMax = 500
/** From so many new rows of one business on, deriving all of it costs less than naming whom they touched. */
const rowsForWholeBusinessMin = 20_000
/** New rows of all businesses whose contacts are named by one question; what it answers stays in memory. */
const rowsPerQuestionMax = 200_000

/**
 * Marks of rows already derived, and of businesses in which nothing was stored since, so that the overlap of two scans is
 * derived once. One per process; empty is safe.
 */
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
  /** Rows stored lately (up to the overlap of two scans) that this run looked into: how much of a flood there is. */
  rows: number
  contacts: number
  businesses: number
  rebuilt: number
  /** Everything stored before this instant (the event store's clock) is in the derived facts. */
  completeTo: Date
}

/**
 * Derives the facts of every contact with events stored since the last run, and rebuilds businesses whose settings
 * changed. Contacts whose history cannot be derived are set aside, logged and tried again later: they hold up nobody else.
 * Must not run twice at the same time: `deriver.ts` holds the lock.
 */
export async function deriveTouched(
  worker: WorkerDb,
  deps: { log: StoreLog; marks: DerivedMarks },
): Promise<DerivedTouched> {
  const position = await derivedUpTo(worker)
  const [store] = await worker.ask(storeNow, {})
  const since = new Date(Math.max(0, (position?.getTime() ?? 0) - overlapSeconds * 1000))
  const completeTo = new Date(store?.now_ms ?? since.getTime())
  const scan: Scan = {
    worker,
    since,
    recentSince: new Date(completeTo.getTime() - overlapSeconds * 1000),
    marks: deps.marks,
    aside: createSetAside(worker, deps.log),
  }
  const businesses = await businessesToDerive(worker)
  await syncPeople(worker, (pairs) => derivePairs(scan, businesses, pairs))
  const stored = await whatWasStored(scan)
  const stale = businesses.filter((business) => !business.upToDate)
  await rebuildBusinesses(worker, stale, scan.aside)
  const current = businesses.flatMap((business) => {
    const fresh = stored.get(business.id)
    return business.upToDate && fresh ? [{ ...business, ...fresh }] : []
  })
  const done = await deriveStored(scan, current)
  await retrySetAside(scan.aside, businesses)
  const rebuilt = stale.length + done.rebuilt
  await saveDerivedUpTo(worker, completeTo)
  deps.marks.turn()
  if (rebuilt > 0) deps.log.info({ businesses: rebuilt }, 'derived facts rebuilt')
  const rows = current.reduce((sum, business) => sum + business.rows, 0)
  return { ...done, rows, rebuilt, completeTo }
}

/** One look at what was stored since the last one. */
interface Scan {
  worker: WorkerDb
  since: Date
  /** Where the next scan will begin, if this one is finished. */
  recentSince: Date
  marks: DerivedMarks
  aside: SetAside
}

interface Stored {
  rows: number
  contacts: number
}
type FreshBusiness = DerivedBusiness & Stored

/** How much was stored, by business; those in which the overlap holds nothing new are left out. */
async function whatWasStored(scan: Scan): Promise<Map<string, Stored>> {
  const { since, recentSince, marks } = scan
  const fresh = new Map<string, Stored>()
  for (const row of await scan.worker.ask(storedSince, { since, recent_since: recentSince })) {
    if (!marks.has(`${row.business_id}:${row.digest}`)) fresh.set(row.business_id, row)
    marks.keep(`${row.business_id}:${row.recent_digest}`)
  }
  return fresh
}

async function deriveStored(
  scan: Scan,
  businesses: readonly FreshBusiness[],
): Promise<Omit<DerivedTouched, 'completeTo' | 'rows'>> {
  const whole = businesses.filter((business) => business.rows >= rowsForWholeBusinessMin)
  await deriveWholeBusinesses(scan.worker, whole, scan.aside)
  const displaced = await findDisplacedWhole(scan, whole)
  const touched = new Set(whole.map((business) => business.id))
  let contacts = whole.reduce((sum, business) => sum + business.contacts, 0)
  for (const group of groupsOf(businesses.filter((business) => business.rows < rowsForWholeBusinessMin))) {
    const pairs = await deriveGroup(scan, group, displaced)
    contacts += pairs.length
    for (const pair of pairs) touched.add(pair.businessId)
  }
  await rebuildBusinesses(
    scan.worker,
    businesses.filter((business) => displaced.has(business.id)),
    scan.aside,
  )
  return { contacts, businesses: touched.size, rebuilt: displaced.size }
}

/** Businesses together up to a number of new rows, so that no question names more contacts than that. */
function groupsOf(businesses: readonly FreshBusiness[]): FreshBusiness[][] {
  const groups: FreshBusiness[][] = []
  let rows = Number.POSITIVE_INFINITY
  for (const business of businesses) {
    rows += business.rows
    if (rows > rowsPerQuestionMax) {
      groups.push([])
      rows = business.rows
    }
    groups.at(-1)?.push(business)
  }
  return groups
}

/** Derives the touched contacts of some businesses; answers which, and adds to `displaced`. */
async function deriveGroup(
  scan: Scan,
  group: readonly FreshBusiness[],
  displaced: Set<string>,
): Promise<ContactPair[]> {
  const { worker, since, recentSince, marks } = scan
  const businesses = group.map((business) => business.id)
  const touched = await worker.ask(touchedSince, { businesses, since, recent_since: recentSince })
  const fresh = touched.filter((contact) => !contact.marks.every((mark) => marks.has(mark)))
  const pairs = fresh.map((row): ContactPair => ({ businessId: row.business_id, contactId: row.contact_id }))
  await derivePairs(scan, group, pairs)
  // Nothing was derived before the first run, so nothing can have been displaced.
  if (since.getTime() > 0) await findDisplaced(scan, pairs, displaced)
  for (const contact of touched) for (const mark of contact.recent_marks) marks.keep(mark)
  return pairs
}

async function derivePairs(
  scan: Scan,
  businesses: readonly DerivedBusiness[],
  pairs: readonly ContactPair[],
): Promise<void> {
  await inBatches(pairs, async (batch) => {
    const some = withPairs(businesses, batch)
    // Nobody is left when the business was removed meanwhile.
    if (some.length > 0) await deriveOrSetAside(some, { pairs: batch }, scan.aside)
  })
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

async function findDisplaced(scan: Scan, pairs: readonly ContactPair[], displaced: Set<string>): Promise<void> {
  await inBatches(pairs, async (batch) => {
    const found = await scan.worker.ask(displacedBusinesses, {
      pair_businesses: batch.map((pair) => pair.businessId),
      pair_contacts: batch.map((pair) => pair.contactId),
      since: scan.since,
    })
    for (const row of found) displaced.add(row.business_id)
  })
}

async function findDisplacedWhole(scan: Scan, businesses: readonly DerivedBusiness[]): Promise<Set<string>> {
  const displaced = new Set<string>()
  if (scan.since.getTime() === 0) return displaced
  for (const { id } of businesses) {
    const found = await scan.worker.ask(isDisplaced, { business: id, since: scan.since })
    if (found.length > 0) displaced.add(id)
  }
  return displaced
}
