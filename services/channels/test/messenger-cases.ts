/** How cases of single elements are told and tested. */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { expect, test } from 'vitest'
import { parseMessenger } from '../src/messenger.ts'
import { eventsOf, pageBody, receivedAt } from './fixtures.ts'

export type Case = [what: string, element: unknown, expected: Partial<ParsedEvent>[]]

/** Each element becomes exactly these events, keeps its own text, and is the same facts when it comes again later. */
export function testCases(cases: readonly Case[]): void {
  test.each(cases)('%s', (_what, element, expected) => {
    const events = eventsOf(element)
    expect(events).toMatchObject(expected)
    expect(events).toHaveLength(expected.length)
    for (const event of events) expect(event.raw).toBe(JSON.stringify(element))
  })

  test.each(cases)('redelivered: %s', (_what, element) => {
    const later = pageBody([element]).replace(/"time":\d+/, '"time":1767229200000')
    const redelivered = parseMessenger(later, receivedAt + 3_600_000).entries.flatMap((entry) => entry.events)
    expect(redelivered.map((event) => event.identity)).toEqual(eventsOf(element).map((event) => event.identity))
  })
}
