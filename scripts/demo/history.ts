import { dayMs, hourMs, localDate, startOfLocalDate } from '@fidelio/core/time.ts'
import type { DemoState } from '@fidelio/server/demo-messages.ts'
import { echoesDue, react, type Sent } from './campaign.ts'
import type { Ask } from './setup.ts'
import { post } from './wire.ts'
import { liveDay, takeUntil, type World } from './world.ts'

const historyDays = 90

/** What the time-lapse needs from the server around it. */
export type Stage = {
  baseUrl: string
  ask: Ask
  worlds: { world: World; business: DemoState['businesses'][number] }[]
  /** Sets what the server believes is now. */
  setClock(ms: number): Promise<void>
  /** Lets the scheduler and the derive jobs run until nothing is left to do. */
  settle(): Promise<void>
  /** Messages the product sent since the last call, by business slug. */
  takeSent(slug: string): Sent[]
  progress(done: number, total: number, events: number): void
}

/**
 * Ninety days in a few seconds: each day's webhooks are posted to the running server with its clock set to that day, and
 * each campaign is created, scheduled and sent by the product itself at its time.
 */
export async function fillHistory(stage: Stage, now: number): Promise<number> {
  let events = 0
  const dueCampaigns = stage.worlds.flatMap(({ world, business }) =>
    world.profile.campaigns.map((campaign) => {
      const date = localDate(now - campaign.daysAgo * dayMs, world.profile.timeZone)
      return { world, business, campaign, at: startOfLocalDate(date, world.profile.timeZone) + campaign.hour * hourMs }
    }),
  )
  let reached = 0
  for (let day = historyDays; day >= 0; day -= 1) {
    const reference = now - day * dayMs
    for (const { world } of stage.worlds) {
      liveDay(world, startOfLocalDate(localDate(reference, world.profile.timeZone), world.profile.timeZone))
    }
    const dayEnd = day === 0 ? now : startOfLocalDate(localDate(reference + dayMs, 'UTC'), 'UTC')
    const today = dueCampaigns.filter((c) => c.at < dayEnd && c.at >= dayEnd - dayMs)
    const stops = [...today.map((due) => due.at), ...midnightsOf(stage, reached, dayEnd), dayEnd]
    for (const at of [...new Set(stops)].sort((a, b) => a - b)) {
      events += await postUntil(stage, at)
      for (const due of today) if (due.at === at) await runCampaign(stage, due)
      reached = at
    }
    stage.progress(historyDays - day + 1, historyDays + 1, events)
  }
  return events
}

/**
 * When days end on the businesses' own clocks. What happened by then is posted then: hours later, and every day would be one
 * that late events revised.
 */
function midnightsOf({ worlds }: Stage, after: number, before: number): number[] {
  return worlds
    .map(({ world: { profile } }) => startOfLocalDate(localDate(before - 1, profile.timeZone), profile.timeZone))
    .filter((at) => at > after && at < before)
}

async function postUntil(stage: Stage, until: number): Promise<number> {
  await stage.setClock(until)
  const counts = await Promise.all(
    stage.worlds.map(async ({ world, business }) => {
      await echoesDue(stage.baseUrl, world, business.wiring, until, until)
      return post(stage.baseUrl, world, business.wiring, takeUntil(world, until), until)
    }),
  )
  return counts.reduce((sum, n) => sum + n, 0)
}

type Due = Stage['worlds'][number] & { campaign: World['profile']['campaigns'][number]; at: number }

async function runCampaign(stage: Stage, { world, business, campaign, at }: Due): Promise<void> {
  await stage.settle()
  const { createCampaign } = await stage.ask<{ createCampaign: { id: string } }>(
    'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }',
    {
      input: {
        businessId: business.businessId,
        name: campaign.name,
        messageText: campaign.text,
        audience: {
          accountId: campaign.messenger ? business.pageAccountId : business.sandboxAccountId,
          topic: 'offers',
          wroteWithinDays: 90,
        },
        holdoutPercent: 10,
        conversionDays: 7,
      },
    },
  )
  await stage.ask(
    'mutation ($id: ID!, $businessId: ID, $at: DateTime) { scheduleCampaign(id: $id, businessId: $businessId, at: $at) { id } }',
    {
      id: createCampaign.id,
      businessId: business.businessId,
      at: new Date(at).toISOString(),
    },
  )
  await stage.settle()
  const sent = stage.takeSent(business.slug)
  await react(stage.baseUrl, world, business.wiring, sent, at)
}
