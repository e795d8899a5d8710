import { reasonLabel } from '@fidelio/core/send.ts'
import { listSends, type SendRecord } from '@fidelio/db/records/sends.ts'
import { z } from 'zod'
import type { ApiContext } from '../context.ts'
import { decodeCursor, encodeCursor, pageOf, pageSize } from '../paging.ts'
import { builder, can } from './builder.ts'
import { CampaignRef } from './campaign-ref.ts'
import { ContactRef, loadContact } from './contact.ts'
import { LocaleEnum, SendStatusEnum } from './enums.ts'

export type SendShape = SendRecord & { businessId: string }
export const SendRef = builder.objectRef<SendShape>('Send')

async function outcomeOf(send: SendShape, context: ApiContext) {
  const { loaders } = await context.open(send.businessId)
  return loaders.outcome(send.campaignId, context.now).load(send.contactId)
}

builder.node(SendRef, {
  id: { resolve: (send) => send.id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'arm' in value && 'attempt' in value,
  authScopes: can('campaign.read'),
  fields: (t) => ({
    contact: t.field({
      type: ContactRef,
      resolve: async (send, _args, context) => loadContact(await context.open(send.businessId), send.contactId),
    }),
    status: t.expose('status', { type: SendStatusEnum }),
    arm: t.exposeString('arm', { description: 'treatment, holdout, or empty for the excluded' }),
    reason: t.exposeString('reason'),
    reasonLabel: t.string({
      args: { locale: t.arg({ type: LocaleEnum, defaultValue: 'en' }) },
      resolve: (send, { locale }) => reasonLabel(send.reason, locale ?? 'en', send.status),
    }),
    plannedAt: t.field({ type: 'DateTime', resolve: (send) => send.plannedAt.getTime() }),
    nextEligibleAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Waiting: from when on it may go out. Excluded by the frequency cap: when the next offer fits.',
      resolve: (send) => send.nextEligibleAt?.getTime(),
    }),
    sentAt: t.field({ type: 'DateTime', nullable: true, resolve: (send) => send.sentAt?.getTime() }),
    delivered: t.boolean({ resolve: async (send, _args, context) => (await outcomeOf(send, context)).delivered }),
    read: t.boolean({ resolve: async (send, _args, context) => (await outcomeOf(send, context)).read }),
    replied: t.boolean({ resolve: async (send, _args, context) => (await outcomeOf(send, context)).replied }),
    ordered: t.boolean({ resolve: async (send, _args, context) => (await outcomeOf(send, context)).ordered }),
    errorCode: t.exposeString('errorCode'),
  }),
})

const SendConnection = builder.connectionObject(
  {
    type: SendRef,
    name: 'SendConnection',
    fields: (t) => ({ total: t.int({ resolve: (page) => (page as unknown as { total: number }).total }) }),
  },
  { name: 'SendEdge' },
)

builder.objectField(CampaignRef, 'sends', (t) =>
  t.field({
    type: SendConnection,
    complexity: ({ first }) => ({ field: 10, multiplier: first ?? 50 }),
    args: {
      first: t.arg.int({ defaultValue: 50 }),
      after: t.arg.string(),
      status: t.arg({ type: SendStatusEnum }),
      reason: t.arg.string(),
      search: t.arg.string(),
    },
    resolve: async (campaign, { first, after, status, reason, search }, context) => {
      const { db, businessId } = await context.open(campaign.businessId)
      const position = decodeCursor(after, z.tuple([z.number().int()]))?.[0]
      const page = await listSends(db, {
        campaignId: campaign.id,
        first: pageSize(first, 50),
        after: position,
        status: status ?? undefined,
        reason: reason ?? undefined,
        search: search?.trim() || undefined,
      })
      const sends = page.sends.map((send) => ({ ...send, businessId }))
      const ends = { hasNextPage: page.hasMore, hasPreviousPage: position !== undefined }
      return { total: page.total, ...pageOf(sends, ends, (send) => encodeCursor([send.contactId])) }
    },
  }),
)
