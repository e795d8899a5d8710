/** What people do beside writing: sign in, rate, fill in, put in a cart, reveal a coupon. Sheet: protocols.md §2.9. */
import type { ContactRef, ParsedEvent } from '@fidelio/core/event.ts'
import { type ElementFacts, unknownEvent } from './messenger-facts.ts'
import { eventOf } from './parsed-event.ts'
import { arrayAt, contentDigest, idText, isObject, type JsonObject, objectAt, textOf } from './wire.ts'

/**
 * Account linking. The authorization code is what the business's own sign-in page gave for this person, so it is a name
 * of the person in namespace `account_link`: the business may tell the same code with its own customer id.
 */
export function linkingEvents(linking: JsonObject, facts: ElementFacts): ParsedEvent[] {
  const status = textOf(linking.status)
  if (status !== 'linked' && status !== 'unlinked') return [unknownEvent('malformed:account_linking', facts)]
  const code = idText(linking.authorization_code)
  const contact = status === 'linked' && code !== '' ? withIdentity(facts.base.contact, 'account_link', code) : null
  return [
    eventOf(contact ? { ...facts.base, contact } : facts.base, {
      kind: status === 'linked' ? 'identity.linked' : 'identity.unlinked',
      name: 'account_linking',
      role: 'customer',
      identity: `${status}:${facts.customerId}:${facts.ownTime ?? ''}:${code}`,
      data: { ...facts.data, status, authorizationCode: code },
    }),
  ]
}

/** The person with one more name; the page-scoped id stays the strongest. Null when nobody is named at all. */
export function withIdentity(contact: ContactRef | null, namespace: string, value: string): ContactRef | null {
  const named = { namespace, value }
  return contact === null ? null : { ...contact, identities: [...contact.identities, named] }
}

const questionTypes = ['csat', 'nps', 'ces', 'free_form']

/** One event for each answered question, so that every score stands alone. Scores are strings on the wire. */
export function feedbackEvents(feedback: JsonObject, facts: ElementFacts): ParsedEvent[] {
  const events = arrayAt(feedback, 'feedback_screens')
    .filter(isObject)
    .flatMap((screen) => {
      const screenId = idText(screen.screen_id)
      return Object.entries(objectAt(screen, 'questions')).flatMap(([questionId, answer]) =>
        isObject(answer) ? [answerEvent({ screenId, questionId, answer }, facts)] : [],
      )
    })
  return events.length > 0 ? events : [unknownEvent('malformed:messaging_feedback', facts)]
}

type Answer = { screenId: string; questionId: string; answer: JsonObject }

function answerEvent({ screenId, questionId, answer }: Answer, facts: ElementFacts): ParsedEvent {
  const type = textOf(answer.type)
  const payload = textOf(answer.payload) || idText(answer.payload)
  const followUp = textOf(objectAt(answer, 'follow_up').payload)
  const isFreeForm = type === 'free_form'
  return eventOf(facts.base, {
    kind: 'feedback',
    name: questionTypes.includes(type) ? type : 'other',
    role: 'customer',
    identity: `feedback:${facts.customerId}:${facts.ownTime ?? ''}:${contentDigest([screenId, questionId, answer])}`,
    text: isFreeForm ? payload : followUp,
    data: {
      ...facts.data,
      screenId: idText(screenId),
      questionId: textOf(questionId),
      score: isFreeForm ? '' : payload,
    },
  })
}

/** A verdict on one reply of the business. */
export function responseFeedbackEvents(feedback: JsonObject, facts: ElementFacts): ParsedEvent[] {
  const mid = idText(feedback.mid)
  const verdict = textOf(feedback.feedback)
  return [
    eventOf(facts.base, {
      kind: 'feedback',
      name: 'response',
      role: 'customer',
      identity: `feedback:${facts.customerId}:${mid}:${verdict}:${facts.ownTime ?? ''}`,
      refs: mid ? [mid] : [],
      data: { ...facts.data, score: verdict },
    }),
  ]
}

const productsMax = 50

/** `order` is the key, but nothing is bought yet: the person sent what is in the cart. */
export function cartEvents(cart: JsonObject, facts: ElementFacts): ParsedEvent[] {
  return [
    eventOf(facts.base, {
      kind: 'cart',
      role: 'customer',
      identity: `cart:${facts.customerId}:${facts.ownTime ?? ''}:${contentDigest(cart)}`,
      text: textOf(cart.note),
      data: {
        ...facts.data,
        products: arrayAt(cart, 'products').filter(isObject).slice(0, productsMax).map(productOf),
      },
    }),
  ]
}

function productOf(product: JsonObject): JsonObject {
  return {
    id: idText(product.id),
    retailerId: idText(product.retailer_id),
    name: textOf(product.name),
    // As written: in which unit it is, the sheet does not say.
    unitPrice: typeof product.unit_price === 'number' ? product.unit_price : textOf(product.unit_price),
    currency: textOf(product.currency),
    quantity: typeof product.quantity === 'number' ? product.quantity : textOf(product.quantity),
  }
}

/** The only template that answers: a coupon whose code was revealed. */
export function templateEvents(template: JsonObject, facts: ElementFacts): ParsedEvent[] {
  if (textOf(template.type) !== 'coupon') return [unknownEvent('template_type', facts)]
  return [
    eventOf(facts.base, {
      kind: 'coupon',
      role: 'customer',
      identity: `coupon:${facts.customerId}:${facts.ownTime ?? ''}:${contentDigest(template)}`,
      data: { ...facts.data, payload: textOf(template.payload), code: textOf(template.coupon_code) },
    }),
  ]
}

/** Name, address, phone: personal data, so only which questions were answered is told; the answers stay in `raw`. */
export function customerInformationEvents(information: JsonObject, facts: ElementFacts): ParsedEvent[] {
  const screens = arrayAt(information, 'screens').filter(isObject)
  const keys = screens.flatMap((screen) =>
    arrayAt(screen, 'responses')
      .filter(isObject)
      .map((response) => textOf(response.key)),
  )
  return [
    eventOf(facts.base, {
      kind: 'form',
      name: 'customer_information',
      role: 'customer',
      identity: `form:${facts.customerId}:${facts.ownTime ?? ''}:${contentDigest(information)}`,
      data: { ...facts.data, screens: screens.map((screen) => idText(screen.screen_id)), questions: keys },
    }),
  ]
}
