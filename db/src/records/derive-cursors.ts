import type { StoreTransaction } from '../postgres/client.ts'
import type { WorkerDb } from '../tenancy.ts'

/**
 * Names in `derive_cursors`. `built:` tells with which settings a business's derived facts were made, `aside:` when a
 * contact's history last failed to be derived.
 */
const touchedCursor = 'touched'
const versionCursor = 'version'

/**
 * The next version of derived rows: the database's clock in milliseconds, but always above every version given before,
 * whichever process asked and wherever the clock went.
 */
export async function nextVersion(worker: WorkerDb): Promise<number> {
  const [row] = await worker.tx(
    (sql) => sql<{ version: number }[]>`
      insert into derive_cursors as cursor (name, position) values (${versionCursor}, date_trunc('milliseconds', clock_timestamp()))
      on conflict (name) do update set
        position = greatest(excluded.position, cursor.position + interval '1 millisecond'),
        updated_at = now()
      returning round(extract(epoch from position) * 1000)::bigint as version`,
  )
  if (!row) throw new Error('unreachable: the upsert returns its row')
  return row.version
}

/** Up to when (the event store's clock) everything stored is in the derived facts; null before the first run. */
export async function derivedUpTo(worker: WorkerDb): Promise<Date | null> {
  const rows = await worker.tx(
    (sql) => sql<{ position: Date }[]>`select position from derive_cursors where name = ${touchedCursor}`,
  )
  return rows[0]?.position ?? null
}

/** Remembers that everything stored up to `position` is derived. */
export async function saveDerivedUpTo(worker: WorkerDb, position: Date): Promise<void> {
  await worker.tx(
    (sql) => sql`
      insert into derive_cursors (name, position) values (${touchedCursor}, ${position})
      on conflict (name) do update set position = excluded.position, updated_at = now()`,
  )
}

export interface BusinessToDerive {
  id: string
  timeZone: string
  episodeGapHours: number
  /** Its derived facts were made for exactly these settings. */
  upToDate: boolean
}

/** Every business with the settings its derived facts depend on. */
export async function businessesToDerive(worker: WorkerDb): Promise<BusinessToDerive[]> {
  return worker.tx(
    (sql) => sql<BusinessToDerive[]>`
      select business.id, business.time_zone as "timeZone", business.episode_gap_hours as "episodeGapHours",
             cursor.name is not null as "upToDate"
      from businesses business
      left join derive_cursors cursor
        on cursor.name = 'built:' || business.id || ':' || business.time_zone || ':' || business.episode_gap_hours
      order by business.id`,
  )
}

/** From here until `markBuilt` the derived facts of these businesses count as not made; a crash in between repeats the work. */
export async function unmarkBuilt(sql: StoreTransaction, businessIds: readonly string[]): Promise<void> {
  await sql`
    delete from derive_cursors using unnest(${[...businessIds]}::uuid[]) as business (id)
    where name like 'built:' || business.id || ':%'`
}

/** The derived facts of these businesses are made for these settings. */
export async function markBuilt(
  sql: StoreTransaction,
  businesses: readonly Omit<BusinessToDerive, 'upToDate'>[],
): Promise<void> {
  const ids = businesses.map((business) => business.id)
  const zones = businesses.map((business) => business.timeZone)
  const names = businesses.map(({ id, timeZone, episodeGapHours }) => `built:${id}:${timeZone}:${episodeGapHours}`)
  await unmarkBuilt(sql, ids)
  await sql`insert into derive_cursors (name, position) select name, now() from unnest(${names}::text[]) as built (name)`
  await sql`
    update businesses set derived_time_zone = built.zone
    from unnest(${ids}::uuid[], ${zones}::text[]) as built (id, zone)
    where businesses.id = built.id and derived_time_zone <> built.zone`
}

const retryMinutes = 10

/** Remembers contacts that could not be derived, from now on as last tried. */
export async function setContactsAside(
  worker: WorkerDb,
  pairs: readonly { businessId: string; contactId: number }[],
): Promise<void> {
  const names = pairs.map((pair) => asideName(pair))
  await worker.tx(
    (sql) => sql`
      insert into derive_cursors (name, position) select distinct name, now() from unnest(${names}::text[]) as aside (name)
      on conflict (name) do update set position = excluded.position, updated_at = now()`,
  )
}

/** Contacts set aside that were last tried 10 minutes ago or earlier, those waiting longest first. */
export async function contactsSetAside(
  worker: WorkerDb,
  limit: number,
): Promise<{ businessId: string; contactId: number }[]> {
  return worker.tx(
    (sql) => sql<{ businessId: string; contactId: number }[]>`
      select split_part(name, ':', 2) as "businessId", split_part(name, ':', 3)::bigint as "contactId"
      from derive_cursors
      where starts_with(name, 'aside:') and position <= now() - make_interval(mins => ${retryMinutes})
      order by position, name
      limit ${limit}`,
  )
}

/** The contact is derived now, or gone with its business. */
export async function forgetSetAside(worker: WorkerDb, pair: { businessId: string; contactId: number }): Promise<void> {
  await worker.tx((sql) => sql`delete from derive_cursors where name = ${asideName(pair)}`)
}

function asideName({ businessId, contactId }: { businessId: string; contactId: number }): string {
  return `aside:${businessId}:${contactId}`
}
