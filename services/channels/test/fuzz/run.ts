/** The fuzzer's loop: makes inputs, asks the parsers, and stops at the first broken promise with all it takes to see it again. */
import { futureToleranceMs, type ParsedEvent } from '@fidelio/core/event.ts'
import { receivedAt } from '../fixtures.ts'
import { garbled, keysOf, mutated, type Random, randomFrom, type Tree, textOfTree, treeOf } from './generate.ts'
import type { Level, Said, Target } from './targets.ts'

export type FuzzOptions = {
  targets: readonly Target[]
  seed: number
  inputs: number
  /** What one input may take; one that took longer by the clock is measured again by the processor's own time. */
  inputMsMax: number
  onProgress?: (done: number) => void
}

export type Fault = {
  target: string
  input: number
  seed: number
  promise: string
  detail: string
  text: string
  topic: number
}

export type FuzzReport = {
  inputs: number
  seconds: number
  fault: Fault | null
  slowestMs: number
  events: number
  unknown: number
  /** Failures, ignored parts and refusals. */
  asides: number
}

type Prepared = {
  target: Target
  levels: { level: Level; trees: Tree[]; expected: string[] }[]
  bodies: Tree[]
  keys: string[]
}

export function runFuzz(options: FuzzOptions): FuzzReport {
  const { seed, inputs } = options
  const prepared = options.targets.map(prepare)
  const random = randomFrom(seed)
  const report: FuzzReport = { inputs: 0, seconds: 0, fault: null, slowestMs: 0, events: 0, unknown: 0, asides: 0 }
  const startedAt = performance.now()
  while (report.inputs < inputs && report.fault === null) {
    const input = inputOf(random.pick(prepared), random)
    report.fault = judge(input, options, report)
    report.inputs++
    if (report.inputs % 10_000 === 0) options.onProgress?.(report.inputs)
  }
  report.seconds = (performance.now() - startedAt) / 1000
  return report
}

function prepare(target: Target): Prepared {
  const levels = target.levels.map((level) => {
    const expected = target.parse(level.wrap(level.good), 0).traces
    if (expected.length < 2) throw new Error(`the good parts of ${target.name} say nothing`)
    return { level, trees: level.seeds.map(treeOf), expected: [...expected] }
  })
  const bodies = target.bodies.map(treeOf)
  const keys = keysOf([...levels.flatMap(({ trees }) => trees), ...bodies])
  return { target, levels, bodies, keys }
}

type Input = {
  target: Target
  text: string
  topic: number
  /** What must be said whatever stands beside it, in this order. */
  expected: readonly string[]
  tracesMin: number
}

function inputOf({ target, levels, bodies, keys }: Prepared, random: Random): Input {
  const topic = random.int(1_000)
  const asWhole = levels.length === 0 || random.chance(0.2)
  if (asWhole) {
    const whole = textOfTree(mutated(random.pick(bodies), random, bodies, keys), random)
    const text = random.chance(0.3) ? garbled(whole, random) : whole
    return { target, text, topic, expected: [], tracesMin: 0 }
  }
  const { level, trees, expected } = random.pick(levels)
  const parts = Array.from({ length: 1 + random.int(2) }, () =>
    textOfTree(mutated(random.pick(trees), random, trees, keys), random),
  )
  const [before, after] = level.good
  const text = level.wrap([before, ...parts, after])
  return { target, text, topic, expected, tracesMin: expected.length + (level.maySayNothing ? 0 : parts.length) }
}

function judge(input: Input, options: FuzzOptions, report: FuzzReport): Fault | null {
  const { target, text, topic, expected, tracesMin } = input
  const fault = (promise: string, detail = ''): Fault => ({
    target: target.name,
    input: report.inputs,
    seed: options.seed,
    promise,
    detail,
    text,
    topic,
  })
  let said: Said
  try {
    const [first, ms] = timed(() => target.parse(text, topic))
    const took =
      ms <= options.inputMsMax ? ms : Math.min(...[1, 2, 3].map(() => processorMs(() => target.parse(text, topic))))
    report.slowestMs = Math.max(report.slowestMs, took)
    if (took > options.inputMsMax) return fault('bounded time', `${took.toFixed(1)} ms`)
    said = first
    if (report.inputs % 16 === 0 && JSON.stringify(target.parse(text, topic)) !== JSON.stringify(said)) {
      return fault('the same body says the same')
    }
  } catch (error) {
    return fault('no crash', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  report.events += said.events.length
  report.asides += said.traces.length - said.events.length
  const lost = firstLost(expected, said.traces)
  if (lost !== undefined) return fault('neighbours come out identical', lost)
  if (said.traces.length < tracesMin) return fault('nothing is dropped without a trace')
  for (const event of said.events) {
    if (event.kind === 'unknown') report.unknown++
    const broken = brokenRule(event)
    if (broken !== null) return fault('every event can be stored', `${broken}: ${JSON.stringify(event)}`)
  }
  return null
}

function timed<T>(work: () => T): [result: T, ms: number] {
  const startedAt = performance.now()
  const result = work()
  return [result, performance.now() - startedAt]
}

/** In the processor's own time: of the clock's, a busy machine gives a parser only a part. */
function processorMs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** The first expected trace that is missing, or not in its place among the others. */
function firstLost(expected: readonly string[], traces: readonly string[]): string | undefined {
  let at = 0
  return expected.find((trace) => {
    at = traces.indexOf(trace, at) + 1
    return at === 0
  })
}

const unstorable = /[\0\p{Surrogate}]/u
const storable = (text: string) => !unstorable.test(text)

function brokenRule(event: ParsedEvent): string | null {
  const { contact, consent } = event
  if (!Number.isSafeInteger(event.occurredAt) || !Number.isSafeInteger(event.watermarkAt)) return 'times are whole'
  if (event.occurredAt > receivedAt + futureToleranceMs || event.occurredAt < 0 || event.watermarkAt < 0)
    return 'times are believable'
  // The kind, or in generic bodies the tenant's own word for it, comes first.
  if (!/^[^:]+:/.test(event.identity)) return 'identities say what they are'
  const texts = [
    event.name,
    event.externalId,
    event.text,
    event.orderId,
    event.appId,
    ...event.refs,
    ...(contact?.identities.flatMap(({ namespace, value }) => [namespace, value]) ?? []),
    contact?.displayName ?? '',
    consent?.topic ?? '',
    consent?.wording ?? '',
    consent?.token ?? '',
    event.money?.amount ?? '0',
  ]
  if (!texts.every(storable)) return 'texts are well-formed'
  if (contact?.identities.some(({ value }) => value === '')) return 'identities have values'
  if (consent?.action === 'granted' && (consent.topic === '*' || consent.topic === '')) return 'a yes has a topic'
  return null
}
