/** Making, changing, scheduling and cancelling campaigns. */
import type { FieldProblem } from '@fidelio/core/campaign.ts'
import { cancelCampaign } from '@fidelio/db/records/campaign-steering.ts'
import {
  type CampaignRecord,
  type ChangeCampaignOutcome,
  type CreateCampaignOutcome,
  createCampaign,
  updateCampaign,
} from '@fidelio/db/records/campaigns.ts'
import { targetBusiness } from '../context.ts'
import { apiError, invalid, notFound } from '../errors.ts'
import { uuidOf } from '../ids.ts'
import { actorOf } from '../viewer.ts'
import { requireAccount } from './account.ts'
import { AudienceInput, holdoutPercentDefault, rulesOf } from './audience.ts'
import { builder, canIn } from './builder.ts'
import { CampaignRef } from './campaign-ref.ts'
import { SendingWindowInput } from './sending-policy.ts'

const conversionDaysDefault = 7

const CreateCampaignInput = builder.inputType('CreateCampaignInput', {
  fields: (t) => ({
    businessId: t.id(),
    name: t.string({ required: true }),
    messageText: t.string({ required: true }),
    audience: t.field({ type: AudienceInput, required: true }),
    holdoutPercent: t.float({ defaultValue: holdoutPercentDefault }),
    conversionDays: t.int({ defaultValue: conversionDaysDefault }),
    offerEndsAt: t.field({ type: 'DateTime' }),
    sendingWindow: t.field({ type: SendingWindowInput }),
  }),
})

builder.mutationField('createCampaign', (t) =>
  t.field({
    type: CampaignRef,
    authScopes: canIn('campaign.write'),
    args: { input: t.arg({ type: CreateCampaignInput, required: true }) },
    async resolve(_root, { input }, context) {
      const here = await context.open(targetBusiness(context.viewer, input.businessId))
      const account = await requireAccount(here.loaders, input.audience.accountId)
      const draft = {
        name: input.name,
        topic: input.audience.topic,
        messageText: input.messageText,
        audience: rulesOf(input.audience),
        holdoutPercent: input.holdoutPercent ?? input.audience.holdoutPercent ?? holdoutPercentDefault,
        conversionDays: input.conversionDays ?? conversionDaysDefault,
        accountId: account.id,
        offerEndsAt: dateOrNull(input.offerEndsAt),
        sendingWindow: input.sendingWindow ?? null,
        createdBy: actorOf(context.viewer),
      }
      return savedOr(await createCampaign(here.db, draft, new Date(context.now)))
    },
  }),
)

const UpdateCampaignInput = builder.inputType('UpdateCampaignInput', {
  fields: (t) => ({
    name: t.string(),
    messageText: t.string(),
    audience: t.field({ type: AudienceInput }),
    holdoutPercent: t.float(),
    conversionDays: t.int(),
    offerEndsAt: t.field({ type: 'DateTime' }),
    sendingWindow: t.field({ type: SendingWindowInput }),
  }),
})

builder.mutationField('updateCampaign', (t) =>
  t.field({
    type: CampaignRef,
    authScopes: canIn('campaign.write'),
    args: {
      id: t.arg.id({ required: true }),
      businessId: t.arg.id(),
      input: t.arg({ type: UpdateCampaignInput, required: true }),
    },
    async resolve(_root, { id, businessId, input }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const account = input.audience ? await requireAccount(here.loaders, input.audience.accountId) : null
      const changes = {
        ...(input.name == null ? {} : { name: input.name }),
        ...(input.messageText == null ? {} : { messageText: input.messageText }),
        ...(input.holdoutPercent == null ? {} : { holdoutPercent: input.holdoutPercent }),
        ...(input.conversionDays == null ? {} : { conversionDays: input.conversionDays }),
        // Null takes an end away; left out, it stays.
        ...(input.offerEndsAt === undefined ? {} : { offerEndsAt: dateOrNull(input.offerEndsAt) }),
        ...(input.sendingWindow === undefined ? {} : { sendingWindow: input.sendingWindow }),
        ...(input.audience && account
          ? { accountId: account.id, topic: input.audience.topic, audience: rulesOf(input.audience) }
          : {}),
      }
      const campaignId = uuidOf('Campaign', id, 'campaign')
      return savedOr(await updateCampaign(here.db, campaignId, changes, new Date(context.now)))
    },
  }),
)

builder.mutationField('cancelCampaign', (t) =>
  t.field({
    type: CampaignRef,
    description: 'Scheduled: back to draft. Sending: what is not yet claimed is not sent.',
    authScopes: canIn('campaign.write'),
    args: {
      id: t.arg.id({ required: true }),
      businessId: t.arg.id(),
    },
    async resolve(_root, { id, businessId }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      return savedOr(await cancelCampaign(here.db, uuidOf('Campaign', id, 'campaign'), new Date(context.now)))
    },
  }),
)

export function savedOr(outcome: CreateCampaignOutcome | ChangeCampaignOutcome): CampaignRecord {
  switch (outcome.kind) {
    case 'saved':
      return outcome.campaign
    case 'not_found':
      throw notFound('campaign')
    case 'conflict':
      throw apiError('CONFLICT', `This is not possible while the campaign is ${outcome.status}.`)
    case 'invalid':
      throw firstProblem(outcome.problems)
  }
}

/** Fields of the draft as the caller wrote them: topic, rules and account are inside `audience`. */
function firstProblem([problem]: readonly FieldProblem[]) {
  if (!problem) return invalid('input', 'The campaign is not complete.')
  const inAudience = problem.field === 'topic' || problem.field === 'accountId'
  // A schedule is said in arguments, not in the draft.
  if (problem.field === 'schedule') return invalid('schedule', problem.problem)
  return invalid(inAudience ? `input.audience.${problem.field}` : `input.${problem.field}`, problem.problem)
}

export function dateOrNull(at: number | null | undefined): Date | null {
  return at === null || at === undefined ? null : new Date(at)
}
