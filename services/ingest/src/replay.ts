/**
 * Replay of failed events: requests are rows in Postgres, made by the API; every process of ingest takes some of them and
 * runs them through the steps a delivery goes through. A row keeps the identity and the reception time it would have had,
 * and rows that are there already are left alone: replaying twice, or in two processes at once, changes no figure.
 */
import { keepFailedEvents } from '@fidelio/db/records/failed-events.ts'
import {
  claimQueued,
  isReplayAsked,
  type QueuedFailedEvent,
  type Replayed,
  settleReplayed,
} from '@fidelio/db/records/replays.ts'
import type { IngestContext } from './context.ts'
import type { Item } from './pipeline.ts'
import { type Reading, readAgain } from './replay-readers.ts'
import { storedAlready, storeItems, tellAgain } from './store-again.ts'

/** Entries claimed in one transaction, which stays open while they are stored: far below the 30 s it may be idle. */
const entriesPerClaimMax = 200

export type Replay = {
  /** Works off what was asked for. Returns the number of entries done; stops early when a store does not answer. */
  run(): Promise<number>
}

export function createReplay(context: IngestContext): Replay {
  async function claim(): Promise<number> {
    return context.worker.tx(async (sql) => {
      const entries = await claimQueued(sql, entriesPerClaimMax)
      if (entries.length === 0) return 0
      const read = await Promise.all(
        entries.map(async (entry) => ({ entry, reading: await readAgain(context, entry) })),
      )
      const known = await storedAlready(
        context,
        read.flatMap(({ reading }) => reading.items),
      )
      const replayed = await Promise.all(read.map((one) => store(context, one, known)))
      const done = replayed.flatMap((one) => one ?? [])
      await keepFailedEvents(
        sql,
        read.flatMap(({ entry, reading }, index) =>
          replayed[index] === null ? [] : reading.failed.filter((failed) => failed.id !== entry.id),
        ),
      )
      await settleReplayed(sql, done, context.clock.now())
      context.metrics.counted('replayed_entries', done.length)
      return done.length
    })
  }

  return {
    async run() {
      if (!(await context.worker.tx(isReplayAsked))) return 0
      let total = 0
      let done = 0
      do {
        done = await claim()
        total += done
      } while (done > 0)
      return total
    },
  }
}

type Read = { entry: QueuedFailedEvent; reading: Reading }

/** Null: a store did not take it, so it stays queued. */
async function store(
  context: IngestContext,
  { entry, reading }: Read,
  known: ReadonlySet<Item>,
): Promise<Replayed | null> {
  const { id, runId } = entry
  const { failure } = reading
  if (failure) return { id, runId, storedEvents: 0, knownEvents: 0, failure }
  const items = reading.items.filter((item) => !known.has(item))
  const receivedAt = entry.firstSeenAt.getTime()
  if (reading.told && !(await tellAgain(context, reading.told, receivedAt))) return null
  if (!(await storeItems(context, items, receivedAt))) return null
  const knownEvents = reading.items.length - items.length
  return { id, runId, storedEvents: items.length, knownEvents, failure: null }
}
