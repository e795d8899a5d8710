import * as authSchema from '@fidelio/db/postgres/auth-schema.ts'
import * as schema from '@fidelio/db/postgres/schema.ts'
import { isTable } from 'drizzle-orm'
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import postgres from 'postgres'
import { describe, expect, inject, test } from 'vitest'

interface ColumnFact {
  table: string
  column: string
  type: string
  notNull: boolean
  primaryKey: boolean
  hasDefault: boolean
}

const tables = [...Object.values(schema), ...Object.values(authSchema)].filter((value) => isTable(value)) as PgTable[]

function drizzleColumns(): ColumnFact[] {
  return tables.flatMap((table) => {
    const config = getTableConfig(table)
    const keyColumns = config.primaryKeys.flatMap((key) => key.columns.map((column) => column.name))
    return config.columns.map((column) => ({
      table: `${config.schema ?? 'public'}.${config.name}`,
      column: column.name,
      type: column.getSQLType().replaceAll(' ', ''),
      notNull: column.notNull,
      primaryKey: column.primary || keyColumns.includes(column.name),
      hasDefault: column.hasDefault || column.generatedIdentity !== undefined,
    }))
  })
}

async function databaseColumns(): Promise<ColumnFact[]> {
  const sql = postgres(inject('postgres').ownerUrl, { max: 1 })
  try {
    return await sql<ColumnFact[]>`
      select n.nspname || '.' || c.relname                                   as "table",
             a.attname                                                       as "column",
             replace(format_type(a.atttypid, a.atttypmod), ' ', '')          as "type",
             a.attnotnull                                                    as "notNull",
             coalesce(a.attnum = any (k.conkey), false)                      as "primaryKey",
             (a.atthasdef and a.attgenerated = '') or a.attidentity <> ''    as "hasDefault"
      from pg_attribute a
      join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
      join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'auth')
      left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
      where a.attnum > 0 and not a.attisdropped and c.relname <> 'fidelio_migrations'`
  } finally {
    await sql.end()
  }
}

/** The sign-in library gives every value itself, so its schema does not repeat the database's defaults. */
function comparable(columns: ColumnFact[]): ColumnFact[] {
  const facts = columns.map((fact) => (fact.table.startsWith('auth.') ? { ...fact, hasDefault: false } : fact))
  return facts.sort((a, b) => `${a.table}.${a.column}`.localeCompare(`${b.table}.${b.column}`))
}

describe('the Drizzle schema', () => {
  test('has exactly the columns of the migrated database', async () => {
    const actual = comparable(await databaseColumns())
    expect(actual.length).toBeGreaterThan(200)
    expect(comparable(drizzleColumns())).toEqual(actual)
  })
})

describe('row security', () => {
  test('is enabled and forced, with a policy, on every table of a business', async () => {
    const sql = postgres(inject('postgres').ownerUrl, { max: 1 })
    try {
      const loose = await sql`
        select c.relname
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
        where c.relkind = 'r'
          and (c.relname = 'businesses'
               or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'business_id'))
          and not (c.relrowsecurity and c.relforcerowsecurity
                   and exists (select from pg_policy p where p.polrelid = c.oid))`
      expect(loose).toEqual([])
      const [roles] = await sql`
        select count(*)::integer as n from pg_roles
        where rolname in ('fidelio_app', 'fidelio_worker', 'fidelio_auth', 'fidelio_login')
          and not rolsuper and not rolbypassrls and not rolcreaterole and not rolinherit`
      expect(roles).toEqual({ n: 4 })
    } finally {
      await sql.end()
    }
  })
})
