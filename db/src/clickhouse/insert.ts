import { Readable } from 'node:stream'
import type { ClickHouseClient } from '@clickhouse/client'
import { StoreUnavailable, writeError } from './errors.ts'

/** Tries of one batch, with the same bytes and the same token, before the caller must keep it elsewhere. */
const insertTriesMax = 3
const retryPauseMilliseconds = 50

/** Tokens and names come from our own code; the check keeps it so, for they stand in the statement's text. */
const tokenShape = /^[A-Za-z0-9:_.-]{1,200}$/
const nameShape = /^[a-z][a-z0-9_]*$/

const statements = new Map<string, { before: string; after: string }>()

/** Inserts rows given as arrays in the order of `columns`. See `insertText`. */
export function insertRows(
  client: ClickHouseClient,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  token: string,
): Promise<void> {
  return insertText(client, table, columns, rows.map((row) => JSON.stringify(row)).join('\n'), token)
}

/**
 * Inserts `body`: one JSON array per line (or simply one after another), values in the order of `columns`. Resolves when
 * the rows are durable. The token names this exact batch: the same token again is silently dropped within the table's
 * deduplication window, so one token must never stand for different rows. Retries send the same bytes with the same token.
 * @throws StoreUnavailable when the store could not take the batch; its outcome is then unknown, keep it and its token.
 */
export async function insertText(
  client: ClickHouseClient,
  table: string,
  columns: readonly string[],
  body: string,
  token: string,
): Promise<void> {
  if (body.length === 0) return
  const query = insertStatement(table, columns, token)
  for (let attempt = 1; ; attempt++) {
    try {
      // Measured beside `insert` with arrays, inline text and the adapter's raw insert: a one-chunk stream costs the least
      // from 50 to 5000 rows, and is the same call over HTTP.
      const result = await client.exec({ query, values: Readable.from([body], { objectMode: false }) })
      // Read to the end, although nothing comes: destroying the stream would cost the connection over HTTP.
      for await (const _ of result.stream);
      return
    } catch (error) {
      const translated = writeError(error)
      if (!(translated instanceof StoreUnavailable) || attempt === insertTriesMax) throw translated
      await new Promise((resolve) => setTimeout(resolve, retryPauseMilliseconds * attempt))
    }
  }
}

/**
 * The token stands in the statement itself: as a setting of the call it would stay with the embedded connection and
 * swallow the next insert.
 */
function insertStatement(table: string, columns: readonly string[], token: string): string {
  if (!tokenShape.test(token)) throw new TypeError('An insert token must be 1 to 200 letters, digits or :_.-')
  const key = `${table}(${columns.join()})`
  let parts = statements.get(key)
  if (!parts) {
    for (const name of [table, ...columns]) {
      if (!nameShape.test(name)) throw new TypeError(`Not a table or column name: ${name}`)
    }
    parts = {
      before: `insert into ${table} (${columns.join(', ')}) settings insert_deduplication_token = '`,
      after: `', async_insert = 0, date_time_input_format = 'basic' format JSONCompactEachRow`,
    }
    statements.set(key, parts)
  }
  return parts.before + token + parts.after
}
