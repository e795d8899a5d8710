/**
 * One embedded PostgreSQL for a whole test run, migrated once. Each test file clones its database as a template, which
 * takes a few hundredths of a second instead of a migration.
 */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processIdentity } from '@fidelio/db/directory-lock.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@fidelio/db/postgres/embedded.ts'
import { migratePostgres } from '@fidelio/db/postgres/migrate.ts'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: { ownerUrl: string; appUrl: string }
  }
}

const runsDirectory = join(tmpdir(), 'fidelio-test-runs')

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepDeadRuns()
  const dataDir = join(runsDirectory, `${process.pid}-${project.name}`)
  await mkdir(dataDir, { recursive: true })
  // Nothing here outlives the run, so nothing waits for the disk. The crash tests start their own, durable servers.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog, settings })
  await migratePostgres(server.ownerUrl, { log: silentLog, appLogin: new URL(server.appUrl).username })
  project.provide('postgres', { ownerUrl: server.ownerUrl, appUrl: server.appUrl })
  return async () => {
    await server[Symbol.asyncDispose]()
    await removeRun(dataDir)
  }
}

/** A killed run leaves its database behind; the next run clears it away. */
async function sweepDeadRuns(): Promise<void> {
  await mkdir(runsDirectory, { recursive: true })
  for (const name of await readdir(runsDirectory)) {
    if (processIdentity(Number.parseInt(name, 10)) !== undefined) continue
    const dataDir = join(runsDirectory, name)
    // Starting takes over and stops a server that survived its run; then the files can go.
    const left = await startEmbeddedPostgres({ dataDir, log: silentLog })
    await left[Symbol.asyncDispose]()
    await removeRun(dataDir)
  }
}

async function removeRun(dataDir: string): Promise<void> {
  await removeEmbeddedPostgres(dataDir)
  await rm(dataDir, { recursive: true, force: true })
}
