import { tableHealth } from '@fidelio/db/queries/store-health.ts'
import { countInbox } from '@fidelio/db/records/inbox.ts'
import type { Tenancy } from '@fidelio/db/tenancy.ts'
import type { Logger } from 'pino'
import { Gauge } from 'prom-client'
import type { Telemetry } from './telemetry.ts'

/**
 * The stores' own figures, read when somebody asks for `/metrics`. A store that does not answer leaves its figures out
 * instead of failing the page: `fidelio_ready` and the log say what is wrong.
 */
export function storeMetrics(stores: Tenancy, { registry }: Telemetry, log: Logger): void {
  const worker = stores.forWorker()
  const registers = [registry]
  const ofTables = { labelNames: ['table'], registers: [registry] }
  const rows = new Gauge({ name: 'fidelio_clickhouse_rows', help: 'Rows on disk, copies included', ...ofTables })
  const bytes = new Gauge({ name: 'fidelio_clickhouse_bytes', help: 'Bytes on disk', ...ofTables })
  new Gauge({
    name: 'fidelio_clickhouse_parts',
    help: 'Active parts of the fullest partition; 1 000 slow inserts down, 3 000 stop them',
    ...ofTables,
    async collect() {
      for (const gauge of [this, rows, bytes]) gauge.reset()
      const tables = await tableHealth(worker).catch((error: unknown) => {
        log.warn({ err: error }, 'the event store did not tell its figures')
        return []
      })
      for (const { table, ...figures } of tables) {
        this.set({ table }, figures.partsMax)
        rows.set({ table }, figures.rows)
        bytes.set({ table }, figures.bytes)
      }
    },
  })
  new Gauge({
    name: 'fidelio_inbox_batches',
    help: 'Batches in PostgreSQL that ClickHouse has yet to take',
    registers,
    async collect() {
      this.reset()
      const waiting = await worker.tx(countInbox).catch((error: unknown) => {
        log.warn({ err: error }, 'PostgreSQL did not tell what waits in the inbox')
        return null
      })
      if (waiting !== null) this.set(waiting)
    },
  })
}
