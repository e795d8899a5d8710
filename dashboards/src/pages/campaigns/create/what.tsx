import { Button, Checkbox, Textarea } from '@mantine/core'
import { useRef } from 'react'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import { addDays } from '../../../lib/days.ts'
import { messageCharactersMax, messageProblems, type Variable, variables, written } from '../liquid.ts'
import type { StepProps } from './builder.tsx'
import style from './create.module.css'
import { createText } from './text.ts'
import { WallInput } from './wall-input.tsx'

/** What: the message with its variables, and when the offer ends. */
export function What(props: StepProps) {
  const t = useText(createText)
  const format = useFormat()
  const { form, change } = props
  const area = useRef<HTMLTextAreaElement>(null)
  const problems = form.messageText === '' ? [] : messageProblems(form.messageText)
  const insert = (variable: Variable) => {
    const text = written(variable, t.fallback)
    const start = area.current?.selectionStart ?? form.messageText.length
    const end = area.current?.selectionEnd ?? start
    change({ messageText: `${form.messageText.slice(0, start)}${text}${form.messageText.slice(end)}` })
    // The cursor goes behind what was inserted, once the new text is in the field.
    requestAnimationFrame(() => {
      area.current?.focus()
      area.current?.setSelectionRange(start + text.length, start + text.length)
    })
  }
  return (
    <div className={style.fields}>
      <div>
        <Textarea
          ref={area}
          label={t.message}
          description={t.messageHint}
          autosize
          minRows={7}
          maxRows={16}
          value={form.messageText}
          error={problems.length > 0}
          classNames={{ input: style.message ?? '' }}
          onChange={(event) => change({ messageText: event.currentTarget.value })}
        />
        <div className={style.under}>
          <span className="secondary">{t.insert}</span>
          {variables.map((variable) => (
            <Button key={variable} variant="default" size="compact-sm" onClick={() => insert(variable)}>
              {t.variables[variable]}
            </Button>
          ))}
          <span className={`secondary ${style.count}`}>
            {t.characters(format.number(form.messageText.length), format.number(messageCharactersMax))}
          </span>
        </div>
        <ul className={style.problems} aria-live="polite">
          {problems.map((problem) => (
            <li key={`${problem.kind}${problem.what}`}>{t.problems[problem.kind](problem.what)}</li>
          ))}
        </ul>
      </div>
      <div className={style.offer}>
        <Checkbox
          label={t.offerEnds}
          description={t.offerEndsHint}
          checked={form.offerEnds !== null}
          onChange={() =>
            change({ offerEnds: form.offerEnds === null ? { day: addDays(form.at.day, 7), time: '23:59' } : null })
          }
        />
        {form.offerEnds === null ? null : (
          <WallInput value={form.offerEnds} onChange={(offerEnds) => change({ offerEnds })} />
        )}
      </div>
    </div>
  )
}
