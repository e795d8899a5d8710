import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { isCode } from '../directory-lock.ts'
import type { StoreLog } from '../log.ts'
import type { PostgresHome } from './embedded-home.ts'

const run = promisify(execFile)

/** A server that does not end in this time is stopped hard. */
export const stopSecondsMax = 20

/** A server whose starter was killed lives on: stop it, and remove a pid file nobody stands behind. */
export async function stopLeftOver(home: PostgresHome, log: StoreLog): Promise<void> {
  const pid = Number(readPidFile(home)?.[0])
  if (!Number.isInteger(pid) || pid <= 1) return
  if (!(await isOurServer(pid, home.data))) {
    await rm(join(home.data, 'postmaster.pid'), { force: true })
    return
  }
  log.info({ pid }, 'Stopping the database server left by an earlier run')
  const deadline = performance.now() + stopSecondsMax * 1000
  process.kill(pid, 'SIGINT')
  while (await isOurServer(pid, home.data)) {
    if (performance.now() > deadline) process.kill(pid, 'SIGQUIT')
    await sleep(20)
  }
}

async function isOurServer(pid: number, data: string): Promise<boolean> {
  if (process.platform === 'linux') {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return command.includes(data)
    } catch (error) {
      if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH')) return false
      throw error
    }
  }
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout.includes(data)
}

/** The lines of the server's pid file: the first is its pid, the eighth its state. */
export function readPidFile(home: PostgresHome): string[] | undefined {
  try {
    return readFileSync(join(home.data, 'postmaster.pid'), 'utf8').split('\n')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}
