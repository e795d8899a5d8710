/** How the event store is doing, across businesses, for whoever operates it (reliability.md A7). */
import { z } from 'zod'
import { defineMaintenanceQuery } from '../clickhouse/query.ts'
import type { WorkerDb } from '../tenancy.ts'

/** `partsMax`: active parts of the fullest partition; inserts are slowed from 1 000 and refused from 3 000. */
export type TableHealth = { table: string; partsMax: number; parts: number; rows: number; bytes: number }

const tables = defineMaintenanceQuery({
  name: 'store.tables',
  params: z.object({}),
  row: z.object({ table: z.string(), partsMax: z.int(), parts: z.int(), rows: z.int(), bytes: z.int() }),
  sql: `
-- One row per table, from its partitions. Rows count every copy that is not merged yet.
select table,
       max(parts_here) as partsMax,
       sum(parts_here) as parts,
       sum(rows_here)  as rows,
       sum(bytes_here) as bytes
from
(
    select table, partition_id, count() as parts_here, sum(rows) as rows_here, sum(bytes_on_disk) as bytes_here
    from system.parts
    where database = currentDatabase() and active
    group by table, partition_id
)
group by table
order by table
`,
})

export async function tableHealth(worker: WorkerDb): Promise<TableHealth[]> {
  return [...(await worker.ask(tables, {}))]
}
