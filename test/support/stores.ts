/** Real stores for one test file: a fresh clone of the migrated PostgreSQL database, and ClickHouse in its own directory. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedClickHouse } from '@fidelio/db/clickhouse/embedded.ts'
import { DisposeStack } from '@fidelio/db/dispose-stack.ts'
import { openStores, type Stores } from '@fidelio/db/index.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { type BusinessRecord, createBusiness, type NewBusiness } from '@fidelio/db/records/businesses.ts'
import postgres from 'postgres'
import { inject } from 'vitest'
import { startClickHouseGateway } from './clickhouse-http-gateway.ts'

export interface TestStores extends Stores {
  /** A business with a random id and slug, in UTC and EUR unless told otherwise. */
  createBusiness(input?: Partial<NewBusiness>): Promise<BusinessRecord>
  /** PostgreSQL login that owns the tables: for looking behind the doors in assertions. */
  ownerUrl: string
  appUrl: string
  /** Set when ClickHouse is reached over HTTP in this run (`TEST_CLICKHOUSE=http`). */
  clickhouseUrl: string | undefined
}

export interface TestStoresOptions {
  /** By default what the run was started with. */
  clickhouse?: 'embedded' | 'http'
}

/** Opens stores for a test file; dispose them in `afterAll` (or with `await using`). */
export async function openTestStores(options: TestStoresOptions = {}): Promise<TestStores> {
  await using opened = new DisposeStack()
  const database = await cloneDatabase(opened)
  const dataDir = await mkdtemp(join(tmpdir(), 'fidelio-test-'))
  opened.use({ [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true, force: true }) })
  // biome-ignore lint/suspicious/noUndeclaredEnvVars: the tests run outside turbo, which caches nothing of them.
  const overHttp = (options.clickhouse ?? process.env.TEST_CLICKHOUSE ?? 'embedded') === 'http'
  const clickhouseUrl = overHttp ? await openGateway(opened, dataDir) : undefined
  const stores = opened.use(
    await openStores({
      dataDir,
      databaseUrl: database.appUrl,
      databaseOwnerUrl: database.ownerUrl,
      ...(clickhouseUrl === undefined ? {} : { clickhouseUrl }),
      log: silentLog,
    }),
  )
  const running = opened.move()
  return {
    ...stores,
    ...database,
    clickhouseUrl,
    createBusiness: (input) => createTestBusiness(stores, input),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}

async function cloneDatabase(opened: DisposeStack): Promise<{ ownerUrl: string; appUrl: string }> {
  const server = inject('postgres')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const admin = postgres(onDatabase(server.ownerUrl, 'postgres'), { max: 1, fetch_types: false })
  await admin.unsafe(`create database ${name} template fidelio`)
  opened.use({
    async [Symbol.asyncDispose]() {
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end()
    },
  })
  return { ownerUrl: onDatabase(server.ownerUrl, name), appUrl: onDatabase(server.appUrl, name) }
}

function onDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

async function openGateway(opened: DisposeStack, dataDir: string): Promise<string> {
  const engine = openEmbeddedClickHouse(join(dataDir, 'clickhouse'))
  opened.use({ [Symbol.asyncDispose]: () => engine.close() })
  const gateway = opened.use(await startClickHouseGateway(engine))
  return gateway.url
}

async function createTestBusiness(stores: Stores, input: Partial<NewBusiness> = {}): Promise<BusinessRecord> {
  const id = input.id ?? randomUUID()
  const business = { name: 'Test shop', slug: `test-${id}`, timeZone: 'UTC', currency: 'EUR', locale: 'en' }
  const created = await stores.forWorker().tx((sql) => createBusiness(sql, { ...business, ...input, id }))
  if (!created) throw new Error('The slug of the test business is taken.')
  return created
}
