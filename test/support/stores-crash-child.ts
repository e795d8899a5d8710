/**
 * Writes to both embedded stores until somebody kills it. Run by `stores-crash.test.ts` as its own process:
 * `tsx stores-crash-child.ts <data directory> <business id> <first number>`. One line on stdout per acknowledged number.
 */
import { randomUUID } from 'node:crypto'
import { openStores } from '@fidelio/db/index.ts'
import { silentLog } from '@fidelio/db/log.ts'

const [dataDir = '', businessId = '', first = '1'] = process.argv.slice(2)

async function main(): Promise<void> {
  const stores = await openStores({ dataDir, log: silentLog })
  const worker = stores.forWorker()
  await worker.tx(
    (sql) => sql`
      insert into businesses (id, name, slug, time_zone, derived_time_zone, currency)
      values (${businessId}, 'Crash shop', ${`crash-${businessId}`}, 'UTC', 'UTC', 'EUR')
      on conflict do nothing`,
  )
  for (let number = Number(first); ; number++) {
    await worker.tx((sql) => sql`insert into contacts (business_id, id) values (${businessId}, ${number})`)
    const row = [businessId, number, businessId, randomUUID(), '2026-11-01 12:00:00.000']
    const columns = ['business_id', 'contact_id', 'account_id', 'row_id', 'ts']
    await worker.insertRows('events', columns, [row], `crash-${number}`)
    process.stdout.write(`${number}\n`)
  }
}

await main()
