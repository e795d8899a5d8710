/**
 * The edge where errors become answers. What we mean to say passes with its code; whatever else happened is logged under a
 * reference, and the caller learns only the reference.
 */
import { QueryTooHeavy, type StoreLog, StoreUnavailable } from '@fidelio/db/index.ts'
import { GraphQLError, type GraphQLErrorOptions } from 'graphql'
import { apiError, isErrorCode, newReference } from './errors.ts'

export function maskError(log: StoreLog, error: unknown): GraphQLError {
  const original = innermost(error)
  const at = error instanceof GraphQLError ? place(error) : {}
  if (original instanceof GraphQLError) return keep(original, at)
  if (original instanceof QueryTooHeavy) {
    return located(apiError('TOO_HEAVY', 'The question takes too long: ask for a shorter period.'), at)
  }
  if (original instanceof StoreUnavailable || isConnectionLoss(original)) {
    log.warn({ error: describe(original) }, 'The API could not reach a store')
    return located(
      apiError('UNAVAILABLE', 'The data store does not answer. Try again in a moment.', { retryAfterSeconds: 5 }),
      at,
    )
  }
  const masked = located(apiError('INTERNAL', 'Something went wrong on our side.'), at)
  log.error({ reference: masked.extensions.reference, error: describe(original) }, 'The API failed unexpectedly')
  return masked
}

type Place = Pick<GraphQLErrorOptions, 'nodes' | 'path' | 'source' | 'positions'>

function place(error: GraphQLError): Place {
  return {
    ...(error.nodes ? { nodes: error.nodes } : {}),
    ...(error.path ? { path: error.path } : {}),
    ...(error.source ? { source: error.source } : {}),
    ...(error.positions ? { positions: error.positions } : {}),
  }
}

function located(error: GraphQLError, at: Place): GraphQLError {
  return new GraphQLError(error.message, { ...at, extensions: error.extensions })
}

/** Our own errors keep their code; the library's about syntax, types and variables are the caller's to mend. */
function keep(error: GraphQLError, at: Place): GraphQLError {
  const code = isErrorCode(error.extensions.code) ? error.extensions.code : 'VALIDATION'
  const extensions = { reference: newReference(), ...error.extensions, code }
  return new GraphQLError(error.message, { ...place(error), ...at, extensions })
}

function innermost(error: unknown): unknown {
  let current = error
  while (current instanceof GraphQLError && current.originalError) current = current.originalError
  return current
}

/** Errors of the database's connection, by the codes of Node and of the driver. */
function isConnectionLoss(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^(ECONNREFUSED|ECONNRESET|EPIPE|CONNECTION_(CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|57P0[123]|53300)$/.test(
    code,
  )
}

/** Class, code and stack say what happened; the message of a driver may quote somebody's data, so it stays out. */
function describe(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { name: typeof error }
  const stack = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8)
  const code = 'code' in error ? { code: String(error.code) } : {}
  return { name: error.name, ...code, stack: stack.map((line) => line.trim()).join(' < ') }
}
