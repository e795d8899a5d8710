import type { IncomingMessage, Server } from 'node:http'
import { Readable } from 'node:stream'
import Router from '@koa/router'
import Koa, { type Context } from 'koa'
import helmet from 'koa-helmet'
import type { Logger } from 'pino'
import type { DashboardSite } from './dashboard-site.ts'
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
  }
  api?: {
    fetch(request: Request, context: { ip: string }): Promise<Response>
    authHandler(request: Request, context: { ip: string }): Promise<Response>
  }
  /** Checks the bearer key of `/v1/events`. */
  verifyKey?: (bearer: string) => Promise<{ businessId: string; keyId: string; scopes: readonly string[] } | null>
  ready(): Promise<{ ok: boolean; postgres: boolean; clickhouse: boolean }>
}

export type HttpDeps = {
  doors: Doors
  site: DashboardSite
  telemetry: Telemetry
  log: Logger
  publicUrl: string
  bodyBytesMax: number
}

/** The Koa application. Webhooks come first and touch no middleware: their path is the product's hot path. */
export function createHttp(deps: HttpDeps): Koa {
  const app = new Koa({ proxy: false })
  app.on('error', (error: NodeJS.ErrnoException) => {
    // A client that went away is not our failure.
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') deps.log.error({ err: error }, 'request failed')
  })
  app.use(countRequests(deps.telemetry))
  app.use(answerErrors(deps.log))
  const intake = intakeRoutes(deps)
  app.use(intake.routes())
  app.use(operationRoutes(deps).routes())
  app.use(securityHeaders(deps.publicUrl))
  app.use(apiRoutes(deps).routes())
  app.use(async (ctx) => deps.site.serve(ctx))
  return app
}

function intakeRoutes({ doors, bodyBytesMax }: HttpDeps): Router {
  const router = new Router()
  router.get('/webhooks/meta', async (ctx) => {
    if (!doors.ingest) return closed(ctx, 'ingest')
    answer(ctx, await doors.ingest.handshake(new URLSearchParams(ctx.querystring)), 'text/plain')
  })
  router.post('/webhooks/meta', async (ctx) => {
    if (!doors.ingest) return closed(ctx, 'ingest')
    const rawBody = await readBody(ctx.req, bodyBytesMax)
    if (!rawBody) return tooLarge(ctx, bodyBytesMax)
    answer(ctx, await doors.ingest.acceptMeta({ rawBody, headers: ctx.req.headers }))
  })
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
    const key = bearer ? await doors.verifyKey(bearer) : null
    if (!key)
      return problem(
        ctx,
        401,
        'UNAUTHENTICATED',
        'This API key is not valid. Send it as “Authorization: Bearer fid_…”; keys are made in Settings.',
      )
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

function apiRoutes({ doors, publicUrl, bodyBytesMax }: HttpDeps): Router {
  const router = new Router()
  router.all('/graphql', async (ctx) => {
    const { api } = doors
    if (!api) return closed(ctx, 'api')
    await throughFetch(ctx, publicUrl, bodyBytesMax, (request) => api.fetch(request, { ip: ctx.ip }))
  })
  router.all('/api/auth/{*path}', async (ctx) => {
    const { api } = doors
    if (!api) return closed(ctx, 'api')
    await throughFetch(ctx, publicUrl, bodyBytesMax, (request) => api.authHandler(request, { ip: ctx.ip }))
  })
  return router
}

/** Reads a whole body as bytes, or null when it is larger than allowed (the rest is then not kept). */
function readBody(request: IncomingMessage, bodyBytesMax: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= bodyBytesMax) chunks.push(chunk)
    })
    request.on('end', () =>
      resolve(size > bodyBytesMax ? null : chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)),
    )
    request.on('error', reject)
  })
}

/** Koa request → fetch Request → Koa answer; streams (server-sent events) flow through and end with the client. */
async function throughFetch(
  ctx: Context,
  publicUrl: string,
  bodyBytesMax: number,
  handle: (request: Request) => Promise<Response>,
) {
  const headers = new Headers()
  for (const [name, value] of Object.entries(ctx.req.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const gone = new AbortController()
  ctx.res.once('close', () => gone.abort())
  const hasBody = ctx.method !== 'GET' && ctx.method !== 'HEAD'
  const body = hasBody ? await readBody(ctx.req, bodyBytesMax) : undefined
  if (body === null) return tooLarge(ctx, bodyBytesMax)
  const request = new Request(new URL(ctx.url, publicUrl), {
    method: ctx.method,
    headers,
    signal: gone.signal,
    ...(body ? { body: new Uint8Array(body) } : {}),
  })
  const response = await handle(request).catch((error: unknown) => {
    // Whoever asked is gone: nobody is left to answer, and nothing failed.
    if (gone.signal.aborted) return null
    throw error
  })
  if (!response) return
  ctx.status = response.status
  for (const [name, value] of response.headers) if (name !== 'set-cookie') ctx.set(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) ctx.set('set-cookie', cookies)
  ctx.body = response.body ? streamOf(response.body) : null
  if (!response.body) ctx.status = response.status
}

/** A body of any fetch implementation as a Node stream: each chunk goes out as it comes, and a reader that leaves ends it. */
function streamOf(body: ReadableStream<Uint8Array>): Readable {
  const reader = body.getReader()
  return new Readable({
    read() {
      reader.read().then(
        ({ done, value }) => this.push(done ? null : value),
        (error: Error) => this.destroy(error),
      )
    },
    destroy(error, callback) {
      reader.cancel().then(
        () => callback(error),
        () => callback(error),
      )
    },
  })
}

function answer(ctx: Context, outcome: IngestOutcome, type?: string) {
  ctx.status = outcome.status
  if (outcome.retryAfterSeconds !== undefined) ctx.set('retry-after', String(outcome.retryAfterSeconds))
  if (type) ctx.type = type
  ctx.body = outcome.body ?? (outcome.status === 200 ? 'ok' : '')
}

/** Every error of the HTTP edge has this shape. */
function problem(ctx: Context, status: number, code: string, message: string) {
  ctx.status = status
  ctx.body = { error: { code, message } }
}

function closed(ctx: Context, role: string) {
  problem(ctx, 404, 'NOT_FOUND', `This process does not run the role “${role}” (see RUN).`)
}

function tooLarge(ctx: Context, bodyBytesMax: number) {
  problem(
    ctx,
    413,
    'TOO_LARGE',
    `The body is larger than ${Math.floor(bodyBytesMax / 1024 / 1024)} MB. Nothing of it was stored; send it in smaller parts.`,
  )
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

function countRequests(telemetry: Telemetry): Koa.Middleware {
  return async (ctx, next) => {
    const started = performance.now()
    await next()
    const route = (ctx as { _matchedRoute?: string })._matchedRoute ?? 'page'
    telemetry.requests.inc({ route, status: ctx.status })
    telemetry.requestSeconds.observe({ route }, (performance.now() - started) / 1000)
  }
}

function securityHeaders(publicUrl: string): Koa.Middleware {
  const https = publicUrl.startsWith('https:')
  const graphiql = helmet({ contentSecurityPolicy: false, strictTransportSecurity: https })
  const strict = helmet({
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        // Mantine and ECharts set style attributes; scripts stay our own.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        upgradeInsecureRequests: https ? [] : null,
      },
    },
    strictTransportSecurity: https,
  })
  // GraphiQL brings inline scripts of its own; it shows nothing without a key or a session.
  return (ctx, next) => (ctx.path === '/graphql' ? graphiql(ctx, next) : strict(ctx, next))
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
