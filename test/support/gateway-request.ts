import { Readable } from 'node:stream'

/** A request to the gateway, taken apart. */
export interface GatewayRequest {
  sql: string
  params: Record<string, unknown>
  settings: Record<string, string>
  /** Rows of an insert that came apart from the statement. */
  data: Readable | undefined
  dataBytes: number
  sentRows: number
  queryId: string | undefined
  format: string | undefined
  compressResponse: boolean
}

/** URL parameters that are neither settings nor bound values. */
const reserved = new Set([
  'query',
  'query_id',
  'session_id',
  'database',
  'user',
  'password',
  'role',
  'compress',
  'decompress',
  'enable_http_compression',
  'wait_end_of_query',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
])

/** The statement is `?query=` followed by the body, or the body alone; `param_*` are bound values, the rest settings. */
export function readGatewayRequest(search: URLSearchParams, body: Buffer): GatewayRequest {
  const inUrl = search.get('query')
  const text = body.toString('utf8')
  const sql = inUrl ?? text
  const data = inUrl !== null && text !== '' ? text : undefined
  const params: Record<string, unknown> = {}
  const settings: Record<string, string> = {}
  for (const [key, value] of search) {
    if (key.startsWith('param_')) params[key.slice(6)] = readParam(value, declaredType(sql, key.slice(6)))
    else if (!reserved.has(key)) settings[key] = value
  }
  return {
    sql,
    params,
    settings,
    data: data === undefined ? undefined : Readable.from([data], { objectMode: false }),
    dataBytes: data === undefined ? 0 : body.length,
    sentRows: data === undefined ? 0 : data.split('\n').filter((line) => line !== '').length,
    queryId: search.get('query_id') ?? undefined,
    format: /\bformat\s+(\w+)\s*;?\s*$/i.exec(sql)?.[1],
    compressResponse: search.get('enable_http_compression') === '1',
  }
}

function declaredType(sql: string, name: string): string {
  return new RegExp(`\\{\\s*${name}\\s*:\\s*([^}]+)\\}`).exec(sql)?.[1]?.trim() ?? 'String'
}

/** Values arrive escaped as in TabSeparated; arrays as literals. The embedded adapter wants JavaScript values. */
function readParam(text: string, type: string): unknown {
  if (text === '\\N') return null
  return type.startsWith('Array(') ? readArray(text) : unescapeText(text)
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', 0: '\0' }

function unescapeText(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_, character: string) => escapes[character] ?? character)
}

/** Reads `['a','b\'c',1,NULL,[2]]`. */
function readArray(text: string): unknown[] {
  const tokens = text.match(/'(?:[^'\\]|\\.)*'|\[|\]|[^,[\]\s]+/gs) ?? []
  const stack: unknown[][] = [[]]
  for (const token of tokens) {
    if (token === '[') stack.push([])
    else if (token === ']') {
      const closed = stack.pop()
      stack.at(-1)?.push(closed)
    } else stack.at(-1)?.push(readScalar(token))
  }
  return stack[0]?.[0] as unknown[]
}

function readScalar(token: string): unknown {
  if (token.startsWith("'")) return unescapeText(token.slice(1, -1))
  if (token === 'NULL') return null
  if (token === 'TRUE' || token === 'FALSE') return token === 'TRUE'
  return /^-?\d+$/.test(token) ? BigInt(token) : Number(token)
}
