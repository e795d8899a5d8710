/**
 * Reading values from outside: ids, texts, times. Providers send numbers where they promise strings and leave out what
 * they call obligatory, so every reader answers for every value and none throws. Sheet: protocols.md §0.
 */
import { createHash } from 'node:crypto'
import { backfillAfterDays, earliestEventAt, futureToleranceMs, type TimeFlag } from '@fidelio/core/event.ts'
import { dayMs } from '@fidelio/core/time.ts'
import { canonicalJson } from './json.ts'

export type JsonObject = Record<string, unknown>

/** Longer ids are not ids of any provider; they are treated as missing, and the content decides the identity. */
const idCharactersMax = 512
const controlCharacters = /\p{Cc}/u
const unstorable = /[\0\ud800-\udfff]/

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member that is an object, otherwise an empty one, so that readers can go deeper without asking. */
export function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key]
  return isObject(value) ? value : {}
}

export function arrayAt(parent: JsonObject, key: string): unknown[] {
  const value = parent[key]
  return Array.isArray(value) ? value : []
}

/**
 * Whether lists and objects stand deeper in one another than `levels`. It walks layer by layer, for it is asked about
 * values that break whoever goes down into them.
 */
export function isDeeperThan(value: unknown, levels: number): boolean {
  let layer = [value].filter(isContainer)
  for (let depth = 1; layer.length > 0; depth++) {
    if (depth > levels) return true
    layer = layer.flatMap((container) => Object.values(container).filter(isContainer))
  }
  return false
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** An opaque id as text: strings as they are, whole numbers digit for digit, anything else ''. */
export function idText(value: unknown): string {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : ''
  if (typeof value !== 'string' || value.length > idCharactersMax || controlCharacters.test(value)) return ''
  return wellFormed(value)
}

/** A text for people; '' when it is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? wellFormed(value) : ''
}

/** Half surrogate pairs and NUL cannot be stored as text: a store would refuse the row and with it the whole batch. */
export function wellFormed(text: string): string {
  return unstorable.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd').replaceAll('\0', '\ufffd') : text
}

const isoShape = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i

/**
 * A time in Unix milliseconds by the one rule of protocols.md §0: digit strings are numbers, numbers below 1e11 are
 * seconds, ISO-8601 text is read (without a zone: UTC). Null when absent, 0 or unreadable.
 */
export function readTime(value: unknown): number | null {
  if (typeof value === 'number') return timeOfNumber(value)
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (/^\d+(\.\d+)?$/.test(text)) return timeOfNumber(Number(text))
  const iso = isoShape.exec(text)
  if (!iso) return null
  const hasClock = text.length > 10
  const at = Date.parse(hasClock && iso[1] === undefined ? `${text.replace(' ', 'T')}Z` : text)
  return Number.isFinite(at) && at > 0 ? at : null
}

function timeOfNumber(value: number): number | null {
  if (!Number.isFinite(value) || value <= 0) return null
  const ms = Math.trunc(value < 1e11 ? value * 1000 : value)
  // Beyond the range of dates a number is not a time (8.64e15 ms is the end of the calendar).
  return ms > 0 && ms <= 8.64e15 ? ms : null
}

export type EventTime = { occurredAt: number; timeFlag: TimeFlag }

/** When it happened: the event's own time, else the envelope's, else receipt; each only if believable (measures.md §1). */
export function chooseTime(own: number | null, envelope: number | null, receivedAt: number): EventTime {
  if (own !== null && isBelievable(own, receivedAt)) {
    return { occurredAt: own, timeFlag: receivedAt - own > backfillAfterDays * dayMs ? 'backfill' : '' }
  }
  if (envelope !== null && isBelievable(envelope, receivedAt)) return { occurredAt: envelope, timeFlag: 'entry_time' }
  return { occurredAt: receivedAt, timeFlag: 'received_time' }
}

function isBelievable(at: number, receivedAt: number): boolean {
  return at >= earliestEventAt && at <= receivedAt + futureToleranceMs
}

/** A short fingerprint of content, the same whatever the order of its keys. For identities of facts that have no id. */
export function contentDigest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32)
}
