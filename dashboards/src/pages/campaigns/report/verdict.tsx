import type { ReactNode } from 'react'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import { RowsButton } from '../../../ui/rows/rows-button.tsx'
import style from '../campaigns.module.css'
import type { Funnel, Report } from '../report-page.tsx'
import { useOpenOrders, useOpenStage } from './open-stage.ts'
import { reportText } from './text.ts'

/** What the campaign changed, in a sentence first; then the difference to the control group, extra orders, revenue. */
export function Verdict(props: { campaign: Report; funnel: Funnel }) {
  const t = useText(reportText)
  const format = useFormat()
  const { campaign, funnel } = props
  const { lift, conversionDays } = campaign
  const openStage = useOpenStage(campaign)
  const openOrders = useOpenOrders(campaign)
  if (lift === null) {
    return (
      <section className={style.verdict} aria-label={t.verdict}>
        <h2>{t.waiting}</h2>
      </section>
    )
  }
  const signed = (value: number, said: string) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${said}`
  const points = (value: number) => signed(value, format.points(Math.abs(value)))
  const orders = (value: number) => signed(Math.round(value), format.number(Math.abs(Math.round(value))))
  return (
    <section className={style.verdict} aria-label={t.verdict}>
      <h2>{lift.sentence}</h2>
      <p className="secondary">
        <Count count={lift.treated} said={t.offered} open={() => openStage('eligible', t.offered('').trim())} />
        {' · '}
        <Count count={lift.control} said={t.holdout} open={() => openStage('holdout', t.holdout('').trim())} />
        {lift.state === 'PROVISIONAL' ? ` · ${t.until(conversionDays)}` : ''}
      </p>
      <div className={style.three}>
        <Figure
          label={t.extra}
          value={lift.extraOrders === null ? '–' : orders(lift.extraOrders)}
          interval={span(lift.extraOrdersLow, lift.extraOrdersHigh, orders, t.interval)}
          text={t.extraText}
          provisional={lift.state === 'PROVISIONAL'}
        />
        <Figure
          label={t.difference}
          value={lift.difference === null ? '–' : points(lift.difference)}
          interval={span(lift.low, lift.high, points, t.interval)}
          text={
            lift.treatedRate === null || lift.controlRate === null
              ? ''
              : t.differenceText(format.percent(lift.treatedRate), format.percent(lift.controlRate))
          }
          under={
            <>
              <Count
                count={lift.treatedOrdered}
                said={t.offeredOrdered}
                open={() => openOrders('treatment', t.offeredOrdered('').trim())}
              />
              {' · '}
              <Count
                count={lift.controlOrdered}
                said={t.controlOrdered}
                open={() => openOrders('holdout', t.controlOrdered('').trim())}
              />
            </>
          }
          provisional={lift.state === 'PROVISIONAL'}
        />
        <Figure
          label={t.revenue}
          value={
            funnel.revenue.length === 0
              ? '–'
              : funnel.revenue.map((money) => format.money(money.amount, money.currency)).join(' + ')
          }
          interval={null}
          text={t.revenueText}
          under={
            <Count
              count={funnel.ordered.closed}
              said={t.orderedPeople}
              open={() => openStage('ordered', t.stages.ordered)}
            />
          }
          provisional={false}
        />
      </div>
    </section>
  )
}

function span(
  low: number | null,
  high: number | null,
  say: (value: number) => string,
  sentence: (low: string, high: string) => string,
): string | null {
  return low === null || high === null ? null : sentence(say(low), say(high))
}

/** A count that opens its people. */
function Count(props: { count: number; said: (count: string) => string; open: () => void }) {
  const format = useFormat()
  return (
    <RowsButton onOpen={props.count === 0 ? null : props.open} about="">
      {props.said(format.number(props.count))}
    </RowsButton>
  )
}

function Figure(props: {
  label: string
  value: string
  interval: string | null
  text: string
  /** the counts a rate or a sum is made of */
  under?: ReactNode
  provisional: boolean
}) {
  return (
    <article data-state={props.provisional ? 'PROVISIONAL' : 'COMPLETE'}>
      <h3>{props.label}</h3>
      <p className={style.figure}>{props.value}</p>
      {props.interval === null ? null : <p className={style.figureInterval}>{props.interval}</p>}
      <p className="secondary">{props.text}</p>
      {props.under === undefined ? null : <p className="secondary">{props.under}</p>}
    </article>
  )
}
