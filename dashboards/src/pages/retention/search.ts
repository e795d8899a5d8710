import type { RetentionEntry, RetentionPeriod, RetentionReturn } from '../../generated/graphql.ts'

/** Activities a cohort may be about: what the activity calendars hold. */
export const activities = ['message.received', 'order.created', 'postback', 'reaction'] as const
export type Activity = (typeof activities)[number]

export type RetentionSearch = {
  /** left out: by week */
  grain?: 'day' | 'month'
  /** left out: people enter with their first matching activity only */
  entry?: 'recurring'
  /** left out: in exactly that interval */
  ret?: 'after'
  /** left out: writing */
  act?: Activity
}

export function readRetentionSearch(raw: Record<string, unknown>): RetentionSearch {
  const activity = activities.find((each) => each === raw.act)
  return {
    ...(raw.grain === 'day' || raw.grain === 'month' ? { grain: raw.grain } : {}),
    ...(raw.entry === 'recurring' ? { entry: 'recurring' as const } : {}),
    ...(raw.ret === 'after' ? { ret: 'after' as const } : {}),
    ...(activity === undefined || activity === 'message.received' ? {} : { act: activity }),
  }
}

export type RetentionQuestion = {
  grain: RetentionPeriod
  entry: RetentionEntry
  return: RetentionReturn
  activity: Activity
}

export function questionOf(search: RetentionSearch): RetentionQuestion {
  return {
    grain: search.grain === 'day' ? 'DAY' : search.grain === 'month' ? 'MONTH' : 'WEEK',
    entry: search.entry === 'recurring' ? 'RECURRING' : 'FIRST_MATCHING',
    return: search.ret === 'after' ? 'ON_OR_AFTER' : 'ON',
    activity: search.act ?? 'message.received',
  }
}
