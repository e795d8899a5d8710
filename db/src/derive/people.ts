import { z } from 'zod'
import { defineMaintenanceQuery } from '../clickhouse/query.ts'
import { nextVersion } from '../records/derive-cursors.ts'
import type { WorkerDb } from '../tenancy.ts'
import type { ContactPair } from './contacts.ts'

const contactsPerBatchMax = 2_000

const columns = ['business_id', 'contact_id', 'person_id', 'version', 'deleted'] as const

interface RegroupedContact extends ContactPair {
  mergedInto: number | null
  /** Postgres' own row version: tells whether the row changed while it was copied. */
  rowVersion: string
}

/**
 * Copies the grouping of contacts that changed to ClickHouse `merged_contacts`, and lets `derive` make the derived facts of
 * these people anew, until none is left. The map changes in one insert, so that every question that applies it answers
 * as before or as after; spells follow in the same breath. Answers how many contacts were copied. Repeating is harmless.
 * `only` one business's, for a rebuild.
 */
export async function syncPeople(
  worker: WorkerDb,
  derive: (pairs: readonly ContactPair[]) => Promise<void>,
  only: { businessId: string } | null = null,
): Promise<number> {
  let copied = 0
  for (;;) {
    // Taken before reading, so that a copy read later always has the higher version.
    const version = await nextVersion(worker)
    const rows = await worker.tx(
      (sql) => sql<RegroupedContact[]>`
        select business_id as "businessId", id as "contactId", merged_into as "mergedInto", xmin::text as "rowVersion"
          from contacts where people_dirty ${only ? sql`and business_id = ${only.businessId}` : sql``}
         order by business_id, id
         limit ${contactsPerBatchMax}`,
    )
    if (rows.length === 0) return copied
    const copies = rows.map(({ businessId, contactId, mergedInto }) => [
      businessId,
      contactId,
      mergedInto ?? contactId,
      version,
      mergedInto === null ? 1 : 0,
    ])
    await worker.insertRows('merged_contacts', columns, copies, `merged_contacts:${version}`)
    await derive(rows)
    await markCopied(worker, rows)
    copied += rows.length
    if (rows.length < contactsPerBatchMax) return copied
  }
}

/** The whole map of a business is copied again in the next run of `syncPeople`: for when the event store lost it. */
export async function forgetPeople(worker: WorkerDb, businessId: string): Promise<void> {
  await worker.tx(
    (sql) => sql`update contacts set people_dirty = true where business_id = ${businessId} and merged_into is not null`,
  )
}

async function markCopied(worker: WorkerDb, rows: readonly RegroupedContact[]): Promise<void> {
  await worker.tx(
    (sql) => sql`
      update contacts c set people_dirty = false
        from unnest(${rows.map((row) => row.businessId)}::uuid[], ${rows.map((row) => row.contactId)}::bigint[],
                    ${rows.map((row) => row.rowVersion)}::text[]) as copied (business_id, id, row_version)
       where c.business_id = copied.business_id and c.id = copied.id and c.xmin::text = copied.row_version`,
  )
}

/** Every contact of the people that some contacts are counted as, by the map that the statements use. */
const mergedWith = defineMaintenanceQuery({
  name: 'derive.mergedWith',
  params: z.object({
    businesses: z.array(z.uuid()),
    pair_businesses: z.array(z.uuid()),
    pair_contacts: z.array(z.int()),
  }),
  row: z.object({ business_id: z.uuid(), contact_id: z.int(), person_id: z.int() }),
  sql: `
with
    map as (
        select business_id, contact_id, person_id from merged_contacts final where business_id in {businesses:Array(UUID)}
    ),
    asked as (
        select business_id, person_id from map
        where (business_id, contact_id) in arrayZip({pair_businesses:Array(UUID)}, {pair_contacts:Array(UInt32)})
           or (business_id, person_id) in arrayZip({pair_businesses:Array(UUID)}, {pair_contacts:Array(UInt32)})
    )
select business_id, contact_id, person_id
from map
where (business_id, person_id) in (select business_id, person_id from asked)
order by business_id, contact_id
`,
})

/** These contacts and all others of the same people: what is derived of a person needs the whole person. */
export async function wholePeople(worker: WorkerDb, pairs: readonly ContactPair[]): Promise<ContactPair[]> {
  const merged = await worker.ask(mergedWith, {
    businesses: [...new Set(pairs.map((pair) => pair.businessId))],
    pair_businesses: pairs.map((pair) => pair.businessId),
    pair_contacts: pairs.map((pair) => pair.contactId),
  })
  if (merged.length === 0) return [...pairs]
  const whole = new Map(pairs.map((pair) => [`${pair.businessId}:${pair.contactId}`, pair]))
  for (const { business_id: businessId, contact_id, person_id } of merged) {
    for (const contactId of [contact_id, person_id]) whole.set(`${businessId}:${contactId}`, { businessId, contactId })
  }
  return [...whole.values()]
}
