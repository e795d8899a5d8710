/**
 * Group commit is the queue (design.md §2.1): rows of many requests travel in one insert, and every request waits for
 * the batch it is in. One insert is in flight; what arrives meanwhile fills the next one. After an insert the next one
 * waits about as long as the last one took: an insert costs nearly the same for a hundred rows as for five hundred, so
 * the slower the store, the more rows share one.
 *
 * A batch that ClickHouse refuses, or whose outcome stays unknown, is kept elsewhere with the same bytes and the same
 * token before anybody is told. Nobody is ever told "durable" before it is.
 */
import { randomUUID } from 'node:crypto'
import type { StoreLog } from '@fidelio/db/log.ts'
import { createInsertion } from './insertion.ts'
import type { IngestLimits } from './limits.ts'
import type { IngestMetrics } from './metrics.ts'

export type Batch = { token: string; rows: string; count: number }

export type Batcher = AsyncDisposable & {
  /**
   * Adds the rows of one request: insert text, one array per line, each line ended. The promise resolves when they are durable and
   * rejects when no store took them. Null: the buffer is full.
   */
  add(rows: string, count: number): Promise<void> | null
  /** Sends what waits and resolves when nothing is left. */
  flush(): Promise<void>
  /** Rows waiting or being inserted. */
  readonly bufferedRows: number
  /** True while an insert hangs, or has just failed: the inbox need not be tried either. */
  readonly detour: boolean
}

type Pending = { texts: string[]; count: number; chars: number; done: Promise<void>; settle: Settle }
type Settle = { resolve: () => void; reject: (error: unknown) => void }

export type BatcherDeps = {
  insert(batch: Batch): Promise<void>
  keep(batch: Batch): Promise<void>
  limits: IngestLimits
  metrics: IngestMetrics
  log: StoreLog
}

export function createBatcher({ insert, keep, limits, metrics, log }: BatcherDeps): Batcher {
  let open: Pending = newPending()
  const full: Pending[] = []
  let bufferedRows = 0
  let bufferedChars = 0
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  const insertion = createInsertion({ insert, limits, log })

  function schedule(waitMs: number): void {
    if (running || timer) return
    timer = setTimeout(send, waitMs)
  }

  function send(): void {
    clearTimeout(timer)
    timer = undefined
    if (running) return
    const next = full.shift() ?? takeOpen()
    if (!next) return
    const started = performance.now()
    running = store(next).finally(() => {
      const pauseMs = Math.max(limits.batchPauseMs, Math.min(limits.batchPauseMsMax, performance.now() - started))
      bufferedRows -= next.count
      bufferedChars -= next.chars
      running = undefined
      if (full.length > 0) send()
      else if (open.count > 0) schedule(pauseMs)
    })
  }

  function takeOpen(): Pending | undefined {
    if (open.count === 0) return undefined
    const taken = open
    open = newPending()
    return taken
  }

  async function store(pending: Pending): Promise<void> {
    const batch = { token: randomUUID(), rows: pending.texts.join(''), count: pending.count }
    metrics.counted('batches', 1)
    try {
      if (!(await insertion.attempt(batch))) {
        await keep(batch)
        metrics.counted('batches_to_inbox', 1)
      }
      pending.settle.resolve()
    } catch (error) {
      log.error({ rows: batch.count, error: String(error) }, 'No store takes events: callers are told to come back')
      pending.settle.reject(error)
    }
  }

  async function flush(): Promise<void> {
    while (running || full.length > 0 || open.count > 0) {
      send()
      await running
    }
  }

  return {
    add(rows, count) {
      // A single request larger than the whole buffer is let in when it is alone, or it could never be stored.
      const fits = bufferedRows + count <= limits.bufferRowsMax && bufferedChars + rows.length <= limits.bufferCharsMax
      if (!fits && bufferedRows > 0) return null
      bufferedRows += count
      bufferedChars += rows.length
      open.texts.push(rows)
      open.count += count
      open.chars += rows.length
      const { done } = open
      if (open.count >= limits.batchRowsMax || open.chars >= limits.batchCharsMax) {
        full.push(open)
        open = newPending()
        send()
      } else if (open.count >= limits.batchEagerRows && !running) {
        // Enough to be worth an insert: it runs beside the requests that are still being read.
        send()
      } else schedule(limits.batchWaitMs)
      return done
    },
    flush,
    get bufferedRows() {
      return bufferedRows
    },
    get detour() {
      return insertion.detour
    },
    [Symbol.asyncDispose]: flush,
  }
}

function newPending(): Pending {
  let settle: Settle = { resolve() {}, reject() {} }
  const done = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  // Every caller awaits `done` and sees the rejection there; a batch whose callers all left must not end the process.
  done.catch(() => 'every caller was told')
  return { texts: [], count: 0, chars: 0, done, settle }
}
