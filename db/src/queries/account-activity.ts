/** What the event store knows about each account: what it took in by the hour, and how it usually speaks. */
import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import type { BusinessDb } from '../tenancy.ts'

const acceptedByHour = defineQuery({
  name: 'account.accepted_by_hour',
  params: z.object({ from: z.date(), to: z.date() }),
  row: z.object({ account_id: z.string(), hour: z.int(), events: z.int() }),
  sql: `
-- an event counts in the hour in which it was received first: a redelivery is not accepted again
select account_id, toUnixTimestamp(toStartOfHour(first_at)) as hour, count() as events
from (
    select account_id, row_id, min(received_at) as first_at
    from events
    where business_id = {business_id:UUID}
      and received_at >= {from:DateTime64(3, 'UTC')} and received_at < {to:DateTime64(3, 'UTC')}
      and row_id not in (
          select row_id from events
          where business_id = {business_id:UUID} and received_at < {from:DateTime64(3, 'UTC')}
            and row_id in (
                select row_id from events
                where business_id = {business_id:UUID}
                  and received_at >= {from:DateTime64(3, 'UTC')} and received_at < {to:DateTime64(3, 'UTC')}))
    group by account_id, row_id
)
group by account_id, hour
order by account_id, hour
`,
})

const pulse = defineQuery({
  name: 'account.pulse',
  params: z.object({ from: z.date(), to: z.date() }),
  row: z.object({ account_id: z.string(), usual_gap_seconds: z.number(), days: z.int(), last: z.int() }),
  sql: `
-- the longest pause of each day, nights included, and of these the middle one: one bad day does not move it
with minutes as (
    select account_id, toStartOfMinute(received_at) as minute
    from events
    where business_id = {business_id:UUID} and ts >= {from:DateTime64(3, 'UTC')}
      and received_at >= {from:DateTime64(3, 'UTC')} and received_at < {to:DateTime64(3, 'UTC')}
    group by account_id, minute
), gaps as (
    select account_id, minute,
           dateDiff('second', lagInFrame(minute, 1, minute) over (partition by account_id order by minute
               rows between 1 preceding and current row), minute) as gap
    from minutes
)
select account_id, quantileExact(0.5)(longest) as usual_gap_seconds, count() as days,
       toUnixTimestamp(max(newest)) as last
from (
    select account_id, toDate(minute) as day, max(gap) as longest, max(minute) as newest
    from gaps group by account_id, day
)
group by account_id
order by account_id
`,
})

export type AcceptedHour = { accountId: string; hour: Date; events: number }

/** Events accepted in [from, to), by account and hour of first receipt, exactly. `/v1/events` is the nil account. */
export async function acceptedEvents(db: BusinessDb, period: { from: Date; to: Date }): Promise<AcceptedHour[]> {
  const rows = await db.ask(acceptedByHour, period)
  return rows.map(({ account_id, hour, events }) => ({ accountId: account_id, hour: new Date(hour * 1000), events }))
}

export type AccountPulse = {
  accountId: string
  /** The longest pause on a usual day, seconds; null when fewer than three days are known. */
  usualGapSeconds: number | null
  /** The minute of the last event, within the period. */
  lastEventAt: Date
}

/** Two days can be anything. From the third on a usual day can be told from an unusual one. */
const daysMin = 3

export async function accountPulses(db: BusinessDb, period: { from: Date; to: Date }): Promise<AccountPulse[]> {
  const rows = await db.ask(pulse, period)
  return rows.map(({ account_id, usual_gap_seconds, days, last }) => ({
    accountId: account_id,
    usualGapSeconds: days < daysMin ? null : usual_gap_seconds,
    lastEventAt: new Date(last * 1000),
  }))
}
