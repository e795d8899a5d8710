import { type ClickHouseClient, type ClickHouseClientConfigOptions, createClient } from '@clickhouse/client'
import { drainPending, Session } from 'chdb'
import { createChdbConnection } from 'chdb/connection'

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
      const connection = createChdbConnection({ path })
      // The two packages ship their own copy of the same interface, so the compiler takes them for different ones.
      const client = createClient({ connection: connection as unknown as ClientConnection })
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
