/** What stands in the stores at the end of a run: every event by its number, and every figure that is made of them. */
import { isDeepStrictEqual } from 'node:util'
import { dayMs, localDate } from '@fidelio/core/time.ts'
import { defineMaintenanceQuery, defineQuery } from '@fidelio/db/clickhouse/query.ts'
import { rebuildBusiness } from '@fidelio/db/derive/rebuild.ts'
import { responseTimes } from '@fidelio/db/queries/response-times.ts'
import { retentionMatrix } from '@fidelio/db/queries/retention.ts'
import { volumes } from '@fidelio/db/queries/volumes.ts'
import { waitingNow } from '@fidelio/db/queries/waiting.ts'
import type { BusinessDb, Tenancy, WorkerDb } from '@fidelio/db/tenancy.ts'
import { z } from 'zod'
import { businesses, type World } from './ingest-world.ts'

export type StoredReport = {
  /** Byte n: how many different row ids event n has. Base64. */
  facts: string
  /** Rows that no event number explains. */
  strays: number
  /** Different row ids in the table, and rows as they lie there: redeliveries not merged yet are copies. */
  rowIds: number
  copies: number
  inboxLeft: number
  failedEvents: number
  /** Every figure, per business. */
  figures: unknown[]
  /** Derived step by step through all the crashes, the figures equal those of a rebuild from the events. */
  rebuiltEqual: boolean
}

const numberOf = "toUInt32OrZero(extract(raw, 'm_([0-9]+)'))"

const totals = defineMaintenanceQuery({
  name: 'fault.totals',
  params: z.object({}),
  row: z.object({ row_ids: z.int(), copies: z.int(), strays: z.int(), last: z.int() }),
  sql: `
select uniqExact(row_id) as row_ids, count() as copies, countIf(${numberOf} = 0) as strays, max(${numberOf}) as last
from events
`,
})

const factsByNumber = defineMaintenanceQuery({
  name: 'fault.factsByNumber',
  params: z.object({ first: z.int(), last: z.int() }),
  row: z.object({ n: z.int(), facts: z.int() }),
  sql: `
select ${numberOf} as n, uniqExact(row_id) as facts
from events
where n between {first:UInt32} and {last:UInt32}
group by n
`,
})

const kinds = defineQuery({
  name: 'fault.kinds',
  params: z.object({}),
  row: z.object({ kind: z.string(), role: z.string(), facts: z.int(), contacts: z.int() }),
  sql: `
select kind, role, uniqExact(row_id) as facts, uniqExact(contact_id) as contacts
from events
where business_id = {business_id:UUID}
group by kind, role
order by kind, role
`,
})

const activeDays = defineQuery({
  name: 'fault.activeDays',
  params: z.object({}),
  row: z.object({ activity: z.string(), day: z.string(), contacts: z.int() }),
  sql: `
select activity, toString(day) as day, groupBitmapMerge(contacts) as contacts
from activity
where business_id = {business_id:UUID}
group by activity, day
order by activity, day
`,
})

/** Contact numbers are given in order of arrival and differ between runs; everything else of a spell is compared. */
const spellDigest = defineQuery({
  name: 'fault.spellDigest',
  params: z.object({}),
  row: z.object({ outcome: z.string(), is_first: z.int(), spells: z.int(), messages: z.int(), digest: z.string() }),
  sql: `
select outcome, is_first, count() as spells, sum(burst) as messages,
       toString(groupBitXor(cityHash64(opening_id, opened_at, closed_at, bot_at, burst, app_id))) as digest
from spells final
where business_id = {business_id:UUID}
group by outcome, is_first
order by outcome, is_first
`,
})

const numbersPerQuery = 200_000

/** To be asked when ingest is idle and everything stored has been derived. */
export async function accountFor(stores: Tenancy, world: World): Promise<StoredReport> {
  const worker = stores.forWorker()
  const [total] = await worker.ask(totals, {})
  const last = total?.last ?? 0
  const facts = new Uint8Array(last + 1)
  for (let first = 1; first <= last; first += numbersPerQuery) {
    const rows = await worker.ask(factsByNumber, { first, last: first + numbersPerQuery - 1 })
    for (const row of rows) facts[row.n] = Math.min(row.facts, 255)
  }
  const figures = await allFigures(stores, world)
  for (const business of businesses) await rebuildBusiness(worker, business.id)
  return {
    facts: Buffer.from(facts).toString('base64'),
    strays: total?.strays ?? 0,
    rowIds: total?.row_ids ?? 0,
    copies: total?.copies ?? 0,
    inboxLeft: await countOf(worker, 'inbox'),
    failedEvents: await countOf(worker, 'failed_events'),
    figures,
    rebuiltEqual: isDeepStrictEqual(await allFigures(stores, world), figures),
  }
}

async function countOf(worker: WorkerDb, table: 'inbox' | 'failed_events'): Promise<number> {
  const [row] = await worker.tx((sql) => sql<{ n: number }[]>`select count(*)::int as n from ${sql(table)}`)
  return row?.n ?? 0
}

async function allFigures(stores: Tenancy, world: World): Promise<unknown[]> {
  const all: unknown[] = []
  for (const { id, timeZone } of businesses) all.push(await figuresOf(stores.forBusiness(id), timeZone, world))
  return all
}

async function figuresOf(db: BusinessDb, timeZone: string, world: World): Promise<unknown> {
  const now = world.endsAt + dayMs
  const period = { from: localDate(now - 9 * dayMs, timeZone), to: localDate(now, timeZone) }
  const compared = { from: localDate(now - 19 * dayMs, timeZone), to: localDate(now - 10 * dayMs, timeZone) }
  const setting = { timeZone, now, period }
  const waits = { ...setting, compared }
  const retention = { ...setting, entry: 'recurring', return: 'on', activity: 'active', columns: 7 } as const
  const waiting = await waitingNow(db, { now, first: 0 })
  const figures = {
    kinds: await db.ask(kinds, {}),
    activeDays: await db.ask(activeDays, {}),
    spells: await db.ask(spellDigest, {}),
    firstByHumans: await responseTimes(db, { ...waits, kind: 'first', responder: 'human' }),
    nextByHumans: await responseTimes(db, { ...waits, kind: 'next', responder: 'human' }),
    firstByBots: await responseTimes(db, { ...waits, kind: 'first', responder: 'bot' }),
    volumes: await volumes(db, setting),
    retention: await retentionMatrix(db, { ...retention, grain: 'day' }),
    retentionFirst: await retentionMatrix(db, {
      ...retention,
      grain: 'week',
      entry: 'first_matching',
      return: 'on_or_after',
    }),
    waiting,
    ...(await stateOf(db)),
  }
  return withoutRevisions(figures)
}

/** When a day was revised is when its events arrived: of all that is compared, the one thing that two runs may not share. */
function withoutRevisions(figures: unknown): unknown {
  return JSON.parse(JSON.stringify(figures, (key, value: unknown) => (key === 'revision' ? undefined : value)))
}

/** Figures kept in PostgreSQL. People are not counted: one whose only request was cut off may exist, and appears nowhere. */
async function stateOf(db: BusinessDb): Promise<Record<string, unknown>> {
  return db.tx(async (sql) => {
    const threads = await sql`
      select count(*)::int as threads, sum(message_count)::int as messages, count(waiting_since)::int as waiting,
             max(last_message_at)::text as last_message, max(last_inbound_at)::text as last_inbound
      from threads`
    const ledger = await sql`
      select channel, topic, action, source, count(*)::int as entries, count(distinct contact_id)::int as people,
             min(occurred_at)::text as first, max(occurred_at)::text as last
      from consent_ledger group by channel, topic, action, source order by 1, 2, 3, 4`
    const consents = await sql`
      select channel, topic, granted, count(*)::int as people, min(since)::text as first, max(since)::text as last
      from consents group by channel, topic, granted order by 1, 2, 3`
    return { threads: [...threads], ledger: [...ledger], consents: [...consents] }
  })
}
