import { usePageSearch } from '../../../frame/use-frame.ts'
import type { SendStatus } from '../../../generated/graphql.ts'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import { Section } from '../../../ui/page-header.tsx'
import style from '../campaigns.module.css'
import type { Funnel } from '../report-page.tsx'
import { useReasonWords } from '../use-reason.ts'
import { readReportSearch } from './search.ts'
import { sendsId } from './sends.tsx'
import { reportText } from './text.ts'

/** Why people did not get it, largest first; each opens its people in the list below. */
export function Reasons(props: { funnel: Funnel }) {
  const t = useText(reportText)
  const format = useFormat()
  const words = useReasonWords()
  const [, setSearch] = usePageSearch(readReportSearch)
  const { excluded, withdrawn, failed } = props.funnel
  const rows = [
    ...excluded.map((each) => ({ ...each, status: 'EXCLUDED' as SendStatus, note: t.beforeSending })),
    ...withdrawn.map((each) => ({ ...each, status: 'WITHDRAWN' as SendStatus, note: t.atSending })),
    ...failed.map((each) => ({ ...each, status: 'REJECTED' as SendStatus, note: t.refused })),
  ]
  const most = Math.max(1, ...rows.map((row) => row.count))
  const open = (status: SendStatus, reason: string) => {
    setSearch({ status, reason, q: undefined })
    document.getElementById(sendsId)?.scrollIntoView({ block: 'start' })
  }
  return (
    <Section title={t.why}>
      {rows.length === 0 ? <p className="secondary">{t.whyNone}</p> : null}
      <ul className={style.reasons}>
        {rows.map((row) => (
          <li key={`${row.status}${row.reason}`}>
            <button type="button" onClick={() => open(row.status, row.reason)}>
              <span>
                {words(row)} <span className="secondary">{row.note}</span>
              </span>
              <span className={style.reasonBar} aria-hidden="true">
                <i style={{ width: `${(100 * row.count) / most}%` }} />
              </span>
              <strong>{format.number(row.count)}</strong>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
