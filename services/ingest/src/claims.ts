/**
 * Bodies of Meta that nobody of ours signed: whose they claim to be. A mistyped app secret shows nowhere else, so the
 * account named in such a body gets the failure counted. It is a claim, worth a hint on a page and nothing more: a few are
 * looked at, at a bounded pace, and none of them costs a request anything.
 */
import type { Channel } from '@fidelio/core/event.ts'
import type { IngestContext } from './context.ts'
import type { DropReason } from './metrics.ts'
import type { Delivery } from './pipeline.ts'

/** Bytes looked at: `object` and the first entry's id stand at the front. */
const claimBytesMax = 4096
const lookingMax = 4

const channels: Readonly<Record<string, Channel>> = {
  page: 'messenger',
  instagram: 'instagram',
}

/** Accounts being looked up, by context, so that a flood of false bodies asks Postgres for a handful at a time. */
const looking = new WeakMap<IngestContext, number>()

export function noteClaim(context: IngestContext, { rawBody, receivedAt }: Delivery, reason: DropReason): void {
  const busy = looking.get(context) ?? 0
  if (busy >= lookingMax) return
  const text = rawBody.toString('latin1', 0, claimBytesMax)
  const channel = channels[/"object"\s*:\s*"([a-z_]{1,40})"/.exec(text)?.[1] ?? '']
  const externalId = /"id"\s*:\s*"(\d{1,32})"/.exec(text)?.[1]
  if (channel === undefined || externalId === undefined) return
  const note = (route: { businessId: string; accountId: string } | undefined) => {
    if (route) context.ledger.count(route, 'refused', reason, 1, receivedAt)
  }
  const routes = context.routing.routes(channel, [externalId])
  if (!(routes instanceof Promise)) {
    note(routes.get(externalId))
    return
  }
  looking.set(context, busy + 1)
  routes
    .then(
      (read) => note(read.get(externalId)),
      (error: unknown) => context.log.warn({ error: String(error) }, 'A claimed account could not be looked up'),
    )
    .finally(() => looking.set(context, (looking.get(context) ?? 1) - 1))
}
