import { Button } from '@mantine/core'
import { useAsk } from '../../api/hooks.ts'
import { useFilter, useFrameSearch, usePageSearch, usePeriod } from '../../frame/use-frame.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { RetentionDocument, type RetentionQuery } from '../../generated/graphql.ts'
import { useCommon, useLanguage, useText } from '../../i18n/use-text.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { Bone } from '../../ui/state/skeletons.tsx'
import { Cohorts } from './cohorts.tsx'
import { Curve } from './curve.tsx'
import { Question } from './question.tsx'
import style from './retention.module.css'
import { questionOf, type RetentionQuestion, readRetentionSearch } from './search.ts'
import { Segments } from './segments.tsx'
import { retentionText } from './text.ts'

export type Retention = RetentionQuery['business']['retention']

/** How many intervals after entering are shown. */
const columnsOf = { DAY: 15, WEEK: 13, MONTH: 13 } as const

/** Who comes back: a question as a sentence, cohort by cohort, and on average. */
export function RetentionPage() {
  const c = useCommon()
  const business = useBusiness()
  const period = usePeriod()
  const filter = useFilter()
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const [search] = usePageSearch(readRetentionSearch)
  const question = questionOf(search)
  const asked = useAsk(RetentionDocument, {
    business: business.id,
    period: period.input,
    ...question,
    columns: columnsOf[question.grain],
    filter,
    locale,
  })
  const retention = asked.data?.business.retention
  return (
    <>
      <PageHeader title={c.nav.retention} lead={retention?.headline} />
      <Question />
      {asked.isPending ? <Skeleton /> : null}
      {retention === undefined && asked.isError ? (
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
      ) : null}
      {retention === undefined ? null : (
        <Answer retention={retention} question={question} busy={asked.isPlaceholderData} />
      )}
    </>
  )
}

function Answer(props: { retention: Retention; question: RetentionQuestion; busy: boolean }) {
  const { retention, question } = props
  const asked = { ...question, grain: retention.grain }
  if (retention.rows.every((row) => row.size === 0)) return <Empty />
  return (
    <div className={style.page} aria-busy={props.busy}>
      <Cohorts retention={retention} question={asked} />
      {retention.segments.length === 0 ? null : <Segments retention={retention} question={asked} />}
      <Curve retention={retention} question={asked} />
    </div>
  )
}

function Empty() {
  const t = useText(retentionText)
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

function Skeleton() {
  const c = useCommon()
  return (
    <div role="status" aria-label={c.common.loading} className={style.bones}>
      {Array.from({ length: 9 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey shapes have no identity
        <Bone key={index} height={38} width={`${100 - index * 8}%`} />
      ))}
    </div>
  )
}
