/**
 * Nobody sees another business: every field with every id of the other one, every mutation, every named query. The null
 * controls break the door on purpose, and the same checks must notice (features.md 11.2, reliability.md A20).
 */
import { createApi } from '@fidelio/api/api.ts'
import { nodeTypes } from '@fidelio/api/ids.ts'
import { schema } from '@fidelio/api/schema/index.ts'
import { allQueries, defineMaintenanceQuery, defineQuery, type Query } from '@fidelio/db/clickhouse/query.ts'
import type { BusinessDb } from '@fidelio/db/index.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { createVault } from '@fidelio/db/vault.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Answer, type Credentials, openTestApi, publicUrl, type TestApi } from './api-support.ts'
import { paramsOf } from './leak-params.ts'
import { fieldsOf, idPlaces, type Question, questionOf, selectionOf, tracesIn } from './leak-walk.ts'
import { createLookAlike, type LookAlike } from './leak-world.ts'

let world: TestApi
let alpha: LookAlike
let bravo: LookAlike
let period: { from: string; to: string }

beforeAll(async () => {
  world = await openTestApi()
  const now = world.clock.now().getTime()
  const day = (ago: number) => new Date(now - ago * 86_400_000).toISOString().slice(0, 10)
  period = { from: day(20), to: day(0) }
  alpha = await createLookAlike(world, 'zzalpha', '710001')
  bravo = await createLookAlike(world, 'zzbravo', '710002')
}, 120_000)
afterAll(() => world[Symbol.asyncDispose]())

const metrics = [
  'active_customers',
  'waits',
  'waits_answered',
  'waits_waiting',
  'waits_target',
  'came_back',
  'came_back_cohort',
  'reachable',
  'not_reachable',
  'extra_orders',
  'volumes',
]

/** Every question about a business without anybody's id but one's own. */
function plainQuestions(wrap: string, own: LookAlike): Question[] {
  const questions = fieldsOf('Business').flatMap((field) => {
    const id = ownIdFor(field.name, own)
    if (field.name === 'contactMergePreview') {
      const [first = '', second] = [own.ids.contact, own.ids.contact?.replace(/\.1$/, '.2')]
      return [questionOf('query', 'Business', field, wrap, { period, id: first, extra: { otherContactId: second } })]
    }
    const one = questionOf('query', 'Business', field, wrap, { period, id })
    if (field.name !== 'rows') return [one]
    return metrics.map((metric) =>
      questionOf('query', 'Business', field, wrap, { period, id, extra: { input: { metric } } }),
    )
  })
  return [
    ...questions,
    { name: 'Query.viewer', query: '{ viewer { name email businesses { business { id name } } } }', variables: {} },
  ]
}

function ownIdFor(field: string, own: LookAlike): string {
  return own.ids[field] ?? own.ids.account ?? ''
}

/** The same questions with every id of the other business in every place that takes one. */
function foreignQuestions(own: LookAlike, other: LookAlike, bare: boolean): Question[] {
  const ids = Object.values(other.ids).map((id) => (bare && !id.startsWith('Contact') ? id.replace(/^\w+:/, '') : id))
  const ofBusiness = fieldsOf('Business').flatMap((field) =>
    idPlaces(field).flatMap((place) =>
      ids.map((value) =>
        questionOf('query', 'Business', field, 'business', {
          period,
          id: ownIdFor(field.name, own),
          set: { place, value },
        }),
      ),
    ),
  )
  const businessById = fieldsOf('Query').filter((field) => field.name === 'business')
  const ofRoot = businessById.flatMap((field) =>
    ids.map((value) => questionOf('query', 'Query', field, '', { period, id: value, set: { place: ['id'], value } })),
  )
  const ofNodes = nodeTypes.flatMap((type) =>
    ids.map((id) => ({
      name: `Query.node(${id} as ${type})`,
      query: `query ($id: ID!) { node(id: $id) { __typename ... on ${type} ${selectionOf(schema.getType(type), 1)} } }`,
      variables: { id },
    })),
  )
  const wrapped = ids
    .slice(0, 1)
    .flatMap((id) => plainQuestions(`business(id: "${id}")`, own))
    .filter(({ name }) => name !== 'Query.viewer')
  return [...ofBusiness, ...ofRoot, ...ofNodes, ...wrapped]
}

type Asker = (question: Question) => Promise<Answer>
const askerOf =
  (credentials: Credentials): Asker =>
  (question) =>
    world.ask(credentials, question.query, question.variables)

/** Every answer in which something of `other` can be recognised. */
async function leaks(questions: readonly Question[], ask: Asker, other: LookAlike): Promise<string[]> {
  const found: string[] = []
  for (const question of questions) {
    const answer = await ask(question)
    const traces = tracesIn(JSON.stringify([answer.data, answer.errors.map((error) => error.message)]), other)
    if (traces.length > 0) found.push(`${question.name}: ${traces.join(', ')}`)
    const codes = answer.errors.map((error) => error.extensions.code)
    if (codes.includes('INTERNAL')) found.push(`${question.name}: failed inside`)
  }
  return found
}

test('every plain question is answered with one’s own data, and with nothing of the other', async () => {
  const questions = plainQuestions('business', alpha)
  expect(questions.length).toBeGreaterThan(30)
  const silent: string[] = []
  for (const question of questions) {
    const { data, errors } = await askerOf(alpha.cookie)(question)
    expect([question.name, errors]).toEqual([question.name, []])
    if (tracesIn(JSON.stringify(data), alpha).length === 0) silent.push(question.name)
  }
  // Numbers without names: everything else shows the word, so the walk does reach the data it guards.
  expect(silent.map((name) => name.replace(/\(.*/, ''))).toEqual(
    expect.not.arrayContaining([
      'Business.conversations',
      'Business.contacts',
      'Business.campaigns',
      'Business.rows',
      'Business.recentEvents',
      'Business.failedEvents',
      'Business.waitingNow',
    ]),
  )
  expect(await leaks(questions, askerOf(alpha.key), bravo)).toEqual([])
  expect(await leaks(questions, askerOf(alpha.cookie), bravo)).toEqual([])
}, 120_000)

test('no id of the other business opens anything: it does not exist, and is never "forbidden"', async () => {
  const withKey = foreignQuestions(alpha, bravo, false)
  expect(withKey.length).toBeGreaterThan(100)
  const ask: Asker = async (question) => {
    const answer = await askerOf(alpha.key)(question)
    const code = answer.errors[0]?.extensions.code
    if (question.name.startsWith('Query.node'))
      expect([question.name, answer.data]).toEqual([question.name, { node: null }])
    else expect([question.name, code]).toEqual([question.name, expect.stringMatching(/^(NOT_FOUND|VALIDATION)$/)])
    return answer
  }
  expect(await leaks(withKey, ask, bravo)).toEqual([])
  expect(await leaks(foreignQuestions(alpha, bravo, true), askerOf(alpha.cookie), bravo)).toEqual([])
}, 180_000)

test('no mutation reaches the other business, by its id or by the ids of its things', async () => {
  const snapshot = async () => {
    const answers = await Promise.all(plainQuestions(`business(id: "${bravo.uuid}")`, bravo).map(askerOf(bravo.cookie)))
    expect(answers.flatMap((answer) => answer.errors)).toEqual([])
    // What the looking itself moves, and the time that goes by, is no change.
    const passing = new Set(['lastUsedAt', 'completeTo', 'lagSeconds'])
    const text = JSON.stringify(answers.map((answer) => answer.data))
    return JSON.parse(text, (name, value) => (passing.has(name) ? undefined : value))
  }
  const before = await snapshot()
  for (const field of fieldsOf('Mutation')) {
    for (const place of idPlaces(field)) {
      for (const value of Object.values(bravo.ids)) {
        const given = { period, id: bravo.ids.account ?? '', set: { place, value } }
        const question = questionOf('mutation', 'Mutation', field, '', given)
        expect([question.name, await leaks([question], askerOf(alpha.cookie), bravo)]).toEqual([question.name, []])
      }
    }
  }
  expect(await snapshot()).toEqual(before)
}, 240_000)

test('null control: behind a door that opens the wrong business, the same check fails', async () => {
  const { stores } = world
  await using broken = createApi({
    stores: {
      ...stores,
      forBusiness: (id) => ({
        ...stores.forBusiness(id),
        ask: stores.forBusiness(id === alpha.uuid ? bravo.uuid : id).ask,
      }),
    },
    vault: createVault(Buffer.alloc(32, 1)),
    clock: world.clock,
    log: silentLog,
    publicUrl,
    authSecret: 'x'.repeat(32),
  })
  const ask: Asker = async ({ query, variables }) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${alpha.key.key}` }
    const request = new Request(`${publicUrl}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    })
    const response = await broken.fetch(request)
    const { data = null, errors = [], extensions = {} } = JSON.parse(await response.text())
    return { status: response.status, headers: response.headers, data, errors, extensions }
  }
  const questions = plainQuestions('business', alpha).filter(({ name }) =>
    /\.(volumes|recentEvents|waitingNow)/.test(name),
  )
  expect((await leaks(questions, ask, bravo)).length).toBeGreaterThan(0)
})

type AnyQuery = Query<Record<string, unknown>, unknown>
const businessQueries = () => allQueries().filter((query): query is AnyQuery => query.kind === 'business')

/** Rows of every named query with the other business's ids as parameters. */
async function rowsThrough(
  door: BusinessDb,
  queries: readonly AnyQuery[],
  subject: LookAlike,
): Promise<Map<string, string>> {
  const answers = new Map<string, string>()
  for (const query of queries) {
    const rows: unknown[] = []
    for (const params of paramsOf(query, subject, world.clock.now())) rows.push(...(await door.ask(query, params)))
    answers.set(query.name, JSON.stringify(rows))
  }
  return answers
}

test('every named query through one’s own door returns no row of the other, whatever its parameters say', async () => {
  const queries = businessQueries()
  expect(queries.length).toBeGreaterThan(20)
  const through = await rowsThrough(world.stores.forBusiness(alpha.uuid), queries, bravo)
  for (const [name, rows] of through) expect([name, tracesIn(rows, bravo)]).toEqual([name, []])
  // The parameters do find rows where they belong, or the answer above would prove nothing.
  const own = await rowsThrough(world.stores.forBusiness(bravo.uuid), queries, bravo)
  const filled = [...own].filter(([, rows]) => rows !== '[]').map(([name]) => name)
  expect(filled.length).toBeGreaterThan(queries.length / 2)
}, 120_000)

const forgetful = `select text, toString(business_id) as business from events where {business_id:UUID} = {business_id:UUID}`
const row = z.object({ text: z.string(), business: z.string() })

test('a query that forgets its business is still held by the engine’s filter', async () => {
  const query = defineQuery({ name: 'leak.forgetful', sql: forgetful, params: z.object({}), row })
  const rows = await world.stores.forBusiness(alpha.uuid).ask(query, {})
  expect(rows.length).toBeGreaterThan(0)
  expect(tracesIn(JSON.stringify(rows), bravo)).toEqual([])
})

test('null control: without predicate and filter the same check fails', async () => {
  const sql = forgetful.replaceAll('{business_id:UUID}', '1')
  const query = defineMaintenanceQuery({ name: 'leak.unfiltered', sql, params: z.object({}), row })
  const rows = await world.stores.forWorker().ask(query, {})
  expect(tracesIn(JSON.stringify(rows), bravo)).not.toEqual([])
})
