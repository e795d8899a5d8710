import { Checkbox, NumberInput, Select, TextInput } from '@mantine/core'
import { useAsk } from '../../../api/hooks.ts'
import { useBusiness } from '../../../frame/viewer.ts'
import { SchedulePreviewDocument } from '../../../generated/graphql.ts'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import { addDays } from '../../../lib/days.ts'
import style from './create.module.css'
import { type Form, intervalMax, type Repeat, scheduleOf } from './form.ts'
import { whenText } from './when-text.ts'

const units = ['DAILY', 'WEEKLY', 'MONTHLY'] as const

/** How a series repeats: every so many days, weeks or months, on which days, until when. */
export function RepeatFields(props: { repeat: Repeat; start: string; onChange: (repeat: Repeat) => void }) {
  const t = useText(whenText)
  const { repeat, onChange } = props
  return (
    <div className={style.repeat}>
      <div className={style.every}>
        <NumberInput
          label={t.every}
          value={repeat.interval}
          min={1}
          max={intervalMax}
          allowDecimal={false}
          clampBehavior="blur"
          onChange={(value) => {
            const interval = Number(value)
            if (Number.isInteger(interval) && interval >= 1 && interval <= intervalMax)
              onChange({ ...repeat, interval })
          }}
        />
        <Select
          aria-label={t.unit}
          allowDeselect={false}
          data={units.map((unit) => ({ value: unit, label: t.units[unit](repeat.interval) }))}
          value={repeat.frequency}
          onChange={(value) => onChange({ ...repeat, frequency: units.find((unit) => unit === value) ?? 'WEEKLY' })}
        />
      </div>
      {repeat.frequency === 'WEEKLY' ? (
        <Weekdays label={t.onDays} value={repeat.weekdays} onChange={(weekdays) => onChange({ ...repeat, weekdays })} />
      ) : null}
      <Checkbox
        label={t.untilOn}
        checked={repeat.until !== null}
        onChange={() => onChange({ ...repeat, until: repeat.until === null ? addDays(props.start, 90) : null })}
      />
      {repeat.until === null ? null : (
        <TextInput
          type="date"
          label={t.until}
          value={repeat.until}
          min={props.start}
          onChange={(event) => onChange({ ...repeat, until: event.currentTarget.value || null })}
        />
      )}
    </div>
  )
}

/** Days of the week; one stays chosen. */
export function Weekdays(props: {
  label: string
  value: readonly number[]
  onChange: (value: readonly number[]) => void
}) {
  const t = useText(whenText)
  const { value, onChange } = props
  const toggle = (day: number) => {
    const next = value.includes(day) ? value.filter((each) => each !== day) : [...value, day]
    if (next.length > 0) onChange(next)
  }
  return (
    <fieldset className={style.weekdays}>
      <legend className={style.weekdaysLabel}>{props.label}</legend>
      {t.weekdays.map((name, index) => (
        <button
          key={name}
          type="button"
          className={style.weekday}
          aria-pressed={value.includes(index + 1)}
          onClick={() => toggle(index + 1)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  )
}

/** What the schedule means: the next runs, and the rules of the business that hold for it as well. */
export function useSchedulePreview(form: Form) {
  const { id: business } = useBusiness()
  const walls = scheduleOf(form) ?? { startLocal: `${form.at.day}T${form.at.time}`, rule: '', inContactZone: false }
  const variables = {
    business,
    startLocal: walls.startLocal,
    rule: walls.rule ?? '',
    inContactZone: walls.inContactZone ?? false,
  }
  return useAsk(SchedulePreviewDocument, variables).data?.business
}

export function NextRuns(props: { preview: ReturnType<typeof useSchedulePreview> }) {
  const t = useText(whenText)
  const format = useFormat()
  const preview = props.preview?.schedulePreview
  if (preview === undefined) return null
  if (preview.problem !== null) return <p className={style.warn}>{t.unclear}</p>
  if (preview.runs.length === 0) return <p className={style.warn}>{t.noRuns}</p>
  return (
    <section aria-label={t.next}>
      <h3 className={style.runsTitle}>{t.next}</h3>
      <ol className={style.runList}>
        {preview.runs.map((run) => (
          <li key={run.local}>
            {format.dateTime(run.at)}
            {run.kind === 'gap' || run.kind === 'overlap' ? <span className="secondary"> · {t[run.kind]}</span> : null}
          </li>
        ))}
      </ol>
      <p className="secondary">{t.newEach}</p>
    </section>
  )
}
