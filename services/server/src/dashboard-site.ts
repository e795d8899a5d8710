import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Context } from 'koa'
import type { Logger } from 'pino'

const home = fileURLToPath(new URL('../../../dashboards/', import.meta.url))
const dist = join(home, 'dist')
/** Of this process alone: two first starts from one folder do not write into each other's build. */
const fresh = join(home, `dist.new-${process.pid}`)
const stampName = '.sources'
const buildSecondsMax = 180

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
}

export type DashboardSite = {
  serve(ctx: Context): Promise<void>
  /** rejects when the build fails */
  built: Promise<void>
  /** settles when the build ended, well or not */
  ready: Promise<void>
  /** ends a build under way */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * The dashboards as files of this process. They are built at the first start, and again when their sources changed;
 * an image that ships `dist` never builds. Until the build is there, a small page says so and reloads itself.
 */
export function createDashboardSite(log: Logger): DashboardSite {
  let state: 'building' | 'built' | 'failed' = 'building'
  const stopping = new AbortController()
  const built = ensureBuilt(log, stopping.signal)
  const ready = built.then(
    () => {
      state = 'built'
    },
    (error: Error) => {
      state = 'failed'
      if (stopping.signal.aborted) return
      log.error({ err: error }, 'the dashboards could not be built; the API works without them')
    },
  )
  return {
    built,
    ready,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await ready
    },
    async serve(ctx) {
      if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
        ctx.status = 404
        ctx.body = { error: { code: 'NOT_FOUND', message: 'There is nothing at this address.' } }
        return
      }
      if (state !== 'built' && !(await statOrNull(join(dist, 'index.html')))) return servePlaceholder(ctx, state)
      await serveFile(ctx)
    },
  }
}

async function serveFile(ctx: Context): Promise<void> {
  const wanted = join(dist, pathOf(ctx))
  const inside = wanted === dist || wanted.startsWith(dist + sep)
  const info = inside ? await statOrNull(wanted) : null
  if (info?.isFile()) {
    const hashed = relative(dist, wanted).startsWith(`assets${sep}`)
    ctx.set('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    return sendFile(ctx, wanted)
  }
  if (extname(ctx.path) !== '' && !ctx.accepts('html')) {
    ctx.status = 404
    return
  }
  // Every other address is a page of the single-page application.
  ctx.set('cache-control', 'no-cache')
  await sendFile(ctx, join(dist, 'index.html'))
}

/** The path as text; one that cannot be read, or names no file anywhere, is a page nobody has. */
function pathOf(ctx: Context): string {
  try {
    const path = decodeURIComponent(ctx.path)
    return path.includes('\0') ? '/' : path
  } catch (error) {
    if (error instanceof URIError) return '/'
    throw error
  }
}

async function sendFile(ctx: Context, file: string): Promise<void> {
  ctx.status = 200
  ctx.type = types[extname(file)] ?? 'application/octet-stream'
  ctx.vary('accept-encoding')
  const compressed = ctx.acceptsEncodings('gzip') === 'gzip' ? await statOrNull(`${file}.gz`) : null
  if (compressed) ctx.set('content-encoding', 'gzip')
  ctx.length = compressed ? compressed.size : (await stat(file)).size
  ctx.body = createReadStream(compressed ? `${file}.gz` : file)
}

/** What is at a path, or null when nothing is; every other failure is one. */
function statOrNull(path: string) {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
}

function servePlaceholder(ctx: Context, state: 'building' | 'failed') {
  ctx.status = 503
  ctx.set('retry-after', '3')
  ctx.set('cache-control', 'no-store')
  ctx.type = 'text/html; charset=utf-8'
  const text =
    state === 'building'
      ? 'The dashboards are being built. This takes a few seconds, once; the page reloads by itself.'
      : 'The dashboards could not be built: the log says why. The API works without them.'
  ctx.body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="3"><title>Fidelio</title>
<body style="font:16px/1.5 system-ui;margin:15vh auto;max-width:32rem;padding:0 24px;color:#1c2424"><h1 style="font-size:28px">Fidelio</h1><p>${text}</p></body></html>`
}

async function ensureBuilt(log: Logger, stopping: AbortSignal): Promise<void> {
  const sources = await statOrNull(join(home, 'src'))
  const built = (await statOrNull(join(dist, stampName))) ? await readFile(join(dist, stampName), 'utf8') : ''
  if (!sources) {
    if (built) return
    throw new Error(`neither sources nor a build in ${home}`)
  }
  const stamp = await fingerprint()
  if (stamp === built) return
  log.info('building the dashboards')
  const started = performance.now()
  await rm(fresh, { recursive: true, force: true })
  await build(stopping)
  await compressTexts()
  await writeFile(join(fresh, stampName), stamp)
  // Swapped whole: whoever loads a page meanwhile gets the old site or the new one, and a failed build leaves the old.
  await rm(dist, { recursive: true, force: true })
  await rename(fresh, dist).catch(async (error: NodeJS.ErrnoException) => {
    // Another process put the same build there a moment ago.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    await rm(fresh, { recursive: true, force: true })
  })
  log.info({ seconds: Number(((performance.now() - started) / 1000).toFixed(1)) }, 'dashboards built')
}

/** A gzip twin beside every text file, so that no request pays for compressing. */
async function compressTexts(): Promise<void> {
  const entries = await readdir(fresh, { recursive: true, withFileTypes: true })
  const texts = entries.filter((e) => e.isFile() && ['.js', '.css', '.html', '.svg', '.json'].includes(extname(e.name)))
  for (const entry of texts) {
    const file = join(entry.parentPath, entry.name)
    await writeFile(`${file}.gz`, await promisify(gzip)(await readFile(file), { level: 9 }))
  }
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  const files: string[] = []
  for (const folder of ['src', 'public']) {
    const entries = await readdir(join(home, folder), { recursive: true, withFileTypes: true })
    files.push(...entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name)))
  }
  for (const name of ['index.html', 'vite.config.ts', 'package.json']) files.push(join(home, name))
  for (const file of files.sort()) hash.update(relative(home, file)).update(await readFile(file))
  return hash.digest('hex')
}

/** Vite runs in a process of its own: its memory is gone when it ends, and the stores' event loop stays free. */
function build(stopping: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const vite = fileURLToPath(new URL('bin/vite.js', import.meta.resolve('vite/package.json')))
    const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn', '--outDir', fresh, '--emptyOutDir'], {
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-4000)
      })
    }
    const timer = setTimeout(() => child.kill(), buildSecondsMax * 1000)
    stopping.addEventListener('abort', () => child.kill(), { once: true })
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(timer)
      if (code === 0) resolve()
      else reject(new Error(`vite build ended with ${code}: ${said}`))
    })
  })
}
