/** The rows behind any number: their total equals the number. */
import { isBucket, metricRows } from '@fidelio/db/queries/rows.ts'
import type { MetricRow, RowsMetric } from '@fidelio/db/queries/types.ts'
import { audienceRows } from '@fidelio/db/records/audience.ts'
import { findCampaign } from '@fidelio/db/records/campaigns.ts'
import { listSends } from '@fidelio/db/records/sends.ts'
import { z } from 'zod'
import { type Here, isAllowed } from '../context.ts'
import { apiError, invalid, notFound } from '../errors.ts'
import { uuidOf } from '../ids.ts'
import { decodeCursor, encodeCursor, type Page, pageOf, pageSize } from '../paging.ts'
import { AudienceInput, audienceOf } from './audience.ts'
import { builder, can, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { ContactRef, loadContact } from './contact.ts'
import { ConversationRef } from './conversation-ref.ts'
import {
  ResponderEnum,
  ResponseClockEnum,
  ResponseKindEnum,
  RetentionEntryEnum,
  RetentionPeriodEnum,
  RetentionReturnEnum,
  SpellOutcomeEnum,
} from './enums.ts'
import { FilterInput, filterOf, periodOf } from './filter.ts'
import { optionsOf, RetentionOptionsInput, requireActivity, requireAnswerable } from './retention-options.ts'

const eventMetrics = [
  'active_customers',
  'waits',
  'waits_answered',
  'waits_waiting',
  'waits_abandoned',
  'waits_target',
  'came_back',
  'came_back_cohort',
  'reachable',
  'not_reachable',
  'extra_orders',
  'retention_cell',
  'retention_average',
  'retention_average_of',
  'volumes',
  'late_events',
  'funnel',
] as const satisfies readonly RowsMetric[]

/** Metrics whose rows are messages. */
const quoting: readonly RowsMetric[] = ['volumes', 'late_events']

/** `quotes`: the detail may repeat what somebody wrote, which takes a permission of its own to read. */
type RowShape = MetricRow & { businessId: string; quotes: boolean }

const MetricRowRef = builder.objectRef<RowShape>('MetricRow').implement({
  authScopes: reached,
  fields: (t) => ({
    contact: t.field({
      type: ContactRef,
      resolve: async (row, _args, context) => loadContact(await context.open(row.businessId), row.contactId),
    }),
    conversation: t.field({
      type: ConversationRef,
      nullable: true,
      resolve: async (row, _args, context) => {
        if (row.accountId === null) return null
        const { loaders } = await context.open(row.businessId)
        const thread = await loaders.thread.load({ accountId: row.accountId, contactId: row.contactId })
        return thread && { ...thread, businessId: row.businessId }
      },
    }),
    at: t.expose('at', { type: 'DateTime' }),
    seconds: t.exposeFloat('seconds', { nullable: true }),
    outcome: t.expose('outcome', { type: SpellOutcomeEnum, nullable: true }),
    label: t.exposeString('label', { description: 'a closed word: event kind, funnel stage, exclusion reason …' }),
    detail: t.string({
      description: 'empty for those who see numbers only, where it would quote a message',
      resolve: (row, _args, { viewer }) =>
        row.quotes && !isAllowed(viewer, row.businessId, 'conversation.read') ? '' : row.detail,
    }),
  }),
})

const MetricRowConnection = builder.connectionObject(
  {
    type: MetricRowRef,
    name: 'MetricRowConnection',
    fields: (t) => ({ total: t.int({ resolve: (page) => (page as unknown as { total: number }).total }) }),
  },
  { name: 'MetricRowEdge' },
)

const RowsInput = builder.inputType('RowsInput', {
  fields: (t) => ({
    metric: t.string({ required: true, description: `${eventMetrics.join(' | ')} | audience` }),
    from: t.field({ type: 'Date', required: true }),
    to: t.field({ type: 'Date', required: true }),
    filter: t.field({ type: FilterInput }),
    stage: t.string({
      description: 'funnel stage, exclusion reason, spell outcome …; for late_events whose days: volumes or waits',
    }),
    kind: t.field({ type: ResponseKindEnum }),
    responder: t.field({ type: ResponderEnum }),
    clock: t.field({ type: ResponseClockEnum }),
    campaignId: t.id(),
    cohort: t.field({
      type: 'Date',
      description: "retention: first local day of the cohort's interval, and the column",
    }),
    column: t.int(),
    columns: t.int({ description: 'how many the matrix has; returns “on or after” are looked for up to its end' }),
    grain: t.field({ type: RetentionPeriodEnum }),
    entry: t.field({ type: RetentionEntryEnum }),
    return: t.field({ type: RetentionReturnEnum }),
    activity: t.string(),
    retention: t.field({ type: RetentionOptionsInput, description: 'as the matrix was asked; `stage`: a segment' }),
    bucket: t.string({
      description:
        'response-time distribution bucket, e.g. 300-900 (seconds); <=900 for at most so long, >900 for longer',
    }),
    weekday: t.int({ description: 'waits that began on this local weekday, 1 = Monday' }),
    hour: t.int({ description: 'waits that began in this local hour, 0 to 23' }),
    app: t.string({ description: 'waits answered from this app; empty: answered from none' }),
    audience: t.field({
      type: AudienceInput,
      description:
        'with the metric audience and no campaign: the people of audiencePreview; stage: eligible, excluded or one reason',
    }),
  }),
})
type RowsAsked = typeof RowsInput.$inferInput

builder.objectField(BusinessRef, 'rows', (t) =>
  t.field({
    type: MetricRowConnection,
    description: 'The rows behind any number: total equals the number.',
    authScopes: can('analytics.read'),
    complexity: ({ first }) => ({ field: 50, multiplier: first ?? 50 }),
    args: {
      input: t.arg({ type: RowsInput, required: true }),
      first: t.arg.int({ defaultValue: 50 }),
      after: t.arg.string(),
    },
    resolve: async (here, { input, first, after }, { now, viewer }) => {
      const size = pageSize(first, 50)
      const campaignId = input.campaignId ? await requireCampaignId(here, input.campaignId) : undefined
      const period = periodOf({ from: input.from, to: input.to }, 'input.from')
      const planless = input.audience ? await audienceOf(here, input.audience, now, 'input.audience') : undefined
      if (input.metric === 'audience') {
        if (!isAllowed(viewer, here.businessId, 'campaign.read')) {
          throw apiError('FORBIDDEN', 'You are not allowed to see the audiences of campaigns.')
        }
        if (planless) return previewRows(here, planless, input.stage ?? '', size, after)
        return plannedRows(here, campaignId, input.stage, size, after)
      }
      requireHour(input)
      requireAnswerable(
        { return: input.return ?? 'on', ...optionsOf(input.retention, 'input.retention') },
        'input.retention',
      )
      const metric = eventMetrics.find((known) => known === input.metric)
      if (metric === undefined)
        throw invalid('input.metric', `Metrics with rows are ${eventMetrics.join(', ')}, audience.`)
      const position = decodeCursor(after, z.tuple([z.string()]))?.[0]
      const answer = await metricRows(here.db, {
        ...given(input),
        metric,
        period,
        campaignId,
        filter: await filterOf(here, input.filter),
        timeZone: here.record.timeZone,
        now,
        first: size,
        after: position,
      })
      const rows = answer.rows.map((row) => ({ ...row, businessId: here.businessId, quotes: quoting.includes(metric) }))
      const ends = { hasNextPage: answer.hasMore, hasPreviousPage: position !== undefined }
      return { total: answer.total, ...pageOf(rows, ends, (row) => encodeCursor([row.cursor])) }
    },
  }),
)

/** The optional parts of a question; null means the same as left out. */
function given(input: RowsAsked) {
  return {
    stage: input.stage ?? undefined,
    kind: input.kind ?? undefined,
    responder: input.responder ?? undefined,
    clock: input.clock ?? undefined,
    cohort: input.cohort ?? undefined,
    column: input.column ?? undefined,
    columns: input.columns ?? undefined,
    grain: input.grain ?? undefined,
    entry: input.entry ?? undefined,
    return: input.return ?? undefined,
    activity: input.activity == null ? undefined : requireActivity('input.activity', input.activity),
    retention: optionsOf(input.retention, 'input.retention'),
    bucket: input.bucket ?? undefined,
    weekday: input.weekday ?? undefined,
    hour: input.hour ?? undefined,
    app: input.app ?? undefined,
  }
}

function requireHour({ weekday, hour, bucket }: RowsAsked): void {
  const within = (value: number | null | undefined, low: number, high: number) =>
    value === null || value === undefined || (value >= low && value <= high)
  if (!within(weekday, 1, 7)) throw invalid('input.weekday', 'Use 1 for Monday to 7 for Sunday.')
  if (!within(hour, 0, 23)) throw invalid('input.hour', 'Use a number from 0 to 23.')
  if (!isBucket(bucket ?? '')) throw invalid('input.bucket', 'Use seconds such as 300-900, 900-, <=900 or >900.')
}

async function requireCampaignId(here: Here, id: string): Promise<string> {
  const campaign = await findCampaign(here.db, uuidOf('Campaign', id, 'campaign'))
  if (!campaign) throw notFound('campaign')
  return campaign.id
}

/** Everybody a campaign looked at, from its own records: `stage` is a reason, such as an exclusion's. */
async function plannedRows(
  here: Here,
  campaignId: string | undefined,
  reason: string | null | undefined,
  first: number,
  after: string | null | undefined,
): Promise<Page<RowShape> & { total: number }> {
  if (campaignId === undefined)
    throw invalid('input.campaignId', 'Name the campaign whose audience this is, or give the audience.')
  const position = decodeCursor(after, z.tuple([z.number().int()]))?.[0]
  const page = await listSends(here.db, { campaignId, first, after: position, reason: reason ?? undefined })
  const rows = page.sends.map((send) => ({
    businessId: here.businessId,
    cursor: encodeCursor([send.contactId]),
    contactId: send.contactId,
    accountId: send.accountId,
    at: (send.sentAt ?? send.plannedAt).getTime(),
    seconds: null,
    outcome: null,
    label: send.status,
    detail: send.reason,
    quotes: false,
  }))
  const ends = { hasNextPage: page.hasMore, hasPreviousPage: position !== undefined }
  return { total: page.total, ...pageOf(rows, ends, (row) => row.cursor) }
}

/** Everybody a campaign that was not planned yet speaks of: what `audiencePreview` counted, person by person. */
async function previewRows(
  here: Here,
  { place, rules }: Awaited<ReturnType<typeof audienceOf>>,
  stage: string,
  first: number,
  after: string | null | undefined,
): Promise<Page<RowShape> & { total: number }> {
  const position = decodeCursor(after, z.tuple([z.number().int()]))?.[0]
  const page = await audienceRows(here.db, place, rules, { stage, first, after: position ?? 0 })
  const rows = page.rows.map((row) => ({
    businessId: here.businessId,
    cursor: encodeCursor([row.contactId]),
    contactId: row.contactId,
    accountId: place.accountId,
    at: row.at.getTime(),
    seconds: null,
    outcome: null,
    label: row.reason || 'eligible',
    detail: '',
    quotes: false,
  }))
  const ends = { hasNextPage: page.hasMore, hasPreviousPage: position !== undefined }
  return { total: page.total, ...pageOf(rows, ends, (row) => row.cursor) }
}
