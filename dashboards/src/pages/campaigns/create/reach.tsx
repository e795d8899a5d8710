import { useOpenRows } from '../../../frame/use-frame.ts'
import type { AudienceInput } from '../../../generated/graphql.ts'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import { todayIn } from '../../../lib/days.ts'
import { RowsButton } from '../../../ui/rows/rows-button.tsx'
import { ErrorState } from '../../../ui/state/error-state.tsx'
import { Bone } from '../../../ui/state/skeletons.tsx'
import { useReasonWords } from '../use-reason.ts'
import style from './create.module.css'
import { createText } from './text.ts'
import type { Preview, usePreview } from './use-preview.ts'

/**
 * The panel that stays: how many match, how many get it, who is kept as control, and why the others do not. `brief`
 * leaves room for the telephone.
 */
export function Reach(props: ReturnType<typeof usePreview> & { brief: boolean }) {
  const t = useText(createText)
  const { asked, preview, audience, stale } = props
  return (
    <section className={style.reach} aria-label={t.reach} aria-busy={stale}>
      <h2>{t.reach}</h2>
      {preview === undefined && asked.isError ? (
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} compact />
      ) : null}
      {preview === undefined && !asked.isError ? asked.isFetching ? <ReachBones /> : <p>{t.choose}</p> : null}
      {preview === undefined ? null : <Figures preview={preview} audience={audience} brief={props.brief} />}
    </section>
  )
}

/** Opens the people behind a number of the preview: everybody (''), `eligible`, `excluded`, or those with one reason. */
function useOpenPeople(audience: AudienceInput, at: string): (stage: string, title: string) => void {
  const format = useFormat()
  const open = useOpenRows()
  return (stage, title) => {
    const today = todayIn(format.timeZone)
    // Windows are judged at the preview's own instant, so that the people are those that were counted.
    open({ metric: 'audience', title, from: today, to: today, stage, audience: { ...audience, at } })
  }
}

function Figures(props: { preview: Preview; audience: AudienceInput; brief: boolean }) {
  const t = useText(createText)
  const format = useFormat()
  const words = useReasonWords()
  const { matched, reachable, willBeSent, holdout, excluded, at } = props.preview
  const part = (count: number) => `${matched === 0 ? 0 : (100 * count) / matched}%`
  const out = excluded.reduce((sum, reason) => sum + reason.count, 0)
  const share = reachable === 0 ? 0 : holdout / reachable
  const open = useOpenPeople(props.audience, at)
  return (
    <div aria-live="polite">
      <p className={style.big}>{t.sent(format.number(willBeSent))}</p>
      <p className={style.split} aria-hidden="true">
        <span data-part="sent" style={{ width: part(willBeSent) }} />
        <span data-part="control" style={{ width: part(holdout) }} />
        <span data-part="out" style={{ width: part(out) }} />
      </p>
      <dl className={style.figures} hidden={props.brief}>
        <Line part="match" count={matched} label={t.match(matched, '').trim()} stage="" open={open} />
        <Line part="match" count={reachable} label={t.reachable(reachable, '').trim()} stage="eligible" open={open} />
        <Line part="sent" count={willBeSent} label={t.sent('').trim()} inner />
        {holdout === 0 ? null : (
          <Line part="control" count={holdout} label={t.control('', format.percent(share)).trim()} inner />
        )}
        {out === 0 ? null : (
          <Line part="out" count={out} label={t.unreachable('').trim()} stage="excluded" open={open} />
        )}
        {excluded.map((reason) => (
          <Line
            key={reason.reason}
            count={reason.count}
            label={words(reason)}
            stage={reason.reason}
            open={open}
            inner
          />
        ))}
      </dl>
      {out === 0 && matched > 0 && !props.brief ? <p className="secondary">{t.everybody}</p> : null}
      {willBeSent === 0 ? <p className={style.warn}>{t.nobody}</p> : null}
      {props.brief ? null : (
        <p className="secondary">
          {holdout === 0 ? '' : `${t.drawn} `}
          {t.asOf(format.dateTime(at))}
        </p>
      )}
    </div>
  )
}

function Line(props: {
  count: number
  label: string
  part?: string
  inner?: boolean
  stage?: string
  open?: (stage: string, title: string) => void
}) {
  const format = useFormat()
  const { count, label, stage, open } = props
  return (
    <div data-inner={props.inner ?? false}>
      <dt>
        {props.part === undefined ? null : <i data-part={props.part} aria-hidden="true" />}
        {label}
      </dt>
      <dd>
        <RowsButton
          onOpen={count === 0 || stage === undefined || open === undefined ? null : () => open(stage, label)}
          about={label}
        >
          {format.number(count)}
        </RowsButton>
      </dd>
    </div>
  )
}

function ReachBones() {
  return (
    <div className={style.reachBones}>
      <Bone width="70%" height={34} />
      <Bone height={10} radius={5} />
      <Bone width="90%" />
      <Bone width="80%" />
      <Bone width="60%" />
    </div>
  )
}
