/**
 * A row of `events` as insert text, written once. The same text is inserted, inserted again after a failure, or kept in
 * the inbox; nothing is serialised a second time.
 */
import { hash } from 'node:crypto'
import type { Channel, ParsedEvent } from '@fidelio/core/event.ts'

/** `/v1/events` belongs to no account (ARCHITECTURE "Identity namespaces"). */
export const nilAccountId = '00000000-0000-0000-0000-000000000000'

/** The identity of a fact: the same fact delivered again gets the same id (ARCHITECTURE "Row identity"). */
export function rowIdentity(businessId: string, accountId: string, identity: string): string {
  return uuidOf(hash('sha256', `${businessId}\u001f${accountId}\u001f${identity}`, 'hex'))
}

const variants = '89ab'

/** The first 16 bytes of a hex digest as a UUID of version 8 (RFC 9562: "content is the maker's own"). */
export function uuidOf(hex: string): string {
  const variant = variants[Number.parseInt(hex.charAt(16), 16) & 3]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The parts of a row that are the same for every event of an account. */
export type RowScope = { businessId: string; accountId: string; channel: Channel; head: string; middle: string }

export function rowScope(businessId: string, accountId: string, channel: Channel): RowScope {
  return { businessId, accountId, channel, head: `["${businessId}",`, middle: `,"${accountId}","${channel}",` }
}

/**
 * One row in the order of `eventColumns`. Kinds, roles, flags and channels are words of our own and need no escaping;
 * everything else comes from outside. Times are Unix milliseconds.
 */
export function rowText(
  scope: RowScope,
  contactId: number,
  rowId: string,
  event: ParsedEvent,
  receivedAt: number,
): string {
  return `${scope.head}${contactId}${scope.middle}"${event.kind}","${event.role}",${textJson(event.name)},${timeJson(
    event.occurredAt,
  )},${timeJson(receivedAt)},"${event.timeFlag}","${rowId}",${textJson(event.externalId)},${textJson(
    event.text,
  )},${refsJson(event.refs)},${timeJson(event.watermarkAt)},${textJson(event.orderId)},"${
    event.money === null ? '0' : event.money.amount
  }",${event.money === null ? '""' : textJson(event.money.currency)},${textJson(event.appId)},${dataJson(
    event.data,
  )},${JSON.stringify(event.raw)}]`
}

/**
 * A JSON string that the store accepts, for texts that may hold anything. (`raw` was decoded from bytes and `data` is
 * JSON already: neither can hold half a pair.) `JSON.stringify` escapes a half
 * surrogate pair as `\ud…`; the store refuses that and with it the whole batch, so such characters are replaced.
 */
export function textJson(text: string): string {
  if (text === '') return '""'
  const json = JSON.stringify(text)
  return json.includes('\\ud') ? JSON.stringify(text.replace(/\p{Surrogate}/gu, '\ufffd')) : json
}

/** 2100-01-01. A watermark beyond it means "everything"; the column ends in 2299 and would refuse the whole batch. */
const latestMs = 4_102_444_800_000

const noTime = '"1970-01-01 00:00:00.000"'

/** Seconds with milliseconds, quoted: shorter to write and to read than a calendar date. */
function timeJson(ms: number): string {
  if (ms === 0) return noTime
  if (ms >= 1e12 && ms <= latestMs) {
    const digits = String(ms)
    return `"${digits.slice(0, 10)}.${digits.slice(10)}"`
  }
  // Before 2001 the store would take a short number for a date; such times only occur in watermarks.
  const bounded = Math.min(Math.max(ms, 0), latestMs)
  return `"${new Date(bounded).toISOString().slice(0, 23).replace('T', ' ')}"`
}

function refsJson(refs: readonly string[]): string {
  if (refs.length === 0) return '[]'
  return `[${refs.map(textJson).join(',')}]`
}

const noData = '"{}"'

function dataJson(data: Record<string, unknown>): string {
  for (const key in data) {
    if (Object.hasOwn(data, key)) return JSON.stringify(JSON.stringify(data))
  }
  return noData
}
