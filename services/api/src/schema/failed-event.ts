/** Elements that could not be taken in: to see, to correct, to replay, to dismiss. */
import { eventSchemaVersion } from '@fidelio/core/event.ts'
import { failedReasonLabel } from '@fidelio/core/failed-reason.ts'
import type { StoreTransaction } from '@fidelio/db/index.ts'
import {
  dismissFailedEvent,
  type FailedEventRecord,
  type FailedFilter,
  findFailedEvent,
  listFailedEvents,
} from '@fidelio/db/records/failed-events.ts'
import { requestReplay } from '@fidelio/db/records/replays.ts'
import { z } from 'zod'
import { type ApiContext, type Here, targetBusiness } from '../context.ts'
import { apiError, invalid, notFound } from '../errors.ts'
import { isUuid } from '../ids.ts'
import { decodeCursor, encodeCursor, type Page, pageOf, pageSize } from '../paging.ts'
import { actorOf } from '../viewer.ts'
import { ChannelAccountRef, requireAccount } from './account.ts'
import { builder, can, canInOrOperator, operatorOnly, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { ChannelEnum, FailedStateEnum, LocaleEnum } from './enums.ts'
import { ReplayRef } from './replay.ts'

/** Longer than any event a person would type, shorter than what a request may carry. */
const payloadCharactersMax = 200_000

/** `businessId` '': it belongs to nobody, and only the operator ever gets here. */
type FailedShape = Omit<FailedEventRecord, 'businessId'> & { businessId: string }

const FailedEventRef = builder.objectRef<FailedShape>('FailedEvent').implement({
  authScopes: reached,
  fields: (t) => ({
    id: t.exposeID('id'),
    channel: t.expose('channel', { type: ChannelEnum }),
    account: t.field({
      type: ChannelAccountRef,
      nullable: true,
      description: 'null for what came over POST /v1/events or names no account',
      resolve: async ({ businessId, accountId }, _args, context) =>
        businessId === '' || accountId === null
          ? null
          : (await context.open(businessId)).loaders.account.load(accountId),
    }),
    reason: t.exposeString('reason', { description: 'a word of a closed list' }),
    label: t.string({
      description: 'the reason as a sentence',
      args: { locale: t.arg({ type: LocaleEnum, defaultValue: 'en' }) },
      resolve: ({ reason }, { locale }) => failedReasonLabel(reason, locale ?? 'en'),
    }),
    detail: t.exposeString('detail', { description: 'what is wrong, in words for whoever sends it; may be empty' }),
    payload: t.string({
      description: 'what a replay would read: the correction, if somebody made one, otherwise the original',
      authScopes: can('conversation.read'),
      resolve: ({ raw, corrected }) => corrected ?? raw,
    }),
    original: t.string({
      description: 'as it came, digit for digit',
      authScopes: can('conversation.read'),
      resolve: ({ raw }) => raw,
    }),
    attempts: t.exposeInt('attempts', { description: 'deliveries and replays so far' }),
    schemaVersion: t.exposeInt('schemaVersion', { description: 'of the parsers that refused it last' }),
    parsersChanged: t.boolean({
      description: 'parsers have learnt since: a replay may help without a correction',
      resolve: ({ schemaVersion }) => schemaVersion < eventSchemaVersion,
    }),
    firstSeenAt: t.field({ type: 'DateTime', resolve: (event) => event.firstSeenAt.getTime() }),
    lastSeenAt: t.field({ type: 'DateTime', resolve: (event) => event.lastSeenAt.getTime() }),
    state: t.expose('state', { type: FailedStateEnum }),
    queued: t.exposeBoolean('queued', { description: 'a replay was asked for and is under way' }),
    replayId: t.id({ nullable: true, description: 'its last replay', resolve: ({ runId }) => runId }),
    storedEvents: t.exposeInt('storedEvents', { description: 'events its replays added' }),
    settledAt: t.field({ type: 'DateTime', nullable: true, resolve: (event) => event.settledAt?.getTime() }),
    settledBy: t.exposeString('settledBy', { description: 'who had it replayed or dismissed it' }),
  }),
})

const FailedEventConnection = builder.connectionObject(
  {
    type: FailedEventRef,
    name: 'FailedEventConnection',
    fields: (t) => ({ total: t.int({ resolve: (page) => (page as unknown as { total: number }).total }) }),
  },
  { name: 'FailedEventEdge' },
)

const FailedEventFilter = builder.inputType('FailedEventFilter', {
  fields: (t) => ({
    state: t.field({ type: FailedStateEnum }),
    reason: t.string(),
    channel: t.field({ type: ChannelEnum }),
    accountId: t.id(),
    from: t.field({ type: 'DateTime', description: 'first seen at or after' }),
    to: t.field({ type: 'DateTime', description: 'first seen before' }),
  }),
})
type FilterAsked = typeof FailedEventFilter.$inferInput

async function filterOf(here: Here | null, asked: FilterAsked | null | undefined): Promise<FailedFilter> {
  const { state, reason, channel, accountId, from, to } = asked ?? {}
  if (accountId && !here) throw invalid('filter.accountId', 'What belongs to nobody came through no account.')
  return {
    ...(state ? { state } : {}),
    ...(reason ? { reason } : {}),
    ...(channel ? { channel } : {}),
    ...(here && accountId ? { accountId: (await requireAccount(here.loaders, accountId)).id } : {}),
    ...(typeof from === 'number' ? { from: new Date(from) } : {}),
    ...(typeof to === 'number' ? { to: new Date(to) } : {}),
  }
}

const position = z.tuple([z.int(), z.uuid()])

type Tx = <T>(fn: (sql: StoreTransaction) => Promise<T>) => Promise<T>

async function failedPage(
  tx: Tx,
  businessId: string | null,
  { filter, first, after }: { filter: FailedFilter; first: number; after: string | null | undefined },
): Promise<Page<FailedShape> & { total: number }> {
  const [seenAt, id] = decodeCursor(after, position) ?? []
  const cursor = seenAt === undefined || id === undefined ? null : { firstSeenAt: new Date(seenAt), id }
  const { events, hasMore, total } = await tx((sql) =>
    listFailedEvents(sql, businessId, { filter, first, after: cursor }),
  )
  const ends = { hasNextPage: hasMore, hasPreviousPage: cursor !== null }
  const page = pageOf(events.map(shapeOf), ends, (event) => encodeCursor([event.firstSeenAt.getTime(), event.id]))
  return { ...page, total }
}

function shapeOf(event: FailedEventRecord): FailedShape {
  return { ...event, businessId: event.businessId ?? '' }
}

builder.objectField(BusinessRef, 'failedEvents', (t) =>
  t.field({
    type: FailedEventConnection,
    description: 'Elements that could not be taken in, newest first. At most 20 000 are kept, settled ones go first.',
    authScopes: can('analytics.read'),
    complexity: ({ first }) => ({ field: 10, multiplier: first ?? 50 }),
    args: {
      filter: t.arg({ type: FailedEventFilter }),
      first: t.arg.int({ defaultValue: 50 }),
      after: t.arg.string(),
    },
    resolve: async (here, { filter, first, after }) =>
      failedPage(here.db.tx, here.businessId, {
        filter: await filterOf(here, filter),
        first: pageSize(first, 50),
        after,
      }),
  }),
)

builder.queryField('unroutedFailedEvents', (t) =>
  t.field({
    type: FailedEventConnection,
    description: 'Bodies that were signed by a shared Meta app and name no account: for the operator.',
    authScopes: operatorOnly,
    complexity: ({ first }) => ({ field: 10, multiplier: first ?? 50 }),
    args: {
      filter: t.arg({ type: FailedEventFilter }),
      first: t.arg.int({ defaultValue: 50 }),
      after: t.arg.string(),
    },
    resolve: async (_root, { filter, first, after }, { worker }) =>
      failedPage(worker.tx, null, { filter: await filterOf(null, filter), first: pageSize(first, 50), after }),
  }),
)

/** Where a change is made: in a business by its own rules, or by the operator in what belongs to nobody. */
async function placeOf(context: ApiContext, businessId: string | null | undefined) {
  if (context.viewer.kind === 'operator' && !businessId)
    return { here: null, businessId: null, tx: context.worker.tx as Tx }
  const here = await context.open(targetBusiness(context.viewer, businessId))
  return { here, businessId: here.businessId, tx: here.db.tx as Tx }
}

builder.mutationField('replayFailedEvent', (t) =>
  t.field({
    type: ReplayRef,
    description:
      'Reads a failed event again, as it came or with a corrected payload. Replaying twice stores nothing twice. The answer is the replay just begun: ask for business.replay(id) until it is finished.',
    authScopes: canInOrOperator('event.write'),
    args: { id: t.arg.id({ required: true }), payload: t.arg.string(), businessId: t.arg.id() },
    async resolve(_root, { id, payload, businessId }, context) {
      const place = await placeOf(context, businessId)
      const corrected = typeof payload === 'string' ? requirePayload(payload) : null
      return place.tx(async (sql) => {
        const event = isUuid(id) ? await findFailedEvent(sql, place.businessId, id) : null
        if (!event) throw notFound('failed event')
        if (corrected !== null && event.state === 'replayed') {
          throw apiError('CONFLICT', 'This event has been stored: it can be replayed, but no longer corrected.', {
            field: 'payload',
          })
        }
        const of = { id: event.id, corrected }
        return requestReplay(sql, {
          businessId: place.businessId,
          by: actorOf(context.viewer),
          at: new Date(context.now),
          of,
        })
      })
    },
  }),
)

function requirePayload(payload: string): string {
  if (payload.trim() === '') throw invalid('payload', 'This must not be empty.')
  if (payload.length > payloadCharactersMax) throw invalid('payload', `At most ${payloadCharactersMax} characters.`)
  if (payload.includes('\u0000')) throw invalid('payload', 'This must not contain the character NUL.')
  return payload
}

builder.mutationField('replayFailedEvents', (t) =>
  t.field({
    type: ReplayRef,
    description: 'Reads again all failed events that match and are open (or of the state named, except replayed).',
    authScopes: canInOrOperator('event.write'),
    args: { filter: t.arg({ type: FailedEventFilter }), businessId: t.arg.id() },
    async resolve(_root, { filter, businessId }, context) {
      const place = await placeOf(context, businessId)
      const of = { filter: await filterOf(place.here, filter) }
      const request = { businessId: place.businessId, by: actorOf(context.viewer), at: new Date(context.now), of }
      return place.tx((sql) => requestReplay(sql, request))
    },
  }),
)

builder.mutationField('dismissFailedEvent', (t) =>
  t.field({
    type: FailedEventRef,
    description: 'Settles a failed event without storing it. It stays in the list and can still be replayed.',
    authScopes: canInOrOperator('event.write'),
    args: { id: t.arg.id({ required: true }), businessId: t.arg.id() },
    async resolve(_root, { id, businessId }, context) {
      const place = await placeOf(context, businessId)
      if (!isUuid(id)) throw notFound('failed event')
      return place.tx(async (sql) => {
        const by = { id, by: actorOf(context.viewer), at: new Date(context.now) }
        const outcome = await dismissFailedEvent(sql, place.businessId, by)
        const event = await findFailedEvent(sql, place.businessId, id)
        if (outcome === 'not_found' || !event) throw notFound('failed event')
        if (outcome === 'queued') throw apiError('CONFLICT', 'A replay of this event is under way.')
        if (outcome === 'replayed') throw apiError('CONFLICT', 'This event has been stored already.')
        return shapeOf(event)
      })
    },
  }),
)
