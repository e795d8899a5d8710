/** WhatsApp bodies as Meta writes them, and how cases of single updates are told and tested. */
import type { ContactRef, ParsedEvent } from '@fidelio/core/event.ts'
import { expect, test } from 'vitest'
import { parseWhatsapp } from '../src/whatsapp.ts'
import { receivedAt } from './fixtures.ts'

export const wabaId = '102290129340398'
export const numberId = '4400001'
export const phone = '15551110002'
export const userId = 'US.13491208655302741918'
/** Seconds, as text: the unit and type of messages and statuses. */
export const sentAt = '1767225600'
export const sentAtMs = 1_767_225_600_000

export const metadata = { display_phone_number: '15550000001', phone_number_id: numberId }
export const byPhone = { namespace: 'phone', value: phone }
export const byUserId = { namespace: `whatsapp:${wabaId}`, value: userId }
export const known: ContactRef = { identities: [byPhone] }

export function change(value: unknown, field = 'messages'): unknown {
  return { field, value }
}

export function numberValue(lists: Record<string, unknown>): Record<string, unknown> {
  return { messaging_product: 'whatsapp', metadata, ...lists }
}

export function whatsappBody(...changes: unknown[]): string {
  return JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: wabaId, changes }] })
}

export function whatsappEvents(body: string, at = receivedAt): ParsedEvent[] {
  return parseWhatsapp(body, at).entries.flatMap((entry) => entry.events)
}

/** A list of a value, the field it comes in, one update of it, and the events it tells. */
export type Case = [what: string, list: string, update: unknown, expected: Partial<ParsedEvent>[], field?: string]

/** Each update becomes exactly these events, keeps its own text, and is the same facts when it comes again later. */
export function testCases(cases: readonly Case[]): void {
  test.each(cases)('%s', (_what, list, update, expected, field) => {
    const body = whatsappBody(change(numberValue({ [list]: [update] }), field))
    const { entries, ignored } = parseWhatsapp(body, receivedAt)
    expect(ignored).toEqual([])
    expect(entries.map((entry) => [entry.accountExternalId, entry.failures])).toEqual([[numberId, []]])
    const events = entries.flatMap((entry) => entry.events)
    expect(events).toMatchObject(expected)
    expect(events).toHaveLength(expected.length)
    for (const event of events) expect(event.raw).toBe(JSON.stringify(update))
    const again = whatsappEvents(body, receivedAt + 7 * 86_400_000)
    expect(again.map((event) => event.identity)).toEqual(events.map((event) => event.identity))
    expect(new Set(events.map((event) => event.identity)).size).toBe(events.length)
  })
}
