/** The business the benches send webhooks to: one Meta app, ten Pages, set up over GraphQL as its owner would. */
import type { Product } from './product.ts'

export const pages = Array.from({ length: 10 }, (_, index) => `8010000000000${10 + index}`)

/** A Page that gets no load: what is written to it stands alone in its list. */
export const quietPage = '801000000000099'

export const text60 = 'Bonjour, ma commande est-elle partie ? Merci pour votre aide'

/** Ids of the people who write to a page; the same in every round, so that they are known after the first. */
export function contactId(page: string, index: number): string {
  return `${page}${String(10_000 + index)}`
}

export type BenchBusiness = { id: string; key: string; quietAccountId: string }

/** Makes it, with `secret` as the app's secret. The key reads its dashboards. */
export async function setUp(product: Product, secret: string): Promise<BenchBusiness> {
  const { createBusiness } = await product.ask<{ createBusiness: { id: string } }>(
    `mutation ($input: CreateBusinessInput!) { createBusiness(input: $input) { id } }`,
    { input: { name: 'Bench' } },
  )
  const businessId = createBusiness.id
  const { connectMetaApp } = await product.ask<{ connectMetaApp: { id: string } }>(
    `mutation ($input: ConnectMetaAppInput!) { connectMetaApp(input: $input) { id } }`,
    { input: { businessId, appId: 'bench', verifyToken: 'bench', appSecret: secret } },
  )
  const connect = async (page: string) => {
    const { connectAccount } = await product.ask<{ connectAccount: { account: { id: string } } }>(
      `mutation ($input: ConnectAccountInput!) { connectAccount(input: $input) { account { id } } }`,
      {
        input: {
          businessId,
          channel: 'MESSENGER',
          name: `Page ${page}`,
          externalId: page,
          metaAppId: connectMetaApp.id,
        },
      },
    )
    return connectAccount.account.id
  }
  for (const page of pages) await connect(page)
  const quietAccountId = await connect(quietPage)
  const { createApiKey } = await product.ask<{ createApiKey: { key: string } }>(
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }`,
    { input: { businessId, name: 'Bench', scopes: ['analytics:read', 'conversations:read'] } },
  )
  return { id: businessId, key: createApiKey.key, quietAccountId }
}
