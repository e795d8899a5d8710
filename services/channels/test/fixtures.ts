/** Bodies as Meta writes them, and short words for what tests expect. */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { parseMessenger } from '../src/messenger.ts'

export const pageId = '801000000000001'
export const customerId = '7001'
/** Event time of the sheet's examples. */
export const eventAt = 1_767_225_600_123
export const entryAt = 1_767_225_600_500
export const receivedAt = 1_767_225_601_000

export const customer = { identities: [{ namespace: `messenger:${pageId}`, value: customerId }] }

export const fromCustomer = { sender: { id: customerId }, recipient: { id: pageId }, timestamp: eventAt }
export const fromPage = { sender: { id: pageId }, recipient: { id: customerId }, timestamp: eventAt }

export function pageBody(elements: readonly unknown[], key: 'messaging' | 'standby' = 'messaging'): string {
  return JSON.stringify({ object: 'page', entry: [{ id: pageId, time: entryAt, [key]: elements }] })
}

/** The events of one element of `messaging[]`. */
export function eventsOf(element: unknown, at: number = receivedAt): ParsedEvent[] {
  return parseMessenger(pageBody([element]), at).entries.flatMap((entry) => entry.events)
}

export function textMessage(mid: string, text = 'Hello'): Record<string, unknown> {
  return { ...fromCustomer, message: { mid, text } }
}
