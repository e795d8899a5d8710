/** Instagram through Meta's door: both secrets, an account nobody has connected, and bodies of several products and tenants. */
import { signMeta } from '@fidelio/channels/meta-signature.ts'
import { createAccount } from '@fidelio/db/records/accounts.ts'
import { createMetaApp } from '@fidelio/db/records/meta-apps.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { distinctEvents, entryOf, now, openWorld, type Page, storedEvents, type World } from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const worker = () => world.stores.forWorker()
let made = 0

/** Connects an Instagram account of `owner`, under the Meta app of `signedBy`. */
async function connectInstagram(owner: Page, signedBy = owner): Promise<{ accountId: string; externalId: string }> {
  const externalId = newExternalId()
  const created = await worker().tx((sql) =>
    createAccount(sql, world.vault, {
      businessId: owner.businessId,
      channel: 'instagram',
      name: 'Instagram',
      externalId,
      metaAppId: owner.metaAppId,
    }),
  )
  if (created.kind !== 'created') throw new Error(created.kind)
  const accountId = created.account.id
  await worker().tx(
    (sql) => sql`update channel_accounts set meta_app_id = ${signedBy.metaAppId} where id = ${accountId}`,
  )
  return { accountId, externalId }
}

function newExternalId(): string {
  return `178414000000${10_000 + made++}`
}

function request(body: unknown, secret: string) {
  const rawBody = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return { rawBody, headers: { 'x-hub-signature-256': signMeta(rawBody, secret) } }
}

function instagram(...entry: unknown[]) {
  return { object: 'instagram', entry }
}

const igsid = '184719329217930001'

function said(externalId: string, mid: string, from = igsid) {
  return {
    id: externalId,
    time: now,
    messaging: [
      { sender: { id: from }, recipient: { id: externalId }, timestamp: now - 1000, message: { mid, text: 'Ciao' } },
    ],
  }
}

describe('an Instagram account', () => {
  test('gets its messages, echoes, reads and comments under its own channel and people', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    const { accountId, externalId } = await connectInstagram(page)
    const to = { sender: { id: externalId }, recipient: { id: igsid }, timestamp: now - 500 }
    const from = { sender: { id: igsid }, recipient: { id: externalId }, timestamp: now - 100 }
    const body = instagram(
      said(externalId, 'ig_1'),
      {
        id: externalId,
        time: now,
        messaging: [
          { ...to, message: { mid: 'ig_2', text: 'Hi', is_echo: true } },
          { ...from, read: { mid: 'ig_2' } },
          null,
        ],
      },
      { id: externalId, time: now / 1000, field: 'comments', value: { id: '178', from: { id: '9' }, text: 'Nice' } },
    )
    expect((await ingest.acceptMeta(request(body, page.secret))).status).toBe(200)
    const rows = await storedEvents(world.stores, page.businessId)
    expect(
      rows
        .map(({ kind, role, channel, account_id }) => `${kind} ${role} ${channel} ${account_id === accountId}`)
        .sort(),
    ).toEqual([
      'comment customer instagram true',
      'message.received customer instagram true',
      'message.sent human instagram true',
      'read customer instagram true',
    ])
    const people = rows.filter((row) => row.kind !== 'comment').map((row) => row.contact_id)
    expect(new Set(people).size).toBe(1)
    expect(rows.find((row) => row.kind === 'comment')?.contact_id).toBe(0)
    const identities = await worker().tx(
      (sql) => sql`select namespace, value from contact_identities where business_id = ${page.businessId}`,
    )
    expect(identities).toEqual([{ namespace: `instagram:${externalId}`, value: igsid }])
    // The element that is none is kept beside its neighbours.
    const failed = await worker().tx(
      (sql) => sql`select channel, reason, raw from failed_events where business_id = ${page.businessId}`,
    )
    expect(failed).toEqual([{ channel: 'instagram', reason: 'not_an_object', raw: 'null' }])
  })

  test('is read under the secret of the app and under that of its Instagram app, also while both change', async () => {
    const page = await world.createPage()
    const { externalId } = await connectInstagram(page)
    const app = { businessId: page.businessId, appId: `app-${page.pageId}`, name: 'App', verifyToken: 'v' }
    const keep = (secrets: string[], instagramSecrets?: string[]) =>
      worker().tx((sql) =>
        createMetaApp(sql, world.vault, { ...app, secrets, ...(instagramSecrets ? { instagramSecrets } : {}) }),
      )
    await keep([page.secret], ['instagram old'])
    await using ingest = world.createIngest()
    let mid = 0
    const statuses = async (secrets: string[]) => {
      ingest.invalidate()
      const answers: number[] = []
      for (const secret of secrets) {
        const { status } = await ingest.acceptMeta(request(instagram(said(externalId, `s_${mid++}`)), secret))
        answers.push(status)
      }
      return answers
    }
    expect(await statuses([page.secret, 'instagram old', 'instagram new'])).toEqual([200, 200, 401])
    await keep(['fresh', page.secret], ['instagram new', 'instagram old'])
    expect(await statuses([page.secret, 'fresh', 'instagram old', 'instagram new'])).toEqual([200, 200, 200, 200])
    // Connecting the app again without a word about Instagram leaves Instagram's secrets alone.
    await keep(['fresh'])
    expect(await statuses([page.secret, 'fresh', 'instagram old', 'instagram new'])).toEqual([401, 200, 200, 200])
    expect(await distinctEvents(world.stores, page.businessId)).toHaveLength(9)
  })

  test('a Page and an Instagram account of the same number are two accounts', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    await worker().tx((sql) =>
      createAccount(sql, world.vault, {
        businessId: page.businessId,
        channel: 'instagram',
        name: 'Same number',
        externalId: page.pageId,
      }),
    )
    const onPage = { object: 'page', entry: [said(page.pageId, 'same')] }
    expect((await ingest.acceptMeta(request(onPage, page.secret))).status).toBe(200)
    expect((await ingest.acceptMeta(request(instagram(said(page.pageId, 'same')), page.secret))).status).toBe(200)
    const rows = await distinctEvents(world.stores, page.businessId)
    expect(rows.map((row) => row.channel).sort()).toEqual(['instagram', 'messenger'])
    expect(new Set(rows.map((row) => row.contact_id)).size).toBe(2)
  })
})

describe('bodies that mix', () => {
  test('products and tenants: each part reaches its own business, junk between them costs nobody', async () => {
    await using ingest = world.createIngest()
    const [first, second] = [await world.createPage(), await world.createPage()]
    await worker().tx(
      (sql) => sql`update channel_accounts set meta_app_id = ${first.metaAppId} where id = ${second.accountId}`,
    )
    const own = await connectInstagram(first)
    const others = await connectInstagram(second, first)
    const bodies = [
      {
        object: 'page',
        entry: [
          entryOf(first.pageId, [{ from: '1', mid: 'p1' }]),
          7,
          entryOf(second.pageId, [{ from: '1', mid: 'p2' }]),
        ],
      },
      instagram(said(own.externalId, 'i1'), {
        id: others.externalId,
        messaging: ['junk', said(others.externalId, 'i2').messaging[0]],
      }),
      3,
      { object: 'permissions', entry: [] },
    ]
    expect((await ingest.acceptMeta(request(bodies, first.secret))).status).toBe(200)
    const told = async ({ businessId }: Page) =>
      (await storedEvents(world.stores, businessId)).map((row) => `${row.channel} ${row.external_id}`).sort()
    expect(await told(first)).toEqual(['instagram i1', 'messenger p1'])
    expect(await told(second)).toEqual(['instagram i2', 'messenger p2'])
    expect(ingest.figures.dropped).toMatchObject({
      unreadable_body: 2,
      failed_element: 1,
      unrelated_object: 1,
      parked: 0,
    })
  })

  test('an Instagram entry whose own app did not sign is refused and counted', async () => {
    await using ingest = world.createIngest()
    const [honest, victim] = [await world.createPage(), await world.createPage()]
    const { externalId } = await connectInstagram(victim)
    const body = [
      { object: 'page', entry: [entryOf(honest.pageId, [{ from: '1', mid: 'p' }])] },
      instagram(said(externalId, 'i')),
    ]
    expect((await ingest.acceptMeta(request(body, honest.secret))).status).toBe(200)
    expect(await storedEvents(world.stores, honest.businessId)).toHaveLength(1)
    expect(await storedEvents(world.stores, victim.businessId)).toEqual([])
    expect(ingest.figures.dropped.foreign_app).toBe(1)
  })
})

describe('an account nobody has connected', () => {
  test('is parked under its channel, digit for digit and alone, and comes in once it is connected', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    const known = await connectInstagram(page)
    const unknownId = newExternalId()
    const entry = `{"id":"${unknownId}","time":${now},"messaging":[{"sender":{"id":${igsid}},"recipient":{"id":"${unknownId}"},"timestamp":${now - 1000},"message":{"mid":"late","text":"caf\\u00e9"}}]}`
    const body = `{"object":"instagram","entry":[${JSON.stringify(said(known.externalId, 'neighbour'))},${entry}]}`
    for (const _twice of [1, 2]) {
      expect((await ingest.acceptMeta(request(body, page.secret))).status).toBe(200)
    }
    const parked = await worker().tx(
      (sql) => sql<{ raw: string }[]>`
        select channel, external_id, raw from parked_events where external_id = ${unknownId}`,
    )
    expect(parked).toEqual([
      { channel: 'instagram', external_id: unknownId, raw: `{"object":"instagram","entry":[${entry}]}` },
    ])
    const connected = await worker().tx((sql) =>
      createAccount(sql, world.vault, {
        businessId: page.businessId,
        channel: 'instagram',
        name: 'Late',
        externalId: unknownId,
      }),
    )
    expect(connected.kind).toBe('created')
    await ingest.processAll()
    const rows = await distinctEvents(world.stores, page.businessId)
    expect(rows.map((row) => row.external_id).sort()).toEqual(['late', 'neighbour'])
    expect(rows.find((row) => row.external_id === 'late')).toMatchObject({ channel: 'instagram', text: 'café' })
  })

  test('an entry without an id is cut by its elements: nobody keeps what belongs to another', async () => {
    await using ingest = world.createIngest()
    const page = await world.createPage()
    const unknownId = newExternalId()
    const element = (to: string, mid: string) => ({
      sender: { id: '1' },
      recipient: { id: to },
      timestamp: now,
      message: { mid },
    })
    const body = {
      object: 'page',
      entry: [
        {
          time: now,
          messaging: [element(page.pageId, 'mine'), element(unknownId, 'theirs')],
          standby: [element(page.pageId, 'mine too')],
        },
      ],
    }
    expect((await ingest.acceptMeta(request(body, page.secret))).status).toBe(200)
    const [parked] = await worker().tx(
      (sql) => sql<{ raw: string }[]>`select raw from parked_events where external_id = ${unknownId}`,
    )
    expect(JSON.parse(parked?.raw ?? '')).toEqual({
      object: 'page',
      entry: [{ time: now, messaging: [element(unknownId, 'theirs')], standby: [] }],
    })
    expect(await storedEvents(world.stores, page.businessId)).toHaveLength(2)
  })
})
