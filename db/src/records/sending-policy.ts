/** What a business allows itself over all campaigns: hours without offers, and how many per person (core/sending-hours). */
import type { FieldProblem } from '@fidelio/core/campaign.ts'
import { type FrequencyCap, type QuietHours, sendingPolicyProblems } from '@fidelio/core/sending-hours.ts'
import type { BusinessDb } from '../tenancy.ts'
import { jsonOrNull } from './campaigns.ts'

export type SendingPolicy = { quiet: QuietHours | null; cap: FrequencyCap | null }

export function sendingPolicy(db: BusinessDb): Promise<SendingPolicy> {
  return db.tx(async (sql) => {
    const [found] = await sql<SendingPolicy[]>`
      select quiet_hours as quiet, frequency_cap as cap from businesses where id = ${db.businessId}`
    return found ?? { quiet: null, cap: null }
  })
}

/** Counts from the next message on, also for campaigns that are being sent. Returns what is wrong; empty: it was kept. */
export function setSendingPolicy(db: BusinessDb, policy: SendingPolicy): Promise<FieldProblem[]> {
  return db.tx(async (sql) => {
    const problems = sendingPolicyProblems(policy)
    if (problems.length === 0)
      await sql`
        update businesses
           set quiet_hours = ${jsonOrNull(sql, policy.quiet)}, frequency_cap = ${jsonOrNull(sql, policy.cap)}
         where id = ${db.businessId}`
    return problems
  })
}
