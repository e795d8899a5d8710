/** Values nested beyond any stack, in every place of every body: they cost themselves alone (reliability.md §1 "Poison payloads"). */
import { expect, test } from 'vitest'
import { type Tree, textOfTree, treeOf } from './fuzz/generate.ts'
import { targets } from './fuzz/targets.ts'

const depth = 10_000
const deep: Tree = { token: `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}` }

/** The tree once for each of its members, with that member nested beyond any stack. */
function deepened(tree: Tree): Tree[] {
  if (typeof tree !== 'object' || tree === null || !('members' in tree)) return []
  return tree.members.flatMap(([key, value], at) =>
    [deep, ...deepened(value)].map((put) => ({
      members: tree.members.map((member, index): [string, Tree] => (index === at ? [key, put] : member)),
    })),
  )
}

test.each(targets)('no body of $name throws', ({ parse, bodies }) => {
  for (const [topic, body] of bodies.entries()) {
    for (const tree of deepened(treeOf(body)).slice(0, 12)) {
      // What is stored is written out again, and must be shallow enough for it.
      for (const { data } of parse(textOfTree(tree), topic).events) expect(JSON.stringify(data)).toMatch(/^\{/)
    }
  }
})

test.each(targets.filter(({ levels }) => levels.length > 0))('no neighbour is lost in $name', ({ parse, levels }) => {
  for (const { wrap, good, seeds } of levels) {
    const expected = parse(wrap(good), 0).traces
    for (const tree of seeds.slice(0, 2).flatMap((seed) => deepened(treeOf(seed)).slice(0, 5))) {
      const { traces } = parse(wrap([good[0], textOfTree(tree), good[1]]), 0)
      expect(expected.filter((trace) => !traces.includes(trace))).toEqual([])
    }
  }
})
