/** A Page with people who opted in and wrote lately, campaigns to them, and the echoes of what the Page sent. */
import { randomBytes, randomUUID } from 'node:crypto'
import { parseMessenger } from '@fidelio/channels/messenger.ts'
import { type ChannelRegistry, createRegistry } from '@fidelio/channels/registry.ts'
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { type ManualClock, minuteMs } from '@fidelio/core/time.ts'
import { clickHouseTime } from '@fidelio/db/clickhouse/query.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { createAccount } from '@fidelio/db/records/accounts.ts'
import { createBusiness } from '@fidelio/db/records/businesses.ts'
import { type CampaignRun, sendingCampaigns } from '@fidelio/db/records/campaign-runs.ts'
import { scheduleCampaign } from '@fidelio/db/records/campaign-steering.ts'
import { type CampaignRecord, createCampaign, type NewCampaign } from '@fidelio/db/records/campaigns.ts'
import { recordConsents } from '@fidelio/db/records/consents.ts'
import { createMetaApp } from '@fidelio/db/records/meta-apps.ts'
import type { BusinessDb, Tenancy } from '@fidelio/db/tenancy.ts'
import { createVault } from '@fidelio/db/vault.ts'
import { contextOf, type SchedulerDeps } from '@fidelio/scheduler/deps.ts'
import { planDue } from '@fidelio/scheduler/plan.ts'
import type { AcceptedMessage, FakeGraph } from './fake-graph.ts'

export type SendWorld = {
  stores: Tenancy
  db: BusinessDb
  clock: ManualClock
  businessId: string
  accountId: string
  pageId: string
  /** A campaign to everybody, scheduled for now. */
  launch(changes?: Partial<NewCampaign>): Promise<CampaignRecord>
  /** What a scheduler of this world is made with. */
  deps(graph: FakeGraph, changes?: Partial<SchedulerDeps>): SchedulerDeps
  registry(graph: FakeGraph): ChannelRegistry
  revoke(contactId: number): Promise<void>
  /** Stores echoes of accepted messages as events, as the webhook would. */
  echo(messages: readonly AcceptedMessage[]): Promise<void>
}

/** Person number i has the page-scoped id `psid-i`. */
export const psid = (contactId: number) => `psid-${contactId}`
const contactOf = (recipient: string) => Number(recipient.slice('psid-'.length))

export const worldTopic = 'offers'
/** Short, so that silence costs a test little; long enough for a busy machine to answer. */
const sendTimeoutMsDefault = 1_000

export async function createSendWorld(
  stores: Tenancy,
  clock: ManualClock,
  people: number,
  sendTimeoutMs = sendTimeoutMsDefault,
): Promise<SendWorld> {
  const vault = createVault(randomBytes(32))
  const businessId = randomUUID()
  const pageId = `${Math.floor(Math.random() * 1e15)}`
  const worker = stores.forWorker()
  const accountId = await worker.tx(async (sql) => {
    const slug = `sends-${businessId}`
    await createBusiness(sql, { id: businessId, name: 'Shop', slug, timeZone: 'UTC', currency: 'EUR', locale: 'en' })
    const app = { businessId, appId: pageId, name: 'App', verifyToken: 'v', secrets: ['app-secret'] }
    await createMetaApp(sql, vault, app)
    const account = {
      businessId,
      channel: 'messenger',
      name: 'Page',
      externalId: pageId,
      accessToken: 'token',
    } as const
    const created = await createAccount(sql, vault, account)
    if (created.kind !== 'created') throw new Error(`no account: ${created.kind}`)
    return created.account.id
  })
  const wroteAt = new Date(clock.now().getTime() - minuteMs)
  await addPeople(stores, { businessId, accountId, pageId, people, wroteAt })
  const db = stores.forBusiness(businessId)
  const world: SendWorld = {
    stores,
    db,
    clock,
    businessId,
    accountId,
    pageId,
    async launch(changes) {
      const created = await createCampaign(db, { ...campaignTo(accountId), ...changes }, clock.now())
      if (created.kind !== 'saved') throw new Error(JSON.stringify(created))
      const scheduled = await scheduleCampaign(db, created.campaign.id, null, clock.now())
      if (scheduled.kind !== 'saved') throw new Error(JSON.stringify(scheduled))
      return scheduled.campaign
    },
    registry: (graph) =>
      createRegistry({ graphBaseUrl: graph.baseUrl, sandboxNetwork: { deliver: refuseSandbox }, sendTimeoutMs }),
    deps: (graph, changes) => ({
      stores,
      vault,
      clock,
      log: silentLog,
      registry: world.registry(graph),
      limits: { messagesPerSecondMax: { messenger: 100_000 } },
      ...changes,
    }),
    revoke: (contactId) => revoke(stores, businessId, contactId, clock.now()),
    echo: (messages) => storeEchoes(world, messages),
  }
  return world
}

function refuseSandbox(): Promise<never> {
  return Promise.reject(new Error('this world has no sandbox'))
}

function campaignTo(accountId: string): NewCampaign {
  return {
    name: 'Autumn',
    accountId,
    topic: worldTopic,
    messageText: 'Hello {{ contact.firstName | default: "there" }}, 10 % off at {{ business.name }}',
    audience: {},
    holdoutPercent: 0,
    conversionDays: 7,
    offerEndsAt: null,
    createdBy: '',
  }
}

/** In bulk: a hundred thousand people in seconds. Everybody opted in and wrote at one instant. */
async function addPeople(
  stores: Tenancy,
  to: { businessId: string; accountId: string; pageId: string; people: number; wroteAt: Date },
): Promise<void> {
  const { businessId, accountId, people } = to
  const { wroteAt } = to
  await stores.forWorker().tx(async (sql) => {
    await sql`
      insert into contacts (business_id, id, display_name)
      select ${businessId}, i, 'Person ' || i from generate_series(1, ${people}::integer) i`
    await sql`
      insert into contact_identities (business_id, namespace, value, contact_id)
      select ${businessId}, ${`messenger:${to.pageId}`}, 'psid-' || i, i from generate_series(1, ${people}::integer) i`
    await sql`
      insert into threads (business_id, account_id, contact_id, last_inbound_at, last_message_at, last_role)
      select ${businessId}, ${accountId}, i, ${wroteAt}, ${wroteAt}, 'customer'
        from generate_series(1, ${people}::integer) i`
    await sql`
      with line as (
        insert into consent_ledger (id, business_id, contact_id, channel, topic, action, occurred_at, source, event_row_id)
        select gen_random_uuid(), ${businessId}, i, 'messenger', ${worldTopic}, 'granted', ${wroteAt}::timestamptz,
               'import', gen_random_uuid()
          from generate_series(1, ${people}::integer) i
        returning *)
      insert into consents (business_id, contact_id, channel, topic, granted, since, ledger_id)
      select business_id, contact_id, channel, topic, true, occurred_at, id from line`
    await sql`update businesses set next_contact_id = ${people + 1} where id = ${businessId}`
  })
  const hello = { kind: 'message.received' as const, role: 'customer' as const, text: 'hello', refs: [], appId: '' }
  const occurredAt = wroteAt.getTime()
  await storeEvents(
    stores,
    to,
    Array.from({ length: people }, (_, i) => ({ ...hello, contactId: i + 1, externalId: `in_${i + 1}`, occurredAt })),
  )
}

async function revoke(stores: Tenancy, businessId: string, contactId: number, at: Date): Promise<void> {
  await stores.forWorker().tx((sql) =>
    recordConsents(sql, [
      {
        eventRowId: randomUUID(),
        businessId,
        contactId,
        channel: 'messenger',
        topic: '*',
        action: 'revoked',
        occurredAt: at,
        source: 'stop_word',
        actor: '',
        wording: 'STOP',
        proof: {},
      },
    ]),
  )
}

type StoredEvent = Pick<ParsedEvent, 'kind' | 'role' | 'externalId' | 'text' | 'refs' | 'appId' | 'occurredAt'> & {
  contactId: number
}

/** The body is Meta's, read by our own parser: so the test holds the correlation the product relies on. */
async function storeEchoes(world: SendWorld, messages: readonly AcceptedMessage[]): Promise<void> {
  const at = world.clock.now().getTime()
  const messaging = messages.map(({ recipient, mid, text, metadata }) => ({
    sender: { id: world.pageId },
    recipient: { id: recipient },
    timestamp: at,
    message: { mid, text, metadata, is_echo: true, app_id: 1 },
  }))
  const body = JSON.stringify({ object: 'page', entry: [{ id: world.pageId, time: at, messaging }] })
  const events = parseMessenger(body, at).entries.flatMap((entry) => entry.events)
  const contactIds = messages.map((message) => contactOf(message.recipient))
  await storeEvents(
    world.stores,
    world,
    events.map((event, index) => ({ ...event, contactId: contactIds[index] ?? 0 })),
  )
}

async function storeEvents(
  stores: Tenancy,
  { businessId, accountId }: { businessId: string; accountId: string },
  events: readonly StoredEvent[],
): Promise<void> {
  const columns = ['business_id', 'contact_id', 'account_id', 'channel', 'kind', 'role', 'ts', 'received_at', 'row_id']
  const more = ['external_id', 'text', 'refs', 'app_id']
  const rows = events.map(({ contactId, kind, role, occurredAt, externalId, text, refs, appId }) => {
    const at = clickHouseTime(occurredAt)
    const fixed = [businessId, contactId, accountId, 'messenger', kind, role, at, at, randomUUID()]
    return [...fixed, externalId, text, refs, appId]
  })
  await stores.forWorker().insertRows('events', [...columns, ...more], rows, `world:${randomUUID()}`)
}

/** Plans a launched campaign without sending, and answers with what the sending functions take. */
export async function plannedRun(world: SendWorld, graph: FakeGraph, campaignId: string): Promise<CampaignRun> {
  await planDue(contextOf(world.deps(graph)))
  const runs = await world.stores.forWorker().tx((sql) => sendingCampaigns(sql))
  const run = runs.find((each) => each.id === campaignId)
  if (!run) throw new Error('the campaign was not planned')
  return run
}
