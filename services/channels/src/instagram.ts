/** Instagram webhooks: body text → events, grouped by professional account. Sheet: protocols.md §9. */

import { changeKeptRaw } from './messenger.ts'
import { parseElement } from './messenger-events.ts'
import { type Dialect, parseEnvelope } from './meta-envelope.ts'
import type { ParsedBody } from './parsed-event.ts'

const instagram: Dialect = {
  object: 'instagram',
  channel: 'instagram',
  element: parseElement,
  change: changeKeptRaw,
}

/** Reads the body of an `instagram` webhook. Never throws. `receivedAt` in Unix milliseconds. */
export function parseInstagram(text: string, receivedAt: number): ParsedBody {
  return parseEnvelope(text, receivedAt, instagram)
}
