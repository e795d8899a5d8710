/** Deauthorisation and data deletion over HTTP (protocols.md §10): recorded once, and told as it is. */
import type { AddressInfo } from 'node:net'
import { signRequest } from '@fidelio/channels/meta-signed-request.ts'
import { createMetaApp } from '@fidelio/db/records/meta-apps.ts'
import { appScopedNamespacePrefix } from '@fidelio/db/records/meta-callbacks.ts'
import { createHttp, listen } from '@fidelio/server/http.ts'
import { createLog, createTelemetry } from '@fidelio/server/telemetry.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type Page, type TestIngest, type World } from './ingest-support.ts'

let world: World
let ingest: TestIngest
let base: string
let server: Awaited<ReturnType<typeof listen>>

beforeAll(async () => {
  world = await openWorld()
  ingest = world.createIngest()
  const app = createHttp({
    doors: { ingest, ready: async () => ({ ok: true, postgres: true, clickhouse: true }) },
    site: { serve: async () => {} },
    telemetry: createTelemetry(),
    log: createLog('silent'),
    publicUrl: 'https://fidelio.example',
    bodyBytesMax: 1000,
    trustedProxies: 0,
    stopping: new AbortController().signal,
  })
  server = await listen(app, '127.0.0.1', 0)
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await ingest[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

/** A page whose app is known at once. */
async function connectPage(): Promise<Page> {
  const page = await world.createPage()
  ingest.invalidate()
  return page
}

const asked = (userId: unknown) => ({ algorithm: 'HMAC-SHA256', issued_at: 1_767_225_600, user_id: userId })

function post(kind: 'deauthorise' | 'data-deletion', signedRequest: string): Promise<Response> {
  const body = new URLSearchParams({ signed_request: signedRequest })
  return fetch(`${base}/webhooks/meta/${kind}`, { method: 'POST', body })
}

async function askDeletion(page: Pick<Page, 'secret'>, userId: string): Promise<{ url: string; code: string }> {
  const answer = await post('data-deletion', signRequest(asked(userId), page.secret))
  expect(answer.status).toBe(200)
  const { url, confirmation_code: code } = (await answer.json()) as { url: string; confirmation_code: string }
  return { url, code }
}

function statusPage(code: string, language = 'en'): Promise<Response> {
  return fetch(`${base}/deletion/${code}`, { headers: { 'accept-language': language } })
}

describe('data deletion', () => {
  test('a request of nobody we know is recorded, and the page says that nothing was deleted and why', async () => {
    const page = await connectPage()
    const { url, code } = await askDeletion(page, '1234567890')
    expect(url).toBe(`https://fidelio.example/deletion/${code}`)
    const shown = await statusPage(code)
    const html = await shown.text()
    expect(shown.status).toBe(200)
    expect(html).toContain('March 2, 2026')
    expect(html).toContain('nothing has been deleted')
    expect(html).toContain('which of those numbers is yours')
    expect(html).toContain('Write to “')
    expect(html).not.toContain('1234567890')
    expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(shown.headers.get('cache-control')).toBe('no-store')
    const french = await (await statusPage(code, 'fr-FR')).text()
    expect(french).toContain('<html lang="fr">')
    expect(french).toContain('rien n’a donc été supprimé')
  })

  test('asked again it is the same request under the same code; another person or app is another one', async () => {
    const page = await connectPage()
    const first = await askDeletion(page, '77')
    const again = await askDeletion(page, '77')
    const other = await askDeletion(page, '78')
    const elsewhere = await askDeletion(await connectPage(), '77')
    expect(again.code).toBe(first.code)
    expect(new Set([first.code, other.code, elsewhere.code]).size).toBe(3)
    expect(await (await statusPage(first.code)).text()).toContain('reached us 2 times')
  })

  test('an id that a business tied to a person is matched there, and only there', async () => {
    const page = await connectPage()
    const stranger = await connectPage()
    for (const { businessId } of [page, stranger]) await knownAs(page, businessId, '4711')
    const { code } = await askDeletion(page, '4711')
    const html = await (await statusPage(code)).text()
    expect(html).toContain('We found one record')
    expect(html).toContain('has not been deleted yet')
    expect(html).not.toContain('nothing has been deleted')
    const matches = await world.stores
      .forWorker()
      .tx((sql) => sql<{ businessId: string }[]>`select business_id as "businessId" from deletion_matches`)
    expect(matches).toEqual([{ businessId: page.businessId }])
    await world.stores.forWorker().tx((sql) => sql`update deletion_matches set erased_at = now()`)
    const after = await (await statusPage(code)).text()
    expect(after).toContain('One record has been deleted.')
    expect(after).not.toContain('not been deleted yet')
  })

  test('a name with markup in it stays text', async () => {
    const page = await connectPage()
    await world.stores
      .forWorker()
      .tx((sql) => sql`update businesses set name = '<script>x</script>' where id = ${page.businessId}`)
    const { code } = await askDeletion(page, '5')
    expect(await (await statusPage(code)).text()).toContain('“&lt;script&gt;x&lt;/script&gt;”')
  })

  test.each(['AAAAAAAAAAAAAAAA', 'nonsense', "'%20or%201=1"])('there is no request %s', async (code) => {
    const shown = await statusPage(code)
    expect(shown.status).toBe(404)
    expect(await shown.text()).toContain('There is no deletion request with this code')
  })
})

describe('deauthorisation', () => {
  test('is recorded once, and no account is switched off on a guess', async () => {
    const page = await connectPage()
    const request = signRequest(asked('184719329217930001'), page.secret)
    expect((await post('deauthorise', request)).status).toBe(200)
    expect((await post('deauthorise', request)).status).toBe(200)
    const recorded = await world.stores.forWorker().tx(
      (sql) => sql<{ userId: string; requests: number; code: string }[]>`
        select user_id as "userId", requests, code from meta_callbacks
         where kind = 'deauthorise' and meta_app_id = ${page.metaAppId}`,
    )
    expect(recorded).toMatchObject([{ userId: '184719329217930001', requests: 2 }])
    const [account] = await world.stores
      .forWorker()
      .tx((sql) => sql`select status from channel_accounts where id = ${page.accountId}`)
    expect(account).toEqual({ status: 'connected' })
    // Its code opens no page: there is nothing to tell a person.
    expect((await statusPage(recorded[0]?.code ?? '')).status).toBe(404)
  })
})

describe('the signature', () => {
  test('of no app of ours, of a changed body or missing is refused, and nothing is recorded', async () => {
    const page = await connectPage()
    const good = signRequest(asked('666'), page.secret)
    const other = signRequest(asked('667'), page.secret)
    const swapped = `${good.split('.')[0]}.${other.split('.')[1]}`
    for (const request of [signRequest(asked('666'), 'not the secret'), swapped, good.slice(0, -1), '', '.']) {
      for (const kind of ['deauthorise', 'data-deletion'] as const) expect((await post(kind, request)).status).toBe(401)
    }
    const empty = await fetch(`${base}/webhooks/meta/data-deletion`, { method: 'POST' })
    expect(empty.status).toBe(401)
    const recorded = await world.stores
      .forWorker()
      .tx((sql) => sql`select 1 from meta_callbacks where user_id in ('666', '667')`)
    expect(recorded).toHaveLength(0)
  })

  test('of the Instagram app is accepted beside that of the app', async () => {
    const page = await connectPage()
    await world.stores.forWorker().tx((sql) =>
      createMetaApp(sql, world.vault, {
        businessId: page.businessId,
        appId: `app-${page.pageId}`,
        name: 'App',
        verifyToken: 'v',
        secrets: [page.secret],
        instagramSecrets: ['instagram secret'],
      }),
    )
    ingest.invalidate()
    const [a, b] = [await askDeletion(page, '9'), await askDeletion({ secret: 'instagram secret' }, '9')]
    expect(a.code).toBe(b.code)
  })

  test('a body far larger than any such request is not read to its end', async () => {
    const body = new URLSearchParams({ signed_request: 'x'.repeat(100_000) })
    expect((await fetch(`${base}/webhooks/meta/data-deletion`, { method: 'POST', body })).status).toBe(413)
  })
})

/** As if the business had told that this app-scoped id is one of its people. */
async function knownAs(page: Page, businessId: string, userId: string): Promise<void> {
  const namespace = `${appScopedNamespacePrefix}app-${page.pageId}`
  await world.stores.forWorker().tx(async (sql) => {
    await sql`insert into contacts (business_id, id) values (${businessId}, 1)`
    await sql`
      insert into contact_identities (business_id, namespace, value, contact_id)
      values (${businessId}, ${namespace}, ${userId}, 1)`
  })
}
