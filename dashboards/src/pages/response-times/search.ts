import type { Responder, ResponseClock, ResponseKind } from '../../generated/graphql.ts'

/** Which waits are looked at; what equals the default is left out of the address. */
export type ResponseSearch = {
  /** left out: the first answer of a conversation */
  kind?: 'next'
  /** left out: only people count as an answer */
  by?: 'bot' | 'handoff'
  /** left out: time by the wall */
  clock?: 'open'
}

export function readResponseSearch(raw: Record<string, unknown>): ResponseSearch {
  return {
    ...(raw.kind === 'next' ? { kind: 'next' } : {}),
    ...(raw.by === 'bot' || raw.by === 'handoff' ? { by: raw.by } : {}),
    ...(raw.clock === 'open' ? { clock: 'open' } : {}),
  }
}

export function kindOf(search: ResponseSearch): ResponseKind {
  return search.kind === 'next' ? 'NEXT' : 'FIRST'
}

export function responderOf(search: ResponseSearch): Responder {
  return search.by === 'bot' ? 'BOT' : search.by === 'handoff' ? 'HANDOFF' : 'HUMAN'
}

export function clockOf(search: ResponseSearch): ResponseClock {
  return search.clock === 'open' ? 'BUSINESS_HOURS' : 'ELAPSED'
}
