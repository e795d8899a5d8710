/** Intention to treat: everybody offered against everybody held back by chance. */
import { assessLift, extraOrders } from '@fidelio/core/lift.ts'
import type { Language } from '@fidelio/core/metric.ts'
import type { LiftCounts } from '@fidelio/db/queries/types.ts'
import { liftSentence } from '../sentences.ts'
import { builder, reached } from './builder.ts'
import { CampaignRef } from './campaign-ref.ts'
import { LocaleEnum, MetricStateEnum } from './enums.ts'

type LiftShape = LiftCounts & {
  treatedRate: number | null
  controlRate: number | null
  difference: number | null
  low: number | null
  high: number | null
  extraOrders: number | null
  extraOrdersLow: number | null
  extraOrdersHigh: number | null
  verdict: string
  sentence: string
}

const LiftRef = builder.objectRef<LiftShape>('Lift').implement({
  description: 'Intention to treat: treatment against holdout, ordered within the conversion window.',
  authScopes: reached,
  fields: (t) => ({
    treated: t.exposeInt('treated'),
    treatedOrdered: t.exposeInt('treatedOrdered'),
    control: t.exposeInt('control'),
    controlOrdered: t.exposeInt('controlOrdered'),
    treatedRate: t.exposeFloat('treatedRate', { nullable: true }),
    controlRate: t.exposeFloat('controlRate', { nullable: true }),
    difference: t.exposeFloat('difference', { nullable: true }),
    low: t.exposeFloat('low', { nullable: true, description: 'limits that stay valid however often one looks' }),
    high: t.exposeFloat('high', { nullable: true }),
    extraOrders: t.exposeFloat('extraOrders', { nullable: true }),
    extraOrdersLow: t.exposeFloat('extraOrdersLow', { nullable: true }),
    extraOrdersHigh: t.exposeFloat('extraOrdersHigh', { nullable: true }),
    verdict: t.exposeString('verdict', {
      description: 'positive, negative, not_enough, no_control or sample_ratio_mismatch',
    }),
    state: t.expose('state', { type: MetricStateEnum }),
    sentence: t.exposeString('sentence'),
  }),
})

function liftOf(counts: LiftCounts, holdoutPercent: number, lang: Language): LiftShape {
  const arms = {
    treated: { people: counts.treated, converted: counts.treatedOrdered },
    control: { people: counts.control, converted: counts.controlOrdered },
    holdoutShare: holdoutPercent / 100,
  }
  const assessed = assessLift(arms, { holdoutShare: arms.holdoutShare })
  const extra = extraOrders([arms])
  const verdict = counts.control === 0 ? 'no_control' : assessed.verdict.kind
  const result = {
    treatedRate: counts.treated === 0 ? null : counts.treatedOrdered / counts.treated,
    controlRate: counts.control === 0 ? null : counts.controlOrdered / counts.control,
    difference: assessed.difference?.value ?? null,
    low: assessed.sequential?.lower ?? null,
    high: assessed.sequential?.upper ?? null,
    extraOrders: extra.value,
    extraOrdersLow: extra.lower,
    extraOrdersHigh: extra.upper,
    verdict,
  }
  return { ...counts, ...result, sentence: liftSentence(counts, result, lang) }
}

builder.objectField(CampaignRef, 'lift', (t) =>
  t.field({
    type: LiftRef,
    nullable: true,
    complexity: { field: 50 },
    args: { locale: t.arg({ type: LocaleEnum, defaultValue: 'en' }) },
    resolve: async (campaign, { locale }, context) => {
      const { loaders } = await context.open(campaign.businessId)
      const { id, conversionDays: days, holdoutPercent } = campaign
      const counts = await loaders.lift(context.now).load({ id, days })
      return counts && liftOf(counts, holdoutPercent, locale ?? 'en')
    },
  }),
)
