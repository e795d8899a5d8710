/** A running ingest over real stores, with Pages to write to and the words to look at what was stored. */
import { randomBytes } from 'node:crypto'
import { signMeta } from '@fidelio/channels/meta-signature.ts'
import { manualClock } from '@fidelio/core/time.ts'
import { defineQuery } from '@fidelio/db/clickhouse/query.ts'
import { defineStatement } from '@fidelio/db/clickhouse/statement.ts'
import { silentLog } from '@fidelio/db/log.ts'
import type { StoreTransaction } from '@fidelio/db/postgres/client.ts'
import { createAccount } from '@fidelio/db/records/accounts.ts'
import { createMetaApp } from '@fidelio/db/records/meta-apps.ts'
import type { WorkerDb } from '@fidelio/db/tenancy.ts'
import { createVault, type Vault } from '@fidelio/db/vault.ts'
import { createFigures, createIngest, type Ingest, type IngestLimits } from '@fidelio/ingest/index.ts'
import postgres from 'postgres'
import { z } from 'zod'
import { openTestStores, type TestStores } from '../support/stores.ts'

export const now = Date.parse('2026-03-02T10:00:00.123Z')

export type World = AsyncDisposable & {
  stores: TestStores
  vault: Vault
  clock: ReturnType<typeof manualClock>
  /** A further ingest over the same stores, as a second process would be. */
  createIngest(limits?: Partial<IngestLimits>, journalDirectory?: string): TestIngest
  /** A business with a Page connected to a Meta app of its own. */
  createPage(): Promise<Page>
  createSandbox(): Promise<{ businessId: string; accountId: string; externalId: string; secret: string }>
}

export type Page = { businessId: string; accountId: string; pageId: string; metaAppId: string; secret: string }

export type TestIngest = Ingest & {
  figures: ReturnType<typeof createFigures>['figures']
  /** Transactions in Postgres so far. */
  transactions(): number
}

let made = 0

export async function openWorld(): Promise<World> {
  const stores = await openTestStores()
  const vault = createVault(randomBytes(32))
  const clock = manualClock(now)
  const worker = stores.forWorker()
  return {
    stores,
    vault,
    clock,
    createIngest(limits, journalDirectory) {
      const metrics = createFigures()
      let transactions = 0
      const counting: WorkerDb = {
        ...worker,
        tx: (work) => {
          transactions++
          return worker.tx(work)
        },
      }
      const ingest = createIngest({
        stores: { ...stores, forWorker: () => counting },
        vault,
        clock,
        log: silentLog,
        metrics,
        ...(limits ? { limits } : {}),
        ...(journalDirectory ? { journalDirectory } : {}),
      })
      return Object.assign(ingest, { figures: metrics.figures, transactions: () => transactions })
    },
    async createPage() {
      const { id: businessId } = await stores.createBusiness()
      const secret = randomBytes(8).toString('hex')
      const pageId = `80100000000${1000 + made++}`
      const app = await worker.tx((sql) =>
        createMetaApp(sql, vault, {
          businessId,
          appId: `app-${pageId}`,
          name: 'App',
          verifyToken: `verify-${pageId}`,
          secrets: [secret],
        }),
      )
      if (app.kind === 'taken') throw new Error('the app id is taken')
      const account = await worker.tx((sql) =>
        createAccount(sql, vault, { businessId, channel: 'messenger', name: 'Page', externalId: pageId }),
      )
      if (account.kind !== 'created') throw new Error(account.kind)
      return { businessId, accountId: account.account.id, pageId, metaAppId: app.app.id, secret }
    },
    async createSandbox() {
      const { id: businessId } = await stores.createBusiness()
      const account = await worker.tx((sql) =>
        createAccount(sql, vault, { businessId, channel: 'sandbox', name: 'Sandbox' }),
      )
      if (account.kind !== 'created' || !account.secret) throw new Error(account.kind)
      const { id, externalId } = account.account
      return { businessId, accountId: id, externalId, secret: account.secret }
    },
    [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
  }
}

export type Message = { from: string; mid: string; text?: string; at?: number }

export function entryOf(pageId: string, messages: Message[]) {
  return {
    id: pageId,
    time: now + 500,
    messaging: messages.map(({ from, mid, text = 'Hello', at = now - 1000 }) => ({
      sender: { id: from },
      recipient: { id: pageId },
      timestamp: at,
      message: { mid, text },
    })),
  }
}

/** A request as Meta would send it. */
export function signed(entries: unknown[], secret: string) {
  const rawBody = Buffer.from(JSON.stringify({ object: 'page', entry: entries }))
  return { rawBody, headers: { 'x-hub-signature-256': signMeta(rawBody, secret) } }
}

export function messagesTo(page: Page, messages: Message[]) {
  return signed([entryOf(page.pageId, messages)], page.secret)
}

const eventsOf = defineQuery({
  name: 'test.ingest_events',
  sql: `select row_id, contact_id, account_id, channel, kind, role, external_id, text, ts, raw
          from events where business_id = {business_id:UUID} order by row_id, received_at`,
  params: z.object({}),
  row: z.object({
    row_id: z.string(),
    contact_id: z.number(),
    account_id: z.string(),
    channel: z.string(),
    kind: z.string(),
    role: z.string(),
    external_id: z.string(),
    text: z.string(),
    ts: z.string(),
    raw: z.string(),
  }),
})

export function storedEvents(stores: TestStores, businessId: string) {
  return stores.forBusiness(businessId).ask(eventsOf, {})
}

/** One row per fact, as every reader sees it. */
export async function distinctEvents(stores: TestStores, businessId: string) {
  const rows = await storedEvents(stores, businessId)
  return [...new Map(rows.map((row) => [row.row_id, row])).values()]
}

const hide = defineStatement({ name: 'test.hide', sql: 'rename table events to events_away', params: z.object({}) })
const show = defineStatement({ name: 'test.show', sql: 'rename table events_away to events', params: z.object({}) })

/** ClickHouse refuses inserts while `work` runs. */
export async function withoutEventStore<T>(stores: TestStores, work: () => Promise<T>): Promise<T> {
  await stores.forWorker().run(hide, {})
  try {
    return await work()
  } finally {
    await stores.forWorker().run(show, {})
  }
}

/** Postgres refuses to keep anything in the inbox while `work` runs. */
export async function withoutInbox<T>(stores: TestStores, work: () => Promise<T>): Promise<T> {
  const owner = postgres(stores.ownerUrl, { max: 1, onnotice: () => {} })
  try {
    await owner`alter table inbox rename to inbox_away`
    return await work()
  } finally {
    await owner`alter table inbox_away rename to inbox`
    await owner.end()
  }
}

/** The contact with a name of its own in the business of the transaction; null when there is none. */
export async function contactNamed(sql: StoreTransaction, namespace: string, value: string): Promise<number | null> {
  const [found] = await sql<{ contactId: number }[]>`
    select contact_id as "contactId" from contact_identities where namespace = ${namespace} and value = ${value}`
  return found?.contactId ?? null
}

export async function countRows(stores: TestStores, table: 'inbox' | 'parked_events' | 'failed_events') {
  const [row] = await stores
    .forWorker()
    .tx((sql) => sql<{ count: number }[]>`select count(*)::int as count from ${sql(table)}`)
  return row?.count ?? 0
}
