/**
 * Fairness (features.md 1.11): one business sends what it always sends, another first what its quota allows and then
 * twenty times as much. The time to the acknowledgement of the first must not move by more than a tenth. Both states are
 * measured in turn, so that what else the machine does falls on both.
 */
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { pages, setUp } from './bench-business.ts'
import { forkOwn, reply } from './ingest.ts'
import type { LoadOrder, LoadReport } from './ingest-load.ts'
import { processMicroseconds, processorTimes, stealShareMax, stolenShare } from './machine.ts'
import { type Product, startProduct } from './product.ts'
import { type BenchOptions, type BenchResult, median, ratioCase, valueCase } from './report.ts'

/** Events per second and business; a tenth of a second's worth may come at once. */
const quota = { eventsPerSecond: 100, burstEvents: 10 }
const floodFactor = 20
/** A flood below this share of what was meant is not judged. */
const reachedMin = 0.9
/** What the quiet business sends, evenly. */
const quietPerSecond = 300
/** "Moves by less than 10 %": 1 / 1.1. */
const target = 0.909
const noisyPage = '8020000000000010'
const roundsMax = 9

type State = { quiet: LoadReport; noisy: LoadReport; spent: number }
/** `reached`: how many times its quota the noisy business really sent, for it waits for answers as any sender does. */
type Round = { calmP99Ms: number; floodP99Ms: number; reached: number; microsecondsPerSurplus: number; quiet: boolean }

export async function run(options: BenchOptions): Promise<BenchResult> {
  const [secret, noisySecret] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')]
  await using product = await startProduct()
  await setUp(product, secret)
  const noisyId = await setUpNoisy(product, noisySecret)
  using quietLoad = forkOwn('ingest-load.ts', [])
  using noisyLoad = forkOwn('ingest-load.ts', [])
  const milliseconds = options.seconds * 1000
  const fire = (load: ChildProcess, order: Partial<LoadOrder>) => fireAt(load, product.port, order)
  const quietOrder = {
    secret,
    pages,
    requests: quietPerSecond * options.seconds,
    perSecond: quietPerSecond,
    milliseconds,
  }
  const noisyOrder = (factor: number) => {
    const perSecond = quota.eventsPerSecond * factor
    return { secret: noisySecret, pages: [noisyPage], requests: perSecond * options.seconds, perSecond, milliseconds }
  }
  console.log('Making the contacts known …')
  const known = { requests: 500, eventsPerBody: 20, connections: 16, milliseconds: 60_000, inTurn: true, perSecond: 0 }
  await fire(quietLoad.child, { ...quietOrder, ...known })
  await fire(noisyLoad.child, { ...noisyOrder(1), ...known, requests: 50 })
  await product.ask(`mutation ($input: SetIntakeQuotaInput!) { setIntakeQuota(input: $input) { eventsPerSecond } }`, {
    input: { businessId: noisyId, ...quota },
  })

  const rounds: Round[] = []
  const enough = () => rounds.filter((round) => round.quiet).length >= options.rounds || rounds.length >= roundsMax
  while (!enough()) {
    const before = processorTimes()
    const measured = new Map<number, State>()
    for (const factor of rounds.length % 2 === 0 ? [1, floodFactor] : [floodFactor, 1]) {
      const spent = processMicroseconds(product.pid)
      const [quiet, noisy] = await Promise.all([
        fire(quietLoad.child, quietOrder),
        fire(noisyLoad.child, noisyOrder(factor)),
      ])
      if (quiet.refused > 0) throw new Error('The quiet business was refused')
      measured.set(factor, { quiet, noisy, spent: processMicroseconds(product.pid) - spent })
    }
    const [calm, flood] = [measured.get(1), measured.get(floodFactor)]
    if (!calm || !flood) throw new Error('unreachable: both states were measured')
    rounds.push(roundOf(calm, flood, stolenShare(before, processorTimes())))
    console.log(`round ${rounds.length}: ${JSON.stringify(rounds.at(-1))}`)
  }
  const quiet = rounds.filter((round) => round.quiet)
  const judged = quiet.length > 0 ? quiet.slice(0, options.rounds) : rounds
  const calm = median(judged.map((round) => round.calmP99Ms))
  const flood = median(judged.map((round) => round.floodP99Ms))
  const { business } = await product.ask<{ business: { intakeUsage: { today: number; deferredEvents: number } } }>(
    'query ($id: ID) { business(id: $id) { intakeUsage { today deferredEvents } } }',
    { id: noisyId },
  )
  return {
    bench: 'fairness',
    cases: {
      // Turned round, so that more is better, as in every other case: what it was over what it became.
      p99: ratioCase({ value: calm, against: flood, unit: 'ms' }, target, quiet.length > 0),
      flood_reached: valueCase(median(judged.map((round) => round.reached)), 'times the quota', quiet.length > 0),
      cpu_surplus: valueCase(
        median(judged.map((round) => round.microsecondsPerSurplus)),
        'µs per request above the quota',
        quiet.length > 0,
      ),
      noisy_admitted: valueCase(business.intakeUsage.today, 'events', true),
      noisy_waiting: valueCase(business.intakeUsage.deferredEvents, 'events', true),
    },
  }
}

/** A round in which the flood was not one says nothing about floods, as one on a machine that was busy elsewhere. */
function roundOf(calm: State, flood: State, stolen: number): Round {
  const sent = ({ noisy }: State) => noisy.answered + noisy.refused
  const reached = sent(flood) / (flood.noisy.milliseconds / 1000) / quota.eventsPerSecond
  return {
    calmP99Ms: calm.quiet.p99Ms,
    floodP99Ms: flood.quiet.p99Ms,
    reached,
    microsecondsPerSurplus: (flood.spent - calm.spent) / Math.max(1, sent(flood) - sent(calm)),
    quiet: stolen <= stealShareMax && reached >= floodFactor * reachedMin,
  }
}

/** A business with an app and a Page of its own; its quota comes when its contacts are known. */
async function setUpNoisy(product: Product, appSecret: string): Promise<string> {
  const { createBusiness } = await product.ask<{ createBusiness: { id: string } }>(
    `mutation ($input: CreateBusinessInput!) { createBusiness(input: $input) { id } }`,
    { input: { name: 'Noisy' } },
  )
  const businessId = createBusiness.id
  const { connectMetaApp } = await product.ask<{ connectMetaApp: { id: string } }>(
    `mutation ($input: ConnectMetaAppInput!) { connectMetaApp(input: $input) { id } }`,
    { input: { businessId, appId: 'noisy', verifyToken: 'noisy', appSecret } },
  )
  const account = {
    businessId,
    channel: 'MESSENGER',
    name: 'Noisy',
    externalId: noisyPage,
    metaAppId: connectMetaApp.id,
  }
  await product.ask(`mutation ($input: ConnectAccountInput!) { connectAccount(input: $input) { account { id } } }`, {
    input: account,
  })
  return businessId
}

let runs = 0

function fireAt(load: ChildProcess, port: number, order: Partial<LoadOrder>): Promise<LoadReport> {
  const full: LoadOrder = {
    port,
    connections: 64,
    requests: 1000,
    milliseconds: 60_000,
    perSecond: 0,
    eventsPerBody: 1,
    pages: [],
    contactsPerPage: 1000,
    secret: '',
    run: `f${Date.now().toString(36)}${(runs++).toString(36)}`,
    ...order,
  }
  load.send(full)
  return reply<LoadReport>(load)
}
