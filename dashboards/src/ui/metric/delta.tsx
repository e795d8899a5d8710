import type { Direction, Unit } from '../../generated/graphql.ts'
import type { Format } from '../../i18n/format.ts'
import { useCommon, useFormat } from '../../i18n/use-text.ts'
import { Icon } from '../icons.tsx'
import style from './metric.module.css'

export type Tone = 'good' | 'bad' | 'neutral' | 'same'

/** Whether a change is good is never said by colour alone: an arrow, a size and a word. */
export function Delta(props: {
  change: number | null
  unit: Unit
  better: Direction | null
  previous?: number | null
}) {
  const t = useCommon()
  const format = useFormat()
  const { change, unit } = props
  if (change === null) return <span className={style.delta}>{t.metric.noPrevious}</span>
  const tone = toneOf(change, props.better)
  const size = sizeOf(change, unit, props.previous ?? null, format)
  if (tone === 'same' || size === null) return <span className={style.delta}>{t.metric.same}</span>
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
function sizeOf(change: number, unit: Unit, previous: number | null, format: Format): string | null {
  if (unit === 'SECONDS') return Math.abs(change) < 0.5 ? null : format.duration(change)
  if (unit === 'RATIO') return Math.abs(change) < 0.0005 ? null : format.points(Math.abs(change))
  if (previous !== null && previous > 0 && unit !== 'ORDERS') {
    const share = Math.abs(change) / previous
    return share < 0.0005 ? null : format.percent(share)
  }
  return format.value(unit, Math.abs(change))
}
