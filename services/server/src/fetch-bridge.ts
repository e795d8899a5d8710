import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { Context } from 'koa'

/** What stands between Koa's streams and the fetch shapes the API speaks. */
export type Bridge = {
  publicUrl: string
  bodyBytesMax: number
  /** aborted when the process stops: open streams end then, instead of holding it up */
  stopping: AbortSignal
}

/** Reads a whole body as bytes, or null when it is larger than allowed (the rest is then not kept). */
export function readBody(request: IncomingMessage, bodyBytesMax: number): Promise<Buffer | null> {
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
export async function throughFetch(
  ctx: Context,
  { publicUrl, bodyBytesMax, stopping }: Bridge,
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
    signal: AbortSignal.any([gone.signal, stopping]),
    ...(body ? { body: new Uint8Array(body) } : {}),
  })
  const response = await handle(request).catch((error: unknown) => {
    // Whoever asked is gone, or we are going: nobody is left to answer, and nothing failed.
    if (gone.signal.aborted || stopping.aborted) return null
    throw error
  })
  if (!response) return
  ctx.status = response.status
  for (const [name, value] of response.headers) if (name !== 'set-cookie') ctx.set(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) ctx.set('set-cookie', cookies)
  ctx.body = response.body ? streamOf(response.body, stopping) : null
  if (!response.body) ctx.status = response.status
}

/** A body of any fetch implementation as a Node stream: each chunk goes out as it comes, and a reader that leaves ends it. */
function streamOf(body: ReadableStream<Uint8Array>, stopping: AbortSignal): Readable {
  const reader = body.getReader()
  const stream = new Readable({
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
  const end = () => stream.destroy()
  stopping.addEventListener('abort', end, { once: true })
  stream.once('close', () => stopping.removeEventListener('abort', end))
  return stream
}

/** Every error of the HTTP edge has this shape. */
export function problem(ctx: Context, status: number, code: string, message: string) {
  ctx.status = status
  ctx.body = { error: { code, message } }
}

export function tooLarge(ctx: Context, bodyBytesMax: number) {
  problem(
    ctx,
    413,
    'TOO_LARGE',
    `The body is larger than ${Math.floor(bodyBytesMax / 1024 / 1024)} MB. Nothing of it was stored; send it in smaller parts.`,
  )
}
