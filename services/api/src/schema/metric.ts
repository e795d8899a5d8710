/** One number with everything needed to trust it, and the definitions behind the names. */
import { type Language, type Metric, type MetricKey, metricKeys, metrics } from '@fidelio/core/metric.ts'
import type { ComparedValue, Responder, ResponseClock, ResponseKind, SparkPoint } from '@fidelio/db/queries/types.ts'
import { hasMoved } from '../words.ts'
import { anyone, builder, reached } from './builder.ts'
import {
  DirectionEnum,
  LocaleEnum,
  MetricStateEnum,
  ResponderEnum,
  ResponseClockEnum,
  ResponseKindEnum,
  UnitEnum,
} from './enums.ts'

export type RowsRefShape = {
  metric: string
  stage?: string | undefined
  from: string
  to: string
  campaignId?: string | undefined
  cohort?: string | undefined
  column?: number | undefined
  bucket?: string | undefined
  kind?: ResponseKind | undefined
  responder?: Responder | undefined
  clock?: ResponseClock | undefined
}

export type MetricValueShape = {
  key: MetricKey
  lang: Language
  value: ComparedValue
  sentence: string
  rows: RowsRefShape | null
}

type DefinitionShape = { metric: Metric; lang: Language }

const units = {
  people: 'people',
  seconds: 'seconds',
  share: 'ratio',
  points: 'ratio',
  orders: 'orders',
  messages: 'messages',
} as const

function movingUnit(key: MetricKey): 'seconds' | 'share' | 'count' {
  const { unit } = metrics[key]
  return unit === 'seconds' ? unit : units[unit] === 'ratio' ? 'share' : 'count'
}

const MetricDefinitionRef = builder.objectRef<DefinitionShape>('MetricDefinition').implement({
  authScopes: reached,
  fields: (t) => ({
    key: t.string({ resolve: ({ metric }) => metric.key }),
    version: t.int({ resolve: ({ metric }) => metric.version }),
    name: t.string({ resolve: ({ metric, lang }) => metric.name[lang] }),
    sentence: t.string({ resolve: ({ metric, lang }) => metric.sentence[lang] }),
    unit: t.field({ type: UnitEnum, resolve: ({ metric }) => units[metric.unit] }),
    better: t.field({
      type: DirectionEnum,
      nullable: true,
      description: 'null where more is neither better nor worse',
      resolve: ({ metric }) => metric.betterDirection,
    }),
  }),
})

builder.queryField('metricDefinitions', (t) =>
  t.field({
    type: [MetricDefinitionRef],
    authScopes: anyone,
    args: { locale: t.arg({ type: LocaleEnum, defaultValue: 'en' }) },
    resolve: (_root, { locale }) => metricKeys.map((key) => ({ metric: metrics[key], lang: locale ?? 'en' })),
  }),
)

const SparkPointRef = builder.objectRef<SparkPoint>('SparkPoint').implement({
  authScopes: reached,
  fields: (t) => ({
    day: t.expose('day', { type: 'Date' }),
    value: t.exposeFloat('value', { nullable: true }),
    previous: t.exposeFloat('previous', { nullable: true }),
    state: t.expose('state', { type: MetricStateEnum }),
  }),
})

export const RowsRefRef = builder.objectRef<RowsRefShape>('RowsRef').implement({
  authScopes: reached,
  fields: (t) => ({
    metric: t.exposeString('metric'),
    stage: t.exposeString('stage', { nullable: true }),
    from: t.expose('from', { type: 'Date' }),
    to: t.expose('to', { type: 'Date' }),
    campaignId: t.exposeID('campaignId', { nullable: true }),
    cohort: t.expose('cohort', { type: 'Date', nullable: true }),
    column: t.exposeInt('column', { nullable: true }),
    bucket: t.exposeString('bucket', { nullable: true }),
    kind: t.expose('kind', { type: ResponseKindEnum, nullable: true }),
    responder: t.expose('responder', { type: ResponderEnum, nullable: true }),
    clock: t.expose('clock', { type: ResponseClockEnum, nullable: true }),
  }),
})

export const MetricValueRef = builder.objectRef<MetricValueShape>('MetricValue').implement({
  description: 'One number with everything needed to trust it.',
  authScopes: reached,
  fields: (t) => ({
    key: t.exposeString('key'),
    definition: t.field({ type: MetricDefinitionRef, resolve: ({ key, lang }) => ({ metric: metrics[key], lang }) }),
    value: t.float({ nullable: true, resolve: ({ value }) => value.value }),
    numerator: t.float({ nullable: true, resolve: ({ value }) => value.numerator }),
    denominator: t.float({ nullable: true, resolve: ({ value }) => value.denominator }),
    low: t.float({
      nullable: true,
      description: '95 % interval, where the metric has one',
      resolve: ({ value }) => value.low,
    }),
    high: t.float({ nullable: true, resolve: ({ value }) => value.high }),
    n: t.int({ resolve: ({ value }) => value.n }),
    state: t.field({ type: MetricStateEnum, resolve: ({ value }) => value.state }),
    previous: t.float({
      nullable: true,
      description: 'same metric over the compared period',
      resolve: ({ value }) => value.previous?.value,
    }),
    previousLow: t.float({ nullable: true, resolve: ({ value }) => value.previous?.low }),
    previousHigh: t.float({ nullable: true, resolve: ({ value }) => value.previous?.high }),
    change: t.float({ nullable: true, resolve: ({ value }) => value.change }),
    moved: t.boolean({
      description: 'whether the change is large enough to be said; false without one. The sentence goes by it too',
      resolve: ({ key, value: { value, previous } }) =>
        value !== null && previous?.value != null && hasMoved(movingUnit(key), value, previous.value),
    }),
    sentence: t.exposeString('sentence', {
      description: 'one sentence on what it means here, in the asked language',
    }),
    spark: t.field({
      type: [SparkPointRef],
      description: 'by local day, oldest first; null where not observable',
      complexity: { field: 1, multiplier: 30 },
      resolve: ({ value }) => value.spark,
    }),
    rowsRef: t.field({
      type: RowsRefRef,
      nullable: true,
      description: 'what to give to `rows` for the rows behind the value; null where the number is not a count of rows',
      resolve: ({ rows }) => rows,
    }),
  }),
})
