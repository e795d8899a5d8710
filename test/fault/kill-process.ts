/** Starts the process under test, kills it without warning, starts it again, and watches the database it leaves behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isCode, processIdentity } from '@fidelio/db/directory-lock.ts'
import type { StoredReport } from './ingest-accounting.ts'
import type { World } from './ingest-world.ts'

export type ToChild = 'report' | 'stop'
export type FromChild = { kind: 'ready'; port: number } | { kind: 'report'; report: StoredReport }

/** Where the process under test keeps its data: embedded engines in a directory, or servers. */
export type StoresPlace = { dataDir: string } | { databaseUrl: string; databaseOwnerUrl: string; clickhouseUrl: string }

export type Start = {
  milliseconds: number
  /** A database server of the killed process was still alive when this start began. */
  foundLeftOver: boolean
  /** … and is not any more: it was stopped in favour of one that this process owns. */
  leftOverStopped: boolean
}

export type KillableServer = {
  start(): Promise<Start>
  /** SIGKILL. `withDatabase`: its PostgreSQL as well, as when a container dies. */
  kill(options: { withDatabase: boolean }): Promise<void>
  /** Where it listens; waits while it is down. */
  address(): Promise<string>
  pid(): number
  report(): Promise<StoredReport>
  /** The clean end. */
  stop(): Promise<void>
}

const childFile = fileURLToPath(new URL('ingest-child.ts', import.meta.url))

export function createKillableServer(deps: {
  stores: StoresPlace
  ack: 'durable' | 'early'
  world: World
}): KillableServer {
  const { stores, ack, world } = deps
  const databasePid = async () => ('dataDir' in stores ? embeddedDatabasePid(stores.dataDir) : null)
  let child: ChildProcess | null = null
  let up = deferred()

  async function start(): Promise<Start> {
    const before = await databasePid()
    const foundLeftOver = before !== null && processIdentity(before) !== undefined
    const started = performance.now()
    const args = ['--import', 'tsx', childFile, JSON.stringify(stores), ack, JSON.stringify(world)]
    child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const ready = await heard(child, 'ready')
    up.resolve(`http://127.0.0.1:${ready.port}`)
    const leftOverStopped = foundLeftOver && processIdentity(before) === undefined
    return { milliseconds: Math.round(performance.now() - started), foundLeftOver, leftOverStopped }
  }

  function goneDown(): ChildProcess {
    if (!child) throw new Error('The process under test does not run.')
    const running = child
    child = null
    up = deferred()
    return running
  }

  return {
    start,
    async kill({ withDatabase }) {
      const running = child
      if (!running) return
      goneDown()
      const ended = running.exitCode === null && running.signalCode === null ? once(running, 'exit') : null
      running.kill('SIGKILL')
      const pid = withDatabase ? await databasePid() : null
      if (pid !== null && processIdentity(pid) !== undefined) process.kill(pid, 'SIGKILL')
      await ended
    },
    address: () => up.promise,
    pid: () => child?.pid ?? 0,
    async report() {
      if (!child) throw new Error('The process under test does not run.')
      const answer = heard(child, 'report')
      child.send('report' satisfies ToChild)
      return (await answer).report
    },
    async stop() {
      if (!child) return
      const running = goneDown()
      const ended = once(running, 'exit')
      running.send('stop' satisfies ToChild)
      const [code] = await ended
      if (code !== 0) throw new Error(`The process under test did not end cleanly: ${code}`)
    },
  }
}

type Deferred = { promise: Promise<string>; resolve(address: string): void }

function deferred(): Deferred {
  let resolve: Deferred['resolve'] = () => {}
  const promise = new Promise<string>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** The next message of one kind. Rejects when the process ends instead. */
function heard<K extends FromChild['kind']>(child: ChildProcess, kind: K): Promise<Extract<FromChild, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null) =>
      reject(new Error(`The process under test ended (${signal ?? code}) before it was ${kind}.`))
    child.once('exit', onExit)
    child.on('message', function listener(message: FromChild) {
      if (message.kind !== kind) return
      child.off('message', listener)
      child.off('exit', onExit)
      resolve(message as Extract<FromChild, { kind: K }>)
    })
  })
}

/** The embedded PostgreSQL of a data directory by its own pid file; null when there is none. */
async function embeddedDatabasePid(dataDir: string): Promise<number | null> {
  try {
    const record = JSON.parse(await readFile(join(dataDir, 'postgres.json'), 'utf8')) as { home: string }
    const [pid] = (await readFile(join(record.home, 'data', 'postmaster.pid'), 'utf8')).split('\n')
    return Number(pid)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}
