/** Making, changing, scheduling and cancelling campaigns, and looking at an audience before anything is sent. */
import type { AudienceRules, FieldProblem } from '@fidelio/core/campaign.ts'
import { audienceProblems, holdoutPercentMax } from '@fidelio/core/campaign.ts'
import { isTopic } from '@fidelio/core/consent.ts'
import { type AudiencePreview, previewAudience } from '@fidelio/db/records/audience.ts'
import {
  type CampaignRecord,
  type ChangeCampaignOutcome,
  type CreateCampaignOutcome,
  cancelCampaign,
  createCampaign,
  scheduleCampaign,
  updateCampaign,
} from '@fidelio/db/records/campaigns.ts'
import { type Here, targetBusiness } from '../context.ts'
import { apiError, invalid, notFound } from '../errors.ts'
import { uuidOf } from '../ids.ts'
import { requireWithin } from '../input.ts'
import { actorOf } from '../viewer.ts'
import { requireAccount } from './account.ts'
import { builder, can, canIn, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { CampaignRef } from './campaign-ref.ts'
import { ContactRef, loadContact } from './contact.ts'
import { LocaleEnum } from './enums.ts'
import { type LabelledReason, labelReasons, ReasonCountRef } from './reasons.ts'

const holdoutPercentDefault = 10
const conversionDaysDefault = 7

const AudienceInput = builder.inputType('AudienceInput', {
  fields: (t) => ({
    accountId: t.id({ required: true }),
    topic: t.string({ required: true }),
    wroteWithinDays: t.int({ description: 'only people who wrote within so many days' }),
    orderedWithinDays: t.int({
      description: 'only people with at least `minOrders` orders within `orderedWithinDays`',
    }),
    minOrders: t.int(),
    notOrderedWithinDays: t.int(),
    holdoutPercent: t.float(),
    at: t.field({ type: 'DateTime', description: 'judge windows at this instant instead of now' }),
  }),
})
type AudienceAsked = typeof AudienceInput.$inferInput

function rulesOf(input: AudienceAsked): AudienceRules {
  const rules: AudienceRules = {}
  for (const name of ['wroteWithinDays', 'orderedWithinDays', 'minOrders', 'notOrderedWithinDays'] as const) {
    const value = input[name]
    if (value !== null && value !== undefined) rules[name] = value
  }
  return rules
}

type PreviewShape = Omit<AudiencePreview, 'excluded'> & { here: Here; excluded: LabelledReason[]; at: number }

const AudiencePreviewRef = builder.objectRef<PreviewShape>('AudiencePreview').implement({
  authScopes: reached,
  fields: (t) => ({
    matched: t.exposeInt('matched'),
    reachable: t.exposeInt('reachable'),
    willBeSent: t.exposeInt('willBeSent'),
    holdout: t.exposeInt('holdout'),
    excluded: t.expose('excluded', { type: [ReasonCountRef] }),
    sample: t.field({
      type: [ContactRef],
      resolve: ({ here, sample }) => Promise.all(sample.map((contactId) => loadContact(here, contactId))),
    }),
    at: t.expose('at', { type: 'DateTime' }),
  }),
})

builder.objectField(BusinessRef, 'audiencePreview', (t) =>
  t.field({
    type: AudiencePreviewRef,
    description: 'Who would be sent a campaign like this now, and why the others not. Nothing is stored.',
    authScopes: can('campaign.read'),
    complexity: { field: 100 },
    args: {
      input: t.arg({ type: AudienceInput, required: true }),
      locale: t.arg({ type: LocaleEnum, defaultValue: 'en' }),
    },
    resolve: async (here, { input, locale }, context) => {
      const account = await requireAccount(here.loaders, input.accountId)
      const rules = rulesOf(input)
      const [problem] = audienceProblems(rules)
      if (problem !== undefined) throw invalid('input', problem)
      if (!isTopic(input.topic)) throw invalid('input.topic', 'This cannot be a topic.')
      const holdout = requireWithin(
        'input.holdoutPercent',
        input.holdoutPercent ?? holdoutPercentDefault,
        0,
        holdoutPercentMax,
      )
      const at = input.at ?? context.now
      const place = {
        accountId: account.id,
        channel: account.channel,
        accountExternalId: account.externalId,
        topic: input.topic,
        at: new Date(at),
      }
      const preview = await previewAudience(here.db, place, rules, holdout)
      return { ...preview, here, excluded: labelReasons(preview.excluded, locale ?? 'en'), at }
    },
  }),
)

const CreateCampaignInput = builder.inputType('CreateCampaignInput', {
  fields: (t) => ({
    businessId: t.id(),
    name: t.string({ required: true }),
    messageText: t.string({ required: true }),
    audience: t.field({ type: AudienceInput, required: true }),
    holdoutPercent: t.float({ defaultValue: holdoutPercentDefault }),
    conversionDays: t.int({ defaultValue: conversionDaysDefault }),
    offerEndsAt: t.field({ type: 'DateTime' }),
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
        ...(input.audience && account
          ? { accountId: account.id, topic: input.audience.topic, audience: rulesOf(input.audience) }
          : {}),
      }
      const campaignId = uuidOf('Campaign', id, 'campaign')
      return savedOr(await updateCampaign(here.db, campaignId, changes, new Date(context.now)))
    },
  }),
)

builder.mutationField('scheduleCampaign', (t) =>
  t.field({
    type: CampaignRef,
    description: 'At an instant, or at once when `at` is left out.',
    authScopes: canIn('campaign.write'),
    args: {
      id: t.arg.id({ required: true }),
      businessId: t.arg.id(),
      at: t.arg({ type: 'DateTime' }),
    },
    async resolve(_root, { id, businessId, at }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const campaignId = uuidOf('Campaign', id, 'campaign')
      return savedOr(await scheduleCampaign(here.db, campaignId, dateOrNull(at), new Date(context.now)))
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

function savedOr(outcome: CreateCampaignOutcome | ChangeCampaignOutcome): CampaignRecord {
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
  return invalid(inAudience ? `input.audience.${problem.field}` : `input.${problem.field}`, problem.problem)
}

function dateOrNull(at: number | null | undefined): Date | null {
  return at === null || at === undefined ? null : new Date(at)
}
