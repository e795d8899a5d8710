/** The product as a stranger runs it: its own process, embedded stores, everything set up over GraphQL. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { removeEmbeddedPostgres } from '@fidelio/db/postgres/embedded.ts'

const startSecondsMax = 60
const stopSecondsMax = 30
/**
 * The flags the product is started with, as in `npm start`. A young generation of 32 MB instead of 16 took 100 MB more
 * under bodies of twenty events, and saved no processor time that could be measured.
 */
const serverFlags = ['--max-semi-space-size=16', '--import', 'tsx']
const root = resolve(import.meta.dirname, '../..')

export type Product = AsyncDisposable & {
  pid: number
  port: number
  /** Asks GraphQL as the operator. @throws when the answer holds an error. */
  ask<T>(query: string, variables: Record<string, unknown>): Promise<T>
}

/** Starts `services/server` without the demo, in a fresh directory. Disposal stops it and removes its data. */
export async function startProduct(): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), 'fidelio-bench-'))
  const port = await freePort()
  const operatorKey = randomBytes(18).toString('hex')
  const child = spawn(process.execPath, [...serverFlags, 'services/server/src/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? '',
      DEMO: '0',
      PORT: String(port),
      DATA_DIR: dataDir,
      OPERATOR_KEY: operatorKey,
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await untilOk(child, `http://127.0.0.1:${port}/ready`)
  // The first start builds the dashboards beside everything else; that is not what is measured.
  await untilOk(child, `http://127.0.0.1:${port}/`)
  return {
    pid: child.pid ?? 0,
    port,
    async ask<T>(query: string, variables: Record<string, unknown>): Promise<T> {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${operatorKey}` },
        body: JSON.stringify({ query, variables }),
      })
      const answer = (await response.json()) as { data?: T; errors?: unknown }
      if (!answer.data || answer.errors) throw new Error(`GraphQL: ${JSON.stringify(answer)}`)
      return answer.data
    },
    async [Symbol.asyncDispose]() {
      await stop(child)
      await removeEmbeddedPostgres(dataDir)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function untilOk(child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + startSecondsMax * 1000
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The server ended with status ${child.exitCode} while starting.`)
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false, // Nobody listens yet.
    )
    if (ok) return
    await new Promise((wake) => setTimeout(wake, 100))
  }
  child.kill('SIGKILL')
  throw new Error(`The server did not answer as it should within ${startSecondsMax} s.`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolveEnd) => child.once('exit', resolveEnd))
  child.kill('SIGTERM')
  const overdue = setTimeout(() => child.kill('SIGKILL'), stopSecondsMax * 1000)
  await ended
  clearTimeout(overdue)
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolvePort(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
