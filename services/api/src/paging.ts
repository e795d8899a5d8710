/**
 * Pages by key: a cursor is the position of a row in its order, so rows that arrive while somebody pages are neither
 * repeated nor skipped. Cursors are opaque to callers and stable between releases of the same order.
 */
import { z } from 'zod'
import { invalid } from './errors.ts'
import { pageRowsMax } from './schema/builder.ts'

/** @throws VALIDATION unless 1 ≤ first ≤ 200. */
export function pageSize(first: number | null | undefined, fallback: number, field = 'first'): number {
  const size = first ?? fallback
  if (size < 1 || size > pageRowsMax) throw invalid(field, `${field} must be between 1 and ${pageRowsMax}.`)
  return size
}

export function encodeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** @throws VALIDATION for a cursor of another list, or none at all. */
export function decodeCursor<T>(
  cursor: string | null | undefined,
  shape: z.ZodType<T>,
  field = 'after',
): T | undefined {
  if (cursor === null || cursor === undefined || cursor === '') return undefined
  const parsed = z.preprocess(readJson, shape).safeParse(cursor)
  if (!parsed.success) throw invalid(field, `${field} is not a cursor of this list.`)
  return parsed.data
}

function readJson(cursor: unknown): unknown {
  const text = Buffer.from(String(cursor), 'base64url').toString('utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    // Not JSON: no shape matches null, so the caller hears that the cursor is wrong.
    if (error instanceof SyntaxError) return null
    throw error
  }
}

export interface Page<T> {
  edges: { cursor: string; node: T }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
}

export function pageOf<T>(
  rows: readonly T[],
  ends: { hasNextPage: boolean; hasPreviousPage: boolean },
  cursorOf: (row: T) => string,
): Page<T> {
  const edges = rows.map((node) => ({ cursor: cursorOf(node), node }))
  const startCursor = edges.at(0)?.cursor ?? null
  const endCursor = edges.at(-1)?.cursor ?? null
  return { edges, pageInfo: { ...ends, startCursor, endCursor } }
}
