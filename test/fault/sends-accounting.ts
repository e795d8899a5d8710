/**
 * The account of a campaign sent under faults (reliability.md A12): what the provider counted against what our rows say.
 * Several workers, a provider that fails after accepting, workers that die, echoes that come late, twice and out of order,
 * people who opt out while it runs. Everything random comes from the seed.
 */
import { type ManualClock, manualClock, minuteMs, secondMs } from '@fidelio/core/time.ts'
import { finishCampaigns } from '@fidelio/db/records/campaign-runs.ts'
import { findCampaign } from '@fidelio/db/records/campaigns.ts'
import { countSends, listSends } from '@fidelio/db/records/sends.ts'
import type { Tenancy } from '@fidelio/db/tenancy.ts'
import { contextOf, type SchedulerContext } from '@fidelio/scheduler/deps.ts'
import { dispatch } from '@fidelio/scheduler/dispatch.ts'
import { planDue } from '@fidelio/scheduler/plan.ts'
import { reconcile } from '@fidelio/scheduler/reconcile.ts'
import { type AcceptedMessage, type FakeGraph, type GraphFault, startFakeGraph } from './fake-graph.ts'
import { mortalStores } from './mortal-stores.ts'
import { createSendWorld, psid, type SendWorld } from './sends-world.ts'

export type AccountingOptions = { people: number; workers: number; deaths: number; optOuts: number; seed: number }

export type SendsAccount = {
  people: number
  /** Messages the provider accepted. */
  delivered: number
  /** The most any one person got: the promise is 1. */
  mostPerPerson: number
  accepted: number
  unknownFinal: number
  rejected: number
  withdrawn: number
  /** Rows that say accepted although the provider has nothing: must be 0. */
  acceptedButNotDelivered: number
  /** Delivered, and our row says neither accepted nor unknown: must be 0. */
  deliveredButNotListed: number
  /** Messages to people after their opt-out was stored: must be 0. */
  sentAfterOptOut: number
  sumsHold: boolean
  deaths: number
  rounds: number
  finished: boolean
}

/** Share of calls with each fault, as in reliability.md A12. */
const faultShares: readonly (readonly [GraphFault, number])[] = [
  ['reset_after_accept', 0.03],
  ['silence_after_accept', 0.03],
  ['error_500_after_accept', 0.02],
  ['reset_before_accept', 0.02],
  ['throttle', 0.01],
]
const echoDelayMsMax = 10 * minuteMs
const roundMs = 20 * secondMs
/** Simulated; the window of the people in the world closes after a day. */
const roundsMax = 3_000
const sendTimeoutMs = 150

export async function accountSends(stores: Tenancy, options: AccountingOptions): Promise<SendsAccount> {
  const random = seeded(options.seed)
  const clock = manualClock(Date.UTC(2026, 10, 22, 6))
  await using graph = await startFakeGraph()
  const world = await createSendWorld(stores, clock, options.people, sendTimeoutMs)
  const campaign = await world.launch()
  const crew = createCrew(world, graph, options.workers)
  const echoes = createEchoes(world, graph, random, clock)
  // Deaths are spread over the first calls, in the middle of whatever the workers are doing.
  const deathEvery = Math.max(1, Math.floor((options.people * 0.9) / Math.max(1, options.deaths)))
  let deaths = 0
  graph.fault = (_recipient, call) => {
    if (deaths < options.deaths && call % deathEvery === 0) {
      deaths++
      crew.kill(Math.floor(random() * options.workers))
    }
    return pickFault(random)
  }
  await planDue(contextOf(world.deps(graph)))
  const optedOut = new Map<string, number>()
  let rounds = 0
  for (; rounds < roundsMax; rounds++) {
    await crew.round()
    await echoes.deliverDue()
    // Nothing is on the wire between two rounds: whoever opts out here and has no message yet must never get one.
    for (let i = 0; i < options.optOuts / 10 && optedOut.size < options.optOuts; i++) {
      const contactId = 1 + Math.floor(random() * options.people)
      await world.revoke(contactId)
      if (!optedOut.has(psid(contactId))) optedOut.set(psid(contactId), graph.accepted.length)
    }
    clock.advance(roundMs)
    if ((await findCampaign(world.db, campaign.id))?.status === 'done' && echoes.waiting() === 0) break
  }
  const sentAfterOptOut = graph.accepted.filter(
    ({ recipient }, index) => index >= (optedOut.get(recipient) ?? Number.POSITIVE_INFINITY),
  ).length
  const books = await balance(world, graph, campaign.id)
  return { people: options.people, ...books, sentAfterOptOut, deaths, rounds, finished: rounds < roundsMax }
}

function pickFault(random: () => number): GraphFault | null {
  let left = random()
  for (const [fault, share] of faultShares) {
    left -= share
    if (left < 0) return fault
  }
  return null
}

/** Workers that are replaced when they die. A round is what each of them does in one tick, all at once. */
function createCrew(world: SendWorld, graph: FakeGraph, size: number) {
  const hire = () => {
    const mortal = mortalStores(world.stores)
    return { mortal, context: contextOf(world.deps(graph, { stores: mortal.stores })) }
  }
  const workers = Array.from({ length: size }, hire)
  return {
    kill(index: number) {
      workers[index]?.mortal.kill()
    },
    async round() {
      await Promise.all(workers.map(({ context, mortal }) => tick(context, () => mortal.isDead())))
      for (const [index, { mortal }] of workers.entries()) if (mortal.isDead()) workers[index] = hire()
    },
  }
}

async function tick(context: SchedulerContext, isDead: () => boolean): Promise<void> {
  try {
    await dispatch(context)
    await reconcile(context)
    await context.stores.forWorker().tx((sql) => finishCampaigns(sql, context.clock.now()))
  } catch (error) {
    // A dead worker fails in everything it tries; anything else is a finding.
    if (!isDead()) throw error
  }
}

/** Echoes come up to ten minutes late, out of order, one in ten twice, one in a hundred never. */
function createEchoes(world: SendWorld, graph: FakeGraph, random: () => number, clock: ManualClock) {
  let seen = 0
  let queue: { at: number; message: AcceptedMessage }[] = []
  return {
    waiting: () => queue.length,
    async deliverDue() {
      const now = clock.now().getTime()
      for (const message of graph.accepted.slice(seen)) {
        const copies = random() < 0.01 ? 0 : random() < 0.1 ? 2 : 1
        for (let copy = 0; copy < copies; copy++) queue.push({ at: now + random() * echoDelayMsMax, message })
      }
      seen = graph.accepted.length
      const due = queue.filter((echo) => echo.at <= now)
      queue = queue.filter((echo) => echo.at > now)
      await world.echo(due.map((echo) => echo.message).sort(() => random() - 0.5))
    },
  }
}

/** Our rows against the provider's list, person by person. */
async function balance(world: SendWorld, graph: FakeGraph, campaignId: string) {
  const funnel = await countSends(world.db, campaignId)
  const delivered = new Set(graph.accepted.map((message) => message.metadata.slice('send:'.length)))
  const counts = { accepted: 0, unknownFinal: 0, rejected: 0, withdrawn: 0 }
  let acceptedButNotDelivered = 0
  let deliveredButNotListed = 0
  for (let after: number | undefined; ; ) {
    const page = await listSends(world.db, { campaignId, first: 5_000, after })
    for (const { id, status } of page.sends) {
      if (status === 'accepted') counts.accepted++
      if (status === 'unknown_final') counts.unknownFinal++
      if (status === 'rejected') counts.rejected++
      if (status === 'withdrawn') counts.withdrawn++
      if (status === 'accepted' && !delivered.has(id)) acceptedButNotDelivered++
      if (delivered.has(id) && status !== 'accepted' && status !== 'unknown_final') deliveredButNotListed++
    }
    after = page.sends.at(-1)?.contactId
    if (!page.hasMore) break
  }
  const settled = counts.accepted + counts.unknownFinal + counts.rejected + counts.withdrawn
  return {
    delivered: graph.accepted.length,
    mostPerPerson: graph.mostPerPerson(),
    ...counts,
    acceptedButNotDelivered,
    deliveredButNotListed,
    sumsHold: funnel.sumsHold && funnel.targeted === settled,
  }
}

/** Whether an account keeps every promise of reliability.md §4. */
export function keepsPromises(account: SendsAccount): boolean {
  return (
    account.finished &&
    account.mostPerPerson === 1 &&
    account.acceptedButNotDelivered === 0 &&
    account.deliveredButNotListed === 0 &&
    account.sentAfterOptOut === 0 &&
    account.sumsHold
  )
}

/** mulberry32: small, and the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
