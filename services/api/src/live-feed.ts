/**
 * Running streams of events: one poller per business, however many people watch it, and only so many streams per person
 * or key. A listener takes a page of the poller when it continues where the listener stands, and reads for itself when it
 * does not (it has just come, or was slow); so nothing is skipped or told twice, and nothing piles up for a slow reader.
 */
import type { BusinessDb, Tenancy } from '@fidelio/db/index.ts'
import { eventsAfter } from '@fidelio/db/queries/live.ts'
import type { LiveCursor, LiveEvent } from '@fidelio/db/queries/types.ts'
import { apiError } from './errors.ts'
import { limits } from './limits.ts'
import { sleep } from './sleep.ts'
import { bucketOf, type Viewer } from './viewer.ts'

const pollMs = 400
const eventsPerPollMax = 100
/** How often a listener that hears nothing gets the word, to look whether it still may listen. */
const wakeMs = 1000

export interface LiveFeeds {
  /** Takes one of the streams a viewer may have at a time; give it back. @throws RATE_LIMITED */
  openStream(viewer: Viewer): () => void
  /** Events after `start`, in pages, until `signal`; an empty page now and then when there are none. */
  pages(businessId: string, start: LiveCursor | null, signal: AbortSignal): AsyncGenerator<LiveEvent[]>
  /** Businesses that are being polled now. */
  running(): number
}

type Page = { from: LiveCursor | null; events: LiveEvent[]; to: LiveCursor | null }

interface Feed {
  listeners: number
  /** Counts pages, so that a listener knows whether it has missed one. */
  version: number
  latest: Page | null
  failure: Error | null
  waiting: Set<() => void>
  over: AbortController
}

export function createLiveFeeds(tenancy: Tenancy, read: typeof eventsAfter = eventsAfter): LiveFeeds {
  const feeds = new Map<string, Feed>()
  const streams = new Map<string, number>()

  const join = (businessId: string): Feed => {
    const feed = feeds.get(businessId) ?? newFeed()
    feeds.set(businessId, feed)
    feed.listeners += 1
    return feed
  }
  const leave = (businessId: string, feed: Feed) => {
    feed.listeners -= 1
    if (feed.listeners > 0) return
    feed.over.abort()
    if (feeds.get(businessId) === feed) feeds.delete(businessId)
  }
  const begin = (db: BusinessDb, feed: Feed, from: LiveCursor | null) => {
    if (feed.latest) return
    publish(feed, { from, events: [], to: from })
    poll(db, feed, read).catch((error: unknown) => {
      feed.failure = error instanceof Error ? error : new Error('The live feed failed.', { cause: error })
      // Whoever comes next starts a new one.
      if (feeds.get(db.businessId) === feed) feeds.delete(db.businessId)
      wakeAll(feed)
    })
  }

  return {
    running: () => feeds.size,
    openStream(viewer) {
      const bucket = bucketOf(viewer, '')
      const open = streams.get(bucket) ?? 0
      if (open >= limits.streamsPerViewerMax) {
        const message = `At most ${limits.streamsPerViewerMax} streams at a time: close one of the others first.`
        throw apiError('RATE_LIMITED', message, { retryAfterSeconds: 5 })
      }
      streams.set(bucket, open + 1)
      let held = true
      return () => {
        if (!held) return
        held = false
        const left = (streams.get(bucket) ?? 1) - 1
        if (left > 0) streams.set(bucket, left)
        else streams.delete(bucket)
      }
    },
    async *pages(businessId, start, signal) {
      const db = tenancy.forBusiness(businessId)
      const feed = join(businessId)
      try {
        let position = start
        let behind = true
        let seen = 0
        while (!signal.aborted) {
          // Noted before the question: a page that comes meanwhile is looked at after it.
          seen = feed.version
          if (behind) {
            const events = await read(db, { after: position, first: eventsPerPollMax })
            position = events.at(-1)?.cursor ?? position
            behind = events.length === eventsPerPollMax
            yield events
            if (behind) continue
            begin(db, feed, position)
          }
          await nextPage(feed, seen, signal)
          const events = feed.version > seen && feed.latest ? continuation(feed.latest, position) : []
          behind = events === null
          if (!events) continue
          position = events.at(-1)?.cursor ?? position
          yield events
        }
      } finally {
        leave(businessId, feed)
      }
    },
  }
}

function newFeed(): Feed {
  return {
    listeners: 0,
    version: 0,
    latest: null,
    failure: null,
    waiting: new Set(),
    over: new AbortController(),
  }
}

async function poll(db: BusinessDb, feed: Feed, read: typeof eventsAfter): Promise<void> {
  const { signal } = feed.over
  let position = feed.latest?.to ?? null
  while (!signal.aborted) {
    const events = await read(db, { after: position, first: eventsPerPollMax })
    const to = events.at(-1)?.cursor ?? position
    if (events.length > 0) publish(feed, { from: position, events, to })
    position = to
    // A full page means there is more: it is fetched at once.
    if (events.length < eventsPerPollMax) await sleep(pollMs, signal)
  }
}

function publish(feed: Feed, page: Page): void {
  feed.latest = page
  feed.version += 1
  wakeAll(feed)
}

function wakeAll(feed: Feed): void {
  for (const wake of [...feed.waiting]) wake()
}

/** Waits for a page after the one seen, for a while, or for the end. @throws what made the poller fail */
async function nextPage(feed: Feed, seen: number, signal: AbortSignal): Promise<void> {
  if (feed.version === seen && !feed.failure && !signal.aborted) {
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        feed.waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, wakeMs)
      feed.waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }
  if (feed.failure) throw feed.failure
}

/** What of a page comes after a position; null when the page does not tell all of it. */
function continuation(page: Page, position: LiveCursor | null): LiveEvent[] | null {
  if (same(page.from, position)) return page.events
  const at = page.events.findIndex((event) => same(event.cursor, position))
  if (at >= 0) return page.events.slice(at + 1)
  // The listener read further than the poller did.
  return position && page.to && position.insertedAt > page.to.insertedAt ? [] : null
}

function same(a: LiveCursor | null, b: LiveCursor | null): boolean {
  return a === b || (a !== null && b !== null && a.insertedAt === b.insertedAt && a.rowId === b.rowId)
}
