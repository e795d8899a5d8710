/** Whom a campaign is for: rules as the caller writes them, and a look at what they mean before anything is sent. */
import type { AudienceRules } from '@fidelio/core/campaign.ts'
import { audienceProblems, holdoutPercentMax } from '@fidelio/core/campaign.ts'
import { isTopic } from '@fidelio/core/consent.ts'
import { type AudiencePreview, previewAudience } from '@fidelio/db/records/audience.ts'
import type { Here } from '../context.ts'
import { invalid } from '../errors.ts'
import { requireWithin } from '../input.ts'
import { requireAccount } from './account.ts'
import { builder, can, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { ContactRef, loadContact } from './contact.ts'
import { LocaleEnum } from './enums.ts'
import { type LabelledReason, labelReasons, ReasonCountRef } from './reasons.ts'

export const holdoutPercentDefault = 10

export const AudienceInput = builder.inputType('AudienceInput', {
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
export type AudienceAsked = typeof AudienceInput.$inferInput

export function rulesOf(input: AudienceAsked): AudienceRules {
  const rules: AudienceRules = {}
  for (const name of ['wroteWithinDays', 'orderedWithinDays', 'minOrders', 'notOrderedWithinDays'] as const) {
    const value = input[name]
    if (value !== null && value !== undefined) rules[name] = value
  }
  return rules
}

/**
 * Where and whom an audience means. `field` is where the caller wrote it.
 * @throws VALIDATION, NOT_FOUND for an account that is not of the business
 */
export async function audienceOf(here: Here, input: AudienceAsked, now: number, field: string) {
  const account = await requireAccount(here.loaders, input.accountId)
  const rules = rulesOf(input)
  const [problem] = audienceProblems(rules)
  if (problem !== undefined) throw invalid(field, problem)
  if (!isTopic(input.topic)) throw invalid(`${field}.topic`, 'This cannot be a topic.')
  const place = {
    accountId: account.id,
    channel: account.channel,
    accountExternalId: account.externalId,
    topic: input.topic,
    at: new Date(input.at ?? now),
  }
  return { place, rules }
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
      const { place, rules } = await audienceOf(here, input, context.now, 'input')
      const holdout = requireWithin(
        'input.holdoutPercent',
        input.holdoutPercent ?? holdoutPercentDefault,
        0,
        holdoutPercentMax,
      )
      const preview = await previewAudience(here.db, place, rules, holdout)
      return { ...preview, here, excluded: labelReasons(preview.excluded, locale ?? 'en'), at: place.at.getTime() }
    },
  }),
)
