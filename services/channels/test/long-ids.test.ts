/** Integers above 2^53 in any place of an id come out digit for digit, written as numbers or as texts (protocols.md §0). */
import { expect, test } from 'vitest'
import { type Tree, textOfTree, treeOf } from './fuzz/generate.ts'
import { type Target, targets } from './fuzz/targets.ts'

/** Keys whose values are ids, of any provider. */
const idKey = /(^|_)(id|mid|mids|clid|ref)$|^(from|to|orderId|messageId|sendId|externalId|customer|payment_intent)$/

/** Nineteen digits: a double keeps seventeen of them at most. */
const firstId = 1_827_364_554_637_281_901n

/** The tree with every id replaced by another long integer, and what they are. */
function withLongIds(tree: Tree, asText: boolean, given: string[] = [], key = ''): Tree {
  if (Array.isArray(tree)) return tree.map((item) => withLongIds(item, asText, given, key))
  const isScalar = typeof tree === 'string' || (typeof tree === 'object' && tree !== null && 'token' in tree)
  if (isScalar && idKey.test(key)) {
    const digits = String(firstId + BigInt(given.length) * 7n)
    given.push(digits)
    return asText ? digits : { token: digits }
  }
  if (typeof tree !== 'object' || tree === null || 'token' in tree) return tree
  return { members: tree.members.map(([name, value]) => [name, withLongIds(value, asText, given, name)]) }
}

/** Everything a parser says of a body, but for the body's own text, which of course differs. */
function told(target: Target, text: string, topic: number): string {
  return JSON.stringify(target.parse(text, topic).events, (key, value) => (key === 'raw' ? undefined : value))
}

function partsOf(target: Target): { wrap: (part: string) => string; tree: Tree }[] {
  const whole = target.bodies.map((body) => ({ wrap: (part: string) => part, tree: treeOf(body) }))
  const within = target.levels.flatMap(({ wrap, seeds }) =>
    seeds.map((seed) => ({ wrap: (part: string) => wrap([part]), tree: treeOf(seed) })),
  )
  return [...whole, ...within]
}

const longInteger = /\d{17,19}/g

test.each(targets)('$name', (target) => {
  let survived = 0
  for (const [index, { wrap, tree }] of partsOf(target).entries()) {
    const given: string[] = []
    const asNumbers = told(target, wrap(textOfTree(withLongIds(tree, false, given))), index)
    const asTexts = told(target, wrap(textOfTree(withLongIds(tree, true))), index)
    expect(asNumbers).toBe(asTexts)
    // A rounded id would be a long integer that nobody gave.
    for (const [digits] of asNumbers.matchAll(longInteger)) {
      if (!digits.startsWith('18273645546372')) continue
      survived++
      expect(given).toContain(digits)
    }
  }
  expect(survived).toBeGreaterThan(8)
})

test('a parser that rounds is found', () => {
  const rounding = targets.map(
    (target): Target => ({
      ...target,
      parse: (text, topic) => target.parse(JSON.stringify(JSON.parse(text)), topic),
    }),
  )
  for (const target of rounding) {
    const differs = partsOf(target).some(({ wrap, tree }, index) => {
      const asNumbers = told(target, wrap(textOfTree(withLongIds(tree, false))), index)
      return asNumbers !== told(target, wrap(textOfTree(withLongIds(tree, true))), index)
    })
    expect(differs, target.name).toBe(true)
  }
})
