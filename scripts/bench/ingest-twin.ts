/**
 * The other side of the ingest bench: a bare Koa server that reads the body, checks the signature, parses the JSON and
 * answers. It stores nothing; no server that does can be faster.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'

const [secret = ''] = process.argv.slice(2)

const app = new Koa()
app.use(async (ctx) => {
  const chunks: Buffer[] = []
  for await (const chunk of ctx.req) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
  const given = Buffer.from(ctx.get('x-hub-signature-256'))
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    ctx.status = 401
    return
  }
  JSON.parse(body.toString('utf8'))
  ctx.body = 'EVENT_RECEIVED'
})
const server = app.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit(0))
