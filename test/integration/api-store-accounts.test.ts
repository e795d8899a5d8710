/** Shops and payments are connected with the secret their provider signs with. */
import { createAccount } from '@fidelio/db/records/accounts.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBusinessWithKey, openTestApi, type TestApi } from './api-support.ts'

let world: TestApi
beforeAll(async () => {
  world = await openTestApi()
})
afterAll(() => world[Symbol.asyncDispose]())

let made = 0
async function makeBusiness(name: string) {
  const { key } = await createBusinessWithKey(world, name, `owner@shop-${made++}.example`)
  return { credentials: { key } }
}

const connect =
  'mutation ($input: ConnectAccountInput!) { connectAccount(input: $input) { account { id channel } secret callbackPath } }'
const rotate = 'mutation ($id: ID!, $secret: String) { rotateAccountSecret(id: $id, secret: $secret) { secret } }'

describe('over GraphQL', () => {
  test.each([
    ['SHOPIFY', 'Kim-Cups.myshopify.com', 'shpss_1', '/webhooks/shopify/kim-cups.myshopify.com'],
    ['WOOCOMMERCE', 'corner-shop', 'any words', '/webhooks/woocommerce/corner-shop'],
    ['STRIPE', 'acct_1', 'whsec_1', '/webhooks/stripe/acct_1'],
  ])(
    '%s: the secret is brought, never shown, and can be changed',
    async (channel, externalId, secret, callbackPath) => {
      const { credentials } = await makeBusiness(channel)
      const input = { channel, name: 'Shop', externalId }
      const without = await world.ask(credentials, connect, { input })
      expect(without.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'input.secret' })
      const connected = await world.ask<{ connectAccount: { account: { id: string } } }>(credentials, connect, {
        input: { ...input, secret },
      })
      expect(connected.data?.connectAccount).toMatchObject({ account: { channel }, secret: null, callbackPath })
      const id = connected.data?.connectAccount.account.id
      const bare = await world.ask(credentials, rotate, { id })
      expect(bare.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'secret' })
      const changed = await world.ask(credentials, rotate, { id, secret: 'whsec_2' })
      expect(changed.data).toEqual({ rotateAccountSecret: { secret: null } })
      expect(await secretsOf(externalId.toLowerCase())).toBe(2)
      const other = await makeBusiness(`${channel} elsewhere`)
      const taken = await world.ask(other.credentials, connect, { input: { ...input, secret: 'whsec_3' } })
      expect(taken.errors[0]?.extensions.code).toBe('CONFLICT')
    },
  )

  test('says what is wrong with a secret', async () => {
    const { credentials } = await makeBusiness('Wrong secrets')
    const refusalOf = async (input: object) => (await world.ask(credentials, connect, { input })).errors[0]?.extensions
    const stripe = { channel: 'STRIPE', name: 'Stripe', externalId: 'acct_2', secret: 'sk_live_1' }
    expect(await refusalOf(stripe)).toMatchObject({ code: 'VALIDATION', field: 'input.secret' })
    const webhook = { channel: 'WEBHOOK', name: 'Own', secret: 'mine' }
    expect(await refusalOf(webhook)).toMatchObject({ code: 'VALIDATION', field: 'input.secret' })
    const dots = { channel: 'WOOCOMMERCE', name: 'Shop', externalId: '../x', secret: 's' }
    expect(await refusalOf(dots)).toMatchObject({ code: 'VALIDATION', field: 'input.externalId' })
  })
})

test('nobody can be opted in to messages from a payment provider', async () => {
  const { credentials } = await makeBusiness('Consenting')
  const input = { externalId: 'c1', channel: 'STRIPE', topic: 'offers', action: 'GRANTED', wording: 'Yes' }
  const record = 'mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { granted } }'
  const refused = await world.ask(credentials, record, { input })
  expect(refused.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'input.channel' })
})

async function secretsOf(externalId: string): Promise<number | undefined> {
  const [row] = await world.stores.forWorker().tx(
    (sql) => sql<{ count: number }[]>`
        select jsonb_array_length(secrets) as count from channel_accounts where external_id = ${externalId}`,
  )
  return row?.count
}

test('a shop without its secret cannot be connected; connecting twice is connecting once', async () => {
  const { id: businessId } = await world.stores.createBusiness()
  const input = { businessId, channel: 'stripe', name: 'Stripe', externalId: 'acct_once' } as const
  const connecting = (secret?: string) =>
    world.stores
      .forWorker()
      .tx((sql) => createAccount(sql, world.vault, { ...input, ...(secret === undefined ? {} : { secret }) }))
  expect((await connecting()).kind).toBe('secret_needed')
  expect((await connecting('whsec_1')).kind).toBe('created')
  expect((await connecting('whsec_1')).kind).toBe('updated')
  expect((await connecting()).kind).toBe('updated')
  expect(await secretsOf('acct_once')).toBe(1)
})
