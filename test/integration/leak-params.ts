/** Parameters for any named query, from the shape it declares: wide enough to find rows, and naming the other business's things. */

import { indexOfLocalDate } from '@fidelio/core/interval-index.ts'
import type { Query } from '@fidelio/db/clickhouse/query.ts'
import type { z } from 'zod'
import { type LookAlike, people } from './leak-world.ts'

const dayMs = 86_400_000

/** One set per value of the enums that change the question most, so that each of its branches is walked. */
export function paramsOf(
  query: Query<Record<string, unknown>, unknown>,
  subject: LookAlike,
  now: Date,
): Record<string, unknown>[] {
  const { shape } = query.params as unknown as z.ZodObject
  return [false, true].map((flag) =>
    Object.fromEntries(
      Object.entries(shape).map(([name, type]) => [name, valueFor(name, type as z.ZodType, subject, now, flag)]),
    ),
  )
}

function valueFor(name: string, type: z.ZodType, subject: LookAlike, now: Date, flag: boolean): unknown {
  const today = indexOfLocalDate(now.toISOString().slice(0, 10), 'day', { zone: 'UTC', weekStart: 'monday' })
  const bare = (kind: string) => (subject.ids[kind] ?? '').replace(/^\w+:/, '')
  const byName: Record<string, unknown> = {
    account_id: flag ? bare('account') : type.safeParse('').success ? '' : bare('account'),
    contact_id: 1,
    contact_ids: Array.from({ length: people }, (_, index) => index + 1),
    campaign_ids: [bare('campaign')],
    window_days: [30],
    every_contact: true,
    row_id: bare('event'),
    time_zone: 'UTC',
    limit: 100,
    offset: 0,
    hours: 1000,
    z: 1.96,
    first: today - 20,
    last: today,
    first_day: new Date(now.getTime() - 20 * dayMs).toISOString().slice(0, 10),
    horizon: today,
    last_return: today,
    columns: 5,
    activity: 'message.received',
    start_kind: 'message.received',
    return_kind: 'message.received',
    froms: [1, 2],
    tos: [1, today],
    window_ms: dayMs,
    occurrences: 1,
    statuses: ['accepted', 'holdout', 'excluded'],
    edges: [60, 300],
    ms_from: 0,
    ms_to: Number.MAX_SAFE_INTEGER,
    hour: 24,
    inserted_at: new Date(0),
    before: new Date(now.getTime() + dayMs),
    messages_min: 0,
    orders_min: 0,
    ordered_recently: flag ? 1 : 0,
    not_ordered_after: now,
    arm: 'treatment',
    from: new Date(now.getTime() - 30 * dayMs),
    to: new Date(now.getTime() + dayMs),
  }
  const def = type.def as { type: string; entries?: Record<string, string> }
  if (name in byName && type.safeParse(byName[name]).success) return byName[name]
  if (def.type === 'date')
    return name === 'now' || name === 'at' || name === 'to' ? now : new Date(now.getTime() - 30 * dayMs)
  if (def.type === 'boolean') return flag
  if (def.type === 'number') return 0
  if (def.type === 'enum') return Object.values(def.entries ?? {})[flag ? 1 : 0] ?? Object.values(def.entries ?? {})[0]
  if (def.type === 'array') return []
  if (name === 'from' || name === 'to') {
    const day = name === 'from' ? new Date(now.getTime() - 30 * dayMs) : now
    return day.toISOString().slice(0, 10)
  }
  return ''
}
