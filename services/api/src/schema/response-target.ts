/** The promised time to a first answer: set, judged, and who is due; and Meta's badge beside it. */
import type { Language } from '@fidelio/core/metric.ts'
import { rate } from '@fidelio/core/proportion.ts'
import { localDate } from '@fidelio/core/time.ts'
import { metaBadges } from '@fidelio/db/queries/meta-badge.ts'
import { dueWaits, targetKept } from '@fidelio/db/queries/response-target.ts'
import type { AccountBadge, DueWait, TargetKept } from '@fidelio/db/queries/response-types.ts'
import {
  listResponseTargets,
  type ResponseTargetRecord,
  setResponseTarget,
} from '@fidelio/db/records/business-hours.ts'
import { targetBusiness } from '../context.ts'
import { invalid } from '../errors.ts'
import { requireWithin } from '../input.ts'
import { pageSize } from '../paging.ts'
import { badgeSentence, targetSentence } from '../response-sentences.ts'
import { ChannelAccountRef } from './account.ts'
import { builder, can, canIn, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { ContactRef, loadContact } from './contact.ts'
import { ConversationRef } from './conversation-ref.ts'
import { LocaleEnum, ResponseClockEnum } from './enums.ts'
import { FilterInput, filterOf, PeriodInput, periodOf } from './filter.ts'

const withinSecondsMin = 60
const withinSecondsMax = 30 * 86_400

const ResponseTargetRef = builder.objectRef<ResponseTargetRecord>('ResponseTarget').implement({
  description: 'What a business promises for waits that begin from a day on.',
  authScopes: reached,
  fields: (t) => ({
    validFrom: t.expose('validFrom', { type: 'Date' }),
    withinSeconds: t.exposeInt('withinSeconds', { nullable: true, description: 'null: no promise from this day on' }),
    clock: t.expose('clock', { type: ResponseClockEnum }),
  }),
})

const TargetKeptRef = builder.objectRef<TargetKept & { lang: Language }>('TargetKept').implement({
  description:
    'First waits beside the promise of the day they began: kept + breached + running + left + free = all of them. Rows: waits_target with the stage kept, breached, running, left or free.',
  authScopes: reached,
  fields: (t) => ({
    current: t.expose('current', { type: ResponseTargetRef, nullable: true, description: 'the promise of today' }),
    kept: t.exposeInt('kept', { description: 'answered by a person in time' }),
    breached: t.exposeInt('breached', { description: 'more time has passed than was promised, answered or not' }),
    running: t.exposeInt('running', { description: 'waiting, and still in time' }),
    left: t.exposeInt('left', { description: 'gave up before the answer was due' }),
    free: t.exposeInt('free', { description: 'nothing was promised that day' }),
    share: t.float({
      nullable: true,
      description: 'kept / (kept + breached), with its 95 % interval (Wilson)',
      resolve: ({ kept, breached }) => rate(kept, kept + breached).value,
    }),
    low: t.float({ nullable: true, resolve: ({ kept, breached }) => rate(kept, kept + breached).lower }),
    high: t.float({
      nullable: true,
      resolve: ({ kept, breached }) => rate(kept, kept + breached).upper,
    }),
    sentence: t.string({ resolve: (target) => targetSentence(target, target.lang) }),
  }),
})

const DueWaitRef = builder.objectRef<DueWait & { businessId: string }>('DueWait').implement({
  description: 'Somebody who waits for a promised first answer.',
  authScopes: reached,
  fields: (t) => ({
    conversation: t.field({
      type: ConversationRef,
      resolve: async (wait, _args, context) => {
        const here = await context.open(wait.businessId)
        const thread = await here.loaders.thread.load({ accountId: wait.accountId, contactId: wait.contactId })
        // Threads are derived a moment after spells: what the wait knows stands in for the row that is on its way.
        const known = {
          accountId: wait.accountId,
          contactId: wait.contactId,
          lastMessageAt: wait.openedAt,
          lastText: '',
          lastRole: 'customer',
          waitingSince: wait.openedAt,
          messageCount: wait.burst,
        }
        return { ...(thread ?? known), businessId: wait.businessId }
      },
    }),
    contact: t.field({
      type: ContactRef,
      resolve: async (wait, _args, context) => loadContact(await context.open(wait.businessId), wait.contactId),
    }),
    openedAt: t.expose('openedAt', { type: 'DateTime' }),
    dueAt: t.expose('dueAt', { type: 'DateTime' }),
    breached: t.exposeBoolean('breached'),
    leftSeconds: t.exposeFloat('leftSeconds', {
      description: 'left on the clock of the promise; negative when overdue',
    }),
  }),
})

const MetaBadgeRef = builder
  .objectRef<AccountBadge & { businessId: string; lang: Language; timeZone: string }>('MetaBadge')
  .implement({
    description:
      'Meta’s “very responsive” badge of a Page as its help describes it: first messages after 24 h of silence in seven local days, at least 90 % answered, and the fastest 90 % of the answers in 15 min on average. Automatic replies do not count.',
    authScopes: reached,
    fields: (t) => ({
      account: t.field({
        type: ChannelAccountRef,
        nullable: true,
        resolve: async (badge, _args, context) => {
          const here = await context.open(badge.businessId)
          return (await here.loaders.accounts()).find((account) => account.id === badge.accountId) ?? null
        },
      }),
      from: t.expose('from', { type: 'Date' }),
      to: t.expose('to', { type: 'Date' }),
      messages: t.exposeInt('messages', { description: 'rows: waits with a filter of this account' }),
      answered: t.exposeInt('answered'),
      waiting: t.exposeInt('waiting'),
      responseSeconds: t.exposeFloat('responseSeconds', {
        nullable: true,
        description: 'mean of the fastest nine in ten answers',
      }),
      median: t.exposeFloat('median', { nullable: true, description: 'of the same waits, nobody left out' }),
      held: t.exposeBoolean('held'),
      answerNow: t.exposeInt('answerNow', { description: 'the fewest of those who wait whose answers regain it' }),
      answerBy: t.expose('answerBy', {
        type: 'DateTime',
        nullable: true,
        description: 'the latest moment today for them',
      }),
      newFast: t.exposeInt('newFast', {
        nullable: true,
        description: 'the fewest new conversations to answer within 5 min besides; null: too many to name',
      }),
      sentence: t.string({ resolve: (badge) => badgeSentence(badge, badge.lang, badge.timeZone) }),
    }),
  })

builder.objectFields(BusinessRef, (t) => ({
  responseTargets: t.field({
    type: [ResponseTargetRef],
    description: 'Newest first.',
    resolve: (here) => here.db.tx((sql) => listResponseTargets(sql, here.businessId)),
  }),
  targetKept: t.field({
    type: TargetKeptRef,
    authScopes: can('analytics.read'),
    complexity: { field: 50 },
    args: {
      period: t.arg({ type: PeriodInput, required: true }),
      filter: t.arg({ type: FilterInput }),
      locale: t.arg({ type: LocaleEnum, defaultValue: 'en' }),
    },
    resolve: async (here, { period, filter, locale }, { now }) => ({
      ...(await targetKept(here.db, {
        timeZone: here.record.timeZone,
        now,
        period: periodOf(period),
        filter: await filterOf(here, filter),
      })),
      lang: locale ?? 'en',
    }),
  }),
  dueWaits: t.field({
    type: [DueWaitRef],
    description: 'Who waits for a promised first answer, what is due first on top.',
    authScopes: can('analytics.read'),
    complexity: { field: 20, multiplier: 10 },
    args: { first: t.arg.int({ defaultValue: 20 }), filter: t.arg({ type: FilterInput }) },
    resolve: async (here, { first, filter }, { now }) => {
      const waits = await dueWaits(here.db, {
        timeZone: here.record.timeZone,
        now,
        filter: await filterOf(here, filter),
        first: pageSize(first, 20),
      })
      return waits.map((wait) => ({ ...wait, businessId: here.businessId }))
    },
  }),
  metaBadges: t.field({
    type: [MetaBadgeRef],
    authScopes: can('analytics.read'),
    complexity: { field: 50 },
    args: { locale: t.arg({ type: LocaleEnum, defaultValue: 'en' }) },
    resolve: async (here, { locale }, { now }) => {
      const { timeZone } = here.record
      const badges = await metaBadges(here.db, { timeZone, now })
      return badges.map((badge) => ({ ...badge, businessId: here.businessId, lang: locale ?? 'en', timeZone }))
    },
  }),
}))

const ResponseTargetInput = builder.inputType('ResponseTargetInput', {
  fields: (t) => ({
    businessId: t.id(),
    validFrom: t.field({ type: 'Date', description: 'today when left out; days that are over keep their promise' }),
    withinSeconds: t.int({ description: '60 to 2 592 000; left out: nothing is promised any more' }),
    clock: t.field({ type: ResponseClockEnum, defaultValue: 'business_hours' }),
  }),
})

builder.mutationField('setResponseTarget', (t) =>
  t.field({
    type: BusinessRef,
    description: 'Promises a first answer within a time, for waits that begin from a day on.',
    authScopes: canIn('settings.write'),
    args: { input: t.arg({ type: ResponseTargetInput, required: true }) },
    async resolve(_root, { input }, context) {
      const here = await context.open(targetBusiness(context.viewer, input.businessId))
      const today = localDate(context.now, here.record.timeZone)
      const target = {
        validFrom: input.validFrom ?? today,
        withinSeconds:
          input.withinSeconds == null
            ? null
            : requireWithin('input.withinSeconds', input.withinSeconds, withinSecondsMin, withinSecondsMax),
        clock: input.clock ?? ('business_hours' as const),
      }
      const outcome = await here.db.tx((sql) => setResponseTarget(sql, here.businessId, target, today))
      if (outcome === 'past')
        throw invalid('input.validFrom', 'Days that are over keep their promise. Choose today or a later day.')
      return here
    },
  }),
)
