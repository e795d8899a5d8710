/**
 * The doors of everything but Meta (design.md §7): `POST /webhooks/{channel}/{account}`, whose senders prove themselves by
 * signature, each in its own way (senders.ts), and `POST /v1/events`, whose caller showed a key at the edge.
 */
import type { IncomingHttpHeaders } from 'node:http'
import {
  type GenericOptions,
  type GenericResult,
  genericEventsMax,
  type ProfileFact,
  parseGenericBody,
} from '@fidelio/channels/generic-events.ts'
import { type FailedEvent, keepFailedEvents } from '@fidelio/db/records/failed-events.ts'
import { chargeBody, refuseOverQuota } from './admission.ts'
import type { IngestContext } from './context.ts'
import { dropDuplicates } from './duplicates.ts'
import { acknowledged, type EventResult, type IngestOutcome } from './outcome.ts'
import { type Delivery, runPipeline, type Step, type StepResult } from './pipeline.ts'
import { tellProfiles } from './profiles.ts'
import type { Route } from './routing.ts'
import { nilAccountId, type RowScope, rowIdentity, rowScope } from './row.ts'
import { checkSender, headersToKeep, isSenderChannel, readSender, type SenderChannel } from './senders.ts'
import { orComeBack, refuseLargeBody, storeSteps } from './store-steps.ts'

export type WebhookRequest = {
  channel: string
  accountExternalId: string
  rawBody: Buffer
  headers: IncomingHttpHeaders
}
export type ApiRequest = { businessId: string; keyId: string; rawBody: Buffer }

export type GenericDelivery = Delivery & {
  scope: RowScope
  options: GenericOptions
  /** Stores write beside the body what it is about. */
  headers: IncomingHttpHeaders
  /** The key that spoke, '' when the sender proved itself by signature. */
  actor: string
  parsed: GenericResult[]
  /** What the items tell of people, beside their events. */
  profiles: ProfileFact[]
  /** In the order of the body. */
  results: EventResult[]
  failed: FailedEvent[]
}

type WebhookDelivery = GenericDelivery & {
  channel: SenderChannel
  accountExternalId: string
  route: Route | undefined
}

export function createWebhookDoor(context: IngestContext): (request: WebhookRequest) => Promise<IngestOutcome> {
  const pipeline: readonly Step<WebhookDelivery>[] = [
    { name: 'size', run: (delivery) => refuseLargeBody(context, delivery) },
    { name: 'route', run: (delivery) => routeAccount(context, delivery) },
    { name: 'quota', run: (delivery) => refuseOverQuota(context, delivery, delivery.scope) },
    { name: 'verify', run: (delivery) => verifySender(context, delivery) },
    { name: 'parse', run: (delivery) => parseSigned(context, delivery) },
    { name: 'quota', run: (delivery) => chargeBody(context, delivery, delivery.scope, delivery.parsed.length) },
    { name: 'identity', run: (delivery) => identifyItems(context, delivery) },
    { name: 'aside', run: (delivery) => keepRejected(context, delivery) },
    ...storeSteps<WebhookDelivery>(context, {
      name: 'profiles',
      run: (delivery) => tellProfiles(context, delivery),
    }),
  ]
  return async ({ channel, accountExternalId, rawBody, headers }) => {
    context.metrics.counted('requests', 1)
    if (!isSenderChannel(channel)) return unknownAccount(context)
    const delivery: WebhookDelivery = {
      ...newDelivery(context.clock.now().getTime(), rawBody, rowScope(nilAccountId, nilAccountId, channel)),
      channel,
      accountExternalId,
      headers,
      route: undefined,
    }
    return withResults(context, await runPipeline(pipeline, delivery, context.metrics), delivery)
  }
}

export function createApiDoor(context: IngestContext): (request: ApiRequest) => Promise<IngestOutcome> {
  const pipeline: readonly Step<GenericDelivery>[] = [
    { name: 'size', run: (delivery) => refuseLargeBody(context, delivery) },
    { name: 'quota', run: (delivery) => refuseOverQuota(context, delivery, delivery.scope) },
    { name: 'parse', run: (delivery) => parseUnsigned(context, delivery) },
    { name: 'quota', run: (delivery) => chargeBody(context, delivery, delivery.scope, delivery.parsed.length) },
    { name: 'identity', run: (delivery) => identifyItems(context, delivery) },
    { name: 'aside', run: (delivery) => keepRejected(context, delivery) },
    ...storeSteps<GenericDelivery>(
      context,
      { name: 'profiles', run: (delivery) => tellProfiles(context, delivery) },
      { name: 'duplicates', run: (delivery) => dropDuplicates(context, delivery) },
    ),
  ]
  return async ({ businessId, keyId, rawBody }) => {
    context.metrics.counted('requests', 1)
    const receivedAt = context.clock.now().getTime()
    const delivery = newDelivery(receivedAt, rawBody, rowScope(businessId, nilAccountId, 'webhook'))
    delivery.actor = `key:${keyId}`
    return asJson(withResults(context, await runPipeline(pipeline, delivery, context.metrics), delivery))
  }
}

export function newDelivery(receivedAt: number, rawBody: Buffer, scope: RowScope): GenericDelivery {
  return {
    rawBody,
    receivedAt,
    items: [],
    charged: [],
    scope,
    options: {},
    headers: {},
    actor: '',
    parsed: [],
    profiles: [],
    results: [],
    failed: [],
  }
}

function withResults(context: IngestContext, outcome: IngestOutcome, delivery: GenericDelivery): IngestOutcome {
  if (outcome.status !== 200) return outcome
  const { results, scope, receivedAt } = delivery
  for (const { status } of results) {
    if (status === 'duplicate') context.ledger.count(scope, 'dropped', 'duplicate_event', 1, receivedAt)
    // A body nobody could read was counted as such.
    if (status === 'rejected' && delivery.parsed.length > 0) {
      context.ledger.count(scope, 'failed', 'rejected_event', 1, receivedAt)
    }
  }
  return { status: 200, body: { results } }
}

/** A developer reads these answers with a program: every one of them is JSON. */
function asJson(outcome: IngestOutcome): IngestOutcome {
  const { status, body } = outcome
  if (typeof body !== 'string') return outcome
  const code = status === 413 ? 'TOO_LARGE' : status === 503 ? 'UNAVAILABLE' : 'BAD_REQUEST'
  const message = status === 503 ? 'Nothing was stored. Send it again after the seconds in Retry-After.' : `${body}.`
  return { ...outcome, body: { error: { code, message } } }
}

function unknownAccount(context: IngestContext): IngestOutcome {
  context.metrics.dropped('unknown_account', 1)
  return { status: 404, body: 'No such account' }
}

function routeAccount(context: IngestContext, delivery: WebhookDelivery): StepResult | Promise<StepResult> {
  const { channel, accountExternalId } = delivery
  const take = (routes: ReadonlyMap<string, Route>): StepResult => {
    delivery.route = routes.get(accountExternalId)
    if (!delivery.route) return unknownAccount(context)
    delivery.scope = delivery.route.scope
    return undefined
  }
  const routes = context.routing.routes(channel, [accountExternalId])
  return routes instanceof Promise ? orComeBack(context, delivery, routes.then(take)) : take(routes)
}

function verifySender(context: IngestContext, delivery: WebhookDelivery): StepResult {
  const { rawBody, headers, receivedAt, channel, route } = delivery
  const check = checkSender(channel, { rawBody, headers, secrets: route?.secrets ?? [], now: receivedAt })
  if (check.ok) {
    delivery.options = { webhookId: check.webhookId }
    if (route) context.heard.add(route.accountId)
    return undefined
  }
  context.metrics.dropped(dropOf[check.reason], 1)
  if (check.reason === 'ping') return acknowledged
  if (route) context.ledger.count(route, 'refused', dropOf[check.reason], 1, receivedAt)
  return { status: 401, body: 'The signature is not valid' }
}

const dropOf = {
  missing: 'signature_missing',
  malformed: 'signature_wrong',
  mismatch: 'signature_wrong',
  too_old: 'signature_expired',
  too_new: 'signature_expired',
  ping: 'test_entry',
} as const

/** Signed and unreadable: kept with the reason and acknowledged, because sending it again would not help anybody. */
function parseSigned(context: IngestContext, delivery: WebhookDelivery): StepResult {
  const { channel, headers, accountExternalId, receivedAt, scope } = delivery
  const text = delivery.rawBody.toString('utf8')
  const { webhookId = '' } = delivery.options
  const read = readSender(channel, { text, headers, webhookId, accountExternalId, receivedAt })
  if (read.outcome === 'parsed') {
    delivery.parsed = read.items
    context.ledger.heard(
      scope.accountId,
      read.items.flatMap(({ event }) => event ?? []),
    )
    return undefined
  }
  context.ledger.heard(scope.accountId, [])
  context.metrics.dropped('unreadable_body', 1)
  context.ledger.count(scope, 'failed', 'unreadable_body', 1, receivedAt)
  const { id, reason } = read
  delivery.results.push({ index: 0, id, status: 'rejected', reason })
  delivery.failed.push(failure(delivery, { id, reason, detail: '', raw: text }))
  return undefined
}

const refusals = {
  malformed_json: 'The body is not JSON. Nothing was stored: send one event, or {"events": […]}, as UTF-8 JSON.',
  not_an_event:
    'The body must be one event (an object with id, type and contact) or {"events": […]}. Nothing was stored.',
  too_many_events: `One request may hold at most ${genericEventsMax} events. Nothing was stored: send them in several requests.`,
} as const

function parseUnsigned(context: IngestContext, delivery: GenericDelivery): StepResult {
  const parse = parseGenericBody(delivery.rawBody.toString('utf8'), delivery.receivedAt, delivery.options)
  if (parse.outcome === 'parsed') {
    delivery.parsed = parse.items
    return undefined
  }
  context.metrics.dropped('unreadable_body', 1)
  return { status: 400, body: { error: { code: 'BAD_REQUEST', message: refusals[parse.reason] } } }
}

/** Every item gets a result; the accepted ones get rows. The same fact twice in one body is one row. */
export function identifyItems(context: IngestContext, delivery: GenericDelivery): StepResult {
  const { scope, actor, items, results } = delivery
  const seen = new Set<string>()
  for (const { index, id, event, also, profile, reason, raw } of delivery.parsed) {
    if (profile) delivery.profiles.push(profile)
    if (event === null && profile) {
      results.push({ index, id, status: 'stored' })
      continue
    }
    if (event === null) {
      context.metrics.dropped('rejected_event', 1)
      results.push({ index, id, status: 'rejected', ...(reason === undefined ? {} : { reason }) })
      delivery.failed.push(failure(delivery, { id, reason: 'rejected', detail: reason ?? '', raw }))
      continue
    }
    const rowId = rowIdentity(scope.businessId, scope.accountId, event.identity)
    if (seen.has(rowId)) {
      context.metrics.dropped('duplicate_event', 1)
      results.push({ index, id, status: 'duplicate' })
      continue
    }
    seen.add(rowId)
    if (event.kind === 'unknown') context.metrics.counted('unknown_events', 1)
    const result: EventResult = { index, id, status: 'stored' }
    results.push(result)
    items.push({ event, scope, rowId, contactId: 0, actor, result })
    for (const fact of also) {
      const factId = rowIdentity(scope.businessId, scope.accountId, fact.identity)
      items.push({ event: fact, scope, rowId: factId, contactId: 0, actor, result })
    }
  }
  return undefined
}

/** What was rejected is kept for the tenant to see and to correct: a sender of webhooks does not read our answers. */
function keepRejected(context: IngestContext, delivery: GenericDelivery): StepResult | Promise<StepResult> {
  if (delivery.failed.length === 0) return undefined
  const keeping = context.worker.tx((sql) => keepFailedEvents(sql, delivery.failed)).then(() => undefined)
  return orComeBack(context, delivery, keeping)
}

type RejectedItem = { id: string; reason: string; detail: string; raw: string }

function failure(delivery: GenericDelivery, { id, reason, detail, raw }: RejectedItem): FailedEvent {
  const { businessId, accountId, channel } = delivery.scope
  const { actor } = delivery
  return {
    id: rowIdentity(businessId, accountId, `failed:${reason}:${raw}`),
    businessId,
    accountId: accountId === nilAccountId ? null : accountId,
    channel,
    reason,
    detail,
    raw,
    origin: {
      door: accountId === nilAccountId ? 'api' : 'webhook',
      ...(id === '' ? {} : { webhookId: id }),
      ...headersOrigin(delivery),
      ...(actor === '' ? {} : { actor }),
    },
    receivedAt: new Date(delivery.receivedAt),
  }
}

function headersOrigin({ headers }: GenericDelivery): { headers?: Record<string, string> } {
  const kept = headersToKeep(headers)
  return Object.keys(kept).length === 0 ? {} : { headers: kept }
}
