import { describe, expect, it } from 'vitest'
import { lastHours, reasonsOf, totalOf } from '../src/pages/channels/hours.ts'
import { isJson, pretty } from '../src/pages/live/pretty.ts'

const now = Date.parse('2026-03-29T10:17:00Z')
const counted = (hour: string, more: object = {}) => ({
  hour,
  accepted: 0,
  dropped: 0,
  failed: 0,
  deferred: 0,
  refused: 0,
  reasons: [],
  ...more,
})

describe('the hours of an account', () => {
  it('are 24, oldest first, with zeros where nothing came, and end with the running one', () => {
    const hours = lastHours([counted('2026-03-29T10:00:00.000Z', { accepted: 3 })], now)
    expect(hours).toHaveLength(24)
    expect(hours[0]).toMatchObject({ hour: '2026-03-28T11:00:00.000Z', accepted: 0 })
    expect(hours.at(-1)).toMatchObject({ hour: '2026-03-29T10:00:00.000Z', accepted: 3 })
  })

  it('leave out what lies before them, and sum what is asked', () => {
    const hours = lastHours(
      [
        counted('2026-03-28T10:00:00.000Z', { accepted: 100 }),
        counted('2026-03-28T11:00:00.000Z', { accepted: 2, failed: 1 }),
        counted('2026-03-29T09:00:00.000Z', { refused: 4, dropped: 5 }),
      ],
      now,
    )
    expect(totalOf(hours, 'accepted')).toBe(2)
    expect(totalOf(hours, 'failed', 'refused', 'dropped')).toBe(10)
  })

  it('give each reason once, the most frequent first', () => {
    const reason = (outcome: string, word: string, events: number) => ({ outcome, reason: word, events })
    const hours = [
      counted('2026-03-29T09:00:00.000Z', { reasons: [reason('refused', 'signature_wrong', 2)] }),
      counted('2026-03-29T10:00:00.000Z', {
        reasons: [reason('refused', 'signature_wrong', 3), reason('dropped', 'duplicate_event', 9)],
      }),
    ]
    expect(reasonsOf(hours)).toEqual([reason('dropped', 'duplicate_event', 9), reason('refused', 'signature_wrong', 5)])
  })
})

describe('a payload', () => {
  it('is indented, unless that would change the digits of a number', () => {
    expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}')
    const long = '{"id":184719329217930001}'
    expect(pretty(long)).toBe(long)
    expect(pretty('{"a": ')).toBe('{"a": ')
  })

  it('is JSON or is not', () => {
    expect(isJson('{"a":1}')).toBe(true)
    expect(isJson('{"a": ')).toBe(false)
  })
})
