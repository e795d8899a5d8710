/** What every update of a WhatsApp number has in common, and the facts that more than one kind tells. Sheet: protocols.md §8. */
import type { ConsentFact, ContactRef, IdentityRef, ParsedEvent } from '@fidelio/core/event.ts'
import { phoneDigits } from '@fidelio/core/phone.ts'
import { type EventBase, eventOf } from './parsed-event.ts'
import {
  arrayAt,
  chooseTime,
  contentDigest,
  idText,
  isObject,
  type JsonObject,
  objectAt,
  readTime,
  textOf,
} from './wire.ts'

/** Where an update was found. */
export type Place = {
  field: string
  /** The WhatsApp business account, `entry[].id`: business-scoped user ids are told apart by it. */
  wabaId: string
  /** The business's own number as digits, '' if it is not told. */
  businessPhone: string
  profiles: readonly Profile[]
  /** `entry.time` in Unix milliseconds; only account-level changes have one. */
  entryTime: number | null
  receivedAt: number
}

/** One card of `contacts[]`: what a person is called. */
export type Profile = { phone: string; userId: string; name: string; username: string }

export type ElementFacts = {
  element: JsonObject
  place: Place
  base: EventBase
  /** The person as one text, '' if nobody is named; part of the identity of facts without an id. */
  person: string
  /** The update's own time in Unix milliseconds, null if absent. */
  ownTime: number | null
}

/** The names of a person as the provider gives them, each possibly missing; either may stand in the place of the other. */
export type PersonIds = { phone?: unknown; userId?: unknown; parentId?: unknown }

/** A user id that is shared by the linked portfolios of one enterprise. */
const parentShape = /^[A-Z]{2}\.ENT\./

/** The namespace of parent user ids: their scope is the enterprise, not one WhatsApp business account. */
const parentNamespace = 'whatsapp:parent'

export function profilesOf(value: JsonObject): Profile[] {
  return arrayAt(value, 'contacts')
    .filter(isObject)
    .map((card) => ({
      phone: phoneDigits(idText(card.wa_id)) ?? '',
      userId: idText(card.user_id),
      name: textOf(objectAt(card, 'profile').name),
      username: textOf(objectAt(card, 'profile').username) || textOf(card.username),
    }))
}

/** Never throws; whatever is missing stays empty. */
export function factsOf(element: JsonObject, place: Place, ids: PersonIds, raw: string): ElementFacts {
  const ownTime = readTime(element.timestamp)
  const { occurredAt, timeFlag } = chooseTime(ownTime, place.entryTime, place.receivedAt)
  const identities = identitiesOf(ids, place)
  const contact = contactOf(identities, place)
  const person = identities.map(({ value }) => value).join('/')
  return { element, place, base: { occurredAt, timeFlag, raw, contact }, person, ownTime }
}

/**
 * The user id first: a number may be given to somebody else one day, a user id is not. A card of `contacts[]` adds the
 * name of the two that the update leaves out; where both speak, the update is right (protocols.md §8.1).
 */
function identitiesOf(ids: PersonIds, place: Place): IdentityRef[] {
  const told = [idText(ids.phone), idText(ids.userId), idText(ids.parentId)].filter(Boolean)
  const phones = told.map((id) => phoneDigits(id) ?? '').filter(Boolean)
  // Whatever is not a number is a user id, also in a shape nobody has seen yet.
  const others = told.filter((id) => phoneDigits(id) === null)
  const users = others.filter((id) => !parentShape.test(id))
  const card = place.profiles.find(
    ({ phone, userId }) => (phone !== '' && phones.includes(phone)) || (userId !== '' && others.includes(userId)),
  )
  const phone = phones[0] ?? card?.phone ?? ''
  const userId = users[0] ?? (card && !parentShape.test(card.userId) ? card.userId : '')
  const parentId = others.find((id) => parentShape.test(id)) ?? ''
  const identities: IdentityRef[] = []
  if (userId !== '') identities.push({ namespace: `whatsapp:${place.wabaId}`, value: userId })
  if (phone !== '') identities.push({ namespace: 'phone', value: phone })
  if (parentId !== '') identities.push({ namespace: parentNamespace, value: parentId })
  return identities
}

function contactOf(identities: IdentityRef[], place: Place): ContactRef | null {
  if (identities.length === 0) return null
  const values = new Set(identities.map(({ value }) => value))
  const card = place.profiles.find(({ phone, userId }) => values.has(phone) || values.has(userId))
  const displayName = card?.name || card?.username
  return { identities, ...(displayName && { displayName }) }
}

/** Kept raw; never counted as a message. `name` is one of a closed list. */
export function unknownEvent(name: string, facts: ElementFacts, data: JsonObject = {}): ParsedEvent {
  const identity = `unknown:${name}:${facts.person}:${facts.ownTime ?? ''}:${contentDigest(facts.element)}`
  return eventOf(facts.base, { kind: 'unknown', name, role: 'system', identity, data })
}

/** A wish to receive no more offers: it ends every topic of the channel. `cause` is the identity of the fact that told it. */
export function stopEvent(facts: ElementFacts, name: string, cause: string, wording: string): ParsedEvent {
  const consent: ConsentFact = { action: 'revoked', channel: 'whatsapp', topic: '*', wording }
  return eventOf(facts.base, {
    kind: 'consent.revoked',
    name,
    role: 'customer',
    identity: `consent.revoked:${cause}`,
    consent,
  })
}

export type ProviderError = { code: string; title: string; details: string }

/** `errors[]` of messages, statuses and values; the details sit in one of two places. */
export function errorsOf(value: JsonObject): ProviderError[] {
  return arrayAt(value, 'errors').filter(isObject).map(errorOf)
}

export function errorOf(error: JsonObject): ProviderError {
  return {
    code: idText(error.code),
    title: textOf(error.title) || textOf(error.message),
    details: textOf(objectAt(error, 'error_data').details) || textOf(error.details),
  }
}
