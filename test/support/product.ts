/** Starts the product as a user does, in a process of its own, and ends it as a user does. For the end-to-end tests and the screenshots. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeEmbeddedPostgres } from '@fidelio/db/postgres/embedded-home.ts'

export type Product = AsyncDisposable & {
  url: string
  port: number
  /** null without demo businesses */
  signInLink: string | null
  /** API key by slug of the demo business */
  apiKeys: Record<string, string>
  /** From the start of the process to its banner. */
  readyMilliseconds: number
  /** Everything it printed so far, both streams. */
  output(): string
  /** SIGTERM; throws unless it ended with status 0 in time. The data stays. */
  stop(): Promise<void>
  /** SIGKILL, as when a machine dies: nothing is closed. The data stays. */
  kill(): Promise<void>
}

export type ProductOptions = {
  dataDir: string
  port?: number
  env?: Record<string, string>
}

const repository = fileURLToPath(new URL('../..', import.meta.url))
const startSecondsMax = 240
const stopSecondsMax = 20
const banner = /Ctrl-C stops it\./

/** Runs the server until its banner is printed. Throws with everything it said when it ends before. */
export async function startProduct({ dataDir, port, env = {} }: ProductOptions): Promise<Product> {
  const started = performance.now()
  const at = port ?? (await freePort())
  const run = launch({ PORT: String(at), DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...env })
  await withinSeconds(startSecondsMax, run.seen(banner), () => `It printed no banner:\n${run.output()}`).catch(
    async (error: unknown) => {
      await kill(run.child)
      throw error
    },
  )
  const readyMilliseconds = Math.round(performance.now() - started)
  const said = run.output()
  const signInLink = /Sign in\s+(\S+)/.exec(said)?.[1] ?? null
  const apiKeys = Object.fromEntries([...said.matchAll(/^ {4}(\S+)\s+(fid_\S+)$/gm)].map((m) => [m[1], m[2]]))

  const stop = async () => {
    if (hasEnded(run.child)) return
    const ended = once(run.child, 'exit')
    run.child.kill('SIGTERM')
    const [code, signal] = await withinSeconds(stopSecondsMax, ended, () => `It did not stop:\n${run.output()}`).catch(
      async (error: unknown) => {
        await kill(run.child)
        throw error
      },
    )
    if (code !== 0) throw new Error(`It ended with ${signal ?? `status ${code}`}:\n${run.output()}`)
  }
  return {
    url: `http://localhost:${at}`,
    port: at,
    signInLink,
    apiKeys,
    readyMilliseconds,
    output: run.output,
    stop,
    kill: () => kill(run.child),
    [Symbol.asyncDispose]: stop,
  }
}

/** Runs the server to its own end, for starts that are meant to fail. */
export async function runToEnd(env: Record<string, string>): Promise<{ status: number | null; output: string }> {
  const run = launch(env)
  const ended = once(run.child, 'close')
  const [status] = await withinSeconds(startSecondsMax, ended, () => `It did not end:\n${run.output()}`).catch(
    async (error: unknown) => {
      await kill(run.child)
      throw error
    },
  )
  return { status: status as number | null, output: run.output() }
}

/** A data directory that goes when the test does, with its database, wherever that lives. */
export async function temporaryDataDir(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'fidelio-product-'))
  return {
    path,
    async [Symbol.asyncDispose]() {
      await removeEmbeddedPostgres(path)
      await rm(path, { recursive: true, force: true })
    },
  }
}

/** A port nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.')
  return address.port
}

function launch(env: Record<string, string>) {
  // The same command as `npm start`, without npm between us and the signals.
  const child = spawn(process.execPath, ['--import', 'tsx', 'services/server/src/main.ts'], {
    cwd: repository,
    env: { ...ownEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const listeners = new Set<() => void>()
  const take = (text: string) => {
    said += text
    for (const listener of listeners) listener()
  }
  child.stdout.setEncoding('utf8').on('data', take)
  child.stderr.setEncoding('utf8').on('data', take)
  return {
    child,
    output: () => said,
    /** Resolves when the words were printed; rejects when the process ends without them. */
    seen: (words: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (words.test(said)) resolve()
        }
        listeners.add(look)
        child.once('error', reject)
        child.once('close', (code, signal) => reject(new Error(`It ended (${signal ?? code}) at once:\n${said}`)))
        look()
      }),
  }
}

/** Settings of whoever runs the tests must not leak into the product under test. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG, USER } = process.env
  return { PATH, HOME, TMPDIR, LANG, USER }
}

async function kill(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function withinSeconds<T>(seconds: number, work: Promise<T>, complaint: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not within ${seconds} s. ${complaint()}`)), seconds * 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
