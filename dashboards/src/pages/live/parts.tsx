import { Link } from '@tanstack/react-router'
import { useCan } from '../../frame/viewer.ts'
import { useFormat, useText } from '../../i18n/use-text.ts'
import { intakeText } from './intake-text.ts'
import style from './live.module.css'

export const parts = ['live', 'rejects', 'failed', 'parked'] as const
export type Part = (typeof parts)[number]

/** What one looks at: events as they come, what was not taken in, what failed, and for operators what waits for an account. */
export function PartTabs(props: { failedOpen: number | undefined }) {
  const t = useText(intakeText)
  const format = useFormat()
  const mayConnect = useCan('account.write')
  const offered = parts.filter((part) => part !== 'parked' || mayConnect)
  const name = (part: Part) => (
    <>
      {t.part[part]}
      {part === 'failed' && props.failedOpen ? (
        <span className={style.badge}>{format.number(props.failedOpen)}</span>
      ) : null}
    </>
  )
  return (
    <nav aria-label={t.parts} className={style.parts}>
      <ul>
        {offered.map((part) => (
          <li key={part}>
            {part === 'live' ? (
              // Exactly: the other parts lie beneath its address, and would mark it as the current page too.
              <Link to="/live" activeOptions={{ exact: true }}>
                {name(part)}
              </Link>
            ) : (
              <Link to="/live/$part" params={{ part }}>
                {name(part)}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </nav>
  )
}
