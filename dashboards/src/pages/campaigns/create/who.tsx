import { Checkbox, NumberInput, Select, Slider, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useCommon, useFormat, useText } from '../../../i18n/use-text.ts'
import type { Places } from '../new-page.tsx'
import type { StepProps } from './builder.tsx'
import style from './create.module.css'
import { holdoutPercentMax, type Rules } from './form.ts'
import { createText } from './text.ts'

const daysMax = 3650
const ordersMax = 1000

/** Who: an account, a topic people opted in to, and rules as sentences. */
export function Who(props: StepProps & { places: Places }) {
  const t = useText(createText)
  const { form, change } = props
  return (
    <div className={style.fields}>
      <TextInput
        label={t.name}
        description={t.nameHint}
        maxLength={120}
        value={form.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <Place {...props} />
      <fieldset className={style.rules}>
        <legend>{t.rules}</legend>
        <RuleLines rules={form.rules} onChange={(rules) => change({ rules })} />
        <p className="secondary">{t.rulesHint}</p>
      </fieldset>
      <Holdout {...props} />
    </div>
  )
}

function Place(props: StepProps & { places: Places }) {
  const t = useText(createText)
  const c = useCommon()
  const format = useFormat()
  const { form, change, places } = props
  const account = places.accounts.find((each) => each.id === form.accountId)
  const topicsOf = (channel: string | undefined) => places.topics.filter((topic) => topic.channel === channel)
  const topics = topicsOf(account?.channel)
  return (
    <div className={style.pair}>
      <Select
        label={t.account}
        value={form.accountId === '' ? null : form.accountId}
        data={places.accounts.map((each) => ({ value: each.id, label: `${each.name} · ${c.channels[each.channel]}` }))}
        onChange={(accountId) => {
          const channel = places.accounts.find((each) => each.id === accountId)?.channel
          const largest = topicsOf(channel).toSorted((a, b) => b.optedIn - a.optedIn)[0]
          const kept = topicsOf(channel).some((topic) => topic.topic === form.topic)
          change({ accountId: accountId ?? '', topic: kept ? form.topic : (largest?.topic ?? '') })
        }}
      />
      {topics.length === 0 ? (
        <p className={style.noTopic}>
          {t.noTopic}{' '}
          <Link to="/settings/$section" params={{ section: 'opt-ins' }}>
            {t.noTopicAction}
          </Link>
        </p>
      ) : (
        <Select
          label={t.topic}
          value={form.topic === '' ? null : form.topic}
          data={topics.map((each) => ({
            value: each.topic,
            label: t.topicOption(each.topic, format.number(each.optedIn)),
          }))}
          onChange={(topic) => change({ topic: topic ?? '' })}
        />
      )}
    </div>
  )
}

function RuleLines(props: { rules: Rules; onChange: (rules: Rules) => void }) {
  const t = useText(createText)
  const { rules, onChange } = props
  const days = (key: 'wroteWithinDays' | 'orderedWithinDays' | 'notOrderedWithinDays', usual: number) => (
    <Amount
      label={t.days}
      value={rules[key] ?? usual}
      max={daysMax}
      disabled={rules[key] === null}
      onChange={(value) => onChange({ ...rules, [key]: value })}
    />
  )
  const tick = (key: 'wroteWithinDays' | 'orderedWithinDays' | 'notOrderedWithinDays', usual: number) => ({
    checked: rules[key] !== null,
    onToggle: () => onChange({ ...rules, [key]: rules[key] === null ? usual : null }),
  })
  return (
    <>
      <Rule {...tick('wroteWithinDays', 90)} label={t.wrote.join(' … ')}>
        {t.wrote[0]} {days('wroteWithinDays', 90)} {t.wrote[1]}
      </Rule>
      <Rule {...tick('orderedWithinDays', 180)} label={t.ordered.join(' … ')}>
        {t.ordered[0]}{' '}
        <Amount
          label={t.orders}
          value={rules.minOrders}
          max={ordersMax}
          disabled={rules.orderedWithinDays === null}
          onChange={(minOrders) => onChange({ ...rules, minOrders })}
        />{' '}
        {t.ordered[1]} {days('orderedWithinDays', 180)} {t.ordered[2]}
      </Rule>
      <Rule {...tick('notOrderedWithinDays', 30)} label={t.notOrdered.join(' … ')}>
        {t.notOrdered[0]} {days('notOrderedWithinDays', 30)} {t.notOrdered[1]}
      </Rule>
    </>
  )
}

function Rule(props: { checked: boolean; onToggle: () => void; label: string; children: ReactNode }) {
  return (
    <div className={style.rule} data-on={props.checked}>
      <Checkbox checked={props.checked} onChange={props.onToggle} aria-label={props.label} />
      <p>{props.children}</p>
    </div>
  )
}

function Amount(props: {
  label: string
  value: number
  max: number
  disabled: boolean
  onChange: (value: number) => void
}) {
  return (
    <NumberInput
      className={style.amount}
      size="xs"
      aria-label={props.label}
      value={props.value}
      min={1}
      max={props.max}
      clampBehavior="blur"
      allowDecimal={false}
      allowNegative={false}
      hideControls
      disabled={props.disabled}
      onChange={(value) => {
        const number = Number(value)
        if (Number.isInteger(number) && number >= 1 && number <= props.max) props.onChange(number)
      }}
    />
  )
}

function Holdout(props: StepProps) {
  const t = useText(createText)
  const format = useFormat()
  const { form, change } = props
  return (
    <div className={style.holdout}>
      <p className={style.label} id="holdout">
        {t.holdout} <strong>{format.percent(form.holdoutPercent / 100)}</strong>
      </p>
      <Slider
        aria-labelledby="holdout"
        thumbLabel={t.holdout}
        min={0}
        max={holdoutPercentMax}
        step={1}
        label={(value) => format.percent(value / 100)}
        value={form.holdoutPercent}
        onChange={(holdoutPercent) => change({ holdoutPercent })}
      />
      <p className="secondary">{form.holdoutPercent === 0 ? t.holdoutNone : t.holdoutHint}</p>
    </div>
  )
}
