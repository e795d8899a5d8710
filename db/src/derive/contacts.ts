import { nextVersion } from '../records/derive-cursors.ts'
import { writeThreads } from '../records/threads.ts'
import type { WorkerDb } from '../tenancy.ts'
import { threadStates } from './questions.ts'
import { deleteVanishedSpells, writeActivity, writeSpells } from './statements.ts'

/** What deriving must know of a business. */
export interface DerivedBusiness {
  id: string
  timeZone: string
  episodeGapHours: number
}

/** A set of contacts (`ids`), or all within a range of the dense contact ids. Both ends included. */
export type ContactSelection = { ids: readonly number[] } | { first: number; last: number }

/** Re-reads the whole history of these contacts and writes their spells, active days and threads. Repeating is harmless. */
export async function deriveContacts(
  worker: WorkerDb,
  business: DerivedBusiness,
  selection: ContactSelection,
): Promise<void> {
  const contacts = boundSelection(business.id, selection)
  // Taken before reading: who has the higher version has seen at least as much.
  const version = await nextVersion(worker)
  await worker.run(writeSpells, { ...contacts, gap_ms: business.episodeGapHours * 3_600_000, version })
  await worker.run(deleteVanishedSpells, { ...contacts, version })
  await worker.run(writeActivity, { ...contacts, time_zone: business.timeZone })
  const threads = await worker.ask(threadStates, contacts)
  const wholeRange = 'first' in selection ? selection : null
  await worker.tx((sql) => writeThreads(sql, { businessId: business.id, threads, wholeRange }))
}

function boundSelection(businessId: string, selection: ContactSelection) {
  const every = 'first' in selection
  const ids = every ? [] : [...selection.ids]
  return {
    business_id: businessId,
    every,
    contact_ids: ids,
    first_contact: every ? selection.first : Math.min(...ids),
    last_contact: every ? selection.last : Math.max(...ids),
  }
}
