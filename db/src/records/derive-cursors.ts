import type { StoreTransaction } from '../postgres/client.ts'
import type { WorkerDb } from '../tenancy.ts'

/** Names in `derive_cursors`. `built:` tells with which settings a business's derived facts were made. */
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
