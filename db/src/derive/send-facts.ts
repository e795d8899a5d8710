import { clickHouseTime } from '../clickhouse/query.ts'
import { nextVersion } from '../records/derive-cursors.ts'
import type { WorkerDb } from '../tenancy.ts'

const rowsPerBatchMax = 5_000

const columns = [
  'business_id',
  'campaign_id',
  'contact_id',
  'step',
  'send_id',
  'account_id',
  'arm',
  'status',
  'reason',
  'planned_at',
  'sent_at',
  'message_id',
  'version',
] as const

interface DirtySend {
  id: string
  business_id: string
  campaign_id: string
  contact_id: number
  step: number
  account_id: string
  arm: string
  status: string
  reason: string
  planned_at: Date
  sent_at: Date | null
  message_id: string
  /** Postgres' own row version: tells whether the row changed while it was copied. */
  row_version: string
}

/**
 * Copies the rows of `sends` that changed to ClickHouse `send_facts`, until none is left; a row is marked clean only if it
 * did not change meanwhile. Answers how many were copied. Copying twice is harmless: rows are replaced by version.
 */
export async function syncSendFacts(worker: WorkerDb): Promise<number> {
  let copied = 0
  for (;;) {
    // Taken before reading, so that a copy read later always has the higher version.
    const version = await nextVersion(worker)
    const rows = await worker.tx(
      (sql) => sql<DirtySend[]>`
        select id, business_id, campaign_id, contact_id, step, account_id, arm, status, reason, planned_at, sent_at,
               message_id, xmin::text as row_version
        from sends where facts_dirty
        order by business_id
        limit ${rowsPerBatchMax}`,
    )
    if (rows.length === 0) return copied
    await worker.insertRows(
      'send_facts',
      columns,
      rows.map((row) => factOf(row, version)),
      `send_facts:${version}`,
    )
    await markClean(worker, rows)
    copied += rows.length
    if (rows.length < rowsPerBatchMax) return copied
  }
}

function factOf(row: DirtySend, version: number): unknown[] {
  return [
    row.business_id,
    row.campaign_id,
    row.contact_id,
    row.step,
    row.id,
    row.account_id,
    row.arm,
    row.status,
    row.reason,
    clickHouseTime(row.planned_at),
    clickHouseTime(row.sent_at ?? 0),
    row.message_id,
    version,
  ]
}

async function markClean(worker: WorkerDb, rows: readonly DirtySend[]): Promise<void> {
  const ids = rows.map((row) => row.id)
  const versions = rows.map((row) => row.row_version)
  await worker.tx(
    (sql) => sql`
      update sends set facts_dirty = false
      from unnest(${ids}::uuid[], ${versions}::text[]) as copied (id, row_version)
      where sends.id = copied.id and sends.xmin::text = copied.row_version`,
  )
}
