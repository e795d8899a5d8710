/** Quotas, the counters of every account, and what waits for its quota: the parts that keep tenants apart, wired. */
import type { Clock } from '@fidelio/core/time.ts'
import type { StoreLog } from '@fidelio/db/log.ts'
import type { DeferredEvent } from '@fidelio/db/records/deferred-events.ts'
import type { WorkerDb } from '@fidelio/db/tenancy.ts'
import { createDeferral, type Deferral } from './deferred.ts'
import { createLedger, type Ledger } from './ledger.ts'
import type { IngestLimits } from './limits.ts'
import { createLoop } from './loop.ts'
import type { IngestMetrics } from './metrics.ts'
import type { IngestOutcome } from './outcome.ts'
import { createQuotas, type Quotas } from './quota.ts'

export type Tenants = {
  quotas: Quotas
  ledger: Ledger
  deferral: Deferral
  /** Writes the counters, learns the limits, and works off what may come in now. */
  process(): Promise<void>
  /** Limits changed: they are read again at once, in the background. */
  invalidate(): void
  start(): Promise<void>
  stop(): Promise<void>
  /** The last counters. After everything that counts has ended. */
  finish(): Promise<void>
}

export function createTenants(deps: {
  worker: WorkerDb
  limits: IngestLimits
  clock: Clock
  log: StoreLog
  metrics: IngestMetrics
  backlog: () => number
  accept: (deferred: DeferredEvent) => Promise<IngestOutcome>
}): Tenants {
  const { worker, limits, clock, log, metrics, backlog, accept } = deps
  const quotas = createQuotas({ limits, backlog })
  const ledger = createLedger({ worker, quotas })
  const now = () => clock.now().getTime()
  const deferral = createDeferral({ worker, quotas, limits, log, now, accept })
  const flush = () => ledger.flush(clock.now())
  let learning: Promise<void> | undefined

  async function drain(): Promise<void> {
    const drained = await deferral.drain()
    if (drained > 0) metrics.counted('deferred_drained', drained)
  }

  const ledgerLoop = createLoop({ everyMs: limits.ledgerEveryMs, work: flush, log })
  const drainLoop = createLoop({ everyMs: limits.drainEveryMs, work: drain, log })
  return {
    quotas,
    ledger,
    deferral,
    async process() {
      await flush()
      await drain()
    },
    invalidate() {
      learning ??= flush()
        .catch((error: unknown) => log.warn({ error: String(error) }, 'Quotas could not be read: the known ones hold'))
        .finally(() => {
          learning = undefined
        })
    },
    async start() {
      await flush()
      ledgerLoop.start()
      drainLoop.start()
    },
    async stop() {
      await Promise.all([ledgerLoop.stop(), drainLoop.stop()])
      await learning
    },
    finish: flush,
  }
}
