import type { ReactNode } from 'react'
import { useBusiness } from '../../../frame/viewer.ts'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import type { Places } from '../new-page.tsx'
import type { StepProps } from './builder.tsx'
import style from './create.module.css'
import { type Form, offerEndsAt, type Rules, type Step, scheduledAt } from './form.ts'
import { NextRuns, useSchedulePreview } from './repeat.tsx'
import { createText } from './text.ts'
import { whenText } from './when-text.ts'

/** Check: everything in sentences, each with a way back; and what is still missing. */
export function Check(props: StepProps & { places: Places; problems: readonly string[]; goTo: (step: Step) => void }) {
  const t = useText(createText)
  const format = useFormat()
  const { timeZone } = useBusiness()
  const { form, places, problems, goTo } = props
  const account = places.accounts.find((each) => each.id === form.accountId)
  const rules = useRuleWords(form.rules)
  const ends = offerEndsAt(form, timeZone)
  return (
    <div>
      {problems.length === 0 ? null : (
        <section className={style.missing} aria-label={t.missing}>
          <h2>{t.missing}</h2>
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </section>
      )}
      <dl className={style.review}>
        <Line step="who" label={t.who} goTo={goTo}>
          <p>
            {form.topic} · {account?.name}
          </p>
          <p className="secondary">{rules.length === 0 ? t.everyone : rules.join(' · ')}</p>
          <p className="secondary">
            {t.holdout} {format.percent(form.holdoutPercent / 100)}
          </p>
        </Line>
        <Line step="what" label={t.what} goTo={goTo}>
          <p>{form.name}</p>
          <p className={style.reviewText}>{form.messageText}</p>
          <p className="secondary">
            {t.offerEnds}: {ends === null ? t.noEnd : format.dateTime(ends.toISOString())}
          </p>
        </Line>
        <Line step="when" label={t.steps.when} goTo={goTo}>
          <Moment form={form} />
          <p className="secondary">
            {t.conversion} {format.number(form.conversionDays)} {t.conversionHint}
          </p>
        </Line>
      </dl>
    </div>
  )
}

/** The moment or the next runs, and what else decides about the hour. */
function Moment({ form }: { form: Form }) {
  const t = useText(createText)
  const w = useText(whenText)
  const format = useFormat()
  const { timeZone } = useBusiness()
  const at = scheduledAt(form, timeZone)
  const preview = useSchedulePreview(form)
  const { window } = form
  return (
    <>
      {form.when === 'repeat' ? (
        <NextRuns preview={preview} />
      ) : (
        <p>{at === null ? t.immediately : format.dateTime(at.at.toISOString())}</p>
      )}
      {form.when !== 'now' && form.ownTime ? <p className="secondary">{w.ownTime}</p> : null}
      {window === null ? null : (
        <p className="secondary">
          {window.from}–{window.to}, {window.weekdays.map((day) => w.weekdays[day - 1]).join(' ')}
        </p>
      )}
    </>
  )
}

function Line(props: { step: Step; label: string; goTo: (step: Step) => void; children: ReactNode }) {
  const t = useText(createText)
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
      <dd>
        <button
          type="button"
          className={style.link}
          aria-label={`${t.change}: ${props.label}`}
          onClick={() => props.goTo(props.step)}
        >
          {t.change}
        </button>
      </dd>
    </div>
  )
}

function useRuleWords(rules: Rules): string[] {
  const t = useText(createText)
  const format = useFormat()
  const words: string[] = []
  if (rules.wroteWithinDays !== null) words.push(`${t.wrote[0]} ${format.number(rules.wroteWithinDays)} ${t.wrote[1]}`)
  if (rules.orderedWithinDays !== null) {
    const [a, b, c] = t.ordered
    words.push(`${a} ${format.number(rules.minOrders)} ${b} ${format.number(rules.orderedWithinDays)} ${c}`)
  }
  if (rules.notOrderedWithinDays !== null)
    words.push(`${t.notOrdered[0]} ${format.number(rules.notOrderedWithinDays)} ${t.notOrdered[1]}`)
  return words
}
