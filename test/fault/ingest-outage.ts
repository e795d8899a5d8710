/**
 * Stores that fall silent or vanish while a provider delivers (reliability.md A4): ClickHouse and PostgreSQL, one after
 * the other and both together, each reached through a proxy. Whatever was acknowledged must be stored once at the end,
 * memory stays bounded, and the server recovers by itself. The null control answers before rows are durable, and loses.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '@fidelio/core/seeded-random.ts'
import { dayMs } from '@fidelio/core/time.ts'
import { openEmbeddedClickHouse } from '@fidelio/db/clickhouse/embedded.ts'
import { DisposeStack } from '@fidelio/db/dispose-stack.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@fidelio/db/postgres/embedded.ts'
import { startClickHouseGateway } from '../support/clickhouse-http-gateway.ts'
import { openWitness, readWitness, startClient } from './ingest-client.ts'
import { type Account, accountOf, count } from './ingest-run.ts'
import type { World } from './ingest-world.ts'
import { createKillableServer, type KillableServer, type StoresPlace } from './kill-process.ts'
import { type ProxyMode, type StoreProxy, startStoreProxy } from './store-proxy.ts'

export type OutageOptions = {
  seed: number
  /** How long each outage lasts, and the calm after it. */
  outageSeconds: number
  calmSeconds: number
  eventsPerSecond: number
  deliveriesMax: number
  connections: number
  peoplePerPage: number
  log(line: string): void
}

/** What the client saw in one phase. */
export type Phase = {
  name: string
  acknowledged: number
  /** Requests answered 503, or not at all. */
  refused: number
  ackP50Ms: number
  ackP99Ms: number
  ackSlowestMs: number
  residentMbMax: number
}

export type OutageResult = { ok: boolean; phases: Phase[]; run: Account; control: Account }

type Outage = { name: string; clickhouse: ProxyMode; postgres: ProxyMode }

const outages: readonly Outage[] = [
  { name: 'ClickHouse silent', clickhouse: 'silent', postgres: 'pass' },
  { name: 'ClickHouse absent', clickhouse: 'absent', postgres: 'pass' },
  { name: 'PostgreSQL silent', clickhouse: 'pass', postgres: 'silent' },
  { name: 'PostgreSQL absent', clickhouse: 'pass', postgres: 'absent' },
  { name: 'both absent', clickhouse: 'absent', postgres: 'absent' },
]
const bothAbsent = outages.slice(-1)

/** reliability.md A4: the acknowledgement's p99 once the store is back, and the whole process's memory. */
export const ackAfterOutageMsMax = 250
export const residentMbMax = 700
/** The first moments after a store is back belong to its coming back: connections, and the inbox. */
const settlingSeconds = 3

export async function runIngestOutage(options: OutageOptions): Promise<OutageResult> {
  const exact = await runOutages(options, 'durable', outages)
  const control = await runOutages(options, 'early', bothAbsent)
  return { ok: keepsPromises(exact) && control.run.lost > 0, ...exact, control: control.run }
}

export function keepsPromises({ run, phases }: Pick<OutageResult, 'run' | 'phases'>): boolean {
  const { lost, doubled, extra, inboxLeft, failedEvents, rebuiltEqual, ackedEvents } = run
  const isExact = lost + doubled + extra + inboxLeft + failedEvents === 0 && rebuiltEqual && ackedEvents > 0
  const recovers = phases
    .filter((phase) => phase.name.startsWith('calm'))
    .every((phase) => phase.acknowledged > 0 && phase.ackP99Ms <= ackAfterOutageMsMax)
  // One store is enough to take events.
  const carriesOn = phases.every((phase) => phase.acknowledged > 0 || phase.name.startsWith('both'))
  return isExact && recovers && carriesOn && phases.every((phase) => phase.residentMbMax < residentMbMax)
}

/** One server through all given outages, with a calm after each. */
export async function runOutages(
  options: OutageOptions,
  ack: 'durable' | 'early',
  through: readonly Outage[] = outages,
): Promise<{ run: Account; phases: Phase[] }> {
  await using owned = new DisposeStack()
  const home = await mkdtemp(join(tmpdir(), 'fidelio-outage-'))
  owned.use({ [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }) })
  const { stores, clickhouse, postgres } = await startStores(home, owned)
  const world: World = {
    seed: options.seed,
    endsAt: Math.floor(Date.now() / dayMs) * dayMs,
    peoplePerPage: options.peoplePerPage,
  }
  const server = createKillableServer({ stores, ack, world })
  owned.use({ [Symbol.asyncDispose]: () => server.kill({ withDatabase: false }) })
  await server.start()
  const deliveries = await deliver(options, world, server, join(home, 'witness'))
  const phases = [await deliveries.phase('warm', options.calmSeconds)]
  for (const outage of through) {
    await become(clickhouse, postgres, outage)
    phases.push(await deliveries.phase(outage.name, options.outageSeconds))
    await become(clickhouse, postgres, { clickhouse: 'pass', postgres: 'pass' })
    phases.push(await deliveries.phase(`after ${outage.name}`, settlingSeconds))
    phases.push(await deliveries.phase(`calm after ${outage.name}`, options.calmSeconds))
    for (const phase of phases.slice(-3)) options.log(JSON.stringify(phase))
  }
  const run = await deliveries.account()
  await server.stop()
  return { run, phases }
}

async function become(
  clickhouse: StoreProxy,
  postgres: StoreProxy,
  modes: Pick<Outage, 'clickhouse' | 'postgres'>,
): Promise<void> {
  await Promise.all([clickhouse.become(modes.clickhouse), postgres.become(modes.postgres)])
}

async function startStores(
  home: string,
  owned: DisposeStack,
): Promise<{ stores: StoresPlace; clickhouse: StoreProxy; postgres: StoreProxy }> {
  const dataDir = join(home, 'postgres')
  owned.use({ [Symbol.asyncDispose]: () => removeEmbeddedPostgres(dataDir) })
  const database = owned.use(await startEmbeddedPostgres({ dataDir, log: silentLog }))
  const engine = openEmbeddedClickHouse(join(home, 'clickhouse'))
  owned.use({ [Symbol.asyncDispose]: () => engine.close() })
  const gateway = owned.use(await startClickHouseGateway(engine))
  const postgres = owned.use(await startStoreProxy(Number(new URL(database.appUrl).port)))
  const clickhouse = owned.use(await startStoreProxy(Number(new URL(gateway.url).port)))
  const through = (url: string, proxy: StoreProxy) => {
    const changed = new URL(url)
    changed.port = String(proxy.port)
    return changed.href
  }
  const stores = {
    databaseUrl: through(database.appUrl, postgres),
    databaseOwnerUrl: through(database.ownerUrl, postgres),
    clickhouseUrl: through(gateway.url, clickhouse),
  }
  return { stores, clickhouse, postgres }
}

type Deliveries = {
  /** Delivers for so many seconds and says what happened meanwhile. */
  phase(name: string, seconds: number): Promise<Phase>
  /** Ends the deliveries and compares the witness with the stores. */
  account(): Promise<Account>
}

async function deliver(
  options: OutageOptions,
  world: World,
  server: KillableServer,
  witnessFile: string,
): Promise<Deliveries> {
  const witness = await openWitness(witnessFile)
  let latencies: number[] = []
  let refused = 0
  const { deliveriesMax, eventsPerSecond, connections } = options
  const client = startClient({
    world,
    random: seededRandom(world.seed),
    numbers: count(),
    witness,
    address: server.address,
    deliveriesMax,
    eventsPerSecond,
    connections,
    bodyEventsMax: 5,
    answered(isAcknowledged, milliseconds) {
      if (isAcknowledged) latencies.push(milliseconds)
      else refused++
    },
  })
  return {
    async phase(name, seconds) {
      latencies = []
      refused = 0
      const before = client.acknowledged()
      const memory = await highestMemory(server.pid(), seconds)
      const sorted = latencies.toSorted((a, b) => a - b)
      const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
      const acknowledged = client.acknowledged() - before
      const acks = { ackP50Ms: at(0.5), ackP99Ms: at(0.99), ackSlowestMs: at(1) }
      return { name, acknowledged, refused, ...acks, residentMbMax: memory }
    },
    async account() {
      await client.finish()
      await witness.close()
      const report = await server.report()
      const acked = await readWitness(witnessFile, client.last())
      return accountOf({ world, acked, facts: Buffer.from(report.facts, 'base64'), report, client, kills: 0 })
    },
  }
}

/** Resident megabytes of a process, the highest of what is seen twice a second for so long. */
async function highestMemory(pid: number, seconds: number): Promise<number> {
  let highest = 0
  const until = performance.now() + seconds * 1000
  while (performance.now() < until) {
    const [, resident] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')
    highest = Math.max(highest, (Number(resident) * 4096) / 2 ** 20)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  return Math.round(highest)
}
