import type { Language } from '@fidelio/core/metric.ts'
import { retentionMatrix } from '@fidelio/db/queries/retention.ts'
import type {
  RetentionAverage,
  RetentionCell,
  RetentionEntry,
  RetentionGrain,
  RetentionMatrix,
  RetentionReturn,
  RetentionRow,
} from '@fidelio/db/queries/types.ts'
import { requireText, requireWithin } from '../input.ts'
import { retentionHeadline, retentionQuestion } from '../sentences.ts'
import { builder, can, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { LocaleEnum, MetricStateEnum, RetentionEntryEnum, RetentionPeriodEnum, RetentionReturnEnum } from './enums.ts'
import { FilterInput, filterOf, PeriodInput, periodOf } from './filter.ts'

const columnsMax = 31

type Shape = {
  matrix: RetentionMatrix
  grain: RetentionGrain
  entry: RetentionEntry
  return: RetentionReturn
  activity: string
  timeZone: string
  lang: Language
}

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

const RetentionRef = builder.objectRef<Shape>('Retention').implement({
  authScopes: reached,
  fields: (t) => ({
    grain: t.expose('grain', { type: RetentionPeriodEnum }),
    entry: t.expose('entry', { type: RetentionEntryEnum }),
    return: t.expose('return', { type: RetentionReturnEnum }),
    headline: t.string({ resolve: ({ matrix, grain, lang }) => retentionHeadline(matrix.average, grain, lang) }),
    question: t.string({
      description: 'the question in words, with zone and definition',
      resolve: (shape) => retentionQuestion(shape, shape.lang),
    }),
    columns: t.int({ resolve: ({ matrix }) => matrix.columns }),
    rows: t.field({
      type: [RetentionRowRef],
      complexity: { field: 1, multiplier: 30 },
      resolve: ({ matrix }) => matrix.rows,
    }),
    average: t.field({ type: [RetentionAverageRef], resolve: ({ matrix }) => matrix.average }),
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
      activity: t.arg.string({ defaultValue: 'message.received' }),
      columns: t.arg.int({ defaultValue: 9 }),
      filter: t.arg({ type: FilterInput }),
      locale: t.arg({ type: LocaleEnum, defaultValue: 'en' }),
    },
    resolve: async (here, args, { now }) => {
      const { timeZone } = here.record
      const asked = {
        grain: args.grain ?? 'week',
        entry: args.entry,
        return: args.return,
        activity: requireText('activity', args.activity ?? 'message.received', 64),
      }
      const matrix = await retentionMatrix(here.db, {
        ...asked,
        timeZone,
        now,
        period: periodOf(args.period),
        columns: requireWithin('columns', args.columns ?? 9, 1, columnsMax),
        filter: await filterOf(here, args.filter),
      })
      return { ...asked, matrix, timeZone, lang: args.locale ?? 'en' }
    },
  }),
)
