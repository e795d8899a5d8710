/** What every element of `messaging[]` has in common, and the facts that more than one kind of element tells. Sheet: protocols.md §2. */
import type { ConsentFact, ContactRef, ParsedEvent } from '@fidelio/core/event.ts'
import type { UnknownReason } from './meta-reasons.ts'
import { type EventBase, eventOf } from './parsed-event.ts'
import { chooseTime, contentDigest, idText, type JsonObject, objectAt, readTime, textOf } from './wire.ts'

export type ElementContext = {
  channel: 'messenger' | 'instagram'
  /** The Page or the Instagram account. */
  accountId: string
  /** `entry.time` in Unix milliseconds, later than the event and much later on retries. */
  entryTime: number | null
  receivedAt: number
  /** The element came through `standby[]`: another app owns the thread. Counted, never answered. */
  standby: boolean
  raw: string
}

/** An element with its parties and times told apart. */
export type ElementFacts = {
  element: JsonObject
  base: EventBase
  context: ElementContext
  /** The customer's id at this account, '' if the element names none. */
  customerId: string
  fromBusiness: boolean
  /**
   * The event's own time in Unix milliseconds, null if absent. It is part of identities; `entry.time` never is, because
   * a redelivery carries another.
   */
  ownTime: number | null
  /** Extras of every kind of element. */
  data: JsonObject
}

/** Never throws; whatever is missing stays empty. */
export function factsOf(element: JsonObject, context: ElementContext): ElementFacts {
  const { accountId } = context
  const senderId = idText(objectAt(element, 'sender').id)
  const recipientId = idText(objectAt(element, 'recipient').id)
  const fromBusiness = senderId === accountId || objectAt(element, 'message').is_echo === true
  const customerId = fromBusiness
    ? customerOf(recipientId, senderId, accountId)
    : customerOf(senderId, recipientId, accountId)
  const ownTime = readTime(element.timestamp)
  const { occurredAt, timeFlag } = chooseTime(ownTime, context.entryTime, context.receivedAt)
  return {
    element,
    base: { occurredAt, timeFlag, raw: context.raw, contact: contactOf(customerId, context) },
    context,
    customerId,
    fromBusiness,
    ownTime,
    data: context.standby ? { standby: true } : {},
  }
}

/** The customer is the party that is not the Page, whichever place the sheet gives it. */
function customerOf(expected: string, other: string, accountId: string): string {
  if (expected !== '' && expected !== accountId) return expected
  return other === accountId ? '' : other
}

function contactOf(customerId: string, { channel, accountId }: ElementContext): ContactRef | null {
  return customerId === '' ? null : { identities: [{ namespace: `${channel}:${accountId}`, value: customerId }] }
}

/** The person as a plugin named them: alone before they write, and beside the account's own id once they did. */
export function withUserRef(contact: ContactRef | null, userRef: string): ContactRef | null {
  if (userRef === '') return contact
  return { identities: [...(contact?.identities ?? []), { namespace: 'user_ref', value: userRef }] }
}

/** Kept raw; never counted as a message. */
export function unknownEvent(name: UnknownReason, facts: ElementFacts): ParsedEvent {
  const identity = `unknown:${name}:${facts.customerId}:${facts.ownTime ?? ''}:${contentDigest(facts.element)}`
  return eventOf(facts.base, { kind: 'unknown', name, role: 'system', identity, data: facts.data })
}

/** A wish to receive no more offers, told in words: it ends every topic of the channel. */
export function stopEvent(facts: ElementFacts, cause: string, wording: string): ParsedEvent {
  const consent: ConsentFact = { action: 'revoked', channel: facts.context.channel, topic: '*', wording }
  return eventOf(facts.base, {
    kind: 'consent.revoked',
    name: 'stop_word',
    role: 'customer',
    identity: `consent.revoked:${cause}`,
    consent,
    data: facts.data,
  })
}

/** `cause` is the identity of the fact that carried the referral, '' when the referral came on its own. */
export function referralEvent(
  referral: JsonObject,
  facts: ElementFacts,
  via: 'event' | 'postback' | 'message',
  cause: string,
): ParsedEvent {
  const ads = objectAt(referral, 'ads_context_data')
  const identity = cause || `${facts.customerId}:${facts.ownTime ?? ''}:${contentDigest(referral)}`
  return eventOf(facts.base, {
    kind: 'referral',
    role: 'customer',
    identity: `referral:${identity}`,
    data: {
      ...facts.data,
      via,
      ref: textOf(referral.ref),
      source: textOf(referral.source),
      type: textOf(referral.type),
      adId: idText(referral.ad_id),
      adTitle: textOf(ads.ad_title),
      postId: idText(ads.post_id),
      productId: idText(objectAt(referral, 'product').id) || idText(ads.product_id),
      refererUri: textOf(referral.referer_uri),
      ...(idText(ads.flow_id) && { flowId: idText(ads.flow_id) }),
      ...(referral.is_guest_user === true && { guest: true }),
    },
  })
}
