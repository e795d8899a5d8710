/** `messages[]` and `message_echoes[]` of a WhatsApp number → the events they tell. Sheet: protocols.md §8.2. */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { senderOf } from './messenger-message.ts'
import { eventOf } from './parsed-event.ts'
import { isStopText } from './stop-words.ts'
import { contentOf, isContentType, typeOf } from './whatsapp-content.ts'
import { type ElementFacts, errorsOf, factsOf, type Place, stopEvent, unknownEvent } from './whatsapp-facts.ts'
import { contentDigest, idText, isObject, type JsonObject, objectAt, textOf } from './wire.ts'

type Message = {
  facts: ElementFacts
  /** The provider's id of this message, '' if absent. */
  wamid: string
  type: string
  fromBusiness: boolean
}

type Handler = (message: Message) => ParsedEvent[]

/** Types that are no content of their own. */
const handlers: ReadonlyMap<string, Handler> = new Map([
  ['reaction', reactionEvents],
  ['edit', editEvents],
  ['revoke', revokeEvents],
  ['system', systemEvents],
  ['request_welcome', welcomeEvents],
])

/** A message of the customer, or with `isEcho` one of the business, typed in the phone app. */
export function messageEvents(element: JsonObject, place: Place, isEcho: boolean, raw: string): ParsedEvent[] {
  const fromBusiness = isEcho || (place.businessPhone !== '' && idText(element.from) === place.businessPhone)
  const ids = fromBusiness
    ? { phone: element.to, userId: element.to_user_id, parentId: element.to_parent_user_id }
    : { phone: element.from, userId: element.from_user_id, parentId: element.from_parent_user_id }
  const facts = factsOf(element, place, ids, raw)
  // A group is no conversation between a business and one customer: it opens no window and nobody waits in it.
  if (idText(element.group_id) !== '') return [unknownEvent('group_thread', facts)]
  const type = typeOf(element)
  const message = { facts, wamid: idText(element.id), type, fromBusiness }
  const handle = handlers.get(type)
  if (handle) return handle(message)
  return isContentType(type) ? contentEvents(message) : [unknownEvent('message_type', facts)]
}

function contentEvents(message: Message): ParsedEvent[] {
  const { facts, wamid, type, fromBusiness } = message
  const { element, base } = facts
  const cause = identityOf('message', message)
  const context = objectAt(element, 'context')
  const repliesTo = idText(context.id)
  const { text, payload, data, also } = contentOf(type, element)
  const errors = errorsOf(element)
  const sender = fromBusiness
    ? senderOf({ app_id: element.app_id, metadata: element.biz_opaque_callback_data })
    : { role: 'customer' as const, sendRef: [], appId: '' }
  const events = [
    eventOf(base, {
      kind: fromBusiness ? 'message.sent' : 'message.received',
      role: sender.role,
      externalId: wamid,
      identity: cause,
      text,
      refs: repliesTo ? [...sender.sendRef, repliesTo] : sender.sendRef,
      appId: sender.appId,
      data: {
        ...data,
        ...((context.forwarded === true || context.frequently_forwarded === true) && { forwarded: true }),
        ...(errors.length > 0 && { errors }),
      },
    }),
  ]
  if (also && !fromBusiness) {
    events.push(eventOf(base, { ...also, role: 'customer', identity: `${also.kind}:${cause}` }))
  }
  if (isObject(element.referral)) events.push(referralEvent(element.referral, facts, cause))
  const wish = [text, payload].find(isStopText)
  if (!fromBusiness && wish !== undefined) events.push(stopEvent(facts, 'stop_word', cause, wish))
  return events
}

/** The provider's id decides; without one the person, the time and the content do. */
function identityOf(kind: string, { facts, wamid }: Message): string {
  return wamid ? `${kind}:${wamid}` : `${kind}:${facts.person}:${facts.ownTime ?? ''}:${contentDigest(facts.element)}`
}

/** A click on an ad or a post that started the message. */
function referralEvent(referral: JsonObject, facts: ElementFacts, cause: string): ParsedEvent {
  const type = textOf(referral.source_type)
  const sourceId = idText(referral.source_id)
  return eventOf(facts.base, {
    kind: 'referral',
    role: 'customer',
    identity: `referral:${cause}`,
    data: {
      via: 'message',
      source: type === 'ad' ? 'ADS' : type.toUpperCase(),
      adId: type === 'ad' ? sourceId : '',
      adTitle: textOf(referral.headline),
      postId: type === 'ad' ? '' : sourceId,
      refererUri: textOf(referral.source_url),
      clickId: idText(referral.ctwa_clid),
    },
  })
}

function reactionEvents(message: Message): ParsedEvent[] {
  const { facts, fromBusiness } = message
  const reaction = objectAt(facts.element, 'reaction')
  const reactedTo = idText(reaction.message_id)
  const emoji = textOf(reaction.emoji)
  return [
    eventOf(facts.base, {
      kind: 'reaction',
      // An empty or absent emoji takes the reaction back.
      name: emoji === '' ? 'unreact' : 'react',
      role: fromBusiness ? 'system' : 'customer',
      externalId: message.wamid,
      identity: identityOf('reaction', message),
      refs: reactedTo ? [reactedTo] : [],
      data: { action: emoji === '' ? 'unreact' : 'react', emoji },
    }),
  ]
}

function editEvents(message: Message): ParsedEvent[] {
  const { facts, fromBusiness } = message
  const edit = objectAt(facts.element, 'edit')
  const original = idText(edit.original_message_id)
  const inner = objectAt(edit, 'message')
  const { text, data } = contentOf(typeOf(inner), inner)
  const cause = identityOf('edit', message)
  const events = [
    eventOf(facts.base, {
      kind: 'message.edited',
      role: fromBusiness ? 'system' : 'customer',
      externalId: message.wamid,
      identity: cause,
      text,
      refs: original ? [original] : [],
      data,
    }),
  ]
  if (!fromBusiness && isStopText(text)) events.push(stopEvent(facts, 'stop_word', cause, text))
  return events
}

/** Somebody took a message back; the message itself stays a fact that happened. */
function revokeEvents(message: Message): ParsedEvent[] {
  const { facts, fromBusiness } = message
  const original = idText(objectAt(facts.element, 'revoke').original_message_id)
  return [
    eventOf(facts.base, {
      kind: 'message.edited',
      name: 'deleted',
      role: fromBusiness ? 'system' : 'customer',
      externalId: message.wamid,
      identity: original ? `deleted:${original}` : identityOf('deleted', message),
      refs: original ? [original] : [],
      data: { deleted: true },
    }),
  ]
}

/** Changes of a person that bring a new number or user id; the element's `from` is the old one. */
const movedTypes = ['user_changed_number', 'user_changed_user_id']

function systemEvents(message: Message): ParsedEvent[] {
  const { facts } = message
  const system = objectAt(facts.element, 'system')
  const type = textOf(system.type)
  if (!movedTypes.includes(type) && type !== 'customer_identity_changed') return [unknownEvent('system_type', facts)]
  const next = factsOf(
    facts.element,
    facts.place,
    { phone: system.new_wa_id ?? system.wa_id, userId: system.user_id, parentId: system.parent_user_id },
    facts.base.raw,
  )
  return [identityChange(message, type, movedTypes.includes(type) ? next : null)]
}

/** The old names come first: they are known, and the new ones are linked to whoever has them. */
function identityChange(message: Message, type: string, next: ElementFacts | null): ParsedEvent {
  const { facts } = message
  const before = facts.base.contact?.identities ?? []
  const after = next?.base.contact?.identities ?? []
  const added = after.filter((name) =>
    before.every((old) => old.namespace !== name.namespace || old.value !== name.value),
  )
  const identities = [...before, ...added]
  const base = { ...facts.base, contact: identities.length > 0 ? { ...facts.base.contact, identities } : null }
  return eventOf(base, {
    kind: 'identity.changed',
    name: type,
    role: 'system',
    externalId: message.wamid,
    identity: identityOf(`identity_${type}`, message),
    data: { previous: before.map(({ value }) => value), current: after.map(({ value }) => value) },
  })
}

/** Somebody opened the chat for the first time. No word was said yet: it is no activity and opens no window. */
function welcomeEvents(message: Message): ParsedEvent[] {
  const told = { kind: 'referral', name: 'request_welcome', role: 'customer', externalId: message.wamid } as const
  return [eventOf(message.facts.base, { ...told, identity: identityOf('welcome', message), data: { via: 'event' } })]
}
