/** What replays share: rows that are there already are left alone, the others take the steps every delivery ends with. */
import { knownRows } from '@fidelio/db/queries/known-events.ts'
import type { IngestContext } from './context.ts'
import { type Item, runPipeline } from './pipeline.ts'
import { type Telling, tellProfiles } from './profiles.ts'
import { storeSteps } from './store-steps.ts'

/** Items whose row is stored, and of those that come twice all but the first. */
export async function storedAlready(context: IngestContext, items: readonly Item[]): Promise<ReadonlySet<Item>> {
  // What was acknowledged a moment ago may still be on its way into the event store.
  await context.journal?.flush()
  const known = new Set<Item>()
  for (const businessId of new Set(items.map((item) => item.scope.businessId))) {
    const own = items.filter((item) => item.scope.businessId === businessId)
    const rowIds = [...new Set(own.map((item) => item.rowId))]
    const rows = await context.stores.forBusiness(businessId).ask(knownRows, { row_ids: rowIds })
    const seen = new Set(rows.map((row) => row.row_id))
    for (const item of own) {
      if (seen.has(item.rowId)) known.add(item)
      seen.add(item.rowId)
    }
  }
  return known
}

/** Contacts, consent and rows, with the time of reception they had. False: a store did not take them. */
export async function storeItems(context: IngestContext, items: readonly Item[], receivedAt: number): Promise<boolean> {
  const delivery = { rawBody: Buffer.alloc(0), receivedAt, items: [...items], charged: [] }
  const outcome = await runPipeline(storeSteps(context), delivery, context.metrics)
  return outcome.status === 200
}

/** What was told of people, as of the time it was received: telling it twice changes nothing. False: a store did not take it. */
export async function tellAgain(
  context: IngestContext,
  told: Pick<Telling, 'profiles' | 'scope'>,
  receivedAt: number,
): Promise<boolean> {
  const refused = await tellProfiles(context, { ...told, rawBody: Buffer.alloc(0), receivedAt, items: [], charged: [] })
  return refused === undefined
}
