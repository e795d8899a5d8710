import type { ClickHouse } from './clickhouse/client.ts'
import { insertRows, insertText } from './clickhouse/insert.ts'
import { askBusiness, askMaintenance, assertUuid, type MaintenanceQuery, type Query } from './clickhouse/query.ts'
import { type MaintenanceStatement, runStatement } from './clickhouse/statement.ts'
import type { Postgres, StoreDrizzle, StoreSql, StoreTransaction } from './postgres/client.ts'
import { drizzleOver } from './postgres/client.ts'

/** The only door to one business's rows, in both stores. */
export interface BusinessDb {
  readonly businessId: string
  /**
   * Runs `fn` in a transaction that sees and writes this business only: row security compares with the business set for
   * the transaction. Rolls back when `fn` throws.
   */
  tx<T>(fn: (sql: StoreTransaction) => Promise<T>): Promise<T>
  /** The same transaction through Drizzle. */
  drizzle<T>(fn: (db: StoreDrizzle) => Promise<T>): Promise<T>
  /**
   * Asks a named question. The business is bound as a parameter, and the engine filters every table by it as well.
   * @throws QueryTooHeavy above 10 s or the memory limit; StoreUnavailable; ZodError when a row has another shape.
   */
  ask<P, R>(query: Query<P, R>, params: P): Promise<R[]>
}

/** The door of jobs and of ingest, which work for all businesses at once. */
export interface WorkerDb {
  /** Runs `fn` in a transaction as `fidelio_worker`. */
  tx<T>(fn: (sql: StoreTransaction) => Promise<T>): Promise<T>
  drizzle<T>(fn: (db: StoreDrizzle) => Promise<T>): Promise<T>
  /** Asks across businesses, on the maintenance connection: one at a time, apart from dashboards and inserts. */
  ask<P, R>(query: MaintenanceQuery<P, R>, params: P): Promise<R[]>
  /** Runs a named statement that changes the event store (derive, rebuild, erase). */
  run<P>(statement: MaintenanceStatement<P>, params: P): Promise<void>
  /** See `clickhouse/insert.ts`. Resolves when durable. */
  insertText(table: string, columns: readonly string[], body: string, token: string): Promise<void>
  insertRows(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly unknown[])[],
    token: string,
  ): Promise<void>
  /** Hears `notify` of any process on `channel`, until disposed; the library reconnects by itself. */
  listen(channel: string, onPayload: (payload: string) => void): Promise<AsyncDisposable>
}

/** The door of the sign-in library: the schema `auth` and nothing else. */
export interface AuthDb {
  tx<T>(fn: (sql: StoreTransaction) => Promise<T>): Promise<T>
  /** For the library's own adapter, which makes its transactions itself. */
  drizzle: StoreDrizzle
}

export interface Tenancy {
  /** @throws TypeError when `businessId` is not a UUID in lower case. */
  forBusiness(businessId: string): BusinessDb
  forWorker(): WorkerDb
  forAuth(): AuthDb
}

export interface TenancyDeps {
  postgres: Postgres
  clickhouse: ClickHouse
  /** ClickHouse tables with a `business_id`. */
  businessTables: readonly string[]
}

/** Makes the doors. Nothing outside `db` touches a pool or a client. */
export function createTenancy({ postgres, clickhouse, businessTables }: TenancyDeps): Tenancy {
  const worker: WorkerDb = {
    tx: (fn) => transaction(postgres.worker, fn),
    drizzle: (fn) => transaction(postgres.worker, (sql) => fn(drizzleOver(postgres.worker, sql))),
    ask: (query, params) => askMaintenance(clickhouse.maintenance, query, params),
    run: (statement, params) => runStatement(clickhouse.maintenance, statement, params),
    insertText: (table, columns, body, token) => insertText(clickhouse.insert, table, columns, body, token),
    insertRows: (table, columns, rows, token) => insertRows(clickhouse.insert, table, columns, rows, token),
    async listen(channel, onPayload) {
      const listening = await postgres.worker.listen(channel, onPayload)
      return { [Symbol.asyncDispose]: () => listening.unlisten() }
    },
  }
  const auth: AuthDb = { tx: (fn) => transaction(postgres.auth, fn), drizzle: drizzleOver(postgres.auth) }
  return {
    forWorker: () => worker,
    forAuth: () => auth,
    forBusiness(businessId) {
      assertUuid(businessId)
      const business = { id: businessId, tables: businessTables }
      const tx: BusinessDb['tx'] = (fn) =>
        transaction(postgres.app, async (sql) => {
          await sql`select set_config('fidelio.business_id', ${businessId}, true)`
          return fn(sql)
        })
      return {
        businessId,
        tx,
        drizzle: (fn) => tx((sql) => fn(drizzleOver(postgres.app, sql))),
        ask: (query, params) => clickhouse.read.use((client) => askBusiness(client, query, params, business)),
      }
    },
  }
}

/** The library resolves arrays of queries too; we only ever give it one promise, hence the narrower type. */
function transaction<T>(pool: StoreSql, fn: (sql: StoreTransaction) => Promise<T>): Promise<T> {
  return pool.begin(fn) as Promise<T>
}
