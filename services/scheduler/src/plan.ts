/** Campaigns whose instant has come: plan them, or hold them when they are too late, or let them go when the offer ended. */
import { dueDecision } from '@fidelio/core/campaign.ts'
import { matchBehaviour } from '@fidelio/db/queries/audience.ts'
import { type CampaignRun, dueCampaigns, planCampaign, stepCampaign } from '@fidelio/db/records/campaign-runs.ts'
import type { SchedulerContext } from './deps.ts'

export type PlanRun = { planned: number; held: number; missed: number; failed: number }

export async function planDue(context: SchedulerContext): Promise<PlanRun> {
  const { stores, clock, log, limits } = context
  const run: PlanRun = { planned: 0, held: 0, missed: 0, failed: 0 }
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

/** Null: another scheduler was faster, or a person changed their mind. */
async function planOne(
  { stores, clock, log, ownerId }: SchedulerContext,
  campaign: CampaignRun,
): Promise<'planned' | 'held' | 'missed' | null> {
  const worker = stores.forWorker()
  const at = clock.now()
  const from = ['scheduled', 'planning'] as const
  const decision = dueDecision(
    { scheduledAt: campaign.scheduledAt.getTime(), offerEndsAt: campaign.offerEndsAt?.getTime() ?? null },
    at.getTime(),
  )
  if (decision === 'missed') {
    const moved = await worker.tx((sql) =>
      stepCampaign(sql, campaign, { from, to: 'missed', reason: 'offer_ended', at }),
    )
    return moved ? 'missed' : null
  }
  if (decision === 'held' || campaign.accountStatus !== 'connected') {
    const reason = decision === 'held' ? 'late' : 'token_broken'
    const moved = await worker.tx((sql) => stepCampaign(sql, campaign, { from, to: 'held', reason, at }))
    return moved ? 'held' : null
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
