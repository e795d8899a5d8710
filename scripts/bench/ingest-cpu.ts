/**
 * The honest cost of an event: processor time of the product's whole server process, merges and deriving included,
 * against the sum of what cannot be avoided: what the twin spends per event, and a raw insert of the same rows at the
 * same batch size.
 */
import type { RawOrder, RawReport } from './ingest-raw.ts'
import { childrenMicroseconds, processMicroseconds } from './machine.ts'
import { type BenchCase, ratioCase, valueCase } from './report.ts'

export const cpuTarget = 0.7
/** Rows of the raw insert are kept in memory before they are inserted. */
const rawRowsMax = 150_000

/** How long the raw insert waits for its last merges. */
const settleMs = 2000
/** The product has nothing left to do when it takes less than a tenth of one core for half a second. */
const lookMs = 500
const idleMicroseconds = 50_000
const looksMax = 40

/** What the product has spent and done so far. */
export type Spent = { server: number; postgres: number; events: number; batches: number }

/** Waits until merges and deriving that were begun before have ended, then reads the figures. */
export async function spentBy(product: { pid: number; port: number }): Promise<Spent> {
  for (let look = 0, last = 0; look < looksMax; look++) {
    const now = processMicroseconds(product.pid)
    if (now - last < idleMicroseconds) break
    last = now
    await new Promise((wake) => setTimeout(wake, lookMs))
  }
  const metrics = await (await fetch(`http://127.0.0.1:${product.port}/metrics`)).text()
  const counted = (what: string) =>
    Number(new RegExp(`^fidelio_ingest_total\\{what="${what}"\\} (\\d+)`, 'm').exec(metrics)?.[1] ?? Number.NaN)
  // Inserts into the event store: those of the journal where there is one, and of batches where there is none.
  const batches = counted('segments') || counted('batches')
  return {
    server: processMicroseconds(product.pid),
    postgres: childrenMicroseconds(product.pid),
    events: counted('events'),
    batches,
  }
}

/** The cases of one body size. `insertRaw` runs the raw insert in a process of its own. */
export async function cpuCases(
  name: string,
  sides: { before: Spent; after: Spent; twinPerEvent: number; contactsPerPage: number; quiet: boolean },
  insertRaw: (order: RawOrder) => Promise<RawReport>,
): Promise<Record<string, BenchCase>> {
  const { before, after, twinPerEvent, quiet } = sides
  const events = after.events - before.events
  const rowsPerInsert = Math.round(events / (after.batches - before.batches))
  const order = { rowsPerInsert, rows: Math.min(events, rawRowsMax), contactsPerPage: sides.contactsPerPage, settleMs }
  const raw = await insertRaw(order)
  const server = (after.server - before.server) / events
  const unavoidable = twinPerEvent + raw.microsecondsPerRow
  console.log(
    `cpu ${name}: twin ${twinPerEvent.toFixed(1)} + raw insert ${raw.microsecondsPerRow.toFixed(1)} (${rowsPerInsert} rows each) against ${server.toFixed(1)} µs/event`,
  )
  return {
    [`cpu_${name}`]: ratioCase({ value: unavoidable, against: server, unit: 'µs/event, at least' }, cpuTarget, quiet),
    [`cpu_${name}_raw_insert`]: valueCase(raw.microsecondsPerRow, `µs/event, ${rowsPerInsert} rows an insert`, quiet),
    [`cpu_${name}_postgres`]: valueCase((after.postgres - before.postgres) / events, 'µs/event beside it', quiet),
  }
}
