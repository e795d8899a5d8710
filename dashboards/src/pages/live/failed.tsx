import { Button, SegmentedControl, Select } from '@mantine/core'
import { useState } from 'react'
import { useAsk } from '../../api/hooks.ts'
import { usePageSearch } from '../../frame/use-frame.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import { FailedEventsDocument, type FailedEventsQuery, type FailedState } from '../../generated/graphql.ts'
import { useCommon, useFormat, useLanguage, useText } from '../../i18n/use-text.ts'
import { useNow } from '../../lib/use-now.ts'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import { FailedDetail } from './failed-detail.tsx'
import { intakeText } from './intake-text.ts'
import style from './live.module.css'
import { ReplayAll } from './replay-all.tsx'
import { ReplayHistory, ReplayRunning } from './replays.tsx'

export type FailedEvent = FailedEventsQuery['business']['failedEvents']['edges'][number]['node']

type FailedSearch = { state?: FailedState; reason?: string; through?: string }

const refreshEveryMs = 3_000
const firstShown = 50
const shownMax = 500
const states = ['OPEN', 'REPLAYED', 'DISMISSED'] as const satisfies readonly FailedState[]

function readFailedSearch(raw: Record<string, unknown>): FailedSearch {
  const state = states.find((each) => each === raw.state)
  return {
    ...(state === undefined || state === 'OPEN' ? {} : { state }),
    ...(typeof raw.reason === 'string' && raw.reason !== '' ? { reason: raw.reason } : {}),
    ...(typeof raw.through === 'string' && raw.through !== '' ? { through: raw.through } : {}),
  }
}

/** Elements that could not be read: looked through, corrected, replayed one by one or all, dismissed. */
export function Failed() {
  const t = useText(intakeText).failed
  const format = useFormat()
  const business = useBusiness()
  const mayRead = useCan('conversation.read')
  const mayReplay = useCan('event.write')
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const [search] = usePageSearch(readFailedSearch)
  const [first, setFirst] = useState(firstShown)
  const [chosen, setChosen] = useState<string | null>(null)
  const [running, setRunning] = useState<string | null>(null)
  const state = search.state ?? 'OPEN'
  const filter = { state, reason: search.reason ?? null, accountId: search.through ?? null }
  const asked = useAsk(
    FailedEventsDocument,
    { business: business.id, locale, filter, first, after: null, mayRead },
    { refetchIntervalMs: refreshEveryMs },
  )
  if (asked.isPending) return <ListSkeleton rows={6} height={52} />
  if (asked.data === undefined) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
  const { failedEvents, replays } = asked.data.business
  const events = failedEvents.edges.map((edge) => edge.node)
  const total = failedEvents.total ?? events.length
  return (
    <>
      <Toolbar data={asked.data} search={search}>
        {mayReplay && state !== 'REPLAYED' && total > 0 ? (
          <ReplayAll filter={filter} total={total} onBegun={setRunning} />
        ) : null}
      </Toolbar>
      {running === null ? null : <ReplayRunning key={running} id={running} onClose={() => setRunning(null)} />}
      {events.length === 0 ? (
        <EmptyState title={t.none[state]} text={t.noneText} />
      ) : (
        <List events={events} onChoose={setChosen} />
      )}
      {failedEvents.pageInfo.hasNextPage ? (
        <p className={style.more}>
          {first < shownMax ? (
            <Button variant="default" onClick={() => setFirst(Math.min(shownMax, first + firstShown))}>
              {t.more}
            </Button>
          ) : null}
          <span className="secondary">{t.shown(format.number(events.length), format.number(total))}</span>
        </p>
      ) : null}
      <ReplayHistory replays={replays} />
      <FailedDetail
        event={events.find((event) => event.id === chosen) ?? null}
        onBegun={(id) => {
          setChosen(null)
          setRunning(id)
        }}
        onClose={() => setChosen(null)}
      />
    </>
  )
}

function Toolbar(props: { data: FailedEventsQuery; search: FailedSearch; children: React.ReactNode }) {
  const t = useText(intakeText).failed
  const format = useFormat()
  const [, setSearch] = usePageSearch(readFailedSearch)
  const { search } = props
  const { accounts, intake } = props.data.business
  const reasons = intake.failedByReason.map((each) => ({
    value: each.reason,
    label: `${each.label} (${format.number(each.count)})`,
  }))
  return (
    <div className={style.toolbar}>
      <SegmentedControl
        aria-label={t.state}
        value={search.state ?? 'OPEN'}
        onChange={(value) => setSearch({ state: states.find((each) => each === value && each !== 'OPEN') })}
        data={states.map((value) => ({ value, label: t.states[value] }))}
      />
      <Select
        aria-label={t.reason}
        placeholder={t.anyReason}
        clearable
        data={reasons}
        value={search.reason ?? null}
        onChange={(value) => setSearch({ reason: value ?? undefined })}
      />
      <Select
        aria-label={t.account}
        placeholder={t.anyAccount}
        clearable
        data={accounts.map(({ id, name }) => ({ value: id, label: name }))}
        value={search.through ?? null}
        onChange={(value) => setSearch({ through: value ?? undefined })}
      />
      <span>{props.children}</span>
    </div>
  )
}

function List(props: { events: readonly FailedEvent[]; onChoose: (id: string) => void }) {
  const t = useText(intakeText).failed
  const c = useCommon()
  const format = useFormat()
  const now = useNow(30_000)
  return (
    <ul className={style.failedList} aria-label={t.list}>
      {props.events.map((event) => (
        <li key={event.id}>
          <button type="button" className={style.failedRow} onClick={() => props.onChoose(event.id)}>
            <span>
              <strong>{event.label}</strong>
              <span className={style.detail}>{event.detail}</span>
              {event.queued ? <span className={style.queued}> {t.queued}</span> : null}
            </span>
            <span>
              {event.account?.name ?? t.api}
              <span className="secondary"> · {c.channels[event.channel]}</span>
            </span>
            <span className="secondary">
              {t.first} <time dateTime={event.firstSeenAt}>{format.relative(event.firstSeenAt, now)}</time>
            </span>
            <span className="secondary">
              {t.attempts} <span className="num">{format.number(event.attempts)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
