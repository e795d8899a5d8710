import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { ClickHouseClient } from '@clickhouse/client'
import type { StoreLog } from '../log.ts'
import { type MigrationFile, pendingMigrations, readMigrationFiles } from '../migration-files.ts'

export interface MigrateClickHouseOptions {
  log: StoreLog
  /** Another folder, for tests. */
  directory?: string
}

/** A statement's line in the ledger; the last line of a file also says that the file is complete. */
interface LedgerRow {
  number: number
  statement: number
  name: string
  file_checksum: string
  statement_checksum: string
  complete: number
}

/**
 * Brings the event store to this version, one statement at a time (two in one call run silently as one). ClickHouse has no
 * transactions for definitions, so each statement gets its own line in the ledger, and a run cut short goes on where it
 * stopped; a statement whose line was lost runs twice, so statements say `if not exists` / `if exists`.
 * Starting processes are kept apart by the caller: the PostgreSQL migration lock, or the directory's lock.
 * @throws MigrationMismatch when an applied file was edited, or the store is newer than this code.
 */
export async function migrateClickHouse(
  client: ClickHouseClient,
  options: MigrateClickHouseOptions,
): Promise<{ applied: string[] }> {
  const files = await readMigrationFiles(options.directory ?? fileURLToPath(new URL('./migrations', import.meta.url)))
  await client.command({
    query: `
      create table if not exists fidelio_migrations
      (
          number             UInt32,
          statement          UInt32,
          name               String,
          file_checksum      String,
          statement_checksum String,
          complete           UInt8,
          applied_at         DateTime64(3, 'UTC') default now64(3, 'UTC')
      )
      engine = ReplacingMergeTree
      order by (number, statement)`,
  })
  const ledger = await readLedger(client)
  const complete = ledger
    .filter((row) => row.complete === 1)
    .map((row) => ({ number: row.number, name: row.name, checksum: row.file_checksum }))
  const pending = pendingMigrations(files, complete, 'ClickHouse')
  for (const file of pending) {
    options.log.info({ migration: file.name }, 'Applying a ClickHouse migration')
    await applyFile(client, file, ledger)
  }
  return { applied: pending.map((file) => file.name) }
}

async function readLedger(client: ClickHouseClient): Promise<LedgerRow[]> {
  const result = await client.query({
    query: `
      select number, statement, name, file_checksum, statement_checksum, complete
      from fidelio_migrations final
      order by number, statement`,
    format: 'JSONEachRow',
  })
  return result.json<LedgerRow>()
}

async function applyFile(client: ClickHouseClient, file: MigrationFile, ledger: LedgerRow[]): Promise<void> {
  const statements = splitStatements(file.sql)
  for (const [index, statement] of statements.entries()) {
    const checksum = createHash('sha256').update(statement).digest('hex')
    const done = ledger.some(
      (row) => row.number === file.number && row.statement === index && row.statement_checksum === checksum,
    )
    const last = index === statements.length - 1
    if (done && !last) continue
    try {
      await client.command({ query: statement })
    } catch (error) {
      const reason = (error as Error).message
      throw new Error(`Statement ${index + 1} of the ClickHouse migration ${file.name} failed: ${reason}`, {
        cause: error,
      })
    }
    await record(client, {
      number: file.number,
      statement: index,
      name: file.name,
      file_checksum: file.checksum,
      statement_checksum: checksum,
      complete: last ? 1 : 0,
    })
  }
}

async function record(client: ClickHouseClient, row: LedgerRow): Promise<void> {
  await client.command({
    query: `
      insert into fidelio_migrations (number, statement, name, file_checksum, statement_checksum, complete)
      select {number:UInt32}, {statement:UInt32}, {name:String}, {file_checksum:String}, {statement_checksum:String},
             {complete:UInt8}`,
    query_params: { ...row },
  })
}

/** Statements end with `;` at the end of a line; whole-line comments between them belong to nobody. */
export function splitStatements(sql: string): string[] {
  return sql
    .split('\n')
    .filter((line) => !/^\s*--/.test(line))
    .join('\n')
    .split(/;[ \t]*(?:--[^\n]*)?(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

/** Tables of this store that hold rows of businesses: the ones the tenancy door filters. */
export async function readBusinessTables(client: ClickHouseClient): Promise<string[]> {
  const result = await client.query({
    query: `
      select distinct table
      from system.columns
      where database = currentDatabase() and name = 'business_id'
      order by table`,
    format: 'JSONEachRow',
  })
  const rows = await result.json<{ table: string }>()
  return rows.map((row) => row.table).filter((table) => /^[A-Za-z0-9_]+$/.test(table))
}
