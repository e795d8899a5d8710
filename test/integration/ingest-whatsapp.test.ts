/** WhatsApp through Meta's door: one body, two tenants' numbers, statuses in any order, a number nobody has connected. */
import { signMeta } from '@fidelio/channels/meta-signature.ts'
import { createAccount } from '@fidelio/db/records/accounts.ts'
import { peopleOf } from '@fidelio/db/records/contact-merges.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { distinctEvents, now, openWorld, type Page, storedEvents, type World } from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

let made = 0

/** Connects a number of `owner`, under the Meta app of `signedBy`. */
async function connectNumber(owner: Page, signedBy = owner): Promise<{ accountId: string; numberId: string }> {
  const numberId = `44000${made++}`
  const worker = world.stores.forWorker()
  const created = await worker.tx((sql) =>
    createAccount(sql, world.vault, {
      businessId: owner.businessId,
      channel: 'whatsapp',
      name: 'Number',
      externalId: numberId,
    }),
  )
  if (created.kind !== 'created') throw new Error(created.kind)
  const accountId = created.account.id
  await worker.tx((sql) => sql`update channel_accounts set meta_app_id = ${signedBy.metaAppId} where id = ${accountId}`)
  return { accountId, numberId }
}

/** How many different people the rows are about, merges considered. */
async function countPeople({ businessId }: Page, rows: readonly { contact_id: number }[]): Promise<number> {
  const contactIds = rows.map((row) => row.contact_id)
  const people = await world.stores.forWorker().tx((sql) => peopleOf(sql, businessId, contactIds))
  expect(contactIds.every((id) => people.has(id))).toBe(true)
  return new Set(people.values()).size
}

const wabaId = '102290129340398'
const phone = '15551110002'
const userId = 'US.13491208655302741918'
const at = String(Math.trunc(now / 1000) - 60)

function changeOf(numberId: string, lists: object) {
  return {
    field: 'messages',
    value: { messaging_product: 'whatsapp', metadata: { phone_number_id: numberId }, ...lists },
  }
}

const text = (id: string, who: object, body = 'hola') => ({ ...who, id, timestamp: at, type: 'text', text: { body } })
const status = (word: string, more: object = {}) => ({
  id: 'wamid.B',
  status: word,
  timestamp: at,
  recipient_id: phone,
  ...more,
})

function delivered(changes: unknown[], secret: string) {
  const rawBody = Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: wabaId, changes }] }))
  return { rawBody, headers: { 'x-hub-signature-256': signMeta(rawBody, secret) } }
}

test('one body reaches both tenants, the unknown number is parked alone, and any redelivery changes nothing', async () => {
  await using ingest = world.createIngest()
  const [first, second] = [await world.createPage(), await world.createPage()]
  const [one, two] = [await connectNumber(first), await connectNumber(second, first)]
  const unknownChange = changeOf('4499999', { messages: [text('wamid.U', { from: phone })] })
  const accountChange = { field: 'account_update', value: { event: 'DISABLED_UPDATE' } }
  const changes = [
    // Read before delivered before sent, as they like to come.
    changeOf(one.numberId, { statuses: [status('read'), status('delivered')] }),
    unknownChange,
    changeOf(two.numberId, { messages: [text('wamid.A', { from_user_id: userId })] }),
    changeOf(one.numberId, {
      messages: [text('wamid.A', { from: phone, from_user_id: userId }), 'not a message'],
      statuses: [status('sent'), status('failed', { errors: [{ code: 131026, title: 'Undeliverable' }] })],
    }),
    accountChange,
  ]
  for (const turn of [0, 1, 2]) {
    const shuffled = [...changes.slice(turn), ...changes.slice(0, turn)]
    expect((await ingest.acceptMeta(delivered(shuffled, first.secret))).status).toBe(200)
  }

  const mine = await distinctEvents(world.stores, first.businessId)
  expect(mine.map((row) => row.kind).sort()).toEqual([
    'delivery',
    'message.accepted',
    'message.failed',
    'message.received',
    'read',
  ])
  expect(mine.every((row) => row.account_id === one.accountId && row.channel === 'whatsapp')).toBe(true)
  // The person of the statuses, known by number, is the one who wrote with number and user id.
  expect(await countPeople(first, mine)).toBe(1)
  const theirs = await distinctEvents(world.stores, second.businessId)
  expect(theirs).toMatchObject([{ account_id: two.accountId, external_id: 'wamid.A', kind: 'message.received' }])

  const worker = world.stores.forWorker()
  const parked = await worker.tx(
    (sql) => sql`select channel, external_id, raw from parked_events where channel = 'whatsapp' order by external_id`,
  )
  const alone = (change: unknown) =>
    JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: wabaId, changes: [change] }] })
  expect(parked).toEqual([
    { channel: 'whatsapp', external_id: wabaId, raw: alone(accountChange) },
    { channel: 'whatsapp', external_id: '4499999', raw: alone(unknownChange) },
  ])
  const failed = await worker.tx(
    (sql) => sql`select channel, reason, raw from failed_events where business_id = ${first.businessId}`,
  )
  expect(failed).toEqual([{ channel: 'whatsapp', reason: 'not_an_object', raw: '"not a message"' }])
  expect(ingest.figures.dropped.foreign_app ?? 0).toBe(0)
})

test('a number whose own app did not sign the body is refused', async () => {
  await using ingest = world.createIngest()
  const [honest, victim] = [await world.createPage(), await world.createPage()]
  const number = await connectNumber(victim)
  const changes = [changeOf(number.numberId, { messages: [text('wamid.A', { from: phone })] })]
  expect((await ingest.acceptMeta(delivered(changes, honest.secret))).status).toBe(200)
  expect(await storedEvents(world.stores, victim.businessId)).toEqual([])
  expect(ingest.figures.dropped.foreign_app).toBe(1)
})

test('the person on WhatsApp is the one the business knows by telephone, and a STOP ends WhatsApp alone', async () => {
  await using ingest = world.createIngest()
  const page = await world.createPage()
  const { numberId } = await connectNumber(page)
  const visit = { id: 'v', type: 'visit', contact: { externalId: 'c-7', phone: '+1 (555) 111-0002' } }
  await ingest.acceptApi({
    businessId: page.businessId,
    keyId: 'key',
    rawBody: Buffer.from(JSON.stringify(visit)),
  })
  const preference = {
    wa_id: phone,
    user_id: userId,
    detail: 'Stop',
    category: 'marketing_messages',
    value: 'stop',
    timestamp: Number(at),
  }
  const changes = [
    changeOf(numberId, { messages: [text('wamid.A', { from: phone, from_user_id: userId })] }),
    // Later the person has a username, and the number is told no more.
    changeOf(numberId, { messages: [text('wamid.B', { from_user_id: userId }, 'STOP')] }),
    { ...changeOf(numberId, { user_preferences: [preference] }), field: 'user_preferences' },
  ]
  for (const change of changes) {
    expect((await ingest.acceptMeta(delivered([change], page.secret))).status).toBe(200)
  }
  const rows = await distinctEvents(world.stores, page.businessId)
  expect(rows).toHaveLength(5)
  expect(await countPeople(page, rows)).toBe(1)
  const facts = await world.stores.forWorker().tx(
    (sql) =>
      sql`select channel, topic, action, source, wording from consent_ledger
             where business_id = ${page.businessId} order by source`,
  )
  expect(facts).toEqual([
    { channel: 'whatsapp', topic: '*', action: 'revoked', source: 'stop_word', wording: 'STOP' },
    { channel: 'whatsapp', topic: '*', action: 'revoked', source: 'whatsapp_preference', wording: 'Stop' },
  ])
})
