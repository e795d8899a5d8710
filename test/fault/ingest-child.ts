/**
 * The process that is killed: the product's stores, ingest, HTTP edge and derive job, wired as the server wires them, over
 * one place. `tsx ingest-child.ts <stores as JSON> <ack: durable|early> <world as JSON>`. It tells its parent the
 * port it listens on, answers `report`, and ends in order on `stop`.
 */
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { systemClock } from '@fidelio/core/time.ts'
import { createDeriver, type Deriver } from '@fidelio/db/derive/deriver.ts'
import { openStores, type StoreLog, type Stores } from '@fidelio/db/index.ts'
import { createAccount } from '@fidelio/db/records/accounts.ts'
import { createBusiness, findBusiness } from '@fidelio/db/records/businesses.ts'
import { createMetaApp } from '@fidelio/db/records/meta-apps.ts'
import { createVault, type Vault } from '@fidelio/db/vault.ts'
import { createIngest, type Ingest } from '@fidelio/ingest/index.ts'
import { createHttp, listen } from '../../services/server/src/http.ts'
import { createLog, createTelemetry } from '../../services/server/src/telemetry.ts'
import { accountFor } from './ingest-accounting.ts'
import { appSecret, businesses, pages, type World } from './ingest-world.ts'
import type { FromChild, StoresPlace, ToChild } from './kill-process.ts'

const derivePauseMs = 500

/** The same at every start: what one life sealed, the next one opens. */
const vault = createVault(createHash('sha256').update('master key of the fault run').digest())

async function main(place: StoresPlace, ack: string, world: World): Promise<void> {
  const log = createLog('error')
  const stores = await openStores({ ...place, log })
  await seed(stores, vault)
  const journal = 'dataDir' in place ? { journalDirectory: join(place.dataDir, 'journal') } : {}
  const ingest = createIngest({ stores, vault, clock: systemClock, log, ...journal })
  await ingest.start()
  const deriving = deriveAgainAndAgain(createDeriver({ worker: stores.forWorker(), log }), log)
  const app = createHttp({
    doors: { ready: () => stores.ready(), ingest: ack === 'early' ? acknowledgingEarly(ingest) : ingest },
    site: { serve: async () => {} },
    telemetry: createTelemetry(),
    log,
    publicUrl: 'http://127.0.0.1',
    bodyBytesMax: 1_000_000,
    trustedProxies: 0,
    stopping: new AbortController().signal,
  })
  const server = await listen(app, '127.0.0.1', 0)
  process.on('message', (message: ToChild) => {
    const answering = message === 'report' ? report() : stop()
    answering.catch((error: unknown) => {
      log.error({ err: error }, 'the process under test failed')
      process.kill(process.pid, 'SIGKILL')
    })
  })
  // A parent that died must not leave its child behind.
  process.on('disconnect', () => void stop())
  tell({ kind: 'ready', port: (server.address() as AddressInfo).port })

  async function report(): Promise<void> {
    await ingest.processAll()
    await deriving.stop()
    await deriving.once()
    tell({ kind: 'report', report: await accountFor(stores, world) })
  }

  async function stop(): Promise<void> {
    process.removeAllListeners('disconnect')
    await deriving.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await ingest[Symbol.asyncDispose]()
    await stores[Symbol.asyncDispose]()
    if (process.connected) process.disconnect()
  }
}

/** The null control: what ingest would be if it answered before the rows are durable. It must lose events. */
function acknowledgingEarly(ingest: Ingest): Ingest {
  return {
    ...ingest,
    acceptMeta(request) {
      void ingest.acceptMeta(request)
      return Promise.resolve({ status: 200 })
    },
  }
}

/** Businesses, the Meta app and its Pages, once per data directory: all or nothing, because the seeding may be killed too. */
async function seed(stores: Stores, vault: Vault): Promise<void> {
  await stores.forWorker().tx(async (sql) => {
    if (await findBusiness(sql, businesses[0].id)) return
    for (const { id, timeZone } of businesses) {
      const shop = { id, timeZone, name: 'Shop', slug: `shop-${id.slice(-3)}`, currency: 'EUR', locale: 'en' }
      await createBusiness(sql, shop)
    }
    const secrets = [appSecret]
    await createMetaApp(sql, vault, { businessId: null, appId: '9001', name: 'App', verifyToken: 'verify', secrets })
    for (const { id, accountId, businessId } of pages) {
      const outcome = await createAccount(sql, vault, {
        businessId,
        channel: 'messenger',
        name: 'Page',
        externalId: id,
        byOperator: true,
      })
      if (outcome.kind !== 'created') throw new Error(`The Page could not be connected: ${outcome.kind}`)
      await sql`update channel_accounts set id = ${accountId} where id = ${outcome.account.id}`
    }
  })
}

/** The derive job runs all the time, so that kills meet it as well. */
function deriveAgainAndAgain(deriver: Deriver, log: StoreLog): { once(): Promise<unknown>; stop(): Promise<void> } {
  let stopped = false
  const loop = async () => {
    while (!stopped) {
      // A store that is away is what some runs are about; the next round derives what this one could not.
      await deriver.run().catch((error: unknown) => log.warn({ err: error }, 'a round of deriving failed'))
      await new Promise((resolve) => setTimeout(resolve, derivePauseMs))
    }
  }
  const running = loop()
  return {
    once: () => deriver.run(),
    async stop() {
      stopped = true
      await running
    },
  }
}

function tell(message: FromChild): void {
  process.send?.(message)
}

const [place = '{}', ack = 'durable', world = '{}'] = process.argv.slice(2)
await main(JSON.parse(place) as StoresPlace, ack, JSON.parse(world) as World)
