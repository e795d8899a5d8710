/**
 * The soak: the product under a steady stream for a long time with dashboards open, as on a busy day. Minute by minute
 * it prints the acknowledgement's times, how long an event takes to be seen over GraphQL, the dashboards' own times,
 * parts per partition and memory; at the end it holds the whole against the bars (reliability.md A7, issue "Ingest complete").
 */
import type { ChildProcess } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BenchBusiness, pages, quietPage, setUp } from './bench-business.ts'
import { forkOwn, reply } from './ingest.ts'
import type { LoadOrder, LoadReport } from './ingest-load.ts'
import { residentMiB } from './machine.ts'
import { type Product, startProduct } from './product.ts'
import { type BenchOptions, type BenchResult, median, valueCase } from './report.ts'

const bars = { ackP99Ms: 50, freshMs: 2000, partsMax: 300, residentMiB: 700 } as const
const eventsPerSecond = 2000
/** Bodies as Meta sends them at such a rate: a few events each. */
const eventsPerBody = 2
const connections = 64
const sliceSeconds = 20
const dashboardEverySeconds = 5
const probeEverySeconds = 5

type Minute = { ackP99Ms: number[]; freshMs: number[]; overviewMs: number[]; refused: number; answered: number }

export async function run(options: BenchOptions): Promise<BenchResult> {
  const secret = randomBytes(16).toString('hex')
  await using product = await startProduct()
  const business = await setUp(product, secret)
  using load = forkOwn('ingest-load.ts', [])
  const minutes: Minute[] = []
  let memory = 0
  let parts = 0
  let current = newMinute()
  const stop = new AbortController()
  const watching = [
    repeat(stop.signal, probeEverySeconds, async () => {
      current.freshMs.push(await probe(product, secret, business))
    }),
    repeat(stop.signal, dashboardEverySeconds, async () => {
      current.overviewMs.push(await openOverview(product, business))
    }),
  ]
  const failed = Promise.all(watching)
  for (let minute = 1; minute <= options.minutes; minute++) {
    current = newMinute()
    minutes.push(current)
    for (let slice = 0; slice < 60 / sliceSeconds; slice++) {
      const report = await Promise.race([deliver(load.child, product, secret), failed.then(() => null)])
      if (!report) break
      current.ackP99Ms.push(report.p99Ms)
      current.answered += report.answered
      current.refused += report.refused
      memory = Math.max(memory, residentMiB(product.pid))
    }
    const fullest = await partsOf(product)
    parts = Math.max(parts, fullest)
    const line = [
      `minute ${minute}`,
      `${((current.answered * eventsPerBody) / 60).toFixed(0)} events/s`,
      `ack p99 ${Math.max(...current.ackP99Ms).toFixed(0)} ms`,
      `seen after ${Math.max(...current.freshMs).toFixed(0)} ms`,
      `overview ${median(current.overviewMs).toFixed(0)} ms`,
      `parts ${fullest}`,
      `${residentMiB(product.pid).toFixed(0)} MiB`,
      `refused ${current.refused}`,
    ]
    console.log(line.join(' · '))
  }
  stop.abort()
  await failed
  const all = (pick: (minute: Minute) => number[]) => minutes.flatMap(pick)
  return {
    bench: 'soak',
    cases: {
      events_per_second: valueCase(
        (minutes.reduce((sum, minute) => sum + minute.answered, 0) * eventsPerBody) / (60 * minutes.length),
        'events/s',
        true,
      ),
      ack_p99_ms: atMost(median(all((minute) => minute.ackP99Ms)), bars.ackP99Ms, 'ms, median of slices'),
      ack_p99_worst_ms: valueCase(Math.max(...all((minute) => minute.ackP99Ms)), 'ms, worst slice of 20 s', true),
      ack_drift: valueCase(drift(minutes), 'last third over first third', true),
      fresh_max_ms: atMost(Math.max(...all((minute) => minute.freshMs)), bars.freshMs, 'ms from ack to GraphQL, worst'),
      fresh_p50_ms: valueCase(median(all((minute) => minute.freshMs)), 'ms', true),
      overview_p50_ms: valueCase(median(all((minute) => minute.overviewMs)), 'ms', true),
      parts_max: atMost(parts, bars.partsMax, 'parts in one partition'),
      rss_max_mb: atMost(memory, bars.residentMiB, 'MiB'),
      refused: atMost(
        minutes.reduce((sum, minute) => sum + minute.refused, 0),
        0,
        'requests',
      ),
    },
  }
}

function newMinute(): Minute {
  return { ackP99Ms: [], freshMs: [], overviewMs: [], refused: 0, answered: 0 }
}

function atMost(value: number, target: number, unit: string) {
  return { ...valueCase(value, unit, true), target, ok: value <= target }
}

/** Stable: the median of the last third is near that of the first. */
function drift(minutes: readonly Minute[]): number {
  const third = Math.max(1, Math.floor(minutes.length / 3))
  const of = (some: readonly Minute[]) => median(some.flatMap((minute) => minute.ackP99Ms))
  return of(minutes.slice(-third)) / of(minutes.slice(0, third))
}

let slices = 0

function deliver(load: ChildProcess, product: Product, secret: string): Promise<LoadReport> {
  const perSecond = eventsPerSecond / eventsPerBody
  const order: LoadOrder = {
    port: product.port,
    connections,
    requests: perSecond * sliceSeconds,
    milliseconds: 2 * sliceSeconds * 1000,
    perSecond,
    eventsPerBody,
    pages,
    contactsPerPage: 1000,
    secret,
    run: `soak${Date.now().toString(36)}${(slices++).toString(36)}`,
  }
  load.send(order)
  return reply<LoadReport>(load)
}

/** Repeats with a pause; each run ends before the next begins. Its failure ends the bench. */
async function repeat(signal: AbortSignal, everySeconds: number, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work()
    await new Promise((resolve) => setTimeout(resolve, everySeconds * 1000))
  }
}

let probes = 0

/** Milliseconds from the acknowledgement of a new person's message until the list of conversations shows it. */
async function probe(product: Product, secret: string, business: BenchBusiness): Promise<number> {
  const number = ++probes
  const text = `Is anybody there? Number ${number}`
  const at = Date.now()
  const message = { mid: `m_probe_${at}_${number}`, text }
  const messaging = [{ sender: { id: `99${at}` }, recipient: { id: quietPage }, timestamp: at, message }]
  const body = JSON.stringify({ object: 'page', entry: [{ id: quietPage, time: at, messaging }] })
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const answer = await fetch(`http://127.0.0.1:${product.port}/webhooks/meta`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
    body,
  })
  if (!answer.ok) throw new Error(`The probe was answered ${answer.status}.`)
  const acknowledged = performance.now()
  for (;;) {
    const found = await ask<{ business: { conversations: { edges: { node: { lastText: string } }[] } } }>(
      product,
      business.key,
      'query ($filter: FilterInput) { business { conversations(first: 5, filter: $filter) { edges { node { lastText } } } } }',
      { filter: { accountId: business.quietAccountId } },
    )
    const elapsed = performance.now() - acknowledged
    if (found.business.conversations.edges.some((edge) => edge.node.lastText === text)) return elapsed
    if (elapsed > 60_000) throw new Error('A stored message was not shown within a minute.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const dashboards = join(import.meta.dirname, '../../dashboards/src')

/** Milliseconds for what the Overview page asks, in the words the page asks it. */
async function openOverview(product: Product, business: BenchBusiness): Promise<number> {
  const page = await readFile(join(dashboards, 'pages/overview/queries.graphql'), 'utf8')
  const fragment = await readFile(join(dashboards, 'ui/metric/queries.graphql'), 'utf8')
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
  const variables = {
    business: business.id,
    period: { from: day(29), to: day(0) },
    compare: 'PREVIOUS_PERIOD',
    locale: 'EN',
    first: 5,
  }
  const started = performance.now()
  await ask(product, business.key, `${page}\n${fragment}`, variables, 'Overview')
  await ask(product, business.key, `${page}\n${fragment}`, variables, 'WaitingNow')
  return performance.now() - started
}

/** Active parts of the fullest partition of any table, as the server tells its operator. */
async function partsOf(product: Product): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${product.port}/metrics`)
  const lines = [...(await answer.text()).matchAll(/^fidelio_clickhouse_parts\{[^}]*\} (\d+)/gm)]
  if (lines.length === 0) throw new Error('/metrics does not tell the parts of the event store.')
  return Math.max(...lines.map((line) => Number(line[1])))
}

async function ask<T>(
  product: Product,
  key: string,
  query: string,
  variables: Record<string, unknown>,
  operationName?: string,
): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${product.port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables, operationName }),
  })
  const answer = (await response.json()) as { data?: T; errors?: unknown }
  if (!answer.data || answer.errors) throw new Error(`GraphQL: ${JSON.stringify(answer.errors)}`)
  return answer.data
}
