import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import { clockSql, openPairs } from './response-hours.ts'

const clock = clockSql()

/**
 * The wait of a spell as one responder sees it (types.ts `Responder`), for spells opened in [from, to). `t` is in
 * milliseconds of the clock asked for; who still waits has waited until now. Shared text of the questions below, so that
 * they cannot disagree.
 */
export const waits = `
    waits as (
        with${clock.prelude}
        select contact_id, account_id, channel, app_id, opened_at, opening_id, burst,
               multiIf({responder:String} in ('human', 'handoff'), toString(outcome),
                       toUnixTimestamp64Milli(bot_at) > 0, 'answered',
                       outcome = 'waiting', 'waiting',
                       'abandoned') as outcome_now,
               multiIf({responder:String} = 'bot' and toUnixTimestamp64Milli(bot_at) > 0, bot_at,
                       outcome = 'waiting', {now:DateTime64(3, 'UTC')},
                       closed_at) as ended_at,
               toUnixTimestamp64Milli(if({responder:String} = 'handoff', bot_at, opened_at)) as began_ms,
               greatest(began_ms, toUnixTimestamp64Milli(ended_at)) as ended_ms,
               ${clock.between('began_ms', 'ended_ms')} as t
        from spells final
        where business_id = {business_id:UUID}
          and opened_at >= {from:DateTime64(3, 'UTC')} and opened_at < {to:DateTime64(3, 'UTC')}
          and opened_at <= {now:DateTime64(3, 'UTC')}
          and is_first = {is_first:Bool}
          and ({responder:String} != 'handoff' or toUnixTimestamp64Milli(bot_at) > 0)
          and ({channel:String} = '' or channel = {channel:String})
          and ({account_id:String} = '' or account_id = toUUIDOrZero({account_id:String}))
    )`

/** Kaplan–Meier with Greenwood's sum and Aalen–Johansen with the sums of its variance, per group (core/kaplan-meier). */
export const steps = `
    counted as (
        select grp, t, countIf(outcome_now = 'answered') as d, countIf(outcome_now = 'abandoned') as a, count() as m
        from grouped group by grp, t
    ),
    at_risk as (
        select grp, t, d, a, m, d + a as e,
               sum(m) over (partition by grp order by t desc rows unbounded preceding) as n
        from counted
    ),
    surviving as (
        select *,
               exp(sum(if(e = 0, 0, if(e < n, log(1 - e / n), -1e300))) over up_to) as s,
               sum(if(e = 0 or e = n, 0, e / (n * (n - e)))) over up_to as gw
        from at_risk
        window up_to as (partition by grp order by t rows unbounded preceding)
    ),
    before_step as (
        select *, lagInFrame(toFloat64(s), 1, 1.) over (
                   partition by grp order by t rows between unbounded preceding and current row) as sb
        from surviving
    ),
    incidence as (
        select *, sum(sb * d / n) over (partition by grp order by t rows unbounded preceding) as f from before_step
    ),
    steps as (
        select grp, t, d, a, m, e, n as risk, s, gw, f,
               max(a) over (partition by grp) > 0 as competing,
               -- variance of f (delta method), as running sums, so that every step has its own in one pass
               sum(if(e = n, 0, e / (n * (n - e)))) over up_to as v1,
               sum(if(e = n, 0, f * e / (n * (n - e)))) over up_to as v2,
               sum(if(e = n, 0, f * f * e / (n * (n - e)))) over up_to as v3,
               sum(sb * sb * d * (n - d) / pow(n, 3)) over up_to as v4,
               sum(sb * d / pow(n, 2)) over up_to as v5,
               sum(f * sb * d / pow(n, 2)) over up_to as v6,
               -- q: the share not answered; its limits on the logarithmic scale
               if(competing, 1 - f, s) as q,
               if(competing, sqrt(greatest(0, f * f * v1 - 2 * f * v2 + v3 + v4 - 2 * (f * v5 - v6))) / q, sqrt(gw)) as spread,
               if(q > 1e-12, q * exp(-{z:Float64} * spread), 1) as q_low,
               if(q > 1e-12, least(1, q * exp({z:Float64} * spread)), 1) as q_high
        from incidence
        window up_to as (partition by grp order by t rows unbounded preceding)
    )`

export const waitParams = {
  ...openPairs,
  from: z.date(),
  to: z.date(),
  now: z.date(),
  is_first: z.boolean(),
  responder: z.enum(['human', 'bot', 'handoff']),
  channel: z.string(),
  account_id: z.string(),
}

const quantile = z.number().nullable()

/** How long did customers wait for an answer: quantiles with the unanswered counted as waiting, in total, per local day and per local weekday and hour. */
export const waitQuantiles = defineQuery({
  name: 'response_times.quantiles',
  params: z.object({ ...waitParams, time_zone: z.string(), with_cells: z.boolean(), z: z.number() }),
  row: z.object({
    grp: z.string(),
    n: z.int(),
    answered: z.int(),
    abandoned: z.int(),
    competing: z.int(),
    p50: quantile,
    p50_low: quantile,
    p50_high: quantile,
    p75: quantile,
    p90: quantile,
    p90_low: quantile,
    p90_high: quantile,
    within_answered: z.array(z.int()),
    within_share: z.array(z.number()),
    within_low: z.array(z.number()),
    within_high: z.array(z.number()),
    rmst: z.number(),
    rmst_se: z.number(),
  }),
  sql: `
with
${waits},
    grouped as (
        select t, outcome_now, grp
        from waits
        array join arrayConcat(
            ['all', concat('day:', toString(toDate(opened_at, {time_zone:String})))],
            if({with_cells:Bool}, [concat('cell:', toString(toDayOfWeek(opened_at, 0, {time_zone:String})), ':',
                                          toString(toHour(opened_at, {time_zone:String})))], [])) as grp
    ),
${steps},
    followed as (
        select *, leadInFrame(toInt64(t), 1, toInt64(86400000)) over (
                   partition by grp order by t rows between current row and unbounded following) as next_t
        from steps
    ),
    remaining as (
        select *, sum(if(t < 86400000, (least(next_t, 86400000) - t) * s, 0)) over (
                   partition by grp order by t desc rows unbounded preceding) as to_come
        from followed
    )
select grp,
       sum(m) as n, sum(d) as answered, sum(a) as abandoned, max(competing) as competing,
       minIfOrNull(t, q <= 0.5 + 1e-9) / 1000 as p50,
       minIfOrNull(t, q_low <= 0.5 + 1e-9) / 1000 as p50_low,
       minIfOrNull(t, q_high <= 0.5 + 1e-9) / 1000 as p50_high,
       minIfOrNull(t, q <= 0.25 + 1e-9) / 1000 as p75,
       minIfOrNull(t, q <= 0.1 + 1e-9) / 1000 as p90,
       minIfOrNull(t, q_low <= 0.1 + 1e-9) / 1000 as p90_low,
       minIfOrNull(t, q_high <= 0.1 + 1e-9) / 1000 as p90_high,
       -- how many were answered by 5 min, 15 min, 1 h and 24 h, and the share with limits
       [sumIf(d, t <= 300000), sumIf(d, t <= 900000), sumIf(d, t <= 3600000), sumIf(d, t <= 86400000)] as within_answered,
       [argMaxIf(f, t, t <= 300000), argMaxIf(f, t, t <= 900000), argMaxIf(f, t, t <= 3600000), argMaxIf(f, t, t <= 86400000)] as within_share,
       [argMaxIf(1 - q_high, t, t <= 300000), argMaxIf(1 - q_high, t, t <= 900000), argMaxIf(1 - q_high, t, t <= 3600000), argMaxIf(1 - q_high, t, t <= 86400000)] as within_low,
       [argMaxIf(if(q > 1e-12, 1 - q_low, 1), t, t <= 300000), argMaxIf(if(q > 1e-12, 1 - q_low, 1), t, t <= 900000), argMaxIf(if(q > 1e-12, 1 - q_low, 1), t, t <= 3600000), argMaxIf(if(q > 1e-12, 1 - q_low, 1), t, t <= 86400000)] as within_high,
       -- area under the curve up to 24 h
       (least(min(t), 86400000) + sumIf((least(next_t, 86400000) - t) * s, t < 86400000)) / 1000 as rmst,
       sqrt(sumIf(to_come * to_come * e / (risk * (risk - e)), t < 86400000 and e < risk)) / 1000 as rmst_se
from remaining
group by grp
order by grp
`,
})

/** The share still waiting after t, at most about 150 steps of it: the last of each of a row of log-spaced intervals. */
export const waitCurve = defineQuery({
  name: 'response_times.curve',
  params: z.object({ ...waitParams, z: z.number() }),
  row: z.object({
    t: z.number(),
    still: z.number(),
    low: z.number().nullable(),
    high: z.number().nullable(),
  }),
  sql: `
with
${waits},
    grouped as (select 'all' as grp, t, outcome_now from waits),
${steps}
select max(steps.t) / 1000 as t,
       argMax(s, steps.t) as still,
       if(still > 1e-12, still * exp(-{z:Float64} * sqrt(argMax(gw, steps.t))), null) as low,
       if(still > 1e-12, least(1, still * exp({z:Float64} * sqrt(argMax(gw, steps.t)))), null) as high
from steps
group by intDiv(toInt64(log(1 + steps.t / 1000) * 10000), 1000)
order by t
`,
})

/** How many waits lasted how long, by how they ended; and the plain median of the answered ones. */
export const waitDistribution = defineQuery({
  name: 'response_times.distribution',
  params: z.object({ ...waitParams, edges: z.array(z.int()) }),
  row: z.object({
    bucket: z.int(),
    answered: z.int(),
    waiting: z.int(),
    abandoned: z.int(),
    at_once: z.int(),
    median_of_answered: z.number().nullable(),
  }),
  sql: `
with
${waits}
-- bucket i is [edges[i], edges[i + 1]); 0 stands for the total
select arrayJoin([0, arrayCount(edge -> edge * 1000 <= t, {edges:Array(Int64)})]) as bucket,
       countIf(outcome_now = 'answered') as answered,
       countIf(outcome_now = 'waiting') as waiting,
       countIf(outcome_now = 'abandoned') as abandoned,
       countIf(outcome_now = 'answered' and t = 0) as at_once,
       if(answered = 0, null, quantileExactInclusiveIf(0.5)(t, outcome_now = 'answered') / 1000) as median_of_answered
from waits
group by bucket
order by bucket
`,
})

/** The waits behind a number, newest first. `state` '' means any outcome; milliseconds in [ms_from, ms_to); weekday 0, hour 24 and app '*' mean any. */
export const waitRows = defineQuery({
  name: 'response_times.rows',
  params: z.object({
    ...waitParams,
    state: z.string(),
    ms_from: z.int(),
    ms_to: z.int(),
    time_zone: z.string(),
    weekday: z.int(),
    hour: z.int(),
    app: z.string(),
    limit: z.int(),
    offset: z.int(),
  }),
  row: z.object({
    contact_id: z.int(),
    account_id: z.uuid(),
    opened_ms: z.int(),
    t: z.number(),
    outcome: z.enum(['answered', 'waiting', 'abandoned']),
    burst: z.int(),
    total: z.int(),
  }),
  sql: `
with
${waits}
select contact_id, account_id, toUnixTimestamp64Milli(opened_at) as opened_ms, t / 1000 as t, outcome_now as outcome, burst,
       count() over () as total
from waits
where ({state:String} = '' or outcome_now = {state:String}) and waits.t >= {ms_from:Int64} and waits.t < {ms_to:Int64}
  and ({weekday:UInt8} = 0 or toDayOfWeek(opened_at, 0, {time_zone:String}) = {weekday:UInt8})
  and ({app:String} = '*' or app_id = {app:String})
  and ({hour:UInt8} = 24 or toHour(opened_at, {time_zone:String}) = {hour:UInt8})
order by opened_at desc, contact_id, account_id, opening_id
limit {limit:UInt32} offset {offset:UInt32}
`,
})
