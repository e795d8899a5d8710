import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { ask } from '../../api/client.ts'
import type { ApiError } from '../../api/errors.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { ThreadDocument, type ThreadQuery } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { Icon } from '../../ui/icons.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { Bone } from '../../ui/state/skeletons.tsx'
import style from './conversations.module.css'
import { ThreadEntry } from './entry.tsx'
import { Person } from './person.tsx'
import { conversationsText } from './text.ts'
import { timelineOf } from './timeline.ts'

type Conversation = ThreadQuery['business']['conversation']

const pageMessages = 60
const refreshEveryMs = 5_000

/** One conversation, oldest at the top, read from the bottom; and who it is with. */
export function Thread(props: { id: string }) {
  const t = useText(conversationsText)
  const c = useCommon()
  const format = useFormat()
  const [about, setAbout] = useState(false)
  const asked = useThread(props.id)
  const newest = asked.data?.pages[0]
  const name = newest === undefined ? '' : newest.contact.name || c.rows.unnamed
  return (
    <>
      <section className={style.thread} aria-label={t.thread(name)}>
        <header className={style.threadHead}>
          <Link to="/conversations" search={(kept) => kept} className={style.back} aria-label={t.back}>
            <Icon name="left" />
          </Link>
          <div>
            <h2>{newest === undefined ? <Bone width={160} height={20} /> : name}</h2>
            {newest === undefined ? null : (
              <p className="secondary">
                {newest.account.name} · {c.channels[newest.account.channel]} ·{' '}
                {t.messages(newest.messageCount, format.number(newest.messageCount))}
              </p>
            )}
          </div>
          <Button
            variant="default"
            size="compact-sm"
            className={style.aboutButton}
            aria-label={t.details}
            aria-expanded={about}
            onClick={() => setAbout(!about)}
          >
            <span className={style.aboutWords}>{t.details}</span>
            <Icon name="person" size={18} />
          </Button>
        </header>
        {asked.isPending ? <ThreadSkeleton /> : null}
        {newest === undefined && asked.isError ? (
          <div className={style.threadBody}>
            <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
          </div>
        ) : null}
        {asked.data === undefined ? null : (
          <Messages
            pages={asked.data.pages}
            hasEarlier={asked.hasNextPage}
            loading={asked.isFetchingNextPage}
            onEarlier={() => void asked.fetchNextPage()}
          />
        )}
      </section>
      {newest === undefined ? null : (
        <Person id={newest.contact.id} conversationId={newest.id} shown={about} onClose={() => setAbout(false)} />
      )}
    </>
  )
}

/** The newest page first; further pages go back in time. */
function useThread(id: string) {
  const business = useBusiness().id
  return useInfiniteQuery<Conversation, ApiError, { pages: Conversation[] }, readonly unknown[], string | null>({
    queryKey: ['Thread', business, id],
    queryFn: ({ pageParam, signal }) =>
      ask(ThreadDocument, { business, id, last: pageMessages, before: pageParam }, signal).then(
        (it) => it.business.conversation,
      ),
    initialPageParam: null,
    getNextPageParam: ({ messages }) => (messages.pageInfo.hasPreviousPage ? messages.pageInfo.startCursor : null),
    refetchInterval: refreshEveryMs,
  })
}

function Messages(props: { pages: Conversation[]; hasEarlier: boolean; loading: boolean; onEarlier: () => void }) {
  const t = useText(conversationsText)
  const format = useFormat()
  const { pages } = props
  const entries = useMemo(() => {
    // Pages asked at different moments may overlap; a message is shown once.
    const messages = pages.toReversed().flatMap((page) => page.messages.edges.map((edge) => edge.node))
    const once = [...new Map(messages.map((message) => [message.id, message])).values()]
    return timelineOf(once, pages[0]?.spells ?? [], format.timeZone)
  }, [pages, format.timeZone])
  const body = useScroll(pages.length)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div ref={body} className={style.threadBody} role="log" aria-live="off" tabIndex={0}>
      {props.hasEarlier ? (
        <div className={style.earlier}>
          <Button variant="default" size="compact-sm" loading={props.loading} onClick={props.onEarlier}>
            {t.earlier}
          </Button>
        </div>
      ) : (
        <p className={style.earlier}>{t.start}</p>
      )}
      <ol className={style.entries}>
        {entries.map((entry, index) => (
          <ThreadEntry key={entry.key} entry={entry} next={entries[index + 1]} />
        ))}
      </ol>
    </div>
  )
}

const nearEndPx = 120

/** Starts at the newest message, stays there as messages arrive, and keeps its place when older ones are put above. */
function useScroll(pages: number) {
  const body = useRef<HTMLDivElement>(null)
  const before = useRef({ height: 0, pages: 0 })
  useLayoutEffect(() => {
    const element = body.current
    if (element === null) return
    const { height, pages: pagesBefore } = before.current
    if (pagesBefore === 0) element.scrollTop = element.scrollHeight
    else if (pages > pagesBefore) element.scrollTop += element.scrollHeight - height
    else if (height - element.scrollTop - element.clientHeight < nearEndPx) element.scrollTop = element.scrollHeight
    before.current = { height: element.scrollHeight, pages }
  })
  useEffect(() => {
    const element = body.current
    if (element === null) return
    // Fonts and panes settle after the first paint; the newest message must still be in view then.
    const watch = new ResizeObserver(() => {
      if (before.current.height - element.scrollTop - element.clientHeight < nearEndPx) {
        element.scrollTop = element.scrollHeight
      }
    })
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  return body
}

function ThreadSkeleton() {
  const c = useCommon()
  return (
    <div className={style.threadBody} role="status" aria-label={c.common.loading}>
      <div className={style.boneBubbles}>
        {['52%', '38%', '64%', '30%', '56%', '44%'].map((width, index) => (
          <div key={width} style={{ justifySelf: index % 3 === 2 ? 'end' : 'start', width }}>
            <Bone height={index % 2 === 0 ? 56 : 36} radius={16} />
          </div>
        ))}
      </div>
    </div>
  )
}
