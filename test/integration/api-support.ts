/** An API over real stores, asked the way clients ask it: by fetch requests with a key, a cookie or nothing. */
import { randomBytes } from 'node:crypto'
import { type Api, createApi } from '@fidelio/api/api.ts'
import { type ManualClock, manualClock } from '@fidelio/core/time.ts'
import { DisposeStack } from '@fidelio/db/dispose-stack.ts'
import type { StoreLog } from '@fidelio/db/index.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { createVault, type Vault } from '@fidelio/db/vault.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'

export const publicUrl = 'http://localhost:4000'
export const operatorKey = 'operator-key-of-the-tests'

export interface Answer<T = Record<string, unknown>> {
  status: number
  data: T | null
  errors: {
    message: string
    path?: (string | number)[]
    extensions: { code: string; field?: string; reference: string }
  }[]
  extensions: { cost?: { requested: number; max: number } }
  headers: Headers
}

/** What a caller shows to say who it is. */
export type Credentials = { key: string } | { cookie: string } | null

export interface TestApi extends AsyncDisposable {
  api: Api
  stores: TestStores
  clock: ManualClock
  vault: Vault
  mails: { to: string; subject: string; text: string }[]
  ask<T = Record<string, unknown>>(
    credentials: Credentials,
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>
  operator<T = Record<string, unknown>>(query: string, variables?: Record<string, unknown>): Promise<T>
  /** Opens a sign-in link as a browser would; the cookie of the session. */
  signIn(email: string): Promise<{ cookie: string }>
}

export interface TestApiOptions {
  now?: Date
  log?: StoreLog
}

export async function openTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  await using opened = new DisposeStack()
  const stores = opened.use(await openTestStores())
  const clock = manualClock(options.now ?? new Date())
  const vault = createVault(randomBytes(32))
  const mails: TestApi['mails'] = []
  const api = opened.use(
    createApi({
      stores,
      vault,
      clock,
      log: options.log ?? silentLog,
      publicUrl,
      operatorKey,
      authSecret: randomBytes(32).toString('hex'),
      requestsPerMinuteMax: 1_000_000,
      sendMail: async (mail) => {
        mails.push(mail)
      },
    }),
  )
  const ask: TestApi['ask'] = async (credentials, query, variables = {}, headers = {}) => {
    const request = new Request(`${publicUrl}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-fidelio-csrf': '1',
        ...credentialHeaders(credentials),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    })
    const response = await api.fetch(request, { ip: '203.0.113.7' })
    const body = JSON.parse(await response.text())
    const { data = null, errors = [], extensions = {} } = body
    return { status: response.status, data, errors, extensions, headers: response.headers }
  }
  const running = opened.move()
  return {
    api,
    stores,
    clock,
    vault,
    mails,
    ask,
    async operator<T>(query: string, variables?: Record<string, unknown>) {
      const { data, errors } = await ask<T>({ key: operatorKey }, query, variables)
      if (errors.length > 0 || data === null) throw new Error(`The operator was refused: ${JSON.stringify(errors)}`)
      return data
    },
    signIn: (email) => signIn(api, email),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}

function credentialHeaders(credentials: Credentials): Record<string, string> {
  if (credentials === null) return {}
  return 'key' in credentials ? { authorization: `Bearer ${credentials.key}` } : { cookie: credentials.cookie }
}

async function signIn(api: Api, email: string): Promise<{ cookie: string }> {
  const { url } = await api.createSignInLink(email)
  const response = await api.authHandler(new Request(url), { ip: '203.0.113.7' })
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  if (response.status !== 302 || cookie === '') throw new Error(`The link did not sign in: ${response.status}`)
  return { cookie }
}

/** A business of its own with an owner and a key of every scope. */
export async function createBusinessWithKey(test: TestApi, name: string, email: string) {
  const { createBusiness } = await test.operator<{ createBusiness: { id: string } }>(
    `mutation ($input: CreateBusinessInput!) { createBusiness(input: $input) { id } }`,
    { input: { name, ownerEmail: email, timeZone: 'Europe/Paris' } },
  )
  const { createApiKey } = await test.operator<{ createApiKey: { key: string; apiKey: { id: string } } }>(
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { id } } }`,
    { input: { businessId: createBusiness.id, name: 'all' } },
  )
  const uuid = createBusiness.id.replace('Business:', '')
  return { id: createBusiness.id, uuid, key: createApiKey.key, keyId: createApiKey.apiKey.id, email }
}
