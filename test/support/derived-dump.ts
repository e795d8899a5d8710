/** What the derived tables hold, as sorted lines: for comparing byte by byte. Versions are left out, and only they. */
import { defineMaintenanceQuery } from '@fidelio/db/clickhouse/query.ts'
import type { WorkerDb } from '@fidelio/db/index.ts'
import { z } from 'zod'

const line = z.object({ line: z.string() })
const params = z.object({ business_id: z.uuid() })

const spellLines = defineMaintenanceQuery({
  name: 'test.spell_lines',
  params,
  row: line,
  sql: `
select toString(tuple(opened_at, contact_id, account_id, opening_id, channel, outcome, closed_at, bot_at, is_first, burst)) as line
from spells final where business_id = {business_id:UUID} order by line`,
})

const activityLines = defineMaintenanceQuery({
  name: 'test.activity_lines',
  params,
  row: line,
  sql: `
select concat(activity, ' ', toString(day), ' ', arrayStringConcat(arraySort(bitmapToArray(groupBitmapMergeState(contacts))), ',')) as line
from activity where business_id = {business_id:UUID} group by activity, time_zone, day order by line`,
})

export interface Derived {
  spells: string[]
  activity: string[]
  threads: string[]
}

/** The derived facts of one business in both stores. */
export async function dumpDerived(worker: WorkerDb, businessId: string): Promise<Derived> {
  const spells = await worker.ask(spellLines, { business_id: businessId })
  const activity = await worker.ask(activityLines, { business_id: businessId })
  const threads = await worker.tx(
    (sql) => sql<{ line: string }[]>`
      select threads::text as line from threads where business_id = ${businessId} order by line`,
  )
  const lines = (rows: readonly { line: string }[]) => rows.map((row) => row.line)
  return { spells: lines(spells), activity: lines(activity), threads: lines(threads) }
}
