import { randomBytes } from 'node:crypto'
import type { DemoState } from '@fidelio/server/demo-messages.ts'
import { type Profile, profiles } from './businesses.ts'

export type Ask = <T>(query: string, variables: Record<string, unknown>) => Promise<T>

/** A GraphQL client for the operator's key: the demo is set up through the same door as everybody's business. */
export function createAsk(baseUrl: string, operatorKey: string): Ask {
  return async (query, variables) => {
    const response = await fetch(`${baseUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${operatorKey}` },
      body: JSON.stringify({ query, variables }),
    })
    const answer = (await response.json()) as { data?: unknown; errors?: { message: string }[] }
    if (answer.errors?.length) throw new Error(`GraphQL refused: ${answer.errors.map((e) => e.message).join('; ')}`)
    return answer.data as never
  }
}

export async function setUp(ask: Ask): Promise<DemoState> {
  // A first fill that was interrupted left half a story behind: begin again from nothing.
  await ask('mutation { removeDemo }', {})
  const businesses = []
  for (const profile of profiles) businesses.push(await setUpBusiness(ask, profile))
  return { filledAt: null, businesses }
}

async function setUpBusiness(ask: Ask, profile: Profile): Promise<DemoState['businesses'][number]> {
  const { createBusiness } = await ask<{ createBusiness: { id: string } }>(
    'mutation ($input: CreateBusinessInput!) { createBusiness(input: $input) { id } }',
    {
      input: {
        name: profile.name,
        slug: profile.slug,
        timeZone: profile.timeZone,
        currency: profile.currency,
        locale: profile.locale,
        ownerEmail: 'demo@fidelio.example',
        isDemo: true,
      },
    },
  )
  const businessId = createBusiness.id
  const appSecret = randomBytes(24).toString('hex')
  const { connectMetaApp } = await ask<{ connectMetaApp: { id: string } }>(
    'mutation ($input: ConnectMetaAppInput!) { connectMetaApp(input: $input) { id } }',
    {
      input: {
        businessId,
        appId: `9${profile.pageId}`,
        name: `${profile.name} app`,
        verifyToken: randomBytes(12).toString('hex'),
        appSecret,
      },
    },
  )
  const page = await connect(ask, {
    businessId,
    channel: 'MESSENGER',
    name: profile.name,
    externalId: profile.pageId,
    metaAppId: connectMetaApp.id,
    accessToken: `demo-${randomBytes(8).toString('hex')}`,
  })
  const webhook = await connect(ask, {
    businessId,
    channel: 'WEBHOOK',
    name: profile.locale === 'fr' ? 'Boutique en ligne' : 'Online shop',
  })
  const sandbox = await connect(ask, { businessId, channel: 'SANDBOX', name: `${profile.name} · sandbox` })
  await ask('mutation ($input: BusinessHoursInput!) { setBusinessHours(input: $input) { id } }', {
    input: {
      businessId,
      validFrom: '2020-01-01',
      weekly: weeklyHours(profile),
      holidays: ['2026-12-25', '2027-01-01'],
    },
  })
  await ask('mutation ($input: ResponseTargetInput!) { setResponseTarget(input: $input) { id } }', {
    input: { businessId, withinSeconds: 3600, clock: 'BUSINESS_HOURS' },
  })
  const { createApiKey } = await ask<{ createApiKey: { key: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }',
    { input: { businessId, name: 'Demo key' } },
  )
  return {
    slug: profile.slug,
    businessId,
    apiKey: createApiKey.key,
    pageAccountId: page.account.id,
    sandboxAccountId: sandbox.account.id,
    wiring: {
      appSecret,
      webhook: { account: webhook.account.externalId, secret: webhook.secret },
      sandbox: { account: sandbox.account.externalId, secret: sandbox.secret },
    },
  }
}

type Connected = { account: { id: string; externalId: string }; secret: string }

async function connect(ask: Ask, input: Record<string, unknown>): Promise<Connected> {
  const { connectAccount } = await ask<{ connectAccount: Connected }>(
    'mutation ($input: ConnectAccountInput!) { connectAccount(input: $input) { secret account { id externalId } } }',
    { input },
  )
  return connectAccount
}

function weeklyHours(profile: Profile): Record<string, [string, string][]> {
  const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  return Object.fromEntries(
    names.map((name, day) => [
      name,
      (profile.hours[day] ?? []).map(([from, to]): [string, string] => [clock(from), clock(to)]),
    ]),
  )
}
