import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { rowsOf, useFilter, useOpenRows } from '../../frame/use-frame.ts'
import type { MetricFragment } from '../../generated/graphql.ts'
import { useCommon, useFormat } from '../../i18n/use-text.ts'
import { keepUnits } from '../../lib/keep-units.ts'
import { Definition } from './definition.tsx'
import { Delta } from './delta.tsx'
import style from './metric.module.css'
import { Sparkline } from './sparkline.tsx'

/** Below this many people a number is shown without emphasis. */
export const smallBelow = 20

/**
 * One number with everything needed to trust it: value, change in words, interval, n, state, course, definition.
 * Clicking the number opens the rows behind it.
 */
export function MetricTile(props: { metric: MetricFragment; aside?: ReactNode; withSpark?: boolean }) {
  const t = useCommon()
  const format = useFormat()
  const { metric } = props
  const unit = metric.definition.unit
  const interval =
    metric.low === null || metric.high === null
      ? null
      : t.metric.interval(format.value(unit, metric.low), format.value(unit, metric.high))
  // A share says of how many; any other number says how many stand behind it.
  const basis =
    unit === 'RATIO' && metric.numerator !== null && metric.denominator !== null
      ? t.metric.of(format.number(metric.numerator), format.number(metric.denominator))
      : t.metric.n(format.number(metric.n))
  const previous = metric.previous === null ? null : t.metric.before(format.value(unit, metric.previous))
  return (
    <article className={style.tile} data-state={metric.state}>
      <div className={style.label}>
        <h2>{metric.definition.name}</h2>
        <Definition
          name={metric.definition.name}
          sentence={metric.definition.sentence}
          note={[basis, interval].filter(Boolean).join(' · ')}
        />
      </div>
      <MetricNumber metric={metric} />
      <Tooltip label={[previous, basis, interval].filter(Boolean).join(' · ')}>
        <div className={style.under}>
          <Delta
            change={metric.change}
            moved={metric.moved}
            unit={unit}
            better={metric.definition.better}
            previous={metric.previous}
          />
          {metric.state === 'PROVISIONAL' ? <span className={style.provisional}>{t.state.PROVISIONAL}</span> : null}
        </div>
      </Tooltip>
      {props.withSpark === false ? null : (
        <div className={style.spark}>
          <Sparkline points={metric.spark} />
        </div>
      )}
      <p className={style.sentence}>{keepUnits(metric.sentence)}</p>
      {props.aside}
    </article>
  )
}

/** The number itself; a button when there are rows behind it. */
export function MetricNumber(props: { metric: MetricFragment }) {
  const t = useCommon()
  const format = useFormat()
  const openRows = useOpenRows()
  const filter = useFilter()
  const { metric } = props
  const { unit, name } = metric.definition
  if (metric.value === null) {
    // A percentile of waits without a value although people waited: too few of them have an answer yet.
    const notReached = unit === 'SECONDS' && metric.n > 0
    const words = metric.state === 'NOT_YET' ? t.metric.notYet : notReached ? t.metric.notReached : t.metric.noValue
    return <p className={style.none}>{words}</p>
  }
  const signed = metric.key === 'extra_orders' && metric.value > 0 ? '+' : ''
  const said = `${signed}${format.value(unit, metric.value)}`
  const small = metric.n < smallBelow
  const { rowsRef } = metric
  if (rowsRef === null) {
    return (
      <p className={style.number} data-small={small}>
        {said}
      </p>
    )
  }
  return (
    <p className={style.number} data-small={small}>
      <button
        type="button"
        aria-label={`${name}: ${said}. ${t.metric.showRows}`}
        onClick={() => openRows(rowsOf(rowsRef, name, filter))}
      >
        {said}
      </button>
    </p>
  )
}
