/** The same waits told apart: by channel, by account, by the app an answer came from. */
import { responseGroups } from '@fidelio/db/queries/response-groups.ts'
import type { ResponseGroup } from '@fidelio/db/queries/response-types.ts'
import { builder, can, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { ResponderEnum, ResponseClockEnum, ResponseGroupByEnum, ResponseKindEnum } from './enums.ts'
import { FilterInput, filterOf, PeriodInput, periodOf } from './filter.ts'

const ResponseGroupRef = builder.objectRef<ResponseGroup & { name: string | null }>('ResponseGroup').implement({
  description: 'n = answered + waiting + abandoned; over all groups they add up to the waits of the period.',
  authScopes: reached,
  fields: (t) => ({
    key: t.exposeString('key', {
      description: 'channel, id of the account, or id of the app; empty for waits no app has answered',
    }),
    name: t.exposeString('name', { nullable: true, description: 'of the account' }),
    n: t.exposeInt('n', { description: 'rows: waits with a filter of this channel or account, or with app' }),
    answered: t.exposeInt('answered'),
    waiting: t.exposeInt('waiting'),
    abandoned: t.exposeInt('abandoned'),
    median: t.exposeFloat('median', { nullable: true, description: 'as in responseTimes, with 95 % limits' }),
    medianLow: t.exposeFloat('medianLow', { nullable: true }),
    medianHigh: t.exposeFloat('medianHigh', { nullable: true }),
    p90: t.exposeFloat('p90', { nullable: true, description: 'null below ten waits' }),
    answeredIn15Min: t.exposeInt('answeredIn15Min'),
    within15Min: t.exposeFloat('within15Min', {
      description: 'share answered in 15 min, estimated with those waiting',
    }),
    within15MinLow: t.exposeFloat('within15MinLow'),
    within15MinHigh: t.exposeFloat('within15MinHigh'),
  }),
})

builder.objectField(BusinessRef, 'responseGroups', (t) =>
  t.field({
    type: [ResponseGroupRef],
    description: 'Waits by channel, account or answering app, those with the most waits first; at most 200.',
    authScopes: can('analytics.read'),
    complexity: { field: 50, multiplier: 10 },
    args: {
      period: t.arg({ type: PeriodInput, required: true }),
      by: t.arg({ type: ResponseGroupByEnum, defaultValue: 'account' }),
      kind: t.arg({ type: ResponseKindEnum, defaultValue: 'first' }),
      responder: t.arg({ type: ResponderEnum, defaultValue: 'human' }),
      clock: t.arg({ type: ResponseClockEnum, defaultValue: 'elapsed' }),
      filter: t.arg({ type: FilterInput }),
    },
    resolve: async (here, args, { now }) => {
      const by = args.by ?? 'account'
      const groups = await responseGroups(here.db, {
        timeZone: here.record.timeZone,
        now,
        period: periodOf(args.period),
        by,
        kind: args.kind ?? 'first',
        responder: args.responder ?? 'human',
        clock: args.clock ?? 'elapsed',
        filter: await filterOf(here, args.filter),
      })
      const accounts = by === 'account' ? await here.loaders.accounts() : []
      return groups.map((group) => ({
        ...group,
        key: by === 'account' ? `ChannelAccount:${group.key}` : group.key,
        name: accounts.find((account) => account.id === group.key)?.name ?? null,
      }))
    },
  }),
)
