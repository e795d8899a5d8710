import { TextInput } from '@mantine/core'
import { useBusiness } from '../../../frame/viewer.ts'
import { useText } from '../../../i18n/use-text.ts'
import { todayIn } from '../../../lib/days.ts'
import style from './create.module.css'
import type { Wall } from './form.ts'
import { createText } from './text.ts'

/** A day and a time on the business's clock. */
export function WallInput(props: { value: Wall; onChange: (value: Wall) => void; error?: string | null }) {
  const t = useText(createText)
  const { timeZone } = useBusiness()
  const { value } = props
  return (
    <div className={style.wall}>
      <TextInput
        type="date"
        label={t.day}
        value={value.day}
        min={todayIn(timeZone)}
        error={props.error}
        onChange={(event) => props.onChange({ ...value, day: event.currentTarget.value })}
      />
      <TextInput
        type="time"
        label={t.time}
        value={value.time}
        onChange={(event) => props.onChange({ ...value, time: event.currentTarget.value })}
      />
    </div>
  )
}
