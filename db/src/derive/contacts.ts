import { nextVersion } from '../records/derive-cursors.ts'
import { writeThreads } from '../records/threads.ts'
import type { WorkerDb } from '../tenancy.ts'
import { wholePeople } from './people.ts'
import { threadStates } from './questions.ts'
import { deleteVanishedSpells, writeActivity, writeSpells } from './statements.ts'

/** What deriving must know of a business. */
export interface DerivedBusiness {
  id: string
  timeZone: string
  episodeGapHours: number
}

export interface ContactPair {
  businessId: string
  contactId: number
}

/** Some people of some businesses, or all people of those businesses within a range of ids (both ends included). */
export type ContactSelection = { pairs: readonly ContactPair[] } | { first: number; last: number }

/**
 * Re-reads the whole history of these people and writes their spells, active days and threads. Repeating is harmless.
 * Spells and threads belong to people, active days to the contacts they came in under (queries/people-sql).
 */
export async function deriveContacts(
  worker: WorkerDb,
  businesses: readonly DerivedBusiness[],
  asked: ContactSelection,
): Promise<void> {
  const selection = 'pairs' in asked ? { pairs: await wholePeople(worker, asked.pairs) } : asked
  const contacts = boundSelection(businesses, selection)
  const gaps = businesses.map((business) => business.episodeGapHours * 3_600_000)
  // Taken before reading: who has the higher version has seen at least as much.
  const version = await nextVersion(worker)
  await worker.run(writeSpells, { ...contacts, gaps_ms: gaps, version })
  await worker.run(deleteVanishedSpells, { ...contacts, version })
  for (const zone of new Set(businesses.map((business) => business.timeZone))) {
    const ofZone = businesses.filter((business) => business.timeZone === zone)
    await worker.run(writeActivity, { ...boundSelection(ofZone, selection), time_zone: zone })
  }
  const threads = await worker.ask(threadStates, contacts)
  const whole = 'first' in selection ? { ...selection, businessIds: contacts.businesses } : selection
  await worker.tx((sql) => writeThreads(sql, { threads, whole }))
}

function boundSelection(businesses: readonly DerivedBusiness[], selection: ContactSelection) {
  const every = 'first' in selection
  const ids = businesses.map((business) => business.id)
  const pairs = every ? [] : selection.pairs.filter((pair) => ids.includes(pair.businessId))
  const contactIds = pairs.map((pair) => pair.contactId)
  return {
    businesses: ids,
    every,
    first_contact: every ? selection.first : Math.min(...contactIds),
    last_contact: every ? selection.last : Math.max(...contactIds),
    pair_businesses: pairs.map((pair) => pair.businessId),
    pair_contacts: contactIds,
  }
}
