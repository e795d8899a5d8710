import { useFormat, useText } from '../../../i18n/use-text.ts'
import style from '../campaigns.module.css'
import type { Funnel } from '../report-page.tsx'
import { reportText } from './text.ts'

/** Nobody is left out: targeted = eligible + excluded + holdout, and what became of the eligible. Both lines add up. */
export function SumLines(props: { funnel: Funnel }) {
  const t = useText(reportText)
  const format = useFormat()
  const { funnel } = props
  const sum = (reasons: Funnel['excluded']) => reasons.reduce((total, reason) => total + reason.count, 0)
  const say = format.number
  const eligible = [
    { count: funnel.sent, said: t.sent },
    { count: sum(funnel.failed), said: t.failed },
    { count: funnel.unknown, said: t.unknown },
    { count: funnel.pending, said: t.pending },
    { count: funnel.held, said: t.heldPeople },
    { count: sum(funnel.withdrawn), said: t.withdrawn },
  ].filter((part) => part.count > 0)
  return (
    <section className={style.sums} aria-label={t.sumLabel}>
      <p className={style.sumLine}>
        {t.targeted(say(funnel.targeted))} <i>=</i> {t.eligible(say(funnel.eligible))} <i>+</i>{' '}
        {t.excluded(say(sum(funnel.excluded)))} <i>+</i> {t.holdout(say(funnel.holdout))}
      </p>
      {eligible.length === 0 ? null : (
        <p className={style.sumInner}>
          {t.of} {eligible.map((part) => part.said(say(part.count))).join(' + ')}
        </p>
      )}
      {funnel.sumsHold ? null : <p className={style.warm}>{t.sumBroken}</p>}
    </section>
  )
}
