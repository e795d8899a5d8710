import type { MetricState } from '../../generated/graphql.ts'
import { catalogue } from '../../i18n/catalogue.ts'
import { useCommon, useText } from '../../i18n/use-text.ts'
import style from './state.module.css'

const legendText = catalogue({
  en: { revised: 'Revised: events arrived late' },
  fr: { revised: 'Révisé : événements arrivés en retard' },
})

export type LegendState = MetricState | 'small' | 'previous' | 'revised'

/** How complete, provisional and not-yet look; on the page, not in a manual. */
export function StateLegend(props: { states?: LegendState[] }) {
  const t = useCommon()
  const own = useText(legendText)
  const states = props.states ?? ['COMPLETE', 'PROVISIONAL', 'NOT_YET', 'small']
  return (
    <ul className={style.legend} aria-label={t.state.legend}>
      {states.map((state) => (
        <li key={state}>
          <span className={style.swatch} data-state={state} aria-hidden="true" />
          {state === 'revised' ? own.revised : t.state[state]}
        </li>
      ))}
    </ul>
  )
}
