/**
 * What the stores and the payment provider have in common: signatures over the raw bytes, exact money, and who bought.
 * Sheet: protocols.md §11.
 *
 * A store tells of one resource per delivery. Some headers (topic, delivery id) are not covered by its signature, so
 * whatever decides a figure is read from the signed body where the body has it.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { ContactRef, Money, ParsedEvent } from '@fidelio/core/event.ts'
import { phoneDigits } from '@fidelio/core/phone.ts'
import { parseJson } from './json.ts'
import type { QueryParameters as HeaderValues } from './meta-signature.ts'
import { type EventBase, eventOf } from './parsed-event.ts'
import { chooseTime, idText, isDeeperThan, isObject, type JsonObject, readTime, textOf, wellFormed } from './wire.ts'

export type StoreCheck =
  | { ok: true; secretIndex: number }
  | { ok: false; reason: 'missing' | 'malformed' | 'too_old' | 'mismatch' }

/** A delivery whose signature is right. `receivedAt` in Unix milliseconds. */
export type StoreDelivery = {
  text: string
  /** In lower case, as Node gives them. */
  headers: HeaderValues
  accountExternalId: string
  receivedAt: number
}

/**
 * What one delivery says: the fact it was sent for, first, and others that its body tells as well (an order that was
 * paid was also placed). Never empty. Refused: it is kept with the reason and acknowledged.
 */
export type StoreParse =
  | { outcome: 'parsed'; id: string; events: ParsedEvent[] }
  | { outcome: 'refused'; id: string; reason: StoreRefusal }

export type StoreRefusal = 'malformed_json' | 'not_an_event' | 'other_account'

/** No store nests its bodies deeper than a dozen levels; far deeper ones would break whatever walks through them. */
const levelsMax = 100

/** Reads the body of a delivery, or says why it cannot be read. */
export function bodyOf(text: string): { body: JsonObject } | { refusal: StoreRefusal } {
  try {
    const body = parseJson(text)
    return isObject(body) && !isDeeperThan(body, levelsMax) ? { body } : { refusal: 'not_an_event' }
  } catch (error) {
    if (error instanceof SyntaxError) return { refusal: 'malformed_json' }
    throw error
  }
}

/** A header's only value; undefined when it is absent or was repeated: which of two was meant cannot be known. */
export function headerOf(headers: HeaderValues, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = headers[name]
    if (value !== undefined) return typeof value === 'string' ? value : undefined
  }
  return undefined
}

/**
 * The index of the first secret whose digest is among the given ones, -1 for none. Digests are compared as the texts the
 * provider writes (base64 and hex have several spellings of one digest, and only one is accepted), in constant time.
 */
export function secretThatSigned(
  secrets: readonly string[],
  given: readonly string[],
  digest: (secret: string) => string,
): number {
  return secrets.findIndex((secret) => {
    if (secret === '') return false // An empty key would let anyone sign.
    const expected = digest(secret)
    return given.some((text) => equalTexts(text, expected))
  })
}

/** Hashes have one length, so that the length of what was given decides nothing. */
function equalTexts(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}

/** What the column of `events` holds exactly: 14 digits before the point, 4 behind it. */
const wholeDigitsMax = 14
const decimalsMax = 4

/** A decimal, digit for digit, without its sign; null when it is none, or one the store would round. */
export function decimalOf(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const parts = /^-?0*(\d+)(?:\.(\d*))?$/.exec(String(value).trim())
  if (!parts) return null
  const whole = parts[1] ?? ''
  const decimals = parts[2] ?? ''
  // Six decimals of which the last are zeros are the same number as four.
  const kept = decimals.length > decimalsMax ? decimals.replace(/0+$/, '') : decimals
  if (whole.length > wholeDigitsMax || kept.length > decimalsMax) return null
  return kept === '' ? whole : `${whole}.${kept}`
}

/** The exact sum of decimals; null when one of them is none or the sum does not fit. */
export function sumOf(values: readonly unknown[]): string | null {
  let sum = 0n
  let places = 0
  for (const value of values) {
    const decimal = decimalOf(value)
    if (decimal === null) return null
    const [whole = '0', decimals = ''] = decimal.split('.')
    places = Math.max(places, decimals.length)
    sum += BigInt(whole + decimals.padEnd(decimalsMax, '0'))
  }
  const digits = String(sum).padStart(decimalsMax + 1, '0')
  const whole = digits.slice(0, -decimalsMax)
  const decimals = digits.slice(-decimalsMax).slice(0, places)
  return decimalOf(places === 0 ? whole : `${whole}.${decimals}`)
}

/** Money, when both halves of it can be read. */
export function moneyOf(amount: string | null, currency: unknown): Money | null {
  if (amount === null || typeof currency !== 'string' || !/^[A-Za-z]{3}$/.test(currency)) return null
  return { amount, currency: currency.toUpperCase() }
}

/** The same rules as for `/v1/events`, so that one person has one name whichever way it came. '' when it is none. */
export function emailOf(value: unknown): string {
  const email = textOf(value).trim().toLowerCase()
  return email.length <= 254 && /^[^\s\p{Cc}@]+@[^\s\p{Cc}@]+$/u.test(email) ? email : ''
}

export function phoneOf(value: unknown): string {
  return phoneDigits(typeof value === 'number' ? String(value) : textOf(value)) ?? ''
}

const nameCharactersMax = 200
const localeShape = /^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$/

/** A customer by the store's own id, e-mail and phone, strongest first; null when the store names nobody. */
export function personOf(told: {
  namespace: string
  id: unknown
  email?: unknown
  phone?: unknown
  name?: readonly unknown[]
  locale?: unknown
}): ContactRef | null {
  const id = idText(told.id)
  const email = emailOf(told.email)
  const phone = phoneOf(told.phone)
  const identities = [
    // A guest's customer id is 0.
    ...(id !== '' && id !== '0' ? [{ namespace: told.namespace, value: id }] : []),
    ...(email ? [{ namespace: 'email', value: email }] : []),
    ...(phone ? [{ namespace: 'phone', value: phone }] : []),
  ]
  if (identities.length === 0) return null
  const displayName = (told.name ?? [])
    .map((part) => textOf(part).trim())
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, nameCharactersMax)
  const locale = textOf(told.locale)
  return {
    identities,
    ...(displayName && { displayName }),
    ...(localeShape.test(locale) && { locale }),
  }
}

/** The values among these that say something, for `data`. */
export function factsOf(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  )
}

/** The first of these that can be read as a time, in Unix milliseconds. */
export function firstTime(...values: readonly unknown[]): number | null {
  for (const value of values) {
    const at = readTime(value)
    if (at !== null) return at
  }
  return null
}

/** What the facts of one delivery share. */
export function storeBase(
  delivery: StoreDelivery,
  own: number | null,
  contact: ContactRef | null,
  raw: string = delivery.text,
): EventBase {
  return { ...chooseTime(own, null, delivery.receivedAt), contact, raw }
}

/** Why a signed delivery became an `unknown` event: a closed list, from which its name is taken. It is kept raw. */
export const unknownStoreReasons = [
  'unknown_topic', // which one is in `data.topic`
  'no_topic',
  'order_without_id',
  'refund_without_id',
  'object_without_id',
  'no_object', // Stripe: an event without what it is about
  'thin_event', // Stripe's second version: a reference instead of the object
] as const
export type UnknownStoreReason = (typeof unknownStoreReasons)[number]

const topicCharactersMax = 100

export function unknownFact(
  base: EventBase,
  name: UnknownStoreReason,
  { identity, topic }: { identity: string; topic: string },
): ParsedEvent {
  const data = topic === '' ? {} : { topic: wellFormed(topic.slice(0, topicCharactersMax)) }
  return eventOf(base, { kind: 'unknown', name, role: 'system', identity: `unknown:${identity}`, data })
}
