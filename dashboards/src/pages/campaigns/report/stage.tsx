import { useBusiness } from '../../../frame/viewer.ts'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import { useNow } from '../../../lib/use-now.ts'
import style from '../campaigns.module.css'
import type { Report } from '../report-page.tsx'
import { campaignsText } from '../text.ts'
import { zoneName } from '../zoned.ts'
import { reportText } from './text.ts'

/** Where the campaign stands, while there is something to say about it: not yet, right now, or stopped. */
export function Stage(props: { campaign: Report }) {
  const t = useText(reportText)
  const shared = useText(campaignsText)
  const format = useFormat()
  const { timeZone } = useBusiness()
  const now = useNow(30_000)
  const { status, statusReason, scheduledAt } = props.campaign
  const reasons: Record<string, string> = shared.reasons
  const why = reasons[statusReason] ?? statusReason
  if (status === 'DRAFT') return <Said title={t.draftTitle} />
  if (status === 'SCHEDULED' && scheduledAt !== null && Date.parse(scheduledAt) <= now) {
    return <Progress campaign={props.campaign} />
  }
  if (status === 'SCHEDULED' && scheduledAt !== null) {
    return (
      <Said
        title={`${t.goesOut(format.dateTime(scheduledAt), zoneName(timeZone))} · ${format.relative(scheduledAt, now)}`}
        text={t.goesOutText}
      />
    )
  }
  if (status === 'PLANNING' || status === 'SENDING') return <Progress campaign={props.campaign} />
  if (status === 'HELD') return <Said title={t.held} text={why} warm />
  if (status === 'MISSED') return <Said title={t.missed} text={why} warm />
  if (status === 'CANCELLED') return <Said title={t.cancelled} text={why} />
  return null
}

function Said(props: { title: string; text?: string; warm?: boolean }) {
  return (
    <section className={style.stage} data-warm={props.warm ?? false}>
      <h2>{props.title}</h2>
      {props.text === undefined || props.text === '' ? null : <p>{props.text}</p>}
    </section>
  )
}

/** Counts as they go, with a bar that reaches the end when nobody is left. */
function Progress(props: { campaign: Report }) {
  const t = useText(reportText)
  const format = useFormat()
  const { funnel, status } = props.campaign
  if (funnel === null || status !== 'SENDING') {
    return (
      <section className={style.stage} role="status">
        <h2>{t.planning}</h2>
        <div className={style.progress} data-unknown="true">
          <span />
        </div>
        <p>{t.leave}</p>
      </section>
    )
  }
  const left = funnel.pending + funnel.held
  const done = funnel.eligible - left
  return (
    <section className={style.stage}>
      <h2 role="status">{t.sending(format.number(done), format.number(funnel.eligible))}</h2>
      <div
        className={style.progress}
        role="progressbar"
        aria-label={t.sending(format.number(done), format.number(funnel.eligible))}
        aria-valuemin={0}
        aria-valuemax={funnel.eligible}
        aria-valuenow={done}
      >
        <span style={{ width: `${funnel.eligible === 0 ? 100 : (100 * done) / funnel.eligible}%` }} />
      </div>
      <p>
        {t.left(format.number(left))}. {t.leave}
      </p>
    </section>
  )
}
