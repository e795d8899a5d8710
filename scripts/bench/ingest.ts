/**
 * Ingest against a bare twin (issue "The walking product"; design.md §7): requests per second of the product's server,
 * durable before its 200, and of a Koa server that reads, verifies, parses and answers. Both are driven in turn by the
 * same load generator over 256 connections: 10 Pages, 10 000 known contacts, texts of 60 characters.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { pages, setUp } from './bench-business.ts'
import { cpuCases, spentBy } from './ingest-cpu.ts'
import type { LoadOrder, LoadReport } from './ingest-load.ts'
import type { RawOrder, RawReport } from './ingest-raw.ts'
import { processMicroseconds, processorTimes, residentMiB, stealShareMax, stolenShare } from './machine.ts'
import { startProduct } from './product.ts'
import { type BenchCase, type BenchOptions, type BenchResult, boundCase, median, ratioCase } from './report.ts'

const connections = 256
const contactsPerPage = 1000
const roundsMax = 15
/** Requests prepared per second of a round: above what either side answers. */
const preparedPerSecond = { single: 24_000, batch20: 12_000 } as const
const eventsPerBody = { single: 1, batch20: 20 } as const
const targets = { single: 0.6, batch20: 0.35 } as const
/** For the time to the answer: a load that leaves room, as a real installation has it. */
const pacedPerSecond = 1000
const ackMsMax = 50
const residentMiBMax = 700

type CaseName = keyof typeof targets
type Side = { port: number; pid: number }
type Measured = { perSecond: number; microsecondsPerRequest: number }
type Round = { product: Measured; twin: Measured; quiet: boolean }

export async function run(options: BenchOptions): Promise<BenchResult> {
  const secret = randomBytes(16).toString('hex')
  await using product = await startProduct()
  await setUp(product, secret)
  using twin = forkOwn('ingest-twin.ts', [secret])
  using load = forkOwn('ingest-load.ts', [])
  const { port } = await reply<{ port: number }>(twin.child)
  const twinSide = { port, pid: twin.child.pid ?? 0 }
  const fire = (side: Side, order: Partial<LoadOrder>) => fireAt(load.child, side, secret, order)

  console.log('Making 10 000 contacts known …')
  await fire(product, { requests: 500, eventsPerBody: 20, connections: 16, milliseconds: 60_000, inTurn: true })

  const cases: Record<string, BenchCase> = {}
  const rounds: Record<CaseName, Round[]> = { single: [], batch20: [] }
  for (const name of ['single', 'batch20'] as const) {
    const order = { requests: preparedPerSecond[name] * options.seconds, eventsPerBody: eventsPerBody[name] }
    // The compilers of both sides get warm before the first round counts.
    for (const side of [product, twinSide])
      await fire(side, { ...order, requests: preparedPerSecond[name], milliseconds: 1000 })
    const before = await spentBy(product)
    rounds[name] = await runRounds(name, options, (side, order) => fire(side, order), product, twinSide)
    const { judged, quiet } = quietRounds(rounds[name], options.rounds)
    const value = median(judged.map((round) => round.product.perSecond))
    const against = median(judged.map((round) => round.twin.perSecond))
    cases[name] = ratioCase({ value, against, unit: 'requests/s' }, targets[name], quiet)
    const twinPerEvent = median(judged.map((round) => round.twin.microsecondsPerRequest)) / eventsPerBody[name]
    const sides = { before, after: await spentBy(product), twinPerEvent, contactsPerPage, quiet }
    Object.assign(cases, await cpuCases(name, sides, insertRaw))
  }
  const isQuiet = rounds.single.some((round) => round.quiet)
  const half = Math.round((cases.single?.value ?? 0) / 2)
  for (const [name, perSecond] of [['ack_p99_ms', pacedPerSecond] as const, ['ack_p99_half_ms', half] as const]) {
    const paced = await fire(product, { requests: perSecond * options.seconds, perSecond })
    cases[name] = boundCase(paced.p99Ms, `ms at ${perSecond} requests/s`, ackMsMax, isQuiet)
  }
  cases.rss_mb = boundCase(residentMiB(product.pid), 'MiB', residentMiBMax, true)
  return { bench: 'ingest', cases }
}

/** Both sides in turn, the starting one alternating, until enough rounds were quiet or fifteen were tried. */
async function runRounds(
  name: CaseName,
  options: BenchOptions,
  fire: (side: Side, order: Partial<LoadOrder>) => Promise<LoadReport>,
  product: Side,
  twin: Side,
): Promise<Round[]> {
  const order = { requests: preparedPerSecond[name] * options.seconds, eventsPerBody: eventsPerBody[name] }
  const milliseconds = options.seconds * 1000
  const rounds: Round[] = []
  while (rounds.filter((round) => round.quiet).length < options.rounds && rounds.length < roundsMax) {
    const sides = rounds.length % 2 === 0 ? (['product', 'twin'] as const) : (['twin', 'product'] as const)
    const before = processorTimes()
    const measured = new Map<'product' | 'twin', Measured>()
    for (const which of sides) {
      const side = which === 'product' ? product : twin
      measured.set(which, await measure(side, (target) => fire(target, { ...order, milliseconds })))
    }
    const stolen = stolenShare(before, processorTimes())
    const [productMeasured, twinMeasured] = [measured.get('product'), measured.get('twin')]
    if (!productMeasured || !twinMeasured) throw new Error('unreachable: both sides were measured')
    rounds.push({ product: productMeasured, twin: twinMeasured, quiet: stolen <= stealShareMax })
    const ratio = productMeasured.perSecond / twinMeasured.perSecond
    console.log(
      `${name} round ${rounds.length}: product ${productMeasured.perSecond.toFixed(0)}/s, twin ${twinMeasured.perSecond.toFixed(0)}/s, ratio ${ratio.toFixed(3)}, stolen ${(stolen * 100).toFixed(1)} %`,
    )
  }
  return rounds
}

async function measure(side: Side, work: (side: Side) => Promise<LoadReport>): Promise<Measured> {
  const before = processMicroseconds(side.pid)
  const report = await work(side)
  if (report.refused > 0) throw new Error(`${report.refused} requests were not answered with 200`)
  return {
    perSecond: report.answered / (report.milliseconds / 1000),
    microsecondsPerRequest: (processMicroseconds(side.pid) - before) / report.answered,
  }
}

function quietRounds(rounds: Round[], wanted: number): { judged: Round[]; quiet: boolean } {
  const quiet = rounds.filter((round) => round.quiet)
  return quiet.length > 0 ? { judged: quiet.slice(0, wanted), quiet: true } : { judged: rounds, quiet: false }
}

/** A process of its own per size: one process can open one directory. */
async function insertRaw(order: RawOrder): Promise<RawReport> {
  using raw = forkOwn('ingest-raw.ts', [])
  raw.child.send(order)
  return await reply<RawReport>(raw.child)
}

let run36 = 0

async function fireAt(load: ChildProcess, side: Side, secret: string, order: Partial<LoadOrder>): Promise<LoadReport> {
  const full: LoadOrder = {
    port: side.port,
    connections,
    requests: 1000,
    milliseconds: 60_000,
    perSecond: 0,
    eventsPerBody: 1,
    pages,
    contactsPerPage,
    secret,
    run: `${Date.now().toString(36)}${(run36++).toString(36)}`,
    ...order,
  }
  load.send(full)
  return reply<LoadReport>(load)
}

/** A process of the bench's own; ended with its scope. */
export function forkOwn(file: string, args: string[]): Disposable & { child: ChildProcess } {
  const child = fork(join(import.meta.dirname, file), args, { execArgv: ['--import', 'tsx'] })
  return { child, [Symbol.dispose]: () => child.kill() }
}

/** What the process says next. Rejects when it ends instead. */
export function reply<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`A helper process ended with status ${code}`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message as T)
    })
  })
}
