/** Errors of the real stores, provoked with somebody's words in them, leave none of these words in the log (reliability.md §8). */
import { randomUUID } from 'node:crypto'
import { createLog } from '@fidelio/server/telemetry.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStores, type TestStores } from '../support/stores.ts'

const words = 'Bonjour, je suis Marie Planchet'
const phone = '33612345678'
let stores: TestStores
beforeAll(async () => {
  stores = await openTestStores()
})
afterAll(() => stores[Symbol.asyncDispose]())

async function failureOf(work: () => Promise<unknown>): Promise<Error> {
  const outcome = await work().catch((error: unknown) => error)
  if (!(outcome instanceof Error)) throw new Error('Nothing failed.')
  return outcome
}

function logged(error: Error): string {
  const lines: string[] = []
  const log = createLog('info', { write: (line: string) => lines.push(line) })
  log.error({ err: error }, 'a job failed')
  log.error({ error }, 'a job failed')
  log.error({ error: String(error) }, 'a job failed')
  log.error(error)
  return lines.join('')
}

// Tables without row security: for the others Postgres itself keeps the row out of its complaint.
const takeSlot = () =>
  stores.forWorker().tx((sql) => sql`insert into slots (key, taken_by) values (${words}, ${phone})`)

const provocations: [string, () => Promise<unknown>][] = [
  [
    'a row that breaks a rule',
    () =>
      stores.forWorker().tx((sql) => sql`insert into slots (key, taken_by, outcome) values (${words}, ${phone}, null)`),
  ],
  ['a key that exists', () => Promise.all([takeSlot(), takeSlot()])],
  ['a value of the wrong type', () => stores.forWorker().tx((sql) => sql`select ${words}::text::uuid`)],
  ['a number that is none', () => stores.forWorker().tx((sql) => sql`select ${`${words} ${phone}`}::text::bigint`)],
  [
    'rows the event store cannot read',
    () => {
      const broken = `["${randomUUID()}","${words} ${phone}"]`
      return stores.forWorker().insertText('events', ['business_id', 'contact_id'], broken, `broken:${randomUUID()}`)
    },
  ],
]

test.each(provocations)('%s', async (_what, work) => {
  const error = await failureOf(work)
  // What the driver hands over does hold the words, or this would prove nothing.
  const whole = JSON.stringify({ ...error, message: error.message, cause: String(error.cause) })
  expect(whole).toMatch(/Planchet|33612345678/)
  const text = logged(error)
  expect(text.trim().split('\n')).toHaveLength(4)
  expect(text).not.toMatch(/Planchet|Marie|Bonjour|33612345678/)
  expect(text).toContain('"code":')
})
