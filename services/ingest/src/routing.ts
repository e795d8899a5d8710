/**
 * Whose bytes are these: Meta apps and channel accounts, with their secrets opened, remembered for at most
 * `routeSecondsMax` (longer while Postgres is silent) and forgotten at once when anybody announces a change. Ids that
 * belong to nobody are not remembered, so that a Page connected a moment ago works at once.
 */
import type { Channel } from '@fidelio/core/event.ts'
import type { Clock } from '@fidelio/core/time.ts'
import type { StoreLog } from '@fidelio/db/log.ts'
import { type AccountRoute, accountsChangedChannel, findAccountRoutes } from '@fidelio/db/records/accounts.ts'
import { type MetaAppRecord, readMetaApps } from '@fidelio/db/records/meta-apps.ts'
import type { WorkerDb } from '@fidelio/db/tenancy.ts'
import type { Vault } from '@fidelio/db/vault.ts'
import { within } from './deadline.ts'
import { createKeyring } from './keyring.ts'
import type { IngestLimits } from './limits.ts'
import { type RowScope, rowScope } from './row.ts'

/** `businessId` null: the operator's, shared by many businesses. */
export type MetaApp = { id: string; businessId: string | null; verifyToken: string; secrets: string[] }

export type Route = {
  accountId: string
  businessId: string
  channel: Channel
  externalId: string
  metaAppId: string | null
  humanAppIds: ReadonlySet<string>
  /** Plain signing secrets, newest first. */
  secrets: string[]
  scope: RowScope
}

export type Routes = ReadonlyMap<string, Route>

export type Routing = AsyncDisposable & {
  /** All Meta apps. A promise only when they have to be read. */
  metaApps(): readonly MetaApp[] | Promise<readonly MetaApp[]>
  /** Routes by external id; ids of nobody are missing. A promise only when something has to be read. */
  routes(channel: Channel, externalIds: readonly string[]): Routes | Promise<Routes>
  invalidate(): void
  /** Hears changes announced by other processes. */
  listen(): Promise<void>
}

/** Between two readings in the background: a store that refuses at once is not asked by every request. */
const refreshEveryMs = 1000

type Remembered = { route: Route; readAt: number }

export function createRouting(deps: {
  worker: WorkerDb
  vault: Vault
  clock: Clock
  log: StoreLog
  limits: IngestLimits
  onInvalidate: () => void
}): Routing {
  const { worker, log, limits } = deps
  const keyring = createKeyring(deps)
  const ageMax = limits.routeSecondsMax * 1000
  const staleMax = limits.routeStaleSecondsMax * 1000
  let apps: { list: readonly MetaApp[]; readAt: number } | undefined
  let remembered = new Map<string, Remembered>()
  let generation = 0
  let listening: AsyncDisposable | undefined
  let refreshing = false
  let nextRefreshAt = 0
  /** The last reading failed: what is remembered is believed for longer, and read again in the background. */
  let failing = false

  async function readApps(): Promise<readonly MetaApp[]> {
    const readAt = performance.now()
    const before = generation
    const records = await worker.tx((sql) => readMetaApps(sql))
    const list = records.map((record: MetaAppRecord) => ({
      id: record.id,
      businessId: record.businessId,
      verifyToken: record.verifyToken,
      secrets: keyring.open(record.secrets, { businessId: record.businessId, rowId: record.id }),
    }))
    if (before === generation) apps = { list, readAt }
    return list
  }

  function toRoute(record: AccountRoute): Route {
    const { id: accountId, businessId, channel, externalId, metaAppId } = record
    return {
      accountId,
      businessId,
      channel,
      externalId,
      metaAppId,
      humanAppIds: new Set(record.humanAppIds),
      secrets: keyring.open(record.secrets, { businessId, rowId: accountId }),
      scope: rowScope(businessId, accountId, channel),
    }
  }

  async function readRoutes(channel: Channel, externalIds: readonly string[]): Promise<Routes> {
    const readAt = performance.now()
    const before = generation
    const records = await worker.tx((sql) => findAccountRoutes(sql, channel, externalIds))
    const found = new Map(records.map((record) => [record.externalId, toRoute(record)]))
    if (before !== generation) return found
    if (remembered.size + found.size > limits.routesMax) remembered = new Map()
    for (const externalId of externalIds) {
      const route = found.get(externalId)
      if (route) remembered.set(routeKey(channel, externalId), { route, readAt })
      else remembered.delete(routeKey(channel, externalId))
    }
    return found
  }

  async function readRemembered(): Promise<void> {
    const byChannel = new Map<Channel, string[]>()
    for (const { route } of remembered.values()) {
      const ids = byChannel.get(route.channel) ?? []
      ids.push(route.externalId)
      byChannel.set(route.channel, ids)
    }
    await readApps()
    for (const [channel, ids] of byChannel) await readRoutes(channel, ids)
  }

  /** Past half their time all routes are read again in the background, so that requests do not wait for it. */
  async function refresh(): Promise<void> {
    refreshing = true
    nextRefreshAt = performance.now() + refreshEveryMs
    const reading = readRemembered()
    try {
      await within(reading, limits.stateSecondsMax)
      failing = false
    } catch (error) {
      failing = true
      log.warn({ error: String(error) }, 'Account routes could not be refreshed: the remembered ones are used')
    }
    // A reading that hangs ends one day; another one beside it would only hang as well.
    const ended = () => {
      refreshing = false
    }
    reading.then(ended, ended)
  }

  function isBelieved(readAt: number): boolean {
    const elapsed = performance.now() - readAt
    if (elapsed > ageMax / 2 && !refreshing && performance.now() > nextRefreshAt) void refresh()
    return elapsed < ageMax || (failing && elapsed < staleMax)
  }

  function invalidate(): void {
    generation++
    apps = undefined
    remembered.clear()
    deps.onInvalidate()
  }

  return {
    metaApps() {
      keyring.expire()
      return apps && isBelieved(apps.readAt) ? apps.list : readApps()
    },
    routes(channel, externalIds) {
      keyring.expire()
      const found = new Map<string, Route>()
      const missing: string[] = []
      for (const externalId of externalIds) {
        const entry = remembered.get(routeKey(channel, externalId))
        if (entry && isBelieved(entry.readAt)) found.set(externalId, entry.route)
        else missing.push(externalId)
      }
      if (missing.length === 0) return found
      return readRoutes(channel, missing).then((read) => new Map([...found, ...read]))
    },
    invalidate,
    async listen() {
      listening ??= await worker.listen(accountsChangedChannel, invalidate)
    },
    async [Symbol.asyncDispose]() {
      await listening?.[Symbol.asyncDispose]()
    },
  }
}

function routeKey(channel: Channel, externalId: string): string {
  return `${channel}\u001f${externalId}`
}
