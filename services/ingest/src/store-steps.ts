/** The steps every door ends with: contacts → state → batch. Whatever cannot be made durable ends in 503, never in 200. */

import type { ConsentRecord, ConsentSource } from '@fidelio/db/records/consents.ts'
import type { ContactRequest } from '@fidelio/db/records/contacts.ts'
import type { IngestContext } from './context.ts'
import { within } from './deadline.ts'
import type { DropReason } from './metrics.ts'
import type { IngestOutcome } from './outcome.ts'
import type { Delivery, Item, Step, StepResult } from './pipeline.ts'
import { rowText } from './row.ts'

/** `afterContacts`: steps of one door that need to know the people. */
export function storeSteps<D extends Delivery>(
  context: IngestContext,
  ...afterContacts: readonly Step<D>[]
): readonly Step<D>[] {
  return [
    { name: 'contacts', run: (delivery) => resolveContacts(context, delivery) },
    ...afterContacts,
    { name: 'state', run: (delivery) => applyState(context, delivery) },
    { name: 'batch', run: (delivery) => storeRows(context, delivery) },
  ]
}

/** The provider's own retry is the queue (design.md §2.1). */
export function comeBack(
  context: IngestContext,
  { charged, receivedAt }: Pick<Delivery, 'charged' | 'receivedAt'>,
  reason: DropReason,
  rows: number,
): IngestOutcome {
  context.metrics.dropped(reason, Math.max(rows, 1))
  for (const charge of charged) {
    context.quotas.giveBack(charge.businessId, charge.events)
    context.ledger.count(charge, 'refused', reason, charge.events, receivedAt)
  }
  return { status: 503, body: 'Try again later', retryAfterSeconds: context.limits.retryAfterSeconds }
}

/** Waits for work on Postgres; its failure is answered with 503, for nothing has been acknowledged yet. */
export async function orComeBack(
  context: IngestContext,
  delivery: Delivery,
  work: Promise<StepResult>,
): Promise<StepResult> {
  try {
    return await within(work, context.limits.stateSecondsMax)
  } catch (error) {
    context.trouble.tell(error, 'Postgres does not take what requests need: their callers come back')
    return comeBack(context, delivery, 'stores_unavailable', delivery.items.length)
  }
}

export function refuseLargeBody(context: IngestContext, delivery: Delivery): StepResult {
  if (delivery.rawBody.length <= context.limits.bodyBytesMax) return undefined
  context.metrics.dropped('body_too_large', 1)
  return { status: 413, body: `The body is larger than ${context.limits.bodyBytesMax} bytes` }
}

function resolveContacts(context: IngestContext, delivery: Delivery): StepResult | Promise<StepResult> {
  const requests: ContactRequest[] = []
  const unknown: Item[] = []
  for (const item of delivery.items) {
    const { contact } = item.event
    if (contact === null || contact.identities.length === 0) continue
    const { businessId } = item.scope
    const request = { businessId, since: new Date(item.event.occurredAt), eventRowId: item.rowId, ...contact }
    // A name is news for the store even when the person is known.
    const contactId = contact.displayName === undefined ? context.contacts.known(request) : undefined
    if (contactId !== undefined) {
      item.contactId = contactId
      continue
    }
    requests.push(request)
    unknown.push(item)
  }
  if (requests.length === 0) return undefined
  const resolving = context.contacts.resolve(requests)
  if (resolving === null) return comeBack(context, delivery, 'buffer_full', delivery.items.length)
  const assigning = resolving.then((contactIds) => assignContacts(context, delivery, unknown, contactIds))
  return orComeBack(context, delivery, assigning)
}

function assignContacts(
  context: IngestContext,
  delivery: Delivery,
  items: readonly Item[],
  contactIds: readonly (number | null)[],
): undefined {
  const gone = new Set<Item>()
  for (const [index, item] of items.entries()) {
    const contactId = contactIds[index]
    if (contactId === null || contactId === undefined) gone.add(item)
    else item.contactId = contactId
  }
  if (gone.size === 0) return
  context.metrics.dropped('business_gone', gone.size)
  delivery.items = delivery.items.filter((item) => !gone.has(item))
}

/** Consent is committed before the rows are acknowledged: a stop must block sends that are already queued. */
function applyState(context: IngestContext, delivery: Delivery): StepResult | Promise<StepResult> {
  const facts: ConsentRecord[] = []
  for (const item of delivery.items) {
    const fact = item.event.consent === null ? null : consentRecord(item)
    if (fact) facts.push(fact)
  }
  if (facts.length === 0) return undefined
  const recording = context.consents.add(facts)
  if (recording === null) return comeBack(context, delivery, 'buffer_full', delivery.items.length)
  const counted = recording.then(() => {
    context.metrics.counted('consent_facts', facts.length)
    return undefined
  })
  return orComeBack(context, delivery, counted)
}

/** Null when nobody gave it: a permission belongs to a person. */
function consentRecord(item: Item): ConsentRecord | null {
  const { consent } = item.event
  if (!consent || item.contactId === 0) return null
  return {
    eventRowId: item.rowId,
    businessId: item.scope.businessId,
    contactId: item.contactId,
    channel: consent.channel,
    topic: consent.topic,
    action: consent.action,
    occurredAt: new Date(item.event.occurredAt),
    source: consentSource(item),
    actor: item.actor,
    wording: consent.wording,
    proof: {
      accountId: item.scope.accountId,
      ...(consent.token === undefined ? {} : { token: consent.token }),
      ...(consent.tokenExpiresAt === undefined ? {} : { tokenExpiresAt: consent.tokenExpiresAt }),
    },
  }
}

function consentSource(item: Item): ConsentSource {
  if (item.event.name === 'stop_word') return 'stop_word'
  if (item.scope.channel === 'whatsapp') return 'whatsapp_preference'
  return item.scope.channel === 'messenger' ? 'messenger_optin' : 'api'
}

function storeRows(context: IngestContext, delivery: Delivery): StepResult | Promise<StepResult> {
  const count = delivery.items.length
  if (count === 0) return undefined
  const lines: string[] = []
  for (const { scope, contactId, rowId, event } of delivery.items) {
    lines.push(rowText(scope, contactId, rowId, event, delivery.receivedAt), '\n')
  }
  // Joined into one flat text, and everything it was made from let go: hundreds of requests wait for their batch at the
  // same time, and whatever they hold meanwhile is copied by the garbage collector again and again.
  const rows = lines.join('')
  delivery.items = []
  const stored = context.batcher.add(rows, count)
  if (stored === null) return comeBack(context, delivery, 'buffer_full', count)
  return stored.then(
    () => {
      context.metrics.counted('events', count)
      return undefined
    },
    // The batcher has logged what happened; every caller of the batch is told the same.
    () => comeBack(context, delivery, 'stores_unavailable', count),
  )
}
