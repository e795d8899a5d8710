import { usePageSearch } from '../../../frame/use-frame.ts'
import type { SendStatus } from '../../../generated/graphql.ts'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import style from '../campaigns.module.css'
import type { Funnel, Report } from '../report-page.tsx'
import { useOpenStage } from './open-stage.ts'
import { readReportSearch } from './search.ts'
import { sendsId } from './sends.tsx'
import { reportText } from './text.ts'

/** Nobody is left out: targeted = eligible + excluded + holdout, and what became of the eligible. Both lines add up. */
export function SumLines(props: { campaign: Report; funnel: Funnel }) {
  const t = useText(reportText)
  const format = useFormat()
  const { funnel } = props
  const openStage = useOpenStage(props.campaign)
  const sum = (reasons: Funnel['excluded']) => reasons.reduce((total, reason) => total + reason.count, 0)
  const say = format.number
  const eligible = [
    { count: funnel.sent, said: t.sent, status: 'ACCEPTED' as const },
    { count: sum(funnel.failed), said: t.failed, status: 'REJECTED' as const },
    { count: funnel.unknown, said: t.unknown, status: undefined, stage: 'unknown' },
    { count: funnel.pending, said: t.pending, status: 'SENDING' as const },
    { count: funnel.held, said: t.heldPeople, status: undefined, stage: 'held' },
    { count: sum(funnel.withdrawn), said: t.withdrawn, status: 'WITHDRAWN' as const },
  ].filter((part) => part.count > 0)
  return (
    <section className={style.sums} aria-label={t.sumLabel}>
      <p className={style.sumLine}>
        <Term said={t.targeted(say(funnel.targeted))} stage="targeted" open={openStage} /> <i>=</i>{' '}
        <Term said={t.eligible(say(funnel.eligible))} stage="eligible" open={openStage} /> <i>+</i>{' '}
        <Part status="EXCLUDED" said={t.excluded(say(sum(funnel.excluded)))} /> <i>+</i>{' '}
        <Part status="HOLDOUT" said={t.holdout(say(funnel.holdout))} />
      </p>
      {eligible.length === 0 ? null : (
        <p className={style.sumInner}>
          {t.of}
          {eligible.map((part, index) => (
            <span key={part.said('')}>
              {index === 0 ? ' ' : ' + '}
              {part.status === undefined ? (
                <Term said={part.said(say(part.count))} stage={part.stage} open={openStage} />
              ) : (
                <Part status={part.status} said={part.said(say(part.count))} />
              )}
            </span>
          ))}
        </p>
      )}
      {funnel.sumsHold ? null : <p className={style.warm}>{t.sumBroken}</p>}
    </section>
  )
}

/** A part of the sum that opens its people in the list below, where one state of a send names them all. */
function Part(props: { status: SendStatus; said: string }) {
  const [, setSearch] = usePageSearch(readReportSearch)
  const { status } = props
  const open = () => {
    setSearch({ status, reason: undefined, q: undefined })
    document.getElementById(sendsId)?.scrollIntoView({ block: 'start' })
  }
  return (
    <button type="button" className={style.part} onClick={open}>
      {props.said}
    </button>
  )
}

/** A term of the sum that is no single state of a send: its people open beside the page. */
function Term(props: { said: string; stage: string; open: (stage: string, name: string) => void }) {
  return (
    <button type="button" className={style.part} onClick={() => props.open(props.stage, props.said)}>
      {props.said}
    </button>
  )
}
