/**
 * What storing costs at least: a process that does nothing but insert rows as the product makes them into the product's
 * table, in the same engine with the same settings, one insert after another. Told by message how many rows an insert
 * shall have, it answers with the processor time of the whole process per row, the merges that follow included.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseMeta } from '@fidelio/channels/meta-objects.ts'
import { eventColumns } from '@fidelio/core/event.ts'
import { type ClickHouse, openClickHouse } from '@fidelio/db/clickhouse/client.ts'
import { insertText } from '@fidelio/db/clickhouse/insert.ts'
import { migrateClickHouse } from '@fidelio/db/clickhouse/migrate.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { rowIdentity, rowScope, rowText } from '@fidelio/ingest/row.ts'
import { contactId, pages, text60 } from './bench-business.ts'

/** `settleMs`: how long to wait for merges, the same as for the product's. */
export type RawOrder = { rowsPerInsert: number; rows: number; contactsPerPage: number; settleMs: number }
export type RawReport = { microsecondsPerRow: number; rows: number }

const warmUpInserts = 10

const businessId = randomUUID()
const accounts = pages.map((page) => ({ page, id: randomUUID() }))

/** Insert text of as many rows, made by the product's own parser and row writer. */
function insertBody(order: RawOrder, first: number): string {
  const lines = Array.from({ length: order.rowsPerInsert }, (_, offset) => {
    const serial = first + offset
    const account = accounts[serial % accounts.length]
    if (!account) throw new Error('unreachable: there are pages')
    const at = Date.now()
    const person = Math.floor(Math.random() * order.contactsPerPage)
    const message = {
      sender: { id: contactId(account.page, person) },
      recipient: { id: account.page },
      timestamp: at - (serial % 1000),
      message: { mid: `m_raw_${serial.toString(36)}`, text: text60 },
    }
    const body = { object: 'page', entry: [{ id: account.page, time: at, messaging: [message] }] }
    const event = parseMeta(JSON.stringify(body), at)[0]?.entries[0]?.events[0]
    if (!event) throw new Error('unreachable: a message is an event')
    const contact = 1 + (serial % accounts.length) * order.contactsPerPage + person
    const scope = rowScope(businessId, account.id, 'messenger')
    return rowText(scope, contact, rowIdentity(businessId, account.id, event.identity), event, at)
  })
  return `${lines.join('\n')}\n`
}

async function measure(clickhouse: ClickHouse, order: RawOrder): Promise<RawReport> {
  const inserts = Math.max(1, Math.floor(order.rows / order.rowsPerInsert))
  const bodies = Array.from({ length: warmUpInserts + inserts }, (_, index) =>
    insertBody(order, index * order.rowsPerInsert),
  )
  const insert = (body: string) => insertText(clickhouse.insert, 'events', eventColumns, body, randomUUID())
  for (const body of bodies.splice(0, warmUpInserts)) await insert(body)
  const before = process.cpuUsage()
  for (const body of bodies) await insert(body)
  await new Promise((wake) => setTimeout(wake, order.settleMs))
  const { user, system } = process.cpuUsage(before)
  const rows = inserts * order.rowsPerInsert
  return { microsecondsPerRow: (user + system) / rows, rows }
}

async function run(order: RawOrder): Promise<RawReport> {
  const path = await mkdtemp(join(tmpdir(), 'fidelio-bench-raw-'))
  const clickhouse = openClickHouse({ path })
  try {
    await migrateClickHouse(clickhouse.maintenance, { log: silentLog })
    return await measure(clickhouse, order)
  } finally {
    await clickhouse[Symbol.asyncDispose]()
    await rm(path, { recursive: true, force: true })
  }
}

if (process.send) {
  process.once('message', (order: RawOrder) => {
    run(order).then(
      (report) => {
        process.send?.(report)
        process.disconnect()
      },
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
}
