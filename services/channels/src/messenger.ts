/** Messenger webhooks: body text → events, grouped by Page. Sheet: protocols.md §1.3, §2. */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { parseElement } from './messenger-events.ts'
import { type Change, type Dialect, parseEnvelope } from './meta-envelope.ts'
import { isMarketingField, marketingEvents } from './meta-marketing.ts'
import { fieldReason } from './meta-reasons.ts'
import { eventOf, type ParsedBody } from './parsed-event.ts'
import { chooseTime, contentDigest, isObject, readTime } from './wire.ts'

const messenger: Dialect = { object: 'page', channel: 'messenger', element: parseElement, change: changeEvents }

/** Reads the body of a `page` webhook. Never throws. `receivedAt` in Unix milliseconds. */
export function parseMessenger(text: string, receivedAt: number): ParsedBody {
  return parseEnvelope(text, receivedAt, messenger)
}

function changeEvents(change: Change): ParsedEvent[] {
  const { field, value } = change
  return isMarketingField(field) && isObject(value) ? marketingEvents(field, value, change) : changeKeptRaw(change)
}

/** Posts, leads, labels, template states: not conversation, kept raw and counted by field. */
export function changeKeptRaw({ field, value, entryTime, receivedAt, raw }: Change): ParsedEvent[] {
  const fields = isObject(value) ? value : {}
  const own = readTime(fields.created_time ?? fields.timestamp)
  const name = fieldReason(field)
  const base = { ...chooseTime(own, entryTime, receivedAt), contact: null, raw }
  const identity = `unknown:${name}:${own ?? ''}:${contentDigest(value ?? null)}`
  return [eventOf(base, { kind: 'unknown', name, role: 'system', identity })]
}
