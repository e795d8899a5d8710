/**
 * A local journal in front of the embedded event store. Storing a few hundred rows in ClickHouse costs a dozen files, their
 * syncs and a merge; appending them to one file costs one sync. So rows are acknowledged when they are in a synced file,
 * and a writer inserts whole files a moment later, in much larger inserts. What an ended process left is inserted by the
 * next one before anything else. A row has the same identity by either way, so inserting twice changes no figure.
 *
 * What the event store refuses goes to the inbox, as without a journal. While neither takes it, it stays in its file.
 */
import type { StoreLog } from '@fidelio/db/log.ts'
import type { Batch } from './batcher.ts'
import { within } from './deadline.ts'
import { createInsertion } from './insertion.ts'
import type { IngestLimits } from './limits.ts'
import type { IngestMetrics } from './metrics.ts'
import {
  appendRecord,
  closeSegment,
  createSegment,
  makeDirectory,
  readSegments,
  removeSegment,
  type Segment,
} from './segments.ts'

export type Journal = AsyncDisposable & {
  /**
   * Resolves when what an earlier process left was inserted, kept in the inbox, or has been tried once.
   * Rejects when the directory cannot be made or read.
   */
  opened: Promise<void>
  /**
   * Resolves when the rows are durable. The token of the batch is not used: its segment has one.
   * @throws JournalFull; whatever the file system says.
   */
  append(batch: Batch): Promise<void>
  /** Resolves when everything appended before is in the event store or in the inbox; rejects when neither takes it. */
  flush(): Promise<void>
  /** Rows that are in no store yet. */
  readonly pendingRows: number
  /** An instant before the oldest of them was acknowledged, Unix milliseconds of this machine; null when there are none. */
  readonly pendingSince: number | null
}

export type JournalDeps = {
  directory: string
  insert(batch: Batch): Promise<void>
  keep(batch: Batch): Promise<void>
  limits: IngestLimits
  log: StoreLog
  metrics: IngestMetrics
}

/** So much waits for the event store that no more is taken: memory stays bounded. */
export class JournalFull extends Error {
  override name = 'JournalFull'
}

/** How long the writer rests after an insert, in times of what it took. */
const restFactor = 3
const retryMsMin = 250

export function openJournal({ directory, insert, keep, limits, log, metrics }: JournalDeps): Journal {
  const insertion = createInsertion({ insert, limits, log })
  let current: Segment | null = null
  /** Closed, the oldest first: nothing is appended to them any more. */
  const closed: Segment[] = []
  /** Appends and what changes `current`, one after another. */
  let files: Promise<unknown> = Promise.resolve()
  let pendingRows = 0
  let pendingChars = 0
  const waitingForRoom: (() => void)[] = []
  let draining: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let restUntil = 0
  let failures = 0
  let disposed = false

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = files.then(work)
    files = turn.catch(() => 'whoever asked for it was told')
    return turn
  }

  function count(sign: 1 | -1, { count: rows, chars }: { count: number; chars: number }): void {
    pendingRows += sign * rows
    pendingChars += sign * chars
  }

  /** Under a flood an append waits for the writer, and the batch behind it grows; only a store in trouble turns it away. */
  async function roomFor(added: { count: number; chars: number }): Promise<void> {
    const until = performance.now() + limits.insertSecondsMax * 1000
    const fits = () =>
      pendingRows + added.count <= limits.bufferRowsMax && pendingChars + added.chars <= limits.journalCharsMax
    // As in the batcher: one batch larger than all of it is let in when it is alone.
    while (!fits() && pendingRows > 0) {
      const left = until - performance.now()
      if (failures > 0 || left <= 0) throw new JournalFull(`${pendingRows} rows wait for the event store already`)
      schedule()
      const inserted = new Promise<void>((resolve) => waitingForRoom.push(resolve))
      await within(inserted, left / 1000).catch(() => 'seen by the loop: the time is over')
    }
  }

  async function appendToCurrent({ rows, count: rowCount }: Batch): Promise<void> {
    await opened
    const segment = current ?? (await createSegment(directory))
    current = segment
    if (!segment.file) throw new Error('unreachable: the current segment is open')
    try {
      await appendRecord(segment.file, rows, rowCount)
    } catch (error) {
      // What was acknowledged in it stays; the next rows begin a file of their own, for nobody knows where this one ends.
      await closeCurrent()
      throw error
    }
    segment.texts.push(rows)
    segment.count += rowCount
    segment.chars += rows.length
    if (isLarge(segment)) await closeCurrent()
  }

  const isLarge = ({ count: rows, chars }: Segment) =>
    rows >= limits.journalSegmentRowsMax || chars >= limits.batchCharsMax

  /** Called in turn only: an append that is under way belongs to the segment that is closed. */
  async function closeCurrent(): Promise<void> {
    const segment = current
    if (!segment) return
    current = null
    closed.push(segment)
    try {
      await closeSegment(segment)
    } catch (error) {
      // Every record was synced by itself; there is nothing left that closing could lose.
      log.warn({ error: String(error) }, 'A file of the journal could not be closed')
    }
  }

  function schedule(): void {
    if (disposed || draining || (closed.length === 0 && !current)) return
    // What is closed already waits for nothing, unless the stores have just refused.
    if (failures === 0 && closed.length > 0) write()
    else timer ??= setTimeout(write, Math.max(0, restUntil - performance.now()))
  }

  function write(): void {
    clearTimeout(timer)
    timer = undefined
    const writing = closed.length > 0 ? drain() : inTurn(closeCurrent).then(drain)
    // A failure was logged, and the pause that follows it is longer each time.
    writing.then(schedule, schedule)
  }

  /** Stores what is closed, one segment after another. One such run at a time. */
  function drain(): Promise<void> {
    draining ??= drainClosed().finally(() => {
      draining = undefined
      schedule()
    })
    return draining
  }

  async function drainClosed(): Promise<void> {
    for (let segment = closed[0]; segment; segment = closed[0]) {
      const started = performance.now()
      try {
        await store(segment)
      } catch (error) {
        failures++
        for (const goOn of waitingForRoom.splice(0)) goOn()
        restUntil = performance.now() + Math.min(limits.journalRetryMsMax, retryMsMin * 2 ** Math.min(failures - 1, 10))
        log.error(
          { rows: segment.count, error: String(error) },
          'No store takes the journal: its rows stay in their file',
        )
        throw error
      }
      failures = 0
      const ended = performance.now()
      restUntil =
        ended + Math.min(limits.journalRestMsMax, Math.max(limits.journalRestMs, restFactor * (ended - started)))
      closed.shift()
      count(-1, segment)
      for (const goOn of waitingForRoom.splice(0)) goOn()
      await remove(segment)
    }
  }

  async function store(segment: Segment): Promise<void> {
    if (segment.count === 0) return
    const batch: Batch = { token: segment.token, rows: segment.texts.join(''), count: segment.count }
    if (await insertion.attempt(batch)) {
      metrics.counted('segments', 1)
      return
    }
    await keep(batch)
    metrics.counted('segments_to_inbox', 1)
  }

  async function remove(segment: Segment): Promise<void> {
    try {
      await removeSegment(directory, segment)
    } catch (error) {
      log.warn(
        { error: String(error) },
        'A file of the journal could not be removed: its rows will be inserted once more',
      )
    }
  }

  async function recover(): Promise<void> {
    await makeDirectory(directory)
    for (const segment of await readSegments(directory)) {
      closed.push(segment)
      count(1, segment)
    }
    if (pendingRows > 0) log.info({ rows: pendingRows }, 'Inserting what an earlier process left in the journal')
    // `drain` has logged it; the writer tries again, and the files stay meanwhile.
    await drain().catch(() => 'tried again by the writer')
  }

  async function flush(): Promise<void> {
    await opened
    if (pendingRows === 0) return
    await inTurn(closeCurrent)
    const last = closed.at(-1)
    while (last && closed.includes(last)) await drain()
  }

  const opened = recover()
  opened.catch((error: unknown) => log.error({ error: String(error) }, 'The journal cannot be opened'))

  return {
    opened,
    async append(batch) {
      const added = { count: batch.count, chars: batch.rows.length }
      await roomFor(added)
      count(1, added)
      try {
        await inTurn(() => appendToCurrent(batch))
      } catch (error) {
        count(-1, added)
        throw error
      } finally {
        schedule()
      }
    },
    flush,
    get pendingRows() {
      return pendingRows
    },
    get pendingSince() {
      return (closed[0] ?? current)?.since ?? null
    },
    async [Symbol.asyncDispose]() {
      disposed = true
      clearTimeout(timer)
      await flush().catch((error: unknown) =>
        log.warn({ rows: pendingRows, error: String(error) }, 'Rows stay in the journal until the next start'),
      )
    },
  }
}
