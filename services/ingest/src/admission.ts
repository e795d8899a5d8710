/**
 * The quota as a step of the doors. A sender that speaks for one business is told to come back (429). Meta's bodies may
 * hold several businesses, and a refusal unsubscribes Pages: what is above a quota there is kept for later (deferred.ts),
 * the neighbours go on, and only when the waiting room is full, or the whole body is from whoever the store is behind of,
 * Meta is told to come back; the neighbours are stored then too, and their redelivery changes nothing.
 */
import type { MetaPart } from '@fidelio/channels/meta-objects.ts'
import type { DeferredEvent } from '@fidelio/db/records/deferred-events.ts'
import type { IngestContext } from './context.ts'
import type { Counted } from './ledger.ts'
import type { IngestOutcome } from './outcome.ts'
import { parkedEvent } from './parked.ts'
import type { Delivery, StepResult } from './pipeline.ts'
import type { Refusal } from './quota.ts'
import type { Route } from './routing.ts'
import { rowIdentity } from './row.ts'
import { orComeBack } from './store-steps.ts'

/** What a body of Meta says about one account whose business is above its quota. */
export type OverQuota = { part: MetaPart; route: Route; events: number; refusal: Refusal }

type MixedDelivery = Delivery & {
  overQuota: OverQuota[]
  /** The app that signed the body. */
  signer: string
  /** Nothing took it: the answer, once the neighbours are stored. */
  refusal: Refusal | undefined
}

/** Charges an entry of a Meta body. False: its business is above its quota, and `settleOverQuota` decides. */
export function admitEntry(
  context: IngestContext,
  delivery: MixedDelivery,
  part: MetaPart,
  route: Route,
  events: number,
): boolean {
  const refusal = context.quotas.admit(route.businessId, events, delivery.receivedAt)
  if (refusal === undefined) {
    delivery.charged.push({ businessId: route.businessId, accountId: route.accountId, events })
    return true
  }
  delivery.overQuota.push({ part, route, events, refusal })
  return false
}

/** Keeps for later what may not come in now. */
export function settleOverQuota(context: IngestContext, delivery: MixedDelivery): StepResult | Promise<StepResult> {
  const { overQuota, items } = delivery
  if (overQuota.length === 0) return undefined
  delivery.overQuota = []
  context.metrics.dropped(overQuota[0]?.refusal.reason ?? 'over_quota', overQuota.length)
  const shared = overQuota.every(({ refusal }) => refusal.reason === 'over_share')
  if (shared && items.length === 0) return refuse(context, delivery, overQuota)
  const { kept, full } = sortOut(context, delivery, overQuota)
  if (full.length > 0) refuse(context, delivery, full)
  if (kept.length === 0) return undefined
  const keeping = context.deferral.keep(kept)
  if (keeping === null) return refuse(context, delivery, overQuota)
  const kepts = keeping.then(() => {
    for (const deferred of kept) {
      context.metrics.counted('deferred', deferred.events)
      context.ledger.count(deferred, 'deferred', 'over_quota', deferred.events, delivery.receivedAt)
    }
    return undefined
  })
  return orComeBack(context, delivery, kepts)
}

/** One waiting entry per account, with everything the body says about it, and those there is no room for. */
function sortOut(context: IngestContext, { signer, receivedAt }: MixedDelivery, overQuota: readonly OverQuota[]) {
  const byAccount = new Map<string, DeferredEvent>()
  const full: OverQuota[] = []
  for (const over of overQuota) {
    const { part, route, events } = over
    const { accountId, businessId, channel, externalId } = route
    const key = `${accountId}${part.object}`
    const known = byAccount.get(key)
    if (known) {
      known.events += events
      continue
    }
    // A body about one account, as most are, is kept as it came; cutting it out would read it a second time.
    const { raw } = part.entries.length === 1 ? { raw: part.text } : parkedEvent(part, externalId, signer, receivedAt)
    if (context.deferral.hasRoom(businessId, raw.length)) {
      const id = rowIdentity(businessId, accountId, `deferred:${raw}`)
      const at = new Date(receivedAt)
      byAccount.set(key, { id, businessId, accountId, channel, metaAppId: signer, events, receivedAt: at, raw })
    } else full.push(over)
  }
  return { kept: [...byAccount.values()], full }
}

function refuse(context: IngestContext, delivery: MixedDelivery, overQuota: readonly OverQuota[]): undefined {
  for (const { route, events, refusal } of overQuota) {
    context.ledger.count(route, 'refused', refusal.reason, Math.max(events, 1), delivery.receivedAt)
    if (refusal.retryAfterSeconds >= (delivery.refusal?.retryAfterSeconds ?? 0)) delivery.refusal = refusal
  }
}

/** The last step of a body that held something nobody took. */
export function answerRefusal(delivery: MixedDelivery): StepResult {
  return delivery.refusal && refusalOutcome(delivery.refusal)
}

/** Before a body of one business is read: cheap, and nothing is charged. */
export function refuseOverQuota(context: IngestContext, delivery: Delivery, of: Counted): StepResult {
  const refusal = context.quotas.check(of.businessId, delivery.receivedAt)
  return refusal && refuseBody(context, delivery, of, refusal, 1)
}

/** After it was read and is known to be its business's. */
export function chargeBody(context: IngestContext, delivery: Delivery, of: Counted, events: number): StepResult {
  const refusal = context.quotas.admit(of.businessId, events, delivery.receivedAt)
  if (refusal) return refuseBody(context, delivery, of, refusal, events)
  delivery.charged.push({ businessId: of.businessId, accountId: of.accountId, events })
  return undefined
}

function refuseBody(
  context: IngestContext,
  delivery: Delivery,
  of: Counted,
  refusal: Refusal,
  events: number,
): IngestOutcome {
  context.metrics.dropped(refusal.reason, events)
  context.ledger.count(of, 'refused', refusal.reason, events, delivery.receivedAt)
  return refusalOutcome(refusal)
}

function refusalOutcome({ reason, retryAfterSeconds }: Refusal): IngestOutcome {
  if (reason === 'over_share') return { status: 503, body: 'Try again later', retryAfterSeconds }
  const message = `This business has sent more than its quota allows. Nothing was stored; come back in ${retryAfterSeconds} s.`
  return { status: 429, body: { error: { code: 'RATE_LIMITED', message } }, retryAfterSeconds }
}
