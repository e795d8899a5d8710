import {
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
  ClickHouseLogLevel,
  createClient,
} from '@clickhouse/client'
import { openEmbeddedClickHouse } from './embedded.ts'
import { StoreUnavailable } from './errors.ts'

export interface ClickHouseServer {
  url: string
  user?: string
  password?: string
  database?: string
}

/** Reads side by side. On two cores more would only slow one another down; the rest wait their turn. */
const readersMax = 2
const waitingReadsMax = 200
const readWaitSecondsMax = 10
/**
 * How long a server may be silent. Above the 10 s a question may run and the 600 s of maintenance, so that the engine's own
 * answer arrives first: after a broken connection nobody knows whether a statement still runs.
 */
const requestSecondsMax = { ask: 60, maintenance: 610 }
/** While maintenance runs the server says so now and then, for what lies between and closes silent connections. */
const progressEveryMs = 20_000
/** Room for 30 such lines, which are headers. */
const responseHeaderBytesMax = 65_536

/** Hands out one of a few reading connections, in order of arrival. */
export interface ReadPool {
  /** @throws StoreUnavailable when no connection comes free within 10 s, or 200 others already wait. */
  use<T>(work: (client: ClickHouseClient) => Promise<T>): Promise<T>
}

/**
 * Separate connections per kind of work, because one embedded connection runs one statement at a time: an insert must
 * never wait behind a dashboard's question.
 */
export interface ClickHouse extends AsyncDisposable {
  insert: ClickHouseClient
  read: ReadPool
  maintenance: ClickHouseClient
  /** `embedded`: the engine inside this process; `server`: over HTTP. */
  kind: 'embedded' | 'server'
}

/**
 * Opens the event store: the engine in this process over a directory, or a server. No settings are ever given to the
 * embedded client: its adapter would turn them into `SET`, which stays with the connection (a leaked insert token
 * swallows the next insert). They stand in the SQL text. A server takes those of the maintenance client with each request.
 */
export function openClickHouse(
  target: { path: string } | ClickHouseServer,
  secondsMax: { ask: number; maintenance: number } = requestSecondsMax,
): ClickHouse {
  if ('path' in target) {
    const engine = openEmbeddedClickHouse(target.path)
    return {
      kind: 'embedded',
      insert: engine.connect(),
      read: createReadPool(Array.from({ length: readersMax }, () => engine.connect())),
      maintenance: engine.connect(),
      [Symbol.asyncDispose]: () => engine.close(),
    }
  }
  const insert = openServerClient(target, secondsMax.ask)
  const maintenance = openServerClient(target, secondsMax.maintenance, {
    max_response_headers_size: responseHeaderBytesMax,
    clickhouse_settings: {
      send_progress_in_http_headers: 1,
      http_headers_progress_interval_ms: String(progressEveryMs),
    },
  })
  const readers = Array.from({ length: readersMax }, () => openServerClient(target, secondsMax.ask))
  return {
    kind: 'server',
    insert,
    maintenance,
    read: createReadPool(readers),
    async [Symbol.asyncDispose]() {
      await Promise.all([insert, maintenance, ...readers].map((client) => client.close()))
    },
  }
}

function openServerClient(
  server: ClickHouseServer,
  secondsMax: number,
  more: Pick<ClickHouseClientConfigOptions, 'clickhouse_settings' | 'max_response_headers_size'> = {},
): ClickHouseClient {
  return createClient({
    ...more,
    url: server.url,
    ...(server.user === undefined ? {} : { username: server.user }),
    ...(server.password === undefined ? {} : { password: server.password }),
    ...(server.database === undefined ? {} : { database: server.database }),
    application: 'fidelio',
    // Failures reach us as exceptions; the client's own log would hold bound values, which may be personal.
    log: { level: ClickHouseLogLevel.OFF },
    request_timeout: secondsMax * 1000,
    max_open_connections: 4,
    compression: { request: false, response: false },
  })
}

/** A pool over `clients`: each is used by one caller at a time. */
export function createReadPool(clients: ClickHouseClient[]): ReadPool {
  const idle = [...clients]
  const waiting: ((client: ClickHouseClient) => void)[] = []

  function acquire(): Promise<ClickHouseClient> {
    const client = idle.shift()
    if (client) return Promise.resolve(client)
    if (waiting.length >= waitingReadsMax) {
      return Promise.reject(new StoreUnavailable(`More than ${waitingReadsMax} queries are waiting already.`))
    }
    return new Promise((resolve, reject) => {
      const give = (free: ClickHouseClient) => {
        clearTimeout(timer)
        resolve(free)
      }
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(give), 1)
        reject(new StoreUnavailable(`No reading connection came free within ${readWaitSecondsMax} s.`))
      }, readWaitSecondsMax * 1000)
      waiting.push(give)
    })
  }

  function release(client: ClickHouseClient): void {
    const next = waiting.shift()
    if (next) next(client)
    else idle.push(client)
  }

  return {
    async use(work) {
      const client = await acquire()
      try {
        return await work(client)
      } finally {
        release(client)
      }
    },
  }
}
