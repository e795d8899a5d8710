import type {
  RetentionEntry,
  RetentionOptionsInput,
  RetentionPeriod,
  RetentionReturn,
} from '../../generated/graphql.ts'

/** What customers may have done; beside these, events of the business's own, as `custom:<name>`. */
export const activities = [
  'message.received',
  'order.created',
  'order.paid',
  'postback',
  'reaction',
  'referral',
  'active',
] as const
export type KnownActivity = (typeof activities)[number]
export type Activity = KnownActivity | `custom:${string}`

const customNameMax = 128

/** How far a return "within" looks beyond its own interval, and the brackets, for each length of an interval. */
export const horizons = { DAY: 6, WEEK: 3, MONTH: 2 } as const
export const brackets = { DAY: [1, 3, 7, 14, 30], WEEK: [1, 4, 8, 13], MONTH: [1, 3, 6, 12] } as const

export type RetentionSearch = {
  /** left out: by week */
  grain?: 'day' | 'month'
  /** left out: from Monday */
  ws?: 'sunday'
  /** left out: people enter with their first matching activity only */
  entry?: 'recurring' | 'ever'
  /** left out: in exactly that interval */
  ret?: 'after' | 'within' | 'brackets'
  /** left out: writing */
  act?: Activity
  /** left out: the same as they entered with */
  back?: Activity
  /** left out: once */
  min?: 2 | 3 | 5
  /** left out: the calendar's intervals */
  clock?: 'rolling'
  /** left out: all together */
  by?: 'channel' | 'campaign'
}

export function readRetentionSearch(raw: Record<string, unknown>): RetentionSearch {
  const act = activityOf(raw.act)
  const back = activityOf(raw.back)
  const min = ([2, 3, 5] as const).find((each) => each === Number(raw.min))
  return {
    ...(raw.grain === 'day' || raw.grain === 'month' ? { grain: raw.grain } : {}),
    ...(raw.ws === 'sunday' ? { ws: 'sunday' as const } : {}),
    ...(raw.entry === 'recurring' || raw.entry === 'ever' ? { entry: raw.entry } : {}),
    ...(raw.ret === 'after' || raw.ret === 'within' || raw.ret === 'brackets' ? { ret: raw.ret } : {}),
    ...(act === undefined || act === 'message.received' ? {} : { act }),
    ...(back === undefined ? {} : { back }),
    ...(min === undefined ? {} : { min }),
    ...(raw.clock === 'rolling' ? { clock: 'rolling' as const } : {}),
    ...(raw.by === 'channel' || raw.by === 'campaign' ? { by: raw.by } : {}),
  }
}

function activityOf(raw: unknown): Activity | undefined {
  if (typeof raw !== 'string') return undefined
  const name = customName(raw)
  if (name !== null) return name === '' || name.length > customNameMax ? undefined : `custom:${name}`
  return activities.find((each) => each === raw)
}

/** The business's own name of an event; null for the activities everybody has. */
export function customName(activity: string): string | null {
  return activity.startsWith('custom:') ? activity.slice('custom:'.length) : null
}

export type RetentionQuestion = {
  grain: RetentionPeriod
  entry: RetentionEntry
  return: RetentionReturn
  activity: Activity
  options: RetentionOptionsInput
}

const entries = { recurring: 'RECURRING', ever: 'FIRST_EVER' } as const
const returns = { after: 'ON_OR_AFTER', within: 'BOUNDED', brackets: 'BRACKET' } as const

export function questionOf(search: RetentionSearch): RetentionQuestion {
  const grain = search.grain === 'day' ? 'DAY' : search.grain === 'month' ? 'MONTH' : 'WEEK'
  const back = search.ret === undefined ? 'ON' : returns[search.ret]
  const activity = search.act ?? 'message.received'
  return {
    grain,
    entry: search.entry === undefined ? 'FIRST_MATCHING' : entries[search.entry],
    return: back,
    activity,
    options: {
      ...(search.ws === 'sunday' ? { weekStart: 'SUNDAY' } : {}),
      // Where "or later" ends would differ for every member: there it stays with the calendar.
      ...(search.clock === 'rolling' && back !== 'ON_OR_AFTER' ? { timing: 'ROLLING' } : {}),
      ...(search.back === undefined || search.back === activity ? {} : { returnActivity: search.back }),
      ...(search.min === undefined ? {} : { minOccurrences: search.min }),
      ...(back === 'BOUNDED' ? { horizon: horizons[grain] } : {}),
      ...(back === 'BRACKET' ? { brackets: [...brackets[grain]] } : {}),
      ...(search.by === undefined ? {} : { breakdown: search.by === 'channel' ? 'CHANNEL' : 'CAMPAIGN' }),
    },
  }
}
