import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { createApi } from '@fidelio/api/api.ts'
import { createRegistry } from '@fidelio/channels/registry.ts'
import type { Clock } from '@fidelio/core/time.ts'
import { DisposeStack } from '@fidelio/db/dispose-stack.ts'
import { openStores } from '@fidelio/db/index.ts'
import { createVault } from '@fidelio/db/vault.ts'
import { createIngest } from '@fidelio/ingest/index.ts'
import { createScheduler } from '@fidelio/scheduler/scheduler.ts'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { createDashboardSite } from './dashboard-site.ts'
import { createHttp, type Doors, listen } from './http.ts'
import { ingestMetrics, journalMetrics } from './ingest-metrics.ts'
import { createMailer, printMail } from './mail.ts'
import { createSandboxNetwork, type SandboxListener } from './sandbox-network.ts'
import { storeMetrics } from './store-metrics.ts'
import { createTelemetry } from './telemetry.ts'

export type AppDeps = {
  config: Config
  log: Logger
  clock: Clock
  /** overrides GRAPH_BASE_URL: the demo's pretend Graph */
  graphBaseUrl?: string
  /** hears what the sandbox channel sends; without one the sandbox only confirms delivery */
  onSandboxMessage?: SandboxListener
}

const metaGraphUrl = 'https://graph.facebook.com/v25.0'

export type App = AsyncDisposable & {
  operatorKey: string
  /** the address of this process itself, on loopback where possible */
  localUrl: string
  scheduler: ReturnType<typeof createScheduler> | null
  createSignInLink: (email: string) => Promise<string | null>
  dashboardsReady: Promise<void>
  /** Starts the loops: jobs, inbox, derived facts. */
  start(): Promise<void>
  /** Runs every loop once, to its end: what is stored is derived, what is due is sent, what was sent is reported. */
  settle(): Promise<void>
}

/** Everything one process runs, wired in the order it depends on each other; disposed in the reverse order. */
export async function createApp({ config, log, clock, graphBaseUrl, onSandboxMessage }: AppDeps): Promise<App> {
  await using opening = new DisposeStack()
  const { stores: where, http, roles } = config
  const vault = createVault(where.masterKey)
  const stores = opening.use(
    await openStores({
      dataDir: where.dataDir,
      ...(where.databaseUrl ? { databaseUrl: where.databaseUrl } : {}),
      ...(where.databaseOwnerUrl ? { databaseOwnerUrl: where.databaseOwnerUrl } : {}),
      ...(where.clickhouseUrl ? { clickhouseUrl: where.clickhouseUrl } : {}),
      log,
    }),
  )
  const telemetry = createTelemetry()
  storeMetrics(stores, telemetry, log)
  const localUrl = addressOf(http.host, http.port)
  // Without a key of the operator's own nobody holds this one but the process itself (the demo uses it).
  const operatorKey = config.operatorKey ?? randomBytes(24).toString('base64url')

  const ingest = roles.includes('ingest')
    ? opening.use(
        createIngest({
          stores,
          vault,
          clock,
          log,
          metrics: ingestMetrics(telemetry),
          // The embedded store and its journal share a disk and a life; a server has a disk of its own.
          ...(where.clickhouseUrl ? {} : { journalDirectory: join(where.dataDir, 'journal') }),
        }),
      )
    : null
  if (ingest) journalMetrics(ingest, telemetry)
  // Ingest needs the key check of `/v1/events` even where the API itself runs elsewhere.
  const api = opening.use(
    await createApi({
      stores,
      vault,
      clock,
      log,
      publicUrl: http.publicUrl,
      operatorKey,
      authSecret: config.authSecret,
      sendMail: config.mail ? createMailer(config.mail) : printMail,
      ...(ingest ? { invalidate: () => ingest.invalidate() } : {}),
    }),
  )
  const sandbox = opening.use(
    createSandboxNetwork({
      worker: stores.forWorker(),
      vault,
      clock,
      log,
      ingestUrl: config.ingestUrl ?? (ingest ? localUrl : http.publicUrl),
      listener: onSandboxMessage,
    }),
  )
  const scheduler = roles.includes('scheduler')
    ? opening.use(
        createScheduler({
          stores,
          vault,
          clock,
          log,
          registry: createRegistry({
            graphBaseUrl: graphBaseUrl ?? config.graphBaseUrl ?? metaGraphUrl,
            sandboxNetwork: sandbox,
          }),
        }),
      )
    : null
  const doors: Doors = {
    ready: () => stores.ready(),
    ...(ingest ? { ingest, verifyKey: api.verifyKey } : {}),
    ...(roles.includes('api') ? { api } : {}),
  }
  const site = opening.use(createDashboardSite(log))
  const stopping = new AbortController()
  const app = createHttp({
    doors,
    site,
    telemetry,
    log,
    publicUrl: http.publicUrl,
    bodyBytesMax: http.bodyBytesMax,
    trustedProxies: http.trustedProxies,
    stopping: stopping.signal,
  })
  const server = await listen(app, http.host, http.port)
  opening.use({
    [Symbol.asyncDispose]: () => {
      stopping.abort()
      return closeServer(server, http.shutdownSecondsMax)
    },
  })
  const running = opening.move()
  return {
    operatorKey,
    localUrl,
    scheduler,
    dashboardsReady: site.ready,
    createSignInLink: async (email) => (roles.includes('api') ? (await api.createSignInLink(email)).url : null),
    async start() {
      await ingest?.start()
      scheduler?.start()
    },
    async settle() {
      await ingest?.processAll()
      await scheduler?.processAll()
      await sandbox.flush()
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}

/** No new connections; those with an answer under way may finish it, the idle ones end now. */
function closeServer(server: Server, secondsMax: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), secondsMax * 1000)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}

/** Where this process reaches itself: a wildcard address is heard on loopback. */
function addressOf(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`
  if (host === '::') return `http://[::1]:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
