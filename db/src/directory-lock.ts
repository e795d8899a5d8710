import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Someone alive already owns the directory. The message is meant for the person who started the program. */
export class DirectoryLockedError extends Error {
  override name = 'DirectoryLockedError'
  readonly ownerPid: number

  constructor(directory: string, ownerPid: number) {
    super(
      `The data directory ${directory} is in use by process ${ownerPid}. ` +
        'Stop that process, or choose another DATA_DIR; one directory has one owner at a time.',
    )
    this.ownerPid = ownerPid
  }
}

interface LockRecord {
  pid: number
  /** Distinguishes the owner from a later process that was given the same number. */
  identity: string
}

/** Locks held by this very process: after a container restart our own pid may stand in a stale file. */
const heldHere = new Set<string>()

/**
 * Takes the single-owner lock `lockFile` for `directory`; disposing the result gives it back. A lock whose owner no longer
 * lives (killed, rebooted, number reused) is taken over.
 * @throws DirectoryLockedError when a living process holds it.
 */
export async function takeDirectoryLock(lockFile: string, directory: string): Promise<AsyncDisposable> {
  if (heldHere.has(lockFile)) throw new DirectoryLockedError(directory, process.pid)
  heldHere.add(lockFile)
  try {
    await mkdir(dirname(lockFile), { recursive: true })
    await claim(lockFile, directory)
  } catch (error) {
    heldHere.delete(lockFile)
    throw error
  }
  return {
    async [Symbol.asyncDispose]() {
      await rm(lockFile, { force: true })
      heldHere.delete(lockFile)
    },
  }
}

async function claim(lockFile: string, directory: string): Promise<void> {
  const record: LockRecord = { pid: process.pid, identity: processIdentity(process.pid) ?? '' }
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      const file = await open(lockFile, 'wx', 0o600)
      await file.writeFile(JSON.stringify(record))
      await file.close()
      return
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error
    }
    const owner = await readOwner(lockFile)
    if (owner && isAlive(owner)) throw new DirectoryLockedError(directory, owner.pid)
    // Between creating the file and writing it an owner is unreadable for an instant, so an unreadable file is given time.
    if (owner || attempt > 10) await moveAside(lockFile)
    else await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`The lock ${lockFile} could not be taken: other processes keep changing it.`)
}

/** Renaming is atomic: of two processes that found the same stale file, only one moves it; the other tries again. */
async function moveAside(lockFile: string): Promise<void> {
  const aside = `${lockFile}.${randomUUID()}.stale`
  try {
    await rename(lockFile, aside)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return
    throw error
  }
  await rm(aside, { force: true })
}

async function readOwner(lockFile: string): Promise<LockRecord | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(lockFile, 'utf8'))
    if (typeof parsed !== 'object' || parsed === null) return undefined
    const { pid, identity } = parsed as Partial<LockRecord>
    return typeof pid === 'number' && typeof identity === 'string' ? { pid, identity } : undefined
  } catch (error) {
    if (isCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined
    throw error
  }
}

function isAlive(owner: LockRecord): boolean {
  // Our own number in a file we do not hold is left over from an earlier life with the same number.
  if (owner.pid === process.pid) return false
  return processIdentity(owner.pid) === owner.identity
}

/**
 * Names one life of a process: boot id and start tick on Linux, start time elsewhere. Undefined when no such process lives.
 */
export function processIdentity(pid: number): string | undefined {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (isCode(error, 'ESRCH')) return undefined
  }
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The command name may hold spaces and brackets, so the fields are counted after its closing bracket.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (fields[0] === 'Z') return undefined
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined
      throw error
    }
  }
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
}

/** True when `error` is a system error with this code (`ENOENT`, `EEXIST`, …). */
export function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code
}
