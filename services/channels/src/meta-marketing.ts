/**
 * Paid marketing messages: what was sent, arrived, was read, clicked or given up. Whether they come as `changes[]`, flat
 * on the entry or as an element is not certain, so every envelope ends here. Sheet: protocols.md §4.5, §13.1.
 */
import type { EventKind, ParsedEvent, Role } from '@fidelio/core/event.ts'
import { eventOf } from './parsed-event.ts'
import { chooseTime, contentDigest, idText, type JsonObject, readTime, textOf } from './wire.ts'

type Meaning = { kind: EventKind; role: Role; cause: string }

const meanings = {
  // The ordinary echo of the same message is the same fact, whichever comes first.
  marketing_message_echoes: { kind: 'message.sent', role: 'campaign', cause: 'message' },
  marketing_message_deliveries: { kind: 'delivery', role: 'system', cause: 'marketing_delivery' },
  marketing_message_reads: { kind: 'read', role: 'customer', cause: 'marketing_read' },
  marketing_message_clicks: { kind: 'click', role: 'customer', cause: 'marketing_click' },
  marketing_message_delivery_failed: { kind: 'message.failed', role: 'system', cause: 'marketing_failed' },
} as const satisfies Record<string, Meaning>

export type MarketingField = keyof typeof meanings

export const marketingFields = Object.keys(meanings) as MarketingField[]

export function isMarketingField(field: string): field is MarketingField {
  return Object.hasOwn(meanings, field)
}

export type MarketingPlace = {
  accountId: string
  entryTime: number | null
  receivedAt: number
  raw: string
  /** The customer and the time of the element around the value, where there is one. */
  customerId?: string
  ownTime?: number | null
}

/**
 * `recipient_id` is missing for uploaded audiences: then nobody of ours is named. `mid` is missing on reads and for
 * uploaded audiences, the tracking id on clicks. The subscription token stays in `raw`: whoever holds it may write.
 */
export function marketingEvents(field: MarketingField, value: JsonObject, place: MarketingPlace): ParsedEvent[] {
  const { kind, role, cause } = meanings[field]
  const mid = idText(value.mid)
  const trackingId = idText(value.marketing_message_tracking_id)
  const customerId = idText(value.recipient_id) || (place.customerId ?? '')
  const own = readTime(value.timestamp) ?? place.ownTime ?? null
  const isEcho = field === 'marketing_message_echoes'
  const error = textOf(value.error_message)
  // One message is delivered once, and may be clicked often.
  const once = mid !== '' && field !== 'marketing_message_clicks' && field !== 'marketing_message_reads'
  return [
    eventOf(
      {
        ...chooseTime(own, place.entryTime, place.receivedAt),
        contact:
          customerId === '' ? null : { identities: [{ namespace: `messenger:${place.accountId}`, value: customerId }] },
        raw: place.raw,
      },
      {
        kind,
        name: 'marketing_message',
        role,
        externalId: isEcho ? mid : '',
        identity: once ? `${cause}:${mid}` : `${field}:${own ?? ''}:${contentDigest(value)}`,
        refs: [isEcho ? '' : mid, trackingId].filter(Boolean),
        appId: idText(value.app_id),
        data: {
          campaignId: idText(value.message_id),
          trackingId,
          ...(error && { errors: [{ message: error }] }),
        },
      },
    ),
  ]
}
