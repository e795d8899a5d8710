import { readFile } from 'node:fs/promises'
import { buildSchema, findBreakingChanges, isObjectType, lexicographicSortSchema, printSchema } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from './index.ts'

const committed = await readFile(new URL('../../../../schema.graphql', import.meta.url), 'utf8')

test('schema.graphql says exactly what the code says: run npm run schema', () => {
  expect(printSchema(lexicographicSortSchema(buildSchema(committed)))).toBe(printSchema(schema))
})

test('the comparison notices a field that is gone', () => {
  const without = buildSchema(committed.replace(/^ {2}headline: String!\n/m, ''))
  expect(findBreakingChanges(schema, without).map((change) => change.description)).toHaveLength(1)
})

test('every connection pages the same way', () => {
  const connections = Object.values(schema.getTypeMap()).filter((type) => type.name.endsWith('Connection'))
  expect(connections.length).toBeGreaterThan(4)
  for (const type of connections) {
    if (!isObjectType(type)) throw new Error(`${type.name} is no object`)
    expect(Object.keys(type.getFields())).toEqual(expect.arrayContaining(['edges', 'pageInfo']))
  }
})
