import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres, { type PostgresType, type Sql, type TransactionSql } from 'postgres'
import type { ApplicationRole } from './migrate.ts'

/** How PostgreSQL's `bigint` and `date` reach us: numbers (refused above 2^53), and plain 'YYYY-MM-DD' texts. */
export type StoreTypes = { bigint: number; calendarDate: string }
export type StoreSql = Sql<StoreTypes>
export type StoreTransaction = TransactionSql<StoreTypes>
export type StoreDrizzle = PostgresJsDatabase<Record<string, never>>

/** Connections per role: together below the embedded server's 60, with room for a second process and for people. */
export const poolConnectionsMax = { app: 5, worker: 5, auth: 2 } as const
const statementSecondsMax = { app: 15, worker: 60, auth: 10 } as const
const idleTransactionSecondsMax = 30
const lockSecondsMax = 10
const connectSecondsMax = 10
const reconnectSecondsMax = 0.5

/** One pool per role. A pool can do what its role may, and nothing else. */
export interface Postgres extends AsyncDisposable {
  app: StoreSql
  worker: StoreSql
  auth: StoreSql
}

const roleNames = { app: 'fidelio_app', worker: 'fidelio_worker', auth: 'fidelio_auth' } as const satisfies Record<
  keyof typeof poolConnectionsMax,
  ApplicationRole
>

/** Opens the three pools; connections are made on first use. Disposal waits up to 5 s for running statements. */
export function openPostgres(appUrl: string): Postgres {
  const app = openPool(appUrl, 'app')
  const worker = openPool(appUrl, 'worker')
  const auth = openPool(appUrl, 'auth')
  return {
    app,
    worker,
    auth,
    async [Symbol.asyncDispose]() {
      await Promise.all([app, worker, auth].map((pool) => pool.end({ timeout: 5 })))
    },
  }
}

function openPool(url: string, pool: keyof typeof poolConnectionsMax): StoreSql {
  return postgres<{ bigint: PostgresType<number>; calendarDate: PostgresType<string> }>(url, {
    max: poolConnectionsMax[pool],
    connect_timeout: connectSecondsMax,
    idle_timeout: 10,
    // Its own waits grow to 20 s, and requests would go on failing for as long after a server is back.
    backoff: (retries: number) => Math.min(0.05 * 2 ** retries, reconnectSecondsMax),
    onnotice: () => {},
    types: {
      bigint: { to: 20, from: [20], parse: parseBigint, serialize: (value: number) => String(value) },
      calendarDate: { to: 1082, from: [1082], parse: (text: string) => text, serialize: (text: string) => text },
    },
    connection: {
      application_name: `fidelio ${pool}`,
      role: roleNames[pool],
      // postgres.js types these as numbers; PostgreSQL reads them as milliseconds.
      statement_timeout: statementSecondsMax[pool] * 1000,
      lock_timeout: lockSecondsMax * 1000,
      idle_in_transaction_session_timeout: idleTransactionSecondsMax * 1000,
    },
  })
}

function parseBigint(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`The bigint ${text} is too large for a number.`)
  return value
}

/**
 * Drizzle over a pool, or over a transaction of it. Drizzle rewrites the date and JSON codecs of the client it is given,
 * which would change what every other statement of the pool returns; so it gets a view with its own copy of the options.
 */
export function drizzleOver(pool: StoreSql, transaction?: StoreTransaction): StoreDrizzle {
  const { parsers, serializers } = pool.options
  const options = { ...pool.options, parsers: { ...parsers }, serializers: { ...serializers } }
  const view = new Proxy(transaction ?? pool, {
    get: (target, key) => (key === 'options' ? options : Reflect.get(target, key, target)),
  })
  return drizzle(view as unknown as Sql)
}
