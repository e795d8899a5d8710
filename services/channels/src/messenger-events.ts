/** One element of `messaging[]` or `standby[]` → the events it tells. Sheet: protocols.md §2. */
import type { ConsentFact, ParsedEvent } from '@fidelio/core/event.ts'
import {
  type ElementContext,
  type ElementFacts,
  factsOf,
  referralEvent,
  stopEvent,
  unknownEvent,
  withUserRef,
} from './messenger-facts.ts'
import { messageEvents } from './messenger-message.ts'
import {
  cartEvents,
  customerInformationEvents,
  feedbackEvents,
  linkingEvents,
  responseFeedbackEvents,
  templateEvents,
} from './messenger-people.ts'
import { type MarketingField, marketingEvents, marketingFields } from './meta-marketing.ts'
import { type ElementKey, elementKeys, keptRawKeys } from './meta-reasons.ts'
import { eventOf } from './parsed-event.ts'
import { isStopText } from './stop-words.ts'
import { arrayAt, contentDigest, idText, isObject, type JsonObject, objectAt, readTime, textOf } from './wire.ts'

type Handler = (value: JsonObject, facts: ElementFacts) => ParsedEvent[]

/** Keys that say what an element is, the most telling first. */
const handlers: readonly (readonly [key: ElementKey, handle: Handler])[] = [
  ['message', messageEvents],
  ['postback', postbackEvents],
  ['reaction', reactionEvents],
  ['message_edit', editEvents],
  ['delivery', deliveryEvents],
  ['read', readEvents],
  ['optin', optinEvents],
  ['referral', (value, facts) => [referralEvent(value, facts, 'event', '')]],
  ['pass_thread_control', handover('pass_thread_control')],
  ['take_thread_control', handover('take_thread_control')],
  ['request_thread_control', handover('request_thread_control')],
  ['app_roles', rolesEvents],
  ['account_linking', linkingEvents],
  ['policy_enforcement', policyEvents],
  ['policy-enforcement', policyEvents],
  ['messaging_feedback', feedbackEvents],
  ['response_feedback', responseFeedbackEvents],
  ['order', cartEvents],
  ['template', templateEvents],
  ['messaging_customer_information', customerInformationEvents],
  ...marketingFields.map((field) => [field, marketing(field)] as const),
]

export function parseElement(element: JsonObject, context: ElementContext): ParsedEvent[] {
  const facts = factsOf(element, context)
  if (isObject(element.thread) || objectAt(element, 'sender').community !== undefined) {
    return [unknownEvent('group_thread', facts)]
  }
  for (const [key, handle] of handlers) {
    const value = element[key]
    if (value === undefined) continue
    return isObject(value) ? handle(value, facts) : [unknownEvent(`malformed:${key}`, facts)]
  }
  const known = keptRawKeys.find((key) => element[key] !== undefined)
  return [unknownEvent(known ? `key:${known}` : 'no_known_key', facts)]
}

/** Whether an object without parties is an element all the same: one of its keys says what happened. */
export function isElement(value: JsonObject): boolean {
  if (isObject(value.sender) || isObject(value.recipient)) return true
  return elementKeys.some((key) => isObject(value[key]))
}

function postbackEvents(postback: JsonObject, facts: ElementFacts): ParsedEvent[] {
  const mid = idText(postback.mid)
  const title = textOf(postback.title)
  const payload = textOf(postback.payload)
  // A standby copy lacks the payload; with the title both copies are the same fact.
  const cause = mid
    ? `postback:${mid}`
    : `postback:${facts.customerId}:${facts.ownTime ?? ''}:${contentDigest(title || payload)}`
  const events = [
    eventOf(facts.base, {
      kind: 'postback',
      role: facts.fromBusiness ? 'system' : 'customer',
      externalId: mid,
      identity: cause,
      text: title,
      data: { ...facts.data, payload },
    }),
  ]
  if (isObject(postback.referral)) events.push(referralEvent(postback.referral, facts, 'postback', cause))
  if (!facts.fromBusiness && isStopText(payload)) events.push(stopEvent(facts, cause, payload))
  return events
}

function reactionEvents(reaction: JsonObject, facts: ElementFacts): ParsedEvent[] {
  const mid = idText(reaction.mid)
  const action = textOf(reaction.action)
  const emoji = textOf(reaction.emoji)
  const name = textOf(reaction.reaction)
  return [
    eventOf(facts.base, {
      kind: 'reaction',
      // The word in the provider's vocabulary is data; only the two actions are names.
      name: action === 'unreact' ? 'unreact' : 'react',
      role: facts.fromBusiness ? 'system' : 'customer',
      identity: `reaction:${mid}:${facts.customerId}:${action}:${emoji || name}:${facts.ownTime ?? ''}`,
      refs: mid ? [mid] : [],
      data: { ...facts.data, action, reaction: name, emoji },
    }),
  ]
}

function editEvents(edit: JsonObject, facts: ElementFacts): ParsedEvent[] {
  const mid = idText(edit.mid)
  const text = textOf(edit.text)
  const count = idText(edit.num_edit)
  const cause = `edit:${mid}:${count || `${facts.ownTime ?? ''}:${contentDigest(text)}`}`
  const events = [
    eventOf(facts.base, {
      kind: 'message.edited',
      // Instagram leaves the parties out at times: then nobody is known to have acted.
      role: facts.fromBusiness || facts.customerId === '' ? 'system' : 'customer',
      identity: cause,
      text,
      refs: mid ? [mid] : [],
      data: { ...facts.data, edits: Number(count) || 0 },
    }),
  ]
  if (!facts.fromBusiness && facts.customerId !== '' && isStopText(text)) events.push(stopEvent(facts, cause, text))
  return events
}

function deliveryEvents(delivery: JsonObject, facts: ElementFacts): ParsedEvent[] {
  const watermarkAt = readTime(delivery.watermark) ?? 0
  const mids = arrayAt(delivery, 'mids').map(idText).filter(Boolean)
  if (watermarkAt === 0 && mids.length === 0) return [unknownEvent('malformed:delivery', facts)]
  const identity = `delivery:${facts.customerId}:${watermarkAt}:${[...mids].sort().join(',')}`
  return [
    eventOf(facts.base, { kind: 'delivery', role: 'system', identity, refs: mids, watermarkAt, data: facts.data }),
  ]
}

function readEvents(read: JsonObject, facts: ElementFacts): ParsedEvent[] {
  const watermarkAt = readTime(read.watermark) ?? 0
  const mid = idText(read.mid)
  if (watermarkAt === 0 && mid === '') return [unknownEvent('malformed:read', facts)]
  const identity = `read:${facts.customerId}:${watermarkAt}:${mid}`
  const refs = mid ? [mid] : []
  const role = facts.fromBusiness ? 'system' : 'customer'
  return [eventOf(facts.base, { kind: 'read', role, identity, refs, watermarkAt, data: facts.data })]
}

function optinEvents(optin: JsonObject, facts: ElementFacts): ParsedEvent[] {
  const type = textOf(optin.type)
  if (type === 'notification_messages') return [marketingConsent(optin, facts)]
  const userRef = idText(optin.user_ref) || idText(objectAt(facts.element, 'sender').user_ref)
  return [
    eventOf(
      { ...facts.base, contact: withUserRef(facts.base.contact, userRef) },
      {
        kind: 'optin',
        name: type === 'one_time_notif_req' ? type : 'plugin',
        role: 'customer',
        identity: `optin:${facts.customerId || userRef}:${facts.ownTime ?? ''}:${contentDigest(optin)}`,
        data: { ...facts.data, ref: textOf(optin.ref), userRef, payload: textOf(optin.payload) },
      },
    ),
  ]
}

/** Marketing consent (protocols.md §2.7). The status is present only on a change, and is spelled in two ways. */
function marketingConsent(optin: JsonObject, facts: ElementFacts): ParsedEvent {
  const status = textOf(optin.notification_messages_status).trim().replace(/_/g, ' ').toUpperCase()
  // A status nobody knows must not be read as a permission.
  if (status !== '' && status !== 'STOP NOTIFICATIONS' && status !== 'RESUME NOTIFICATIONS') {
    return unknownEvent('optin_status', facts)
  }
  const action = status === 'STOP NOTIFICATIONS' ? 'revoked' : 'granted'
  const topic = textOf(optin.payload) || textOf(optin.topic) || textOf(optin.title)
  const token = idText(optin.notification_messages_token)
  const tokenExpiresAt = readTime(optin.token_expiry_timestamp)
  const consent: ConsentFact = {
    action,
    channel: facts.context.channel,
    // Without a topic a stop ends everything, while a yes opens only a topic of its own.
    topic: topic || (action === 'revoked' ? '*' : 'notification_messages'),
    wording: textOf(optin.title),
    ...(token && { token }),
    ...(tokenExpiresAt !== null && { tokenExpiresAt }),
  }
  return eventOf(facts.base, {
    kind: action === 'granted' ? 'consent.granted' : 'consent.revoked',
    name: 'notification_messages',
    role: 'customer',
    identity: `consent.${action}:${facts.customerId}:${facts.ownTime ?? ''}:${contentDigest(optin)}`,
    consent,
    data: {
      ...facts.data,
      timeZone: textOf(optin.notification_messages_timezone),
      tokenStatus: textOf(optin.user_token_status),
    },
  })
}

function handover(name: ElementKey): Handler {
  return (value, facts) => {
    const newOwner = idText(value.new_owner_app_id)
    return [
      eventOf(facts.base, {
        kind: 'handover',
        name,
        role: 'system',
        identity: `handover:${name}:${facts.customerId}:${facts.ownTime ?? ''}:${contentDigest(value)}`,
        appId: newOwner || idText(value.requested_owner_app_id),
        data: {
          ...facts.data,
          previousOwnerAppId: idText(value.previous_owner_app_id),
          newOwnerAppId: newOwner,
          requestedOwnerAppId: idText(value.requested_owner_app_id),
          metadata: textOf(value.metadata),
        },
      }),
    ]
  }
}

/** Which app plays which part in the conversations of the Page; often without a sender. */
function rolesEvents(value: JsonObject, facts: ElementFacts): ParsedEvent[] {
  const roles = Object.entries(value).map(([appId, parts]) => ({
    appId: idText(appId),
    roles: Array.isArray(parts) ? parts.map(textOf).filter(Boolean) : [],
  }))
  return [
    eventOf(facts.base, {
      kind: 'handover',
      name: 'app_roles',
      role: 'system',
      identity: `handover:app_roles:${facts.customerId}:${facts.ownTime ?? ''}:${contentDigest(value)}`,
      appId: roles.find((app) => app.roles.includes('primary_receiver'))?.appId ?? '',
      data: { ...facts.data, roles },
    }),
  ]
}

const policyActions = ['warning', 'block', 'unblock']

/** Meta warns or blocks the account itself; nobody is its sender. */
function policyEvents(policy: JsonObject, facts: ElementFacts): ParsedEvent[] {
  const action = textOf(policy.action)
  return [
    eventOf(facts.base, {
      kind: 'account.changed',
      name: policyActions.includes(action) ? `policy_${action}` : 'policy_other',
      role: 'system',
      identity: `policy:${facts.ownTime ?? ''}:${contentDigest(policy)}`,
      data: { ...facts.data, action, reason: textOf(policy.reason) },
    }),
  ]
}

function marketing(field: MarketingField): Handler {
  return (value, { base, customerId, ownTime, context }) => {
    const { accountId, entryTime, receivedAt } = context
    return marketingEvents(field, value, { accountId, entryTime, receivedAt, raw: base.raw, customerId, ownTime })
  }
}
