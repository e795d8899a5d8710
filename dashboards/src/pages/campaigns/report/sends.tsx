import { Button, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../../../api/client.ts'
import type { ApiError } from '../../../api/errors.ts'
import { usePageSearch } from '../../../frame/use-frame.ts'
import { useBusiness } from '../../../frame/viewer.ts'
import { CampaignSendsDocument, type CampaignSendsQuery } from '../../../generated/graphql.ts'
import { useCommon, useFormat, useLanguage, useText } from '../../../i18n/use-text.ts'
import { bareId } from '../../../lib/ids.ts'
import { Icon } from '../../../ui/icons.tsx'
import { Section } from '../../../ui/page-header.tsx'
import { EmptyState } from '../../../ui/state/empty-state.tsx'
import { ErrorState } from '../../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../../ui/state/skeletons.tsx'
import style from '../campaigns.module.css'
import { whenText } from '../create/when-text.ts'
import { campaignsText } from '../text.ts'
import { useReasonWords } from '../use-reason.ts'
import { readReportSearch } from './search.ts'
import { reportText } from './text.ts'

type Connection = CampaignSendsQuery['business']['campaign']['sends']
type Send = Connection['edges'][number]['node']

export const sendsId = 'sends'
const pageRows = 25
const movingRefreshMs = 5_000

/** Everybody the campaign looked at, with what happened to each: "Why did Marie not get this?" */
export function Sends(props: { campaignId: string; moving: boolean }) {
  const t = useText(reportText)
  const shared = useText(campaignsText)
  const format = useFormat()
  const [search] = usePageSearch(readReportSearch)
  const asked = useSends(props.campaignId, props.moving)
  const total = asked.data?.pages[0]?.total
  const rows = asked.data?.pages.flatMap((page) => page.edges.map((edge) => edge.node)) ?? []
  return (
    <div id={sendsId} className={style.sends}>
      <Section title={t.list} note={total === undefined ? undefined : t.total(total, format.number(total))}>
        <SendsControls key={search.q ?? ''} />
        {asked.isPending ? <ListSkeleton rows={8} height={36} /> : null}
        {asked.isError && asked.data === undefined ? (
          <ErrorState error={asked.error} onRetry={() => void asked.refetch()} compact />
        ) : null}
        {total === 0 ? <EmptyState compact title={search.q === undefined ? t.nobodyHere : t.nobody} /> : null}
        {rows.length === 0 ? null : (
          <ul className={style.sendList} aria-busy={asked.isPlaceholderData}>
            {rows.map((send) => (
              <li key={send.id}>
                <SendLine send={send} />
              </li>
            ))}
          </ul>
        )}
        {asked.hasNextPage ? (
          <Button
            variant="default"
            mt="md"
            loading={asked.isFetchingNextPage}
            onClick={() => void asked.fetchNextPage()}
          >
            {shared.more}
          </Button>
        ) : null}
      </Section>
    </div>
  )
}

function useSends(id: string, moving: boolean) {
  const business = useBusiness().id
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const [search] = usePageSearch(readReportSearch)
  const variables = {
    business,
    id,
    first: pageRows,
    status: search.status ?? null,
    reason: search.reason ?? null,
    search: search.q ?? null,
    locale,
  } as const
  return useInfiniteQuery<Connection, ApiError, { pages: Connection[] }, readonly unknown[], string | null>({
    queryKey: ['CampaignSends', variables],
    queryFn: ({ pageParam, signal }) =>
      ask(CampaignSendsDocument, { ...variables, after: pageParam }, signal).then((it) => it.business.campaign.sends),
    initialPageParam: null,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? last.pageInfo.endCursor : null),
    placeholderData: keepPreviousData,
    ...(moving ? { refetchInterval: movingRefreshMs } : {}),
  })
}

function SendsControls() {
  const t = useText(reportText)
  const words = useReasonWords()
  const [search, setSearch] = usePageSearch(readReportSearch)
  const [typed, setTyped] = useState(search.q ?? '')
  const find = useDebouncedCallback((value: string) => {
    const q = value.trim()
    setSearch({ q: q === '' ? undefined : q }, { replace: true })
  }, 400)
  const filter = [
    search.status === undefined ? null : t.statuses[search.status],
    search.reason === undefined ? null : words({ reason: search.reason, label: search.reason }),
  ].filter((part) => part !== null)
  return (
    <div className={style.sendControls}>
      <TextInput
        aria-label={t.searchLabel}
        placeholder={t.search}
        leftSection={<Icon name="search" size={16} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          find(event.currentTarget.value)
        }}
      />
      {filter.length === 0 ? null : (
        <Button
          variant="light"
          size="compact-sm"
          rightSection={<Icon name="close" size={14} />}
          aria-label={`${t.clear}: ${filter.join(', ')}`}
          onClick={() => setSearch({ status: undefined, reason: undefined })}
        >
          {filter.join(' · ')}
        </Button>
      )}
    </div>
  )
}

const steps = ['delivered', 'read', 'replied', 'ordered'] as const

function SendLine(props: { send: Send }) {
  const t = useText(reportText)
  const w = useText(whenText)
  const c = useCommon()
  const format = useFormat()
  const words = useReasonWords()
  const { send } = props
  const name = send.contact.name || c.rows.unnamed
  const conversation = send.contact.conversations?.[0]
  const went = send.status === 'ACCEPTED'
  // Waiting for an hour, or for the next offer to fit: that instant says more than when it was planned.
  const waits = send.status === 'PLANNED' || send.reason === 'frequency_cap'
  const done = steps.filter((step) => send[step])
  const at = send.sentAt ?? send.plannedAt
  return (
    <>
      <span className={style.sendName}>
        {conversation === undefined ? (
          name
        ) : (
          <Link to="/conversations/$id" params={{ id: bareId(conversation.id) }}>
            {name}
          </Link>
        )}
      </span>
      <span className={style.sendWhat} data-went={went}>
        {t.statuses[send.status]}
        {send.reason === '' ? null : (
          <span className={style.sendWhy}>: {words({ reason: send.reason, label: send.reasonLabel })}</span>
        )}
        {done.length === 0 ? null : (
          <span className={style.sendWhy}> · {done.map((step) => t.steps[step]).join(', ')}</span>
        )}
      </span>
      <time dateTime={at}>
        {waits && send.nextEligibleAt !== null
          ? w.notBefore(format.dateTime(send.nextEligibleAt))
          : format.dateTime(at)}
      </time>
    </>
  )
}
