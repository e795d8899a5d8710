/** What the HTTP edge answers. Outcomes are values; only defects are thrown. */
export type IngestStatus = 200 | 400 | 401 | 403 | 404 | 413 | 429 | 503

export type IngestOutcome = {
  status: IngestStatus
  /** Text is sent as text/plain, anything else as JSON. */
  body?: string | object
  /** With 429 and 503: when to come back. */
  retryAfterSeconds?: number
}

/** Everything of the request that we keep is durable. */
export const acknowledged: IngestOutcome = { status: 200, body: 'EVENT_RECEIVED' }

export type EventResult = {
  index: number
  id: string
  status: 'stored' | 'duplicate' | 'rejected'
  reason?: string
}
