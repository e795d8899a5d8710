import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { common } from '../src/i18n/use-text.ts'

type Node = string | ((...args: unknown[]) => string) | { [key: string]: Node }

/** Every leaf of a catalogue with its path; functions are called with values of the kinds they take. */
function leaves(node: Node, path = ''): [string, string][] {
  if (typeof node === 'string') return [[path, node]]
  if (typeof node === 'function') return [[path, node(...[2, '2', '3', '4'].slice(0, Math.max(1, node.length)))]]
  return Object.entries(node).flatMap(([key, value]) => leaves(value, `${path}.${key}`))
}

async function catalogues(): Promise<{ name: string; en: Node; fr: Node }[]> {
  const pages = join(import.meta.dirname, '../src/pages')
  const files = (await readdir(pages, { recursive: true })).filter((file) => /text\.ts$/.test(file))
  const found: { name: string; en: Node; fr: Node }[] = [
    { name: 'frame', ...(common as unknown as { en: Node; fr: Node }) },
  ]
  for (const file of files) {
    const module: Record<string, unknown> = await import(join(pages, file))
    for (const [name, value] of Object.entries(module)) {
      if (typeof value === 'object' && value !== null && 'fr' in value) {
        found.push({ name: `${file} ${name}`, ...(value as unknown as { en: Node; fr: Node }) })
      }
    }
  }
  return found
}

const joiningWordsMax = 12

describe('texts', async () => {
  const all = await catalogues()

  it('has a catalogue for the frame and for every page of ours', () => {
    expect(all.length).toBeGreaterThanOrEqual(6)
  })

  it.each(all)('$name says every key in both languages', ({ en, fr }) => {
    const english = leaves(en)
    const french = leaves(fr)
    expect(french.map(([key]) => key)).toEqual(english.map(([key]) => key))
    // Joining words may vanish in a language ("in a" week, « semaine »); whole phrases may not.
    const said = new Map(french)
    for (const [key, text] of english) if (text.length > joiningWordsMax) expect(said.get(key), key).not.toBe('')
  })

  it.each(all)('$name never says Oops', ({ fr, en }) => {
    for (const [key, text] of [...leaves(en), ...leaves(fr)]) expect(text, key).not.toMatch(/oops|oups/i)
  })
})
