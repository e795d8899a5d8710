/** The generic body of design.md §7: every type, every reason for a rejection. */
import { describe, expect, test } from 'vitest'
import { type GenericOptions, type GenericResult, genericEventsMax, parseGenericBody } from '../src/generic-events.ts'

const receivedAt = 1_767_225_601_000
const contact = { externalId: 'C-1' }
const external = [{ namespace: 'external', value: 'C-1' }]

function itemsOf(body: unknown, options?: GenericOptions): GenericResult[] {
  const parsed = parseGenericBody(typeof body === 'string' ? body : JSON.stringify(body), receivedAt, options)
  if (parsed.outcome !== 'parsed') throw new Error(parsed.reason)
  return parsed.items
}

function one(type: string, data: unknown, more: object = {}): GenericResult | undefined {
  return itemsOf({ id: 'e1', type, timestamp: '2026-01-01T00:00:00Z', contact, data, ...more })[0]
}

describe('types', () => {
  test.each([
    [
      'message.received',
      { text: 'hi', messageId: 'm1' },
      { kind: 'message.received', role: 'customer', text: 'hi', externalId: 'm1' },
    ],
    [
      'message.sent',
      { text: 'yes', role: 'human' },
      { kind: 'message.sent', role: 'human', externalId: 'e1', refs: [] },
    ],
    ['message.sent', { text: 'yes', role: 'bot' }, { kind: 'message.sent', role: 'bot' }],
    ['message.sent', { text: 'yes', sendId: '42' }, { kind: 'message.sent', role: 'campaign', refs: ['send:42'] }],
    [
      'message.delivered',
      { messageId: 'm1', sendId: 'send:42' },
      { kind: 'delivery', role: 'system', refs: ['m1', 'send:42'], watermarkAt: 0 },
    ],
    [
      'message.read',
      { watermark: 1767225600 },
      { kind: 'read', role: 'customer', refs: [], watermarkAt: 1_767_225_600_000 },
    ],
    [
      'order.created',
      { orderId: 1001, total: '19.90', currency: 'eur' },
      { kind: 'order.created', role: 'customer', orderId: '1001', money: { amount: '19.90', currency: 'EUR' } },
    ],
    [
      'order.paid',
      { orderId: 'A-1', total: 19.9, currency: 'JPY' },
      { kind: 'order.paid', money: { amount: '19.9', currency: 'JPY' } },
    ],
    [
      'order.refunded',
      { orderId: 'A-1', total: '0.0001', currency: 'CHF' },
      { kind: 'order.refunded', role: 'system', money: { amount: '0.0001', currency: 'CHF' } },
    ],
    [
      'consent.granted',
      { channel: 'sandbox', topic: 'offers', wording: 'Yes please' },
      {
        kind: 'consent.granted',
        consent: { action: 'granted', channel: 'sandbox', topic: 'offers', wording: 'Yes please' },
      },
    ],
    [
      'consent.revoked',
      { channel: 'messenger', topic: '*' },
      { kind: 'consent.revoked', consent: { action: 'revoked', channel: 'messenger', topic: '*', wording: '' } },
    ],
    ['consent.revoked', {}, { consent: { action: 'revoked', channel: 'webhook', topic: '*', wording: '' } }],
    ['conversation.closed', undefined, { kind: 'conversation.closed', role: 'system' }],
    ['claim.filed', { amount: 3 }, { kind: 'custom', name: 'claim.filed', data: { amount: 3 } }],
    ['unknown', {}, { kind: 'custom', name: 'unknown' }],
  ])('%s %j', (type, data, expected) => {
    const result = one(type, data)
    expect(result).toMatchObject({ index: 0, id: 'e1', also: [], event: expected })
    expect(result?.event).toMatchObject({
      identity: `${type}:e1`,
      occurredAt: 1_767_225_600_000,
      timeFlag: '',
      contact: { identities: external },
    })
  })

  test('a STOP word ends every topic of the channel it came through', () => {
    const body = { id: 'e1', type: 'message.received', contact: { externalId: '7' }, data: { text: 'Stop' } }
    const [result] = itemsOf(body, { account: { channel: 'sandbox', externalId: 'shop' } })
    expect(result?.also).toMatchObject([
      { kind: 'consent.revoked', consent: { action: 'revoked', channel: 'sandbox', topic: '*', wording: 'Stop' } },
    ])
    expect(result?.also[0]?.contact).toEqual({
      identities: [
        { namespace: 'sandbox:shop', value: '7' },
        { namespace: 'external', value: '7' },
      ],
    })
    expect(result?.also[0]?.identity).not.toBe(result?.event?.identity)
  })

  test.each([
    ['messenger:801:7001', ['messenger']],
    ['sandbox:shop:7', ['sandbox']],
    ['instagram:178414:9', ['instagram']],
    // The tenant's own id belongs to no channel: nobody writes to that person anywhere.
    ['customer-7', ['messenger', 'instagram', 'whatsapp', 'webhook', 'sandbox']],
  ])('a STOP told of %s ends %j', (externalId, stopped) => {
    const body = { id: 'e1', type: 'message.received', contact: { externalId }, data: { text: 'STOP' } }
    const [result] = itemsOf(body, {})
    expect(result?.also.map((event) => event.consent?.channel)).toEqual(stopped)
    expect(new Set(result?.also.map((event) => event.identity)).size).toBe(stopped.length)
  })
})

describe('contacts, ids, times, digits', () => {
  test.each([
    [{ externalId: 'messenger:801:7001' }, [{ namespace: 'messenger:801', value: '7001' }]],
    [{ externalId: 'sandbox:shop:a:b' }, [{ namespace: 'sandbox:shop', value: 'a:b' }]],
    [{ externalId: 'instagram:178414:9' }, [{ namespace: 'instagram:178414', value: '9' }]],
    [{ externalId: 'app_scoped:9100:1234567890' }, [{ namespace: 'app_scoped:9100', value: '1234567890' }]],
    [{ externalId: 'messenger:801' }, [{ namespace: 'external', value: 'messenger:801' }]],
    [
      { externalId: 5, email: ' Kim@Example.COM ', phone: '+1 (555) 111-0002' },
      [
        { namespace: 'external', value: '5' },
        { namespace: 'email', value: 'kim@example.com' },
        { namespace: 'phone', value: '15551110002' },
      ],
    ],
  ])('%j', (given, identities) => {
    expect(one('message.received', { text: 'x' }, { contact: given })?.event?.contact?.identities).toEqual(identities)
  })

  test('what is known of the person', () => {
    const known = { ...contact, displayName: 'Kim', locale: 'fr-FR', timeZone: 'Europe/Paris' }
    expect(one('visit', {}, { contact: known })?.event?.contact).toEqual({
      identities: external,
      displayName: 'Kim',
      locale: 'fr-FR',
      timeZone: 'Europe/Paris',
    })
    expect(one('visit', {}, { contact: undefined })?.event?.contact).toBeNull()
  })

  test('webhook-id names the only event, and each event of many', () => {
    const event = { type: 'visit', data: {} }
    expect(itemsOf(event, { webhookId: 'msg_1' }).map((item) => item.event?.identity)).toEqual(['visit:msg_1'])
    expect(itemsOf({ ...event, id: 'own' }, { webhookId: 'msg_1' }).map((item) => item.id)).toEqual(['own'])
    expect(itemsOf({ events: [event, event] }, { webhookId: 'msg_1' }).map((item) => item.id)).toEqual([
      'msg_1:0',
      'msg_1:1',
    ])
  })

  test.each([
    ['2026-01-01T02:00:00+02:00', 1_767_225_600_000, ''],
    ['2026-01-01T00:00:00', 1_767_225_600_000, ''],
    [1767225600, 1_767_225_600_000, ''],
    ['1767225600000', 1_767_225_600_000, ''],
    [undefined, receivedAt, 'received_time'],
    [4102444800, receivedAt, 'received_time'],
    ['2020-01-01T00:00:00Z', 1_577_836_800_000, 'backfill'],
  ])('timestamp %s', (timestamp, occurredAt, timeFlag) => {
    expect(one('visit', {}, { timestamp })?.event).toMatchObject({ occurredAt, timeFlag })
  })

  test('long numbers keep their digits', () => {
    const raw =
      '{"id":184719329217930001,"type":"order.paid","contact":{"externalId":5184719329217930001},"data":{"orderId":820982911946154508,"total":12345678901234.0001,"currency":"EUR"}}'
    const [result] = itemsOf(`{"events": [ ${raw} ]}`)
    expect(result?.raw).toBe(raw)
    expect(result?.event).toMatchObject({
      identity: 'order.paid:184719329217930001',
      orderId: '820982911946154508',
      money: { amount: '12345678901234.0001' },
      contact: { identities: [{ value: '5184719329217930001' }] },
      raw,
    })
  })
})

describe('rejections', () => {
  test.each([
    ['no type', { id: 'e', contact }, 'type: is required'],
    ['no id', { type: 'visit' }, 'id: is required, so that a repeated request is not stored twice'],
    [
      'no person',
      { id: 'e', type: 'message.received', data: { text: 'x' } },
      'contact: externalId, email or phone is required',
    ],
    [
      'a time that is none',
      { id: 'e', type: 'visit', timestamp: 'soon' },
      'timestamp: must be ISO-8601 text or Unix seconds or milliseconds',
    ],
    ['a bad e-mail', { id: 'e', type: 'visit', contact: { email: 'kim' } }, 'contact.email: must be an e-mail address'],
    ['data that is a list', { id: 'e', type: 'visit', data: [] }, 'data: must be an object'],
    [
      'a sender without role',
      { id: 'e', type: 'message.sent', contact, data: { text: 'x' } },
      'data.role: must be human or bot',
    ],
    [
      'an order without total',
      { id: 'e', type: 'order.paid', contact, data: { orderId: '1', currency: 'EUR' } },
      'data.total: must be a decimal number',
    ],
    [
      'a total in words',
      { id: 'e', type: 'order.paid', contact, data: { orderId: '1', total: '1,5', currency: 'EUR' } },
      'data.total: must be a decimal of at most 14 and 4 digits, not negative',
    ],
    [
      'a currency that is none',
      { id: 'e', type: 'order.paid', contact, data: { orderId: '1', total: 1, currency: 'EURO' } },
      'data.currency: must be an ISO 4217 code such as EUR',
    ],
    [
      'a yes to everything',
      { id: 'e', type: 'consent.granted', contact, data: { channel: 'sandbox', topic: '*' } },
      'data.topic: must name one topic; * is only for revocations',
    ],
    [
      'a channel that is none',
      { id: 'e', type: 'consent.granted', contact, data: { channel: 'fax', topic: 'o' } },
      'data.channel: must be one of messenger, instagram, whatsapp, webhook, sandbox',
    ],
    [
      'a receipt of nothing',
      { id: 'e', type: 'message.read', contact, data: {} },
      'data: messageId, sendId or watermark is required',
    ],
    [
      'a watermark of nobody',
      { id: 'e', type: 'message.read', data: { watermark: 1767225600 } },
      'contact: externalId, email or phone is required',
    ],
    ['a text', 'x', 'an event must be an object'],
  ])('%s, beside neighbours that are kept', (_, wrong, reason) => {
    const good = { id: 'g', type: 'visit', contact }
    const results = itemsOf({ events: [good, wrong, good] })
    expect(results.map((result) => result.event?.kind ?? null)).toEqual(['custom', null, 'custom'])
    expect(results[1]).toMatchObject({ index: 1, reason, also: [], raw: JSON.stringify(wrong) })
  })

  test('whole bodies', () => {
    const reasonOf = (text: string) => {
      const parsed = parseGenericBody(text, receivedAt)
      return parsed.outcome === 'refused' ? parsed.reason : null
    }
    expect(['{', '[]', '"x"', 'null'].map(reasonOf)).toEqual([
      'malformed_json',
      'not_an_event',
      'not_an_event',
      'not_an_event',
    ])
    const many = (count: number) => JSON.stringify({ events: Array.from({ length: count }, () => ({})) })
    expect([many(0), many(genericEventsMax), many(genericEventsMax + 1)].map(reasonOf)).toEqual([
      null,
      null,
      'too_many_events',
    ])
  })
})
