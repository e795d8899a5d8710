/** Replays: who asked for them, how far they are, and what they added. */
import { countParkedFor, listParkedAccounts, type ParkedAccount } from '@fidelio/db/records/parked-events.ts'
import { findReplay, listReplays, type ReplayRecord } from '@fidelio/db/records/replays.ts'
import { notFound } from '../errors.ts'
import { isUuid } from '../ids.ts'
import { pageSize } from '../paging.ts'
import { replaySentence } from '../replay-sentences.ts'
import { ChannelAccountRef } from './account.ts'
import { builder, can, operatorOnly, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { ChannelEnum, LocaleEnum, ReplayKindEnum } from './enums.ts'

export const ReplayRef = builder.objectRef<ReplayRecord>('Replay').implement({
  description: 'One replay of failed or parked events. It is over when finishedAt is set; ask again until then.',
  authScopes: reached,
  fields: (t) => ({
    id: t.exposeID('id'),
    kind: t.expose('kind', { type: ReplayKindEnum }),
    account: t.field({
      type: ChannelAccountRef,
      nullable: true,
      description: 'parked: the account that was connected',
      resolve: async ({ businessId, accountId }, _args, context) =>
        businessId === null || accountId === null
          ? null
          : (await context.open(businessId)).loaders.account.load(accountId),
    }),
    requestedBy: t.exposeString('requestedBy', { description: 'who asked for it; empty when it began by itself' }),
    requestedAt: t.field({ type: 'DateTime', resolve: (replay) => replay.requestedAt.getTime() }),
    finishedAt: t.field({ type: 'DateTime', nullable: true, resolve: (replay) => replay.finishedAt?.getTime() }),
    matched: t.exposeInt('matched', { description: 'entries asked for' }),
    done: t.exposeInt('done', { description: 'entries worked off' }),
    failed: t.exposeInt('failed', { description: 'of these, entries that failed again' }),
    storedEvents: t.exposeInt('storedEvents', { description: 'events added' }),
    knownEvents: t.exposeInt('knownEvents', { description: 'events that were stored already and were left alone' }),
    sentence: t.string({
      args: { locale: t.arg({ type: LocaleEnum, defaultValue: 'en' }) },
      resolve: (replay, { locale }) => replaySentence(replay, locale ?? 'en'),
    }),
  }),
})

builder.objectFields(BusinessRef, (t) => ({
  replays: t.field({
    type: [ReplayRef],
    description: 'The newest replays, newest first.',
    authScopes: can('analytics.read'),
    complexity: ({ first }) => ({ field: 5, multiplier: first ?? 10 }),
    args: { first: t.arg.int({ defaultValue: 10 }) },
    resolve: (here, { first }) => here.db.tx((sql) => listReplays(sql, here.businessId, pageSize(first, 10))),
  }),
  replay: t.field({
    type: ReplayRef,
    description: 'One replay, to follow it.',
    authScopes: can('analytics.read'),
    args: { id: t.arg.id({ required: true }) },
    resolve: async (here, { id }) => {
      const replay = isUuid(id) ? await here.db.tx((sql) => findReplay(sql, here.businessId, id)) : null
      if (!replay) throw notFound('replay')
      return replay
    },
  }),
}))

const EarlierEventsRef = builder
  .objectRef<{ waitingEntries: number; replay: ReplayRecord | null }>('EarlierEvents')
  .implement({
    description: 'What had come for an account before it was connected.',
    authScopes: reached,
    fields: (t) => ({
      waitingEntries: t.exposeInt('waitingEntries', { description: 'entries still to be stored; a moment later, 0' }),
      replay: t.field({
        type: ReplayRef,
        nullable: true,
        description: 'null when nothing had come',
        resolve: ({ replay }) => replay,
      }),
    }),
  })

builder.objectField(ChannelAccountRef, 'earlierEvents', (t) =>
  t.field({
    type: EarlierEventsRef,
    complexity: { field: 10 },
    resolve: async ({ id, businessId }, _args, context) => {
      const { db } = await context.open(businessId)
      const [waitingEntries, replays] = await Promise.all([
        context.worker.tx((sql) => countParkedFor(sql, id)),
        db.tx((sql) => listReplays(sql, businessId, 1, id)),
      ])
      return { waitingEntries, replay: replays[0] ?? null }
    },
  }),
)

const ParkedAccountRef = builder.objectRef<ParkedAccount>('ParkedAccount').implement({
  description: 'An account that nobody has connected, or that another Meta app signs for.',
  authScopes: reached,
  fields: (t) => ({
    channel: t.expose('channel', { type: ChannelEnum }),
    externalId: t.exposeString('externalId'),
    entries: t.exposeInt('entries', { description: 'deliveries kept; they are stored when the account is connected' }),
    metaAppName: t.exposeString('metaAppName', { nullable: true, description: 'the app that signed the newest' }),
    oldestAt: t.field({ type: 'DateTime', resolve: (parked) => parked.oldestAt.getTime() }),
    newestAt: t.field({ type: 'DateTime', resolve: (parked) => parked.newestAt.getTime() }),
  }),
})

builder.queryField('parkedAccounts', (t) =>
  t.field({
    type: [ParkedAccountRef],
    description: 'Accounts whose events are parked, last heard of first. They belong to no business: for the operator.',
    authScopes: operatorOnly,
    complexity: { field: 50 },
    args: { first: t.arg.int({ defaultValue: 50 }) },
    resolve: (_root, { first }, { worker }) => worker.tx((sql) => listParkedAccounts(sql, pageSize(first, 50))),
  }),
)
