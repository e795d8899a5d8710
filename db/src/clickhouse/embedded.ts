import {
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
  ClickHouseLogLevel,
  createClient,
} from '@clickhouse/client'
import { drainPending, Session } from 'chdb'
import { type ChdbConnection, createChdbConnection } from 'chdb/connection'
import { setParams } from './embedded-params.ts'

/**
 * Server settings of the in-process engine, bounded for a process that shares 2 cores and 1 GB with everything else.
 * The engine would take 5 GB for marks and most of the machine's memory for queries.
 */
const engineArguments = [
  '--mark_cache_size=67108864',
  '--index_mark_cache_size=16777216',
  '--uncompressed_cache_size=0',
  '--max_server_memory_usage=1610612736',
  '--background_pool_size=2',
]

/** The in-process engine over one directory. It is the only place that knows chdb. */
export interface EmbeddedClickHouse {
  /** A further connection. One connection runs one statement at a time; several run side by side. */
  connect(): ClickHouseClient
  /** Waits for running statements, then frees the engine. The process must not exit before this has resolved. */
  close(): Promise<void>
}

type ClientConnection = NonNullable<ClickHouseClientConfigOptions['connection']>

/**
 * Opens the engine on `path` (created when missing). One process per directory, one directory per process.
 * @throws when another process holds the directory, or this process already holds a different one.
 */
export function openEmbeddedClickHouse(path: string): EmbeddedClickHouse {
  // The first session decides the engine's settings and keeps it alive; the client library's connections join it.
  const engine = new Session(path, { connectionArgs: engineArguments })
  const clients: ClickHouseClient[] = []
  return {
    connect() {
      const client = createClient({
        connection: bindInSession(createChdbConnection({ path })),
        log: { level: ClickHouseLogLevel.OFF },
      })
      clients.push(client)
      return client
    },
    async close() {
      await drainPending()
      for (const client of clients) await client.close()
      engine.close()
      await drainPending()
    },
  }
}

/**
 * The adapter runs statements with parameters strictly one after another in the whole process, because it binds them in
 * one shared place: one tenant's heavy question would hold up everybody's dashboard. Parameters set in a connection's own
 * session are kept apart by the engine, so they are set there, in front of the statement. A connection runs one statement
 * at a time, and every statement sets all of its parameters, so none is ever read from the statement before.
 */
function bindInSession(connection: ChdbConnection): ClientConnection {
  const bound = {
    query: (call: BaseCall) => connection.query(withParams(call)),
    exec: (call: BaseCall) => connection.exec(withParams(call)),
    command: (call: BaseCall) => connection.command(withParams(call)),
    insert: (call: Parameters<ChdbConnection['insert']>[0]) => connection.insert(call),
    ping: (call: Parameters<ChdbConnection['ping']>[0]) => connection.ping(call),
    close: () => connection.close(),
  }
  // The two packages ship their own copy of the same interface, so the compiler takes them for different ones.
  return bound as unknown as ClientConnection
}

type BaseCall = Parameters<ChdbConnection['query']>[0]

function withParams<C extends BaseCall>(call: C): C {
  const { query_params: params, ...rest } = call
  if (!params || Object.keys(params).length === 0) return call
  return { ...rest, query: `${setParams(params)}; ${call.query}` } as C
}
