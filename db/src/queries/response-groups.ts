import { observationsNeeded } from '@fidelio/core/percentile.ts'
import { z95 } from '@fidelio/core/proportion.ts'
import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import type { BusinessDb } from '../tenancy.ts'
import { waitParams as sharedParams, steps, waits } from './response-sql.ts'
import { waitParams } from './response-times.ts'
import type { ResponseGroup, ResponseGroupBy } from './response-types.ts'
import type { ResponseTimesArgs } from './types.ts'

/** More groups than this are no table any more; those with the most waits are kept. */
const groupsMax = 200

const quantile = z.number().nullable()

/** The same waits by channel, account, or the app an answer came from: median and share answered in 15 min, with limits. */
const waitGroups = defineQuery({
  name: 'response_times.groups',
  params: z.object({ ...sharedParams, by: z.enum(['channel', 'account', 'app']), z: z.number(), limit: z.int() }),
  row: z.object({
    grp: z.string(),
    n: z.int(),
    answered: z.int(),
    waiting: z.int(),
    abandoned: z.int(),
    p50: quantile,
    p50_low: quantile,
    p50_high: quantile,
    p90: quantile,
    within: z.number(),
    within_answered: z.int(),
    within_low: z.number(),
    within_high: z.number(),
  }),
  sql: `
with
${waits},
    grouped as (
        select t, outcome_now,
               multiIf({by:String} = 'channel', toString(channel), {by:String} = 'account', toString(account_id), toString(app_id)) as grp
        from waits
    ),
${steps}
select grp, sum(m) as n, sum(d) as answered, sum(m - d - a) as waiting, sum(a) as abandoned,
       minIfOrNull(t, q <= 0.5 + 1e-9) / 1000 as p50,
       minIfOrNull(t, q_low <= 0.5 + 1e-9) / 1000 as p50_low,
       minIfOrNull(t, q_high <= 0.5 + 1e-9) / 1000 as p50_high,
       minIfOrNull(t, q <= 0.1 + 1e-9) / 1000 as p90,
       argMaxIf(f, t, t <= 900000) as within,
       sumIf(d, t <= 900000) as within_answered,
       argMaxIf(1 - q_high, t, t <= 900000) as within_low,
       argMaxIf(if(q > 1e-12, 1 - q_low, 1), t, t <= 900000) as within_high
from steps
group by grp
order by n desc, grp
limit {limit:UInt32}
`,
})

/** Where people wait long: one row per channel, account or answering app, those with the most waits first. */
export async function responseGroups(
  db: BusinessDb,
  args: Omit<ResponseTimesArgs, 'compared'> & { by: ResponseGroupBy },
): Promise<ResponseGroup[]> {
  const params = await waitParams(db, args, args.period)
  const rows = await db.ask(waitGroups, { ...params, by: args.by, z: z95, limit: groupsMax })
  return rows.map((row) => ({
    key: row.grp,
    n: row.n,
    answered: row.answered,
    waiting: row.waiting,
    abandoned: row.abandoned,
    median: row.p50,
    medianLow: row.p50_low,
    medianHigh: row.p50_high,
    p90: row.n >= observationsNeeded(0.9) ? row.p90 : null,
    answeredIn15Min: row.within_answered,
    within15Min: row.within,
    within15MinLow: row.within_low,
    within15MinHigh: row.within_high,
  }))
}
