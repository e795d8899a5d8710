import { extraOrders } from '@fidelio/core/lift.ts'
import { watermark } from '@fidelio/core/time.ts'
import type { BusinessDb } from '../tenancy.ts'
import { instantsOf } from './period.ts'
import { liftArms } from './send-outcomes-sql.ts'
import type { LiftCounts, MeasuredValue, Period, Setting } from './types.ts'

/**
 * Who ordered within the window, by arm: everybody stays in the arm of the split, sent or not, and the window begins for
 * both arms when the campaign was planned. Null when nobody was split.
 */
export async function liftCounts(
  db: BusinessDb,
  args: { campaignId: string; conversionDays: number; now: number },
): Promise<LiftCounts | null> {
  const campaigns = [{ id: args.campaignId, days: args.conversionDays }]
  return (await liftCountsOf(db, { campaigns, now: args.now })).get(args.campaignId) ?? null
}

/** The same for several campaigns in one question, by campaign; those in which nobody was split have no entry. */
export async function liftCountsOf(
  db: BusinessDb,
  { campaigns, now }: { campaigns: readonly { id: string; days: number }[]; now: number },
): Promise<Map<string, LiftCounts>> {
  const rows = campaigns.length === 0 ? [] : await db.ask(liftArms, everyone(campaigns))
  return new Map(
    rows.map((row) => [
      row.campaign_id,
      {
        treated: row.treated,
        treatedOrdered: row.treated_ordered,
        control: row.control,
        controlOrdered: row.control_ordered,
        state: row.ends_ms <= watermark(now) ? 'complete' : 'provisional',
      },
    ]),
  )
}

/** A campaign that ended in a period, with what its lift needs. */
export type FinishedCampaign = { id: string; days: number; holdoutShare: number }

/** Parameters of the outcome questions for everybody of some campaigns. */
export function everyone(campaigns: readonly { id: string; days: number }[]) {
  return {
    campaign_ids: campaigns.map((campaign) => campaign.id),
    window_days: campaigns.map((campaign) => campaign.days),
    every_contact: true,
    contact_ids: [],
  }
}

/** The campaigns that were sent to their end in a period. */
export async function finishedCampaigns(
  db: BusinessDb,
  args: { timeZone: string; period: Period },
): Promise<FinishedCampaign[]> {
  const { from, to } = instantsOf(args.period, args.timeZone)
  return db.tx(
    (sql) => sql<FinishedCampaign[]>`
      select id, conversion_days as days, holdout_percent::float8 / 100 as "holdoutShare"
      from campaigns
      where finished_at >= ${from} and finished_at < ${to} and status = 'done'
      order by id`,
  )
}

/** Orders that would not have been placed without the campaigns finished in the period (core/lift), with 95 % limits. */
export async function extraOrdersValue(db: BusinessDb, args: Setting & { period: Period }): Promise<MeasuredValue> {
  const campaigns = await finishedCampaigns(db, args)
  const rows = campaigns.length === 0 ? [] : await db.ask(liftArms, everyone(campaigns))
  const extra = extraOrders(
    rows.map((row) => ({
      treated: { people: row.treated, converted: row.treated_ordered },
      control: { people: row.control, converted: row.control_ordered },
      holdoutShare: campaigns.find((campaign) => campaign.id === row.campaign_id)?.holdoutShare ?? 0,
    })),
  )
  const ended = rows.every((row) => row.ends_ms <= watermark(args.now))
  return {
    value: extra.value,
    numerator: null,
    denominator: null,
    low: extra.lower,
    high: extra.upper,
    n: extra.campaignsCounted,
    state: ended ? 'complete' : 'provisional',
  }
}
