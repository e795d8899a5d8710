import { Link } from '@tanstack/react-router'
import { useFormat, useText } from '../../i18n/use-text.ts'
import { bareId } from '../../lib/ids.ts'
import style from './channels.module.css'
import type { Outcome, ReasonSum } from './hours.ts'
import { outcomeText } from './outcome-text.ts'
import { channelsText } from './text.ts'

export type AccountReason = ReasonSum & { account: { id: string; name: string } }

/** How many, why, and what to do; what failed opens its rows. */
export function ReasonList(props: { label: string; rows: readonly AccountReason[]; withAccount?: boolean }) {
  const t = useText(channelsText).reasons
  const o = useText(outcomeText)
  const format = useFormat()
  const reasons: Record<string, string> = o.reasons
  const advice: Record<string, string> = o.advice
  return (
    <ul className={style.reasons} aria-label={props.label}>
      {props.rows.map(({ account, outcome, reason, events }) => (
        <li key={`${account.id} ${outcome} ${reason}`}>
          <span className={style.reasonCount}>{format.number(events)}</span>
          <span className={style.reasonWhy}>
            <strong>{reasons[reason] ?? reason}</strong>
            <span className={style.reasonOutcome}>
              <span className={style.swatch} data-outcome={outcome} aria-hidden="true" />
              <span title={o.meaning[outcome as Outcome]}>{o.outcomes[outcome as Outcome] ?? outcome}</span>
              {props.withAccount === true ? (
                <>
                  {' · '}
                  <Link to="/channels/$id" params={{ id: bareId(account.id) }}>
                    {account.name}
                  </Link>
                </>
              ) : null}
            </span>
          </span>
          <span className={style.reasonAdvice}>
            {advice[reason] ?? ''}{' '}
            {outcome === 'failed' ? (
              <Link to="/live/$part" params={{ part: 'failed' }} search={(now) => ({ ...now, through: account.id })}>
                {t.see}
              </Link>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  )
}
