/** What waits on the way in, for the page that shows the health of the intake. */
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'

type Db = ISql<StoreTypes>

/** As the worker: batches of all businesses that wait for the event store, 0 in good times. */
export async function countInboxBatches(sql: Db): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::integer as count from inbox`
  return row?.count ?? 0
}
