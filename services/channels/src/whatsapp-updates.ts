/** Everything of a WhatsApp number that is no message: statuses, preferences, new ids, errors, account changes. Sheet: protocols.md §8.1–8.4. */
import { isTopic } from '@fidelio/core/consent.ts'
import type { EventKind, ParsedEvent, Role } from '@fidelio/core/event.ts'
import { sendMetadataPrefix } from './messenger-message.ts'
import { eventOf } from './parsed-event.ts'
import { classifyWhatsappError, stoppedByPersonCode } from './whatsapp-errors.ts'
import { type ElementFacts, errorOf, errorsOf, factsOf, type Place, stopEvent, unknownEvent } from './whatsapp-facts.ts'
import { contentDigest, idText, isObject, type JsonObject, objectAt, textOf } from './wire.ts'

/** What each status means. They come in any order and may skip one: each stands for itself, and reading implies arriving. */
const statuses: ReadonlyMap<string, { kind: EventKind; name: string; role: Role }> = new Map([
  ['sent', { kind: 'message.accepted', name: '', role: 'system' }],
  ['delivered', { kind: 'delivery', name: '', role: 'system' }],
  ['read', { kind: 'read', name: '', role: 'customer' }],
  // A voice message that was listened to was read.
  ['played', { kind: 'read', name: 'played', role: 'customer' }],
  ['failed', { kind: 'message.failed', name: '', role: 'system' }],
  ['deleted', { kind: 'message.edited', name: 'deleted', role: 'system' }],
])

export function statusEvents(status: JsonObject, place: Place, raw: string): ParsedEvent[] {
  const ids = {
    phone: status.recipient_participant_id ?? status.recipient_id,
    userId: status.recipient_participant_user_id ?? status.recipient_user_id,
    // Both spellings occur (protocols.md §13).
    parentId: status.parent_recipient_user_id ?? status.recipient_parent_user_id,
  }
  const facts = factsOf(status, place, ids, raw)
  if (place.field === 'calls') return [unknownEvent('call_status', facts)]
  if (status.recipient_type === 'group') return [unknownEvent('group_thread', facts)]
  const wamid = idText(status.id)
  const word = textOf(status.status)
  if (wamid === '') return [unknownEvent('malformed:statuses', facts)]
  const told = statuses.get(word)
  if (!told) return [unknownEvent('status', facts, { status: word.slice(0, 60) })]
  const sendRef = textOf(status.biz_opaque_callback_data)
  const isOurs = sendRef.startsWith(sendMetadataPrefix) && sendRef.length > sendMetadataPrefix.length
  const errors = errorsOf(status).map((error) => ({ ...error, class: classifyWhatsappError(error.code).class }))
  // Once per message and status, whatever else a redelivery says.
  const identity = `status:${word}:${wamid}`
  const event = eventOf(facts.base, {
    ...told,
    externalId: wamid,
    identity,
    refs: isOurs ? [wamid, sendRef] : [wamid],
    data: { status: word, ...billingOf(status), ...(errors.length > 0 && { errors }) },
  })
  const isStop = word === 'failed' && errors.some((error) => error.code === stoppedByPersonCode)
  return isStop ? [event, stopEvent(facts, 'status_131050', identity, '')] : [event]
}

function billingOf(status: JsonObject): JsonObject {
  const { pricing, conversation } = status
  const price = objectAt(status, 'pricing')
  const origin = textOf(objectAt(objectAt(status, 'conversation'), 'origin').type)
  return {
    ...(pricing !== undefined && {
      pricing: {
        billable: price.billable === true,
        model: textOf(price.pricing_model),
        type: textOf(price.type),
        category: textOf(price.category),
      },
    }),
    ...(conversation !== undefined && origin && { conversationOrigin: origin }),
  }
}

/** What a person told the platform about offers. A value nobody knows must not be read as a permission. */
export function preferenceEvents(preference: JsonObject, place: Place, raw: string): ParsedEvent[] {
  const ids = { phone: preference.wa_id, userId: preference.user_id, parentId: preference.parent_user_id }
  const facts = factsOf(preference, place, ids, raw)
  const value = textOf(preference.value).trim().toLowerCase()
  const category = textOf(preference.category)
  const cause = `${facts.person}:${facts.ownTime ?? ''}:${contentDigest(preference)}`
  const wording = textOf(preference.detail)
  if (value === 'stop') return [stopEvent(facts, 'user_preferences', cause, wording)]
  if ((value !== 'resume' && value !== 'signup') || !isTopic(category)) return [unknownEvent('preference', facts)]
  const signupId = idText(preference.signup_id)
  return [
    eventOf(facts.base, {
      kind: 'consent.granted',
      name: 'user_preferences',
      role: 'customer',
      identity: `consent.granted:${cause}`,
      // A yes opens what was asked about, never every topic that a stop had closed.
      consent: {
        action: 'granted',
        channel: 'whatsapp',
        topic: category,
        wording,
        ...(signupId && { token: signupId }),
      },
      data: { preference: value },
    }),
  ]
}

/** A person's user id was replaced: the former one is listed first, so that the new one is linked to whoever had it. */
export function userIdEvents(update: JsonObject, place: Place, raw: string): ParsedEvent[] {
  const { previous, current } = objectAt(update, 'user_id')
  const before = factsOf(update, place, { phone: update.wa_id, userId: previous, parentId: update.parent_user_id }, raw)
  const after = factsOf(update, place, { userId: current }, raw)
  const added = after.base.contact?.identities.slice(0, 1) ?? []
  const identities = [...(before.base.contact?.identities ?? []), ...added]
  if (identities.length === 0) return [unknownEvent('malformed:user_id_update', before)]
  return [
    eventOf(
      { ...before.base, contact: { ...before.base.contact, identities } },
      {
        kind: 'identity.changed',
        name: 'user_id_update',
        role: 'system',
        identity: `identity_user_id:${before.person}:${before.ownTime ?? ''}:${contentDigest(update)}`,
        data: { previous: [idText(previous)].filter(Boolean), current: [idText(current)].filter(Boolean) },
      },
    ),
  ]
}

/** `errors[]` of a value: about the number itself, not about one message. */
export function numberErrorEvents(error: JsonObject, place: Place, raw: string): ParsedEvent[] {
  const facts = factsOf(error, place, {}, raw)
  const told = errorOf(error)
  const data = { errors: [{ ...told, class: classifyWhatsappError(told.code).class }] }
  return [accountEvent('error', facts, data)]
}

/** Fields that tell about the account itself. */
const accountFields = [
  'account_update',
  'account_review_update',
  'account_alerts',
  'message_template_status_update',
  'message_template_quality_update',
  'message_template_components_update',
  'template_category_update',
  'phone_number_quality_update',
  'phone_number_name_update',
  'business_username_update',
  'business_capability_update',
  'security',
]

/** Known fields without a kind of their own: kept raw, counted by field. */
const keptRawFields = [
  'messages',
  'smb_message_echoes',
  'smb_app_state_sync',
  'calls',
  'history',
  'user_preferences',
  'user_id_update',
]

/** A change without updates this file or `whatsapp-messages.ts` can read: typed when it is about the account, else raw. */
export function changeEvents(change: unknown, place: Place, raw: string): ParsedEvent[] {
  const value = isObject(change) ? change : {}
  const facts = factsOf(value, place, {}, raw)
  if (accountFields.includes(place.field)) return [accountEvent(place.field, facts, accountDataOf(value))]
  const isGroup = /^group_\w{1,40}$/.test(place.field)
  const name = keptRawFields.includes(place.field) ? place.field : isGroup ? 'group' : 'other'
  const identity = `unknown:field:${name}:${place.field}:${facts.ownTime ?? ''}:${contentDigest(change ?? null)}`
  return [eventOf(facts.base, { kind: 'unknown', name: `field:${name}`, role: 'system', identity })]
}

/** A field's words worth showing, under our own names. */
const accountWords = [
  ['event', 'event'],
  ['decision', 'decision'],
  ['status', 'status'],
  ['reason', 'reason'],
  ['rejection_reason', 'reason'],
  ['current_limit', 'limit'],
  ['old_limit', 'previousLimit'],
  ['display_phone_number', 'phoneNumber'],
  ['requested_verified_name', 'requestedName'],
  ['username', 'username'],
  ['message_template_id', 'templateId'],
  ['message_template_name', 'templateName'],
  ['message_template_language', 'templateLanguage'],
  ['new_quality_score', 'quality'],
  ['previous_quality_score', 'previousQuality'],
  ['new_category', 'category'],
  ['previous_category', 'previousCategory'],
] as const

function accountDataOf(value: JsonObject): JsonObject {
  const data: JsonObject = {}
  for (const [key, name] of accountWords) {
    const told = idText(value[key])
    if (told !== '') data[name] = told
  }
  return data
}

/** `entry.time` is no part of the identity: a redelivery may carry another. */
function accountEvent(name: string, facts: ElementFacts, data: JsonObject): ParsedEvent {
  const identity = `account:${name}:${facts.ownTime ?? ''}:${contentDigest(facts.element)}`
  return eventOf(facts.base, { kind: 'account.changed', name, role: 'system', identity, data })
}
