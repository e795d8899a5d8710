/**
 * The answers "no" of the API. Each is a GraphQL error with `extensions { code, field?, reference }`; the codes are a closed
 * list so that a tenant's developer can switch on them (ARCHITECTURE.md, decision 1).
 */
import { randomBytes } from 'node:crypto'
import { GraphQLError } from 'graphql'

export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'VALIDATION',
  'CONFLICT',
  'TOO_HEAVY',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'INTERNAL',
] as const
export type ErrorCode = (typeof errorCodes)[number]

export interface ErrorDetails {
  /** The input field that is wrong, as the caller wrote it: `input.timeZone`. */
  field?: string
  /** Sent as the Retry-After header. */
  retryAfterSeconds?: number
}

/** HTTP speaks too where a client without GraphQL would look; everything else is 200 with errors in the body. */
const httpStatuses: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  TOO_HEAVY: 400,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
}

/** Names one failed answer, so that a person can quote it and an operator can find it in the log. */
export function newReference(): string {
  return randomBytes(6).toString('hex')
}

export function apiError(code: ErrorCode, message: string, details: ErrorDetails = {}): GraphQLError {
  const status = httpStatuses[code]
  const retryAfter = details.retryAfterSeconds
  const http = {
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': String(Math.ceil(retryAfter)) } }),
  }
  return new GraphQLError(message, {
    extensions: {
      code,
      ...(details.field === undefined ? {} : { field: details.field }),
      reference: newReference(),
      ...(Object.keys(http).length === 0 ? {} : { http }),
    },
  })
}

/** One wording for what does not exist and for what belongs to somebody else: the difference must not be visible. */
export const notFound = (what: string): GraphQLError => apiError('NOT_FOUND', `There is no such ${what}.`)

export const unauthenticated = (
  message = 'Sign in, or send an API key as "Authorization: Bearer fid_…".',
): GraphQLError => apiError('UNAUTHENTICATED', message)

export const invalid = (field: string, message: string): GraphQLError => apiError('VALIDATION', message, { field })

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && (errorCodes as readonly string[]).includes(value)
}
