/**
 * Ingest: bytes → events. A door per kind of sender, one pipeline each, one batcher for all (design.md §4 "In").
 * Nothing is acknowledged before it is durable in ClickHouse, in the journal in front of an embedded one, or, when these
 * refuse, in the Postgres inbox.
 */
import { type HandshakeAnswer, verifyHandshake } from '@fidelio/channels/meta-signature.ts'
import { eventColumns } from '@fidelio/core/event.ts'
import type { Clock } from '@fidelio/core/time.ts'
import type { StoreLog } from '@fidelio/db/log.ts'
import { recordHandshake } from '@fidelio/db/records/account-health.ts'
import { markAccountsHeard } from '@fidelio/db/records/accounts.ts'
import { recordConsents } from '@fidelio/db/records/consents.ts'
import { putInbox } from '@fidelio/db/records/inbox.ts'
import type { DeletionStatus } from '@fidelio/db/records/meta-callbacks.ts'
import type { Tenancy } from '@fidelio/db/tenancy.ts'
import type { Vault } from '@fidelio/db/vault.ts'
import { type Batch, createBatcher } from './batcher.ts'
import { createContacts } from './contacts.ts'
import type { IngestContext } from './context.ts'
import { oneHangingAtMost } from './deadline.ts'
import { type ApiRequest, createApiDoor, createWebhookDoor, type WebhookRequest } from './generic.ts'
import { createGroup } from './group.ts'
import { createInbox } from './inbox.ts'
import { openJournal } from './journal.ts'
import { defaultLimits, type IngestLimits } from './limits.ts'
import { createLoop } from './loop.ts'
import { createDeferredDoor, createMetaDoor, type MetaRequest } from './meta.ts'
import {
  acceptMetaCallback,
  deletionStatus,
  type MetaCallbackOutcome,
  type MetaCallbackRequest,
} from './meta-callbacks.ts'
import { createFigures, type IngestMetrics } from './metrics.ts'
import type { IngestOutcome } from './outcome.ts'
import { createReplays } from './replays.ts'
import { createRouting, type MetaApp } from './routing.ts'
import { createTenants } from './tenants.ts'
import { createTrouble } from './trouble.ts'

export { defaultLimits, type IngestLimits } from './limits.ts'
export { createFigures, type DropReason, dropReasons, type IngestMetrics, stepNames } from './metrics.ts'
export type { EventResult, IngestOutcome } from './outcome.ts'
export { rowIdentity } from './row.ts'

export type IngestDeps = {
  stores: Tenancy
  vault: Vault
  clock: Clock
  log: StoreLog
  limits?: Partial<IngestLimits>
  metrics?: IngestMetrics
  /**
   * A directory on a local disk that belongs to this process alone: rows are acknowledged when they are in a synced file
   * there. For the embedded event store; left out, every batch is inserted before its acknowledgement.
   */
  journalDirectory?: string
}

export type Ingest = AsyncDisposable & {
  /** `GET /webhooks/meta` (protocols.md §1.1). */
  handshake(query: URLSearchParams): Promise<IngestOutcome>
  /** `POST /webhooks/meta`: the bytes as they came. */
  acceptMeta(request: MetaRequest): Promise<IngestOutcome>
  /** `POST /webhooks/{webhook|sandbox}/{account}`, signed by Standard Webhooks. */
  acceptWebhook(request: WebhookRequest): Promise<IngestOutcome>
  /** `POST /v1/events`; the edge has checked the key and its scope. Answers `{results}` per item. */
  acceptApi(request: ApiRequest): Promise<IngestOutcome>
  /** `POST /webhooks/meta/deauthorise` and `…/data-deletion` (protocols.md §10). */
  acceptMetaCallback(request: MetaCallbackRequest): Promise<MetaCallbackOutcome>
  /** What a deletion request has come to. Null: no such request. */
  deletionStatus(code: string): Promise<DeletionStatus | null>
  /** Inserts what waits in the inbox. Returns the number of batches drained. */
  drainInbox(): Promise<number>
  /** Runs every loop once, in order: batches, journal, inbox, account marks. */
  processAll(): Promise<void>
  /** Starts the loops and hears changes of accounts. Ends with dispose. @throws when the journal cannot be opened. */
  start(): Promise<void>
  /** Rows that were acknowledged and lie in the journal alone. */
  readonly journaledRows: number
  /** Forgets accounts, secrets and contacts remembered in this process. */
  invalidate(): void
}

/** Makes ingest. It holds no connections of its own; dispose before the stores, so that waiting batches are written. */
export function createIngest(deps: IngestDeps): Ingest {
  const { stores, vault, clock, log, limits: given, metrics: sink, journalDirectory: directory } = deps
  const limits = { ...defaultLimits, ...given }
  const metrics = sink ?? createFigures()
  const worker = stores.forWorker()
  const insert = (batch: Batch) => worker.insertText('events', eventColumns, batch.rows, batch.token)
  const keep = oneHangingAtMost(
    (batch: Batch) => worker.tx((sql) => putInbox(sql, batch, clock.now())),
    limits.stateSecondsMax,
  )
  const journal = directory === undefined ? null : openJournal({ directory, insert, keep, limits, log, metrics })
  const contacts = createContacts({ worker, limits, metrics })
  const tenants = createTenants({
    worker,
    limits,
    clock,
    log,
    metrics,
    backlog: () => context.batcher.bufferedRows + (journal?.pendingRows ?? 0),
    accept: (deferred) => acceptDeferred(deferred),
  })
  const context: IngestContext = {
    quotas: tenants.quotas,
    ledger: tenants.ledger,
    deferral: tenants.deferral,
    stores,
    worker,
    clock,
    log,
    trouble: createTrouble(log),
    limits,
    metrics,
    contacts,
    routing: createRouting({
      worker,
      vault,
      clock,
      log,
      limits,
      onInvalidate() {
        contacts.invalidate()
        tenants.invalidate()
      },
    }),
    consents: createGroup({
      run: async (records) => {
        await worker.tx((sql) => recordConsents(sql, records))
        return records.map(() => true)
      },
      itemsPerRoundMax: limits.contactsPerRoundMax,
      itemsWaitingMax: limits.groupItemsMax,
    }),
    batcher: createBatcher({ insert: journal?.append ?? insert, keep, limits, metrics, log }),
    journal,
    heard: new Set(),
  }
  const acceptDeferred = createDeferredDoor(context)
  const inbox = createInbox({ worker, metrics, log })
  const replays = createReplays(context)

  async function markHeard(): Promise<void> {
    const accountIds = [...context.heard]
    context.heard.clear()
    if (accountIds.length > 0) await worker.tx((sql) => markAccountsHeard(sql, accountIds, clock.now()))
  }

  const drainLoop = createLoop({ everyMs: limits.drainEveryMs, work: () => inbox.drain(), log })
  const heardLoop = createLoop({ everyMs: limits.heardEveryMs, work: markHeard, log })

  return {
    handshake: (query) => handshake(context, query),
    acceptMeta: createMetaDoor(context),
    acceptWebhook: createWebhookDoor(context),
    acceptApi: createApiDoor(context),
    acceptMetaCallback: (request) => acceptMetaCallback(context, request),
    deletionStatus: (code) => deletionStatus(context, code),
    drainInbox: inbox.drain,
    async processAll() {
      await context.batcher.flush()
      await journal?.flush()
      await inbox.drain()
      await tenants.process()
      await replays.process()
      await markHeard()
    },
    async start() {
      await journal?.opened
      await context.routing.listen()
      await tenants.start()
      await replays.start()
      drainLoop.start()
      heardLoop.start()
    },
    get journaledRows() {
      return journal?.pendingRows ?? 0
    },
    invalidate: context.routing.invalidate,
    async [Symbol.asyncDispose]() {
      await Promise.all([drainLoop.stop(), heardLoop.stop(), tenants.stop(), replays.stop()])
      await context.consents.idle()
      await context.batcher[Symbol.asyncDispose]()
      await journal?.[Symbol.asyncDispose]()
      await context.routing[Symbol.asyncDispose]()
      await markHeard()
      await tenants.finish()
    },
  }
}

async function handshake(context: IngestContext, query: URLSearchParams): Promise<HandshakeAnswer> {
  const apps = await context.routing.metaApps()
  // The first of repeated parameters counts, as for any reader of a query.
  const names = ['hub.mode', 'hub.challenge', 'hub.verify_token']
  const parameters = Object.fromEntries(names.map((name) => [name, query.get(name) ?? undefined]))
  const answer = verifyHandshake(
    parameters,
    apps.map((app) => app.verifyToken),
  )
  if (answer.status === 200) await rememberHandshake(context, apps, parameters['hub.verify_token'])
  return answer
}

/** For the checklist of the account's page. Meta gets its answer whether or not it could be written down. */
async function rememberHandshake(
  { worker, clock, log }: IngestContext,
  apps: readonly MetaApp[],
  verifyToken: string | undefined,
): Promise<void> {
  const known = apps.filter((app) => app.verifyToken === verifyToken)
  try {
    await worker.tx(async (sql) => {
      for (const { id } of known) await recordHandshake(sql, id, clock.now())
    })
  } catch (error) {
    log.warn({ error: String(error) }, 'A handshake could not be written down')
  }
}
