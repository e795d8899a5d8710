/** One try of a batch at a store that may refuse, be silent, or be down: what the batcher and the journal share. */
import type { StoreLog } from '@fidelio/db/log.ts'
import { isRowRefusal } from '@fidelio/db/records/inbox.ts'
import type { Batch } from './batcher.ts'
import type { IngestLimits } from './limits.ts'

export type Insertion = {
  /** False: refused, without an answer in time, or not tried because the store hangs or has just failed. */
  attempt(batch: Batch): Promise<boolean>
  /** True while a try hangs, or has just failed. */
  readonly detour: boolean
}

export function createInsertion(deps: {
  insert(batch: Batch): Promise<void>
  limits: Pick<IngestLimits, 'insertSecondsMax' | 'detourMs'>
  log: StoreLog
}): Insertion {
  const { insert, limits, log } = deps
  let hanging = false
  let detourUntil = 0
  const isDetour = () => hanging || performance.now() < detourUntil

  return {
    async attempt(batch) {
      if (isDetour()) return false
      let overdue: NodeJS.Timeout | undefined
      const insertion = insert(batch).then(
        () => true as const,
        (error: unknown) => {
          // A store that is up but cannot read one row takes the next batch; the inbox finds the row (inbox.ts).
          if (!isRowRefusal(error)) detourUntil = performance.now() + limits.detourMs
          log.warn({ rows: batch.count, error: String(error) }, 'The event store refused a batch: the inbox takes it')
          return false as const
        },
      )
      const timeout = new Promise<'overdue'>((resolve) => {
        overdue = setTimeout(() => resolve('overdue'), limits.insertSecondsMax * 1000)
      })
      const outcome = await Promise.race([insertion, timeout])
      clearTimeout(overdue)
      if (outcome !== 'overdue') return outcome
      // The connection stays occupied until the insert answers: sending more to it would only wait as well.
      hanging = true
      void insertion.then(() => {
        hanging = false
      })
      log.warn({ rows: batch.count }, 'An insert has not answered in time: the inbox takes its batch')
      return false
    },
    get detour() {
      return isDetour()
    },
  }
}
