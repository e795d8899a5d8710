/**
 * The generic event body: `POST /v1/events`, the signed webhook channel and the sandbox all speak it (design.md §7).
 *
 * One event `{id, type, timestamp, contact, data}` or `{"events": […]}`. Every item stands for itself: a wrong one is
 * rejected with a reason its author can act on, and the others are kept.
 */
import { type Channel, type ContactRef, conversationChannels, type ParsedEvent } from '@fidelio/core/event.ts'
import {
  type AttributeValue,
  type GenericItem,
  genericItem,
  messageOf,
  schemaOf,
  type TypedData,
} from './generic-schemas.ts'
import { elementSpans, memberSpan, parseJson, type Span } from './json.ts'
import { eventOf } from './parsed-event.ts'
import { isStopText } from './stop-words.ts'
import { chooseTime, idText, isObject, type JsonObject, wellFormed } from './wire.ts'

/** Events in one body. With the body limit it bounds what one request may cost. */
export const genericEventsMax = 1000

export type GenericOptions = {
  /** `webhook-id` of a signed delivery: the id of an item that has none. */
  webhookId?: string
  /** The account that was posted to. Without one, the events are those of `/v1/events`. */
  account?: { channel: 'webhook' | 'sandbox'; externalId: string }
}

/** What an item tells of a person beyond the event: with `identify` it is all it tells. `toldAt` in Unix milliseconds. */
export type ProfileFact = { contact: ContactRef; attributes: Record<string, AttributeValue>; toldAt: number }

/**
 * What became of one item. `event` null and no `profile`: rejected, and `reason` says why in words for the author. `also`
 * holds facts that follow from the event, such as the end of permissions told by a STOP word; they are stored with it.
 */
export type GenericResult = {
  index: number
  id: string
  event: ParsedEvent | null
  also: ParsedEvent[]
  profile?: ProfileFact
  reason?: string
  raw: string
}

export type GenericParse =
  | { outcome: 'parsed'; items: GenericResult[] }
  | { outcome: 'refused'; reason: 'malformed_json' | 'not_an_event' | 'too_many_events' }

/** Reads a generic body. Never throws. `receivedAt` in Unix milliseconds. */
export function parseGenericBody(text: string, receivedAt: number, options: GenericOptions = {}): GenericParse {
  let body: unknown
  try {
    body = parseJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) return { outcome: 'refused', reason: 'malformed_json' }
    throw error
  }
  if (!isObject(body)) return { outcome: 'refused', reason: 'not_an_event' }
  if (!Array.isArray(body.events)) {
    const raw = text.trim()
    return { outcome: 'parsed', items: [readItem(body, { index: 0, raw, receivedAt, options, many: false })] }
  }
  const { events } = body
  if (events.length > genericEventsMax) return { outcome: 'refused', reason: 'too_many_events' }
  const spans = elementSpans(text, memberSpan(text, 0, 'events')?.start ?? 0)
  const rawOf = (span: Span | undefined): string => (span ? text.slice(span.start, span.end) : '')
  const items = events.map((item: unknown, index) =>
    readItem(item, { index, raw: rawOf(spans[index]), receivedAt, options, many: true }),
  )
  return { outcome: 'parsed', items }
}

type ItemContext = { index: number; raw: string; receivedAt: number; options: GenericOptions; many: boolean }

function readItem(value: unknown, context: ItemContext): GenericResult {
  const { index, raw } = context
  const own = isObject(value) ? idText(value.id) : ''
  const id = own || idOfDelivery(context)
  const rejected = (reason: string): GenericResult => ({ index, id, event: null, also: [], reason, raw })
  if (!isObject(value)) return rejected('an event must be an object')
  const checked = genericItem.safeParse(value)
  if (!checked.success) return rejected(messageOf(checked.error))
  const item = checked.data
  const contact = contactOf(item, context.options)
  const profile = contact === null ? null : profileOf(item, contact, context)
  if (item.type === identifyType) {
    // Told again it changes nothing, so it needs no id.
    return profile ? { index, id, event: null, also: [], profile, raw } : rejected(contactNeeded)
  }
  if (id === '') return rejected('id: is required, so that a repeated request is not stored twice')
  const typed = schemaOf(item.type).safeParse(item.data ?? {})
  if (!typed.success) return rejected(messageOf(typed.error, 'data'))
  if (contact === null && typed.data.needsContact) return rejected(contactNeeded)
  const told = profile !== null && Object.keys(profile.attributes).length > 0 ? { profile } : {}
  return { index, id, ...eventsOf(item, id, typed.data, contact, context), ...told, raw }
}

/** Tells who somebody is (names, language, zone, attributes), and that nothing happened. */
const identifyType = 'identify'
const contactNeeded = 'contact: externalId, email or phone is required'

function profileOf(item: GenericItem, contact: ContactRef, { receivedAt }: ItemContext): ProfileFact {
  const { occurredAt: toldAt } = chooseTime(item.timestamp, null, receivedAt)
  return { contact, attributes: item.contact?.attributes ?? {}, toldAt }
}

/** A delivery's id names its only event; in a delivery of many the position tells them apart. */
function idOfDelivery({ options, many, index }: ItemContext): string {
  const webhookId = idText(options.webhookId)
  return webhookId && many ? `${webhookId}:${index}` : webhookId
}

function eventsOf(
  item: GenericItem,
  id: string,
  typed: TypedData,
  contact: ContactRef | null,
  context: ItemContext,
): { event: ParsedEvent; also: ParsedEvent[] } {
  const channel = context.options.account?.channel ?? 'webhook'
  const data: JsonObject = item.data ?? {}
  const base = { ...chooseTime(item.timestamp, null, context.receivedAt), contact, raw: context.raw }
  const { consent } = typed
  const event = eventOf(base, {
    ...typed.told,
    identity: `${item.type}:${id}`,
    externalId: typed.messageId || id,
    ...(consent && { consent: { ...consent, channel: consent.channel ?? channel } }),
    data,
  })
  if (event.kind !== 'message.received' || !isStopText(event.text)) return { event, also: [] }
  const also = channelsOfStop(item, context).map((stopped) =>
    eventOf(base, {
      kind: 'consent.revoked',
      name: 'stop_word',
      role: 'customer',
      identity: `consent.revoked:${stopped}:${item.type}:${id}`,
      consent: { action: 'revoked', channel: stopped, topic: '*', wording: event.text },
    }),
  )
  return { event, also }
}

/**
 * `messenger:<page id>:<psid>`, `instagram:<account id>:<igsid>` and `sandbox:<account>:<id>` name a person on a channel,
 * `app_scoped:<Meta app id>:<id>` names them as Meta does when they ask for deletion (ARCHITECTURE.md, "Doors").
 */
const channelIdentity = /^(messenger|instagram|sandbox|app_scoped):([^:]+):(.+)$/

/**
 * What a STOP ends: the channel whose name for the person was used, or the sandbox it was written on. The tenant's own
 * ids belong to no channel: whoever says STOP there is left alone everywhere.
 */
function channelsOfStop(item: GenericItem, { options }: ItemContext): readonly Channel[] {
  const named = channelIdentity.exec(item.contact?.externalId ?? '')?.[1]
  if (named === 'messenger' || named === 'instagram' || named === 'sandbox') return [named]
  return options.account?.channel === 'sandbox' ? ['sandbox'] : conversationChannels
}

function contactOf(item: GenericItem, options: GenericOptions): ContactRef | null {
  const { contact } = item
  if (!contact) return null
  const { externalId, email, phone } = contact
  const identities: ContactRef['identities'] = []
  if (externalId) {
    const named = channelIdentity.exec(externalId)
    if (named) identities.push({ namespace: `${named[1]}:${named[2]}`, value: named[3] ?? '' })
    else if (options.account?.channel === 'sandbox') {
      // The sandbox is the tenant's own trial ground: its people carry the tenant's own customer ids.
      identities.push({ namespace: `sandbox:${options.account.externalId}`, value: externalId })
      identities.push({ namespace: 'external', value: externalId })
    } else identities.push({ namespace: 'external', value: externalId })
  }
  if (email) identities.push({ namespace: 'email', value: email })
  if (phone) identities.push({ namespace: 'phone', value: phone })
  if (identities.length === 0) return null
  const { displayName, locale, timeZone } = contact
  return {
    identities,
    ...(displayName && { displayName: wellFormed(displayName) }),
    ...(locale && { locale }),
    ...(timeZone && { timeZone }),
  }
}
