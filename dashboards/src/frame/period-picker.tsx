import { Button, Popover, TextInput, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useCommon, useFormat } from '../i18n/use-text.ts'
import { daysBetween, isDay, todayIn } from '../lib/days.ts'
import { Icon } from '../ui/icons.tsx'
import style from './frame.module.css'
import { periodDaysMax } from './search.ts'
import { useFrameSearch, usePeriod } from './use-frame.ts'
import { useBusiness } from './viewer.ts'

/** Which days are looked at, and against which. */
export function PeriodPicker() {
  const t = useCommon()
  const format = useFormat()
  const period = usePeriod()
  const [opened, setOpened] = useState(false)
  const said = period.preset === null ? format.range(period.from, period.to) : t.frame.last(period.preset)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton
          className={style.control}
          onClick={() => setOpened(!opened)}
          aria-label={`${t.frame.period}: ${said}`}
        >
          <Icon name="calendar" size={18} />
          <span>{said}</span>
          <Icon name="chevron" size={16} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <PeriodChoices onDone={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}

function PeriodChoices(props: { onDone: () => void }) {
  const t = useCommon()
  const period = usePeriod()
  const [search, setSearch] = useFrameSearch()
  const compare = search.compare ?? 'previous'
  return (
    <div className={style.panel}>
      <section>
        <h2>{t.frame.period}</h2>
        <div className={style.choices}>
          {([7, 28, 90] as const).map((days) => (
            <Choice
              key={days}
              label={t.frame.last(days)}
              chosen={period.preset === days}
              onChoose={() => {
                setSearch({ days: days === 28 ? undefined : days, from: undefined, to: undefined })
                props.onDone()
              }}
            />
          ))}
        </div>
      </section>
      <CustomDates key={`${period.from}${period.to}`} onDone={props.onDone} />
      <section>
        <h2>{t.frame.compare}</h2>
        <div className={style.choices}>
          <Choice
            label={t.frame.comparePrevious}
            chosen={compare === 'previous'}
            onChoose={() => setSearch({ compare: undefined })}
          />
          <Choice
            label={t.frame.compareYear}
            chosen={compare === 'year'}
            onChoose={() => setSearch({ compare: 'year' })}
          />
          <Choice
            label={t.frame.compareNone}
            chosen={compare === 'none'}
            onChoose={() => setSearch({ compare: 'none' })}
          />
        </div>
      </section>
    </div>
  )
}

function CustomDates(props: { onDone: () => void }) {
  const t = useCommon()
  const period = usePeriod()
  const [, setSearch] = useFrameSearch()
  const today = todayIn(useBusiness().timeZone)
  const [from, setFrom] = useState(period.from)
  const [to, setTo] = useState(period.to)
  const days = isDay(from) && isDay(to) ? daysBetween(from, to) + 1 : 0
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setSearch({ from, to, days: undefined })
        props.onDone()
      }}
    >
      <h2>{t.frame.custom}</h2>
      <div className={style.dates}>
        <TextInput
          type="date"
          label={t.frame.from}
          value={from}
          max={to}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t.frame.to}
          value={to}
          min={from}
          max={today}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      </div>
      <Button type="submit" variant="light" fullWidth mt="xs" disabled={days < 1 || days > periodDaysMax}>
        {t.frame.apply}
      </Button>
    </form>
  )
}

export function Choice(props: { label: string; chosen: boolean; onChoose: () => void }) {
  return (
    <button type="button" className={style.choice} aria-pressed={props.chosen} onClick={props.onChoose}>
      {props.label}
      {props.chosen ? <Icon name="check" size={16} /> : null}
    </button>
  )
}
