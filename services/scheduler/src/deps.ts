import { randomUUID } from 'node:crypto'
import type { ChannelRegistry } from '@fidelio/channels/registry.ts'
import type { Clock } from '@fidelio/core/time.ts'
import type { StoreLog } from '@fidelio/db/log.ts'
import type { Tenancy } from '@fidelio/db/tenancy.ts'
import type { Vault } from '@fidelio/db/vault.ts'
import { defaultLimits, type SchedulerLimits } from './limits.ts'
import { createPace, type Pace } from './pace.ts'

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
export type SchedulerContext = Required<Omit<SchedulerDeps, 'limits'>> & {
  limits: SchedulerLimits
  pace: Pace
  /** Set when the process wants to end: groups on the wire are finished, nothing new is started. */
  stopping: boolean
  /** When sends given up as unknown were last looked at, Unix milliseconds. */
  givenUpLookedAt: number
}

/** Fills in what was left out. A context of its own is a process of its own: its owner id and its pace are not shared. */
export function contextOf(deps: SchedulerDeps): SchedulerContext {
  return {
    ...deps,
    ownerId: deps.ownerId ?? randomUUID(),
    limits: { ...defaultLimits, ...deps.limits },
    pace: createPace(),
    stopping: false,
    givenUpLookedAt: Number.NEGATIVE_INFINITY,
  }
}
