import type { ClickHouseClient } from '@clickhouse/client'
import type { z } from 'zod'
import { readError } from './errors.ts'

export { QueryTooHeavy, StoreUnavailable } from './errors.ts'

const querySecondsMax = 10
const queryBytesMax = 805_306_368
const maintenanceSecondsMax = 600
const maintenanceBytesMax = 1_073_741_824
const resultRowsMax = 1_000_000

type Shape = z.ZodObject
type QueryKind = 'business' | 'maintenance'

/** A named question: SQL with bound parameters, and the shapes of what goes in and comes out. */
export interface Query<P, R> {
  readonly kind: 'business'
  readonly name: string
  readonly sql: string
  readonly params: z.ZodType<P> & Shape
  readonly row: z.ZodType<R>
  /** See `QueryDefinition`. */
  readonly secondsMax: number
}

/** A question across businesses, for jobs; the business's door does not accept it. */
export interface MaintenanceQuery<P, R> extends Omit<Query<P, R>, 'kind'> {
  readonly kind: 'maintenance'
}

export interface QueryDefinition<P extends Shape, R extends z.ZodType> {
  /** Unique, as `noun.question`: it names the query in logs, metrics and errors. */
  name: string
  /** No trailing `settings` or `format`: the door adds them. */
  sql: string
  params: P
  row: R
  /** For a question that must be cut earlier than the others: 10 s, or 600 s across businesses. */
  secondsMax?: number
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds queries of every shape; each is typed where it is defined.
type AnyQuery = Query<any, any> | MaintenanceQuery<any, any>
const registry = new Map<string, AnyQuery>()

/**
 * Defines a question about one business. Its SQL must use `{business_id:UUID}`, which the door binds; `params` are the
 * others, given by the caller.
 * @throws TypeError when the SQL breaks a rule of the door, at load time.
 */
export function defineQuery<P extends Shape, R extends z.ZodType>(
  definition: QueryDefinition<P, R>,
): Query<z.output<P>, z.output<R>> {
  if (!/\{\s*business_id\s*:\s*UUID\s*\}/.test(definition.sql)) {
    throw new TypeError(`The query ${definition.name} must use {business_id:UUID}.`)
  }
  return register('business', definition) as Query<z.output<P>, z.output<R>>
}

/** Defines a question that may look at every business: derive runs, accounting, health. */
export function defineMaintenanceQuery<P extends Shape, R extends z.ZodType>(
  definition: QueryDefinition<P, R>,
): MaintenanceQuery<z.output<P>, z.output<R>> {
  return register('maintenance', definition) as MaintenanceQuery<z.output<P>, z.output<R>>
}

/** Every query defined so far, in order of definition; tests walk it. */
export function allQueries(): readonly AnyQuery[] {
  return [...registry.values()]
}

/** Functions that read something else than our tables: files, other servers, or tables chosen by pattern. */
const foreignTables =
  /\b(file|url|s3|gcs|hdfs|remote|remoteSecure|cluster|clusterAllReplicas|merge|mysql|postgresql|sqlite|mongodb|redis|jdbc|odbc|executable|python|urlCluster|s3Cluster|fileCluster|azureBlobStorage|iceberg|deltaLake|hudi|loop|dictionary|view|viewExplain|input|mergeTreeIndex)\s*\(/i

function register(kind: QueryKind, definition: QueryDefinition<Shape, z.ZodType>): AnyQuery {
  const { name } = definition
  const sql = definition.sql.trim()
  const code = withoutCommentsAndTexts(sql)
  if (registry.has(name)) throw new TypeError(`The query ${name} is defined twice.`)
  if (!/^(select|with)\b/i.test(code.trim())) throw new TypeError(`The query ${name} must be a select.`)
  if (/;/.test(code)) throw new TypeError(`The query ${name} must be one statement without a semicolon.`)
  if (/\b(settings\s+\w+\s*=|format\s+\w+\s*$|into\s+outfile\b)/i.test(code)) {
    throw new TypeError(`The query ${name} must not bring its own settings, format or outfile.`)
  }
  const foreign = foreignTables.exec(code)
  if (foreign) throw new TypeError(`The query ${name} must not read from ${foreign[1]}().`)
  if ('business_id' in definition.params.shape && kind === 'business') {
    throw new TypeError(`The query ${name} gets its business from the door, not from its caller.`)
  }
  const longest = kind === 'business' ? querySecondsMax : maintenanceSecondsMax
  const secondsMax = definition.secondsMax ?? longest
  if (!(Number.isInteger(secondsMax) && secondsMax >= 1 && secondsMax <= longest)) {
    throw new TypeError(`The query ${name} may run 1 to ${longest} s.`)
  }
  const query = { kind, name, sql, params: definition.params, row: definition.row, secondsMax } as AnyQuery
  registry.set(name, query)
  return query
}

function withoutCommentsAndTexts(sql: string): string {
  return sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ').replaceAll(/'(?:[^'\\]|\\.|'')*'/g, "''")
}

/** Settings of every question, its time apart: limits, UTC, and numbers as numbers. */
function readSettings(kind: QueryKind): string {
  const business = kind === 'business'
  return [
    `max_memory_usage = ${business ? queryBytesMax : maintenanceBytesMax}`,
    `max_result_rows = ${resultRowsMax}`,
    `result_overflow_mode = 'throw'`,
    `timeout_overflow_mode = 'throw'`,
    `session_timezone = 'UTC'`,
    `output_format_json_quote_64bit_integers = 0`,
    `output_format_json_quote_denormals = 0`,
    `output_format_json_quote_decimals = 1`,
  ].join(', ')
}

const settingsOf = { business: readSettings('business'), maintenance: readSettings('maintenance') }
const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Throws unless `text` is a UUID in lower case: the only text that may enter the engine-side filter. */
export function assertUuid(text: string): void {
  if (!uuidShape.test(text)) throw new TypeError('Not a UUID in lower case.')
}

/**
 * The second belt: the engine itself adds `business_id = …` to every table a statement reads, also inside views and
 * subqueries, even when the query forgot it.
 */
export function businessFilter(tables: readonly string[], businessId: string): string {
  assertUuid(businessId)
  const filters = tables.map((table) => `'${table}': 'business_id = ''${businessId}'''`)
  return `additional_table_filters = {${filters.join(', ')}}`
}

/** Runs a query of one business; `tables` are all tables with a `business_id`. */
export function askBusiness<P, R>(
  client: ClickHouseClient,
  query: Query<P, R>,
  params: P,
  business: { id: string; tables: readonly string[] },
): Promise<R[]> {
  const settings = `${businessFilter(business.tables, business.id)}, ${settingsOf.business}`
  return run(client, query, { ...parsed(query, params), business_id: business.id }, settings)
}

/** Runs a query across businesses. */
export function askMaintenance<P, R>(client: ClickHouseClient, query: MaintenanceQuery<P, R>, params: P): Promise<R[]> {
  return run(client, query, parsed(query, params), settingsOf.maintenance)
}

function parsed<P>(query: { params: z.ZodType<P> }, params: P): Record<string, unknown> {
  return query.params.parse(params) as Record<string, unknown>
}

async function run<R>(
  client: ClickHouseClient,
  query: { name: string; sql: string; row: z.ZodType<R>; secondsMax: number },
  params: Record<string, unknown>,
  settings: string,
): Promise<R[]> {
  let rows: unknown[]
  try {
    const result = await client.query({
      query: `${query.sql}\nsettings max_execution_time = ${query.secondsMax}, ${settings}`,
      query_params: boundParams(params),
      format: 'JSONEachRow',
    })
    rows = await result.json()
  } catch (error) {
    throw readError(error, query.name)
  }
  return rows.map((row) => query.row.parse(row))
}

/** Dates cross as text: the client would cut their milliseconds. */
export function boundParams(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, boundValue(value)]))
}

function boundValue(value: unknown): unknown {
  if (value instanceof Date) return clickHouseTime(value)
  return Array.isArray(value) ? value.map(boundValue) : value
}

/** 'YYYY-MM-DD hh:mm:ss.mmm' in UTC, as `DateTime64(3, 'UTC')` columns and parameters take it. */
export function clickHouseTime(instant: Date | number): string {
  return new Date(instant).toISOString().slice(0, 23).replace('T', ' ')
}

/** Reads what `clickHouseTime` wrote, and what the store answers, back into a date. */
export function fromClickHouseTime(text: string): Date {
  return new Date(`${text.replace(' ', 'T')}Z`)
}
