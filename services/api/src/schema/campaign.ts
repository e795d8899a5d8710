/** Campaigns: what they say, to whom, and what became of it. */
import type { FunnelCounts, ReasonCount, StageCount } from '@fidelio/db/queries/types.ts'
import { findCampaign, listCampaigns } from '@fidelio/db/records/campaigns.ts'
import { z } from 'zod'
import { notFound } from '../errors.ts'
import { uuidOf } from '../ids.ts'
import { decodeCursor, encodeCursor, pageOf, pageSize } from '../paging.ts'
import { ChannelAccountRef } from './account.ts'
import { builder, can, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { CampaignRef } from './campaign-ref.ts'
import { CampaignStatusEnum, ChannelEnum } from './enums.ts'
import { type LabelledReason, labelReasons, languageOf, ReasonCountRef } from './reasons.ts'

const StageCountRef = builder.objectRef<StageCount>('StageCount').implement({
  authScopes: reached,
  fields: (t) => ({ raw: t.exposeInt('raw'), closed: t.exposeInt('closed') }),
})

const MoneyAmountRef = builder.objectRef<{ amount: number; currency: string }>('MoneyAmount').implement({
  authScopes: reached,
  fields: (t) => ({ amount: t.exposeFloat('amount'), currency: t.exposeString('currency') }),
})

type FunnelShape = FunnelCounts & { labelled: (reasons: readonly ReasonCount[]) => LabelledReason[] }

const FunnelRef = builder.objectRef<FunnelShape>('Funnel').implement({
  description:
    'targeted = eligible + excluded + holdout; eligible = attempted + held + withdrawn; attempted = sent + failed + unknown + pending',
  authScopes: reached,
  fields: (t) => ({
    targeted: t.exposeInt('targeted'),
    eligible: t.exposeInt('eligible'),
    holdout: t.exposeInt('holdout'),
    excluded: t.field({ type: [ReasonCountRef], resolve: (counts) => counts.labelled(counts.excluded) }),
    attempted: t.exposeInt('attempted'),
    held: t.exposeInt('held'),
    withdrawn: t.field({ type: [ReasonCountRef], resolve: (counts) => counts.labelled(counts.withdrawn) }),
    sent: t.exposeInt('sent'),
    failed: t.field({ type: [ReasonCountRef], resolve: (counts) => counts.labelled(counts.failed) }),
    unknown: t.exposeInt('unknown'),
    pending: t.exposeInt('pending'),
    delivered: t.expose('delivered', {
      type: StageCountRef,
      description: 'raw counts, and with the implied closure (a reply implies a read implies a delivery)',
    }),
    read: t.expose('read', { type: StageCountRef }),
    replied: t.expose('replied', { type: StageCountRef }),
    ordered: t.expose('ordered', { type: StageCountRef }),
    revenue: t.expose('revenue', { type: [MoneyAmountRef] }),
    sumsHold: t.exposeBoolean('sumsHold'),
  }),
})

builder.node(CampaignRef, {
  id: { resolve: (campaign) => campaign.id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'messageText' in value,
  authScopes: can('campaign.read'),
  fields: (t) => ({
    name: t.exposeString('name'),
    channel: t.expose('channel', { type: ChannelEnum }),
    account: t.field({
      type: ChannelAccountRef,
      resolve: async (campaign, _args, context) => {
        const account = await (await context.open(campaign.businessId)).loaders.account.load(campaign.accountId)
        if (!account) throw notFound('account')
        return account
      },
    }),
    topic: t.exposeString('topic'),
    messageText: t.exposeString('messageText'),
    audience: t.expose('audience', { type: 'JSON' }),
    holdoutPercent: t.exposeFloat('holdoutPercent'),
    conversionDays: t.exposeInt('conversionDays'),
    status: t.expose('status', { type: CampaignStatusEnum }),
    statusReason: t.exposeString('statusReason'),
    scheduledAt: t.field({ type: 'DateTime', nullable: true, resolve: (c) => c.scheduledAt?.getTime() }),
    offerEndsAt: t.field({ type: 'DateTime', nullable: true, resolve: (c) => c.offerEndsAt?.getTime() }),
    plannedAt: t.field({ type: 'DateTime', nullable: true, resolve: (c) => c.plannedAt?.getTime() }),
    finishedAt: t.field({ type: 'DateTime', nullable: true, resolve: (c) => c.finishedAt?.getTime() }),
    createdAt: t.field({ type: 'DateTime', resolve: (c) => c.createdAt.getTime() }),
    createdBy: t.exposeString('createdBy'),
    funnel: t.field({
      type: FunnelRef,
      nullable: true,
      description: 'null before planning',
      complexity: { field: 50 },
      resolve: async (campaign, _args, context) => {
        const here = await context.open(campaign.businessId)
        const counts = await here.loaders.funnel.load(campaign.id)
        const lang = languageOf(here)
        return counts && { ...counts, labelled: (reasons) => labelReasons(reasons, lang) }
      },
    }),
  }),
})

const CampaignConnection = builder.connectionObject(
  { type: CampaignRef, name: 'CampaignConnection' },
  { name: 'CampaignEdge' },
)
const campaignCursor = z.tuple([z.number().int(), z.uuid()])

builder.objectFields(BusinessRef, (t) => ({
  campaigns: t.field({
    type: CampaignConnection,
    authScopes: can('campaign.read'),
    complexity: ({ first }) => ({ field: 5, multiplier: first ?? 30 }),
    args: {
      first: t.arg.int({ defaultValue: 30 }),
      after: t.arg.string(),
      status: t.arg({ type: CampaignStatusEnum }),
    },
    resolve: async (here, { first, after, status }) => {
      const position = decodeCursor(after, campaignCursor)
      const { campaigns, hasMore } = await listCampaigns(here.db, {
        first: pageSize(first, 30),
        status: status ?? undefined,
        after: position && { createdAt: new Date(position[0]), id: position[1] },
      })
      const ends = { hasNextPage: hasMore, hasPreviousPage: position !== undefined }
      return pageOf(campaigns, ends, (campaign) => encodeCursor([campaign.createdAt.getTime(), campaign.id]))
    },
  }),
  campaign: t.field({
    type: CampaignRef,
    authScopes: can('campaign.read'),
    args: { id: t.arg.id({ required: true }) },
    resolve: async (here, { id }) => {
      const campaign = await findCampaign(here.db, uuidOf('Campaign', id, 'campaign'))
      if (!campaign) throw notFound('campaign')
      return campaign
    },
  }),
}))
