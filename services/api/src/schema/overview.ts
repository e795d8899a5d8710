import type { Language } from '@fidelio/core/metric.ts'
import { overviewNumbers } from '@fidelio/db/queries/overview.ts'
import { comparedPeriod } from '@fidelio/db/queries/period.ts'
import type { ComparedValue, OverviewNumbers, Period } from '@fidelio/db/queries/types.ts'
import { nextCampaign } from '@fidelio/db/records/campaigns.ts'
import type { Here } from '../context.ts'
import { isAllowed } from '../context.ts'
import { type Notice, noticesOf } from '../notices.ts'
import {
  activeSentence,
  cameBackSentence,
  extraOrdersSentence,
  overviewHeadline,
  reachableSentence,
  waitSentence,
} from '../sentences.ts'
import { builder, can, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { CampaignRef } from './campaign-ref.ts'
import { CompareEnum, LocaleEnum } from './enums.ts'
import { PeriodInput, PeriodRef, periodOf } from './filter.ts'
import { MetricValueRef, type MetricValueShape } from './metric.ts'
import { askWaitingNow, WaitingNowRef } from './waiting.ts'

const NoticeRef = builder.objectRef<Notice>('Notice').implement({
  authScopes: reached,
  fields: (t) => ({
    kind: t.exposeString('kind'),
    text: t.exposeString('text'),
    link: t.exposeString('link', { nullable: true, description: 'path on the dashboards, within the business' }),
  }),
})

type OverviewShape = {
  here: Here
  lang: Language
  period: Period
  compared: Period | null
  numbers: OverviewNumbers
}

const waitingOnOverviewMax = 5

const OverviewRef = builder.objectRef<OverviewShape>('Overview').implement({
  authScopes: reached,
  fields: (t) => ({
    period: t.expose('period', { type: PeriodRef }),
    comparedWith: t.field({ type: PeriodRef, nullable: true, resolve: ({ compared }) => compared }),
    headline: t.string({ resolve: ({ numbers, lang }) => overviewHeadline(numbers, lang) }),
    metrics: t.field({
      type: [MetricValueRef],
      description:
        'active_customers, first_response_median, came_back_4w, reachable, extra_orders: always these five, in this order',
      complexity: { field: 1, multiplier: 5 },
      resolve: fiveNumbers,
    }),
    waiting: t.field({
      type: WaitingNowRef,
      resolve: ({ here }, _args, { now }) => askWaitingNow(here, now, waitingOnOverviewMax),
    }),
    nextCampaign: t.field({
      type: CampaignRef,
      nullable: true,
      resolve: ({ here }, _args, { viewer }) =>
        isAllowed(viewer, here.businessId, 'campaign.read') ? nextCampaign(here.db) : null,
    }),
    needsYou: t.field({
      type: [NoticeRef],
      resolve: ({ here, lang }, _args, context) => noticesOf(here, context, lang),
    }),
  }),
})

type Sentence = (value: ComparedValue, lang: Language) => string

function fiveNumbers({ numbers, lang, period }: OverviewShape): MetricValueShape[] {
  const number = (
    key: MetricValueShape['key'],
    value: ComparedValue,
    sentence: Sentence,
    metric: string | null,
  ): MetricValueShape => ({
    key,
    lang,
    value,
    sentence: sentence(value, lang),
    rows: metric === null ? null : { metric, ...period },
  })
  return [
    number('active_customers', numbers.activeCustomers, activeSentence, 'active_customers'),
    number('first_response_median', numbers.firstResponseMedian, waitSentence, 'waits'),
    number('came_back_4w', numbers.cameBack4w, cameBackSentence, 'came_back'),
    number('reachable', numbers.reachable, reachableSentence, 'reachable'),
    number('extra_orders', numbers.extraOrders, extraOrdersSentence, 'extra_orders'),
  ]
}

builder.objectField(BusinessRef, 'overview', (t) =>
  t.field({
    type: OverviewRef,
    authScopes: can('analytics.read'),
    complexity: { field: 100 },
    args: {
      period: t.arg({ type: PeriodInput, required: true }),
      compare: t.arg({ type: CompareEnum, defaultValue: 'previous_period' }),
      locale: t.arg({ type: LocaleEnum, defaultValue: 'en' }),
    },
    resolve: async (here, args, { now }) => {
      const period = periodOf(args.period)
      const compared = comparedPeriod(period, args.compare ?? 'previous_period')
      const numbers = await overviewNumbers(here.db, { timeZone: here.record.timeZone, now, period, compared })
      return { here, lang: args.locale ?? 'en', period, compared, numbers }
    },
  }),
)
