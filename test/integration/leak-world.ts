/** Two look-alike businesses: the same people, waits, orders and campaigns, told apart only by ids and by a word in every text. */
import { randomUUID } from 'node:crypto'
import { eventColumns } from '@fidelio/core/event.ts'
import { clickHouseTime } from '@fidelio/db/clickhouse/query.ts'
import { createDeriver } from '@fidelio/db/derive/deriver.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { setResponseTarget } from '@fidelio/db/records/business-hours.ts'
import { resolveContacts } from '@fidelio/db/records/contacts.ts'
import { keepFailedEvents } from '@fidelio/db/records/failed-events.ts'
import { createBusinessWithKey, type TestApi } from './api-support.ts'

export const people = 4

export interface LookAlike {
  uuid: string
  key: { key: string }
  cookie: { cookie: string }
  email: string
  /** In every text of this business, and nowhere else. */
  word: string
  /** Ids by kind, as the API gives them. */
  ids: Record<string, string>
  /** Bare ids and outside names that must never be seen by others. */
  secrets: string[]
}

/** `word` ends up in names, messages, order numbers, addresses and outside ids. */
export async function createLookAlike(test: TestApi, word: string, pageId: string): Promise<LookAlike> {
  const email = `owner@${word}.example`
  const { uuid, key, keyId } = await createBusinessWithKey(test, `Shop ${word}`, email)
  const page = await connect(test, uuid, word, pageId)
  await test.stores.forWorker().tx((sql) =>
    resolveContacts(
      sql,
      Array.from({ length: people }, (_, index) => ({
        businessId: uuid,
        identities: [
          { namespace: `messenger:${pageId}`, value: `${word}-psid-${index + 1}` },
          { namespace: 'email', value: `${index + 1}@${word}.example` },
        ],
        displayName: `Person ${index + 1} ${word}`,
      })),
    ),
  )
  await optIn(test, uuid, word)
  const events = await storeEvents(test, uuid, page, word)
  const { campaign, send } = await planCampaign(test, uuid, page, word)
  const { failed, replay } = await failAndReplay(test, uuid, page, word)
  const { inviteMember } = await test.operator<{ inviteMember: { id: string } }>(
    'mutation ($b: ID, $e: String!) { inviteMember(businessId: $b, email: $e, role: ADVISER) { id } }',
    { b: uuid, e: `invited@${word}.example` },
  )
  const { business } = await test.operator<{ business: { members: { id: string }[] } }>(
    'query ($b: ID) { business(id: $b) { members { id } } }',
    { b: uuid },
  )
  const ids = {
    business: `Business:${uuid}`,
    account: `ChannelAccount:${page}`,
    contact: `Contact:${uuid}.1`,
    conversation: `Conversation:${page}.1`,
    campaign: `Campaign:${campaign}`,
    send: `Send:${send}`,
    event: events,
    member: business.members[0]?.id ?? '',
    invitation: inviteMember.id,
    key: keyId,
    failed,
    replay,
  }
  const secrets = [uuid, page, campaign, send, events, ids.member, inviteMember.id, keyId, pageId, failed, replay]
  return { uuid, key: { key }, cookie: await test.signIn(email), email, word, ids, secrets }
}

async function connect(test: TestApi, businessId: string, word: string, pageId: string): Promise<string> {
  await test.operator('mutation ($input: ConnectMetaAppInput!) { connectMetaApp(input: $input) { id } }', {
    input: { businessId, appId: `9${pageId}`, name: `App ${word}`, verifyToken: word, appSecret: word },
  })
  const { connectAccount } = await test.operator<{ connectAccount: { account: { id: string } } }>(
    'mutation ($input: ConnectAccountInput!) { connectAccount(input: $input) { account { id } } }',
    { input: { businessId, channel: 'MESSENGER', name: `Page ${word}`, externalId: pageId } },
  )
  await test.operator('mutation ($input: BusinessHoursInput!) { setBusinessHours(input: $input) { id } }', {
    input: { businessId, validFrom: '2020-01-01', weekly: { mon: [['09:00', '18:00']] } },
  })
  // Promised on the first of the days looked at: promises are made, not made up for the past.
  await test.stores
    .forBusiness(businessId)
    .tx((sql) =>
      setResponseTarget(
        sql,
        businessId,
        { validFrom: '2020-01-01', withinSeconds: 60, clock: 'business_hours' },
        '2020-01-01',
      ),
    )
  return connectAccount.account.id.replace('ChannelAccount:', '')
}

/** An element nobody could read, and a replay of it that was asked for. */
async function failAndReplay(test: TestApi, businessId: string, accountId: string, word: string) {
  const failed = randomUUID()
  await test.stores.forWorker().tx((sql) =>
    keepFailedEvents(sql, [
      {
        id: failed,
        businessId,
        accountId,
        channel: 'messenger',
        reason: 'parser_error',
        detail: word,
        raw: JSON.stringify({ text: word }),
        origin: { door: 'meta' },
        receivedAt: test.clock.now(),
      },
    ]),
  )
  const { replayFailedEvents } = await test.operator<{ replayFailedEvents: { id: string } }>(
    'mutation ($b: ID) { replayFailedEvents(businessId: $b) { id } }',
    { b: businessId },
  )
  return { failed, replay: replayFailedEvents.id }
}

async function optIn(test: TestApi, businessId: string, word: string): Promise<void> {
  for (let contact = 1; contact <= people; contact++) {
    await test.operator('mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { topic } }', {
      input: {
        businessId,
        contactId: String(contact),
        channel: 'MESSENGER',
        topic: 'offers',
        action: 'GRANTED',
        wording: `Yes to ${word}`,
      },
    })
  }
}

/** A week of questions, answers and orders, and one question that still waits; the row id of the newest event. */
async function storeEvents(test: TestApi, businessId: string, accountId: string, word: string): Promise<string> {
  const now = test.clock.now().getTime()
  const rows: unknown[][] = []
  let newest = ''
  const add = (contactId: number, minutesAgo: number, over: Record<string, unknown>) => {
    newest = randomUUID()
    const at = clickHouseTime(new Date(now - minutesAgo * 60_000))
    const row: Record<string, unknown> = {
      business_id: businessId,
      contact_id: contactId,
      account_id: accountId,
      channel: 'messenger',
      kind: 'message.received',
      role: 'customer',
      name: '',
      ts: at,
      received_at: at,
      time_flag: '',
      row_id: newest,
      external_id: `mid-${word}-${newest}`,
      text: `Hello ${word}`,
      refs: [],
      watermark_at: clickHouseTime(new Date(0)),
      order_id: '',
      amount: '0',
      currency: '',
      app_id: '',
      data: JSON.stringify({ note: word }),
      raw: JSON.stringify({ raw: word }),
      ...over,
    }
    rows.push(eventColumns.map((column) => row[column]))
  }
  const day = 24 * 60
  for (let contact = 1; contact <= people; contact++) {
    for (const daysAgo of [9, 6, 2]) {
      add(contact, daysAgo * day + contact, {})
      add(contact, daysAgo * day + contact - 1, { kind: 'message.sent', role: 'human', text: `Answer ${word}` })
    }
    const order = {
      kind: 'order.created',
      role: 'system',
      text: '',
      order_id: `ORD-${word}-${contact}`,
      amount: '25',
      currency: 'EUR',
    }
    add(contact, day + contact, order)
  }
  add(1, 30, { text: `Still waiting ${word}` })
  const worker = test.stores.forWorker()
  await worker.insertRows('events', eventColumns, rows, `leak:${word}`)
  await createDeriver({ worker, log: silentLog }).run()
  return newest
}

/** A campaign as the scheduler leaves it: sent to some, held back from one, one excluded. */
async function planCampaign(test: TestApi, businessId: string, accountId: string, word: string) {
  const { createCampaign } = await test.operator<{ createCampaign: { id: string } }>(
    'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }',
    {
      input: {
        businessId,
        name: `Offer ${word}`,
        messageText: `Buy ${word}`,
        audience: { accountId, topic: 'offers' },
      },
    },
  )
  const campaign = createCampaign.id.replace('Campaign:', '')
  const statuses = ['accepted', 'accepted', 'holdout', 'excluded']
  const worker = test.stores.forWorker()
  const send = await worker.tx(async (sql) => {
    const planned = new Date(test.clock.now().getTime() - 2 * 86_400_000)
    await sql`update campaigns set status = 'done', planned_at = ${planned} where id = ${campaign}`
    const [first] = await sql<{ id: string }[]>`
      insert into sends (id, business_id, campaign_id, contact_id, account_id, recipient, arm, status, reason, message_id, planned_at, sent_at)
      select gen_random_uuid(), ${businessId}, ${campaign}, n, ${accountId}, ${word}, arm, status,
             case when status = 'excluded' then 'no_consent' else '' end, ${word} || n, ${planned}, ${planned}
        from unnest(${statuses}::text[], ${['treatment', 'treatment', 'holdout', '']}::text[]) with ordinality as s (status, arm, n)
      returning id`
    return first?.id ?? ''
  })
  await createDeriver({ worker, log: silentLog }).run()
  return { campaign, send }
}
