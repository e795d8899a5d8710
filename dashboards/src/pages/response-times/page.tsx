import { Button, SegmentedControl } from '@mantine/core'
import { useAsk } from '../../api/hooks.ts'
import { useFilter, useFrameSearch, usePageSearch, usePeriod } from '../../frame/use-frame.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { ResponseTimesDocument, type ResponseTimesQuery } from '../../generated/graphql.ts'
import { useCommon, useLanguage, useText } from '../../i18n/use-text.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { Bands } from './bands.tsx'
import { Distribution } from './distribution.tsx'
import { Heatmap } from './heatmap.tsx'
import { Places } from './places.tsx'
import { Promises } from './promise.tsx'
import style from './response-times.module.css'
import { clockOf, kindOf, readResponseSearch, responderOf } from './search.ts'
import { ResponseSkeleton } from './skeleton.tsx'
import { SumLine } from './sum-line.tsx'
import { Survival } from './survival.tsx'
import { responseText } from './text.ts'
import { Tiles } from './tiles.tsx'
import { Waiting } from './waiting.tsx'

export type ResponseTimes = ResponseTimesQuery['business']['responseTimes']

/** How long customers wait for an answer, the unanswered counted as waiting; when it is long; who is waiting now. */
export function ResponseTimesPage() {
  const c = useCommon()
  const business = useBusiness()
  const period = usePeriod()
  const filter = useFilter()
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const [search] = usePageSearch(readResponseSearch)
  const asked = useAsk(ResponseTimesDocument, {
    business: business.id,
    period: period.input,
    compare: period.compare,
    kind: kindOf(search),
    responder: responderOf(search),
    clock: clockOf(search),
    filter,
    locale,
  })
  const times = asked.data?.business.responseTimes
  return (
    <>
      <PageHeader title={c.nav.responseTimes} lead={times?.headline} actions={<Switches />} />
      {asked.isPending ? <ResponseSkeleton /> : null}
      {times === undefined && asked.isError ? (
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
      ) : null}
      {times === undefined ? null : times.opened === 0 ? (
        <Empty />
      ) : (
        <Answer times={times} busy={asked.isPlaceholderData} />
      )}
    </>
  )
}

function Answer(props: { times: ResponseTimes; busy: boolean }) {
  const { times } = props
  return (
    <div className={style.page} aria-busy={props.busy}>
      <Tiles times={times} />
      <SumLine times={times} />
      <Bands days={times.days} />
      <div className={style.pair}>
        <Survival points={times.survival} />
        <Waiting />
      </div>
      <div className={style.pair}>
        <Places />
        <Promises />
      </div>
      <Distribution times={times} />
      <Heatmap cells={times.heatmap} />
    </div>
  )
}

function Switches() {
  const t = useText(responseText)
  const [search, setSearch] = usePageSearch(readResponseSearch)
  return (
    <div className={style.switches}>
      <SegmentedControl
        aria-label={t.kind}
        value={search.kind ?? 'first'}
        onChange={(value) => setSearch({ kind: value === 'next' ? 'next' : undefined })}
        data={[
          { value: 'first', label: t.first },
          { value: 'next', label: t.next },
        ]}
      />
      <SegmentedControl
        aria-label={t.by}
        value={search.by ?? 'human'}
        onChange={(value) => setSearch({ by: value === 'bot' || value === 'handoff' ? value : undefined })}
        data={[
          { value: 'human', label: t.human },
          { value: 'bot', label: t.bot },
          { value: 'handoff', label: t.handoff },
        ]}
      />
      <SegmentedControl
        aria-label={t.clock}
        value={search.clock ?? 'wall'}
        onChange={(value) => setSearch({ clock: value === 'open' ? 'open' : undefined })}
        data={[
          { value: 'wall', label: t.wall },
          { value: 'open', label: t.open },
        ]}
      />
    </div>
  )
}

function Empty() {
  const t = useText(responseText)
  const period = usePeriod()
  const [, setSearch] = useFrameSearch()
  return (
    <EmptyState
      title={t.emptyTitle}
      text={t.emptyText}
      action={
        period.days >= 90 ? undefined : (
          <Button variant="default" onClick={() => setSearch({ days: 90, from: undefined, to: undefined })}>
            {t.emptyAction}
          </Button>
        )
      }
    />
  )
}
