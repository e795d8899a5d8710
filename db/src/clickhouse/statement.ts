import type { ClickHouseClient } from '@clickhouse/client'
import type { z } from 'zod'
import { writeError } from './errors.ts'
import { boundParams } from './query.ts'

/** A named change of the event store, run by jobs: `insert … select`, `alter table … delete`, `truncate`, `optimize`. */
export interface MaintenanceStatement<P> {
  readonly name: string
  readonly sql: string
  readonly params: z.ZodType<P>
}

/**
 * Defines a change. Its SQL brings its own `settings` when it needs any (for example `mutations_sync = 2`): there it stays
 * with the statement, and does not stick to the connection.
 */
export function defineStatement<P extends z.ZodObject>(definition: {
  name: string
  sql: string
  params: P
}): MaintenanceStatement<z.output<P>> {
  const sql = definition.sql.trim()
  if (/;\s*\S/.test(sql)) throw new TypeError(`The statement ${definition.name} must be a single one.`)
  return { ...definition, sql: sql.replace(/;$/, '') } as unknown as MaintenanceStatement<z.output<P>>
}

/** Runs a change and waits for its end. @throws StoreUnavailable when the store could not take it now. */
export async function runStatement<P>(
  client: ClickHouseClient,
  statement: MaintenanceStatement<P>,
  params: P,
): Promise<void> {
  const bound = boundParams(statement.params.parse(params) as Record<string, unknown>)
  try {
    await client.command({ query: statement.sql, query_params: bound })
  } catch (error) {
    throw writeError(error)
  }
}
