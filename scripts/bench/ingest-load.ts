/**
 * The load generator, a process of its own: keep-alive connections that each send the next prepared request as soon as
 * the last one is answered, or at a given pace. Requests are written and signed before the clock starts, each with fresh
 * message ids.
 */
import { createHmac } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { contactId, text60 } from './bench-business.ts'

export type LoadOrder = {
  port: number
  connections: number
  /** Stops when the requests or the time run out. */
  requests: number
  milliseconds: number
  /** Requests per second over all connections; 0: as fast as answers come. */
  perSecond: number
  eventsPerBody: number
  pages: readonly string[]
  contactsPerPage: number
  secret: string
  /** Prefix of the message ids: differs from round to round. */
  run: string
  /** Walk through all contacts in turn instead of drawing them, to make them known. */
  inTurn?: boolean
}

export type LoadReport = {
  answered: number
  refused: number
  milliseconds: number
  p50Ms: number
  p99Ms: number
}

function prepare(order: LoadOrder): Buffer[] {
  const { pages, contactsPerPage, eventsPerBody, run } = order
  let count = 0
  return Array.from({ length: order.requests }, (_, request) => {
    const page = pages[request % pages.length] ?? ''
    const at = Date.now()
    const messaging = Array.from({ length: eventsPerBody }, () => {
      const serial = count++
      const person = order.inTurn
        ? Math.floor(request / pages.length) * eventsPerBody + (serial % eventsPerBody)
        : Math.floor(Math.random() * contactsPerPage)
      return {
        sender: { id: contactId(page, person % contactsPerPage) },
        recipient: { id: page },
        timestamp: at - (serial % 1000),
        message: { mid: `m_${run}_${serial.toString(36)}`, text: text60 },
      }
    })
    const body = JSON.stringify({ object: 'page', entry: [{ id: page, time: at, messaging }] })
    const signature = createHmac('sha256', order.secret).update(body).digest('hex')
    return Buffer.from(
      `POST /webhooks/meta HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(
        body,
      )}\r\nx-hub-signature-256: sha256=${signature}\r\n\r\n${body}`,
    )
  })
}

type Run = {
  next(): Buffer | undefined
  done(milliseconds: number, status: number): void
}

/** One connection: sends, waits for the whole answer, sends again. Answers are small and have a content-length. */
async function drive(socket: Socket, run: Run, pause: (connection: Socket) => Promise<void>): Promise<void> {
  for (;;) {
    await pause(socket)
    const request = run.next()
    if (!request) return
    const started = performance.now()
    const status = await exchange(socket, request)
    run.done(performance.now() - started, status)
  }
}

function exchange(socket: Socket, request: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let received = ''
    const onData = (chunk: Buffer) => {
      received += chunk.toString('latin1')
      const head = received.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0)
      if (received.length < head + 4 + length) return
      socket.off('data', onData)
      socket.off('error', reject)
      resolve(Number(received.slice(9, 12)))
    }
    socket.on('data', onData)
    socket.once('error', reject)
    socket.write(request)
  })
}

async function fire(order: LoadOrder): Promise<LoadReport> {
  const requests = prepare(order)
  const sockets = await Promise.all(Array.from({ length: order.connections }, () => open(order.port)))
  const latencies: number[] = []
  let refused = 0
  let sent = 0
  const started = performance.now()
  const deadline = started + order.milliseconds
  const run: Run = {
    next: () => (performance.now() < deadline ? requests[sent++] : undefined),
    done(milliseconds, status) {
      if (status === 200) latencies.push(milliseconds)
      else refused++
    },
  }
  let due = started
  const pause = async () => {
    if (order.perSecond === 0) return
    due += 1000 / order.perSecond
    const wait = due - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
  }
  await Promise.all(sockets.map((socket) => drive(socket, run, pause)))
  const milliseconds = performance.now() - started
  for (const socket of sockets) socket.destroy()
  latencies.sort((a, b) => a - b)
  const quantile = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return { answered: latencies.length, refused, milliseconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => {
      socket.off('error', reject)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

if (process.send) {
  process.on('message', (order: LoadOrder) => {
    fire(order).then(
      (report) => process.send?.(report),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
  process.on('disconnect', () => process.exit(0))
}
