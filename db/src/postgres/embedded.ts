import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chown, mkdir, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { isCode, takeDirectoryLock } from '../directory-lock.ts'
import { DisposeStack } from '../dispose-stack.ts'
import type { StoreLog } from '../log.ts'
import { type PostgresHome, preparePostgresHome, setAsideOrphan, writeRecord } from './embedded-home.ts'
import { readPidFile, stopLeftOver, stopSecondsMax } from './left-over-server.ts'

export { removeEmbeddedPostgres } from './embedded-home.ts'

const run = promisify(execFile)

const startSecondsMax = 30
const logBytesMax = 5_000_000
const ownerName = 'fidelio_owner'
const databaseName = 'fidelio'

/** The login of the application: it owns nothing and inherits nothing, it may only become one of the three roles. */
export const embeddedLoginName = 'fidelio_login'

/**
 * For a small machine, and for data that must survive a power cut. Statements are kept out of the server's log because
 * they hold personal data: errors reach us through the connection anyway.
 */
const serverSettings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '32MB',
  max_wal_size: '256MB',
  wal_compression: 'on',
  max_wal_senders: '0',
  wal_level: 'minimal',
  io_method: 'sync',
  max_worker_processes: '2',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Superuser of this private server: migrations only. */
  ownerUrl: string
  appUrl: string
  /** True when this start created the database. */
  created: boolean
}

export interface EmbeddedPostgresOptions {
  dataDir: string
  log: StoreLog
  /** Overrides for tests and benchmarks, for example `{ fsync: 'off' }`. */
  settings?: Record<string, string>
}

/**
 * Starts the private PostgreSQL server of `dataDir` (initialising it the first time) and waits until it answers. A server
 * left running by a killed process is stopped first. The caller holds the directory's lock.
 * @throws when the server cannot be initialised or does not answer within 30 s; the message holds the end of its log.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  const home = await preparePostgresHome(dataDir)
  await using owned = new DisposeStack()
  // A second lock beside the caller's: a copied DATA_DIR points to the same home.
  owned.use(await takeDirectoryLock(join(home.record.home, 'owner.lock'), home.record.home))
  await stopLeftOver(home, options.log)
  const aside = await setAsideOrphan(home)
  if (aside) options.log.warn({ aside }, 'DATA_DIR was deleted since the last start; its old database was moved aside')
  // Written only now: passwords on record always fit the database beside them.
  await writeRecord(dataDir, home.record)
  const created = await initialise(home)
  const server = owned.use(await startOnFreePort(home, options, dataDir))
  await ensureDatabase(home, server.port)
  const url = (user: string, password: string) =>
    `postgres://${user}:${password}@127.0.0.1:${server.port}/${databaseName}`
  const running = owned.move()
  return {
    created,
    ownerUrl: url(ownerName, home.record.ownerPassword),
    appUrl: url(embeddedLoginName, home.record.loginPassword),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}

/** Runs `initdb` beside the final place and renames, so that a half-made data directory is never started. */
async function initialise(home: PostgresHome): Promise<boolean> {
  const exists = await stat(home.data).then(
    () => true,
    (error: unknown) => {
      if (isCode(error, 'ENOENT')) return false
      throw error
    },
  )
  if (exists) return false
  const fresh = `${home.data}.new`
  const passwordFile = join(home.record.home, 'initdb-password')
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { recursive: true, mode: 0o700 })
  await writeFile(passwordFile, `${home.record.ownerPassword}\n`, { mode: 0o600 })
  if (home.runAs) {
    await chown(fresh, home.runAs.uid, home.runAs.gid)
    await chown(passwordFile, home.runAs.uid, home.runAs.gid)
  }
  const args = [`--pgdata=${fresh}`, `--username=${ownerName}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
  args.push('--encoding=UTF8', '--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8')
  try {
    await run(home.bin.initdb, args, { ...home.runAs, cwd: home.record.home, env: serverEnvironment })
  } catch (error) {
    throw new Error(`PostgreSQL could not initialise ${home.data}: ${errorText(error)}`, { cause: error })
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(fresh, home.data)
  return true
}

/** Nothing of our own environment (keys, provider secrets) is handed to the server. */
const serverEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/bin:/usr/bin:/bin' }

interface RunningServer extends AsyncDisposable {
  port: number
}

/** The port used last time first, so that a developer's bookmarks keep working; a taken port leads to another one. */
async function startOnFreePort(home: PostgresHome, options: EmbeddedPostgresOptions, dataDir: string) {
  for (let attempt = 0; ; attempt++) {
    const port = attempt === 0 && home.record.port ? home.record.port : await freePort()
    try {
      const server = await start(home, port, options)
      if (home.record.port !== port) {
        home.record.port = port
        await writeRecord(dataDir, home.record)
      }
      return server
    } catch (error) {
      const retriable = /could not bind|Address already in use|shared memory block .* still in use/i
      if (attempt === 5 || !retriable.test(errorText(error))) throw error
      options.log.warn({ attempt, port }, 'The database server could not start yet; trying again')
      await sleep(200)
    }
  }
}

async function start(home: PostgresHome, port: number, options: EmbeddedPostgresOptions): Promise<RunningServer> {
  const logFile = join(home.record.home, 'server.log')
  await boundLog(logFile)
  const log = await open(logFile, 'a', 0o600)
  const logStart = (await log.stat()).size
  const settings = { ...serverSettings, ...options.settings, port: String(port) }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // Detached: Ctrl-C reaches every process of the terminal's group, and the database must outlive our own clean end.
  const child = spawn(home.bin.postgres, ['-D', home.data, ...flags], {
    ...home.runAs,
    cwd: home.record.home,
    env: serverEnvironment,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  const ended = new Promise<void>((resolveEnd) => {
    child.once('exit', () => resolveEnd())
    child.once('error', () => resolveEnd())
  })
  child.unref()
  await log.close()
  if (!(await becomesReady(home, child, ended))) {
    child.kill('SIGKILL')
    const said = (await readFile(logFile, 'utf8')).slice(logStart).trim().slice(-2000)
    throw new Error(`PostgreSQL did not start: ${said || 'it said nothing'} (log: ${logFile})`)
  }
  const keepBounded = setInterval(() => {
    boundLog(logFile, true).catch((error: unknown) => {
      options.log.warn({ error: errorText(error) }, "The database server's log could not be shortened")
    })
  }, 60_000)
  keepBounded.unref()
  // An exit that skips disposal still asks the server to stop; after SIGKILL the next start does.
  const onExit = () => void child.kill('SIGINT')
  process.once('exit', onExit)
  child.once('exit', (code) => {
    if (code !== 0) options.log.error({ code, logFile }, 'The database server ended unexpectedly')
  })
  return {
    port,
    async [Symbol.asyncDispose]() {
      clearInterval(keepBounded)
      process.removeListener('exit', onExit)
      await stopChild(child, ended)
    },
  }
}

/** Watches the pid file, whose eighth line becomes `ready`: cheaper than trying to connect. */
async function becomesReady(home: PostgresHome, child: ChildProcess, ended: Promise<void>): Promise<boolean> {
  const deadline = performance.now() + startSecondsMax * 1000
  let gone = false
  void ended.then(() => {
    gone = true
  })
  while (!gone && performance.now() < deadline) {
    const lines = readPidFile(home)
    if (lines && Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return true
    await sleep(10)
  }
  return false
}

/** Fast shutdown; a server that does not obey in time is stopped hard, which its own log recovers from. */
async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.ref()
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGQUIT'), stopSecondsMax * 1000)
  await ended
  clearTimeout(timer)
}

/** At start a long log moves aside (one generation is kept); while running it is cut, because the server holds it open. */
async function boundLog(logFile: string, running = false): Promise<void> {
  const size = await stat(logFile).then(
    (found) => found.size,
    (error: unknown) => {
      if (isCode(error, 'ENOENT')) return 0
      throw error
    },
  )
  if (size <= logBytesMax) return
  if (running) await truncate(logFile, 0)
  else await rename(logFile, `${logFile}.1`)
}

/** The database and the application's login; repeated at each start, so a crash after `initdb` heals itself. */
async function ensureDatabase(home: PostgresHome, port: number): Promise<void> {
  const { ownerPassword, loginPassword } = home.record
  const sql = postgres({
    host: '127.0.0.1',
    port,
    user: ownerName,
    password: ownerPassword,
    database: 'postgres',
    max: 1,
    fetch_types: false,
    connection: { application_name: 'fidelio start' },
  })
  try {
    const found = await sql`select 1 from pg_database where datname = ${databaseName}`
    if (found.length === 0) await sql.unsafe(`create database ${databaseName}`)
    const login = await sql`select 1 from pg_roles where rolname = ${embeddedLoginName}`
    // The password is 48 hexadecimal digits of our own making: a role statement takes no parameters.
    if (login.length === 0) {
      await sql.unsafe(`create role ${embeddedLoginName} login noinherit password '${loginPassword}'`)
    }
  } finally {
    await sql.end({ timeout: 5 })
  }
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolvePort(port))
    })
  })
}

function errorText(error: unknown): string {
  if (typeof error === 'object' && error && 'stderr' in error && error.stderr) return String(error.stderr).trim()
  return error instanceof Error ? error.message : String(error)
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolveSleep) => setTimeout(resolveSleep, milliseconds))
}
