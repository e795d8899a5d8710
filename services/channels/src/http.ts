/** The one way out: a call with a time limit, injected so that tests and demos choose where it goes. */
import { request } from 'undici'

export type HttpRequest = {
  /** POST when left out. */
  method?: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body: string
  /** For the whole call, connecting and reading included. */
  timeoutMs: number
}

export type HttpResponse = {
  status: number
  headers: Readonly<Record<string, string | readonly string[] | undefined>>
  text: string
}

/** Calls and reads the answer. Any answer is a value, whatever its status; throws when there is none. */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>

/** Answers of send APIs are below 2 kB. A longer one is not theirs and is not read to the end. */
const responseBytesMax = 1_048_576

/** The default client. Redirects are not followed: a message is posted where it was addressed or nowhere. */
export const undiciHttp: HttpClient = async ({ method = 'POST', url, headers, body, timeoutMs }) => {
  const signal = AbortSignal.timeout(timeoutMs)
  const response = await request(url, { method, headers, body: method === 'GET' ? null : body, signal })
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes > responseBytesMax) throw new Error('answer longer than the limit')
    chunks.push(part)
  }
  return { status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') }
}

/** Codes of failures before the first byte of a request can leave. Everything else may have left. */
const beforeLeaving: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_INVALID_URL',
  'UND_ERR_INVALID_ARG',
])

/** Why a call gave no answer, by code alone (messages may hold the URL and its token), and whether it may have left. */
export function callFailure(error: unknown): { neverLeft: boolean; reason: string } {
  const codes = codesOf(error)
  const neverLeft = codes.length > 0 && codes.every((code) => beforeLeaving.has(code))
  const name = error instanceof Error ? error.name : 'Error'
  return { neverLeft, reason: codes[0] ?? name }
}

/** A host with several addresses fails with one error for each; only if none of them left did nothing leave. */
function codesOf(error: unknown): string[] {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.flatMap(codesOf)
  if (!(error instanceof Error)) return ['']
  if ('code' in error && typeof error.code === 'string') return [error.code]
  return error.cause === undefined ? [] : codesOf(error.cause)
}
