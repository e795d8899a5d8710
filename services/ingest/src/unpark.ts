/**
 * Entries that came before their account was connected: stored in the order they came as soon as it is, by whichever
 * process hears of it first, and then removed. They keep their time of reception.
 */
import { keepFailedEvents } from '@fidelio/db/records/failed-events.ts'
import {
  claimParked,
  deleteParked,
  findUnparkable,
  type ParkedEvent,
  type Unparkable,
} from '@fidelio/db/records/parked-events.ts'
import { countUnparked, finishUnparked } from '@fidelio/db/records/replays.ts'
import type { IngestContext } from './context.ts'
import type { Item } from './pipeline.ts'
import { readMetaBody } from './replay-readers.ts'
import { storedAlready, storeItems } from './store-again.ts'

/** Entries stored in one transaction, which may be idle for 30 s. */
const entriesPerClaimMax = 100

export type Unpark = {
  /** Stores what is parked of accounts connected by now. Returns the number of entries stored. */
  run(): Promise<number>
}

export function createUnpark(context: IngestContext): Unpark {
  /** Entries done; 0 when nothing is left, another process is at it, or a store does not answer. */
  function storeOldest(account: Unparkable): Promise<number> {
    return context.worker.tx(async (sql) => {
      const entries = await claimParked(sql, account.accountId, entriesPerClaimMax)
      if (entries === null) return 0
      const at = context.clock.now()
      if (entries.length === 0) {
        await finishUnparked(sql, account.accountId, at)
        return 0
      }
      const read = await Promise.all(entries.map((entry) => readParked(context, account, entry)))
      const items = read.flatMap((one) => one.items)
      const known = await storedAlready(context, items)
      const stored = await Promise.all(read.map((one) => storeItems(context, fresh(one.items, known), one.receivedAt)))
      // One entry that was not taken keeps all of them: they are stored again in order, and stored twice is stored once.
      if (!stored.every(Boolean)) return 0
      await keepFailedEvents(
        sql,
        read.flatMap((one) => one.failed),
      )
      await deleteParked(
        sql,
        entries.map((entry) => entry.id),
      )
      const counts = { entries: entries.length, storedEvents: items.length - known.size, knownEvents: known.size }
      await countUnparked(sql, account, { at, ...counts })
      context.metrics.counted('unparked_entries', entries.length)
      return entries.length
    })
  }

  return {
    async run() {
      let total = 0
      for (const account of await context.worker.tx(findUnparkable)) {
        let done = 0
        do {
          done = await storeOldest(account)
          total += done
        } while (done > 0)
      }
      return total
    },
  }
}

function fresh(items: readonly Item[], known: ReadonlySet<Item>): Item[] {
  return items.filter((item) => !known.has(item))
}

async function readParked(context: IngestContext, account: Unparkable, entry: ParkedEvent) {
  const receivedAt = entry.receivedAt.getTime()
  const from = { text: entry.raw, receivedAt, metaAppId: entry.metaAppId ?? '' }
  const { items, failed } = await readMetaBody(context, from, (route) => route.accountId === account.accountId)
  return { items, failed, receivedAt }
}
