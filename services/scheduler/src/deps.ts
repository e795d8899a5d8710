import type { ChannelRegistry } from '@fidelio/channels/registry.ts'
import type { Clock } from '@fidelio/core/time.ts'
import type { StoreLog } from '@fidelio/db/log.ts'
import type { Tenancy } from '@fidelio/db/tenancy.ts'
import type { Vault } from '@fidelio/db/vault.ts'
import type { SchedulerLimits } from './limits.ts'
import type { Pace } from './pace.ts'

/** The doors the scheduler was given. */
export type SchedulerDeps = {
  stores: Tenancy
  vault: Pick<Vault, 'open'>
  clock: Clock
  log: StoreLog
  registry: ChannelRegistry
  /** Names this process in leases and slots; made up when left out. */
  ownerId?: string
  limits?: Partial<SchedulerLimits>
}

/** The same with nothing left out, and what lasts from tick to tick. */
export type SchedulerContext = Required<Omit<SchedulerDeps, 'limits'>> & { limits: SchedulerLimits; pace: Pace }
