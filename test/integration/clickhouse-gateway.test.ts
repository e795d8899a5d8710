import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { openClickHouse } from '@fidelio/db/clickhouse/client.ts'
import { insertText } from '@fidelio/db/clickhouse/insert.ts'
import { askBusiness, defineQuery, StoreUnavailable } from '@fidelio/db/clickhouse/query.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openTestStores, type TestStores } from '../support/stores.ts'

const echo = defineQuery({
  name: 'test.gateway_echo',
  sql: 'select {text:String} as text, {texts:Array(String)} as texts, toString({business_id:UUID}) as mine',
  params: z.object({ text: z.string(), texts: z.array(z.string()) }),
  row: z.object({ text: z.string(), texts: z.array(z.string()), mine: z.string() }),
})

let stores: TestStores
let url: string

beforeAll(async () => {
  stores = await openTestStores({ clickhouse: 'http' })
  url = stores.clickhouseUrl ?? ''
})
afterAll(async () => {
  await stores?.[Symbol.asyncDispose]()
})

test('the stores work through the real HTTP client, values unchanged', async () => {
  const id = randomUUID()
  const params = { text: `['a', "b"] \\ \n \t é 😀`, texts: ["it's", '\\', '', '[x]', 'a,b'] }
  expect(await stores.forBusiness(id).ask(echo, params)).toEqual([{ ...params, mine: id }])
  expect(await stores.ready()).toEqual({ ok: true, postgres: true, clickhouse: true })
})

test('speaks ClickHouse: ping, headers, statement in URL or body, compressed bodies', async () => {
  expect(await (await fetch(`${url}/ping`)).text()).toBe('Ok.\n')
  const plain = await fetch(`${url}/?query=${encodeURIComponent('select 1 + 1 format TSV')}&query_id=q-1`)
  expect(await plain.text()).toBe('2\n')
  expect(plain.headers.get('x-clickhouse-query-id')).toBe('q-1')
  expect(JSON.parse(plain.headers.get('x-clickhouse-summary') ?? '')).toHaveProperty('written_rows', '0')
  const body = gzipSync('select 3 format TSV')
  const packed = await fetch(url, { method: 'POST', body, headers: { 'content-encoding': 'gzip' } })
  expect(await packed.text()).toBe('3\n')
})

test('errors carry a status, a code and the server’s sentence', async () => {
  const answer = await fetch(url, { method: 'POST', body: 'select * from nowhere' })
  expect(answer.status).toBe(404)
  expect(answer.headers.get('x-clickhouse-exception-code')).toBe('60')
  expect(await answer.text()).toMatch(/^Code: 60\. DB::Exception: .*\(UNKNOWN_TABLE\)/s)
})

test('settings of one request do not reach the next', async () => {
  const ask = "select value from system.settings where name = 'max_result_rows' format TSV"
  const post = async (search: string) => (await fetch(`${url}/${search}`, { method: 'POST', body: ask })).text()
  const before = await post('')
  expect(await post('?max_result_rows=77')).toBe('77\n')
  expect(await post('')).toBe(before)
})

test('a server that is gone is StoreUnavailable, for questions and for inserts', async () => {
  const gone = openClickHouse({ url: 'http://127.0.0.1:9' })
  try {
    const question = gone.read.use((client) =>
      askBusiness(client, echo, { text: '', texts: [] }, { id: randomUUID(), tables: ['events'] }),
    )
    await expect(question).rejects.toThrow(StoreUnavailable)
    await expect(insertText(gone.insert, 'events', ['text'], '["x"]', 'gone')).rejects.toThrow(StoreUnavailable)
  } finally {
    await gone[Symbol.asyncDispose]()
  }
})
