/**
 * Stored texts read a second time, by the same parsers, routes and row identities as when they came. A text may have been
 * corrected by a person: it never reaches beyond the business, account and app it came for.
 */

import { type GenericResult, parseGenericBody } from '@fidelio/channels/generic-events.ts'
import { parseMeta } from '@fidelio/channels/meta-objects.ts'
import { inEnvelope } from '@fidelio/channels/parsed-event.ts'
import type { FailedEvent, FailedOrigin } from '@fidelio/db/records/failed-events.ts'
import type { QueuedFailedEvent } from '@fidelio/db/records/replays.ts'
import type { IngestContext } from './context.ts'
import { identifyItems, newDelivery } from './generic.ts'
import { identifyEntry, ignoredAs } from './meta.ts'
import type { Item } from './pipeline.ts'
import type { Telling } from './profiles.ts'
import type { Route } from './routing.ts'
import { nilAccountId, type RowScope, rowScope } from './row.ts'
import { isSenderChannel, readSender } from './senders.ts'

/** `failure` set: nothing of it is to be stored, and this is why. `failed`: further elements nobody could read. */
export type Reading = {
  items: Item[]
  failed: FailedEvent[]
  failure: { reason: string; detail: string } | null
  /** What it tells of people, beside events or instead of them. */
  told: Pick<Telling, 'profiles' | 'scope'> | null
}

type Reader = (context: IngestContext, entry: QueuedFailedEvent, text: string) => Promise<Reading>

const readers: Readonly<Record<FailedOrigin['door'], Reader>> = {
  meta: readFailedOfMeta,
  webhook: readFailedOfWebhook,
  api: readFailedOfApi,
}

/** Reads a failed event again, as it came or as it was corrected. */
export function readAgain(context: IngestContext, entry: QueuedFailedEvent): Promise<Reading> {
  return readers[entry.origin.door](context, entry, entry.corrected ?? entry.raw)
}

function failedWith(reason: string, detail = ''): Reading {
  return { items: [], failed: [], failure: { reason, detail }, told: null }
}

/** What a body of Meta says about accounts that pass `isOwn`; what it says about others is passed over and counted. */
export async function readMetaBody(
  context: IngestContext,
  from: { text: string; receivedAt: number; metaAppId: string },
  isOwn: (route: Route) => boolean,
): Promise<{ items: Item[]; failed: FailedEvent[]; ignored: string[]; unknownAccounts: number; others: number }> {
  const told = { items: [] as Item[], failed: [] as FailedEvent[], receivedAt: from.receivedAt, signer: from.metaAppId }
  const ignored: string[] = []
  let unknownAccounts = 0
  let others = 0
  for (const part of parseMeta(from.text, from.receivedAt)) {
    ignored.push(...part.ignored.map(({ reason }) => reason))
    const ids = part.entries.map((entry) => entry.accountExternalId)
    const routes = ids.length === 0 ? new Map() : await context.routing.routes(part.channel, ids)
    for (const entry of part.entries) {
      const route = routes.get(entry.accountExternalId)
      if (!route) unknownAccounts++
      else if (!isOwn(route)) others++
      else identifyEntry(context, told, entry, route)
    }
  }
  return { items: told.items, failed: told.failed, ignored, unknownAccounts, others }
}

async function readFailedOfMeta(context: IngestContext, entry: QueuedFailedEvent, text: string): Promise<Reading> {
  const { origin, businessId, accountId, channel, accountExternalId } = entry
  const { metaAppId = '' } = origin
  const body = inEnvelope(origin.envelope ?? plainEnvelope(channel, accountExternalId), text)
  const read = await readMetaBody(
    context,
    { text: body, receivedAt: entry.firstSeenAt.getTime(), metaAppId },
    (route) =>
      (accountId === null || route.accountId === accountId) &&
      // What belonged to nobody was at least signed: it may only reach an account of the app that signed it.
      (businessId === null ? route.metaAppId === metaAppId : route.businessId === businessId),
  )
  const again = read.failed.find((failed) => failed.raw === text) ?? (read.items.length === 0 ? read.failed[0] : null)
  if (again) return failedWith(again.reason, again.detail)
  if (read.items.length > 0) return { items: read.items, failed: read.failed, failure: null, told: null }
  if (read.unknownAccounts > 0) return failedWith('account_unknown')
  if (read.others > 0) return failedWith('other_account')
  return failedWith(read.ignored.find((reason) => ignoredAs(reason) === 'unreadable_body') ?? 'nothing_in_it')
}

/** For elements kept without their surroundings. Undefined: the text is a body. */
function plainEnvelope(channel: string, accountExternalId: string): string | undefined {
  if (accountExternalId === '') return undefined
  const object = channel === 'instagram' ? 'instagram' : 'page'
  return `{"object":"${object}","entry":[{"id":${JSON.stringify(accountExternalId)},"messaging":[$element]}]}`
}

async function readFailedOfWebhook(context: IngestContext, entry: QueuedFailedEvent, text: string): Promise<Reading> {
  const { channel, accountExternalId, businessId, accountId, origin } = entry
  if (!isSenderChannel(channel)) return failedWith('account_unknown')
  const routes = await context.routing.routes(channel, [accountExternalId])
  const route = routes.get(accountExternalId)
  if (route?.businessId !== businessId || route?.accountId !== accountId) return failedWith('account_unknown')
  const receivedAt = entry.firstSeenAt.getTime()
  const { webhookId = '', headers = {} } = origin
  const read = readSender(channel, { text, headers, webhookId, accountExternalId, receivedAt })
  if (read.outcome === 'refused') return failedWith(read.reason)
  return identified(context, { entry, text, parsed: read.items, scope: route.scope })
}

async function readFailedOfApi(context: IngestContext, entry: QueuedFailedEvent, text: string): Promise<Reading> {
  const { businessId, firstSeenAt, origin } = entry
  if (businessId === null) return failedWith('account_unknown')
  const options = origin.webhookId === undefined ? {} : { webhookId: origin.webhookId }
  const parse = parseGenericBody(text, firstSeenAt.getTime(), options)
  if (parse.outcome === 'refused') return failedWith(parse.reason)
  const scope = rowScope(businessId, nilAccountId, 'webhook')
  return identified(context, { entry, text, parsed: parse.items, scope })
}

function identified(
  context: IngestContext,
  { entry, text, parsed, scope }: { entry: QueuedFailedEvent; text: string; parsed: GenericResult[]; scope: RowScope },
): Reading {
  const { origin, corrected, requestedBy, firstSeenAt } = entry
  const delivery = newDelivery(firstSeenAt.getTime(), Buffer.alloc(0), scope)
  // The ledger of permissions names who says so: the one who corrected the text, otherwise the key that sent it.
  delivery.actor = corrected === null ? (origin.actor ?? '') : requestedBy
  delivery.headers = origin.headers ?? {}
  delivery.parsed = parsed
  identifyItems(context, delivery)
  const { items, failed, profiles } = delivery
  const [first] = failed
  // `identify` tells who somebody is and that nothing happened: it leaves no item, and is not nothing.
  const isNothing = items.length === 0 && profiles.length === 0
  if (first && (isNothing || first.raw === text)) return failedWith(first.reason, first.detail)
  if (isNothing) return failedWith('nothing_in_it')
  return { items, failed, failure: null, told: profiles.length === 0 ? null : { profiles, scope } }
}
