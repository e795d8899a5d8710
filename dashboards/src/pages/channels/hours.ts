import type { CountedHourFragment } from '../../generated/graphql.ts'

/** What can become of what reaches the door, from best to worst: the order of the bars, the legend and the table. */
export const outcomes = ['accepted', 'deferred', 'dropped', 'failed', 'refused'] as const
export type Outcome = (typeof outcomes)[number]
export type Hour = { hour: string } & Record<Outcome, number>

const hourMs = 3_600_000
const hoursShown = 24

/** The last 24 hours, oldest first; hours in which nothing came are there with zeros. `now` in Unix milliseconds. */
export function lastHours(counted: readonly CountedHourFragment[], now: number): Hour[] {
  const known = new Map(counted.map((each) => [Date.parse(each.hour), each]))
  const last = Math.floor(now / hourMs) * hourMs
  return Array.from({ length: hoursShown }, (_, index) => {
    const at = last - (hoursShown - 1 - index) * hourMs
    const found = known.get(at)
    return {
      hour: new Date(at).toISOString(),
      accepted: found?.accepted ?? 0,
      deferred: found?.deferred ?? 0,
      dropped: found?.dropped ?? 0,
      failed: found?.failed ?? 0,
      refused: found?.refused ?? 0,
    }
  })
}

export function totalOf(hours: readonly Hour[], ...of: readonly Outcome[]): number {
  return hours.reduce((sum, hour) => sum + of.reduce((part, outcome) => part + hour[outcome], 0), 0)
}

export type ReasonSum = { outcome: string; reason: string; events: number }

/** Why something was not taken in, over all hours, the most frequent first. */
export function reasonsOf(counted: readonly CountedHourFragment[]): ReasonSum[] {
  const sums = new Map<string, ReasonSum>()
  for (const { outcome, reason, events } of counted.flatMap((each) => each.reasons)) {
    const key = `${outcome} ${reason}`
    sums.set(key, { outcome, reason, events: (sums.get(key)?.events ?? 0) + events })
  }
  return [...sums.values()].toSorted((a, b) => b.events - a.events || (a.reason < b.reason ? -1 : 1))
}
