import { NumberInput, SegmentedControl } from '@mantine/core'
import { useBusiness } from '../../../frame/viewer.ts'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import { useNow } from '../../../lib/use-now.ts'
import type { Places } from '../new-page.tsx'
import { zoneName } from '../zoned.ts'
import type { StepProps } from './builder.tsx'
import style from './create.module.css'
import { conversionDaysMax, scheduledAt, timeProblem } from './form.ts'
import { createText } from './text.ts'
import { WallInput } from './wall-input.tsx'

/** When: now, or at a time of the business's clock; and for how long orders count. */
export function When(props: StepProps & { places: Places }) {
  const t = useText(createText)
  const format = useFormat()
  const { timeZone } = useBusiness()
  const now = useNow(30_000)
  const { form, change, places } = props
  const at = scheduledAt(form, timeZone)
  const problem = timeProblem(form, timeZone, now)
  const channel = places.accounts.find((each) => each.id === form.accountId)?.channel
  return (
    <div className={style.fields}>
      <div className={style.when}>
        <SegmentedControl
          aria-label={t.when}
          size="sm"
          value={form.when}
          onChange={(value) => change({ when: value === 'now' ? 'now' : 'at' })}
          data={[
            { value: 'at', label: t.at },
            { value: 'now', label: t.now },
          ]}
        />
        {form.when === 'now' ? null : (
          <>
            <WallInput value={form.at} onChange={(value) => change({ at: value })} />
            <p className="secondary">
              {t.zone(zoneName(timeZone))}{' '}
              {at !== null && problem === null
                ? `${format.dateTime(at.at.toISOString())}, ${format.relative(at.at.toISOString(), now)}.`
                : null}
            </p>
            {at === null || at.exact ? null : (
              <p className={style.warn}>{t.skipped(format.time(at.at.toISOString()))}</p>
            )}
          </>
        )}
        {problem === null ? null : <p className={style.warn}>{t[problem]}</p>}
        {channel === 'MESSENGER' ? <p className="secondary">{t.windowHint}</p> : null}
      </div>
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
