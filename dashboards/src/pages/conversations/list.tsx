import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../../api/client.ts'
import type { ApiError } from '../../api/errors.ts'
import { useAsk } from '../../api/hooks.ts'
import { usePageSearch } from '../../frame/use-frame.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { ConversationsDocument, type ConversationsQuery, WaitingCountDocument } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { todayIn } from '../../lib/days.ts'
import { bareId } from '../../lib/ids.ts'
import { useNow } from '../../lib/use-now.ts'
import { Icon } from '../../ui/icons.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import style from './conversations.module.css'
import { readConversationsSearch } from './search.ts'
import { conversationsText } from './text.ts'

type Connection = ConversationsQuery['business']['conversations']
type Conversation = Connection['edges'][number]['node']

const pageRows = 30
/** Enough for everybody who waits at once in nearly every business: the longest wait must come first over all of them. */
const waitingRows = 100
const refreshEveryMs = 15_000
const longSeconds = 3600

/** Everybody who wrote, the newest first; or only who waits, the longest first. */
export function ConversationList(props: { openId: string | undefined }) {
  const t = useText(conversationsText)
  const c = useCommon()
  const [search] = usePageSearch(readConversationsSearch)
  const asked = useConversations()
  const nodes = asked.data?.pages.flatMap((page) => page.edges.map((edge) => edge.node)) ?? []
  const rows = search.waiting === 1 ? nodes.toSorted(byWait) : nodes
  return (
    <nav className={style.list} aria-label={t.list}>
      <h1 className={style.listTitle}>{c.nav.conversations}</h1>
      <ListControls />
      <div className={style.listBody}>
        {asked.isPending ? <ListSkeleton rows={9} height={52} /> : null}
        {asked.isError && asked.data === undefined ? (
          <ErrorState error={asked.error} onRetry={() => void asked.refetch()} compact />
        ) : null}
        {asked.data !== undefined && rows.length === 0 ? <NoConversations /> : null}
        <ul>
          {rows.map((row) => (
            <li key={row.id}>
              <Item conversation={row} open={bareId(row.id) === props.openId} />
            </li>
          ))}
        </ul>
        {asked.hasNextPage ? (
          <Button
            variant="subtle"
            size="compact-sm"
            loading={asked.isFetchingNextPage}
            onClick={() => void asked.fetchNextPage()}
          >
            {t.more}
          </Button>
        ) : null}
      </div>
    </nav>
  )
}

function useConversations() {
  const business = useBusiness().id
  const [search] = usePageSearch(readConversationsSearch)
  const variables = {
    business,
    first: search.waiting === 1 ? waitingRows : pageRows,
    waitingOnly: search.waiting === 1,
    search: search.q ?? null,
    filter: null,
  }
  return useInfiniteQuery<Connection, ApiError, { pages: Connection[] }, readonly unknown[], string | null>({
    queryKey: ['Conversations', variables],
    queryFn: ({ pageParam, signal }) =>
      ask(ConversationsDocument, { ...variables, after: pageParam }, signal).then((it) => it.business.conversations),
    initialPageParam: null,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? last.pageInfo.endCursor : null),
    refetchInterval: refreshEveryMs,
  })
}

function ListControls() {
  const t = useText(conversationsText)
  const format = useFormat()
  const business = useBusiness()
  const [search, setSearch] = usePageSearch(readConversationsSearch)
  const [typed, setTyped] = useState(search.q ?? '')
  const find = useDebouncedCallback((words: string) => {
    const q = words.trim()
    setSearch({ q: q === '' ? undefined : q }, { replace: true })
  }, 300)
  const count = useAsk(WaitingCountDocument, { business: business.id }, { refetchIntervalMs: refreshEveryMs })
  const waiting = count.data?.business.waitingNow.total
  return (
    <div className={style.controls}>
      <SegmentedControl
        fullWidth
        aria-label={t.show}
        value={search.waiting === 1 ? 'waiting' : 'all'}
        onChange={(value) => setSearch({ waiting: value === 'waiting' ? 1 : undefined })}
        data={[
          { value: 'all', label: t.all },
          { value: 'waiting', label: t.waiting(waiting === undefined ? '' : format.number(waiting)) },
        ]}
      />
      <TextInput
        aria-label={t.search}
        placeholder={t.search}
        leftSection={<Icon name="search" size={16} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          find(event.currentTarget.value)
        }}
      />
    </div>
  )
}

function NoConversations() {
  const t = useText(conversationsText)
  const [search] = usePageSearch(readConversationsSearch)
  if (search.q !== undefined) return <EmptyState compact title={t.searchNothing(search.q)} />
  if (search.waiting === 1) return <EmptyState compact title={t.nobodyWaits} />
  return (
    <EmptyState
      compact
      title={t.emptyTitle}
      text={t.emptyText}
      action={
        <Link to="/settings/$section" params={{ section: 'channels' }}>
          {t.emptyAction}
        </Link>
      }
    />
  )
}

function Item(props: { conversation: Conversation; open: boolean }) {
  const t = useText(conversationsText)
  const c = useCommon()
  const format = useFormat()
  const now = useNow(10_000)
  const { conversation } = props
  const { waitingSince, lastMessageAt, lastRole } = conversation
  const waited = waitingSince === null ? null : Math.max(0, (now - Date.parse(waitingSince)) / 1000)
  const sameDay = todayIn(format.timeZone, new Date(lastMessageAt)) === todayIn(format.timeZone)
  const by = t.said[lastRole as keyof typeof t.said] ?? ''
  return (
    <Link
      to="/conversations/$id"
      params={{ id: bareId(conversation.id) }}
      search={(kept) => kept}
      className={style.item}
      aria-current={props.open ? 'true' : undefined}
    >
      <span className={style.itemName}>{conversation.contact.name || c.rows.unnamed}</span>
      <time className={style.itemTime} dateTime={lastMessageAt}>
        {sameDay ? format.time(lastMessageAt) : format.day(todayIn(format.timeZone, new Date(lastMessageAt)))}
      </time>
      <span className={style.itemWords}>
        {by}
        {conversation.lastText || t.noWords}
      </span>
      {waited === null ? null : (
        <span className={style.itemWait} data-long={waited >= longSeconds}>
          {t.waits(format.duration(waited))}
        </span>
      )}
    </Link>
  )
}

function byWait(a: Conversation, b: Conversation): number {
  return (a.waitingSince ?? a.lastMessageAt).localeCompare(b.waitingSince ?? b.lastMessageAt)
}
