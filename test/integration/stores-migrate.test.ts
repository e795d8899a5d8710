import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedClickHouse } from '@fidelio/db/clickhouse/embedded.ts'
import { migrateClickHouse, splitStatements } from '@fidelio/db/clickhouse/migrate.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { MigrationMismatch } from '@fidelio/db/migration-files.ts'
import { openPostgres, type StoreSql } from '@fidelio/db/postgres/client.ts'
import { applicationRoles, migratePostgres } from '@fidelio/db/postgres/migrate.ts'
import postgres, { type Sql } from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'

let scratch: string
let directory: string

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fidelio-migrate-'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))
beforeEach(async () => {
  directory = await mkdtemp(join(scratch, 'files-'))
})

function put(name: string, sql: string): Promise<void> {
  return writeFile(join(directory, name), sql)
}

describe('PostgreSQL migrations', () => {
  let admin: Sql
  let ownerUrl: string
  let database: string

  beforeEach(async () => {
    const server = new URL(inject('postgres').ownerUrl)
    server.pathname = '/postgres'
    admin = postgres(server.href, { max: 1 })
    database = `migrate_${Math.random().toString(36).slice(2)}`
    await admin.unsafe(`create database ${database}`)
    server.pathname = `/${database}`
    ownerUrl = server.href
    return async () => {
      await admin.unsafe(`drop database ${database} with (force)`)
      await admin.end()
    }
  })

  test('run once, also when four processes start together', async () => {
    await put('0001_first.sql', 'create table first (id integer); insert into first values (1);')
    await put('0002_second.sql', 'create table second (id integer);')
    const runs = await Promise.all([1, 2, 3, 4].map(() => migratePostgres(ownerUrl, { log: silentLog, directory })))
    expect(runs.map((run) => run.applied.length).sort()).toEqual([0, 0, 0, 2])
    await put('0003_third.sql', 'insert into first values (3);')
    expect((await migratePostgres(ownerUrl, { log: silentLog, directory })).applied).toEqual(['0003_third.sql'])
  })

  test('a failing file leaves nothing behind and is named', async () => {
    await put('0001_half.sql', 'create table half (id integer); select * from nowhere;')
    const migrate = () => migratePostgres(ownerUrl, { log: silentLog, directory })
    await expect(migrate()).rejects.toThrow(/0001_half\.sql failed: .*nowhere/)
    await put('0001_half.sql', 'create table half (id integer);')
    expect((await migrate()).applied).toEqual(['0001_half.sql'])
  })

  test('an edited file and a newer database are refused in a sentence', async () => {
    await put('0001_first.sql', 'select 1;')
    await put('0002_second.sql', 'select 2;')
    const migrate = () => migratePostgres(ownerUrl, { log: silentLog, directory })
    await migrate()
    await put('0001_first.sql', 'select 11;')
    await expect(migrate()).rejects.toThrow(/0001_first\.sql was changed after/)
    await put('0001_first.sql', 'select 1;')
    await rm(join(directory, '0002_second.sql'))
    await expect(migrate()).rejects.toThrow(MigrationMismatch)
    await expect(migrate()).rejects.toThrow(/newer version/)
  })

  test('a single login that is no superuser, as managed servers give it, migrates and then works', async () => {
    const login = `managed_${database}`
    await admin.unsafe(`create role ${login} login createrole password 'managed'`)
    await admin.unsafe(`alter database ${database} owner to ${login}`)
    // What PostgreSQL grants to a login that is no superuser when it creates a role.
    await admin.unsafe(`grant ${applicationRoles.join(', ')} to ${login} with admin true, inherit false, set false`)
    const url = Object.assign(new URL(ownerUrl), { username: login, password: 'managed' }).href
    try {
      expect((await migratePostgres(url, { log: silentLog })).applied.length).toBeGreaterThan(5)
      await using pools = openPostgres(url)
      const who = (pool: StoreSql) => pool<{ role: string }[]>`select current_user::text as role`
      const roles = await Promise.all([pools.app, pools.worker, pools.auth].map(who))
      expect(roles.flat().map(({ role }) => role)).toEqual([...applicationRoles])
      expect(await pools.worker`select id from businesses`).toEqual([])
      expect((await migratePostgres(url, { log: silentLog })).applied).toEqual([])
    } finally {
      await dropLogin(ownerUrl, login)
    }
  })

  test('the application login only checks: it starts on a migrated database and refuses another', async () => {
    const appUrl = new URL(inject('postgres').appUrl)
    appUrl.pathname = `/${database}`
    await put('0001_first.sql', 'select 1;')
    const check = () => migratePostgres(appUrl.href, { log: silentLog, directory })
    await expect(check()).rejects.toThrow(/not prepared/)
    await migratePostgres(ownerUrl, { log: silentLog, directory, appLogin: appUrl.username })
    expect(await check()).toEqual({ applied: [] })
    await put('0002_second.sql', 'select 2;')
    await expect(check()).rejects.toThrow(/lacks 0002_second\.sql/)
  })
})

async function dropLogin(databaseUrl: string, login: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    await sql.unsafe(`alter database ${new URL(databaseUrl).pathname.slice(1)} owner to current_user`)
    await sql.unsafe(`drop owned by ${login} cascade`)
    await sql.unsafe(`drop role ${login}`)
  } finally {
    await sql.end()
  }
}

describe('ClickHouse migrations', () => {
  test('run statement by statement, go on after a crash between two, and refuse an edited file', async () => {
    const engine = openEmbeddedClickHouse(join(scratch, 'clickhouse'))
    try {
      const client = engine.connect()
      const migrate = () => migrateClickHouse(client, { log: silentLog, directory })
      const create = 'create table a (id UInt8) engine = MergeTree order by id;\n'
      await put('0001_a.sql', `-- a comment; with a semicolon\n${create}insert into a values (1);\nselect nowhere;\n`)
      await expect(migrate()).rejects.toThrow(/Statement 3 of the ClickHouse migration 0001_a\.sql failed/)
      // The table exists now and the statement has no `if not exists`: only the ledger keeps it from running again.
      await put('0001_a.sql', `-- a comment; with a semicolon\n${create}insert into a values (1);\nselect 1;\n`)
      expect((await migrate()).applied).toEqual(['0001_a.sql'])
      expect((await migrate()).applied).toEqual([])
      const result = await client.query({ query: 'select count() as n from a', format: 'JSONEachRow' })
      expect(await result.json()).toEqual([{ n: 1 }])
      await put('0001_a.sql', create)
      await expect(migrate()).rejects.toThrow(/was changed after/)
    } finally {
      await engine.close()
    }
  })

  test('statements end with a semicolon at the end of a line', () => {
    expect(splitStatements("-- x;\nselect ';' as a;\n\nselect 2 -- why;\n;\nselect 3")).toEqual([
      "select ';' as a",
      'select 2 -- why',
      'select 3',
    ])
  })
})
