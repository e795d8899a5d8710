/** Digits kept, text kept: parseJson against an independent lossless parser, spans against what JSON.parse reads. */
import fc from 'fast-check'
import { isInteger, parse as losslessParse, toSafeNumberOrThrow } from 'lossless-json'
import { describe, expect, test } from 'vitest'
import { canonicalJson, elementSpans, memberSpan, parseJson } from '../src/json.ts'

describe('parseJson', () => {
  test.each([
    ['{"id":184719329217930001}', { id: '184719329217930001' }],
    [
      '[9007199254740991,9007199254740992,-9007199254740993]',
      [9007199254740991, '9007199254740992', '-9007199254740993'],
    ],
    ['12345678901234567890', '12345678901234567890'],
    ['{"total":12345678901234.567}', { total: '12345678901234.567' }],
    ['{"total":0.0000000000000001,"n":1.5}', { total: 0.0000000000000001, n: 1.5 }],
    [
      '{"text":"call 12345678901234567890, \\"now\\" \\\\","n":1}',
      { text: 'call 12345678901234567890, "now" \\', n: 1 },
    ],
    [
      '{"a":"x:12345678901234567890","b" : 12345678901234567890 }',
      { a: 'x:12345678901234567890', b: '12345678901234567890' },
    ],
    ['{"e":1e3,"big":11111111111111111111}', { e: 1000, big: '11111111111111111111' }],
    ['{"a":1,"a":22222222222222222222}', { a: '22222222222222222222' }],
  ])('%s', (text, value) => {
    expect(parseJson(text)).toEqual(value)
  })

  test.each(['', '{', '{12345678901234567890:1}', '[012345678901234567890]', '{"a":1}x', 'nul'])(
    'refuses %s',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError)
    },
  )

  test('agrees with a lossless parser on any value with integers of any length', () => {
    const oracle = (text: string) =>
      losslessParse(text, undefined, (token) =>
        isInteger(token) && !Number.isSafeInteger(Number(token)) ? token : toSafeNumberOrThrow(token, { approx: true }),
      )
    const long = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n })
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^k[a-z"\\:]{0,6}$/), fc.oneof(fc.string(), long, fc.array(long))),
        (value) => {
          const text = JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? `#${member}#` : member))
          const written = text.replace(/"#(-?\d+)#"/g, '$1')
          expect(parseJson(written)).toEqual(oracle(written))
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('spans', () => {
  test('every element of any array, and every member of any object, is its own text', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (values, indent) => {
        const text = JSON.stringify({ before: '}]"[', 'a"b': values, after: [1] }, null, indent)
        const span = memberSpan(text, 0, 'a"b')
        const elements = elementSpans(text, span?.start ?? -1).map(({ start, end }) =>
          JSON.parse(text.slice(start, end)),
        )
        expect(elements).toEqual(JSON.parse(text)['a"b'])
      }),
      { numRuns: 500 },
    )
  })

  test('of a repeated key the last, and escaped keys are read', () => {
    const text = '{"k":[1],"\\u006b":[2, 3]}'
    expect(
      elementSpans(text, memberSpan(text, 0, 'k')?.start ?? 0).map(({ start, end }) => text.slice(start, end)),
    ).toEqual(['2', '3'])
    expect(memberSpan(text, 0, 'none')).toBeNull()
    expect(memberSpan('[]', 0, 'k')).toBeNull()
    expect(elementSpans('{}', 0)).toEqual([])
  })

  test('end on any text, valid or not', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[[\]{}",: 1a]{0,40}$/), (text) => {
        elementSpans(text, 0)
        memberSpan(text, 0, 'a')
      }),
      { numRuns: 2_000 },
    )
  })
})

test('canonical text does not depend on the order of keys', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"a":null,"b":[1,{"c":"x","d":null}]}')
})
