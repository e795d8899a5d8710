import { useFormat, useText } from '../../../i18n/use-text.ts'
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
  const { asked, preview, stale } = props
  return (
    <section className={style.reach} aria-label={t.reach} aria-busy={stale}>
      <h2>{t.reach}</h2>
      {preview === undefined && asked.isError ? (
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} compact />
      ) : null}
      {preview === undefined && !asked.isError ? asked.isFetching ? <ReachBones /> : <p>{t.choose}</p> : null}
      {preview === undefined ? null : <Figures preview={preview} brief={props.brief} />}
    </section>
  )
}

function Figures(props: { preview: Preview; brief: boolean }) {
  const t = useText(createText)
  const format = useFormat()
  const words = useReasonWords()
  const { matched, reachable, willBeSent, holdout, excluded, at } = props.preview
  const part = (count: number) => `${matched === 0 ? 0 : (100 * count) / matched}%`
  const out = excluded.reduce((sum, reason) => sum + reason.count, 0)
  const share = reachable === 0 ? 0 : holdout / reachable
  return (
    <div aria-live="polite">
      <p className={style.big}>{t.sent(format.number(willBeSent))}</p>
      <p className={style.split} aria-hidden="true">
        <span data-part="sent" style={{ width: part(willBeSent) }} />
        <span data-part="control" style={{ width: part(holdout) }} />
        <span data-part="out" style={{ width: part(out) }} />
      </p>
      <dl className={style.figures} hidden={props.brief}>
        <Line part="match" count={matched} label={t.match(matched, '').trim()} />
        <Line part="sent" count={willBeSent} label={t.sent('').trim()} />
        {holdout === 0 ? null : (
          <Line part="control" count={holdout} label={t.control('', format.percent(share)).trim()} />
        )}
        {out === 0 ? null : <Line part="out" count={out} label={t.unreachable('').trim()} />}
        {excluded.map((reason) => (
          <Line key={reason.reason} count={reason.count} label={words(reason)} inner />
        ))}
      </dl>
      {out === 0 && matched > 0 && !props.brief ? <p className="secondary">{t.everybody}</p> : null}
      {willBeSent === 0 ? <p className={style.warn}>{t.nobody}</p> : null}
      {props.brief ? null : <p className="secondary">{t.asOf(format.dateTime(at))}</p>}
    </div>
  )
}

function Line(props: { count: number; label: string; part?: string; inner?: boolean }) {
  const format = useFormat()
  return (
    <div data-inner={props.inner ?? false}>
      <dt>
        {props.part === undefined ? null : <i data-part={props.part} aria-hidden="true" />}
        {props.label}
      </dt>
      <dd>{format.number(props.count)}</dd>
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
