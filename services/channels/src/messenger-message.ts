/** `message`: what the customer wrote, and echoes of what the business wrote. Sheet: protocols.md §2.1–2.3. */
import type { ParsedEvent, Role } from '@fidelio/core/event.ts'
import { type ElementFacts, referralEvent, stopEvent, withUserRef } from './messenger-facts.ts'
import { type EventBase, eventOf } from './parsed-event.ts'
import { isStopText } from './stop-words.ts'
import { arrayAt, contentDigest, idText, isObject, type JsonObject, objectAt, readTime, textOf } from './wire.ts'

/** The Page inbox, where people answer by hand. The second spelling is in one documentation page (protocols.md §2.3). */
export const inboxAppIds: readonly string[] = ['263902037430900', '26390203743090', '1217981644879628']

/** Marks our own sends: the Send API gives it back in the echo. */
export const sendMetadataPrefix = 'send:'

export function messageEvents(message: JsonObject, facts: ElementFacts): ParsedEvent[] {
  const mid = idText(message.mid)
  const cause = mid ? `message:${mid}` : `message:${facts.customerId}:${facts.ownTime ?? ''}:${contentDigest(message)}`
  if (message.is_deleted === true) return [deletion(mid, facts)]
  const text = textOf(message.text)
  const sender = facts.fromBusiness ? senderOf(message) : { role: 'customer' as const, sendRef: [], appId: '' }
  const replyTo = idText(objectAt(message, 'reply_to').mid)
  const events = [
    eventOf(baseOf(facts), {
      kind: facts.fromBusiness ? 'message.sent' : 'message.received',
      role: sender.role,
      externalId: mid,
      identity: cause,
      text,
      refs: replyTo ? [...sender.sendRef, replyTo] : sender.sendRef,
      appId: sender.appId,
      data: { ...facts.data, ...extrasOf(message, facts.element) },
    }),
  ]
  if (isObject(message.referral)) events.push(referralEvent(message.referral, facts, 'message', cause))
  if (!facts.fromBusiness && isStopText(text)) events.push(stopEvent(facts, cause, text))
  return events
}

/** A checkbox plugin's user_ref is tied to the customer's id only by the first message after it. */
function baseOf({ base, element }: ElementFacts): EventBase {
  const prior = element.prior_message
  if (!isObject(prior) || prior.source !== 'checkbox_plugin' || base.contact === null) return base
  return { ...base, contact: withUserRef(base.contact, idText(prior.identifier)) }
}

/** The customer took a message back; only its id remains. The message itself stays a fact that happened. */
function deletion(mid: string, facts: ElementFacts): ParsedEvent {
  return eventOf(facts.base, {
    kind: 'message.edited',
    name: 'deleted',
    role: facts.fromBusiness ? 'system' : 'customer',
    identity: `deleted:${mid || `${facts.customerId}:${facts.ownTime ?? ''}`}`,
    refs: mid ? [mid] : [],
    data: { ...facts.data, deleted: true },
  })
}

/** Who wrote for the business (measures.md §5): our send id → campaign; no app or the inbox → human; any other app → bot. */
export function senderOf(message: JsonObject): { role: Role; sendRef: string[]; appId: string } {
  const appId = idText(message.app_id)
  const metadata = textOf(message.metadata)
  if (metadata.startsWith(sendMetadataPrefix) && metadata.length > sendMetadataPrefix.length) {
    return { role: 'campaign', sendRef: [metadata], appId }
  }
  return { role: appId === '' || inboxAppIds.includes(appId) ? 'human' : 'bot', sendRef: [], appId }
}

function extrasOf(message: JsonObject, element: JsonObject): JsonObject {
  const extras: JsonObject = {}
  const attachments = attachmentsOf(message)
  if (attachments.length > 0) extras.attachments = attachments
  if (isObject(message.quick_reply)) extras.quickReply = textOf(message.quick_reply.payload)
  const replyTo = objectAt(message, 'reply_to')
  if (isObject(replyTo.story)) extras.replyToStory = idText(replyTo.story.id)
  if (message.is_unsupported === true) extras.unsupported = true
  // Instagram: the business wrote to itself.
  if (message.is_self === true) extras.self = true
  const prior = objectAt(element, 'prior_message')
  if (idText(prior.identifier)) extras.priorMessage = { source: textOf(prior.source), id: idText(prior.identifier) }
  return extras
}

type Attachment = {
  type: string
  url?: string
  title?: string
  stickerId?: string
  lat?: number
  long?: number
  reelId?: string
  products?: string[]
  booking?: JsonObject
}

/**
 * The attachments, each sticker once: in the summer of 2026 one sticker came as an `image` and a `sticker` entry, before
 * that only as an `image`, and older events name it beside the attachments (protocols.md §2.2).
 */
function attachmentsOf(message: JsonObject): Attachment[] {
  const attachments = arrayAt(message, 'attachments').filter(isObject).map(attachmentOf)
  const beside = idText(message.sticker_id)
  if (beside && attachments.every((attachment) => attachment.type !== 'sticker')) {
    const image = attachments.find((attachment) => attachment.type === 'image')
    if (image) Object.assign(image, { type: 'sticker', stickerId: beside })
    else attachments.push({ type: 'sticker', stickerId: beside })
  }
  const named = new Set<string>()
  return attachments.filter(({ type, stickerId }) => {
    if (type !== 'sticker' || stickerId === undefined) return true
    const isFirst = !named.has(stickerId)
    named.add(stickerId)
    return isFirst
  })
}

function attachmentOf(attachment: JsonObject): Attachment {
  const payload = objectAt(attachment, 'payload')
  const stickerId = idText(payload.sticker_id)
  const type = stickerId ? 'sticker' : textOf(attachment.type) || 'unknown'
  const url = textOf(payload.url) || textOf(attachment.url) || textOf(attachment.URL) || textOf(attachment.payload)
  const title = textOf(attachment.title) || textOf(payload.title)
  const { lat, long } = objectAt(payload, 'coordinates')
  const reelId = idText(payload.reel_video_id)
  const products = arrayAt(objectAt(payload, 'product'), 'elements')
  return {
    type,
    ...(url && { url }),
    ...(title && { title }),
    ...(stickerId && { stickerId }),
    ...(typeof lat === 'number' && typeof long === 'number' && { lat, long }),
    ...(reelId && { reelId }),
    ...(products.length > 0 && { products: products.slice(0, productsMax).filter(isObject).map(productId) }),
    ...(type === 'appointment_booking' && { booking: bookingOf(payload) }),
  }
}

const productsMax = 50

function productId(product: JsonObject): string {
  return idText(product.retailer_id) || idText(product.id)
}

/** Times in Unix milliseconds, null when absent; on the wire they are seconds. */
function bookingOf(payload: JsonObject): JsonObject {
  return {
    id: idText(payload.booking_id),
    status: textOf(payload.status),
    startsAt: readTime(payload.start_time),
    endsAt: readTime(payload.end_time),
  }
}
