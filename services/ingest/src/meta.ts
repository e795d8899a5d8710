/** The door of Meta's webhooks: one callback for all Pages of all businesses (protocols.md §1). */
import type { IncomingHttpHeaders } from 'node:http'
import { type MetaPart, parseMeta } from '@fidelio/channels/meta-objects.ts'
import { type SignatureHeaders, verifyMetaSignature } from '@fidelio/channels/meta-signature.ts'
import type { ParsedEntry, ParseFailure } from '@fidelio/channels/parsed-event.ts'
import type { ParsedEvent } from '@fidelio/core/event.ts'
import type { DeferredEvent } from '@fidelio/db/records/deferred-events.ts'
import { type FailedEvent, keepFailedEvents } from '@fidelio/db/records/failed-events.ts'
import { type ParkedEvent, parkEvents } from '@fidelio/db/records/parked-events.ts'
import { admitEntry, answerRefusal, type OverQuota, settleOverQuota } from './admission.ts'
import { noteClaim } from './claims.ts'
import type { IngestContext } from './context.ts'
import type { DropReason } from './metrics.ts'
import type { IngestOutcome } from './outcome.ts'
import { parkedEvent } from './parked.ts'
import { type Delivery, runPipeline, type Step, type StepResult } from './pipeline.ts'
import { heedBlocks } from './policy.ts'
import type { Refusal } from './quota.ts'
import type { MetaApp, Route, Routes } from './routing.ts'
import { nilAccountId, rowIdentity } from './row.ts'
import { orComeBack, refuseLargeBody, storeSteps } from './store-steps.ts'

export type MetaRequest = { rawBody: Buffer; headers: IncomingHttpHeaders }

type MetaDelivery = Delivery & {
  signature: SignatureHeaders
  apps: readonly MetaApp[]
  /** Whether the body verifies under an app, computed once per app and body. */
  verdicts: Map<string, boolean>
  /** The app that signed the body. */
  signer: string
  /** What the body says, one part per `object` in it: almost always a single one. */
  parts: MetaPart[]
  /** Beside `parts`, of each the accounts somebody has connected. */
  routes: Routes[]
  failed: FailedEvent[]
  parked: ParkedEvent[]
  /** Entries of businesses above their quota. */
  overQuota: OverQuota[]
  refusal: Refusal | undefined
  /** A deferred entry has been charged when its turn came. */
  isCharged: boolean
}

export function createMetaDoor(context: IngestContext): (request: MetaRequest) => Promise<IngestOutcome> {
  const verify = createVerifyStep(context)
  const pipeline: readonly Step<MetaDelivery>[] = [
    { name: 'size', run: (delivery) => refuseLargeBody(context, delivery) },
    { name: 'verify', run: verify },
    { name: 'parse', run: (delivery) => parseBody(context, delivery) },
    { name: 'route', run: (delivery) => routeEntries(context, delivery) },
    { name: 'identity', run: (delivery) => identifyEntries(context, delivery) },
    { name: 'quota', run: (delivery) => settleOverQuota(context, delivery) },
    { name: 'aside', run: (delivery) => keepAside(context, delivery) },
    { name: 'state', run: (delivery) => heedBlocks(context, delivery) },
    ...storeSteps(context),
    { name: 'quota', run: answerRefusal },
  ]
  return ({ rawBody, headers }) => {
    context.metrics.counted('requests', 1)
    const sha256 = oneHeader(headers['x-hub-signature-256'])
    const signature = { sha256, sha1: oneHeader(headers['x-hub-signature']) }
    return runPipeline(pipeline, newDelivery(rawBody, context.clock.now().getTime(), signature), context.metrics)
  }
}

/** Takes in what was deferred when it came: verified then, and charged now. */
export function createDeferredDoor(context: IngestContext): (deferred: DeferredEvent) => Promise<IngestOutcome> {
  const pipeline: readonly Step<MetaDelivery>[] = [
    { name: 'parse', run: (delivery) => parseBody(context, delivery) },
    { name: 'route', run: (delivery) => routeEntries(context, delivery) },
    { name: 'identity', run: (delivery) => identifyEntries(context, delivery) },
    { name: 'aside', run: (delivery) => keepAside(context, delivery) },
    { name: 'state', run: (delivery) => heedBlocks(context, delivery) },
    ...storeSteps(context),
  ]
  return ({ raw, receivedAt, metaAppId }) => {
    const delivery = newDelivery(Buffer.from(raw), receivedAt.getTime(), { sha256: undefined, sha1: undefined })
    return runPipeline(pipeline, { ...delivery, signer: metaAppId, isCharged: true }, context.metrics)
  }
}

function newDelivery(rawBody: Buffer, receivedAt: number, signature: SignatureHeaders): MetaDelivery {
  return {
    rawBody,
    receivedAt,
    items: [],
    charged: [],
    signature,
    apps: [],
    verdicts: new Map(),
    signer: '',
    parts: [],
    routes: [],
    failed: [],
    parked: [],
    overQuota: [],
    refusal: undefined,
    isCharged: false,
  }
}

/** Node joins repeated headers into one text, which then is no signature; a list cannot be one either. */
function oneHeader(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value
}

/** Over the raw bytes, before anything is read from them. The app that signed last is tried first. */
function createVerifyStep(context: IngestContext): Step<MetaDelivery>['run'] {
  let lastSigner = ''

  function findSigner(delivery: MetaDelivery, apps: readonly MetaApp[]): StepResult {
    delivery.apps = apps
    const likely = apps.find((app) => app.id === lastSigner)
    const signer = likely && isSignedBy(delivery, likely) ? likely : apps.find((app) => isSignedBy(delivery, app))
    if (signer) {
      lastSigner = signer.id
      delivery.signer = signer.id
      return undefined
    }
    const { sha256, sha1 } = delivery.signature
    const reason = sha256 === undefined && sha1 === undefined ? 'signature_missing' : 'signature_wrong'
    context.metrics.dropped(reason, 1)
    noteClaim(context, delivery, reason)
    return { status: 401, body: 'The signature is not valid' }
  }

  return (delivery) => {
    const apps = context.routing.metaApps()
    if (!(apps instanceof Promise)) return findSigner(delivery, apps)
    return orComeBack(
      context,
      delivery,
      apps.then((read) => findSigner(delivery, read)),
    )
  }
}

function isSignedBy(delivery: MetaDelivery, app: MetaApp): boolean {
  const known = delivery.verdicts.get(app.id)
  if (known !== undefined) return known
  const verdict = verifyMetaSignature(delivery.rawBody, delivery.signature, app.secrets).ok
  delivery.verdicts.set(app.id, verdict)
  return verdict
}

function parseBody(context: IngestContext, delivery: MetaDelivery): StepResult {
  delivery.parts = parseMeta(delivery.rawBody.toString('utf8'), delivery.receivedAt)
  for (const part of delivery.parts) {
    for (const ignored of part.ignored) {
      const reason = ignoredAs(ignored.reason)
      context.metrics.dropped(reason, 1)
      // Signed, but not understood: kept for the day it is (reliability.md §1 "Poison payloads"). It names no account, so
      // it belongs to whoever owns the app that signed it; what a shared app signed belongs to nobody we know.
      if (reason !== 'unreadable_body') continue
      const businessId = delivery.apps.find((app) => app.id === delivery.signer)?.businessId ?? null
      const owner = { businessId, accountId: null, channel: part.channel }
      delivery.failed.push(failure(delivery, owner, { ...ignored, detail: '' }))
    }
  }
  return undefined
}

export function ignoredAs(reason: string): DropReason {
  if (reason === 'test_button') return 'test_entry'
  if (reason === 'entry_without_updates') return 'empty_entry'
  return reason.startsWith('object:') ? 'unrelated_object' : 'unreadable_body'
}

/** Each account of the body to its own business; an entry counts only if its own app signed the body. */
function routeEntries(context: IngestContext, delivery: MetaDelivery): StepResult | Promise<StepResult> {
  const waiting: Promise<void>[] = []
  for (const [index, { channel, entries }] of delivery.parts.entries()) {
    if (entries.length === 0) continue
    const ids = entries.map((entry) => entry.accountExternalId)
    const routes = context.routing.routes(channel, ids)
    if (routes instanceof Promise) waiting.push(routes.then((read) => keepRoutes(delivery, index, read)))
    else keepRoutes(delivery, index, routes)
  }
  if (waiting.length === 0) return undefined
  return orComeBack(
    context,
    delivery,
    Promise.all(waiting).then(() => undefined),
  )
}

function keepRoutes(delivery: MetaDelivery, part: number, routes: Routes): void {
  delivery.routes[part] = routes
}

const noRoutes: Routes = new Map()

function identifyEntries(context: IngestContext, delivery: MetaDelivery): StepResult {
  for (const [index, part] of delivery.parts.entries()) {
    const routes = delivery.routes[index] ?? noRoutes
    for (const entry of part.entries) {
      const route = routes.get(entry.accountExternalId)
      if (!route) {
        delivery.parked.push(parkedEvent(part, entry.accountExternalId, delivery.signer, delivery.receivedAt))
        context.metrics.dropped('parked', 1)
      } else if (!isSignedForRoute(delivery, route)) {
        const events = entry.events.length + entry.failures.length
        context.metrics.dropped('foreign_app', events)
        context.ledger.count(route, 'dropped', 'foreign_app', events, delivery.receivedAt)
      } else if (delivery.isCharged || admitEntry(context, delivery, part, route, entry.events.length)) {
        context.heard.add(route.accountId)
        context.ledger.heard(route.accountId, entry.events)
        const { failures } = entry
        if (failures.length > 0)
          context.ledger.count(route, 'failed', 'failed_element', failures.length, delivery.receivedAt)
        identifyEntry(context, delivery, entry, route)
      }
    }
  }
  return undefined
}

function isSignedForRoute(delivery: MetaDelivery, route: Route): boolean {
  if (route.metaAppId === delivery.signer) return true
  const app = delivery.apps.find((candidate) => candidate.id === route.metaAppId)
  return app !== undefined && isSignedBy(delivery, app)
}

/** What an entry of a known account says: events with their row identity, and elements nobody could read. */
export function identifyEntry(
  context: IngestContext,
  delivery: Pick<MetaDelivery, 'items' | 'failed' | 'receivedAt' | 'signer'>,
  entry: ParsedEntry,
  route: Route,
): void {
  const { businessId, accountId, scope } = route
  for (const event of entry.events) {
    if (event.kind === 'unknown') context.metrics.counted('unknown_events', 1)
    const rowId = rowIdentity(businessId, accountId, event.identity)
    delivery.items.push({ event: withKnownTool(event, route), scope, rowId, contactId: 0, actor: '' })
  }
  for (const failed of entry.failures) {
    context.metrics.dropped('failed_element', 1)
    delivery.failed.push(failure(delivery, route, failed))
  }
}

/** An app that the business marked as a tool of its people speaks for a human, whatever else it looks like. */
function withKnownTool(event: ParsedEvent, route: Route): ParsedEvent {
  const isHumanTool = event.role === 'bot' && event.appId !== '' && route.humanAppIds.has(event.appId)
  return isHumanTool ? { ...event, role: 'human' } : event
}

function failure(
  delivery: Pick<MetaDelivery, 'receivedAt' | 'signer'>,
  { businessId, accountId, channel }: Pick<FailedEvent, 'businessId' | 'accountId' | 'channel'>,
  { reason, detail, raw, envelope }: ParseFailure,
): FailedEvent {
  return {
    id: rowIdentity(businessId ?? nilAccountId, accountId ?? nilAccountId, `failed:${reason}:${raw}`),
    businessId,
    accountId,
    channel,
    reason,
    detail,
    raw,
    origin: { door: 'meta', metaAppId: delivery.signer, ...(envelope === undefined ? {} : { envelope }) },
    receivedAt: new Date(delivery.receivedAt),
  }
}

/** What cannot become a row is kept in Postgres before the answer: unknown accounts parked, failed elements with reason. */
function keepAside(context: IngestContext, delivery: MetaDelivery): StepResult | Promise<StepResult> {
  const { failed, parked } = delivery
  // Nothing reads these again, and the wait for the batch is long (see storeRows).
  delivery.parts = []
  if (failed.length === 0 && parked.length === 0) return undefined
  const keeping = context.worker.tx(async (sql) => {
    await parkEvents(sql, parked)
    await keepFailedEvents(sql, failed)
    return undefined
  })
  return orComeBack(context, delivery, keeping)
}
