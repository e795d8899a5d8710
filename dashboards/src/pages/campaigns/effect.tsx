import type { CampaignsQuery } from '../../generated/graphql.ts'
import { useFormat, useText } from '../../i18n/use-text.ts'
import style from './campaigns.module.css'
import { campaignsText } from './text.ts'

type Lift = NonNullable<CampaignsQuery['business']['campaigns']['edges'][number]['node']['lift']>

/** Extra orders with their interval: a number, and a whisker on a scale that all rows share. */
export function Effect(props: { lift: Lift | null; scale: { low: number; high: number } }) {
  const t = useText(campaignsText)
  const format = useFormat()
  const { lift, scale } = props
  if (lift === null || lift.extraOrders === null) {
    const words = lift?.verdict === 'no_control' ? t.noControl : t.notMeasured
    return <span className={style.quiet}>{lift?.verdict === 'sample_ratio_mismatch' ? t.withheld : words}</span>
  }
  const { extraOrders, extraOrdersLow: low, extraOrdersHigh: high } = lift
  const signed = (value: number) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${format.number(Math.abs(value))}`
  const at = (value: number) => `${(100 * (value - scale.low)) / (scale.high - scale.low || 1)}%`
  return (
    <span className={style.effect}>
      <strong data-sure={lift.verdict === 'positive' || lift.verdict === 'negative'}>
        {signed(Math.round(extraOrders))}
      </strong>
      {low === null || high === null ? null : (
        <>
          <span className={style.whisker} aria-hidden="true">
            <i className={style.zero} style={{ left: at(0) }} />
            <i className={style.range} style={{ left: at(low), right: `calc(100% - ${at(high)})` }} />
            <i className={style.dot} style={{ left: at(extraOrders) }} />
          </span>
          <span className={style.quiet}>{t.between(signed(Math.round(low)), signed(Math.round(high)))}</span>
        </>
      )}
    </span>
  )
}
