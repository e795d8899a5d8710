import { eventColumns, type ParsedEvent } from '@fidelio/core/event.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowIdentity, rowScope, rowText, textJson } from './row.ts'

const event: ParsedEvent = {
  kind: 'message.received',
  name: '',
  role: 'customer',
  externalId: 'm_1',
  identity: 'message:m_1',
  occurredAt: Date.UTC(2026, 2, 1, 12, 0, 0, 7),
  timeFlag: '',
  contact: null,
  text: 'line\n"quoted" \\ \u0000 é 😀',
  refs: ['a', 'b"'],
  watermarkAt: 0,
  money: { amount: '19.90', currency: 'EUR' },
  orderId: 'o-1',
  appId: '',
  consent: null,
  data: { payload: 'x' },
  raw: '{"a":"\\ud83d\\ude00"}',
}
const scope = rowScope('b', 'a', 'messenger')
const columns = (changes: Partial<ParsedEvent>) => {
  const values = JSON.parse(rowText(scope, 7, 'row', { ...event, ...changes }, 1_700_000_000_000)) as unknown[]
  expect(values).toHaveLength(eventColumns.length)
  return Object.fromEntries(eventColumns.map((name, index) => [name, values[index]]))
}

test('a row holds every column, in the order of the insert, on one line', () => {
  expect(rowText(scope, 7, 'row', event, 0)).not.toContain('\n')
  expect(columns({})).toEqual({
    business_id: 'b',
    contact_id: 7,
    account_id: 'a',
    channel: 'messenger',
    kind: 'message.received',
    role: 'customer',
    name: '',
    ts: '1772366400.007',
    received_at: '1700000000.000',
    time_flag: '',
    row_id: 'row',
    external_id: 'm_1',
    text: event.text,
    refs: ['a', 'b"'],
    watermark_at: '1970-01-01 00:00:00.000',
    order_id: 'o-1',
    amount: '19.90',
    currency: 'EUR',
    app_id: '',
    data: '{"payload":"x"}',
    raw: event.raw,
  })
})

test('times outside the usual range are bounded to what the column holds', () => {
  expect(columns({ watermarkAt: 8.64e15 }).watermark_at).toBe('2100-01-01 00:00:00.000')
  expect(columns({ watermarkAt: 5_000 }).watermark_at).toBe('1970-01-01 00:00:05.000')
})

test('any text becomes JSON that the store accepts: no half of a surrogate pair survives', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, broken) => {
      const given = broken ? `${text}\ud83d` : text
      const read = JSON.parse(textJson(given)) as string
      expect(read).toBe(given.replace(/\p{Surrogate}/gu, '\ufffd'))
    }),
  )
})

test('an identity is a UUID, the same for the same fact and different for everything else', () => {
  const id = rowIdentity('b', 'a', 'message:m_1')
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(rowIdentity('b', 'a', 'message:m_1')).toBe(id)
  const others = [
    rowIdentity('b2', 'a', 'message:m_1'),
    rowIdentity('b', 'a2', 'message:m_1'),
    rowIdentity('b', 'a', 'x'),
  ]
  expect(new Set([id, ...others]).size).toBe(4)
})
