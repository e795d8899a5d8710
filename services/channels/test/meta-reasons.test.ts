/** Whatever arrives, the reasons it is counted by come from one closed list (protocols.md §0 "Unknown is normal"). */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseInstagram } from '../src/instagram.ts'
import { parseMessenger } from '../src/messenger.ts'
import { elementKeys, keptRawFields, keptRawKeys, unknownReasons } from '../src/meta-reasons.ts'
import { entryAt, pageId, receivedAt } from './fixtures.ts'

const key = fc.oneof(
  fc.constantFrom<string>(...elementKeys, ...keptRawKeys, ...keptRawFields, 'thread', 'brand_new', '__proto__'),
  fc.string({ maxLength: 12 }),
)
const value = fc.oneof(
  fc.constantFrom<unknown>(null, 0, '', 'text', [], {}, { type: 'coupon' }, { status: 'x' }),
  fc.dictionary(key, fc.constantFrom<unknown>(null, 1, 'a', {}, []), { maxKeys: 3 }),
)
const element = fc.dictionary(key, value, { maxKeys: 3 })
const change = fc.record({ field: fc.oneof(key, fc.constant(7)), value }, { requiredKeys: [] })

test('every unknown event bears a word of the list, and the list is what the parsers can say', () => {
  const said = new Set<string>()
  fc.assert(
    fc.property(fc.array(element, { maxLength: 4 }), fc.array(change, { maxLength: 4 }), (messaging, changes) => {
      for (const [object, parse] of [
        ['page', parseMessenger],
        ['instagram', parseInstagram],
      ] as const) {
        const body = JSON.stringify({ object, entry: [{ id: pageId, time: entryAt, messaging, changes }] })
        for (const event of parse(body, receivedAt).entries.flatMap((entry) => entry.events)) {
          if (event.kind === 'unknown') said.add(event.name)
        }
      }
    }),
    { numRuns: 2_000, seed: 20261122 },
  )
  expect([...said].filter((name) => !unknownReasons.has(name))).toEqual([])
  // The run reached most of the list, so that it says something.
  expect(said.size).toBeGreaterThan(unknownReasons.size / 2)
})
