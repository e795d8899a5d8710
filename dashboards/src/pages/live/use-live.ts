import { useEffect, useRef, useState } from 'react'
import { useAsk } from '../../api/hooks.ts'
import { listen } from '../../api/live.ts'
import { LiveEventsDocument, type LiveRowFragment, RecentEventsDocument } from '../../generated/graphql.ts'

export type LiveStatus = 'connecting' | 'connected' | 'broken'

const recentEvents = 60
/** Older ones leave the page: it shows the present, Conversations shows the past. */
export const keptEventsMax = 300
const retryMs = 2_000

/**
 * The newest events, growing as they are stored. After a break the stream goes on behind the last event seen, so that
 * nothing is missed and nothing comes twice.
 */
export function useLive(business: string, enabled: boolean) {
  const recent = useAsk(RecentEventsDocument, { business, first: recentEvents }, { enabled, keepPrevious: false })
  const [arrived, setArrived] = useState<LiveRowFragment[]>([])
  const [status, setStatus] = useState<LiveStatus>('connecting')
  const lastId = useRef<string | null>(null)
  const start = recent.data?.business.recentEvents
  const ready = start !== undefined

  useEffect(() => {
    if (!ready) return
    lastId.current ??= start?.[0]?.id ?? null
    const stop = new AbortController()
    void keepListening(business, lastId, stop.signal, setStatus, (event) =>
      setArrived((now) => [event, ...now].slice(0, keptEventsMax)),
    )
    return () => stop.abort()
  }, [business, ready, start])

  const seen = new Set(arrived.map((event) => event.id))
  const events = [...arrived, ...(start ?? []).filter((event) => !seen.has(event.id))].slice(0, keptEventsMax)
  return { events, status, recent }
}

async function keepListening(
  business: string,
  lastId: { current: string | null },
  signal: AbortSignal,
  onStatus: (status: LiveStatus) => void,
  onEvent: (event: LiveRowFragment) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await listen(
        LiveEventsDocument,
        { business, after: lastId.current },
        {
          open: () => onStatus('connected'),
          data: ({ liveEvents }) => {
            lastId.current = liveEvents.id
            onEvent(liveEvents)
          },
        },
        signal,
      )
    } catch (error) {
      if (signal.aborted) return
      console.debug('the live stream broke', error)
      onStatus('broken')
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}
