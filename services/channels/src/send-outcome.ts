/**
 * What became of a send. Outcomes are values; the scheduler turns each into a state of the `sends` row.
 * Sheets: protocols.md §3, §5; reliability.md §7 ("a 5xx from a send API does not mean not sent").
 */

/** Why a provider refused, and so what to do next (protocols.md §5). */
export type ErrorClass =
  | 'retry' // the provider's own trouble
  | 'slow_down' // a rate limit: stop the scope for a while
  | 'abuse' // pause the account and tell a person
  | 'window_closed' // permanent for this send; wait for the customer
  | 'opted_out' // stop this recipient until an inbound message
  | 'no_such_person' // permanent; the id belongs to another Page
  | 'too_soon' // not before the interval ends
  | 'thread_owned' // another app holds the thread: do not retry
  | 'token' // stop the account and ask to reconnect
  | 'bad_request' // permanent; show to the author
  | 'gone' // permanent: deleted or withdrawn
  | 'unrecognised' // an unknown code: permanent for this message, counted and visible

/** What the class stops: one message, one person, one account (Page), or every account of the app. */
export type ErrorScope = 'message' | 'recipient' | 'account' | 'app'

export type SendOutcome =
  | { outcome: 'accepted'; messageId: string }
  /** A definite no: nothing was sent, and nothing will be by itself. */
  | {
      outcome: 'rejected'
      class: ErrorClass
      scope: ErrorScope
      code: number | null
      subcode: number | null
      traceId: string
    }
  /** Proven never to have left: connection refused, no such host, no trust in the certificate. May be tried again. */
  | { outcome: 'notSent'; reason: string }
  /** A definite no for reasons of rate: nothing was sent; the scope waits. */
  | { outcome: 'throttled'; scope: ErrorScope; retryAfterSeconds: number; code: number | null; subcode: number | null }
  /** Nobody knows: it may have been sent. Never sent again by itself; echoes and receipts resolve it. */
  | { outcome: 'unknown'; reason: string }
