import { channels } from '@fidelio/core/event.ts'
import { builder } from './builder.ts'

/** GraphQL speaks in capitals, the product in its own words: `MESSENGER` is 'messenger' everywhere else. */
function words<const W extends string>(list: readonly W[]): Record<string, { value: W }> {
  return Object.fromEntries(list.map((word) => [word.toUpperCase(), { value: word }]))
}

export const RoleEnum = builder.enumType('Role', {
  values: words(['owner', 'marketer', 'executive', 'adviser', 'developer'] as const),
})
export const ChannelEnum = builder.enumType('Channel', {
  values: words(channels),
})
export const LocaleEnum = builder.enumType('Locale', { values: words(['en', 'fr'] as const) })
export const MetricStateEnum = builder.enumType('MetricState', {
  values: words(['complete', 'provisional', 'not_yet'] as const),
})
export const CompareEnum = builder.enumType('Compare', {
  values: words(['previous_period', 'previous_year', 'none'] as const),
})
export const DirectionEnum = builder.enumType('Direction', { values: words(['up', 'down'] as const) })
export const UnitEnum = builder.enumType('Unit', {
  values: words(['people', 'seconds', 'ratio', 'orders', 'messages', 'money', 'count'] as const),
})
export const SpellOutcomeEnum = builder.enumType('SpellOutcome', {
  values: words(['answered', 'waiting', 'abandoned'] as const),
})
export const ResponseKindEnum = builder.enumType('ResponseKind', { values: words(['first', 'next'] as const) })
export const ResponseGroupByEnum = builder.enumType('ResponseGroupBy', {
  values: words(['channel', 'account', 'app'] as const),
})
export const ResponseClockEnum = builder.enumType('ResponseClock', {
  description:
    'ELAPSED: by the wall. BUSINESS_HOURS: only while the business was open, by the hours valid on each day.',
  values: words(['elapsed', 'business_hours'] as const),
})
export const ResponderEnum = builder.enumType('Responder', {
  description: 'HANDOFF: waits in which a bot had answered, from its first answer until a person’s.',
  values: words(['human', 'bot', 'handoff'] as const),
})
export const RetentionPeriodEnum = builder.enumType('RetentionPeriod', {
  values: words(['day', 'week', 'month'] as const),
})
export const RetentionEntryEnum = builder.enumType('RetentionEntry', {
  values: words(['recurring', 'first_matching', 'first_ever'] as const),
})
export const RetentionReturnEnum = builder.enumType('RetentionReturn', {
  values: words(['on', 'on_or_after', 'bounded', 'bracket'] as const),
})
export const RetentionTimingEnum = builder.enumType('RetentionTiming', {
  description:
    'CALENDAR: intervals of the business’s calendar. ROLLING: windows of 24 hours (a week 7, a month 30 of them) since the start.',
  values: words(['calendar', 'rolling'] as const),
})
export const RetentionBreakdownEnum = builder.enumType('RetentionBreakdown', {
  description:
    'Of the start with which somebody entered. CHANNEL: its own. CAMPAIGN: whether one had been sent to the person before it.',
  values: words(['channel', 'campaign'] as const),
})
export const WeekStartEnum = builder.enumType('WeekStart', { values: words(['monday', 'sunday'] as const) })
export const CampaignStatusEnum = builder.enumType('CampaignStatus', {
  values: words(['draft', 'scheduled', 'planning', 'sending', 'done', 'cancelled', 'held', 'missed'] as const),
})
export const SendStatusEnum = builder.enumType('SendStatus', {
  values: words([
    'excluded',
    'holdout',
    'planned',
    'claimed',
    'sending',
    'accepted',
    'rejected',
    'unknown',
    'unknown_final',
    'withdrawn',
    'held',
  ] as const),
})
export const ConsentActionEnum = builder.enumType('ConsentAction', { values: words(['granted', 'revoked'] as const) })
export const ViewerKindEnum = builder.enumType('ViewerKind', { values: words(['person', 'key', 'operator'] as const) })
export const FailedStateEnum = builder.enumType('FailedState', {
  values: words(['open', 'replayed', 'dismissed'] as const),
})
export const ReplayKindEnum = builder.enumType('ReplayKind', {
  values: words(['failed', 'parked', 'rebuild'] as const),
})
