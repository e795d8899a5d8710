/**
 * The accounting of ingest under kill -9 (reliability.md A1): a process is killed at random instants while a provider
 * delivers; afterwards the client's witness file, the stores and an undisturbed run are compared, event by event and
 * figure by figure. The null control is the same run over an ingest that answers too early, and must lose.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { seededRandom } from '@fidelio/core/seeded-random.ts'
import { dayMs } from '@fidelio/core/time.ts'
import { removeEmbeddedPostgres } from '@fidelio/db/postgres/embedded.ts'
import type { StoredReport } from './ingest-accounting.ts'
import { type Client, type ClientOptions, openWitness, readWitness, startClient } from './ingest-client.ts'
import { factsOf, type World } from './ingest-world.ts'
import { createKillableServer, type KillableServer, type Start } from './kill-process.ts'

export type IngestFaultOptions = {
  seed: number
  kills: number
  /** Kills of the null control, which needs no more than it takes to lose something. */
  controlKills: number
  eventsPerSecond: number
  /** The run goes on after the last kill until so many deliveries were acknowledged. */
  acksMin: number
  deliveriesMax: number
  connections: number
  /** Mean time between a start and the next kill. */
  killEveryMs: number
  peoplePerPage: number
  log(line: string): void
}

/** What the witness and the store say about each other. */
export type Account = {
  kills: number
  acks: number
  cutRequests: number
  ackedEvents: number
  /** Acknowledged and not stored, or stored in part. */
  lost: number
  /** Stored as more facts than the event has. */
  doubled: number
  /** Rows that no sent event explains. */
  extra: number
  /** Never acknowledged, and stored: allowed, the answer was cut off. */
  unackedStored: number
  unackedAbsent: number
  rowIds: number
  /** Rows as they lie in the table: redeliveries that are not merged yet are the difference to `rowIds`. */
  copies: number
  inboxLeft: number
  failedEvents: number
  rebuiltEqual: boolean
}

export type UnderKills = {
  run: Account
  /** Names of the figures that differ from the undisturbed run. */
  differences: string[]
  starts: { count: number; slowestMs: number; medianMs: number; leftOversFound: number; leftOversStopped: number }
}

export type IngestFaultResult = { ok: boolean } & UnderKills & { control: Account }

/** Every fourth kill takes the database server along. */
const databaseKillEvery = 4
const startMsMax = 10_000

/** Both runs, for the long form. */
export async function runIngestFault(options: IngestFaultOptions): Promise<IngestFaultResult> {
  const exact = await runUnderKills(options)
  const control = await runControl(options)
  return { ok: keepsPromises(exact) && control.lost > 0, ...exact, control }
}

/** The product under kills, and the undisturbed run it is compared with. */
export async function runUnderKills(options: IngestFaultOptions): Promise<UnderKills> {
  const world = worldOf(options)
  const disturbed = await withServer(world, 'durable', (server, home) => killAndCount(options, world, server, home))
  options.log(`killed ${options.kills} times: ${JSON.stringify(disturbed.account)}`)
  const calm = await withServer(world, 'durable', (server, home) =>
    deliverOnce(options, world, server, home, disturbed.stored),
  )
  const differences = differencesOf(disturbed.report.figures, calm.figures)
  options.log(`figures that differ from the undisturbed run: ${differences.join(', ') || 'none'}`)
  return { run: disturbed.account, differences, starts: startsOf(disturbed.starts) }
}

/** The null control: the same kills over an ingest that answers before its rows are durable. */
export async function runControl(options: IngestFaultOptions): Promise<Account> {
  const world = worldOf(options)
  const controlled = { ...options, kills: options.controlKills, acksMin: 0 }
  const { account } = await withServer(world, 'early', (server, home) => killAndCount(controlled, world, server, home))
  options.log(`null control: ${JSON.stringify(account)}`)
  return account
}

/** Nothing lost, doubled or invented, no figure changed, and every start in time with the left-over database stopped. */
function keepsPromises({ run, differences, starts }: UnderKills): boolean {
  const { lost, doubled, extra, inboxLeft, failedEvents, rebuiltEqual, ackedEvents } = run
  const isExact = lost + doubled + extra + inboxLeft + failedEvents === 0 && rebuiltEqual && differences.length === 0
  const restarts = starts.slowestMs < startMsMax && starts.leftOversStopped === starts.leftOversFound
  return ackedEvents > 0 && isExact && restarts
}

function worldOf({ seed, peoplePerPage }: IngestFaultOptions): World {
  return { seed, endsAt: Math.floor(Date.now() / dayMs) * dayMs, peoplePerPage }
}

/** A fresh data directory, removed afterwards with its database, whatever happened. */
async function withServer<T>(
  world: World,
  ack: 'durable' | 'early',
  use: (server: KillableServer, home: string) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'fidelio-fault-'))
  const dataDir = join(home, 'data')
  const server = createKillableServer({ stores: { dataDir }, ack, world })
  try {
    const result = await use(server, home)
    await server.stop()
    return result
  } finally {
    // After a clean end there is nothing left to kill.
    await server.kill({ withDatabase: true })
    await removeEmbeddedPostgres(dataDir)
    await rm(home, { recursive: true, force: true })
  }
}

type Counted = { account: Account; report: StoredReport; starts: Start[]; stored: number[] }

async function killAndCount(
  options: IngestFaultOptions,
  world: World,
  server: KillableServer,
  home: string,
): Promise<Counted> {
  const random = seededRandom(world.seed)
  const witnessFile = join(home, 'witness')
  const witness = await openWitness(witnessFile)
  await server.start()
  const { deliveriesMax, eventsPerSecond, connections } = options
  const pace = { deliveriesMax, eventsPerSecond, connections, bodyEventsMax: 5 }
  const client = startClient({ world, random, numbers: count(), witness, address: server.address, ...pace })
  const starts = await killAgainAndAgain(options, server, client)
  while (client.acknowledged() < options.acksMin) await sleep(20)
  await client.finish()
  await witness.close()
  const report = await server.report()
  const acked = await readWitness(witnessFile, client.last())
  const facts = Buffer.from(report.facts, 'base64')
  const account = accountOf({ world, acked, facts, report, client, kills: options.kills })
  const stored = Array.from(facts.keys()).filter((n) => (facts[n] ?? 0) > 0)
  return { account, report, starts, stored }
}

async function killAgainAndAgain(
  options: IngestFaultOptions,
  server: KillableServer,
  client: Client,
): Promise<Start[]> {
  // Its own sequence, so that the instants do not hang on how often the client asked for a number.
  const random = seededRandom(options.seed + 1)
  const starts: Start[] = []
  for (let kill = 1; kill <= options.kills; kill++) {
    await sleep(2 * options.killEveryMs * random())
    client.giveUp(kill === options.kills)
    await server.kill({ withDatabase: kill % databaseKillEvery === 0 })
    starts.push(await server.start())
    client.giveUp(false)
    if (kill % 10 === 0) options.log(`${kill} kills, ${client.acknowledged()} deliveries acknowledged`)
  }
  return starts
}

export function accountOf(deps: {
  world: World
  acked: Uint8Array
  facts: Uint8Array
  report: StoredReport
  client: Client
  kills: number
}): Account {
  const { world, acked, facts, report, client } = deps
  const last = client.last()
  const account = { ackedEvents: 0, lost: 0, doubled: 0, extra: report.strays, unackedStored: 0, unackedAbsent: 0 }
  for (let n = 1; n < Math.max(facts.length, last + 1); n++) {
    const stored = facts[n] ?? 0
    const expected = n <= last ? factsOf(world, n) : 0
    if (acked[n]) account.ackedEvents++
    if (acked[n] && stored < expected) account.lost++
    if (stored > expected) account[expected === 0 ? 'extra' : 'doubled']++
    if (!acked[n] && n <= last) account[stored > 0 ? 'unackedStored' : 'unackedAbsent']++
  }
  const { rowIds, copies, inboxLeft, failedEvents, rebuiltEqual } = report
  const sent = { kills: deps.kills, acks: client.acknowledged(), cutRequests: client.cut() }
  return { ...sent, ...account, rowIds, copies, inboxLeft, failedEvents, rebuiltEqual }
}

/** The undisturbed run: exactly what the disturbed one stored, each event once, into a fresh store. */
async function deliverOnce(
  options: IngestFaultOptions,
  world: World,
  server: KillableServer,
  home: string,
  stored: readonly number[],
): Promise<StoredReport> {
  const witness = await openWitness(join(home, 'witness'))
  await server.start()
  const plan: Pick<ClientOptions, 'deliveriesMax' | 'bodyEventsMax' | 'eventsPerSecond'> = {
    deliveriesMax: 1,
    bodyEventsMax: 20,
    eventsPerSecond: Number.POSITIVE_INFINITY,
  }
  const numbers = stored.values()
  const random = seededRandom(world.seed + 2)
  const { connections } = options
  const client = startClient({ world, random, numbers, witness, address: server.address, connections, ...plan })
  await client.finishWhenSent()
  await witness.close()
  return server.report()
}

function differencesOf(disturbed: readonly unknown[], calm: readonly unknown[]): string[] {
  return disturbed.flatMap((figures, business) => {
    const mine = figures as Record<string, unknown>
    const theirs = calm[business] as Record<string, unknown>
    const names = Object.keys(mine).filter((name) => !isDeepStrictEqual(mine[name], theirs[name]))
    return names.map((name) => `business ${business + 1}: ${name}`)
  })
}

function startsOf(starts: readonly Start[]): IngestFaultResult['starts'] {
  const times = starts.map((start) => start.milliseconds).sort((a, b) => a - b)
  return {
    count: starts.length,
    slowestMs: times.at(-1) ?? 0,
    medianMs: times[Math.floor(times.length / 2)] ?? 0,
    leftOversFound: starts.filter((start) => start.foundLeftOver).length,
    leftOversStopped: starts.filter((start) => start.leftOverStopped).length,
  }
}

/** Event numbers without an end. */
export function* count(): Generator<number, undefined> {
  for (let n = 1; ; n++) yield n
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
