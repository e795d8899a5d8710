import type { Direction, Unit } from '../../generated/graphql.ts'
import type { Format } from '../../i18n/format.ts'
import { useCommon, useFormat } from '../../i18n/use-text.ts'
import { Icon } from '../icons.tsx'
import style from './metric.module.css'

export type Tone = 'good' | 'bad' | 'neutral' | 'same'

/** Whether a change is good is never said by colour alone: an arrow, a size and a word. */
export function Delta(props: {
  change: number | null
  /** the API's word on whether the change is worth saying, so that tile and sentence agree */
  moved: boolean
  unit: Unit
  better: Direction | null
  previous?: number | null
}) {
  const t = useCommon()
  const format = useFormat()
  const { change, unit } = props
  if (change === null) return <span className={style.delta}>{t.metric.noPrevious}</span>
  const tone = toneOf(change, props.better)
  if (tone === 'same' || !props.moved) return <span className={style.delta}>{t.metric.same}</span>
  const size = sizeOf(change, unit, props.previous ?? null, format)
  const words = unit === 'SECONDS' ? (change > 0 ? t.metric.longer(size) : t.metric.shorter(size)) : size
  return (
    <span className={style.delta} data-tone={tone}>
      <Icon name={change > 0 ? 'arrowUp' : 'arrowDown'} size={14} />
      <span className="visually-hidden">
        {unit === 'SECONDS' ? '' : change > 0 ? t.metric.up('') : t.metric.down('')}
      </span>
      {words}
      {tone !== 'neutral' && <span className={style.word}>· {tone === 'good' ? t.metric.better : t.metric.worse}</span>}
    </span>
  )
}

/** `neutral`: it changed, and more is neither better nor worse. */
export function toneOf(change: number, better: Direction | null): Tone {
  if (change === 0) return 'same'
  if (better === null) return 'neutral'
  return change > 0 === (better === 'UP') ? 'good' : 'bad'
}

/** How large a change is, as people say it: seconds as a duration, ratios in points, counts in percent of before. */
function sizeOf(change: number, unit: Unit, previous: number | null, format: Format): string {
  if (unit === 'SECONDS') return format.duration(change)
  if (unit === 'RATIO') return format.points(Math.abs(change))
  if (previous !== null && previous > 0 && unit !== 'ORDERS') {
    return format.percent(Math.abs(change) / previous)
  }
  return format.value(unit, Math.abs(change))
}
