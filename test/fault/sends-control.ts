/**
 * The null control (reliability.md A13): the same world and the same faults, sent by workers that call before they claim
 * and try again whatever they have no answer for. It must double; otherwise the accounting proves nothing.
 */
import { manualClock } from '@fidelio/core/time.ts'
import type { Tenancy } from '@fidelio/db/tenancy.ts'
import { type FakeGraph, startFakeGraph } from './fake-graph.ts'
import { seeded } from './sends-accounting.ts'
import { createSendWorld, plannedRun, type SendWorld } from './sends-world.ts'

export type ControlAccount = { people: number; delivered: number; doubled: number }

const roundsMax = 10

export async function accountWithoutClaims(
  stores: Tenancy,
  options: { people: number; seed: number },
): Promise<ControlAccount> {
  const random = seeded(options.seed)
  await using graph = await startFakeGraph()
  const world = await createSendWorld(stores, manualClock(Date.UTC(2026, 10, 22, 6)), options.people, 150)
  const campaign = await world.launch()
  await plannedRun(world, graph, campaign.id)
  graph.fault = () => (random() < 0.05 ? 'reset_after_accept' : null)
  for (let round = 0; round < roundsMax; round++) {
    const left = await Promise.all([sendUnclaimed(world, graph, campaign.id), sendUnclaimed(world, graph, campaign.id)])
    if (Math.max(...left) === 0) break
  }
  const perPerson = new Map<string, number>()
  for (const { recipient } of graph.accepted) perPerson.set(recipient, (perPerson.get(recipient) ?? 0) + 1)
  const doubled = [...perPerson.values()].filter((count) => count > 1).length
  return { people: options.people, delivered: graph.accepted.length, doubled }
}

/** Reads what is planned, calls, and only then writes. Answers with how many people it found. */
async function sendUnclaimed(world: SendWorld, graph: FakeGraph, campaignId: string): Promise<number> {
  const adapter = world.registry(graph).adapterOf('messenger')
  if (!adapter) throw new Error('no adapter')
  const worker = world.stores.forWorker()
  const planned = await worker.tx(
    (sql) => sql<{ id: string; recipient: string }[]>`
      select id, recipient from sends where campaign_id = ${campaignId} and status = 'planned' limit 50`,
  )
  await Promise.all(
    planned.map(async ({ id, recipient }) => {
      const message = {
        accountExternalId: world.pageId,
        recipient,
        text: 'x',
        sendId: id,
        messagingType: 'UPDATE',
      } as const
      const answer = await adapter.send(message, { accessToken: 'token' })
      if (answer.outcome !== 'accepted') return
      await worker.tx((sql) => sql`update sends set status = 'accepted' where id = ${id}`)
    }),
  )
  return planned.length
}
