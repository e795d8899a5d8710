import { type FunnelTerm, funnelTermOf, type SendStatus, sendFunnel, sendStatuses } from '@fidelio/core/send.ts'
import type { z } from 'zod'
import type { BusinessDb } from '../tenancy.ts'
import { everyone } from './lift.ts'
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
  return (await funnels(db, { campaignIds: [campaignId] })).get(campaignId) ?? null
}

/**
 * The funnels of several campaigns, by campaign: one question instead of one for each, which reads the people they share
 * once. Campaigns that were not planned yet, or are none, have no entry.
 */
export async function funnels(
  db: BusinessDb,
  { campaignIds }: { campaignIds: readonly string[] },
): Promise<Map<string, FunnelCounts>> {
  const campaigns = await db.tx(
    (sql) => sql<{ id: string; days: number }[]>`
      select id, conversion_days as days from campaigns where id = any(${[...campaignIds]}::uuid[]) order by id`,
  )
  if (campaigns.length === 0) return new Map()
  const params = everyone(campaigns)
  const [counts, revenue] = await Promise.all([db.ask(funnelCounts, params), db.ask(funnelRevenue, params)])
  const found = new Map<string, FunnelCounts>()
  for (const { id } of campaigns) {
    const rows = counts.filter((row) => row.campaign_id === id)
    const paid = revenue.filter((row) => row.campaign_id === id)
    if (rows.length > 0) found.set(id, { ...countsOf(rows), revenue: paid.map(pricesOf) })
  }
  return found
}

type CountRow = z.output<typeof funnelCounts.row>

function countsOf(rows: readonly CountRow[]): Omit<FunnelCounts, 'revenue'> {
  const sum = (value: (row: CountRow) => number) => rows.reduce((total, row) => total + value(row), 0)
  const tallies = rows.flatMap(({ status, reason, people }) =>
    isStatus(status) ? [{ status, reason, count: people }] : [],
  )
  return {
    ...sendFunnel(
      sum((row) => row.people),
      tallies,
    ),
    delivered: { raw: sum((row) => row.delivered), closed: sum((row) => row.delivered_closed) },
    read: { raw: sum((row) => row.read), closed: sum((row) => row.read_closed) },
    replied: { raw: sum((row) => row.replied), closed: sum((row) => row.replied) },
    ordered: { raw: sum((row) => row.ordered), closed: sum((row) => row.ordered) },
  }
}

function pricesOf({ amount, currency }: { amount: number; currency: string }) {
  return { amount, currency }
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
  return rows.flatMap((row) => {
    const { delivered, read, replied, ordered } = row
    const outcome = { delivered: delivered === 1, read: read === 1, replied: replied === 1, ordered: ordered === 1 }
    return row.asked.map((contactId) => ({ contactId, ...outcome }))
  })
}
