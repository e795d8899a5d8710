/** Retention as a tenant's developer asks it: every choice over GraphQL, the people behind a cell, and what is refused. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from './api-support.ts'
import { createLookAlike, type LookAlike } from './leak-world.ts'

let world: TestApi
let shop: LookAlike
let period: { from: string; to: string }

beforeAll(async () => {
  world = await openTestApi()
  const now = world.clock.now().getTime()
  const day = (ago: number) => new Date(now - ago * 86_400_000).toISOString().slice(0, 10)
  period = { from: day(20), to: day(0) }
  shop = await createLookAlike(world, 'zzreturn', '710009')
}, 120_000)
afterAll(() => world[Symbol.asyncDispose]())

type Cell = { column: number; n: number | null }
type Row = { cohort: string; size: number; cells: Cell[] }
type Matrix = {
  question: string
  columns: number
  looks: { column: number; from: number; to: number | null }[]
  rows: Row[]
  segments: { value: string; size: number; rows: Row[] }[]
}

const rowFields = 'cohort size cells { column n }'
const matrixQuery = `query ($period: PeriodInput!, $entry: RetentionEntry!, $return: RetentionReturn!, $activity: String, $options: RetentionOptionsInput) {
  business { retention(period: $period, grain: DAY, entry: $entry, return: $return, activity: $activity, options: $options) {
    question columns looks { column from to } rows { ${rowFields} } segments { value size rows { ${rowFields} } }
  } }
}`

async function ask(variables: Record<string, unknown>) {
  const given = { period, entry: 'RECURRING', return: 'ON', ...variables }
  return world.ask<{ business: { retention: Matrix } }>(shop.key, matrixQuery, given)
}

async function matrixOf(variables: Record<string, unknown>): Promise<Matrix> {
  const { data, errors } = await ask(variables)
  if (!data) throw new Error(JSON.stringify(errors))
  return data.business.retention
}

test('a breakdown in brackets on the rolling clock adds up, and its cells open their people', async () => {
  const options = { timing: 'ROLLING', brackets: [1, 3, 7], breakdown: 'CHANNEL', returnActivity: 'active' }
  const matrix = await matrixOf({ return: 'BRACKET', options })
  expect(matrix.columns).toBe(4)
  expect(matrix.looks).toEqual([
    { column: 1, from: 1, to: 1 },
    { column: 2, from: 2, to: 3 },
    { column: 3, from: 4, to: 7 },
  ])
  const sizes = (rows: Row[]) => rows.reduce((sum, row) => sum + row.size, 0)
  expect(sizes(matrix.rows)).toBeGreaterThan(0)
  expect(matrix.segments.reduce((sum, segment) => sum + segment.size, 0)).toBe(sizes(matrix.rows))
  expect(matrix.segments.map((segment) => segment.value)).toContain('messenger')
  expect(matrix.question).toContain('windows of 24 hours')
  for (const { value, rows } of matrix.segments) {
    for (const row of rows.filter((one) => one.size > 0)) {
      for (const { column, n } of row.cells.filter((cell) => cell.n !== null)) {
        const input = {
          metric: 'retention_cell',
          ...period,
          grain: 'DAY',
          entry: 'RECURRING',
          return: 'BRACKET',
          retention: options,
          stage: value,
          cohort: row.cohort,
          column,
        }
        const answer = await world.ask<{ business: { rows: { total: number } } }>(
          shop.key,
          'query ($input: RowsInput!) { business { rows(input: $input) { total } } }',
          { input },
        )
        expect([value, row.cohort, column, answer.data?.business.rows.total]).toEqual([value, row.cohort, column, n])
      }
    }
  }
})

test('weeks from Sunday, returns often enough and events of one’s own are answered', async () => {
  const often = await matrixOf({
    return: 'BOUNDED',
    options: { weekStart: 'SUNDAY', minOccurrences: 1000, horizon: 3 },
  })
  expect(
    often.rows.flatMap((row) => row.cells.filter((cell) => cell.column > 0 && cell.n !== null && cell.n > 0)),
  ).toEqual([])
  const own = await matrixOf({ activity: 'custom:never_seen', entry: 'FIRST_EVER' })
  expect(own.rows.every((row) => row.size === 0)).toBe(true)
})

test.each([
  ['activity', { activity: 'message' }],
  ['activity', { activity: 'custom:' }],
  ['options.returnActivity', { options: { returnActivity: "'; drop table events" } }],
  ['options.minOccurrences', { options: { minOccurrences: 0 } }],
  ['options.horizon', { return: 'BOUNDED', options: { horizon: -1 } }],
  ['options.brackets', { return: 'BRACKET' }],
  ['options.brackets', { return: 'BRACKET', options: { brackets: [] } }],
  ['options.brackets', { return: 'BRACKET', options: { brackets: [3, 3] } }],
  ['options.timing', { return: 'ON_OR_AFTER', options: { timing: 'ROLLING' } }],
])('%s is refused by name: %j', async (field, variables) => {
  const { errors } = await ask(variables)
  expect(errors?.map((error) => error.extensions)).toMatchObject([{ code: 'VALIDATION', field }])
})
