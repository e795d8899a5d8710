/** The envelope of protocols.md §1.3 and §1.6, its times (§0) and its oddities. */
import { backfillAfterDays, earliestEventAt } from '@fidelio/core/event.ts'
import { dayMs } from '@fidelio/core/time.ts'
import { describe, expect, test } from 'vitest'
import { parseMessenger } from '../src/messenger.ts'
import { inEnvelope } from '../src/parsed-event.ts'
import { entryAt, eventAt, eventsOf, fromCustomer, pageBody, pageId, receivedAt, textMessage } from './fixtures.ts'

const testButton =
  '{"object":"page","entry":[{"id":"0","time":1767225600,"changes":[{"field":"messages","value":{"sender":{"id":"12334"},"recipient":{"id":"23245"},"timestamp":"1527459824","message":{"mid":"test","text":"test"}}}]}]}'

describe('envelope', () => {
  test('several pages and several elements, standby marked, one entry per Page', () => {
    const body = JSON.stringify({
      object: 'page',
      entry: [
        { id: '1', time: entryAt, messaging: [textMessage('m_1'), textMessage('m_2')] },
        { id: '2', time: entryAt, standby: [textMessage('m_3')] },
        { id: 1, time: String(entryAt), messaging: [textMessage('m_4')] },
      ],
    })
    const { entries, ignored } = parseMessenger(body, receivedAt)
    expect(entries.map((entry) => [entry.accountExternalId, entry.events.map((event) => event.externalId)])).toEqual([
      ['1', ['m_1', 'm_2', 'm_4']],
      ['2', ['m_3']],
    ])
    expect(ignored).toEqual([])
  })

  test('a body wrapped in an array', () => {
    const { entries } = parseMessenger(`[ ${pageBody([textMessage('m_1')])} ]`, receivedAt)
    expect(entries[0]?.events[0]).toMatchObject({ externalId: 'm_1', raw: JSON.stringify(textMessage('m_1')) })
  })

  test('the test button is dropped, the same shape of a real Page is read', () => {
    expect(parseMessenger(testButton, receivedAt)).toMatchObject({ entries: [], ignored: [{ reason: 'test_button' }] })
    const { entries } = parseMessenger(testButton.replace('"id":"0"', '"id":"23245"'), receivedAt)
    expect(entries[0]?.events).toMatchObject([
      { kind: 'message.received', externalId: 'test', occurredAt: 1527459824000 },
    ])
  })

  test('an entry without id belongs to the receiver, of an echo to the sender', () => {
    const echo = { sender: { id: '9' }, recipient: { id: '7001' }, message: { mid: 'e', is_echo: true } }
    const body = JSON.stringify({
      object: 'page',
      entry: [{ time: entryAt, messaging: [textMessage('m_1'), echo, {}] }],
    })
    const { entries, ignored } = parseMessenger(body, receivedAt)
    expect(entries.map((entry) => entry.accountExternalId)).toEqual([pageId, '9'])
    const envelope = `{"object":"page","entry":[{"time":${entryAt},"messaging":[$element]}]}`
    expect(ignored).toEqual([{ reason: 'no_account', raw: '{}', envelope }])
  })

  test.each([
    ['feed', { item: 'comment', message: 'nice', created_time: 1767225500, sender_id: 1 }, 1_767_225_500_000],
    ['inbox_labels', { user: { id: '1' }, action: 'add' }, 1_767_225_600_000],
    ['marketing_message_deliveries', 'a bare text', 1_767_225_600_000],
    ['mention', undefined, 1_767_225_600_000],
  ])('a change of %s is kept raw, with entry.time in seconds', (field, value, occurredAt) => {
    const change = { field, value }
    const body = JSON.stringify({ object: 'page', entry: [{ id: pageId, time: 1767225600, changes: [change] }] })
    const flat = JSON.stringify({ object: 'page', entry: [{ id: pageId, time: 1767225600, ...change }] })
    const expected = [{ kind: 'unknown', name: `field:${field}`, role: 'system', contact: null, occurredAt }]
    expect(parseMessenger(body, receivedAt).entries[0]).toMatchObject({ events: expected, failures: [] })
    expect(parseMessenger(body, receivedAt).entries[0]?.events[0]?.raw).toBe(JSON.stringify(change))
    expect(parseMessenger(flat, receivedAt).entries[0]?.events).toMatchObject(expected)
  })

  test.each([
    ['{"object":"page","entry":[]}', []],
    ['{"object":"page"}', []],
    ['{"object":"instagram","entry":[{"id":"1"}]}', ['object:instagram']],
    ['{"object":"something_new"}', ['object:other']],
    ['not json', ['malformed_json']],
    ['', ['malformed_json']],
    ['3', ['body_not_an_object']],
    ['null', ['body_not_an_object']],
    ['{"object":"page","entry":[7,{"id":"1","time":5}]}', ['entry_not_an_object', 'entry_without_updates']],
  ])('%s holds nothing for us', (body, reasons) => {
    const parsed = parseMessenger(body, receivedAt)
    expect(parsed.entries).toEqual([])
    expect(parsed.ignored.map((part) => part.reason)).toEqual(reasons)
  })

  test('a bad element is a failure beside its neighbours', () => {
    const { entries } = parseMessenger(pageBody([textMessage('m_1'), null, 'x', textMessage('m_2')]), receivedAt)
    expect(entries[0]?.events.map((event) => event.externalId)).toEqual(['m_1', 'm_2'])
    const envelope = `{"object":"page","entry":[{"id":"${pageId}","time":${entryAt},"messaging":[$element]}]}`
    expect(entries[0]?.failures).toEqual([
      { reason: 'not_an_object', detail: '', raw: 'null', envelope },
      { reason: 'not_an_object', detail: '', raw: '"x"', envelope },
    ])
    // Put back with a correction, the element is read as it would have been beside its neighbours.
    const again = parseMessenger(inEnvelope(envelope, JSON.stringify(textMessage('m_3'))), receivedAt)
    const whole = parseMessenger(pageBody([textMessage('m_3')]), receivedAt)
    expect(again.entries[0]?.events).toEqual(whole.entries[0]?.events)
  })

  test('nesting too deep for the parser costs only its element', () => {
    const deep = `{"sender":{"id":"1"},"recipient":{"id":"${pageId}"},"brand_new":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    const body = pageBody([textMessage('m_1'), 0, textMessage('m_2')]).replace(',0,', `,${deep},`)
    const [entry] = parseMessenger(body, receivedAt).entries
    expect(entry?.events.map((event) => event.externalId)).toEqual(['m_1', 'm_2'])
    expect(entry?.failures).toMatchObject([{ reason: 'parser_error', detail: 'RangeError', raw: deep }])
  })
})

describe('digits and bytes', () => {
  test('long numbers keep their digits, as ids and in the raw text', () => {
    const element = `{"sender":{"id":184719329217930001},"recipient":{"id":${pageId}},"timestamp":${eventAt},"message":{"mid":"m_1","text":"caf\\u00e9 \\ud83d\\ude00 http:\\/\\/a.b\\/"}}`
    const [event] = parseMessenger(pageBody([0]).replace('[0]', `[ ${element} ]`), receivedAt).entries[0]?.events ?? []
    expect(event?.contact?.identities[0]?.value).toBe('184719329217930001')
    expect(event?.text).toBe('café 😀 http://a.b/')
    expect(event?.raw).toBe(element)
  })

  test('half a surrogate pair never reaches a store', () => {
    const [event] = eventsOf({ ...fromCustomer, message: { mid: 'm_1', text: 'a\ud83db' } })
    expect(event?.text).toBe('a\ufffdb')
  })
})

describe('when it happened', () => {
  test.each([
    ['milliseconds', eventAt, eventAt, ''],
    ['milliseconds as text', String(eventAt), eventAt, ''],
    ['seconds', 1767225600, 1_767_225_600_000, ''],
    ['seconds as text', '1767225600', 1_767_225_600_000, ''],
    ['ISO text', '2026-01-01T00:00:00+0000', 1_767_225_600_000, ''],
    ['absent', undefined, entryAt, 'entry_time'],
    ['null', null, entryAt, 'entry_time'],
    ['0', 0, entryAt, 'entry_time'],
    ['unreadable', 'yesterday', entryAt, 'entry_time'],
    ['just inside the future', receivedAt + 300_000, receivedAt + 300_000, ''],
    ['too far in the future', receivedAt + 300_001, entryAt, 'entry_time'],
    ['before 2010', earliestEventAt - 1, entryAt, 'entry_time'],
    ['old', receivedAt - backfillAfterDays * dayMs - 1, receivedAt - backfillAfterDays * dayMs - 1, 'backfill'],
    ['not yet old', receivedAt - backfillAfterDays * dayMs, receivedAt - backfillAfterDays * dayMs, ''],
  ])('%s', (_, timestamp, occurredAt, timeFlag) => {
    expect(eventsOf({ ...fromCustomer, timestamp, message: { mid: 'm_1' } })).toMatchObject([{ occurredAt, timeFlag }])
  })

  test('without any time it is receipt', () => {
    const body = JSON.stringify({ object: 'page', entry: [{ id: pageId, messaging: [{ message: { mid: 'm_1' } }] }] })
    const [entry] = parseMessenger(body, receivedAt).entries
    expect(entry?.events).toMatchObject([{ occurredAt: receivedAt, timeFlag: 'received_time', contact: null }])
  })
})
