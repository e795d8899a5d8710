/** When campaigns go out: schedules with their next runs, series and their runs, pausing, resuming, writing once more. */
import { type CampaignSchedule, misfirePolicies, nextSlots, type Slot } from '@fidelio/core/schedule.ts'
import { listRuns } from '@fidelio/db/records/campaign-series.ts'
import {
  duplicateCampaign,
  pauseCampaign,
  previewSchedule,
  scheduleCampaign,
} from '@fidelio/db/records/campaign-steering.ts'
import { findCampaign } from '@fidelio/db/records/campaigns.ts'
import { targetBusiness } from '../context.ts'
import { invalid } from '../errors.ts'
import { uuidOf } from '../ids.ts'
import { requireText, requireWithin } from '../input.ts'
import { pageSize } from '../paging.ts'
import { actorOf } from '../viewer.ts'
import { builder, can, canIn, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { dateOrNull, savedOr } from './campaign-changes.ts'
import { CampaignRef } from './campaign-ref.ts'
import { SendingWindowRef } from './sending-policy.ts'

const nextRunsDefault = 10
const nextRunsMax = 50

const MisfirePolicyEnum = builder.enumType('MisfirePolicy', {
  description:
    'What becomes of a run that came due while nothing could run: ASK holds it for a person’s decision, SKIP leaves it out, SEND sends it late. Of several, only the latest; the others are missed.',
  values: Object.fromEntries(misfirePolicies.map((word) => [word.toUpperCase(), { value: word }])),
})

const ScheduleRef = builder.objectRef<CampaignSchedule>('CampaignSchedule').implement({
  authScopes: reached,
  fields: (t) => ({
    startLocal: t.exposeString('startLocal', { description: 'wall-clock time, such as 2026-11-26T10:00' }),
    timeZone: t.exposeString('zone'),
    rule: t.exposeString('rule', { description: 'RRULE without its name; empty for once' }),
    inContactZone: t.exposeBoolean('inContactZone', { description: 'everybody at that time of their own day' }),
  }),
})

const RunRef = builder.objectRef<Slot>('ScheduledRun').implement({
  authScopes: reached,
  fields: (t) => ({
    at: t.field({ type: 'DateTime', resolve: (run) => run.at }),
    local: t.exposeString('local'),
    kind: t.exposeString('kind', {
      description: 'exact; gap: the clock skips this time, it runs right after; overlap: of two, the first one',
    }),
  }),
})

const SchedulePreviewRef = builder
  .objectRef<{ problem: string } | { runs: Slot[]; zones: number }>('SchedulePreview')
  .implement({
    authScopes: reached,
    fields: (t) => ({
      problem: t.string({ nullable: true, resolve: (preview) => ('problem' in preview ? preview.problem : null) }),
      runs: t.field({ type: [RunRef], resolve: (preview) => ('runs' in preview ? preview.runs : []) }),
      zones: t.int({
        description: 'time zones the messages go out in',
        resolve: (preview) => ('zones' in preview ? preview.zones : 0),
      }),
    }),
  })

builder.objectFields(BusinessRef, (t) => ({
  schedulePreview: t.field({
    type: SchedulePreviewRef,
    description: 'The next runs of a schedule on the business’s clock, before anything is saved.',
    authScopes: can('campaign.read'),
    args: {
      startLocal: t.arg.string({ required: true }),
      rule: t.arg.string({ defaultValue: '' }),
      inContactZone: t.arg.boolean({ defaultValue: false }),
      first: t.arg.int({ defaultValue: nextRunsDefault }),
    },
    resolve: (here, { startLocal, rule, inContactZone, first }, context) =>
      previewSchedule(
        here.db,
        { startLocal, rule: rule ?? '', inContactZone: inContactZone ?? false },
        new Date(context.now),
        requireWithin('first', first ?? nextRunsDefault, 1, nextRunsMax),
      ),
  }),
}))

builder.objectFields(CampaignRef, (t) => ({
  schedule: t.expose('schedule', {
    type: ScheduleRef,
    nullable: true,
    description: 'null: for an instant, or not yet',
  }),
  misfire: t.expose('misfire', { type: MisfirePolicyEnum }),
  sendingWindow: t.expose('sendingWindow', { type: SendingWindowRef, nullable: true }),
  nextRuns: t.field({
    type: [RunRef],
    description: 'Of a scheduled series, on the business’s clock.',
    args: { first: t.arg.int({ defaultValue: nextRunsDefault }) },
    resolve: ({ schedule, status }, { first }, context) => {
      if (status !== 'scheduled' || !schedule?.rule) return []
      const limit = requireWithin('first', first ?? nextRunsDefault, 1, nextRunsMax)
      return nextSlots({ ...schedule, inContactZone: false }, context.now, limit)
    },
  }),
  series: t.field({
    type: CampaignRef,
    nullable: true,
    description: 'The series this campaign is a run of.',
    resolve: async ({ businessId, seriesId }, _args, context) =>
      seriesId === null ? null : findCampaign((await context.open(businessId)).db, seriesId),
  }),
  runs: t.field({
    type: [CampaignRef],
    description: 'Runs a series has had, the latest first; each with its own sends and report.',
    complexity: ({ first }) => ({ field: 5, multiplier: first ?? 20 }),
    args: { first: t.arg.int({ defaultValue: 20 }) },
    resolve: async ({ businessId, id }, { first }, context) =>
      listRuns((await context.open(businessId)).db, id, pageSize(first, 20)),
  }),
}))

const CampaignScheduleInput = builder.inputType('CampaignScheduleInput', {
  fields: (t) => ({
    startLocal: t.string({ required: true, description: 'wall-clock time of the business, such as 2026-11-26T10:00' }),
    rule: t.string({
      defaultValue: '',
      description:
        'FREQ=DAILY|WEEKLY|MONTHLY with INTERVAL, BYDAY, BYMONTHDAY, UNTIL=20261231 or COUNT; empty for once',
    }),
    inContactZone: t.boolean({ defaultValue: false, description: 'everybody at that time of their own day' }),
  }),
})

builder.mutationField('scheduleCampaign', (t) =>
  t.field({
    type: CampaignRef,
    description:
      'At an instant (`at`), by wall-clock times (`schedule`), or at once when both are left out. A held or paused campaign is released.',
    authScopes: canIn('campaign.write'),
    args: {
      id: t.arg.id({ required: true }),
      businessId: t.arg.id(),
      at: t.arg({ type: 'DateTime' }),
      schedule: t.arg({ type: CampaignScheduleInput }),
      misfire: t.arg({ type: MisfirePolicyEnum }),
    },
    async resolve(_root, { id, businessId, at, schedule, misfire }, context) {
      if (at != null && schedule) throw invalid('schedule', 'Say either at or schedule.')
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const { startLocal, rule, inContactZone } = schedule ?? {}
      const when =
        startLocal === undefined
          ? dateOrNull(at)
          : { startLocal, rule: rule ?? '', inContactZone: inContactZone ?? false }
      const campaignId = uuidOf('Campaign', id, 'campaign')
      return savedOr(await scheduleCampaign(here.db, campaignId, when, new Date(context.now), misfire ?? undefined))
    },
  }),
)

builder.mutationField('pauseCampaign', (t) =>
  t.field({
    type: CampaignRef,
    description:
      'Nobody is started from now on; a series makes no runs. resumeCampaign goes on with the remaining people.',
    authScopes: canIn('campaign.write'),
    args: { id: t.arg.id({ required: true }), businessId: t.arg.id() },
    async resolve(_root, { id, businessId }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      return savedOr(await pauseCampaign(here.db, uuidOf('Campaign', id, 'campaign'), new Date(context.now)))
    },
  }),
)

builder.mutationField('resumeCampaign', (t) =>
  t.field({
    type: CampaignRef,
    description: 'A paused or held campaign goes on: with the remaining people, or a series with its next run.',
    authScopes: canIn('campaign.write'),
    args: { id: t.arg.id({ required: true }), businessId: t.arg.id() },
    async resolve(_root, { id, businessId }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const campaignId = uuidOf('Campaign', id, 'campaign')
      const found = await findCampaign(here.db, campaignId)
      if (found && found.status !== 'held') return savedOr({ kind: 'conflict', status: found.status })
      return savedOr(await scheduleCampaign(here.db, campaignId, null, new Date(context.now)))
    },
  }),
)

builder.mutationField('duplicateCampaign', (t) =>
  t.field({
    type: CampaignRef,
    description: 'A new draft with the same message, audience and measures.',
    authScopes: canIn('campaign.write'),
    args: { id: t.arg.id({ required: true }), businessId: t.arg.id(), name: t.arg.string({ required: true }) },
    async resolve(_root, { id, businessId, name }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const copy = { name: requireText('name', name, 120), createdBy: actorOf(context.viewer) }
      return savedOr(await duplicateCampaign(here.db, uuidOf('Campaign', id, 'campaign'), copy, new Date(context.now)))
    },
  }),
)
