import type { MetricFragment } from '../../generated/graphql.ts'
import { useFormat, useText } from '../../i18n/use-text.ts'
import { MetricTile } from '../../ui/metric/metric-tile.tsx'
import { RowsButton } from '../../ui/rows/rows-button.tsx'
import type { ResponseTimes } from './page.tsx'
import style from './response-times.module.css'
import { useOpenWaits } from './sum-line.tsx'
import { responseText } from './text.ts'

/** Median and p90 with their intervals, and the shares answered in time. */
export function Tiles(props: { times: ResponseTimes }) {
  const t = useText(responseText)
  const { times } = props
  // The definition is the wait's own; which part of the people it speaks of is this tile's.
  const p90: MetricFragment = {
    ...times.p90,
    definition: { ...times.p90.definition, name: t.p90, sentence: t.p90Sentence },
    sentence: '',
  }
  return (
    <section className={style.tiles} aria-label={t.tiles}>
      <MetricTile metric={times.median} aside={<Limits metric={times.median} />} />
      <MetricTile metric={p90} aside={<Limits metric={times.p90} notReached={t.notReached} />} />
      <Within times={times} />
    </section>
  )
}

/** @param notReached said when too few have an answer; the median's own sentence says it already */
function Limits(props: { metric: MetricFragment; notReached?: string }) {
  const t = useText(responseText)
  const format = useFormat()
  const { low, high, value, definition } = props.metric
  if (value === null) return props.notReached === undefined ? null : <p className={style.limits}>{props.notReached}</p>
  if (low === null || high === null) return null
  const say = (seconds: number) => format.value(definition.unit, seconds)
  return <p className={style.limits}>{t.interval(say(low), say(high))}</p>
}

/** Four lines: a bar from nothing to everybody, and a whisker for what is likely. */
function Within(props: { times: ResponseTimes }) {
  const t = useText(responseText)
  const format = useFormat()
  const openWaits = useOpenWaits()
  const rows = props.times.answeredWithin
  const open = (seconds: number) => () =>
    openWaits('waits_answered', `${t.within} ${format.duration(seconds)}`, { bucket: `<=${seconds}` })
  return (
    <article className={style.within}>
      <h3>{t.within}</h3>
      <dl>
        {rows.map((row) => (
          <div key={row.seconds} className={style.withinRow}>
            <dt>{format.duration(row.seconds)}</dt>
            <dd className={style.meter} aria-hidden="true">
              <span style={{ width: `${100 * (row.share ?? 0)}%` }} />
              {row.low === null || row.high === null ? null : (
                <i style={{ left: `${100 * row.low}%`, width: `${100 * (row.high - row.low)}%` }} />
              )}
            </dd>
            <dd className={style.share}>
              {row.share === null ? '–' : format.percent(row.share)}
              {row.low === null || row.high === null ? null : (
                <span className="visually-hidden">
                  {' '}
                  {t.interval(format.percent(row.low), format.percent(row.high))}
                </span>
              )}
            </dd>
            <dd className={style.counted}>
              <RowsButton
                onOpen={row.answered === 0 ? null : open(row.seconds)}
                about={`${t.within} ${format.duration(row.seconds)}`}
              >
                {format.number(row.answered)}
              </RowsButton>
            </dd>
          </div>
        ))}
      </dl>
      <p className={style.limits}>
        <RowsButton onOpen={() => openWaits('waits', t.allWaits)} about={t.allWaits}>
          {t.withinOf(format.number(rows[0]?.n ?? 0))}
        </RowsButton>
      </p>
    </article>
  )
}
