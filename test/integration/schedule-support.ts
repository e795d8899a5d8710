/** Campaigns with schedules, and the ticks of a scheduler that runs them, for the suites about when things go out. */

import { finishCampaigns } from '@fidelio/db/records/campaign-runs.ts'
import type { ScheduleInput } from '@fidelio/db/records/campaign-steering.ts'
import { scheduleCampaign } from '@fidelio/db/records/campaign-steering.ts'
import { type CampaignRecord, createCampaign, listCampaigns, type NewCampaign } from '@fidelio/db/records/campaigns.ts'
import { countSends } from '@fidelio/db/records/sends.ts'
import { contextOf } from '@fidelio/scheduler/deps.ts'
import { dispatch } from '@fidelio/scheduler/dispatch.ts'
import { planDue } from '@fidelio/scheduler/plan.ts'
import { expect } from 'vitest'
import type { FakeGraph } from '../fault/fake-graph.ts'
import { psid, type SendWorld, worldTopic } from '../fault/sends-world.ts'

export const once = (startLocal: string, inContactZone = false): ScheduleInput => ({
  startLocal,
  rule: '',
  inContactZone,
})
export const daily = (startLocal: string, more = ''): ScheduleInput => ({
  startLocal,
  rule: `FREQ=DAILY${more}`,
  inContactZone: false,
})

export async function draft(world: SendWorld, changes: Partial<NewCampaign> = {}): Promise<CampaignRecord> {
  const input = {
    name: 'Autumn',
    accountId: world.accountId,
    topic: worldTopic,
    messageText: 'Hello',
    audience: {},
    holdoutPercent: 0,
    conversionDays: 7,
    offerEndsAt: null,
    createdBy: '',
    ...changes,
  }
  const created = await createCampaign(world.db, input, world.clock.now())
  if (created.kind !== 'saved') throw new Error(JSON.stringify(created))
  return created.campaign
}

export async function scheduled(world: SendWorld, when: Date | ScheduleInput, changes: Partial<NewCampaign> = {}) {
  const { id } = await draft(world, changes)
  const outcome = await scheduleCampaign(world.db, id, when, world.clock.now())
  if (outcome.kind !== 'saved') throw new Error(JSON.stringify(outcome))
  return outcome.campaign
}

/** One tick of a scheduler, and of two side by side when asked. Everybody keeps writing, so windows stay open. */
export async function tick(world: SendWorld, graph: FakeGraph, replicas = 1): Promise<void> {
  await world.stores
    .forWorker()
    .tx((sql) => sql`update threads set last_inbound_at = ${world.clock.now()} where business_id = ${world.businessId}`)
  await Promise.all(
    Array.from({ length: replicas }, async () => {
      const context = contextOf(world.deps(graph))
      await planDue(context)
      await dispatch(context)
      await world.stores.forWorker().tx((sql) => finishCampaigns(sql, world.clock.now()))
    }),
  )
}

export async function runsOf(world: SendWorld, series: CampaignRecord): Promise<CampaignRecord[]> {
  const { campaigns } = await listCampaigns(world.db, { first: 200 })
  return campaigns.filter((each) => each.seriesId === series.id).sort((a, b) => (a.slotLocal < b.slotLocal ? -1 : 1))
}

export async function expectSums(world: SendWorld): Promise<void> {
  const { campaigns } = await listCampaigns(world.db, { first: 200 })
  for (const { id } of campaigns) expect((await countSends(world.db, id)).sumsHold).toBe(true)
}

/** Messages one person really got. */
export const countOf = (world: SendWorld, graph: FakeGraph, contactId: number) =>
  graph.accepted.filter((each) => each.pageId === world.pageId && each.recipient === psid(contactId)).length

export const setPolicy = (world: SendWorld, set: { quiet?: object | null; cap?: object | null }) =>
  world.db.tx(
    (sql) => sql`
      update businesses set quiet_hours = ${set.quiet ? sql.json({ ...set.quiet }) : null},
             frequency_cap = ${set.cap ? sql.json({ ...set.cap }) : null}
       where id = ${world.businessId}`,
  )

export const setZone = (world: SendWorld, contactId: number, zone: string) =>
  world.db.tx(
    (sql) => sql`update contacts set time_zone = ${zone} where business_id = ${world.businessId} and id = ${contactId}`,
  )
