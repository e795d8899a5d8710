/** The codes the API answers with (schema.graphql), and two of our own: the server could not be reached, or answered something else than GraphQL. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'VALIDATION'
  | 'CONFLICT'
  | 'TOO_HEAVY'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE'
  | 'INTERNAL'
  | 'UNREACHABLE'

/** What went wrong, in a form the screens can explain. `reference` is the id under which the server logged it. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly field: string | null
  readonly reference: string | null

  constructor(code: ErrorCode, message: string, more: { field?: string | null; reference?: string | null } = {}) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.field = more.field ?? null
    this.reference = more.reference ?? null
  }
}

/** Whether an error is of a given kind; other errors than ours never are. */
export function isApiError(error: unknown, ...codes: ErrorCode[]): error is ApiError {
  return error instanceof ApiError && (codes.length === 0 || codes.includes(error.code))
}
