/** The one rule for times and ids of protocols.md §0. */
import { describe, expect, test } from 'vitest'
import { contentDigest, idText, isDeeperThan, readTime } from '../src/wire.ts'

describe('readTime', () => {
  test.each([
    [99_999_999_999, 99_999_999_999_000],
    [100_000_000_000, 100_000_000_000],
    ['99999999999', 99_999_999_999_000],
    [1767225600.5, 1_767_225_600_500],
    [' 1767225600 ', 1_767_225_600_000],
    ['2026-01-01T00:00:00.250+0000', 1_767_225_600_250],
    ['2026-01-01T01:00:00+01:00', 1_767_225_600_000],
    ['2026-01-01 00:00:00', 1_767_225_600_000],
    ['2026-01-01', 1_767_225_600_000],
  ])('%s', (value, at) => {
    expect(readTime(value)).toBe(at)
  })

  test.each([
    undefined,
    null,
    0,
    '0',
    '',
    -5,
    '-5',
    'now',
    '2026-13-01T00:00:00Z',
    true,
    {},
    Number.NaN,
    1e300,
    '9'.repeat(30),
  ])('%s is missing', (value) => {
    expect(readTime(value)).toBeNull()
  })
})

describe('idText', () => {
  test.each([
    ['m_1', 'm_1'],
    [263902037430900, '263902037430900'],
    ['184719329217930001', '184719329217930001'],
    ['a\ud800', 'a\ufffd'],
    ['a\u0000', ''],
    ['x'.repeat(513), ''],
    [1.5, ''],
    [2 ** 53, ''],
    [null, ''],
    [{}, ''],
  ])('%j', (value, text) => {
    expect(idText(value)).toBe(text)
  })
})

test('content has one fingerprint whatever the order of its keys', () => {
  expect(contentDigest({ a: 1, b: [2] })).toBe(contentDigest({ b: [2], a: 1 }))
  expect(contentDigest({ a: 1 })).not.toBe(contentDigest({ a: '1' }))
})

test.each([
  ['a scalar', 'x', 0, false],
  ['an empty list', [], 0, true],
  ['a list', [1], 1, false],
  ['a list in an object', { a: [1] }, 1, true],
  ['a list in an object, allowed', { a: [1], b: {} }, 2, false],
  ['far beyond any stack', JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`), 49_999, true],
])('%s is nested deeper', (_, value, levels, expected) => expect(isDeeperThan(value, levels)).toBe(expected))
