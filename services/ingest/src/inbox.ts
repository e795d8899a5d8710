/** Drains the inbox: batches that ClickHouse could not take when they came, oldest first, with the same rows and tokens. */
import { type Channel, eventColumns } from '@fidelio/core/event.ts'
import type { StoreLog } from '@fidelio/db/log.ts'
import type { StoreTransaction } from '@fidelio/db/postgres/client.ts'
import { type FailedEvent, keepFailedEvents } from '@fidelio/db/records/failed-events.ts'
import {
  deleteInbox,
  type InboxEntry,
  inboxIsEmpty,
  isRowRefusal,
  noteInboxFailure,
  takeOldestInbox,
} from '@fidelio/db/records/inbox.ts'
import type { WorkerDb } from '@fidelio/db/tenancy.ts'
import type { IngestMetrics } from './metrics.ts'
import { nilAccountId } from './row.ts'
import { isSenderChannel } from './senders.ts'

export type Inbox = {
  /** Inserts what waits until nothing is left or the store refuses. Returns the number of batches drained. */
  drain(): Promise<number>
}

/** After so many failures of a whole batch its rows are tried one by one, whatever the error: it must not block the rest. */
const wholeAttemptsMax = 20

export function createInbox(deps: { worker: WorkerDb; metrics: IngestMetrics; log: StoreLog }): Inbox {
  const { worker, metrics, log } = deps
  const insert = (rows: string, token: string) => worker.insertText('events', eventColumns, rows, token)

  /**
   * The insert stands inside the transaction that locks the batch, so that two processes share the work. Ending between
   * the insert and the delete repeats the batch later, which changes nothing.
   */
  function drainOldest(): Promise<'empty' | 'drained' | 'blocked'> {
    return worker.tx(async (sql) => {
      const entry = await takeOldestInbox(sql)
      if (!entry) return 'empty'
      try {
        await insert(entry.rows, entry.token)
      } catch (error) {
        const stuck = entry.attempts >= wholeAttemptsMax
        if (!(isRowRefusal(error) || stuck) || !(await drainRows(sql, entry, stuck))) {
          await noteInboxFailure(sql, entry.id, String(error))
          log.warn(
            { attempts: entry.attempts + 1, error: String(error) },
            'The event store does not take the inbox yet',
          )
          return 'blocked'
        }
      }
      await deleteInbox(sql, entry.id)
      return 'drained'
    })
  }

  /**
   * Row by row, so that one unreadable row costs its neighbours nothing. A batch that is `stuck` on an error nobody listed
   * counts a row as refused as well, provided the store takes any of its rows. False: the store went away meanwhile.
   */
  async function drainRows(sql: StoreTransaction, entry: InboxEntry, stuck: boolean): Promise<boolean> {
    const refused: FailedEvent[] = []
    const rows = entry.rows.trimEnd().split('\n')
    for (const [index, row] of rows.entries()) {
      try {
        await insert(row, `${entry.token}.${index}`)
      } catch (error) {
        if (!isRowRefusal(error) && !stuck) return false
        refused.push(failedRow(row, entry.receivedAt, error))
      }
    }
    if (stuck && refused.length === rows.length && rows.length > 1) return false
    await keepFailedEvents(sql, refused)
    metrics.dropped('failed_element', refused.length)
    return true
  }

  return {
    async drain() {
      if (await worker.tx(inboxIsEmpty)) return 0
      let drained = 0
      while ((await drainOldest()) === 'drained') drained++
      metrics.counted('inbox_drained', drained)
      return drained
    },
  }
}

function failedRow(row: string, receivedAt: Date, error: unknown): FailedEvent {
  const values = JSON.parse(row) as unknown[]
  const column = (name: (typeof eventColumns)[number]) => String(values[eventColumns.indexOf(name)])
  const accountId = column('account_id')
  const channel = column('channel') as Channel
  const door = accountId === nilAccountId ? 'api' : isSenderChannel(channel) ? 'webhook' : 'meta'
  return {
    id: column('row_id'),
    businessId: column('business_id'),
    accountId: accountId === nilAccountId ? null : accountId,
    channel,
    origin: { door, ...(door === 'meta' ? {} : { webhookId: column('external_id') }) },
    reason: 'store_refused',
    detail: error instanceof Error ? error.name : '',
    raw: column('raw'),
    receivedAt,
  }
}
