import { businessClock, openIntervals } from '@fidelio/core/business-hours.ts'
import { intervalOf } from '@fidelio/core/interval-index.ts'
import { dayMs, localDate } from '@fidelio/core/time.ts'
import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import { listBusinessHours, listResponseTargets, type ResponseTargetRecord } from '../records/business-hours.ts'
import type { BusinessDb } from '../tenancy.ts'
import { boundFilter } from './period.ts'
import { waitParams as sharedParams, waits } from './response-sql.ts'
import { waitParams } from './response-times.ts'
import type { DueWait, TargetKept } from './response-types.ts'
import type { Filter, Period, Setting } from './types.ts'

export const targetVerdicts = ['kept', 'breached', 'running', 'left', 'free'] as const
export type TargetVerdict = (typeof targetVerdicts)[number]

const targetParams = { target_from: z.array(z.int()), target_ms: z.array(z.int()), target_open: z.array(z.int()) }

/**
 * First waits for a person beside the promise valid on the day they began. A wait BREACHES it as soon as more time has
 * passed on the promised clock, answered or not; it is KEPT when the answer came in time; RUNNING while it can still be
 * kept; LEFT when the customer gave up before it was due; and FREE where nothing was promised.
 */
const judged = `
${waits},
    judged as (
        with arrayCount(since -> since <= toUnixTimestamp64Milli(opened_at), {target_from:Array(Int64)}) as version,
             {target_ms:Array(Int64)}[version] as promised_ms,
             if({target_open:Array(Int64)}[version] = 1, t, ended_ms - began_ms) as taken_ms
        select *, taken_ms,
               multiIf(version = 0 or promised_ms = 0, 'free',
                       taken_ms > promised_ms, 'breached',
                       outcome_now = 'answered', 'kept',
                       outcome_now = 'waiting', 'running',
                       'left') as verdict
        from waits
    )`

const targetCounts = defineQuery({
  name: 'response_target.counts',
  params: z.object({ ...sharedParams, ...targetParams }),
  row: z.object({ verdict: z.enum(targetVerdicts), n: z.int() }),
  sql: `
with
${judged}
select verdict, count() as n from judged group by verdict order by verdict
`,
})

/** The waits with a verdict, newest first. */
const targetRows = defineQuery({
  name: 'response_target.rows',
  params: z.object({ ...sharedParams, ...targetParams, verdict: z.string(), limit: z.int(), offset: z.int() }),
  row: z.object({
    contact_id: z.int(),
    account_id: z.uuid(),
    opened_ms: z.int(),
    taken: z.number(),
    outcome: z.enum(['answered', 'waiting', 'abandoned']),
    burst: z.int(),
    total: z.int(),
  }),
  sql: `
with
${judged}
select contact_id, account_id, toUnixTimestamp64Milli(opened_at) as opened_ms, taken_ms / 1000 as taken,
       outcome_now as outcome, burst, count() over () as total
from judged
where verdict = {verdict:String}
order by opened_at desc, contact_id, account_id, opening_id
limit {limit:UInt32} offset {offset:UInt32}
`,
})

/** First waits that are open, longest first. */
const openFirsts = defineQuery({
  name: 'response_target.open',
  params: z.object({ now: z.date(), channel: z.string(), account_id: z.string(), limit: z.int() }),
  row: z.object({ contact_id: z.int(), account_id: z.uuid(), opened_ms: z.int(), burst: z.int() }),
  sql: `
select contact_id, account_id, toUnixTimestamp64Milli(opened_at) as opened_ms, burst
from spells final
where business_id = {business_id:UUID} and outcome = 'waiting' and is_first and opened_at <= {now:DateTime64(3, 'UTC')}
  and ({channel:String} = '' or channel = {channel:String})
  and ({account_id:String} = '' or account_id = toUUIDOrZero({account_id:String}))
order by opened_at, contact_id, account_id, opening_id
limit {limit:UInt32}
`,
})

type TargetArgs = Setting & { period: Period; filter?: Filter | undefined }

async function targetQuestion(db: BusinessDb, args: TargetArgs) {
  const [targets, shared] = await Promise.all([
    db.tx((sql) => listResponseTargets(sql, db.businessId)),
    waitParams(db, { ...args, kind: 'first', responder: 'human', clock: 'business_hours' }, args.period),
  ])
  const ordered = targets.toReversed()
  return {
    targets,
    params: {
      ...shared,
      target_from: ordered.map((target) => startOf(target.validFrom, args.timeZone)),
      target_ms: ordered.map((target) => (target.withinSeconds ?? 0) * 1000),
      target_open: ordered.map((target) => Number(target.clock === 'business_hours')),
    },
  }
}

function startOf(date: string, timeZone: string): number {
  return intervalOf(Date.parse(`${date}T00:00:00Z`) / dayMs, 'day', { zone: timeZone, weekStart: 'monday' }).start
}

/** How often the promise was kept. All first waits of the period are in exactly one of the five counts. */
export async function targetKept(db: BusinessDb, args: TargetArgs): Promise<TargetKept> {
  const { params, targets } = await targetQuestion(db, args)
  const rows = await db.ask(targetCounts, params)
  const count = (verdict: TargetVerdict) => rows.find((row) => row.verdict === verdict)?.n ?? 0
  return {
    current: targetOn(targets, localDate(args.now, args.timeZone)),
    kept: count('kept'),
    breached: count('breached'),
    running: count('running'),
    left: count('left'),
    free: count('free'),
  }
}

/** The waits behind one of the five counts. */
export async function targetWaits(
  db: BusinessDb,
  args: TargetArgs & { verdict: TargetVerdict; limit: number; offset: number },
) {
  const { params } = await targetQuestion(db, args)
  return db.ask(targetRows, { ...params, verdict: args.verdict, limit: args.limit, offset: args.offset })
}

function targetOn(targets: readonly ResponseTargetRecord[], day: string): ResponseTargetRecord | null {
  const target = targets.find(({ validFrom }) => validFrom <= day)
  return target === undefined || target.withinSeconds === null ? null : target
}

/** Open waits looked at for the list of what is due. */
const openMax = 1000
/** How far ahead a due time is looked for: the longest promise is 30 days, which closed days stretch. */
const dueDaysMax = 366

/** Who waits for a first answer that was promised, what is due first on top; those overdue come before the others. */
export async function dueWaits(
  db: BusinessDb,
  args: Setting & { filter?: Filter | undefined; first: number },
): Promise<DueWait[]> {
  const [targets, hours, open] = await Promise.all([
    db.tx((sql) => listResponseTargets(sql, db.businessId)),
    db.tx((sql) => listBusinessHours(sql, db.businessId)),
    db.ask(openFirsts, { ...boundFilter(args.filter), now: new Date(args.now), limit: openMax }),
  ])
  const [oldest] = open
  if (oldest === undefined || targets.length === 0) return []
  const end = args.now + dueDaysMax * dayMs
  const clock = businessClock(openIntervals(hours, args.timeZone, oldest.opened_ms, end))
  return open
    .flatMap((wait): DueWait[] => {
      const target = targetOn(targets, localDate(wait.opened_ms, args.timeZone))
      if (target?.withinSeconds == null) return []
      const promised = target.withinSeconds * 1000
      const onClock = target.clock === 'business_hours'
      const dueAt = onClock ? clock.after(wait.opened_ms, promised) : wait.opened_ms + promised
      if (dueAt === null) return []
      // Time left on the clock of the promise: a night does not eat it.
      const taken = onClock ? clock.between(wait.opened_ms, args.now) : args.now - wait.opened_ms
      return [
        {
          contactId: wait.contact_id,
          accountId: wait.account_id,
          openedAt: wait.opened_ms,
          burst: wait.burst,
          dueAt,
          breached: taken > promised,
          leftSeconds: (promised - taken) / 1000,
        },
      ]
    })
    .sort((a, b) => a.dueAt - b.dueAt || a.openedAt - b.openedAt || a.contactId - b.contactId)
    .slice(0, args.first)
}
