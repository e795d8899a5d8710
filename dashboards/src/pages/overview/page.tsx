import { useEffect } from 'react'
import { useAsk } from '../../api/hooks.ts'
import { usePeriod } from '../../frame/use-frame.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { FirstRunDocument, OverviewDocument, type OverviewQuery } from '../../generated/graphql.ts'
import { useCommon, useFormat, useLanguage, useText } from '../../i18n/use-text.ts'
import { keepUnits } from '../../lib/keep-units.ts'
import { MetricTile } from '../../ui/metric/metric-tile.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { StateLegend } from '../../ui/state/state-legend.tsx'
import { FirstRun } from './first-run.tsx'
import { NeedsYou, NextCampaign } from './next.tsx'
import style from './overview.module.css'
import { Parts } from './parts.tsx'
import { OverviewSkeleton } from './skeleton.tsx'
import { overviewText } from './text.ts'
import { Waiting } from './waiting.tsx'

const refreshEveryMs = 30_000

type Overview = OverviewQuery['business']['overview']

/** Monday morning: what happened in a sentence, five numbers, who waits, what goes out next, what needs a person. */
export function OverviewPage() {
  const t = useText(overviewText)
  const business = useBusiness()
  const period = usePeriod()
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const asked = useAsk(
    OverviewDocument,
    { business: business.id, period: period.input, compare: period.compare, locale },
    { refetchIntervalMs: refreshEveryMs },
  )
  const firstRun = useAsk(FirstRunDocument, { business: business.id }, { enabled: !business.isDemo })
  useEffect(() => {
    document.title = `${t.title} · Fidelio`
  }, [t.title])

  const silent = firstRun.data?.business.accounts.every((account) => account.lastEventAt === null) ?? false
  if (!business.isDemo && silent && firstRun.data !== undefined) return <FirstRun business={firstRun.data.business} />
  if (asked.isPending) return <OverviewSkeleton />
  if (asked.data === undefined) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
  const overview = asked.data.business.overview
  return (
    <div aria-busy={asked.isPlaceholderData} className={style.page}>
      <Headline overview={overview} />
      <section className={style.tiles} aria-label={t.numbers}>
        {overview.metrics.map((metric) => (
          <MetricTile key={metric.key} metric={metric} aside={<Parts metric={metric} />} />
        ))}
      </section>
      <StateLegend
        states={overview.comparedWith === null ? ['COMPLETE', 'PROVISIONAL'] : ['COMPLETE', 'PROVISIONAL', 'previous']}
      />
      <div className={style.below}>
        <Waiting />
        <div className={style.side}>
          <NextCampaign campaign={overview.nextCampaign} />
          <NeedsYou notices={overview.needsYou} />
        </div>
      </div>
    </div>
  )
}

/** The finding first, in full ink; what follows stands back. */
function Headline(props: { overview: Overview }) {
  const t = useText(overviewText)
  const c = useCommon()
  const format = useFormat()
  const business = useBusiness()
  const period = usePeriod()
  const { headline, comparedWith } = props.overview
  const said = period.preset === null ? format.range(period.from, period.to) : c.frame.last(period.preset)
  const [first, rest] = firstSentence(keepUnits(headline))
  return (
    <header className={style.headline}>
      <p className={style.when}>
        {t.at(said, business.name)}
        {comparedWith === null ? null : <span> · {t.compared(format.range(comparedWith.from, comparedWith.to))}</span>}
      </p>
      <h1>
        {first} <span>{rest}</span>
      </h1>
    </header>
  )
}

/** Splits after the first sentence; a point within a number or an abbreviation does not end one. */
export function firstSentence(text: string): [string, string] {
  const end = text.search(/[.!?…]\s+(?=\p{Lu}|\d|«|“)/u)
  return end < 0 ? [text, ''] : [text.slice(0, end + 1), text.slice(end + 1).trim()]
}
