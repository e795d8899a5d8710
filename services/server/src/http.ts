import type { IncomingMessage, Server } from 'node:http'
import Router from '@koa/router'
import Koa, { type Context } from 'koa'
import helmet from 'koa-helmet'
import type { Logger } from 'pino'
import type { Counter, Histogram } from 'prom-client'
import type { DashboardSite } from './dashboard-site.ts'
import { type Bridge, problem, readBody, throughFetch, tooLarge } from './fetch-bridge.ts'
import { addMetaCallbacks, deletionPages, type MetaCallbackDoors } from './meta-callbacks.ts'
import type { Telemetry } from './telemetry.ts'

/** What ingest answers; the Koa edge only translates (ARCHITECTURE.md "Doors"). */
export type IngestOutcome = { status: number; body?: unknown; retryAfterSeconds?: number }

/** The services this process runs; a role that is not selected leaves its door closed. */
export type Doors = {
  ingest?: {
    handshake(query: URLSearchParams): IngestOutcome | Promise<IngestOutcome>
    acceptMeta(request: { rawBody: Buffer; headers: IncomingMessage['headers'] }): Promise<IngestOutcome>
    acceptWebhook(request: {
      channel: string
      accountExternalId: string
      rawBody: Buffer
      headers: IncomingMessage['headers']
    }): Promise<IngestOutcome>
    acceptApi(request: { businessId: string; keyId: string; rawBody: Buffer }): Promise<IngestOutcome>
  } & MetaCallbackDoors
  api?: {
    fetch(request: Request, context: { ip: string }): Promise<Response>
    authHandler(request: Request, context: { ip: string }): Promise<Response>
  }
  /** Checks the bearer key of `/v1/events`; `retryAfterSeconds` when too many wrong ones came from the address. */
  verifyKey?: (
    bearer: string,
    caller: { ip: string },
  ) => Promise<{ businessId: string; keyId: string; scopes: readonly string[] } | { retryAfterSeconds: number } | null>
  ready(): Promise<{ ok: boolean; postgres: boolean; clickhouse: boolean }>
}

export type HttpDeps = Bridge & {
  doors: Doors
  site: Pick<DashboardSite, 'serve'>
  telemetry: Telemetry
  log: Logger
  /** proxies in front whose `X-Forwarded-For` is believed; 0 = none */
  trustedProxies: number
}

/** How Node names a client that left before its answer was complete. */
const goneAway = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])

/** The Koa application. Webhooks come first and touch no middleware: their path is the product's hot path. */
export function createHttp(deps: HttpDeps): Koa {
  const app = new Koa({ proxy: deps.trustedProxies > 0, maxIpsCount: deps.trustedProxies })
  app.on('error', (error: NodeJS.ErrnoException) => {
    // A client that went away is not our failure.
    if (!goneAway.has(error.code ?? '')) deps.log.error({ err: error }, 'request failed')
  })
  app.use(countRequests(deps.telemetry))
  app.use(answerErrors(deps.log))
  app.use(metaWebhooks(deps))
  const intake = intakeRoutes(deps)
  app.use(intake.routes())
  app.use(operationRoutes(deps).routes())
  app.use(securityHeaders(deps.publicUrl))
  app.use(deletionPages(deps.doors.ingest).routes())
  app.use(apiRoutes(deps).routes())
  app.use(async (ctx) => deps.site.serve(ctx))
  return app
}

const metaPath = '/webhooks/meta'

/**
 * The one path that every message of every Page takes: answered before any router looks at it, and written as it is,
 * without a body's type and length being worked out anew for a text that is always the same.
 */
function metaWebhooks({ doors, bodyBytesMax }: HttpDeps): Koa.Middleware {
  return async (ctx, next) => {
    const { req, res } = ctx
    if (req.method !== 'POST' || ctx.path !== metaPath) return next()
    ctx._matchedRoute = metaPath
    if (!doors.ingest) return closed(ctx, 'ingest')
    const rawBody = await readBody(req, bodyBytesMax)
    if (!rawBody) return tooLarge(ctx, bodyBytesMax)
    const outcome = await doors.ingest.acceptMeta({ rawBody, headers: req.headers })
    const { body } = outcome
    if (outcome.status !== 200 || typeof body !== 'string') return answer(ctx, outcome)
    // Koa leaves an answer alone that somebody else writes.
    ctx.respond = false
    res.writeHead(200, ['content-type', 'text/plain; charset=utf-8', 'content-length', String(Buffer.byteLength(body))])
    res.end(body)
  }
}

function intakeRoutes({ doors, bodyBytesMax, publicUrl, log }: HttpDeps): Router {
  const router = new Router()
  router.get(metaPath, async (ctx) => {
    if (!doors.ingest) return closed(ctx, 'ingest')
    answer(ctx, await doors.ingest.handshake(new URLSearchParams(ctx.querystring)), 'text/plain')
  })
  addMetaCallbacks(router, { ingest: doors.ingest, publicUrl })
  router.post('/webhooks/:channel/:account', async (ctx) => {
    if (!doors.ingest) return closed(ctx, 'ingest')
    const rawBody = await readBody(ctx.req, bodyBytesMax)
    if (!rawBody) return tooLarge(ctx, bodyBytesMax)
    const { channel = '', account = '' } = ctx.params as Record<string, string>
    answer(
      ctx,
      await doors.ingest.acceptWebhook({ channel, accountExternalId: account, rawBody, headers: ctx.req.headers }),
    )
  })
  router.post('/v1/events', async (ctx) => {
    if (!doors.ingest || !doors.verifyKey) return closed(ctx, 'ingest')
    const bearer = /^Bearer (\S+)$/.exec(ctx.get('authorization'))?.[1]
    const key = bearer ? await doors.verifyKey(bearer, { ip: ctx.ip }).catch((error: Error) => error) : null
    if (key instanceof Error) {
      log.warn({ err: key }, 'an API key could not be checked')
      ctx.set('retry-after', '5')
      return problem(
        ctx,
        503,
        'UNAVAILABLE',
        'The key cannot be checked at the moment. Nothing was stored; send it again in a few seconds.',
      )
    }
    if (!key)
      return problem(
        ctx,
        401,
        'UNAUTHENTICATED',
        'This API key is not valid. Send it as “Authorization: Bearer fid_…”; keys are made in Settings.',
      )
    if ('retryAfterSeconds' in key) {
      ctx.set('retry-after', String(key.retryAfterSeconds))
      return problem(ctx, 429, 'RATE_LIMITED', 'Too many wrong keys came from this address. Try again in a minute.')
    }
    if (!key.scopes.includes('events:write')) {
      return problem(ctx, 403, 'FORBIDDEN', 'This API key may not write events: it lacks the scope events:write.')
    }
    const rawBody = await readBody(ctx.req, bodyBytesMax)
    if (!rawBody) return tooLarge(ctx, bodyBytesMax)
    answer(ctx, await doors.ingest.acceptApi({ businessId: key.businessId, keyId: key.keyId, rawBody }))
  })
  return router
}

function operationRoutes({ doors, telemetry }: HttpDeps): Router {
  const router = new Router()
  router.get('/health', (ctx) => {
    ctx.body = { ok: true }
  })
  router.get('/ready', async (ctx) => {
    const state = await doors.ready()
    telemetry.ready.set(state.ok ? 1 : 0)
    ctx.status = state.ok ? 200 : 503
    ctx.body = state
  })
  router.get('/metrics', async (ctx) => {
    ctx.type = telemetry.registry.contentType
    ctx.body = await telemetry.registry.metrics()
  })
  return router
}

function apiRoutes(deps: HttpDeps): Router {
  const { doors } = deps
  const router = new Router()
  router.all('/graphql', async (ctx) => {
    const { api } = doors
    if (!api) return closed(ctx, 'api')
    await throughFetch(ctx, deps, (request) => api.fetch(request, { ip: ctx.ip }))
  })
  // GraphiQL's own files: the product loads nothing from elsewhere.
  router.get('/graphql/editor/:file', async (ctx) => {
    const { api } = doors
    if (!api) return closed(ctx, 'api')
    await throughFetch(ctx, deps, (request) => api.fetch(request, { ip: ctx.ip }))
  })
  router.all('/api/auth/{*path}', async (ctx) => {
    const { api } = doors
    if (!api) return closed(ctx, 'api')
    await throughFetch(ctx, deps, (request) => api.authHandler(request, { ip: ctx.ip }))
  })
  return router
}

function answer(ctx: Context, outcome: IngestOutcome, type?: string) {
  ctx.status = outcome.status
  if (outcome.retryAfterSeconds !== undefined) ctx.set('retry-after', String(outcome.retryAfterSeconds))
  if (type) ctx.type = type
  ctx.body = outcome.body ?? (outcome.status === 200 ? 'ok' : '')
}

function closed(ctx: Context, role: string) {
  problem(ctx, 404, 'NOT_FOUND', `This process does not run the role “${role}” (see RUN).`)
}

function answerErrors(log: Logger): Koa.Middleware {
  return async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      if (ctx.res.headersSent || ctx.req.aborted) throw error
      const reference = crypto.randomUUID().slice(0, 8)
      log.error({ err: error, reference, path: ctx.path.split('/').slice(0, 3).join('/') }, 'unexpected failure')
      problem(
        ctx,
        500,
        'INTERNAL',
        `Something failed on our side. Nothing was acknowledged; try again. Reference ${reference}.`,
      )
    }
  }
}

function countRequests({ requests, requestSeconds }: Telemetry): Koa.Middleware {
  // Looking up a labelled counter costs more than counting: the ones in use are kept.
  const counters = new Map<string, Map<number, Counter.Internal>>()
  const timers = new Map<string, Histogram.Internal<'route'>>()
  return async (ctx, next) => {
    const started = performance.now()
    await next()
    const route: string = ctx._matchedRoute ?? 'page'
    let byStatus = counters.get(route)
    let timer = timers.get(route)
    if (byStatus === undefined || timer === undefined) {
      byStatus = new Map()
      timer = requestSeconds.labels(route)
      counters.set(route, byStatus)
      timers.set(route, timer)
    }
    const { status } = ctx
    let counter = byStatus.get(status)
    if (counter === undefined) {
      counter = requests.labels(route, String(status))
      byStatus.set(status, counter)
    }
    counter.inc()
    timer.observe((performance.now() - started) / 1000)
  }
}

function securityHeaders(publicUrl: string): Koa.Middleware {
  const https = publicUrl.startsWith('https:')
  return helmet({
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        // Mantine, ECharts and GraphiQL's editor set style attributes; scripts and workers stay our own files.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        // GraphiQL's stylesheet carries its fonts within itself.
        fontSrc: ["'self'", 'data:'],
        upgradeInsecureRequests: https ? [] : null,
      },
    },
    strictTransportSecurity: https,
  })
}

export function listen(app: Koa, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host)
    // Providers keep connections open and reuse them; ours must outlive a proxy's idea of idle.
    server.keepAliveTimeout = 65_000
    server.requestTimeout = 60_000
    server.once('listening', () => resolve(server))
    server.once('error', reject)
  })
}
