import { Checkbox, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useBusiness } from '../../../frame/viewer.ts'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import { useNow } from '../../../lib/use-now.ts'
import type { Places } from '../new-page.tsx'
import { zoneName } from '../zoned.ts'
import type { StepProps } from './builder.tsx'
import style from './create.module.css'
import { conversionDaysMax, type Form, scheduledAt, timeProblem } from './form.ts'
import { NextRuns, RepeatFields, useSchedulePreview, Weekdays } from './repeat.tsx'
import { createText } from './text.ts'
import { WallInput } from './wall-input.tsx'
import { whenText } from './when-text.ts'

const ways = ['at', 'repeat', 'now'] as const
const misfires = ['ASK', 'SKIP', 'SEND'] as const

/** When: now, at a time, or again and again; in whose time, within which hours; and for how long orders count. */
export function When(props: StepProps & { places: Places }) {
  const t = useText(createText)
  const w = useText(whenText)
  const { form, change, places } = props
  const preview = useSchedulePreview(form)
  const channel = places.accounts.find((each) => each.id === form.accountId)?.channel
  const wayLabels = { at: t.at, repeat: w.repeat, now: t.now }
  return (
    <div className={style.fields}>
      <div className={style.when}>
        <SegmentedControl
          aria-label={t.when}
          size="sm"
          value={form.when}
          onChange={(value) => change({ when: ways.find((way) => way === value) ?? 'at' })}
          data={ways.map((way) => ({ value: way, label: wayLabels[way] }))}
        />
        <Moment {...props} />
        {form.when === 'repeat' ? (
          <>
            <RepeatFields repeat={form.repeat} start={form.at.day} onChange={(repeat) => change({ repeat })} />
            <NextRuns preview={preview} />
          </>
        ) : null}
        {form.when === 'now' ? null : (
          <Checkbox
            label={w.ownTime}
            description={w.ownTimeHint(String(preview?.schedulePreview.zones ?? 1))}
            checked={form.ownTime}
            onChange={() => change({ ownTime: !form.ownTime })}
          />
        )}
        {channel === 'MESSENGER' ? <p className="secondary">{t.windowHint}</p> : null}
      </div>
      <SendingHours form={form} change={change} preview={preview} />
      {form.when === 'now' ? null : (
        <Select
          className={style.conversion}
          label={w.misfire}
          allowDeselect={false}
          data={misfires.map((misfire) => ({ value: misfire, label: w.misfires[misfire] }))}
          value={form.misfire}
          onChange={(value) => change({ misfire: misfires.find((misfire) => misfire === value) ?? 'ASK' })}
        />
      )}
      <NumberInput
        className={style.conversion}
        label={t.conversion}
        description={t.conversionHint}
        value={form.conversionDays}
        min={1}
        max={conversionDaysMax}
        allowDecimal={false}
        clampBehavior="blur"
        onChange={(value) => {
          const days = Number(value)
          if (Number.isInteger(days) && days >= 1 && days <= conversionDaysMax) change({ conversionDays: days })
        }}
      />
    </div>
  )
}

/** The day and the time, and what is wrong with them. */
function Moment({ form, change }: StepProps) {
  const t = useText(createText)
  const format = useFormat()
  const { timeZone } = useBusiness()
  const now = useNow(30_000)
  const at = scheduledAt(form, timeZone)
  const problem = timeProblem(form, timeZone, now)
  const isMoment = form.when === 'at' && at !== null && problem === null
  return (
    <>
      {form.when === 'now' ? null : (
        <>
          <WallInput value={form.at} onChange={(value) => change({ at: value })} />
          <p className="secondary">
            {t.zone(zoneName(timeZone))}{' '}
            {isMoment ? `${format.dateTime(at.at.toISOString())}, ${format.relative(at.at.toISOString(), now)}.` : null}
          </p>
          {form.when === 'repeat' || at === null || at.exact ? null : (
            <p className={style.warn}>{t.skipped(format.time(at.at.toISOString()))}</p>
          )}
        </>
      )}
      {problem === null ? null : <p className={style.warn}>{t[problem]}</p>}
    </>
  )
}

/** Hours of this campaign, beside those and the cap of the whole business. */
function SendingHours(props: {
  form: Form
  change: StepProps['change']
  preview: ReturnType<typeof useSchedulePreview>
}) {
  const w = useText(whenText)
  const { window } = props.form
  const set = (patch: Partial<NonNullable<Form['window']>>) =>
    props.change({ window: { from: '09:00', to: '18:00', weekdays: [1, 2, 3, 4, 5], ...window, ...patch } })
  const { quietHours, frequencyCap } = props.preview?.sendingPolicy ?? { quietHours: null, frequencyCap: null }
  return (
    <div className={style.when}>
      <Checkbox
        label={w.window}
        description={w.windowHint}
        checked={window !== null}
        onChange={() => (window === null ? set({}) : props.change({ window: null }))}
      />
      {window === null ? null : (
        <>
          <div className={style.wall}>
            <TextInput
              type="time"
              label={w.from}
              value={window.from}
              onChange={(event) => set({ from: event.currentTarget.value })}
            />
            <TextInput
              type="time"
              label={w.to}
              value={window.to}
              onChange={(event) => set({ to: event.currentTarget.value })}
            />
          </div>
          <Weekdays label={w.onDays} value={window.weekdays} onChange={(weekdays) => set({ weekdays })} />
        </>
      )}
      {props.preview === undefined ? null : (
        <p className="secondary">
          {quietHours === null ? null : `${w.quiet(quietHours.from, quietHours.to)} `}
          {frequencyCap === null ? null : `${w.cap(frequencyCap.messages, frequencyCap.days)} `}
          {quietHours === null && frequencyCap === null ? `${w.noPolicy} ` : null}
          <Link to="/settings/$section" params={{ section: 'offers' }}>
            {w.policyLink}
          </Link>
        </p>
      )}
    </div>
  )
}
