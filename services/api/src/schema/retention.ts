import type { Language } from '@fidelio/core/metric.ts'
import { retentionMatrix } from '@fidelio/db/queries/retention.ts'
import type {
  RetentionArgs,
  RetentionAverage,
  RetentionCell,
  RetentionLook,
  RetentionMatrix,
  RetentionRow,
  RetentionSegment,
} from '@fidelio/db/queries/types.ts'
import { requireWithin } from '../input.ts'
import { retentionHeadline, retentionQuestion } from '../retention-sentences.ts'
import { builder, can, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { LocaleEnum, MetricStateEnum, RetentionEntryEnum, RetentionPeriodEnum, RetentionReturnEnum } from './enums.ts'
import { FilterInput, filterOf, PeriodInput, periodOf } from './filter.ts'
import { optionsOf, RetentionOptionsInput, requireActivity, requireAnswerable } from './retention-options.ts'

const columnsMax = 31

type Shape = { matrix: RetentionMatrix; asked: Omit<RetentionArgs, 'period' | 'filter' | 'now'>; lang: Language }

const RetentionCellRef = builder.objectRef<RetentionCell>('RetentionCell').implement({
  authScopes: reached,
  fields: (t) => ({
    column: t.exposeInt('column'),
    n: t.exposeInt('n', { nullable: true, description: 'null: not yet observable, never 0' }),
    share: t.exposeFloat('share', { nullable: true }),
    low: t.exposeFloat('low', { nullable: true }),
    high: t.exposeFloat('high', { nullable: true }),
    state: t.expose('state', { type: MetricStateEnum }),
  }),
})

const RetentionRowRef = builder.objectRef<RetentionRow>('RetentionRow').implement({
  authScopes: reached,
  fields: (t) => ({
    cohort: t.expose('cohort', { type: 'Date', description: "first local day of the cohort's interval" }),
    size: t.exposeInt('size'),
    state: t.expose('state', { type: MetricStateEnum }),
    cells: t.expose('cells', { type: [RetentionCellRef], complexity: { field: 1, multiplier: 9 } }),
  }),
})

const RetentionAverageRef = builder.objectRef<RetentionAverage>('RetentionAverage').implement({
  authScopes: reached,
  fields: (t) => ({
    column: t.exposeInt('column'),
    share: t.exposeFloat('share', { nullable: true }),
    low: t.exposeFloat('low', { nullable: true }),
    high: t.exposeFloat('high', { nullable: true }),
    rowsUsed: t.exposeInt('rowsUsed'),
    numerator: t.exposeInt('numerator'),
    denominator: t.exposeInt('denominator'),
  }),
})

const RetentionLookRef = builder.objectRef<RetentionLook>('RetentionLook').implement({
  description: 'From which to which interval after entering a column looks; `to` null: to the last complete one.',
  authScopes: reached,
  fields: (t) => ({
    column: t.exposeInt('column'),
    from: t.exposeInt('from'),
    to: t.exposeInt('to', { nullable: true }),
  }),
})

const RetentionSegmentRef = builder.objectRef<RetentionSegment>('RetentionSegment').implement({
  description: 'The cohorts of one value of the breakdown.',
  authScopes: reached,
  fields: (t) => ({
    value: t.exposeString('value', { description: 'a channel, or campaign | none; what `rows` takes as `stage`' }),
    size: t.exposeInt('size'),
    rows: t.field({
      type: [RetentionRowRef],
      complexity: { field: 1, multiplier: 30 },
      resolve: ({ rows }) => rows,
    }),
    average: t.field({ type: [RetentionAverageRef], resolve: ({ average }) => average }),
  }),
})

const RetentionRef = builder.objectRef<Shape>('Retention').implement({
  authScopes: reached,
  fields: (t) => ({
    grain: t.field({ type: RetentionPeriodEnum, resolve: ({ asked }) => asked.grain }),
    entry: t.field({ type: RetentionEntryEnum, resolve: ({ asked }) => asked.entry }),
    return: t.field({ type: RetentionReturnEnum, resolve: ({ asked }) => asked.return }),
    headline: t.string({ resolve: ({ matrix, asked, lang }) => retentionHeadline(matrix, asked, lang) }),
    question: t.string({
      description: 'the question in words, with zone and definition',
      resolve: ({ asked, lang }) => retentionQuestion(asked, lang),
    }),
    columns: t.int({ resolve: ({ matrix }) => matrix.columns }),
    looks: t.field({ type: [RetentionLookRef], resolve: ({ matrix }) => matrix.looks }),
    rows: t.field({
      type: [RetentionRowRef],
      complexity: { field: 1, multiplier: 30 },
      resolve: ({ matrix }) => matrix.rows,
    }),
    average: t.field({ type: [RetentionAverageRef], resolve: ({ matrix }) => matrix.average }),
    segments: t.field({
      type: [RetentionSegmentRef],
      description: 'largest first; empty without a breakdown',
      complexity: { field: 1, multiplier: 3 },
      resolve: ({ matrix }) => matrix.segments,
    }),
  }),
})

builder.objectField(BusinessRef, 'retention', (t) =>
  t.field({
    type: RetentionRef,
    authScopes: can('analytics.read'),
    complexity: { field: 100 },
    args: {
      period: t.arg({ type: PeriodInput, required: true }),
      grain: t.arg({ type: RetentionPeriodEnum, defaultValue: 'week' }),
      entry: t.arg({ type: RetentionEntryEnum, required: true }),
      return: t.arg({ type: RetentionReturnEnum, required: true }),
      activity: t.arg.string({
        defaultValue: 'message.received',
        description: 'with what people enter: an event kind, active, or custom:<name>',
      }),
      columns: t.arg.int({ defaultValue: 9 }),
      filter: t.arg({ type: FilterInput }),
      options: t.arg({ type: RetentionOptionsInput }),
      locale: t.arg({ type: LocaleEnum, defaultValue: 'en' }),
    },
    resolve: async (here, args, { now }) => {
      const asked = {
        ...optionsOf(args.options, 'options'),
        grain: args.grain ?? 'week',
        entry: args.entry,
        return: args.return,
        activity: requireActivity('activity', args.activity ?? 'message.received'),
        timeZone: here.record.timeZone,
        columns: requireWithin('columns', args.columns ?? 9, 1, columnsMax),
      }
      requireAnswerable(asked, 'options')
      const period = periodOf(args.period)
      const filter = await filterOf(here, args.filter)
      const matrix = await retentionMatrix(here.db, { ...asked, now, period, filter })
      return { matrix, asked, lang: args.locale ?? 'en' }
    },
  }),
)
