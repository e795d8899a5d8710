/** Bodies nobody wrote: parsers never throw, and a broken element never costs its neighbours (protocols.md §0). */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseGenericBody } from '../src/generic-events.ts'
import { parseMessenger } from '../src/messenger.ts'
import { entryAt, fromCustomer, pageBody, pageId, receivedAt, textMessage } from './fixtures.ts'

const keys = [
  'message',
  'postback',
  'reaction',
  'message_edit',
  'delivery',
  'read',
  'optin',
  'referral',
  'pass_thread_control',
  'app_roles',
  'order',
  'sender',
  'recipient',
  'timestamp',
  'mid',
  'text',
  'attachments',
  'payload',
  'watermark',
  'mids',
  'type',
  'is_echo',
  'thread',
  '__proto__',
  'constructor',
]
/** Values of every type under the keys the parser reads, nested as it reads them. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      null,
      true,
      0,
      -1,
      1e300,
      '',
      'notification_messages',
      'send:1',
      '\ud800',
      '\u0000',
      'STOP',
      '1767225600',
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 5 }),
  ),
}))

describe('messenger', () => {
  test('any element between two good ones leaves them whole', () => {
    fc.assert(
      fc.property(value, fc.constantFrom('messaging' as const, 'standby' as const), (element, key) => {
        const good = [textMessage('m_before'), textMessage('m_after')]
        const { entries } = parseMessenger(pageBody([good[0], element, good[1]], key), receivedAt)
        const [entry] = entries.filter((each) => each.accountExternalId === pageId)
        const kept = entry?.events.filter(
          (event) => event.raw === JSON.stringify(good[0]) || event.raw === JSON.stringify(good[1]),
        )
        expect(kept?.map((event) => event.externalId)).toEqual(['m_before', 'm_after'])
        // Nothing is dropped without a trace: the element is an event or a failure.
        expect((entry?.events.length ?? 0) + (entry?.failures.length ?? 0)).toBeGreaterThanOrEqual(3)
      }),
      { numRuns: 1_500 },
    )
  })

  test('any element is told the same way twice, with acceptable times and identities', () => {
    fc.assert(
      fc.property(value, (inner) => {
        const body = pageBody([{ ...fromCustomer, ...(typeof inner === 'object' ? inner : { message: inner }) }])
        const first = parseMessenger(body, receivedAt)
        expect(parseMessenger(body, receivedAt)).toEqual(first)
        for (const event of first.entries.flatMap((entry) => entry.events)) {
          expect(event.occurredAt).toBeLessThanOrEqual(receivedAt + 300_000)
          expect(Number.isSafeInteger(event.occurredAt) && Number.isSafeInteger(event.watermarkAt)).toBe(true)
          expect(event.identity).toMatch(/^[a-z_.]+:/)
          expect(Buffer.from(event.text).toString()).toBe(event.text)
        }
      }),
      { numRuns: 1_500 },
    )
  })

  test('any envelope', () => {
    fc.assert(
      fc.property(value, value, value, (entry, changes, flat) => {
        const bodies: unknown[] = [
          entry,
          [entry],
          { object: 'page', entry },
          { object: 'page', entry: [entry, { id: pageId, time: entryAt, changes }] },
          { object: 'page', entry: [{ id: pageId, field: 'messages', value: flat }] },
        ]
        for (const body of bodies) parseMessenger(JSON.stringify(body) ?? '', receivedAt)
      }),
      { numRuns: 500 },
    )
  })

  test('cut and garbled text', () => {
    const whole = pageBody([textMessage('m_1', 'a "quoted" \\ text'), { ...fromCustomer, read: { watermark: 1 } }])
    fc.assert(
      fc.property(fc.nat(whole.length), fc.string({ maxLength: 3 }), (at, noise) => {
        parseMessenger(whole.slice(0, at), receivedAt)
        parseMessenger(whole.slice(0, at) + noise + whole.slice(at + noise.length), receivedAt)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('generic events', () => {
  const types = [
    'message.received',
    'message.sent',
    'message.read',
    'order.paid',
    'consent.granted',
    'consent.revoked',
    'conversation.closed',
    'visit',
  ]

  test('any item between two good ones leaves them whole, and every item has a result', () => {
    const loose = fc.record(
      {
        id: fc.oneof(fc.constant('e'), value),
        type: fc.oneof(fc.constantFrom(...types), value),
        timestamp: value,
        contact: value,
        data: value,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(value, loose), (item) => {
        const good = { id: 'g', type: 'visit', contact: { externalId: '1' } }
        const parsed = parseGenericBody(JSON.stringify({ events: [good, item, good] }), receivedAt)
        if (parsed.outcome !== 'parsed') throw new Error(parsed.reason)
        expect(parsed.items.map((result) => result.index)).toEqual([0, 1, 2])
        expect([parsed.items[0]?.event?.name, parsed.items[2]?.event?.name]).toEqual(['visit', 'visit'])
        const [, result] = parsed.items
        expect(result?.event === null).toBe(typeof result?.reason === 'string')
      }),
      { numRuns: 1_500 },
    )
  })
})
