import { inspect } from 'node:util'
import { openStores } from '@fidelio/db/index.ts'
import type { Logger } from 'pino'
import { type App, createApp } from './app.ts'
import { printBanner, progressBar } from './banner.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { type Demo, readDemoState, startDemo, storyClock } from './demo.ts'
import { errorFacts } from './error-facts.ts'
import { createLog } from './telemetry.ts'

/** `npm start`: one process with everything in it, or the roles that RUN selects. Ends by SIGINT or SIGTERM, in order. */
const demoOwner = 'demo@fidelio.example'
/** The history begins a little before its first day, so that businesses exist when their first customer writes. */
const storyDays = 91

async function main(): Promise<void> {
  const started = performance.now()
  const config = readConfig()
  const log = createLog(config.logLevel)
  if (config.task === 'migrate') return migrate(config, log)
  await serve(config, log, stopSignal(), started)
}

async function serve(config: Config, log: Logger, stop: Promise<string>, started: number): Promise<void> {
  const known = readDemoState(config.stores.dataDir)
  const wanted = config.demo && !known?.removedAt
  const filling = wanted && !known?.filledAt
  const clock = storyClock(filling ? Date.now() - storyDays * 86_400_000 : null)
  await using demo = wanted ? await startDemo(config.stores.dataDir, log) : null
  await using app = await createApp({
    config,
    log,
    clock,
    ...(demo && !config.graphBaseUrl ? { graphBaseUrl: demo.graphUrl } : {}),
    ...(demo ? { onSandboxMessage: demo.sandboxSent } : {}),
  })
  const story = demo ? runDemo(demo, app, clock, filling) : null
  // Stopped half-way through the story, its failure to go on is no news.
  story?.catch((error: unknown) => log.debug({ err: error }, 'the demo history did not end'))
  // A first fill that is interrupted stops at once; the next start begins it again.
  const outcome = await Promise.race([story?.then(() => 'ready' as const) ?? 'ready', stop])
  if (outcome === 'ready') {
    await app.start()
    await Promise.race([app.dashboardsReady, stop])
    await printBanner({
      config,
      app,
      demoState: demo ? readDemoState(config.stores.dataDir) : null,
      demoOwner,
      started,
    })
  }
  const signal = await stop
  log.info({ signal }, 'stopping')
}

async function runDemo(demo: Demo, app: App, clock: ReturnType<typeof storyClock>, filling: boolean): Promise<void> {
  const bar = progressBar(filling)
  await demo.run({ baseUrl: app.localUrl, operatorKey: app.operatorKey, clock, settle: app.settle, progress: bar.show })
  if (filling) await app.settle()
  bar.end()
}

/** Brings both stores up to date and ends: the compose file's first step. */
async function migrate(config: Config, log: Logger): Promise<void> {
  const { dataDir, databaseUrl, databaseOwnerUrl, clickhouseUrl } = config.stores
  await using stores = await openStores({
    dataDir,
    ...(databaseUrl ? { databaseUrl } : {}),
    ...(databaseOwnerUrl ? { databaseOwnerUrl } : {}),
    ...(clickhouseUrl ? { clickhouseUrl } : {}),
    log,
  })
  const { ok } = await stores.ready()
  log.info({ ok }, 'both stores are up to date')
}

/** Resolves at the first signal; a second one ends the process without ceremony. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolve(signal)
        process.once(signal, () => process.kill(process.pid, 'SIGKILL'))
      })
    }
  })
}

main().catch((error: unknown) => {
  // The settings' own errors name settings only; any other error is told by its facts, which never quote a value.
  if (error instanceof ConfigError) console.error(error.message)
  else console.error(inspect(errorFacts(error), { depth: null, breakLength: 120 }))
  process.exitCode = error instanceof ConfigError ? 2 : 1
})
