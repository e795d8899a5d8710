import type { MetricState } from '../../generated/graphql.ts'
import { useCommon } from '../../i18n/use-text.ts'
import style from './state.module.css'

/** How complete, provisional and not-yet look; on the page, not in a manual. */
export function StateLegend(props: { states?: (MetricState | 'small' | 'previous')[] }) {
  const t = useCommon()
  const states = props.states ?? ['COMPLETE', 'PROVISIONAL', 'NOT_YET', 'small']
  return (
    <ul className={style.legend} aria-label={t.state.legend}>
      {states.map((state) => (
        <li key={state}>
          <span className={style.swatch} data-state={state} aria-hidden="true" />
          {t.state[state]}
        </li>
      ))}
    </ul>
  )
}
