import type { TypedDocumentString } from '../generated/graphql.ts'
import { ApiError, type ErrorCode } from './errors.ts'

type GraphqlError = {
  message: string
  extensions?: { code?: string; field?: string | null; reference?: string | null }
}
type Answer<R> = { data?: R | null; errors?: GraphqlError[] }

const knownCodes: ReadonlySet<string> = new Set<ErrorCode>([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'VALIDATION',
  'CONFLICT',
  'TOO_HEAVY',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'INTERNAL',
])

/** The header proves that a page of ours sent the request: other sites' forms cannot set it. */
export const csrfHeaders = { 'content-type': 'application/json', 'x-fidelio-csrf': '1' } as const

/**
 * Asks one GraphQL document and gives its data. With a key it asks as that key's owner, not as the signed-in person.
 *
 * @throws ApiError with the server's code, or UNREACHABLE when there was no GraphQL answer at all. Fields the person
 * may not see are null and no reason to throw.
 */
export async function ask<R, V>(
  document: TypedDocumentString<R, V>,
  variables: V,
  signal?: AbortSignal,
  key?: string,
): Promise<R> {
  const answer = await post<R>(JSON.stringify({ query: document.toString(), variables }), signal, key)
  const data = answer.data ?? null
  const errors = (answer.errors ?? []).map(toApiError)
  // A field that this person may not see is null and says so; the rest of the answer still stands.
  const grave = errors.find((error) => data === null || error.code !== 'FORBIDDEN')
  if (grave !== undefined) throw grave
  if (data === null) throw new ApiError('INTERNAL', 'The answer was empty.')
  return data
}

async function post<R>(body: string, signal: AbortSignal | undefined, key: string | undefined): Promise<Answer<R>> {
  let response: Response
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        ...csrfHeaders,
        accept: 'application/graphql-response+json, application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body,
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError('UNREACHABLE', 'The server could not be reached.')
  }
  const text = await response.text()
  try {
    return JSON.parse(text) as Answer<R>
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new ApiError('UNREACHABLE', `The server answered ${response.status} without an explanation.`)
  }
}

/** Turns the server's error into ours; a code we do not know counts as INTERNAL. */
export function toApiError(error: GraphqlError): ApiError {
  const code = error.extensions?.code ?? 'INTERNAL'
  return new ApiError(knownCodes.has(code) ? (code as ErrorCode) : 'INTERNAL', error.message, {
    field: error.extensions?.field ?? null,
    reference: error.extensions?.reference ?? null,
  })
}
