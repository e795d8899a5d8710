/** `npm run bench -- <name> [--rounds 5] [--seconds 3] [--minutes 30]`: progress, a table, and one JSON object as last line (design.md §7). */
import { parseArgs } from 'node:util'
import { type BenchOptions, type BenchResult, printResult } from './report.ts'

const benches: Record<string, () => Promise<{ run(options: BenchOptions): Promise<BenchResult> }>> = {
  ingest: () => import('./ingest.ts'),
  fairness: () => import('./fairness.ts'),
  soak: () => import('./soak.ts'),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    minutes: { type: 'string', default: '30' },
  },
})
const [name = ''] = positionals
const load = benches[name]
if (!load) {
  console.error(`Which bench? One of: ${Object.keys(benches).join(', ')}`)
  process.exitCode = 2
} else {
  const { run } = await load()
  const { rounds, seconds, minutes } = values
  printResult(await run({ rounds: Math.max(5, Number(rounds)), seconds: Number(seconds), minutes: Number(minutes) }))
}
