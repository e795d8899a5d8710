import { Link } from '@tanstack/react-router'
import type { RowsSearch } from '../../frame/search.ts'
import { useFilter, useOpenRows, usePageSearch, usePeriod } from '../../frame/use-frame.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { RowsButton } from '../../ui/rows/rows-button.tsx'
import type { ResponseTimes } from './page.tsx'
import style from './response-times.module.css'
import { clockOf, kindOf, readResponseSearch, responderOf } from './search.ts'
import { responseText } from './text.ts'

/** Opens the waits of this view: all of them, or those of an outcome or a bucket. */
export function useOpenWaits(): (metric: string, title: string, more?: Partial<RowsSearch>) => void {
  const open = useOpenRows()
  const period = usePeriod()
  const filter = useFilter()
  const [search] = usePageSearch(readResponseSearch)
  return (metric, title, more = {}) =>
    open({
      metric,
      title,
      ...period.input,
      kind: kindOf(search),
      responder: responderOf(search),
      clock: clockOf(search),
      ...(filter === null ? {} : { filter }),
      ...more,
    })
}

/** "1 204 waits = 1 100 answered + 60 still waiting + 44 abandoned": nobody is left out, and each part opens its people. */
export function SumLine(props: { times: ResponseTimes }) {
  const t = useText(responseText)
  const c = useCommon()
  const format = useFormat()
  const openWaits = useOpenWaits()
  const [search] = usePageSearch(readResponseSearch)
  const { opened, answered, waiting, abandoned, medianOfAnswered, restrictedMean24hSeconds } = props.times
  const parts = [
    { metric: 'waits', title: t.allWaits, count: opened, said: t.waits(opened, format.number(opened)), before: null },
    {
      metric: 'waits_answered',
      title: c.outcome.ANSWERED,
      count: answered,
      said: t.answered(format.number(answered)),
      before: '=',
    },
    {
      metric: 'waits_waiting',
      title: c.outcome.WAITING,
      count: waiting,
      said: t.waiting(format.number(waiting)),
      before: '+',
    },
    {
      metric: 'waits_abandoned',
      title: c.outcome.ABANDONED,
      count: abandoned,
      said: t.abandoned(format.number(abandoned)),
      before: '+',
    },
  ]
  const left = opened - answered
  return (
    <section className={style.sum} aria-label={t.sum}>
      <p className={style.sumLine}>
        {parts.map((part) => (
          <span key={part.metric} className={style.sumPart}>
            {part.before === null ? null : (
              <>
                <span className={style.sign} aria-hidden="true">
                  {part.before}
                </span>
                <span className="visually-hidden">{part.before === '=' ? t.equals : t.plus}</span>
              </>
            )}
            <button
              type="button"
              data-outcome={part.metric}
              disabled={part.count === 0}
              onClick={() => openWaits(part.metric, part.title)}
            >
              {part.said}
            </button>
          </span>
        ))}
      </p>
      {search.clock === 'open' ? <ClockNote times={props.times} /> : null}
      {search.by === 'handoff' ? <p className={style.naive}>{t.handoffNote}</p> : null}
      {search.by === 'bot' ? <p className={style.naive}>{t.botNote}</p> : null}
      {medianOfAnswered === null || search.by === 'bot' ? null : (
        <p className={style.naive}>
          <RowsButton onOpen={() => openWaits('waits_answered', c.outcome.ANSWERED)} about={c.outcome.ANSWERED}>
            <strong>{t.naive(format.duration(medianOfAnswered))}</strong>
          </RowsButton>{' '}
          {t.naiveWhy(left, format.number(left))}{' '}
          {restrictedMean24hSeconds === null
            ? null
            : t.rmst(
                format.duration(restrictedMean24hSeconds),
                format.duration(props.times.restrictedMean24hLow ?? 0),
                format.duration(props.times.restrictedMean24hHigh ?? 86_400),
              )}
        </p>
      )}
    </section>
  )
}

/** What the business's own clock means here, and how many it spares. */
function ClockNote(props: { times: ResponseTimes }) {
  const t = useText(responseText)
  const format = useFormat()
  const openWaits = useOpenWaits()
  const period = usePeriod()
  const { hoursKnownFrom, answeredAtOnce } = props.times
  if (hoursKnownFrom === null) {
    return (
      <p className={style.naive}>
        {t.hoursUnknown}{' '}
        <Link to="/settings/$section" params={{ section: 'hours' }}>
          {t.hoursSet}
        </Link>
      </p>
    )
  }
  return (
    <p className={style.naive}>
      {t.hoursNote}
      {hoursKnownFrom > period.input.from ? ` ${t.hoursSince(format.dayLong(hoursKnownFrom))}` : ''}{' '}
      {answeredAtOnce === 0 ? null : (
        <RowsButton onOpen={() => openWaits('waits_answered', t.atOnceTitle, { bucket: '<=0' })} about={t.atOnceTitle}>
          {t.atOnce(answeredAtOnce, format.number(answeredAtOnce))}
        </RowsButton>
      )}
    </p>
  )
}
