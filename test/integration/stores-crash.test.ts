import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { defineQuery } from '@fidelio/db/clickhouse/query.ts'
import { DirectoryLockedError, openStores } from '@fidelio/db/index.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@fidelio/db/postgres/embedded.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

const childFile = fileURLToPath(new URL('../support/stores-crash-child.ts', import.meta.url))

const numbersOf = defineQuery({
  name: 'test.crash_numbers',
  sql: 'select contact_id as n from events where business_id = {business_id:UUID} order by n',
  params: z.object({}),
  row: z.object({ n: z.number() }),
})

let dataDir: string

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fidelio-crash-'))
})

afterEach(async () => {
  await removeEmbeddedPostgres(dataDir)
  await rm(dataDir, { recursive: true, force: true })
})

/** Runs the writer, lets it acknowledge `count` numbers, kills it with SIGKILL; gives the last acknowledged number. */
async function writeAndKill(businessId: string, first: number, count: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', childFile, dataDir, businessId, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  let last = 0
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line)
    if (last >= first + count - 1) child.kill('SIGKILL')
  }
  await ended
  return last
}

// Several real starts per test, on machines that do other things too.
describe('embedded stores', { timeout: 120_000 }, () => {
  test('survive kill -9 twice: the left-over server is taken over, nothing acknowledged is lost', async () => {
    const businessId = randomUUID()
    const firstRun = await writeAndKill(businessId, 1, 20)
    // The number after the last acknowledged one may be half-written, so the second run starts beyond it.
    const secondRun = await writeAndKill(businessId, firstRun + 2, 20)
    expect(secondRun).toBeGreaterThanOrEqual(firstRun + 21)

    await using stores = await openStores({ dataDir, log: silentLog })
    const acknowledged = Array.from({ length: secondRun }, (_, index) => index + 1).filter((n) => n !== firstRun + 1)
    const door = stores.forBusiness(businessId)
    const events = (await door.ask(numbersOf, {})).map((row) => row.n)
    expect(events).toEqual(expect.arrayContaining(acknowledged))
    expect(new Set(events).size).toBe(events.length)
    const contacts = await door.tx((sql) => sql<{ id: number }[]>`select id from contacts order by id`)
    expect(contacts.map((row) => row.id)).toEqual(expect.arrayContaining(acknowledged))
  })

  test('open again after a clean end, quickly, and say who holds the directory meanwhile', async () => {
    {
      await using stores = await openStores({ dataDir, log: silentLog })
      expect((await stores.ready()).ok).toBe(true)
      await expect(openStores({ dataDir, log: silentLog })).rejects.toThrow(DirectoryLockedError)
    }
    const started = performance.now()
    await using stores = await openStores({ dataDir, log: silentLog })
    expect(performance.now() - started).toBeLessThan(5000)
    expect((await stores.ready()).ok).toBe(true)
    const record = JSON.parse(await readFile(join(dataDir, 'postgres.json'), 'utf8')) as { home: string }
    expect(record.home).not.toMatch(process.getuid?.() === 0 ? /^\/tmp/ : /^$/)
  })

  test('two directories run side by side', async () => {
    const otherDir = await mkdtemp(join(tmpdir(), 'fidelio-crash-'))
    const child = spawn(process.execPath, ['--import', 'tsx', childFile, otherDir, randomUUID(), '1'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve))
      await using stores = await openStores({ dataDir, log: silentLog })
      expect((await stores.ready()).ok).toBe(true)
    } finally {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      // Taking the directory over is what stops the server the killed process left running.
      const leftOver = await startEmbeddedPostgres({ dataDir: otherDir, log: silentLog })
      await leftOver[Symbol.asyncDispose]()
    }
    await removeEmbeddedPostgres(otherDir)
    await rm(otherDir, { recursive: true, force: true })
  })
})
