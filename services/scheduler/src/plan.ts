/** Campaigns whose instant has come: plan them, or hold them when they are too late, or let them go when the offer ended. */
import { dueDecision } from '@fidelio/core/campaign.ts'
import { matchBehaviour } from '@fidelio/db/queries/audience.ts'
import { type CampaignRun, dueCampaigns, planCampaign, stepCampaign } from '@fidelio/db/records/campaign-runs.ts'
import { dueSeries, openRuns } from '@fidelio/db/records/campaign-series.ts'
import type { SchedulerContext } from './deps.ts'

export type PlanRun = { planned: number; held: number; missed: number; failed: number }

export async function planDue(context: SchedulerContext): Promise<PlanRun> {
  const { stores, clock, log, limits } = context
  const run: PlanRun = { planned: 0, held: 0, missed: 0, failed: 0 }
  await openDueRuns(context)
  const due = await stores.forWorker().tx((sql) => dueCampaigns(sql, clock.now(), limits.dueCampaignsMax))
  for (const campaign of due) {
    try {
      const outcome = await planOne(context, campaign)
      if (outcome !== null) run[outcome]++
    } catch (error) {
      // One campaign that cannot be planned (the event store is away, say) must not keep the others; it stays due.
      run.failed++
      log.error({ err: error, campaignId: campaign.id }, 'a campaign could not be planned')
    }
  }
  return run
}

/** Makes the runs of series that have come due; the runs themselves are planned like any other campaign. */
async function openDueRuns({ stores, clock, log, limits, ownerId }: SchedulerContext): Promise<void> {
  const worker = stores.forWorker()
  const series = await worker.tx((sql) => dueSeries(sql, clock.now(), limits.dueCampaignsMax))
  for (const each of series) {
    try {
      const by = { ownerId, at: clock.now() }
      const opened = await worker.tx((sql) => openRuns(sql, each, by))
      if (opened) log.info({ campaignId: each.id, ...opened }, 'runs of a campaign came due')
    } catch (error) {
      log.error({ err: error, campaignId: each.id }, 'runs of a campaign could not be made')
    }
  }
}

/** Null: another scheduler was faster, or a person changed their mind. */
async function planOne(
  { stores, clock, log, ownerId }: SchedulerContext,
  campaign: CampaignRun,
): Promise<'planned' | 'held' | 'missed' | null> {
  const worker = stores.forWorker()
  const at = clock.now()
  const from = ['scheduled', 'planning'] as const
  const { scheduledAt, offerEndsAt, misfire } = campaign
  const decided = dueDecision(
    { scheduledAt: scheduledAt.getTime(), offerEndsAt: offerEndsAt?.getTime() ?? null, misfire },
    at.getTime(),
  )
  const isBroken = decided.kind === 'plan' && campaign.accountStatus !== 'connected'
  const decision = isBroken ? ({ kind: 'held', reason: 'token_broken' } as const) : decided
  if (decision.kind !== 'plan') {
    const { kind, reason } = decision
    return (await worker.tx((sql) => stepCampaign(sql, campaign, { from, to: kind, reason, at }))) ? kind : null
  }
  await worker.tx((sql) => stepCampaign(sql, campaign, { from: ['scheduled'], to: 'planning', at }))
  // The event store is asked before the transaction opens, so that no row is locked while it thinks.
  const match = await matchBehaviour(stores.forBusiness(campaign.businessId), campaign.audience, at)
  const outcome = await worker.tx((sql) => planCampaign(sql, campaign, match, { ownerId, at }))
  if (outcome.kind === 'taken') return null
  const { targeted, eligible } = outcome
  log.info({ campaignId: campaign.id, targeted, eligible }, 'a campaign was planned')
  return 'planned'
}
