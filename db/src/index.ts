import { join, resolve } from 'node:path'
import { type ClickHouse, type ClickHouseServer, openClickHouse } from './clickhouse/client.ts'
import { migrateClickHouse, readBusinessTables } from './clickhouse/migrate.ts'
import { takeDirectoryLock } from './directory-lock.ts'
import { DisposeStack } from './dispose-stack.ts'
import type { StoreLog } from './log.ts'
import { openPostgres, type Postgres } from './postgres/client.ts'
import { startEmbeddedPostgres } from './postgres/embedded.ts'
import { migratePostgres } from './postgres/migrate.ts'
import { createTenancy, type Tenancy } from './tenancy.ts'

export { QueryTooHeavy, StoreUnavailable } from './clickhouse/errors.ts'
export { DirectoryLockedError } from './directory-lock.ts'
export type { StoreLog } from './log.ts'
export { MigrationMismatch } from './migration-files.ts'
export type { StoreDrizzle, StoreTransaction } from './postgres/client.ts'
export type { AuthDb, BusinessDb, Tenancy, WorkerDb } from './tenancy.ts'

export interface StoresConfig {
  /** Home of the embedded engines; needed when one of the URLs is absent. */
  dataDir?: string
  /** Login of the application. Absent: the embedded server. */
  databaseUrl?: string
  /** Login that may migrate; by default the application's, if it may. */
  databaseOwnerUrl?: string
  /** `http(s)://user:password@host:8123/database`. Absent: the embedded engine. */
  clickhouseUrl?: string
  log: StoreLog
}

/** Which store answers. */
export interface Readiness {
  ok: boolean
  postgres: boolean
  clickhouse: boolean
}

/** Both stores, migrated and open. Dispose before the process ends: the embedded engine aborts an exit without it. */
export interface Stores extends Tenancy, AsyncDisposable {
  /** Asks both stores for a sign of life, 2 s at most. */
  ready(): Promise<Readiness>
}

const readySecondsMax = 2

/**
 * Opens both stores: starts the embedded engines where no URL is given, migrates, and hands out the doors.
 * @throws DirectoryLockedError when another living process owns `dataDir`; MigrationMismatch when code and data differ.
 */
export async function openStores(config: StoresConfig): Promise<Stores> {
  await using opened = new DisposeStack()
  const places = await openPlaces(config, opened)
  const clickhouse = opened.use(openClickHouse(places.clickhouse))
  await migratePostgres(places.ownerUrl, {
    log: config.log,
    appLogin: decodeURIComponent(new URL(places.appUrl).username),
    whileLocked: () => migrateClickHouse(clickhouse.maintenance, { log: config.log }),
  })
  const businessTables = await readBusinessTables(clickhouse.maintenance)
  const postgres = opened.use(openPostgres(places.appUrl))
  const running = opened.move()
  return {
    ...createTenancy({ postgres, clickhouse, businessTables }),
    ready: () => readiness(postgres, clickhouse),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}

interface Places {
  ownerUrl: string
  appUrl: string
  clickhouse: { path: string } | ClickHouseServer
}

async function openPlaces(config: StoresConfig, opened: DisposeStack): Promise<Places> {
  const embedded = config.databaseUrl === undefined || config.clickhouseUrl === undefined
  if (embedded && config.dataDir === undefined) {
    throw new TypeError('A data directory is needed unless both DATABASE_URL and CLICKHOUSE_URL are set.')
  }
  const dataDir = resolve(config.dataDir ?? '.')
  if (embedded) opened.use(await takeDirectoryLock(join(dataDir, 'stores.lock'), dataDir))
  const clickhouse =
    config.clickhouseUrl === undefined ? { path: join(dataDir, 'clickhouse') } : parseServer(config.clickhouseUrl)
  if (config.databaseUrl !== undefined) {
    return { appUrl: config.databaseUrl, ownerUrl: config.databaseOwnerUrl ?? config.databaseUrl, clickhouse }
  }
  const server = opened.use(await startEmbeddedPostgres({ dataDir, log: config.log }))
  return { appUrl: server.appUrl, ownerUrl: server.ownerUrl, clickhouse }
}

function parseServer(text: string): ClickHouseServer {
  const url = new URL(text)
  const database = url.pathname.slice(1)
  return {
    url: url.origin,
    ...(url.username === '' ? {} : { user: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(database === '' ? {} : { database: decodeURIComponent(database) }),
  }
}

async function readiness(postgres: Postgres, clickhouse: ClickHouse): Promise<Readiness> {
  const [postgresAnswers, clickhouseAnswers] = await Promise.all([
    answers(postgres.app`select 1`),
    answers(clickhouse.insert.ping({ select: true }).then((ping) => ping.success || Promise.reject(ping.error))),
  ])
  return { ok: postgresAnswers && clickhouseAnswers, postgres: postgresAnswers, clickhouse: clickhouseAnswers }
}

/** True when the promise resolves in time; why it did not is told by the store's own log and metrics. */
function answers(sign: PromiseLike<unknown>): Promise<boolean> {
  return new Promise((resolveAnswer) => {
    const timer = setTimeout(() => resolveAnswer(false), readySecondsMax * 1000)
    const settle = (answer: boolean) => {
      clearTimeout(timer)
      resolveAnswer(answer)
    }
    sign.then(
      () => settle(true),
      () => settle(false),
    )
  })
}
