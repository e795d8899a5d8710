/** Changes of accounts that are connected: new signing secrets, names, and the tools of the people who answer. */
import { hourMs } from '@fidelio/core/time.ts'
import { setSilenceFactor } from '@fidelio/db/records/account-health.ts'
import { disconnectAccount, isStoreChannel, rotateAccountSecret, updateAccount } from '@fidelio/db/records/accounts.ts'
import { rotateMetaAppSecret } from '@fidelio/db/records/meta-apps.ts'
import { targetBusiness } from '../context.ts'
import { invalid, notFound } from '../errors.ts'
import { isUuid, uuidOf } from '../ids.ts'
import { requireText, requireWithin } from '../input.ts'
import { ChannelAccountRef, ConnectedAccountRef, requireAccount, requireProviderSecret } from './account.ts'
import { builder, canIn, canInOrOperator } from './builder.ts'

const humanAppsMax = 20
/** A day: senders are changed by hand, and Meta's retries of older bodies carry the older signature. */
const overlapHoursDefault = 24
const overlapHoursMax = 30 * 24

function requireOverlap(hours: number | null | undefined): number {
  return requireWithin('overlapHours', hours ?? overlapHoursDefault, 0, overlapHoursMax)
}

builder.mutationField('rotateAccountSecret', (t) =>
  t.field({
    type: ConnectedAccountRef,
    description:
      'A new signing secret of an account; the former one stays valid beside it for `overlapHours`, then it is refused. For webhook and sandbox it is made here and shown once; for Shopify, WooCommerce and Stripe `secret` is the provider’s new one. Secrets of Meta apps are changed with rotateMetaAppSecret.',
    authScopes: canIn('account.write'),
    args: {
      id: t.arg.id({ required: true }),
      businessId: t.arg.id(),
      secret: t.arg.string(),
      overlapHours: t.arg.int({ defaultValue: overlapHoursDefault }),
    },
    async resolve(_root, { id, businessId, secret: given, overlapHours: hours }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const account = await requireAccount(here.loaders, id)
      const isStore = isStoreChannel(account.channel)
      if (!isStore && account.channel !== 'webhook' && account.channel !== 'sandbox') {
        throw invalid(
          'id',
          'This account is signed by its Meta app: change the secret there, with rotateMetaAppSecret.',
        )
      }
      if (isStore && !given) throw invalid('secret', 'Bring the new secret of the provider: it signs with its own.')
      const provided = given ? requireProviderSecret('secret', account.channel, given) : undefined
      const secret = await context.worker.tx((sql) =>
        rotateAccountSecret(sql, context.vault, {
          id: account.id,
          businessId: here.businessId,
          overlap: { at: context.clock.now(), hours: requireOverlap(hours) },
          ...(provided === undefined ? {} : { secret: provided }),
        }),
      )
      if (secret === null) throw notFound('account')
      context.invalidate()
      // What the provider gave is known to whoever brought it, and is never shown again.
      return { account, secret: isStore ? null : secret }
    },
  }),
)

builder.mutationField('rotateMetaAppSecret', (t) =>
  t.field({
    type: 'DateTime',
    description:
      'The new secret of a Meta app, as Meta shows it. The former one stays valid beside it until the instant answered. The operator leaves the business out for a shared app.',
    authScopes: canInOrOperator('account.write'),
    args: {
      metaAppId: t.arg.id({ required: true }),
      businessId: t.arg.id(),
      appSecret: t.arg.string({ required: true }),
      overlapHours: t.arg.int({ defaultValue: overlapHoursDefault }),
    },
    async resolve(_root, { metaAppId, businessId, appSecret, overlapHours }, context) {
      const shared = context.viewer.kind === 'operator' && !businessId
      const owner = shared ? null : (await context.open(targetBusiness(context.viewer, businessId))).businessId
      if (!isUuid(metaAppId)) throw notFound('Meta app')
      const overlap = { at: context.clock.now(), hours: requireOverlap(overlapHours) }
      const secret = requireText('appSecret', appSecret, 256)
      const rotated = await context.worker.tx((sql) =>
        rotateMetaAppSecret(sql, context.vault, { id: metaAppId, businessId: owner, secret, overlap }),
      )
      if (!rotated) throw notFound('Meta app')
      context.invalidate()
      return overlap.at.getTime() + overlap.hours * hourMs
    },
  }),
)

builder.mutationField('updateAccount', (t) =>
  t.field({
    type: ChannelAccountRef,
    description:
      'What is left out stays. `humanAppIds` replaces the list: Meta apps through which your people answer. Who sent a message is decided when it comes in, so a change applies to messages from now on.',
    authScopes: canIn('account.write'),
    args: {
      id: t.arg.id({ required: true }),
      businessId: t.arg.id(),
      name: t.arg.string(),
      humanAppIds: t.arg.stringList(),
      silenceFactor: t.arg.float({
        description: 'silent after so many times the usual longest pause; null: the default, twice',
      }),
    },
    async resolve(_root, { id, businessId, name, humanAppIds, silenceFactor }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const { id: accountId } = await requireAccount(here.loaders, id)
      const change = {
        id: accountId,
        businessId: here.businessId,
        ...(typeof name === 'string' ? { name: requireText('name', name, 120) } : {}),
        ...(humanAppIds ? { humanAppIds: requireAppIds(humanAppIds) } : {}),
      }
      const factor = silenceFactor ? requireWithin('silenceFactor', silenceFactor, 1, 1000) : null
      const account = await context.worker.tx(async (sql) => {
        if (silenceFactor !== undefined) await setSilenceFactor(sql, { ...change, factor })
        return updateAccount(sql, change)
      })
      if (!account) throw notFound('account')
      context.invalidate()
      return account
    },
  }),
)

builder.mutationField('disconnectAccount', (t) =>
  t.field({
    type: ChannelAccountRef,
    description:
      'From now on nothing comes in through this account and nothing goes out: senders are refused, and what Meta brings for it is kept aside. History and settings stay; connectAccount with the same external id connects it again.',
    authScopes: canIn('account.write'),
    args: { id: t.arg.id({ required: true }), businessId: t.arg.id() },
    async resolve(_root, { id, businessId }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      // Not read before it is changed: the answer's health would still be of the account as it was.
      const accountId = uuidOf('ChannelAccount', id, 'account')
      const account = await context.worker.tx((sql) =>
        disconnectAccount(sql, { id: accountId, businessId: here.businessId }),
      )
      if (!account) throw notFound('account')
      context.invalidate()
      return account
    },
  }),
)

function requireAppIds(ids: readonly string[]): string[] {
  if (ids.length > humanAppsMax) throw invalid('humanAppIds', `At most ${humanAppsMax} apps.`)
  if (!ids.every((id) => /^[A-Za-z0-9_-]{1,64}$/.test(id))) {
    throw invalid('humanAppIds', 'App ids have letters, digits, "_" and "-", at most 64 of them.')
  }
  return [...new Set(ids)]
}
