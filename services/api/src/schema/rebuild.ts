/** Maintenance: derived facts made anew from the events, with every figure before and after. For the operator. */
import { type Figure, findRebuild, type RebuildRecord, requestRebuild } from '@fidelio/db/records/rebuilds.ts'
import { targetBusiness } from '../context.ts'
import { notFound } from '../errors.ts'
import { isUuid } from '../ids.ts'
import { actorOf } from '../viewer.ts'
import { builder, operatorOnly, reached } from './builder.ts'
import { PeriodInput, PeriodRef, periodOf } from './filter.ts'

const FigureRef = builder.objectRef<Figure>('Figure').implement({
  description: 'One number before and after; null where it has no value.',
  authScopes: reached,
  fields: (t) => ({
    name: t.exposeString('name'),
    before: t.exposeFloat('before', { nullable: true }),
    after: t.exposeFloat('after', { nullable: true }),
  }),
})

const RebuildRef = builder.objectRef<RebuildRecord>('Rebuild').implement({
  description: 'A rebuild of derived facts. It is over when finishedAt is set; nothing changed when changed is 0.',
  authScopes: reached,
  fields: (t) => ({
    id: t.exposeID('id'),
    period: t.expose('period', { type: PeriodRef }),
    requestedBy: t.exposeString('requestedBy'),
    requestedAt: t.field({ type: 'DateTime', resolve: (rebuild) => rebuild.requestedAt.getTime() }),
    finishedAt: t.field({ type: 'DateTime', nullable: true, resolve: (rebuild) => rebuild.finishedAt?.getTime() }),
    failed: t.exposeBoolean('failed', { description: 'it ended with an error, which the log of the server has' }),
    compared: t.exposeInt('compared', { description: 'numbers looked at before and after' }),
    changed: t.exposeInt('changed'),
    headlines: t.expose('headlines', { type: [FigureRef], description: 'the numbers of the whole period' }),
    changes: t.expose('changes', { type: [FigureRef], description: 'the numbers that changed, at most 200 of them' }),
  }),
})

builder.mutationField('rebuildDerived', (t) =>
  t.field({
    type: RebuildRef,
    description:
      'Makes everything derived of a business anew from its events and compares the figures of a period before and after. Ask for rebuild(id) until it is finished.',
    authScopes: operatorOnly,
    args: { businessId: t.arg.id({ required: true }), period: t.arg({ type: PeriodInput, required: true }) },
    async resolve(_root, { businessId, period }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const at = new Date(context.now)
      const request = { businessId: here.businessId, by: actorOf(context.viewer), at, period: periodOf(period) }
      return context.worker.tx((sql) => requestRebuild(sql, request))
    },
  }),
)

builder.queryField('rebuild', (t) =>
  t.field({
    type: RebuildRef,
    authScopes: operatorOnly,
    args: { businessId: t.arg.id({ required: true }), id: t.arg.id({ required: true }) },
    async resolve(_root, { businessId, id }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const found = isUuid(id) ? await context.worker.tx((sql) => findRebuild(sql, here.businessId, id)) : null
      if (!found) throw notFound('rebuild')
      return found
    },
  }),
)
