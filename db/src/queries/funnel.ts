import { type FunnelTerm, funnelTermOf, type SendStatus, sendFunnel, sendStatuses } from '@fidelio/core/send.ts'
import type { BusinessDb } from '../tenancy.ts'
import { funnelCounts, funnelRevenue, outcomesOfContacts } from './send-outcomes-sql.ts'
import type { FunnelCounts, SendOutcome } from './types.ts'

/** Which window a campaign's replies and orders are counted in; null when the business has no such campaign. */
async function windowDays(db: BusinessDb, campaignId: string): Promise<number | null> {
  const rows = await db.tx(
    (sql) => sql<{ days: number }[]>`select conversion_days as days from campaigns where id = ${campaignId}`,
  )
  return rows[0]?.days ?? null
}

/** Parameters of every question about the outcomes of one campaign; null when there is no such campaign. */
export async function outcomeParamsOf(db: BusinessDb, campaignId: string, contactIds: readonly number[] | null) {
  const days = await windowDays(db, campaignId)
  if (days === null) return null
  return {
    campaign_ids: [campaignId],
    window_days: [days],
    every_contact: contactIds === null,
    contact_ids: contactIds === null ? [] : [...contactIds],
  }
}

/** The funnel of a campaign (measures.md §7); null before planning, when nobody was looked at yet. */
export async function funnel(
  db: BusinessDb,
  { campaignId }: { campaignId: string; now?: number },
): Promise<FunnelCounts | null> {
  const params = await outcomeParamsOf(db, campaignId, null)
  if (params === null) return null
  const [rows, revenue] = await Promise.all([db.ask(funnelCounts, params), db.ask(funnelRevenue, params)])
  if (rows.length === 0) return null
  const sum = (value: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + value(row), 0)
  const tallies = rows.filter((row) => isStatus(row.status))
  const { holdout, ...counts } = sendFunnel(
    sum((row) => row.people),
    tallies.map((row) => ({ status: row.status as SendStatus, reason: row.reason, count: row.people })),
  )
  return {
    ...counts,
    holdout,
    delivered: { raw: sum((row) => row.delivered), closed: sum((row) => row.delivered_closed) },
    read: { raw: sum((row) => row.read), closed: sum((row) => row.read_closed) },
    replied: { raw: sum((row) => row.replied), closed: sum((row) => row.replied) },
    ordered: { raw: sum((row) => row.ordered), closed: sum((row) => row.ordered) },
    revenue: revenue.map(({ amount, currency }) => ({ amount, currency })),
  }
}

function isStatus(text: string): text is SendStatus {
  return sendStatuses.some((status) => status === text)
}

/** The statuses counted in a part of the funnel; empty for `targeted` and for stages that are not made of statuses. */
export function statusesOfStage(stage: string): string[] {
  const eligible: FunnelTerm[] = ['held', 'withdrawn', 'sent', 'failed', 'unknown', 'pending']
  const attempted: FunnelTerm[] = ['sent', 'failed', 'unknown', 'pending']
  const terms: readonly string[] = stage === 'eligible' ? eligible : stage === 'attempted' ? attempted : [stage]
  return sendStatuses.filter((status) => terms.includes(funnelTermOf[status]))
}

/** How far the sends to some people got; people without a send are left out. */
export async function sendOutcomes(
  db: BusinessDb,
  { campaignId, contactIds }: { campaignId: string; contactIds: readonly number[]; now?: number },
): Promise<SendOutcome[]> {
  if (contactIds.length === 0) return []
  const params = await outcomeParamsOf(db, campaignId, contactIds)
  if (params === null) return []
  const rows = await db.ask(outcomesOfContacts, params)
  return rows.map((row) => ({
    contactId: row.contact_id,
    delivered: row.delivered === 1,
    read: row.read === 1,
    replied: row.replied === 1,
    ordered: row.ordered === 1,
  }))
}
