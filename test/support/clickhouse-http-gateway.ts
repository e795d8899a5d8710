/**
 * Speaks as much of ClickHouse's HTTP interface as `@clickhouse/client` uses, over the embedded engine. With it the whole
 * suite runs through the client's real HTTP path, where no server binary can be installed.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { ClickHouseClient } from '@clickhouse/client'
import { ClickHouseError } from '@clickhouse/client'
import type { EmbeddedClickHouse } from '@fidelio/db/clickhouse/embedded.ts'
import { isClickHouseFailure } from '@fidelio/db/clickhouse/errors.ts'
import { type GatewayRequest, readGatewayRequest } from './gateway-request.ts'

export interface ClickHouseGateway extends AsyncDisposable {
  url: string
  /** Requests answered so far, `/ping` included. */
  requestCount(): number
}

export interface GatewayOptions {
  /** Called before each statement: throw a `ClickHouseError` or wait to play a server in trouble. */
  beforeStatement?: (sql: string) => void | Promise<void>
  password?: string
}

/** Starts the gateway on a free loopback port. It uses, and does not own, `engine`. */
export async function startClickHouseGateway(
  engine: EmbeddedClickHouse,
  options: GatewayOptions = {},
): Promise<ClickHouseGateway> {
  const connections = new ConnectionPool(engine)
  let requests = 0
  // Parameters travel in the address; a server takes 1 MiB of it (http_max_uri_size), Node only 16 KiB by default.
  const server = createServer({ maxHeaderSize: 1024 * 1024 + 65_536 }, (request, response) => {
    requests++
    answer(connections, options, request, response).catch((error: unknown) => sendError(request, response, error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requestCount: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(
  connections: ConnectionPool,
  options: GatewayOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://gateway')
  if (url.pathname === '/ping') {
    response.end('Ok.\n')
    return
  }
  if (options.password !== undefined && !authorized(request, options.password)) {
    throw new ClickHouseError({ message: 'Authentication failed', code: '516', type: 'AUTHENTICATION_FAILED' })
  }
  const received = await buffer(request)
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(received) : received
  const statement = readGatewayRequest(url.searchParams, body)
  await options.beforeStatement?.(statement.sql)
  const started = performance.now()
  const result = await connections.run(statement)
  send(request, response, statement, result, performance.now() - started)
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  statement: GatewayRequest,
  result: Buffer,
  elapsedMilliseconds: number,
): void {
  const summary = {
    read_rows: '0',
    read_bytes: '0',
    written_rows: String(statement.sentRows),
    written_bytes: String(statement.dataBytes),
    total_rows_to_read: '0',
    result_rows: '0',
    result_bytes: String(result.length),
    elapsed_ns: String(Math.round(elapsedMilliseconds * 1e6)),
  }
  response.setHeader('X-ClickHouse-Query-Id', statement.queryId ?? randomUUID())
  response.setHeader('X-ClickHouse-Summary', JSON.stringify(summary))
  response.setHeader('X-ClickHouse-Timezone', 'UTC')
  response.setHeader('X-ClickHouse-Format', statement.format ?? 'TabSeparated')
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
  const wantsGzip = statement.compressResponse && /gzip/.test(request.headers['accept-encoding'] ?? '')
  if (wantsGzip) response.setHeader('Content-Encoding', 'gzip')
  response.end(wantsGzip ? gzipSync(result) : result)
}

function sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  request.resume()
  const known = isClickHouseFailure(error)
  const code = known ? error.code : '1002'
  const message = error instanceof Error ? error.message : String(error)
  response.statusCode = statusByCode[code] ?? 500
  response.setHeader('X-ClickHouse-Exception-Code', code)
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
  response.end(`Code: ${code}. DB::Exception: ${message} (${(known && error.type) || 'UNKNOWN_EXCEPTION'})\n`)
}

/** The statuses a server answers with: unknown table, database or function, bad syntax, sign-in; the rest is 500. */
const statusByCode: Record<string, number> = { 60: 404, 81: 404, 46: 404, 47: 404, 62: 400, 516: 403, 159: 408 }

function authorized(request: IncomingMessage, password: string): boolean {
  const given = request.headers.authorization?.replace(/^Basic /, '') ?? ''
  return Buffer.from(given, 'base64').toString('utf8').split(':')[1] === password
}

/**
 * A server gives each request its own context. Settings stick to an embedded connection, so a request that brings some
 * gets a connection of its own; the others share a few, each used by one request at a time.
 */
class ConnectionPool {
  #engine: EmbeddedClickHouse
  #idle: ClickHouseClient[] = []

  constructor(engine: EmbeddedClickHouse) {
    this.#engine = engine
  }

  async run(statement: GatewayRequest): Promise<Buffer> {
    const own = Object.keys(statement.settings).length > 0
    const client = (own ? undefined : this.#idle.pop()) ?? this.#engine.connect()
    try {
      const result = await client.exec({
        query: statement.sql,
        query_params: statement.params,
        clickhouse_settings: statement.settings,
        ...(statement.data === undefined ? {} : { values: statement.data }),
      })
      return await buffer(result.stream)
    } finally {
      if (own) await client.close()
      else this.#idle.push(client)
    }
  }
}
