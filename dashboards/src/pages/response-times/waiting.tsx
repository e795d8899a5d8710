import { Link } from '@tanstack/react-router'
import { useAsk } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { WaitingNowDocument } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { bareId } from '../../lib/ids.ts'
import { useNow } from '../../lib/use-now.ts'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import style from './response-times.module.css'
import { responseText } from './text.ts'

const shownMax = 6
const refreshEveryMs = 10_000
const longSeconds = 3600

/** Who is waiting at this moment, longest first. */
export function Waiting() {
  const t = useText(responseText)
  const c = useCommon()
  const format = useFormat()
  const now = useNow(refreshEveryMs)
  const business = useBusiness()
  const asked = useAsk(
    WaitingNowDocument,
    { business: business.id, first: shownMax },
    { refetchIntervalMs: refreshEveryMs },
  )
  const waiting = asked.data?.business.waitingNow
  return (
    <section className={style.now}>
      <h2>{t.nowTitle}</h2>
      {asked.isPending ? <ListSkeleton rows={6} height={36} /> : null}
      {waiting === undefined && asked.isError ? (
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} compact />
      ) : null}
      {waiting === undefined ? null : (
        <p className="secondary">
          {waiting.total === 0 ? (
            t.nowNobody
          ) : (
            <Link to="/conversations" search={(now) => ({ ...now, waiting: 1 })}>
              {t.nowSum(waiting.total, format.number(waiting.total), format.duration(waiting.longestSeconds ?? 0))}
            </Link>
          )}
        </p>
      )}
      <ul>
        {(waiting?.spells ?? []).map((spell) => {
          const waited = Math.max(0, (now - Date.parse(spell.openedAt)) / 1000)
          return (
            <li key={`${spell.conversation.id}${spell.openedAt}`}>
              <Link to="/conversations/$id" params={{ id: bareId(spell.conversation.id) }}>
                <span className={style.who}>{spell.contact.name || c.rows.unnamed}</span>
                <span className={style.waited} data-long={waited >= longSeconds}>
                  {format.duration(waited)}
                </span>
                <span className={style.words}>
                  {spell.lastText || t.noWords}
                  {spell.burst > 1 ? ` · ${t.times(spell.burst)}` : ''}
                </span>
              </Link>
            </li>
          )
        })}
      </ul>
      {waiting !== undefined && waiting.total > waiting.spells.length ? (
        <Link to="/conversations" search={(now) => ({ ...now, waiting: 1 })} className={style.all}>
          {t.nowAll}
        </Link>
      ) : null}
    </section>
  )
}
