/** What a business may send in, set by the operator, and how much of it is used (features.md 1.11). */
import { dayMs, hourMs } from '@fidelio/core/time.ts'
import { deferredBacklogs } from '@fidelio/db/records/deferred-events.ts'
import { listIntakeCounts } from '@fidelio/db/records/intake-counters.ts'
import { admittedSince, findIntakeQuota, type IntakeQuota, setIntakeQuota } from '@fidelio/db/records/intake-quotas.ts'
import { targetBusiness } from '../context.ts'
import { requireWithin } from '../input.ts'
import { builder, operatorOnly, reached } from './builder.ts'
import { BusinessRef } from './business.ts'

const QuotaRef = builder.objectRef<IntakeQuota>('IntakeQuota').implement({
  description:
    'Null: the default of the installation, which is above what one process takes in; for the day: no limit.',
  authScopes: reached,
  fields: (t) => ({
    eventsPerSecond: t.exposeInt('eventsPerSecond', { nullable: true, description: 'per process of the intake' }),
    burstEvents: t.exposeInt('burstEvents', { nullable: true, description: 'at once, after a quiet while' }),
    eventsPerDay: t.exposeFloat('eventsPerDay', { nullable: true, description: 'of the whole installation, UTC days' }),
  }),
})

type Usage = { today: number; dayEndsAt: number; deferredEvents: number; refusedLastHour: number }
const UsageRef = builder.objectRef<Usage>('IntakeUsage').implement({
  authScopes: reached,
  fields: (t) => ({
    today: t.exposeFloat('today', { description: 'events let in since midnight UTC, seconds late' }),
    dayEndsAt: t.expose('dayEndsAt', { type: 'DateTime' }),
    deferredEvents: t.exposeInt('deferredEvents', { description: 'events that wait for the quota now' }),
    refusedLastHour: t.exposeInt('refusedLastHour', {
      description: 'events, or bodies that were not read, whose sender was told to come back; this hour and the last',
    }),
  }),
})

builder.objectFields(BusinessRef, (t) => ({
  intakeQuota: t.field({
    type: QuotaRef,
    resolve: (here) => here.db.tx((sql) => findIntakeQuota(sql, here.businessId)),
  }),
  intakeUsage: t.field({
    type: UsageRef,
    complexity: { field: 20 },
    resolve: (here, _args, { now }) =>
      here.db.tx(async (sql) => {
        const day = Math.floor(now / dayMs) * dayMs
        const period = { from: new Date(now - 2 * hourMs), to: new Date(now + hourMs) }
        const counts = await listIntakeCounts(sql, here.businessId, period)
        const [backlog] = await deferredBacklogs(sql)
        const refused = counts.filter(({ outcome, reason }) => outcome === 'refused' && reason.startsWith('over_'))
        return {
          today: await admittedSince(sql, here.businessId, new Date(day)),
          dayEndsAt: day + dayMs,
          deferredEvents: backlog?.events ?? 0,
          refusedLastHour: refused.reduce((sum, { events }) => sum + events, 0),
        }
      }),
  }),
}))

const SetIntakeQuotaInput = builder.inputType('SetIntakeQuotaInput', {
  fields: (t) => ({
    businessId: t.id({ required: true }),
    eventsPerSecond: t.int(),
    burstEvents: t.int({ description: 'ten seconds of eventsPerSecond when left out' }),
    eventsPerDay: t.float(),
  }),
})

builder.mutationField('setIntakeQuota', (t) =>
  t.field({
    type: QuotaRef,
    description:
      'Operator: what a business may send in. Replaces the quota as a whole; what is left out is the default. Webhooks of its own and /v1/events above it are answered 429 with Retry-After; what Meta brings above it is kept and taken in later.',
    authScopes: operatorOnly,
    args: { input: t.arg({ type: SetIntakeQuotaInput, required: true }) },
    async resolve(_root, { input }, context) {
      const { businessId } = await context.open(targetBusiness(context.viewer, input.businessId))
      const whole = (field: string, value: number | null | undefined, max: number) =>
        value === null || value === undefined ? null : Math.floor(requireWithin(`input.${field}`, value, 1, max))
      const quota: IntakeQuota = {
        businessId,
        eventsPerSecond: whole('eventsPerSecond', input.eventsPerSecond, 1_000_000),
        burstEvents: whole('burstEvents', input.burstEvents, 100_000_000),
        eventsPerDay: whole('eventsPerDay', input.eventsPerDay, Number.MAX_SAFE_INTEGER),
      }
      await context.worker.tx((sql) => setIntakeQuota(sql, quota))
      context.invalidate()
      return quota
    },
  }),
)
