import type { StoreLog } from '../log.ts'
import type { WorkerDb } from '../tenancy.ts'
import { storedRows } from './questions.ts'
import { syncSendFacts } from './send-facts.ts'
import { DerivedMarks, type DerivedTouched, deriveTouched } from './touched.ts'

export interface DeriverDeps {
  worker: WorkerDb
  log: StoreLog
}

export interface DeriveRun {
  /** Null: another process is deriving, and this run left it to that one. */
  touched: DerivedTouched | null
  sendsCopied: number
}

export interface Deriver {
  /** One round: send facts first, so that figures about sends are never older than those about replies. */
  run(): Promise<DeriveRun>
  /**
   * Whether something was stored since this process last began a run: cheap enough to be asked several times a second. A
   * merge of parts may say so as well; a run then finds nothing to do.
   */
  hasNews(): Promise<boolean>
  /** Up to when this process knows the derived facts to be complete (the event store's clock); null before its first run. */
  completeTo(): Date | null
  /** What this process derived lately. A rebuild goes by it, so as not to mend anything before it has compared. */
  readonly marks: DerivedMarks
}

/** Any number that is this product's own; the whole database shares the space of advisory locks. */
export const deriveLock = 713_240_001

/** The derive jobs of one process. Several processes may run them: a lock lets one work at a time. */
export function createDeriver({ worker, log }: DeriverDeps): Deriver {
  const marks = new DerivedMarks()
  let completeTo: Date | null = null
  let seenRows: number | null = null
  const countRows = async () => (await worker.ask(storedRows, {}))[0]?.rows ?? 0
  return {
    hasNews: async () => (await countRows()) !== seenRows,
    completeTo: () => completeTo,
    marks,
    run: () =>
      worker.tx(async (sql) => {
        // The transaction only holds the lock, idle, for as long as a rebuild may take; if this process dies, it is gone.
        await sql`set local idle_in_transaction_session_timeout = 0`
        const [lock] = await sql<{ taken: boolean }[]>`select pg_try_advisory_xact_lock(${deriveLock}) as taken`
        if (!lock?.taken) {
          // The other one has seen it too.
          seenRows = await countRows()
          return { touched: null, sendsCopied: 0 }
        }
        // Counted before anything is read: what is stored while this runs is news afterwards.
        seenRows = await countRows()
        const sendsCopied = await syncSendFacts(worker)
        const touched = await deriveTouched(worker, { log, marks })
        completeTo = touched.completeTo
        return { touched, sendsCopied }
      }),
  }
}
