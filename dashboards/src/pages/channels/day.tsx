import { useFormat, useText } from '../../i18n/use-text.ts'
import { useNow } from '../../lib/use-now.ts'
import { ChartFrame } from '../../ui/chart/chart-frame.tsx'
import { Section } from '../../ui/page-header.tsx'
import type { Column } from '../../ui/table/data-table.tsx'
import type { Account } from './account.ts'
import style from './channels.module.css'
import { HourBars } from './hour-bars.tsx'
import { type Hour, lastHours, outcomes, reasonsOf, totalOf } from './hours.ts'
import { outcomeText } from './outcome-text.ts'
import { ReasonList } from './reason-list.tsx'
import { channelsText } from './text.ts'

/** What became of everything that came within 24 hours: bars by hour, the same as a table, and why some was left out. */
export function Day(props: { account: Account }) {
  const t = useText(channelsText).chart
  const o = useText(outcomeText)
  const format = useFormat()
  const hours = lastHours(props.account.counters, useNow(60_000))
  const accepted = totalOf(hours, 'accepted')
  const others = totalOf(hours, 'dropped', 'failed', 'refused')
  const columns: Column<Hour>[] = [
    { key: 'hour', header: t.hour, cell: (hour) => format.dateTime(hour.hour), csv: (hour) => hour.hour },
    ...outcomes.map(
      (outcome): Column<Hour> => ({
        key: outcome,
        header: o.outcomes[outcome],
        cell: (hour) => format.number(hour[outcome]),
        csv: (hour) => hour[outcome],
        align: 'end',
      }),
    ),
  ]
  const shown = outcomes.filter((outcome) => outcome === 'accepted' || totalOf(hours, outcome) > 0)
  return (
    <ChartFrame
      title={accepted + others === 0 ? t.nothing : t.title(accepted, format.number(accepted))}
      summary={accepted + others === 0 ? t.quiet : others === 0 ? t.all : t.some(others, format.number(others))}
      table={{ columns, rows: hours.toReversed(), rowKey: (hour) => hour.hour }}
      fileName="channel-day"
      withoutPng
      legend={
        <ul className={style.legend}>
          {shown.map((outcome) => (
            <li key={outcome} title={o.meaning[outcome]}>
              <span className={style.swatch} data-outcome={outcome} aria-hidden="true" />
              {o.outcomes[outcome]}
            </li>
          ))}
        </ul>
      }
    >
      <HourBars hours={hours} />
    </ChartFrame>
  )
}

/** Why something was not taken in, and what to do about it. Not there while there is nothing to say. */
export function Reasons(props: { account: Account }) {
  const t = useText(channelsText).reasons
  const rows = reasonsOf(props.account.counters)
  if (rows.length === 0) return null
  return (
    <Section title={t.title}>
      <ReasonList label={t.title} rows={rows.map((row) => ({ ...row, account: props.account }))} />
    </Section>
  )
}
