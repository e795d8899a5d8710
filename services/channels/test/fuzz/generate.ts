/**
 * Bodies nobody wrote, made from bodies somebody did: seeds are taken apart, changed where the parser looks, and written
 * again as JSON text, with tokens and keys that `JSON.stringify` would never write. The same seed makes the same inputs.
 */
import { seededRandom } from '@fidelio/core/seeded-random.ts'

export type Random = {
  /** A whole number from 0 to below `below`. */
  int(below: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
}

export function randomFrom(seed: number): Random {
  const next = seededRandom(seed)
  const int = (below: number) => Math.floor(next() * below)
  return {
    int,
    chance: (probability) => next() < probability,
    pick: (list) => {
      const picked = list[int(list.length)]
      if (picked === undefined) throw new RangeError('nothing to pick from')
      return picked
    },
  }
}

/** JSON before it is text. An object is a list of members, so that a key may come twice; a token is written as it is. */
export type Tree = string | boolean | null | Tree[] | { members: [string, Tree][] } | { token: string }

export function treeOf(value: unknown): Tree {
  if (typeof value === 'number' || typeof value === 'bigint') return { token: String(value) }
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (Array.isArray(value)) return value.map(treeOf)
  if (typeof value !== 'object') return null
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return { members: members.map(([key, member]): [string, Tree] => [key, treeOf(member)]) }
}

export function textOfTree(tree: Tree, random: Random | null = null): string {
  if (typeof tree === 'string') return quoted(tree, random)
  if (tree === null || typeof tree === 'boolean') return String(tree)
  if (Array.isArray(tree))
    return `[${tree.map((item) => textOfTree(item, random)).join(random?.chance(0.02) ? ' ,\n' : ',')}]`
  if ('token' in tree) return tree.token
  return `{${tree.members.map(([key, value]) => `${quoted(key, random)}:${textOfTree(value, random)}`).join(',')}}`
}

/** Sometimes as Meta writes it: escapes for what is not ASCII, and for slashes. */
function quoted(text: string, random: Random | null): string {
  const plain = JSON.stringify(text)
  if (!random?.chance(0.1)) return plain
  return plain
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('/', '\\/')
}

const oddScalars: readonly Tree[] = [
  null,
  true,
  false,
  '',
  ' ',
  '0',
  'null',
  'STOP',
  ' arrêt ',
  'send:1',
  'send:',
  '\u0000',
  '\ud800',
  '\udfff\ud83d',
  '😀\u202e\u200d',
  '1767225600',
  '1767225600123',
  '2026-01-01T00:00:00+0000',
  '2026-99-99T99:99:99Z',
  '9007199254740993',
  'US.1',
  'US.ENT.1',
  '15551110002',
  '+33 6 12 34 56 78',
  '__proto__',
  ...['0', '-0', '-1', '1e400', '-1e-400', '9007199254740993', '184719329217930001', '1e21', '0.1', '1767225600'].map(
    (token) => ({ token }),
  ),
  { token: '123456789012345678901234567890.123456789012345678' },
  { members: [] },
  [],
]

const oddKeys = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  'id',
  'type',
  'text',
  '',
  '\u0000',
  'a"b\\',
]

function oddTree(random: Random, keys: readonly string[]): Tree {
  const kind = random.int(100)
  if (kind < 70) return random.pick(oddScalars)
  if (kind < 80) return 'x'.repeat(random.pick([513, 600, 2_000]))
  if (kind < 88) return Array.from({ length: random.int(4) }, () => random.pick(oddScalars))
  if (kind < 97) {
    return { members: Array.from({ length: random.int(5) }, () => [random.pick(keys), random.pick(oddScalars)]) }
  }
  return nested(random)
}

/** Rarely beyond any stack; mostly just deeper than anybody writes. */
function nested(random: Random): Tree {
  const depth = random.chance(0.02) ? 20_000 : random.pick([20, 90, 200])
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"payload":', '}]'],
  ] as const)
  return { token: `${open.repeat(depth)}1${close.repeat(depth)}` }
}

/** One to four changes somewhere in a seed. `donors`: whole trees whose parts may be put into it. */
export function mutated(seed: Tree, random: Random, donors: readonly Tree[], keys: readonly string[]): Tree {
  let tree = seed
  for (let changes = 1 + random.int(4); changes > 0; changes--) tree = changedAt(tree, random, donors, keys, 6)
  return tree
}

function changedAt(tree: Tree, random: Random, donors: readonly Tree[], keys: readonly string[], depth: number): Tree {
  const inner = (child: Tree) => changedAt(child, random, donors, keys, depth - 1)
  const goesDeeper = depth > 0 && random.chance(0.72)
  if (Array.isArray(tree) && tree.length > 0 && goesDeeper) {
    const at = random.int(tree.length)
    return tree.map((item, index) => (index === at ? inner(item) : item))
  }
  if (isMembers(tree) && tree.members.length > 0 && goesDeeper) {
    const at = random.int(tree.members.length)
    return { members: tree.members.map(([key, item], index) => [key, index === at ? inner(item) : item]) }
  }
  return changed(tree, random, donors, keys)
}

function changed(tree: Tree, random: Random, donors: readonly Tree[], keys: readonly string[]): Tree {
  switch (random.int(8)) {
    case 0:
      return partOf(random.pick(donors), random)
    case 1:
      return [tree]
    case 2:
      return { members: [[random.pick(keys), tree]] }
    case 3:
      return isMembers(tree) ? withoutOne(tree, random) : oddTree(random, keys)
    case 4:
      // A key more, or one that is there already a second time.
      return isMembers(tree)
        ? {
            members: [
              ...tree.members,
              [random.pick(random.chance(0.1) ? oddKeys : keys), partOf(random.pick(donors), random)],
            ],
          }
        : oddTree(random, keys)
    case 5:
      return isMembers(tree) ? renamed(tree, random, keys) : oddTree(random, keys)
    case 6:
      return Array.isArray(tree) && tree.length > 0 ? repeated(tree, random) : oddTree(random, keys)
    default:
      return oddTree(random, keys)
  }
}

function withoutOne(tree: { members: [string, Tree][] }, random: Random): Tree {
  const at = random.int(tree.members.length)
  return { members: tree.members.filter((_, index) => index !== at) }
}

function renamed(tree: { members: [string, Tree][] }, random: Random, keys: readonly string[]): Tree {
  const at = random.int(tree.members.length)
  const name = random.chance(0.1) ? random.pick(oddKeys) : random.pick(keys)
  return { members: tree.members.map(([key, value], index) => [index === at ? name : key, value]) }
}

function repeated(tree: Tree[], random: Random): Tree {
  const times = random.pick([2, 3, 12])
  return Array.from({ length: times }, () => tree)
    .flat(1)
    .slice(0, 60)
}

function partOf(tree: Tree, random: Random): Tree {
  let at = tree
  while (random.chance(0.6)) {
    const children = Array.isArray(at) ? at : isMembers(at) ? at.members.map(([, value]) => value) : []
    if (children.length === 0) break
    at = random.pick(children)
  }
  return at
}

function isMembers(tree: Tree): tree is { members: [string, Tree][] } {
  return typeof tree === 'object' && tree !== null && 'members' in tree
}

/** Every key of some trees, so that changes happen where the parsers look. */
export function keysOf(trees: readonly Tree[]): string[] {
  const keys = new Set<string>()
  const walk = (tree: Tree): void => {
    if (Array.isArray(tree)) tree.forEach(walk)
    else if (isMembers(tree)) {
      for (const [key, value] of tree.members) {
        keys.add(key)
        walk(value)
      }
    }
  }
  trees.forEach(walk)
  return [...keys]
}

/** A text cut short, or with some characters of noise in it. */
export function garbled(text: string, random: Random): string {
  const at = random.int(text.length + 1)
  if (random.chance(0.5)) return text.slice(0, at)
  const noise = random.pick(['"', '\\', '{', ']', ',', '\u0000', '\ud800', '\\u', '1e', '-', 'é', '\n'])
  return text.slice(0, at) + noise + text.slice(at + random.int(3))
}
