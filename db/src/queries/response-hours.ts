import { type OpenInterval, openIntervals } from '@fidelio/core/business-hours.ts'
import { z } from 'zod'
import { listBusinessHours } from '../records/business-hours.ts'
import type { BusinessDb } from '../tenancy.ts'
import type { ResponseClock, Setting } from './types.ts'

/**
 * Opening hours as the event store takes them: pairs of milliseconds, each from one opening to the next (the first from
 * 1970) and how long it stays open. A year of split shifts is about 10 kB.
 */
export const openPairs = { business_clock: z.boolean(), open_pairs: z.array(z.int()) }

/** The parameters of `clockSql`. */
export type ClockParams = { business_clock: boolean; open_pairs: number[] }

/** Which clock a question runs on; opening hours are those valid on each day from `from` until now. */
export async function clockParams(
  db: BusinessDb,
  args: Pick<Setting, 'timeZone' | 'now'> & { clock?: ResponseClock | undefined },
  from: Date,
): Promise<ClockParams> {
  if (args.clock !== 'business_hours') return { business_clock: false, open_pairs: [] }
  const versions = await db.tx((sql) => listBusinessHours(sql, db.businessId))
  return { business_clock: true, open_pairs: pairsOf(openIntervals(versions, args.timeZone, from.getTime(), args.now)) }
}

/** The first day whose opening hours are known; null when none are, or when the clock does not ask. */
export async function hoursKnownFrom(db: BusinessDb, clock: ResponseClock | undefined): Promise<string | null> {
  if (clock !== 'business_hours') return null
  const versions = await db.tx((sql) => listBusinessHours(sql, db.businessId))
  return versions.at(-1)?.validFrom ?? null
}

function pairsOf(intervals: readonly OpenInterval[]): number[] {
  return intervals.flatMap(({ start, end }, index) => [start - (intervals[index - 1]?.start ?? 0), end - start])
}

/**
 * SQL of the milliseconds between two instants on the clock a question runs on. Business time up to an instant is that of
 * all earlier openings, plus what has passed of the last one: one binary search and two look-ups among constants, however
 * many openings there are. The twin of core/business-hours `businessClock`.
 */
export function clockSql(): { prelude: string; between: (from: string, to: string) => string } {
  const upTo = (t: string) => `
                   transform(roundDown(${t}, opens), opens, open_before, toInt64(0))
                       + least(greatest(${t} - roundDown(${t}, opens), 0), transform(roundDown(${t}, opens), opens, open_for, toInt64(0)))`
  return {
    prelude: `
            if(empty({open_pairs:Array(Int64)}), [toInt64(0), toInt64(0)], {open_pairs:Array(Int64)}) as pairs,
            arrayMap(i -> pairs[2 * i - 1], range(1, intDiv(length(pairs), 2) + 1)) as since_last,
            arrayMap(i -> pairs[2 * i], range(1, intDiv(length(pairs), 2) + 1)) as open_for,
            arrayCumSum(since_last) as opens,
            arrayMap((sum, own) -> sum - own, arrayCumSum(open_for), open_for) as open_before`,
    between: (from, to) => `if({business_clock:Bool}, ${upTo(to)} - (${upTo(from)}), ${to} - ${from})`,
  }
}
