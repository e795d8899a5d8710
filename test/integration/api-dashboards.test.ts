/** What the dashboards ask must stay well inside the limits, at the largest pages they may ask for (reliability.md A17). */
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { limits, shapeRule } from '@fidelio/api/limits.ts'
import { schema } from '@fidelio/api/schema/index.ts'
import { complexityFromQuery } from '@pothos/plugin-complexity'
import { type DocumentNode, Kind, parse, type TypeNode, typeFromAST, validate, visit } from 'graphql'
import { expect, test } from 'vitest'
import { sampleOf } from './leak-walk.ts'

const folder = fileURLToPath(new URL('../../dashboards/src', import.meta.url))
const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.graphql'))
const texts = await Promise.all(files.map((name) => readFile(`${folder}/${name}`, 'utf8')))
const { definitions } = parse(texts.join('\n'))

/** Each operation with the fragments it uses, as the browser sends it. */
const documents = definitions.flatMap((definition) => {
  if (definition.kind !== Kind.OPERATION_DEFINITION) return []
  const used = new Set<string>()
  const collect = (node: Parameters<typeof visit>[0]) => {
    visit(node, {
      FragmentSpread({ name }) {
        if (used.has(name.value)) return
        used.add(name.value)
        const fragment = definitions.find(
          (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name.value,
        )
        if (fragment) collect(fragment)
      },
    })
  }
  collect(definition)
  const fragments = definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION && used.has(one.name.value))
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [definition, ...fragments] }
  return [{ name: definition.name?.value ?? 'unnamed', document, definition }]
})

const period = { from: '2026-10-01', to: '2026-11-01' }
const largestPage = 50

function sampleVariable(name: string, type: TypeNode): unknown {
  if (name === 'first' || name === 'last') return largestPage
  const input = typeFromAST(schema, type as never)
  return sampleOf({ name, type: input } as unknown as Parameters<typeof sampleOf>[0], period, 'id')
}

test('there are documents to check', () => {
  expect(documents.length).toBeGreaterThan(10)
})

test.each(documents)('$name is valid and costs at most half of what is allowed', ({ document, definition }) => {
  expect(validate(schema, document).map((error) => error.message)).toEqual([])
  expect(validate(schema, document, [shapeRule]).map((error) => error.message)).toEqual([])
  const variables = Object.fromEntries(
    (definition.variableDefinitions ?? []).map(({ variable, type }) => [
      variable.name.value,
      sampleVariable(variable.name.value, type),
    ]),
  )
  const { complexity } = complexityFromQuery(document, { schema, ctx: {}, variables })
  expect(complexity).toBeLessThanOrEqual(limits.costMax / 2)
})
