import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, createBusinessWithKey, openTestApi, type TestApi } from './api-support.ts'

let world: TestApi
let key: { key: string }

beforeAll(async () => {
  world = await openTestApi({ now: new Date('2026-11-22T12:00:00Z') })
  key = await createBusinessWithKey(world, 'Consents', 'owner@consents.example')
})
afterAll(() => world[Symbol.asyncDispose]())

const importing =
  'mutation ($input: ImportConsentsInput!) { importConsents(input: $input) { accepted duplicates rejected { line reason } } }'
const list = (csv: string) => ({
  input: { channel: 'SANDBOX', topic: 'offers', wording: 'May we write?', source: 'till', csv },
})

test('a list of opt-ins is answered line by line, and formulas are not data', async () => {
  const csv = [
    'externalId,email,phone,name,occurredAt',
    'c-1,,,"Marie ""M"" Dupont",2026-11-01T10:00:00Z',
    ',PAUL@list.example,,Paul,',
    ',,+33 6 12 34 56 78,"Anne,\nAnne",',
    ',,,Nobody,',
    ',not-an-address,,X,',
    ',,12,X,',
    'c-2,,,=HYPERLINK("x"),',
    'c-3,,,Late,2030-01-01T00:00:00Z',
    'c-4,too,few',
  ].join('\r\n')
  const answer = await world.ask(key, importing, list(csv))
  expect(answer.errors).toEqual([])
  expect(answer.data?.importConsents).toEqual({
    accepted: 3,
    duplicates: 0,
    rejected: [
      { line: 6, reason: 'no_identity' },
      { line: 7, reason: 'email' },
      { line: 8, reason: 'phone' },
      { line: 9, reason: 'formula' },
      { line: 10, reason: 'occurred_at' },
      { line: 11, reason: 'columns' },
    ],
  })
  const again = await world.ask(key, importing, list(csv))
  expect(again.data?.importConsents).toMatchObject({ accepted: 0, duplicates: 3 })
  const topics = await world.ask(
    key,
    '{ business { topics { topic optedIn } contacts(search: "marie") { edges { node { name consents { granted ledger { source wording } } } } } } }',
  )
  expect(topics.data?.business).toEqual({
    topics: [{ topic: 'offers', optedIn: 3 }],
    contacts: {
      edges: [
        {
          node: {
            name: 'Marie "M" Dupont',
            consents: [{ granted: true, ledger: [{ source: 'import', wording: 'May we write?' }] }],
          },
        },
      ],
    },
  })
})

test('importing a list again never brings back a permission taken back since', async () => {
  const csv = 'externalId\nback-1'
  await world.ask(key, importing, list(csv))
  const revoke = await world.ask(
    key,
    'mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { topic granted } }',
    { input: { externalId: 'back-1', channel: 'SANDBOX', topic: '*', action: 'REVOKED', wording: 'STOP' } },
  )
  expect(revoke.data?.recordConsent).toEqual({ topic: '*', granted: false })
  await world.ask(key, importing, list(csv))
  const { data } = await world.ask(
    key,
    '{ business { contacts(search: "back-1") { edges { node { consents { topic granted } } } } } }',
  )
  expect(data?.business).toEqual({
    contacts: { edges: [{ node: { consents: [{ topic: 'offers', granted: false }] } }] },
  })
})

test.each([
  ['an unclosed quote', 'externalId\n"abc'],
  ['an unknown column', 'externalId,shoeSize\na,42'],
  ['no column that names a person', 'name\nMarie'],
  ['more than 5000 lines', `externalId\n${'x\n'.repeat(5001)}`],
])('a list with %s is refused as a whole', async (_what, csv) => {
  const { errors } = await world.ask(key, importing, list(csv))
  expect(errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'input.csv' })
})

interface ContactPage {
  business: { contacts: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }
}

test('pages of contacts have no gap and no repeat while people keep arriving', async () => {
  const rows = Array.from({ length: 25 }, (_, index) => `page-${index}`)
  await world.ask(key, importing, list(`externalId\n${rows.join('\n')}`))
  const seen: string[] = []
  let after: string | null = null
  for (let page = 0; page < 20; page++) {
    const { data }: Answer<ContactPage> = await world.ask(
      key,
      'query ($after: String) { business { contacts(first: 7, after: $after, search: "page-") { edges { node { id } } pageInfo { hasNextPage endCursor } } } }',
      { after },
    )
    seen.push(...(data?.business.contacts.edges ?? []).map((edge) => edge.node.id))
    await world.ask(key, importing, list(`externalId\npage-late-${page}`))
    after = data?.business.contacts.pageInfo.endCursor ?? null
    if (!data?.business.contacts.pageInfo.hasNextPage) break
  }
  expect(seen).toHaveLength(25)
  expect(new Set(seen).size).toBe(25)
  const foreign = await world.ask(key, '{ business { conversations(after: "abc") { edges { cursor } } } }')
  expect(foreign.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'after' })
})
