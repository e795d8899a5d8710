/** How the clients of a ClickHouse server ask it: how long they wait, and what they tell it. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { type ClickHouse, openClickHouse } from '@fidelio/db/clickhouse/client.ts'
import { StoreUnavailable } from '@fidelio/db/clickhouse/errors.ts'
import { insertText } from '@fidelio/db/clickhouse/insert.ts'
import { askBusiness, askMaintenance, defineMaintenanceQuery, defineQuery } from '@fidelio/db/clickhouse/query.ts'
import { defineStatement, runStatement } from '@fidelio/db/clickhouse/statement.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'

const statement = defineStatement({ name: 'test.slow_statement', sql: 'optimize table events', params: z.object({}) })
const question = defineQuery({
  name: 'test.server_question',
  sql: 'select {business_id:UUID} as id',
  params: z.object({}),
  row: z.object({}),
})
const count = defineMaintenanceQuery({
  name: 'test.server_count',
  sql: 'select 1 as n',
  params: z.object({}),
  row: z.object({}),
})

let server: Server
let clickhouse: ClickHouse
let answerAfterMs: number
let failing: boolean
let asked: URLSearchParams[]

beforeEach(async () => {
  answerAfterMs = 0
  failing = false
  asked = []
  // It understands nothing: these tests are about what the clients send, and about their patience.
  server = createServer(async (request, response) => {
    asked.push(new URL(request.url ?? '/', 'http://server').searchParams)
    request.resume()
    await wait(answerAfterMs)
    // A server that has begun to tell its progress has said 200 already.
    if (failing) response.setHeader('x-clickhouse-exception-code', '241')
    response.end(failing ? 'Code: 241. DB::Exception: too much (MEMORY_LIMIT_EXCEEDED)' : '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  clickhouse = openClickHouse({ url }, { ask: 0.3, maintenance: 3 })
})

afterEach(async () => {
  await clickhouse[Symbol.asyncDispose]()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const business = { id: '00000000-0000-4000-8000-000000000001', tables: ['events'] }

test('maintenance waits as long as it may run; questions and inserts do not', async () => {
  answerAfterMs = 800
  await runStatement(clickhouse.maintenance, statement, {})
  expect(await askMaintenance(clickhouse.maintenance, count, {})).toEqual([])
  const ask = clickhouse.read.use((client) => askBusiness(client, question, {}, business))
  await expect(ask).rejects.toThrow(StoreUnavailable)
  await expect(insertText(clickhouse.insert, 'events', ['text'], '["x"]', 'slow')).rejects.toThrow(StoreUnavailable)
})

test('only maintenance asks for progress, with each request', async () => {
  for (let times = 0; times < 2; times++) await runStatement(clickhouse.maintenance, statement, {})
  await clickhouse.read.use((client) => askBusiness(client, question, {}, business))
  await insertText(clickhouse.insert, 'events', ['text'], '["x"]', 'told')
  expect(asked.map((search) => search.get('send_progress_in_http_headers'))).toEqual(['1', '1', null, null])
})

test('a failure after progress was told is a failure', async () => {
  failing = true
  await expect(runStatement(clickhouse.maintenance, statement, {})).rejects.toThrow(StoreUnavailable)
})
