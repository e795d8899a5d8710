/**
 * Tells a caller of `/v1/events` which of its events are stored already. It is a courtesy: the same event again has the
 * same row identity and changes no figure, so when the event store cannot be asked, events are taken as new.
 */
import { knownEvents } from '@fidelio/db/queries/known-events.ts'
import type { IngestContext } from './context.ts'
import { within } from './deadline.ts'
import type { GenericDelivery } from './generic.ts'
import type { StepResult } from './pipeline.ts'

export async function dropDuplicates(context: IngestContext, delivery: GenericDelivery): Promise<StepResult> {
  const { items, scope } = delivery
  if (items.length === 0) return undefined
  const known = await readKnown(context, delivery)
  if (known.size === 0) return undefined
  delivery.items = items.filter((item) => !known.has(item.rowId))
  for (const item of items) {
    // What follows from a stored event (`also`) shares its result, and only the event itself decides it.
    if (known.has(item.rowId) && item.result?.status === 'stored') {
      item.result.status = 'duplicate'
      context.metrics.dropped('duplicate_event', 1)
    }
  }
  context.log.debug({ businessId: scope.businessId, known: known.size }, 'events were sent again')
  return undefined
}

async function readKnown(context: IngestContext, { items, scope }: GenericDelivery): Promise<Set<string>> {
  try {
    // What was acknowledged a moment ago may still be on its way into the event store.
    await within(context.journal?.flush() ?? Promise.resolve(), context.limits.insertSecondsMax)
    const rows = await context.stores.forBusiness(scope.businessId).ask(knownEvents, {
      contact_ids: [...new Set(items.map((item) => item.contactId))],
      row_ids: items.map((item) => item.rowId),
    })
    return new Set(rows.map((row) => row.row_id))
  } catch (error) {
    context.log.warn({ error: String(error) }, 'Duplicates could not be looked up: events are taken as new')
    return new Set()
  }
}
