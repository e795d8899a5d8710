import { intervalDate, intervalIndex, intervalStart } from '@fidelio/core/interval-index.ts'
import { survivalSteps, waitQuantile } from '@fidelio/core/kaplan-meier.ts'
import { badgeDays, metaBadge } from '@fidelio/core/meta-badge.ts'
import { z } from 'zod'
import { defineQuery } from '../clickhouse/query.ts'
import type { BusinessDb } from '../tenancy.ts'
import { calendarOf } from './period.ts'
import { waitParams as sharedParams, waits } from './response-sql.ts'
import { waitParams } from './response-times.ts'
import type { AccountBadge } from './response-types.ts'
import type { Setting } from './types.ts'

/** First messages to Pages, account by account: when they came, and when a person answered. */
const pageFirsts = defineQuery({
  name: 'meta_badge.firsts',
  params: z.object(sharedParams),
  row: z.object({
    account_id: z.uuid(),
    began_ms: z.array(z.int()),
    ended_ms: z.array(z.int()),
    outcomes: z.array(z.enum(['answered', 'waiting', 'abandoned'])),
  }),
  sql: `
with
${waits}
select account_id, groupArray(began_ms) as began_ms, groupArray(ended_ms) as ended_ms, groupArray(outcome_now) as outcomes
from waits
group by account_id
order by account_id
`,
})

/** Meta's badge of each Page that somebody wrote to in the last seven local days, today included. */
export async function metaBadges(db: BusinessDb, args: Setting): Promise<AccountBadge[]> {
  const calendar = calendarOf(args.timeZone)
  const today = intervalIndex(args.now, 'day', calendar)
  const period = {
    from: intervalDate(today - badgeDays + 1, 'day', calendar),
    to: intervalDate(today, 'day', calendar),
  }
  const asked = { ...args, kind: 'first', responder: 'human', filter: { channel: 'messenger' } } as const
  const rows = await db.ask(pageFirsts, await waitParams(db, asked, period))
  const until = intervalStart(today + 1, 'day', calendar)
  return rows.map((row) => {
    const firsts = row.began_ms.map((openedAt, index) => {
      const outcome = row.outcomes[index] ?? 'waiting'
      const endedAt = row.ended_ms[index] ?? args.now
      return { openedAt, endedAt, outcome }
    })
    const badge = metaBadge(
      firsts.map(({ openedAt, endedAt, outcome }) => ({
        openedAt,
        answeredAt: outcome === 'answered' ? endedAt : null,
        waiting: outcome === 'waiting',
      })),
      { now: args.now, until },
    )
    const steps = survivalSteps(
      firsts.map(({ openedAt, endedAt, outcome }) => ({ time: (endedAt - openedAt) / 1000, outcome })),
    )
    return { accountId: row.account_id, ...period, ...badge, median: waitQuantile(steps, 0.5).value }
  })
}
