/** What cannot be derived holds up nobody else, and large businesses are derived without naming their contacts. */
import { randomUUID } from 'node:crypto'
import { dayMs, hourMs, minuteMs } from '@fidelio/core/time.ts'
import { clickHouseTime } from '@fidelio/db/clickhouse/query.ts'
import { createDeriver } from '@fidelio/db/derive/deriver.ts'
import type { WorkerDb } from '@fidelio/db/index.ts'
import { silentLog } from '@fidelio/db/log.ts'
import postgres, { type Sql } from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dumpDerived } from '../support/derived-dump.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'

let stores: TestStores
let owner: Sql

beforeAll(async () => {
  stores = await openTestStores()
  owner = postgres(stores.ownerUrl, { max: 1, onnotice: () => {} })
})

afterAll(async () => {
  await owner.end()
  await stores[Symbol.asyncDispose]()
})

const noon = Date.UTC(2026, 10, 1, 12)

interface Shop {
  businessId: string
  accountId: string
}

async function createShop(contacts: number): Promise<Shop> {
  const businessId = (await stores.createBusiness()).id
  const accountId = randomUUID()
  await stores.forWorker().tx(async (sql) => {
    await sql`
      insert into channel_accounts (id, business_id, channel, external_id, name)
      values (${accountId}, ${businessId}, 'messenger', ${accountId}, 'test')`
    await sql`insert into contacts (business_id, id) select ${businessId}, n from generate_series(1, ${contacts}) n`
  })
  return { businessId, accountId }
}

type Message = { contactId: number; text?: string; at?: number; receivedAt?: number; flag?: string; rowId?: string }

const columns = ['business_id', 'contact_id', 'account_id', 'channel', 'kind', 'role', 'ts', 'received_at', 'row_id']

async function receive({ businessId, accountId }: Shop, messages: readonly Message[]): Promise<void> {
  const rows = messages.map(({ contactId, text = 'hello', at = noon, receivedAt = at, flag = '', rowId }) => [
    businessId,
    contactId,
    accountId,
    'messenger',
    'message.received',
    'customer',
    clickHouseTime(at),
    clickHouseTime(receivedAt),
    rowId ?? randomUUID(),
    text,
    flag,
  ])
  await stores.forWorker().insertRows('events', [...columns, 'text', 'time_flag'], rows, `apart:${randomUUID()}`)
}

function threadsOf(shop: Shop) {
  return owner<{ contact: number; text: string }[]>`
    select contact_id::integer as contact, last_text as text from threads where business_id = ${shop.businessId} order by 1`
}

test('a NUL character stored in a text stops nobody, and reads as a replacement', async () => {
  const [shop, other] = [await createShop(1), await createShop(1)]
  await receive(shop, [{ contactId: 1, text: 'a\u0000b 😀' }])
  await receive(other, [{ contactId: 1 }])
  await createDeriver({ worker: stores.forWorker(), log: silentLog }).run()
  expect(await threadsOf(shop)).toEqual([{ contact: 1, text: 'a\uFFFDb 😀' }])
  expect(await threadsOf(other)).toEqual([{ contact: 1, text: 'hello' }])
})

/** From here on PostgreSQL refuses the thread of one contact, as it would refuse a value it cannot hold. */
async function refuseThread(shop: Shop, contactId: number): Promise<() => Promise<void>> {
  await owner.unsafe(`
    create or replace function refuse_thread() returns trigger language plpgsql as $$
    begin
      if new.business_id = '${shop.businessId}' and new.contact_id = ${contactId} then
        raise exception 'refused: %', new.last_text using errcode = '22P05';
      end if;
      return new;
    end $$;
    create trigger refuse_thread before insert or update on threads for each row execute function refuse_thread()`)
  return async () => {
    await owner.unsafe('drop trigger refuse_thread on threads')
  }
}

const asideNames = (shop: Shop) =>
  owner<{ name: string }[]>`select name from derive_cursors where name like ${`aside:${shop.businessId}:%`}`

test.each(['by name', 'as a whole business'])('a contact that cannot be derived %s is set aside', async (way) => {
  const shop = await createShop(9)
  const lines: string[] = []
  const note = (fields: Record<string, unknown>, message: string) => lines.push(JSON.stringify([fields, message]))
  const deriver = createDeriver({ worker: stores.forWorker(), log: { ...silentLog, error: note } })
  const everyone = Array.from({ length: 9 }, (_, index) => ({ contactId: index + 1, text: 'private words' }))
  if (way === 'by name') await deriver.run()
  const allow = await refuseThread(shop, 4)
  await receive(shop, everyone)
  const { touched } = await deriver.run()
  expect(touched?.completeTo).toBeInstanceOf(Date)
  const others = [1, 2, 3, 5, 6, 7, 8, 9]
  expect((await threadsOf(shop)).map((thread) => thread.contact)).toEqual(others)
  expect(await asideNames(shop)).toEqual([{ name: `aside:${shop.businessId}:4` }])
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('22P05')
  expect(lines[0]).not.toContain('private')

  await allow()
  expect((await deriver.run()).touched?.contacts).toBe(0)
  expect((await threadsOf(shop)).map((thread) => thread.contact)).toEqual(others)
  await owner`update derive_cursors set position = position - interval '10 minutes' where name like 'aside:%'`
  await deriver.run()
  expect((await threadsOf(shop)).map((thread) => thread.contact)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(await asideNames(shop)).toEqual([])
})

test('a contact of a business that is gone is forgotten', async () => {
  await owner`
    insert into derive_cursors (name, position) values (${`aside:${randomUUID()}:1`}, now() - interval '1 hour')`
  await createDeriver({ worker: stores.forWorker(), log: silentLog }).run()
  expect(await owner`select name from derive_cursors where name like 'aside:%'`).toEqual([])
})

/** A worker that counts for how many businesses contacts were named. */
function watched(worker: WorkerDb): { worker: WorkerDb; named: string[] } {
  const named: string[] = []
  const ask: WorkerDb['ask'] = (query, params) => {
    if (query.name === 'derive.touchedSince') named.push(...(params as { businesses: string[] }).businesses)
    return worker.ask(query, params)
  }
  return { worker: { ...worker, ask }, named }
}

test('a business of many new rows is derived whole, once, and a fact that moved to another day is noticed', async () => {
  const shop = await createShop(3)
  const { worker, named } = watched(stores.forWorker())
  const deriver = createDeriver({ worker, log: silentLog })
  const moving = { contactId: 3, flag: 'received_time', rowId: randomUUID() }
  await receive(shop, [{ ...moving, at: noon + 2 * dayMs }])
  await deriver.run()
  named.length = 0
  const many = Array.from({ length: 20_000 }, (_, index) => ({ contactId: 1 + (index % 2), at: noon + index * 10 }))
  await receive(shop, [...many, { ...moving, at: noon - 2 * dayMs, receivedAt: noon - 2 * dayMs }])
  const { touched } = await deriver.run()
  expect(named).toEqual([])
  expect(touched).toMatchObject({ contacts: 3, businesses: 1, rebuilt: 1 })
  const { activity } = await dumpDerived(stores.forWorker(), shop.businessId)
  expect(activity).toEqual(
    ['active', 'message.received'].flatMap((name) => [`${name} 2026-10-30 3`, `${name} 2026-11-01 1,2`]),
  )
  expect((await deriver.run()).touched).toMatchObject({ contacts: 0, businesses: 0, rebuilt: 0 })
  await receive(shop, [{ contactId: 1, at: noon + hourMs + minuteMs }])
  expect((await deriver.run()).touched).toMatchObject({ contacts: 3, businesses: 1 })
})
