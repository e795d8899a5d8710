import { ActionIcon, Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useAsk, useTell } from '../../api/hooks.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import { SetBusinessHoursDocument, SettingsDocument, type SettingsQuery } from '../../generated/graphql.ts'
import { useFormat, useText } from '../../i18n/use-text.ts'
import { isDay, todayIn } from '../../lib/days.ts'
import { Icon } from '../../ui/icons.tsx'
import { ErrorState, useErrorSentence } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import { useToast } from '../../ui/toast.tsx'
import {
  isWeek,
  nextSpan,
  readWeek,
  type Span,
  spansPerDayMax,
  summarise,
  type Week,
  weekdays,
  writeWeek,
} from './hours-model.ts'
import { Part } from './part.tsx'
import style from './settings.module.css'
import { ResponseTarget } from './target.tsx'
import { settingsText } from './text.ts'

type Version = SettingsQuery['business']['businessHours'][number]

/** Opening hours with split shifts; every change is a new version with the day from which it counts. */
export function Hours() {
  const business = useBusiness()
  const asked = useAsk(SettingsDocument, { business: business.id })
  if (asked.isPending) return <ListSkeleton rows={8} />
  if (asked.data === undefined) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
  const versions = asked.data.business.businessHours.toSorted((a, b) => b.validFrom.localeCompare(a.validFrom))
  return (
    <>
      <Editor key={versions.map((each) => each.validFrom).join()} versions={versions} />
      <ResponseTarget />
    </>
  )
}

function Editor(props: { versions: Version[] }) {
  const t = useText(settingsText)
  const mayWrite = useCan('settings.write')
  const today = todayIn(useBusiness().timeZone)
  const current = props.versions.find((each) => each.validFrom <= today) ?? props.versions[0]
  const [week, setWeek] = useState<Week>(() => readWeek(current?.weekly))
  const [holidays, setHolidays] = useState<string[]>(() => [...(current?.holidays ?? [])])
  const [validFrom, setValidFrom] = useState(today)
  const save = useSaveHours()
  const fine = isWeek(week) && isDay(validFrom)
  return (
    <Part title={t.hours} note={mayWrite ? t.open.note : t.readOnly}>
      {current === undefined ? <p className="secondary">{t.open.never}</p> : null}
      <fieldset disabled={!mayWrite} className={style.plain}>
        <WeekEditor week={week} onChange={setWeek} />
        <Holidays days={holidays} onChange={setHolidays} />
        {mayWrite ? (
          <div className={style.saveRow}>
            <TextInput
              type="date"
              label={t.open.validFrom}
              value={validFrom}
              onChange={(event) => setValidFrom(event.currentTarget.value)}
            />
            <Button
              disabled={!fine}
              loading={save.busy}
              onClick={() => void save.run({ validFrom, weekly: writeWeek(week), holidays })}
            >
              {t.open.save}
            </Button>
          </div>
        ) : null}
        {fine ? null : (
          <p role="alert" className={style.wrong}>
            {t.open.wrong}
          </p>
        )}
      </fieldset>
      <Versions versions={props.versions} current={current} onUse={(week) => setWeek(week)} mayWrite={mayWrite} />
    </Part>
  )
}

function WeekEditor(props: { week: Week; onChange: (week: Week) => void }) {
  const t = useText(settingsText)
  const format = useFormat()
  const { week, onChange } = props
  return (
    <>
      <ul className={style.week}>
        {weekdays.map((day, index) => (
          <li key={day}>
            <span className={style.day}>{format.weekday(index + 1)}</span>
            <Spans
              name={format.weekday(index + 1)}
              spans={week[day]}
              onChange={(spans) => onChange({ ...week, [day]: spans })}
            />
          </li>
        ))}
      </ul>
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => onChange({ ...week, tue: week.mon, wed: week.mon, thu: week.mon, fri: week.mon })}
      >
        {t.open.copy}
      </Button>
    </>
  )
}

function Spans(props: { name: string; spans: Span[]; onChange: (spans: Span[]) => void }) {
  const t = useText(settingsText)
  const { name, spans, onChange } = props
  const replace = (index: number, span: Span) => onChange(spans.map((each, at) => (at === index ? span : each)))
  return (
    <div className={style.spans}>
      {spans.length === 0 ? <span className="secondary">{t.open.closed}</span> : null}
      {spans.map(([from, to], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: hours of a day have no other identity than their order
        <span key={index} className={style.span}>
          <TextInput
            type="time"
            aria-label={t.open.opens(name)}
            value={from}
            onChange={(event) => replace(index, [event.currentTarget.value, to])}
          />
          –
          <TextInput
            type="time"
            aria-label={t.open.closes(name)}
            // A time field ends at 23:59; midnight at the end of the day is written 24:00.
            value={to === '24:00' ? '00:00' : to}
            onChange={(event) =>
              replace(index, [from, event.currentTarget.value === '00:00' ? '24:00' : event.currentTarget.value])
            }
          />
          <ActionIcon aria-label={t.open.remove(name)} onClick={() => onChange(spans.filter((_, at) => at !== index))}>
            <Icon name="close" size={16} />
          </ActionIcon>
        </span>
      ))}
      {spans.length >= spansPerDayMax ? null : (
        <ActionIcon
          aria-label={t.open.add(name)}
          title={t.open.addShort}
          onClick={() => onChange([...spans, nextSpan(spans)])}
        >
          <Icon name="plus" size={16} />
        </ActionIcon>
      )}
    </div>
  )
}

function Holidays(props: { days: string[]; onChange: (days: string[]) => void }) {
  const t = useText(settingsText)
  const format = useFormat()
  const [adding, setAdding] = useState('')
  return (
    <div className={style.holidays}>
      <h3>{t.open.holidays}</h3>
      <ul>
        {props.days.map((day) => (
          <li key={day} className={style.tag}>
            {format.dayLong(day)}
            <ActionIcon
              size="sm"
              aria-label={t.open.holidayRemove(format.dayLong(day))}
              onClick={() => props.onChange(props.days.filter((each) => each !== day))}
            >
              <Icon name="close" size={14} />
            </ActionIcon>
          </li>
        ))}
        <li className={style.addDay}>
          <TextInput
            type="date"
            aria-label={t.open.holidayAdd}
            value={adding}
            onChange={(event) => setAdding(event.currentTarget.value)}
          />
          <Button
            variant="default"
            disabled={!isDay(adding) || props.days.includes(adding)}
            onClick={() => {
              props.onChange([...props.days, adding].sort())
              setAdding('')
            }}
          >
            {t.open.holidayAdd}
          </Button>
        </li>
      </ul>
    </div>
  )
}

function Versions(props: {
  versions: Version[]
  current: Version | undefined
  mayWrite: boolean
  onUse: (week: Week) => void
}) {
  const t = useText(settingsText)
  const format = useFormat()
  if (props.versions.length === 0) return null
  return (
    <div className={style.versions}>
      <h3>{t.open.history}</h3>
      <ul>
        {props.versions.map((version) => (
          <li key={version.validFrom}>
            <span>
              <strong>{t.open.historyRow(format.dayLong(version.validFrom))}</strong>
              {version === props.current ? ` · ${t.open.now}` : ''}
              <span className="secondary"> {summarise(readWeek(version.weekly), format.weekday)}</span>
            </span>
            {props.mayWrite ? (
              <Button variant="subtle" size="compact-sm" onClick={() => props.onUse(readWeek(version.weekly))}>
                {t.open.edit}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  )
}

function useSaveHours() {
  const t = useText(settingsText)
  const toast = useToast()
  const say = useErrorSentence()
  const businessId = useBusiness().id
  const tell = useTell(SetBusinessHoursDocument)
  const run = async (input: { validFrom: string; weekly: unknown; holidays: string[] }) => {
    try {
      await tell.mutateAsync({ input: { businessId, ...input } })
      toast({ text: t.saved })
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
    }
  }
  return { run, busy: tell.isPending }
}
