import type { SendStatus } from '../../../generated/graphql.ts'

const statuses = [
  'EXCLUDED',
  'HOLDOUT',
  'PLANNED',
  'CLAIMED',
  'SENDING',
  'ACCEPTED',
  'REJECTED',
  'UNKNOWN',
  'UNKNOWN_FINAL',
  'WITHDRAWN',
  'HELD',
] as const satisfies readonly SendStatus[]

/** Which people of the campaign are listed. */
export type ReportSearch = {
  status?: SendStatus
  reason?: string
  /** words of a name */
  q?: string
  /** raw counts of the funnel instead of closed ones */
  raw?: 1
}

export function readReportSearch(raw: Record<string, unknown>): ReportSearch {
  const status = statuses.find((each) => each === raw.status)
  const q = typeof raw.q === 'string' || typeof raw.q === 'number' ? String(raw.q).trim() : ''
  return {
    ...(status === undefined ? {} : { status }),
    ...(typeof raw.reason === 'string' && raw.reason !== '' ? { reason: raw.reason } : {}),
    ...(q === '' ? {} : { q }),
    ...(Number(raw.raw) === 1 ? { raw: 1 } : {}),
  }
}
