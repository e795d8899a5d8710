import type { Clock } from '@fidelio/core/time.ts'
import type { StoreLog } from '@fidelio/db/log.ts'
import type { ConsentRecord } from '@fidelio/db/records/consents.ts'
import type { Tenancy, WorkerDb } from '@fidelio/db/tenancy.ts'
import type { Batcher } from './batcher.ts'
import type { Contacts } from './contacts.ts'
import type { Deferral } from './deferred.ts'
import type { Group } from './group.ts'
import type { Journal } from './journal.ts'
import type { Ledger } from './ledger.ts'
import type { IngestLimits } from './limits.ts'
import type { IngestMetrics } from './metrics.ts'
import type { Quotas } from './quota.ts'
import type { Routing } from './routing.ts'
import type { Trouble } from './trouble.ts'

/** What the steps work with; made once by `createIngest`. */
export type IngestContext = {
  stores: Tenancy
  worker: WorkerDb
  clock: Clock
  log: StoreLog
  /** For what would otherwise be logged once a request. */
  trouble: Trouble
  limits: IngestLimits
  metrics: IngestMetrics
  routing: Routing
  contacts: Contacts
  consents: Group<ConsentRecord, boolean>
  batcher: Batcher
  /** What the batcher writes to when the event store is embedded; null: it inserts. */
  journal: Journal | null
  quotas: Quotas
  ledger: Ledger
  deferral: Deferral
  /** Accounts heard of since the last mark. */
  heard: Set<string>
}
