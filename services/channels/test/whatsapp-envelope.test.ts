/** The envelope of protocols.md §8.1: several numbers in one account, several lists in one value, and its oddities. */
import { describe, expect, test } from 'vitest'
import { inEnvelope } from '../src/parsed-event.ts'
import { parseWhatsapp, whatsappAccountOf } from '../src/whatsapp.ts'
import { receivedAt } from './fixtures.ts'
import { change, metadata, numberId, numberValue, phone, sentAt, wabaId, whatsappBody } from './whatsapp-cases.ts'

const text = (id: string, from = phone) => ({ from, id, timestamp: sentAt, type: 'text', text: { body: 'x' } })
const identities = (body: string) =>
  parseWhatsapp(body, receivedAt).entries.map((entry) => [
    entry.accountExternalId,
    entry.events.map((event) => event.identity),
  ])

describe('envelope', () => {
  test('one account with two numbers, and a second account', () => {
    const other = { ...metadata, phone_number_id: '4400002' }
    const body = JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: wabaId,
          changes: [
            change(numberValue({ messages: [text('a')] })),
            change({ ...numberValue({ messages: [text('b')] }), metadata: other }),
            change(numberValue({ messages: [text('c')] })),
          ],
        },
        {
          id: '9',
          changes: [change({ ...numberValue({ messages: [text('d')] }), metadata: { phone_number_id: 4400003 } })],
        },
      ],
    })
    expect(identities(body)).toEqual([
      [numberId, ['message:a', 'message:c']],
      ['4400002', ['message:b']],
      ['4400003', ['message:d']],
    ])
  })

  test('messages, statuses and errors in one value', () => {
    const value = numberValue({
      messages: [text('a')],
      statuses: [{ id: 'b', status: 'read', recipient_id: phone }],
      errors: [{ code: 1 }],
    })
    const [entry] = parseWhatsapp(whatsappBody(change(value)), receivedAt).entries
    expect(entry?.events.map((event) => event.kind)).toEqual(['message.received', 'read', 'account.changed'])
  })

  test('a key beside the lists and a list that is none are kept raw, and cost nothing', () => {
    const value = numberValue({
      messages: [text('a')],
      statuses: { id: 'b' },
      novelty: [1, 12345678901234567890n.toString()],
    })
    const [entry] = parseWhatsapp(whatsappBody(change(value)), receivedAt).entries
    expect(entry?.events.map(({ kind, name, raw }) => [kind, name, raw.slice(0, 9)])).toEqual([
      ['message.received', '', '{"from":"'],
      ['unknown', 'malformed:statuses', '{"id":"b"'],
      ['unknown', 'key:other', '[1,"12345'],
    ])
  })

  test('an update that is none is a failure that can be read again as it stood', () => {
    const value = {
      ...numberValue({ messages: [text('a'), 7, text('b')] }),
      contacts: [{ wa_id: phone, profile: { name: 'Kim' } }],
    }
    const [entry] = parseWhatsapp(whatsappBody(change(value)), receivedAt).entries
    expect(entry?.events.map((event) => event.externalId)).toEqual(['a', 'b'])
    expect(entry?.failures).toMatchObject([{ reason: 'not_an_object', raw: '7' }])
    const again = parseWhatsapp(inEnvelope(entry?.failures[0]?.envelope, JSON.stringify(text('c'))), receivedAt)
    expect(again).toMatchObject({
      ignored: [],
      entries: [{ accountExternalId: numberId, events: [{ externalId: 'c', contact: { displayName: 'Kim' } }] }],
    })
  })

  test('nesting beyond the stack costs its update alone', () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000)
    const marked = { ...text('a'), id: undefined, extra: 'DEEP' }
    const body = whatsappBody(change(numberValue({ messages: [text('b'), marked, text('c')] }))).replace('"DEEP"', deep)
    const [entry] = parseWhatsapp(body, receivedAt).entries
    expect(entry?.events.map((event) => event.externalId)).toEqual(['b', 'c'])
    expect(entry?.failures).toMatchObject([{ reason: 'parser_error', detail: 'RangeError' }])
  })

  test('bodies in an array, a flat change, and a body that leaves its object out', () => {
    const flat = `{"id":"${wabaId}","field":"messages","value":${JSON.stringify(numberValue({ messages: [text('a')] }))}}`
    expect(identities(`[{"entry":[${flat}]}]`)).toEqual([[numberId, ['message:a']]])
  })

  test('without a business account and without a number there is nobody to give it to', () => {
    const body = JSON.stringify({ entry: [{ changes: [change({ messages: [text('a')] })] }] })
    expect(parseWhatsapp(body, receivedAt)).toMatchObject({ entries: [], ignored: [{ reason: 'no_account' }] })
  })

  test.each([
    ['not JSON', '{"entry":[', 'malformed_json'],
    ['not an object', '7', 'body_not_an_object'],
    ['another object', '{"object":"page","entry":[{}]}', 'object:other'],
    ['an entry that is none', '{"entry":[7]}', 'entry_not_an_object'],
    ['an empty entry', '{"entry":[{"id":"1","time":1,"changes":[]}]}', 'entry_without_updates'],
    ['entries that are no list', '{"entry":{"id":"1"}}', 'entry_not_a_list'],
    ['changes that are no list', '{"entry":[{"id":"1","changes":{"field":"messages"}}]}', 'entry_not_understood'],
    ['an entry in a shape of its own', '{"entry":[{"id":"1","updates":[{}]}]}', 'entry_not_understood'],
    ['the test button', '{"entry":[{"id":"0","changes":[{"field":"messages","value":{}}]}]}', 'test_button'],
  ])('%s', (_, body, reason) => {
    expect(parseWhatsapp(body, receivedAt)).toMatchObject({ entries: [], ignored: [{ reason }] })
  })

  test('no entries at all', () => {
    for (const body of ['{"object":"whatsapp_business_account","entry":[]}', '{}', '[]']) {
      expect(parseWhatsapp(body, receivedAt)).toEqual({ entries: [], ignored: [] })
    }
  })
})

test('ids above 2^53 keep every digit, whether they are written as numbers or as text', () => {
  const big = '184719329217930001'
  const body = `{"entry":[{"id":${big},"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":${big}},
    "messages":[{"from":${big.slice(0, 15)},"from_user_id":${big},"id":${big},"timestamp":1767225600,"type":"reaction","reaction":{"message_id":${big}}}]}}]}]}`
  const [entry] = parseWhatsapp(body, receivedAt).entries
  expect(entry).toMatchObject({
    accountExternalId: big,
    events: [
      {
        externalId: big,
        refs: [big],
        contact: {
          identities: [
            { namespace: `whatsapp:${big}`, value: big },
            { namespace: 'phone', value: big.slice(0, 15) },
          ],
        },
      },
    ],
  })
})

test('the account of a change is its number, otherwise the business account', () => {
  expect(whatsappAccountOf('1', { metadata: { phone_number_id: '2' } })).toBe('2')
  expect(whatsappAccountOf('1', { metadata: null })).toBe('1')
  expect(whatsappAccountOf('1', 'text')).toBe('1')
})
