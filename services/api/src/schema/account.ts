import type { Channel } from '@fidelio/core/event.ts'
import type { AccountRecord } from '@fidelio/db/records/accounts.ts'
import { createAccount, isStoreChannel } from '@fidelio/db/records/accounts.ts'
import { createMetaApp } from '@fidelio/db/records/meta-apps.ts'
import { targetBusiness } from '../context.ts'
import { apiError, invalid, notFound } from '../errors.ts'
import { isUuid, uuidOf } from '../ids.ts'
import { requireText } from '../input.ts'
import { builder, can, canIn, canInOrOperator, reached } from './builder.ts'
import { ChannelEnum } from './enums.ts'

export const ChannelAccountRef = builder.objectRef<AccountRecord>('ChannelAccount')

builder.node(ChannelAccountRef, {
  id: { resolve: (account) => account.id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'externalId' in value && 'humanAppIds' in value,
  authScopes: can('business.read'),
  fields: (t) => ({
    channel: t.expose('channel', { type: ChannelEnum }),
    externalId: t.exposeString('externalId'),
    name: t.exposeString('name'),
    status: t.exposeString('status', { description: 'connected, token_broken or disconnected' }),
    lastEventAt: t.field({ type: 'DateTime', nullable: true, resolve: (account) => account.lastEventAt?.getTime() }),
    callbackPath: t.string({ resolve: callbackPathOf }),
    humanAppIds: t.exposeStringList('humanAppIds', {
      description: 'Meta apps through which your people answer: what they send counts as a human answer',
    }),
    createdAt: t.field({ type: 'DateTime', resolve: (account) => account.createdAt.getTime() }),
  }),
})

/** Where the channel sends its webhooks: one address for everything Meta, one per account for the others. */
export function callbackPathOf(account: Pick<AccountRecord, 'channel' | 'externalId'>): string {
  const ofMeta = ['messenger', 'instagram', 'whatsapp'].includes(account.channel)
  return ofMeta ? '/webhooks/meta' : `/webhooks/${account.channel}/${account.externalId}`
}

type MetaAppShape = { id: string; appId: string; name: string; secretCount: number }
const MetaAppRef = builder.objectRef<MetaAppShape>('MetaApp').implement({
  authScopes: reached,
  fields: (t) => ({
    id: t.exposeID('id'),
    appId: t.exposeString('appId'),
    name: t.exposeString('name'),
    callbackPath: t.string({ resolve: () => '/webhooks/meta' }),
    secretCount: t.exposeInt('secretCount', { description: 'secrets that are valid now: two during a rotation' }),
  }),
})

const ConnectMetaAppInput = builder.inputType('ConnectMetaAppInput', {
  fields: (t) => ({
    businessId: t.id(),
    appId: t.string({ required: true }),
    name: t.string(),
    verifyToken: t.string({ required: true }),
    appSecret: t.string({ required: true }),
    previousAppSecret: t.string({ description: 'kept valid beside the new one during rotation' }),
    instagramAppSecret: t.string({
      description:
        'Apps that use Instagram Login sign with a second secret, found under Instagram → API setup. Left out: the one known stays.',
    }),
    previousInstagramAppSecret: t.string({ description: 'kept valid beside the new one during rotation' }),
  }),
})

builder.mutationField('connectMetaApp', (t) =>
  t.field({
    type: MetaAppRef,
    description:
      'Connects a Meta app of a business. The operator may leave the business out: the app is then shared by every business, and only the operator connects Pages to it.',
    authScopes: canInOrOperator('account.write'),
    args: { input: t.arg({ type: ConnectMetaAppInput, required: true }) },
    async resolve(_root, { input }, context) {
      const shared = context.viewer.kind === 'operator' && !input.businessId
      const owner = shared ? null : (await context.open(targetBusiness(context.viewer, input.businessId))).businessId
      const secrets = secretsOf('appSecret', input.appSecret, 'previousAppSecret', input.previousAppSecret)
      const { instagramAppSecret, previousInstagramAppSecret } = input
      const instagramSecrets = instagramAppSecret
        ? secretsOf('instagramAppSecret', instagramAppSecret, 'previousInstagramAppSecret', previousInstagramAppSecret)
        : undefined
      if (previousInstagramAppSecret && !instagramSecrets) {
        throw invalid('input.instagramAppSecret', 'Give the new Instagram secret beside the former one.')
      }
      const appId = requireText('input.appId', input.appId, 64)
      const outcome = await context.worker.tx((sql) =>
        createMetaApp(sql, context.vault, {
          businessId: owner,
          appId,
          name: requireText('input.name', input.name ?? `Meta app ${appId}`, 120),
          verifyToken: requireText('input.verifyToken', input.verifyToken, 256),
          secrets,
          ...(instagramSecrets ? { instagramSecrets } : {}),
        }),
      )
      if (outcome.kind === 'taken') {
        throw apiError('CONFLICT', 'This Meta app is connected elsewhere.', { field: 'input.appId' })
      }
      context.invalidate()
      return { ...outcome.app, secretCount: outcome.app.secrets.length }
    },
  }),
)

/** Newest first. */
function secretsOf(
  field: string,
  secret: string,
  previousField: string,
  previous: string | null | undefined,
): string[] {
  return [
    requireText(`input.${field}`, secret, 256),
    ...(previous ? [requireText(`input.${previousField}`, previous, 256)] : []),
  ]
}

export const ConnectedAccountRef = builder
  .objectRef<{ account: AccountRecord; secret: string | null }>('ConnectedAccount')
  .implement({
    authScopes: reached,
    fields: (t) => ({
      account: t.expose('account', { type: ChannelAccountRef }),
      secret: t.exposeString('secret', {
        nullable: true,
        description: 'whsec_…, webhook and sandbox only, shown once',
      }),
      callbackPath: t.string({ resolve: ({ account }) => callbackPathOf(account) }),
    }),
  })

const ConnectAccountInput = builder.inputType('ConnectAccountInput', {
  fields: (t) => ({
    businessId: t.id(),
    channel: t.field({ type: ChannelEnum, required: true }),
    name: t.string({ required: true }),
    externalId: t.string({
      description:
        'Page id; Instagram’s professional account id; WhatsApp’s phone number id; the shop’s domain (name.myshopify.com) for Shopify; a name of your own for WooCommerce and Stripe. Left out for webhook and sandbox.',
    }),
    metaAppId: t.id(),
    accessToken: t.string(),
    secret: t.string({
      description:
        'Shopify, WooCommerce and Stripe: the secret the provider signs with. Connecting again with another one keeps the former valid beside it.',
    }),
  }),
})

builder.mutationField('connectAccount', (t) =>
  t.field({
    type: ConnectedAccountRef,
    description:
      'Connects a Page, a shop, payments, a generic webhook or a sandbox account. For webhook and sandbox the signing secret is made here and shown once; Shopify, WooCommerce and Stripe sign with their own, which you bring.',
    authScopes: canIn('account.write'),
    args: { input: t.arg({ type: ConnectAccountInput, required: true }) },
    async resolve(_root, { input }, context) {
      const here = await context.open(targetBusiness(context.viewer, input.businessId))
      const ownId = input.channel === 'webhook' || input.channel === 'sandbox'
      if (!ownId && !input.externalId) throw invalid('input.externalId', 'Name the Page or account to connect.')
      if (input.metaAppId && !isUuid(input.metaAppId)) throw notFound('Meta app')
      const externalId = input.externalId ? requireExternalId(input.channel, input.externalId) : undefined
      const secret = input.secret ? requireProviderSecret('input.secret', input.channel, input.secret) : undefined
      const outcome = await context.worker.tx((sql) =>
        createAccount(sql, context.vault, {
          businessId: here.businessId,
          channel: input.channel,
          name: requireText('input.name', input.name, 120),
          byOperator: context.viewer.kind === 'operator',
          ...(externalId === undefined ? {} : { externalId }),
          ...(secret === undefined ? {} : { secret }),
          ...(input.metaAppId ? { metaAppId: input.metaAppId } : {}),
          ...(input.accessToken ? { accessToken: requireText('input.accessToken', input.accessToken, 2000) } : {}),
        }),
      )
      switch (outcome.kind) {
        case 'taken':
          throw apiError('CONFLICT', 'This account is connected elsewhere.', { field: 'input.externalId' })
        case 'meta_app_needed':
          throw invalid('input.metaAppId', 'Connect a Meta app first, or name the one this account belongs to.')
        case 'meta_app_unknown':
          throw notFound('Meta app')
        case 'secret_needed':
          throw invalid('input.secret', 'Bring the secret this provider signs its webhooks with.')
        default:
          context.invalidate()
          return { account: outcome.account, secret: outcome.secret ?? null }
      }
    },
  }),
)

/** It becomes part of a path and of row identities. Shops are named by their domain, which has dots. */
function requireExternalId(channel: Channel, text: string): string {
  const id = isStoreChannel(channel) ? text.trim().toLowerCase() : text
  if (!(isStoreChannel(channel) ? /^[a-z0-9_][a-z0-9._-]{0,127}$/ : /^[A-Za-z0-9_-]{1,64}$/).test(id)) {
    throw invalid('input.externalId', 'Use letters, digits, "_" and "-", at most 64 of them.')
  }
  return id
}

const providerSecretCharactersMax = 256

/** The secret of a shop or payment provider, as its own pages show it. */
export function requireProviderSecret(field: string, channel: Channel, text: string): string {
  if (!isStoreChannel(channel))
    throw invalid(field, 'Only Shopify, WooCommerce and Stripe bring a secret of their own.')
  const secret = requireText(field, text, providerSecretCharactersMax).trim()
  if (channel === 'stripe' && !secret.startsWith('whsec_')) {
    throw invalid(
      field,
      'The signing secret of a Stripe endpoint starts with whsec_ (an API key does not sign webhooks).',
    )
  }
  return secret
}

/** The account of an id given from outside, if it is this business's. @throws NOT_FOUND */
export async function requireAccount(
  loaders: { account: { load(id: string): Promise<AccountRecord | null> } },
  id: string,
): Promise<AccountRecord> {
  const account = await loaders.account.load(uuidOf('ChannelAccount', id, 'account'))
  if (!account) throw notFound('account')
  return account
}
