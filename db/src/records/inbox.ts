/**
 * The inbox: batches of finished event rows that ClickHouse could not take, kept in the acknowledged request and
 * inserted later with the same bytes and the same token (design.md §2.1).
 */
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'

type Db = ISql<StoreTypes>

/**
 * One batch. `rows` is insert text: a JSON array per line in the order of `eventColumns`. It crosses as one JSON string,
 * so that a NUL character inside a message, which `jsonb` refuses, cannot keep a batch out.
 */
export type InboxBatch = { token: string; rows: string }

export type InboxEntry = InboxBatch & { id: number; attempts: number; receivedAt: Date }

/** Keeps a batch; durable when this resolves. */
export async function putInbox(sql: Db, batch: InboxBatch, receivedAt: Date): Promise<void> {
  const kept: InboxBatch = { token: batch.token, rows: batch.rows }
  await sql`insert into inbox (received_at, events) values (${receivedAt}, ${sql.json(kept)})`
}

/**
 * The oldest batch, locked until the transaction ends; one that another process is draining is passed over. Draining
 * twice would be harmless: rows and token are the same.
 */
export async function takeOldestInbox(sql: Db): Promise<InboxEntry | undefined> {
  const [row] = await sql<{ id: number; attempts: number; receivedAt: Date; events: InboxBatch }[]>`
    select id, attempts, received_at as "receivedAt", events from inbox order by id limit 1 for update skip locked`
  return row && { id: row.id, attempts: row.attempts, receivedAt: row.receivedAt, ...row.events }
}

export async function deleteInbox(sql: Db, id: number): Promise<void> {
  await sql`delete from inbox where id = ${id}`
}

/** Counts a failed attempt, with the error for the operator. */
export async function noteInboxFailure(sql: Db, id: number, error: string): Promise<void> {
  await sql`update inbox set attempts = attempts + 1, last_error = ${error.slice(0, 500)} where id = ${id}`
}

export async function countInbox(sql: Db): Promise<number> {
  const [row] = await sql<{ batches: number }[]>`select count(*) as batches from inbox`
  return row?.batches ?? 0
}

/** Whether anything waits: asked at each tick, so it must cost nothing. */
export async function inboxIsEmpty(sql: Db): Promise<boolean> {
  const rows = await sql`select 1 from inbox limit 1`
  return rows.length === 0
}

/**
 * ClickHouse's codes for "I cannot read these values": CANNOT_PARSE_TEXT, _ESCAPE_SEQUENCE, _QUOTED_STRING,
 * _INPUT_ASSERTION_FAILED, _DATE, _DATETIME, _NUMBER, _UUID, ARGUMENT_OUT_OF_BOUND, INCORRECT_DATA, DECIMAL_OVERFLOW,
 * VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE, UNEXPECTED_DATA_AFTER_PARSED_VALUE. The same rows will never be taken.
 */
const rowRefusalCodes = new Set(['6', '25', '26', '27', '38', '41', '72', '376', '69', '117', '407', '321', '441'])

/** Whether an insert failed because of what its rows hold, and not because of the store. */
export function isRowRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && rowRefusalCodes.has(String(error.code))
}
