import { z } from 'zod'
import { isClickHouseFailure, QueryTooHeavy, StoreUnavailable } from '../clickhouse/errors.ts'
import type { StoreLog } from '../log.ts'
import { contactsSetAside, forgetSetAside, setContactsAside } from '../records/derive-cursors.ts'
import type { WorkerDb } from '../tenancy.ts'
import { type ContactPair, type ContactSelection, type DerivedBusiness, deriveContacts } from './contacts.ts'
import { sizes } from './questions.ts'

/** How often one run looks for the culprit in halves: about 20 halvings find one contact among all of a business. */
const splitsPerRunMax = 200
/** When more fail than that, it is not their histories that are wrong: the run ends with the error and begins again. */
const setAsidePerRunMax = 1000
const retriesPerRunMax = 100

/** What one run does with contacts whose history cannot be derived, so that they do not hold up anybody else. */
export interface SetAside {
  worker: WorkerDb
  log: StoreLog
  splitsLeft: number
  contactsLeft: number
}

export function createSetAside(worker: WorkerDb, log: StoreLog): SetAside {
  return { worker, log, splitsLeft: splitsPerRunMax, contactsLeft: setAsidePerRunMax }
}

/**
 * `deriveContacts`, but when the data of some contact make it fail, the others are derived all the same: the selection is
 * halved until the culprit stands alone, which is set aside and tried again later (`retrySetAside`).
 * @throws what deriving throws when a store is not available, or when too much fails to search through.
 */
export async function deriveOrSetAside(
  businesses: readonly DerivedBusiness[],
  selection: ContactSelection,
  aside: SetAside,
): Promise<void> {
  try {
    await deriveContacts(aside.worker, businesses, selection)
  } catch (error) {
    if (!liesInTheData(error)) throw error
    const halves = aside.splitsLeft > 0 ? await halvesOf(aside.worker, businesses, selection) : []
    if (halves.length > 0) {
      aside.splitsLeft -= 1
      for (const half of halves) await deriveOrSetAside(half.businesses, half.selection, aside)
      return
    }
    const pairs = pairsOf(businesses, selection)
    if (pairs === null || pairs.length > aside.contactsLeft) throw error
    aside.contactsLeft -= pairs.length
    await setContactsAside(aside.worker, pairs)
    for (const pair of pairs) noteFailure(aside.log, pair, error)
  }
}

/** Tries again those set aside a while ago; who is derived now is forgotten, and so is who has no business any more. */
export async function retrySetAside(aside: SetAside, businesses: readonly DerivedBusiness[]): Promise<void> {
  for (const pair of await contactsSetAside(aside.worker, retriesPerRunMax)) {
    const business = businesses.find(({ id }) => id === pair.businessId)
    try {
      if (business) await deriveContacts(aside.worker, [business], { pairs: [pair] })
      await forgetSetAside(aside.worker, pair)
    } catch (error) {
      if (!liesInTheData(error)) throw error
      await setContactsAside(aside.worker, [pair])
      noteFailure(aside.log, pair, error)
    }
  }
}

/** PostgreSQL's classes for values it cannot take: cardinality, data, integrity, limits of a row or an index. */
const dataClasses = new Set(['21', '22', '23', '54'])

/** Whether trying the same contacts again would fail again, while others may pass. */
function liesInTheData(error: unknown): boolean {
  // An `insert … select` that takes too much memory is called unavailable; fewer contacts take less.
  if (error instanceof StoreUnavailable) return isClickHouseFailure(error.cause) && error.cause.code === '241'
  if (error instanceof QueryTooHeavy || error instanceof z.ZodError || isClickHouseFailure(error)) return true
  return error instanceof Error && 'code' in error && dataClasses.has(String(error.code).slice(0, 2))
}

type Part = { businesses: readonly DerivedBusiness[]; selection: ContactSelection }

/** Two parts that make up a selection; none when it is a single contact. */
async function halvesOf(
  worker: WorkerDb,
  businesses: readonly DerivedBusiness[],
  selection: ContactSelection,
): Promise<Part[]> {
  if ('pairs' in selection) {
    const { pairs } = selection
    const middle = Math.ceil(pairs.length / 2)
    if (pairs.length < 2) return []
    return [pairs.slice(0, middle), pairs.slice(middle)].map((half) => ({
      businesses: businesses.filter(({ id }) => half.some((pair) => pair.businessId === id)),
      selection: { pairs: half },
    }))
  }
  if (businesses.length > 1) {
    const middle = Math.ceil(businesses.length / 2)
    return [businesses.slice(0, middle), businesses.slice(middle)].map((half) => ({ businesses: half, selection }))
  }
  const { first, last } = selection
  if (first >= last) return []
  // Ranges may end far beyond the last contact: the empty part is cut off at once.
  const [size] = await worker.ask(sizes, { businesses: businesses.map(({ id }) => id) })
  const known = size?.last_contact ?? 0
  const middle = known >= first && known < last ? known : Math.floor((first + last) / 2)
  return [
    { businesses, selection: { first, last: middle } },
    { businesses, selection: { first: middle + 1, last } },
  ]
}

/** The contacts of a selection by name; null for a range that was not searched to its end. */
function pairsOf(businesses: readonly DerivedBusiness[], selection: ContactSelection): readonly ContactPair[] | null {
  if ('pairs' in selection) return selection.pairs
  const [business] = businesses
  if (!business || selection.first !== selection.last) return null
  return [{ businessId: business.id, contactId: selection.first }]
}

/** Never the message of the error: it may quote what a person wrote. */
function noteFailure(log: StoreLog, pair: ContactPair, error: unknown): void {
  const { name, code } = error as { name?: string; code?: string }
  log.error({ ...pair, error: name, code }, 'The history of a contact could not be derived; it is tried again later')
}
