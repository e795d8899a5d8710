/** `npm run fault -- ingest|outage|sends [--flag value …]`: the long forms of the fault runs. Ends with one JSON object. */
import { parseArgs } from 'node:util'
import { type OutageOptions, runIngestOutage } from './ingest-outage.ts'
import { type IngestFaultOptions, runIngestFault } from './ingest-run.ts'

/** Defaults of the long form: reliability.md A1, 200 kills at 2 000 events/s and at least a million acknowledgements. */
const ingestDefaults = {
  seed: 1,
  kills: 200,
  controlKills: 20,
  eventsPerSecond: 2_000,
  acksMin: 1_000_000,
  deliveriesMax: 5,
  connections: 32,
  killEveryMs: 2_500,
  peoplePerPage: 2_500,
} satisfies Omit<IngestFaultOptions, 'log'>

/** reliability.md A4: each store away for a minute, silent or gone. */
const outageDefaults = {
  seed: 1,
  outageSeconds: 60,
  calmSeconds: 20,
  eventsPerSecond: 2_000,
  deliveriesMax: 3,
  connections: 64,
  peoplePerPage: 2_500,
} satisfies Omit<OutageOptions, 'log'>

const flagsOf = (defaults: Record<string, number>) =>
  Object.entries(defaults)
    .map(([name, value]) => `[--${name} ${value}]`)
    .join(' ')
const usage = `npm run fault -- ingest ${flagsOf(ingestDefaults)}
npm run fault -- outage ${flagsOf(outageDefaults)}
npm run fault -- sends`

async function main(): Promise<void> {
  const [what, ...args] = process.argv.slice(2)
  if (what === 'ingest') return finish(await runIngestFault({ ...readFlags(args, ingestDefaults), log: console.error }))
  if (what === 'outage')
    return finish(await runIngestOutage({ ...readFlags(args, outageDefaults), log: console.error }))
  if (what === 'sends') {
    const { run } = await import('./sends.ts')
    return run(args)
  }
  console.error(usage)
  process.exitCode = 2
}

function readFlags<T extends Record<string, number>>(args: string[], defaults: T): T {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' as const }]))
  const { values } = parseArgs({ args, options })
  const given = Object.entries(values).map(([name, text]) => [name, Number(text)] as const)
  const wrong = given.find(([, value]) => !Number.isInteger(value) || value < 0)
  if (wrong) throw new RangeError(`--${wrong[0]} must be a whole number.\n${usage}`)
  return { ...defaults, ...Object.fromEntries(given) }
}

function finish(result: { ok: boolean }): void {
  console.log(JSON.stringify(result, null, 2))
  process.exitCode = result.ok ? 0 : 1
}

await main()
