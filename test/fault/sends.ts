/** `npm run fault -- sends`: the account of a campaign under faults, and its null control. Ends with one JSON object. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStores } from '@fidelio/db/index.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { removeEmbeddedPostgres } from '@fidelio/db/postgres/embedded.ts'
import { accountSends, keepsPromises } from './sends-accounting.ts'
import { accountWithoutClaims } from './sends-control.ts'

const longForm = { people: 100_000, workers: 3, deaths: 100, optOuts: 500 }
const shortForm = { people: 2_000, workers: 3, deaths: 8, optOuts: 40 }

/** The long form unless told otherwise; a run is repeated by its seed. */
export async function runSendsFault(
  options: { short?: boolean; seed?: number } = {},
): Promise<{ ok: boolean } & Record<string, unknown>> {
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31)
  const form = options.short ? shortForm : longForm
  const dataDir = await mkdtemp(join(tmpdir(), 'fidelio-fault-sends-'))
  try {
    await using stores = await openStores({ dataDir, log: silentLog })
    const account = await accountSends(stores, { ...form, seed })
    const control = await accountWithoutClaims(stores, { people: 200, seed })
    const controlDoubles = control.doubled > 0
    return { fault: 'sends', ok: keepsPromises(account) && controlDoubles, seed, ...account, control, controlDoubles }
  } finally {
    // As root the database's files live outside the directory.
    await removeEmbeddedPostgres(dataDir)
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** `--short` for the small form, `--seed=<n>` to repeat a run. Prints its counts as the last line. */
export async function run(args: readonly string[]): Promise<void> {
  const seed = args.find((arg) => arg.startsWith('--seed='))?.slice('--seed='.length)
  const counts = await runSendsFault({
    short: args.includes('--short'),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  })
  process.stdout.write(`${JSON.stringify(counts)}\n`)
  if (!counts.ok) process.exitCode = 1
}
