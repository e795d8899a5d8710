/** The question needs more time or memory than one question may take. Ask for a shorter period. */
export class QueryTooHeavy extends Error {
  override name = 'QueryTooHeavy'
}

/** The store does not answer, or has too much to do. Trying again later may help. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable'
}

/** An answer of ClickHouse: code number and name. The client's class exists twice (over HTTP and embedded), hence by shape. */
export interface ClickHouseFailure extends Error {
  code: string
  type: string
}

/** True when ClickHouse itself refused, as opposed to a broken connection or a defect of ours. */
export function isClickHouseFailure(error: unknown): error is ClickHouseFailure {
  if (!(error instanceof Error) || !('code' in error) || !('type' in error)) return false
  return typeof error.type === 'string' && typeof error.code === 'string' && /^\d+$/.test(error.code)
}

/** TIMEOUT_EXCEEDED, TOO_SLOW, MEMORY_LIMIT_EXCEEDED, TOO_MANY_ROWS, TOO_MANY_BYTES, TOO_MANY_ROWS_OR_BYTES. */
const heavyCodes = new Set(['159', '160', '241', '158', '307', '396'])

/**
 * ClickHouse's own codes that say "not now" rather than "never": TOO_MANY_PARTS, NETWORK_ERROR, SOCKET_TIMEOUT,
 * TOO_MANY_SIMULTANEOUS_QUERIES, KEEPER_EXCEPTION, TABLE_IS_READ_ONLY, NOT_ENOUGH_SPACE, UNKNOWN_STATUS_OF_INSERT,
 * ALL_CONNECTION_TRIES_FAILED, QUERY_WAS_CANCELLED, ABORTED.
 */
const unavailableCodes = new Set(['252', '210', '209', '202', '999', '242', '243', '319', '279', '394', '236'])

/** Translates what a read threw; anything not recognised is a defect and stays what it is. */
export function readError(error: unknown, name: string): unknown {
  if (isClickHouseFailure(error)) {
    if (heavyCodes.has(error.code))
      return new QueryTooHeavy(`The query ${name} was cut: ${error.type}`, { cause: error })
    if (unavailableCodes.has(error.code)) return unavailable(error)
    return error
  }
  return isConnectionError(error) ? unavailable(error) : error
}

/** Translates what an insert threw: `StoreUnavailable` when sending the same bytes again may succeed. */
export function writeError(error: unknown): unknown {
  if (isClickHouseFailure(error)) {
    return unavailableCodes.has(error.code) || heavyCodes.has(error.code) ? unavailable(error) : error
  }
  return isConnectionError(error) ? unavailable(error) : error
}

function unavailable(error: unknown): StoreUnavailable {
  const reason = isClickHouseFailure(error) ? error.type : error instanceof Error ? error.message : String(error)
  return new StoreUnavailable(`ClickHouse is not available: ${reason}`, { cause: error })
}

/** The client throws plain errors for broken sockets and its own timeouts. */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  if (/^(ECONN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/.test(code)) return true
  return /Timeout error|socket hang up|Session is closed|is closed/i.test(error.message)
}
