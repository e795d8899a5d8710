import { randomUUID } from 'node:crypto'
import {
  allQueries,
  clickHouseTime,
  defineMaintenanceQuery,
  defineQuery,
  fromClickHouseTime,
  QueryTooHeavy,
} from '@fidelio/db/clickhouse/query.ts'
import { defineStatement } from '@fidelio/db/clickhouse/statement.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openTestStores, type TestStores } from '../support/stores.ts'

const columns = ['business_id', 'contact_id', 'account_id', 'kind', 'ts', 'received_at', 'row_id', 'text'] as const

function eventRows(businessId: string, count: number): unknown[][] {
  const time = '2026-11-01 12:00:00.123'
  return Array.from({ length: count }, (_, index) => {
    return [businessId, index + 1, businessId, 'message.received', time, time, randomUUID(), `é '"\\ ${index}`]
  })
}

const countOwn = defineQuery({
  name: 'test.count_own',
  sql: 'select count() as n from events where business_id = {business_id:UUID}',
  params: z.object({}),
  row: z.object({ n: z.number() }),
})

/** Deliberately broken: it mentions its business and filters nothing. Only the second belt can save it. */
const countUnfiltered = defineQuery({
  name: 'test.count_unfiltered',
  sql: `
    with everything as (select * from events)
    select (select count() from everything) as n,
           (select uniqExact(business_id) from events) as businesses,
           (select count() from spells) as spells,
           {business_id:UUID} as mine`,
  params: z.object({}),
  row: z.object({ n: z.number(), businesses: z.number(), spells: z.number(), mine: z.string() }),
})

const countAll = defineMaintenanceQuery({
  name: 'test.count_all',
  sql: 'select count() as n, uniqExact(business_id) as businesses from events',
  params: z.object({}),
  row: z.object({ n: z.number(), businesses: z.number() }),
})

const settingsNow = defineMaintenanceQuery({
  name: 'test.settings_now',
  sql: `
    select name, value from system.settings
    where name in ('insert_deduplication_token', 'max_execution_time', 'additional_table_filters', 'max_result_rows')
    order by name`,
  params: z.object({}),
  row: z.object({ name: z.string(), value: z.string() }),
})

let stores: TestStores
let first: string
let second: string

beforeAll(async () => {
  stores = await openTestStores()
  first = (await stores.createBusiness()).id
  second = (await stores.createBusiness()).id
  const worker = stores.forWorker()
  await worker.insertRows('events', columns, eventRows(first, 30), 'seed-first')
  await worker.insertRows('events', columns, eventRows(second, 7), 'seed-second')
})

afterAll(async () => {
  await stores?.[Symbol.asyncDispose]()
})

describe('the door to PostgreSQL', () => {
  test('shows a business itself and nobody else', async () => {
    const seen = await stores.forBusiness(first).tx((sql) => sql<{ id: string }[]>`select id from businesses`)
    expect(seen.map((row) => row.id)).toEqual([first])
    const everyone = await stores.forWorker().tx((sql) => sql<{ id: string }[]>`select id from businesses`)
    expect(everyone.map((row) => row.id).sort()).toEqual([first, second].sort())
  })

  test('shows nothing when no business is set, and the setting ends with its transaction', async () => {
    const door = stores.forBusiness(first)
    await door.tx((sql) => sql`select 1`)
    const seen = await door.tx(async (sql) => {
      await sql`select set_config('fidelio.business_id', '', true)`
      return sql`select id from businesses`
    })
    expect(seen).toHaveLength(0)
  })

  test('refuses to write into another business', async () => {
    const write = stores
      .forBusiness(first)
      .tx((sql) => sql`insert into contacts (business_id, id) values (${second}, 1)`)
    await expect(write).rejects.toThrow(/row-level security/)
  })

  test('keeps 400 interleaved transactions of 20 businesses on few connections apart', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await stores.createBusiness()).id))
    const wrong: string[] = []
    await Promise.all(
      Array.from({ length: 400 }, async (_, index) => {
        const id = ids[index % ids.length] ?? first
        const work = stores.forBusiness(id).tx(async (sql) => {
          const seen = await sql<{ id: string }[]>`select id from businesses`
          if (seen.length !== 1 || seen[0]?.id !== id) wrong.push(id)
          if (index % 3 === 0) throw new Error('rolled back on purpose')
        })
        await work.catch((error: Error) => {
          if (error.message !== 'rolled back on purpose') throw error
        })
      }),
    )
    expect(wrong).toEqual([])
  })

  test('takes nothing but a UUID', () => {
    for (const id of ['', 'x', `${first}' or '1'='1`, first.toUpperCase().replace(/\d/g, 'A')]) {
      expect(() => stores.forBusiness(id)).toThrow(TypeError)
    }
  })

  test('gives dates as dates, bigint as numbers and calendar days as text, also after Drizzle was used', async () => {
    const door = stores.forBusiness(first)
    await door.drizzle((db) => db.execute('select now()'))
    const [row] = await door.tx(
      (sql) => sql`select now() as at, 9007199254740991::bigint as big, '2026-11-22'::date as day`,
    )
    expect(row).toEqual({ at: expect.any(Date), big: Number.MAX_SAFE_INTEGER, day: '2026-11-22' })
    await expect(door.tx((sql) => sql`select 9007199254740993::bigint`)).rejects.toThrow(/too large/)
  })

  test('the role of sign-in cannot read the product, and the product cannot read sign-in', async () => {
    await expect(stores.forAuth().tx((sql) => sql`select id from businesses`)).rejects.toThrow(/permission denied/)
    const peek = stores.forBusiness(first).tx((sql) => sql`select * from auth.user`)
    await expect(peek).rejects.toThrow(/permission denied|does not exist/)
  })
})

describe('the door to ClickHouse', () => {
  test('counts the own rows', async () => {
    expect(await stores.forBusiness(first).ask(countOwn, {})).toEqual([{ n: 30 }])
    expect(await stores.forBusiness(second).ask(countOwn, {})).toEqual([{ n: 7 }])
  })

  test('a query that forgot its predicate still sees only its own business', async () => {
    const [row] = await stores.forBusiness(second).ask(countUnfiltered, {})
    expect(row).toEqual({ n: 7, businesses: 1, spells: 0, mine: second })
    // The control: without the belt the same tables hold both businesses.
    const [all] = await stores.forWorker().ask(countAll, {})
    expect(all?.businesses).toBe(2)
    expect(all?.n).toBeGreaterThanOrEqual(37)
  })

  test('settings and tokens stay with their statement', async () => {
    const before = await stores.forWorker().ask(settingsNow, {})
    await stores.forBusiness(first).ask(countOwn, {})
    await stores.forWorker().insertRows('events', columns, eventRows(first, 1), 'leak-1')
    await stores.forWorker().insertRows('events', columns, eventRows(first, 1), 'leak-2')
    const after = await stores.forWorker().ask(settingsNow, {})
    expect(after).toEqual(before)
    expect(after.find((row) => row.name === 'insert_deduplication_token')?.value).toBe('')
  })

  test('the same batch sent twice counts once; another batch counts', async () => {
    const id = (await stores.createBusiness()).id
    const worker = stores.forWorker()
    const rows = eventRows(id, 5)
    await worker.insertRows('events', columns, rows, 'batch-1')
    await worker.insertText('events', columns, rows.map((row) => JSON.stringify(row)).join('\n'), 'batch-1')
    expect(await stores.forBusiness(id).ask(countOwn, {})).toEqual([{ n: 5 }])
    await worker.insertRows('events', columns, eventRows(id, 2), 'batch-2')
    expect(await stores.forBusiness(id).ask(countOwn, {})).toEqual([{ n: 7 }])
  })

  test('refuses tokens and names that could leave their place in the statement', async () => {
    const worker = stores.forWorker()
    const rows = eventRows(first, 1)
    await expect(worker.insertRows('events', columns, rows, "x', async_insert = 1")).rejects.toThrow(TypeError)
    await expect(worker.insertRows('events', columns, rows, '')).rejects.toThrow(TypeError)
    await expect(worker.insertRows('events; drop table events', columns, rows, 'ok')).rejects.toThrow(TypeError)
  })

  test('an insert does not wait behind a heavy question, which is cut with a typed error', async () => {
    const order: string[] = []
    const started = performance.now()
    const heavy = stores.forBusiness(first).ask(slowQuery, {})
    const cut = expect(heavy.finally(() => order.push('question'))).rejects.toThrow(QueryTooHeavy)
    await stores.forWorker().insertRows('events', columns, eventRows(second, 1), 'beside-heavy')
    order.push('insert')
    await cut
    expect(order).toEqual(['insert', 'question'])
    expect(performance.now() - started).toBeGreaterThan(slowSecondsMax * 1000 * 0.9)
  })

  test('values of every kind cross unchanged', async () => {
    const id = (await stores.createBusiness()).id
    const text = `tab\t newline\n quote' double" back\\slash \\n é 漢 [x] {y} ${'😀'}`
    const at = new Date('2026-03-29T01:30:00.987Z')
    const [row] = await stores
      .forBusiness(id)
      .ask(echo, { text, texts: [text, '', "it's"], at, none: null, count: 4e9 })
    expect(row).toEqual({ text, texts: [text, '', "it's"], at: clickHouseTime(at), none: null, count: 4e9 })
    expect(fromClickHouseTime(row?.at ?? '')).toEqual(at)
  })

  test('a statement that changes the store runs with bound values', async () => {
    const id = (await stores.createBusiness()).id
    await stores.forWorker().insertRows('events', columns, eventRows(id, 3), `erase-${id}`)
    await stores.forWorker().run(erase, { id, contact: 2 })
    expect(await stores.forBusiness(id).ask(countOwn, {})).toEqual([{ n: 2 }])
  })
})

/** Long enough for an insert on a busy machine, and five times shorter than what other questions have. */
const slowSecondsMax = 2

const slowQuery = defineQuery({
  name: 'test.slow',
  secondsMax: slowSecondsMax,
  sql: `
    select sum(cityHash64(number, {business_id:UUID})) as n
    from numbers(1000000000000)`,
  params: z.object({}),
  row: z.object({ n: z.number() }),
})

const echo = defineQuery({
  name: 'test.echo',
  sql: `
    select {text:String} as text, {texts:Array(String)} as texts, toString({at:DateTime64(3, 'UTC')}) as at,
           {none:Nullable(String)} as none, {count:UInt32} as count
    where {business_id:UUID} is not null`,
  params: z.object({
    text: z.string(),
    texts: z.array(z.string()),
    at: z.date(),
    none: z.string().nullable(),
    count: z.number(),
  }),
  row: z.object({
    text: z.string(),
    texts: z.array(z.string()),
    at: z.string(),
    none: z.string().nullable(),
    count: z.number(),
  }),
})

const erase = defineStatement({
  name: 'test.erase',
  sql: `
    alter table events delete
    where business_id = {id:UUID} and contact_id = {contact:UInt32}
    settings mutations_sync = 2`,
  params: z.object({ id: z.string(), contact: z.number() }),
})

describe('definitions', () => {
  const shapes = { params: z.object({}), row: z.object({}) }

  test('refuse what the door could not hold', () => {
    const refuse = (sql: string) =>
      expect(() => defineQuery({ name: `test.refused ${sql}`, sql, ...shapes }), sql).toThrow(TypeError)
    refuse('select 1')
    refuse('select 1 -- {business_id:UUID}\n settings max_threads = 1')
    refuse('select {business_id:UUID}; drop table events')
    refuse("select * from file('/etc/passwd') where {business_id:UUID} = 1")
    refuse("select * from merge('default', '.*') where {business_id:UUID} = 1")
    refuse('insert into events select {business_id:UUID}')
    refuse('select {business_id:UUID} format CSV')
    const late = { name: 'test.refused late', sql: 'select {business_id:UUID}', secondsMax: 11 }
    expect(() => defineQuery({ ...late, ...shapes })).toThrow(/1 to 10 s/)
  })

  test('a name stands for one query, and all of them are listed', () => {
    expect(() => defineQuery({ name: 'test.count_own', sql: countOwn.sql, ...shapes })).toThrow(/twice/)
    expect(allQueries().map((query) => query.name)).toContain('test.count_own')
  })
})

describe('readiness', () => {
  test('both stores answer', async () => {
    expect(await stores.ready()).toEqual({ ok: true, postgres: true, clickhouse: true })
  })
})
