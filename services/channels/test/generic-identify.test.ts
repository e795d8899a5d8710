/** `identify` and attributes of the generic body: what is told of a person beside what happened. */
import { describe, expect, test } from 'vitest'
import { type GenericResult, parseGenericBody } from '../src/generic-events.ts'

const receivedAt = 1_767_225_601_000
const contact = { externalId: 'C-1' }
const external = [{ namespace: 'external', value: 'C-1' }]

function resultOf(body: object): GenericResult | undefined {
  const parsed = parseGenericBody(JSON.stringify(body), receivedAt)
  if (parsed.outcome !== 'parsed') throw new Error(parsed.reason)
  return parsed.items[0]
}

describe('identify', () => {
  const who = (contact: object, more: object = {}) => resultOf({ type: 'identify', contact, ...more })

  const visit = (data: object, more: object = {}) => resultOf({ id: 'e1', type: 'visit', contact, data, ...more })

  test('tells who somebody is and is no event; it needs no id', () => {
    const told = who({
      externalId: 'C-1',
      email: 'Kim@Example.com',
      displayName: 'Kim',
      locale: 'fr-FR',
      timeZone: 'Europe/Paris',
      attributes: { plan: 'gold', visits: 3, vip: true, birthday: null },
    })
    expect(told).toMatchObject({ event: null, also: [] })
    expect(told).not.toHaveProperty('reason')
    expect(told?.profile).toEqual({
      contact: {
        identities: [...external, { namespace: 'email', value: 'kim@example.com' }],
        displayName: 'Kim',
        locale: 'fr-FR',
        timeZone: 'Europe/Paris',
      },
      attributes: { plan: 'gold', visits: 3, vip: true, birthday: null },
      toldAt: receivedAt,
    })
    expect(who(contact, { timestamp: '2026-01-01T00:00:00Z' })?.profile?.toldAt).toBe(1_767_225_600_000)
  })

  test.each([
    [{}, 'contact: externalId, email or phone is required'],
    [
      { ...contact, attributes: [] },
      'contact.attributes: must be an object of names (1 to 100 printable characters) and values',
    ],
    [
      { ...contact, attributes: { a: { b: 1 } } },
      'contact.attributes.a: must be a text of at most 1000 characters, a number, true, false or null',
    ],
    [
      { ...contact, attributes: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`a${index}`, 1])) },
      'contact.attributes: at most 100 at a time',
    ],
    [{ ...contact, timeZone: 'CET' }, 'contact.timeZone: must be an IANA time zone such as Europe/Paris'],
  ])('%j', (given, reason) => {
    expect(who(given)).toMatchObject({ event: null, reason })
  })

  test('attributes may come beside an event; properties nobody knows are kept and harm nothing', () => {
    const told = visit(
      { page: '/', nested: { a: [1] } },
      { contact: { ...contact, attributes: { plan: 'gold' }, shoe: 42 }, trace: 'x' },
    )
    expect(told?.event).toMatchObject({ kind: 'custom', data: { page: '/', nested: { a: [1] } } })
    expect(told?.event?.raw).toContain('"shoe":42')
    expect(told?.profile?.attributes).toEqual({ plan: 'gold' })
    expect(visit({})).not.toHaveProperty('profile')
  })
})
