import type { Language, MetricKey } from '@fidelio/core/metric.ts'
import { comparedPeriod } from '@fidelio/db/queries/period.ts'
import { responseTimes } from '@fidelio/db/queries/response-times.ts'
import type {
  AnsweredWithin,
  ComparedValue,
  HeatCell,
  Period,
  Responder,
  ResponseBucket,
  ResponseClock,
  ResponseDay,
  ResponseKind,
  ResponseTimes,
  SurvivalPoint,
} from '@fidelio/db/queries/types.ts'
import { responseHeadline, waitSentence } from '../sentences.ts'
import { builder, can, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import {
  CompareEnum,
  LocaleEnum,
  MetricStateEnum,
  ResponderEnum,
  ResponseClockEnum,
  ResponseKindEnum,
} from './enums.ts'
import { FilterInput, filterOf, PeriodInput, PeriodRef, periodOf } from './filter.ts'
import { MetricValueRef, type MetricValueShape } from './metric.ts'
import { DayRevisionRef, revisionOf } from './revision.ts'

type Shape = {
  times: ResponseTimes
  period: Period
  kind: ResponseKind
  responder: Responder
  clock: ResponseClock
  lang: Language
  timeZone: string
}

const AnsweredWithinRef = builder.objectRef<AnsweredWithin>('AnsweredWithin').implement({
  authScopes: reached,
  fields: (t) => ({
    seconds: t.exposeInt('seconds'),
    answered: t.exposeInt('answered', {
      description: 'answered so soon, counted; rows: waits_answered with bucket <=seconds',
    }),
    share: t.exposeFloat('share', { nullable: true }),
    low: t.exposeFloat('low', { nullable: true }),
    high: t.exposeFloat('high', { nullable: true }),
    n: t.exposeInt('n'),
  }),
})

const ResponseDayRef = builder.objectRef<ResponseDay & { lang: Language; timeZone: string }>('ResponseDay').implement({
  authScopes: reached,
  fields: (t) => ({
    day: t.expose('day', { type: 'Date' }),
    p50: t.exposeFloat('p50', { nullable: true }),
    p75: t.exposeFloat('p75', { nullable: true }),
    p90: t.exposeFloat('p90', { nullable: true }),
    n: t.exposeInt('n', { description: 'waits opened on this day' }),
    answered: t.exposeInt('answered'),
    state: t.expose('state', { type: MetricStateEnum }),
    previousP50: t.exposeFloat('previousP50', { nullable: true }),
    revision: t.field({
      type: DayRevisionRef,
      nullable: true,
      description: 'set when messages of this day arrived after it had ended',
      resolve: (day) => revisionOf(day, 'waits', day),
    }),
  }),
})

const ResponseBucketRef = builder.objectRef<ResponseBucket>('ResponseBucket').implement({
  authScopes: reached,
  fields: (t) => ({
    bucket: t.exposeString('bucket', { description: 'what `rows` takes as bucket' }),
    fromSeconds: t.exposeFloat('fromSeconds'),
    toSeconds: t.exposeFloat('toSeconds', { nullable: true, description: 'null: without end' }),
    answered: t.exposeInt('answered'),
    waiting: t.exposeInt('waiting'),
    abandoned: t.exposeInt('abandoned'),
  }),
})

const SurvivalPointRef = builder.objectRef<SurvivalPoint>('SurvivalPoint').implement({
  authScopes: reached,
  fields: (t) => ({
    seconds: t.exposeFloat('seconds'),
    stillWaiting: t.exposeFloat('stillWaiting'),
    low: t.exposeFloat('low', { nullable: true }),
    high: t.exposeFloat('high', { nullable: true }),
  }),
})

const HeatCellRef = builder.objectRef<HeatCell>('HeatCell').implement({
  authScopes: reached,
  fields: (t) => ({
    weekday: t.exposeInt('weekday'),
    hour: t.exposeInt('hour'),
    median: t.exposeFloat('median', { nullable: true }),
    n: t.exposeInt('n'),
  }),
})

const metricKeys = {
  elapsed: { first: 'first_response_median', next: 'next_response_median' },
  business_hours: { first: 'first_response_open', next: 'next_response_open' },
} as const satisfies Record<ResponseClock, Record<ResponseKind, MetricKey>>

function metricOf({ kind, responder, clock, lang, period }: Shape, value: ComparedValue): MetricValueShape {
  const rows = { metric: 'waits', ...period, kind, responder, clock }
  return { key: metricKeys[clock][kind], lang, value, sentence: waitSentence(value, lang, { kind, clock }), rows }
}

const ResponseTimesRef = builder.objectRef<Shape>('ResponseTimes').implement({
  authScopes: reached,
  fields: (t) => ({
    period: t.expose('period', { type: PeriodRef }),
    kind: t.expose('kind', { type: ResponseKindEnum }),
    responder: t.expose('responder', { type: ResponderEnum }),
    clock: t.expose('clock', { type: ResponseClockEnum }),
    hoursKnownFrom: t.field({
      type: 'Date',
      nullable: true,
      description: 'first day with opening hours; days before it count around the clock, all of them when null',
      resolve: ({ times }) => times.hoursKnownFrom,
    }),
    headline: t.string({ resolve: ({ times, kind, clock, lang }) => responseHeadline(times, { kind, clock }, lang) }),
    median: t.field({
      type: MetricValueRef,
      description: 'Kaplan–Meier median and 90th percentile: the unanswered count as still waiting',
      resolve: (shape) => metricOf(shape, shape.times.median),
    }),
    p90: t.field({ type: MetricValueRef, resolve: (shape) => metricOf(shape, shape.times.p90) }),
    answeredWithin: t.field({
      type: [AnsweredWithinRef],
      description: 'share answered within 5 min, 15 min, 60 min and 24 h',
      complexity: { field: 1, multiplier: 4 },
      resolve: ({ times }) => times.answeredWithin,
    }),
    restrictedMean24hSeconds: t.float({
      nullable: true,
      description: 'mean of the waits, each counted up to 24 h; with its 95 % limits',
      resolve: ({ times }) => times.restrictedMean24hSeconds,
    }),
    restrictedMean24hLow: t.float({ nullable: true, resolve: ({ times }) => times.restrictedMean24hLow }),
    restrictedMean24hHigh: t.float({ nullable: true, resolve: ({ times }) => times.restrictedMean24hHigh }),
    opened: t.int({ resolve: ({ times }) => times.opened }),
    answered: t.int({ resolve: ({ times }) => times.answered }),
    waiting: t.int({ resolve: ({ times }) => times.waiting }),
    abandoned: t.int({ resolve: ({ times }) => times.abandoned }),
    answeredAtOnce: t.int({
      description:
        'of those answered, asked and answered without a moment of the clock passing: outside opening hours; rows: waits_answered with bucket <=0',
      resolve: ({ times }) => times.answeredAtOnce,
    }),
    medianOfAnswered: t.float({ nullable: true, resolve: ({ times }) => times.medianOfAnswered }),
    days: t.field({
      type: [ResponseDayRef],
      complexity: { field: 1, multiplier: 90 },
      resolve: ({ times, lang, timeZone }) => times.days.map((day) => ({ ...day, lang, timeZone })),
    }),
    distribution: t.field({ type: [ResponseBucketRef], resolve: ({ times }) => times.distribution }),
    survival: t.field({
      type: [SurvivalPointRef],
      complexity: { field: 1, multiplier: 50 },
      resolve: ({ times }) => times.survival,
    }),
    heatmap: t.field({
      type: [HeatCellRef],
      description: 'local hour × weekday (1 = Monday): median wait',
      complexity: { field: 1, multiplier: 168 },
      resolve: ({ times }) => times.heatmap,
    }),
  }),
})

builder.objectField(BusinessRef, 'responseTimes', (t) =>
  t.field({
    type: ResponseTimesRef,
    authScopes: can('analytics.read'),
    complexity: { field: 100 },
    args: {
      period: t.arg({ type: PeriodInput, required: true }),
      compare: t.arg({ type: CompareEnum, defaultValue: 'previous_period' }),
      kind: t.arg({ type: ResponseKindEnum, defaultValue: 'first' }),
      responder: t.arg({ type: ResponderEnum, defaultValue: 'human' }),
      clock: t.arg({ type: ResponseClockEnum, defaultValue: 'elapsed' }),
      filter: t.arg({ type: FilterInput }),
      locale: t.arg({ type: LocaleEnum, defaultValue: 'en' }),
    },
    resolve: async (here, args, { now }) => {
      const period = periodOf(args.period)
      const kind = args.kind ?? 'first'
      const responder = args.responder ?? 'human'
      const clock = args.clock ?? 'elapsed'
      const { timeZone } = here.record
      const times = await responseTimes(here.db, {
        timeZone,
        now,
        period,
        compared: comparedPeriod(period, args.compare ?? 'previous_period'),
        kind,
        responder,
        clock,
        filter: await filterOf(here, args.filter),
      })
      return { times, period, kind, responder, clock, lang: args.locale ?? 'en', timeZone }
    },
  }),
)
