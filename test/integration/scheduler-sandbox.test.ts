/** The sandbox channel: permission suffices at any time, the tenant's own id is enough; and the service on its own tick. */
import { randomUUID } from 'node:crypto'
import { createRegistry, type OutgoingMessage } from '@fidelio/channels/registry.ts'
import { type ManualClock, manualClock } from '@fidelio/core/time.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { createAccount } from '@fidelio/db/records/accounts.ts'
import { scheduleCampaign } from '@fidelio/db/records/campaign-steering.ts'
import { createCampaign, findCampaign } from '@fidelio/db/records/campaigns.ts'
import { recordConsents } from '@fidelio/db/records/consents.ts'
import { resolveContacts } from '@fidelio/db/records/contacts.ts'
import { countSends } from '@fidelio/db/records/sends.ts'
import { createVault } from '@fidelio/db/vault.ts'
import { createScheduler, type Scheduler } from '@fidelio/scheduler/scheduler.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStores, type TestStores } from '../support/stores.ts'

let stores: TestStores
const noon = Date.UTC(2026, 10, 22, 12)
const vault = createVault(Buffer.alloc(32, 7))

beforeAll(async () => {
  stores = await openTestStores()
})
afterAll(async () => {
  await stores?.[Symbol.asyncDispose]()
})

type Delivered = Pick<OutgoingMessage, 'recipient' | 'text' | 'sendId'>

function sandboxScheduler(clock: ManualClock, delivered: Delivered[]): Scheduler {
  const sandboxNetwork = {
    deliver(message: Delivered) {
      delivered.push(message)
      return Promise.resolve({ messageId: `sb_${delivered.length}` })
    },
  }
  const registry = createRegistry({ graphBaseUrl: 'http://127.0.0.1:9', sandboxNetwork })
  return createScheduler({ stores, vault, clock, log: silentLog, registry })
}

/** Three customers: one on the sandbox, one known only by the tenant's id, one known by e-mail. None ever wrote. */
async function sandboxCampaign(clock: ManualClock) {
  const business = await stores.createBusiness({ name: 'Corner shop' })
  const { contactIds, accountId } = await stores.forWorker().tx(async (sql) => {
    const created = await createAccount(sql, vault, { businessId: business.id, channel: 'sandbox', name: 'Sandbox' })
    if (!('account' in created)) throw new Error(created.kind)
    const { account } = created
    const people = [
      { namespace: `sandbox:${account.externalId}`, value: 'sb-1', displayName: 'Ada Lovelace' },
      { namespace: 'external', value: 'customer-2' },
      { namespace: 'email', value: 'three@example.org' },
    ].map(({ namespace, value, displayName }) => ({
      businessId: business.id,
      identities: [{ namespace, value }],
      displayName,
    }))
    const resolved = await resolveContacts(sql, people)
    const contactIds = resolved.contacts.map((contact) => contact?.contactId ?? 0)
    const facts = contactIds.map((contactId) => ({
      eventRowId: randomUUID(),
      businessId: business.id,
      contactId,
      channel: 'sandbox' as const,
      topic: 'offers',
      action: 'granted' as const,
      occurredAt: new Date(noon - 1),
      source: 'import' as const,
      actor: '',
      wording: 'yes',
      proof: {},
    }))
    await recordConsents(sql, facts)
    return { contactIds, accountId: account.id }
  })
  const db = stores.forBusiness(business.id)
  const draft = {
    name: 'Autumn',
    accountId,
    topic: 'offers',
    messageText: 'Hi {{ contact.firstName | default: "there" }}, {{ business.name }}',
    audience: {},
    holdoutPercent: 0,
    conversionDays: 7,
    offerEndsAt: null,
    createdBy: '',
  }
  const created = await createCampaign(db, draft, clock.now())
  if (created.kind !== 'saved') throw new Error(JSON.stringify(created))
  await scheduleCampaign(db, created.campaign.id, null, clock.now())
  return { db, campaignId: created.campaign.id, contactIds }
}

test('who opted in is sent to at any time, by sandbox id or the tenant’s own id', async () => {
  const clock = manualClock(noon)
  const { db, campaignId, contactIds } = await sandboxCampaign(clock)
  expect(contactIds).toHaveLength(3)
  const delivered: Delivered[] = []
  await using scheduler = sandboxScheduler(clock, delivered)
  await scheduler.processAll()
  const texts = delivered.map(({ recipient, text }) => [recipient, text]).sort()
  expect(texts).toEqual([
    ['customer-2', 'Hi there, Corner shop'],
    ['sb-1', 'Hi Ada, Corner shop'],
  ])
  const funnel = await countSends(db, campaignId)
  expect(funnel).toMatchObject({
    targeted: 3,
    sent: 2,
    excluded: [{ reason: 'no_identity', count: 1 }],
    sumsHold: true,
  })
  expect((await findCampaign(db, campaignId))?.status).toBe('done')
})

test('started, the service ticks by itself, and ends when it is disposed', async () => {
  const clock = manualClock(noon)
  const { db, campaignId } = await sandboxCampaign(clock)
  const delivered: Delivered[] = []
  {
    await using scheduler = sandboxScheduler(clock, delivered)
    scheduler.start()
    await expect.poll(async () => (await findCampaign(db, campaignId))?.status, { timeout: 20_000 }).toBe('done')
  }
  expect(delivered).toHaveLength(2)
  const { campaignId: second, db: secondDb } = await sandboxCampaign(clock)
  // Longer than a tick: nobody is there any more.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect((await findCampaign(secondDb, second))?.status).toBe('scheduled')
})
