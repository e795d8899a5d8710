import { Link } from '@tanstack/react-router'
import { useAsk } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { WaitingNowDocument, type WaitingNowQuery } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { bareId } from '../../lib/ids.ts'
import { useNow } from '../../lib/use-now.ts'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import style from './overview.module.css'
import { overviewText } from './text.ts'

type Spell = WaitingNowQuery['business']['waitingNow']['spells'][number]

const shownMax = 5
const refreshEveryMs = 10_000
/** From here on a wait is shown warm: answers within the hour are what people expect of a business. */
const longSeconds = 3600

/** Who is waiting for an answer at this moment, longest first. */
export function Waiting() {
  const t = useText(overviewText)
  const format = useFormat()
  const business = useBusiness()
  const asked = useAsk(
    WaitingNowDocument,
    { business: business.id, first: shownMax },
    { refetchIntervalMs: refreshEveryMs },
  )
  const waiting = asked.data?.business.waitingNow
  return (
    <section>
      <div className={style.blockHead}>
        <h2>{t.waiting}</h2>
        {waiting === undefined || waiting.total === 0 ? null : (
          <p>
            <Link to="/conversations" search={(now) => ({ ...now, waiting: 1 })}>
              {t.waitingSum(waiting.total, format.number(waiting.total), format.duration(waiting.longestSeconds ?? 0))}
            </Link>
          </p>
        )}
      </div>
      {asked.isPending ? <ListSkeleton rows={5} height={40} /> : null}
      {waiting === undefined && asked.isError ? (
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} compact />
      ) : null}
      {waiting?.total === 0 ? <EmptyState title={t.nobodyWaits} text={t.nobodyWaitsText} compact /> : null}
      {waiting === undefined || waiting.total === 0 ? null : (
        <>
          <ul className={style.list}>
            {waiting.spells.map((spell) => (
              <li key={`${spell.conversation.id}${spell.openedAt}`}>
                <WaitingRow spell={spell} />
              </li>
            ))}
          </ul>
          {waiting.total > waiting.spells.length ? (
            <Link to="/conversations" search={(now) => ({ ...now, waiting: 1 })} className={style.all}>
              {t.allWaiting}
            </Link>
          ) : null}
        </>
      )}
    </section>
  )
}

function WaitingRow(props: { spell: Spell }) {
  const t = useText(overviewText)
  const c = useCommon()
  const format = useFormat()
  const now = useNow(10_000)
  const { spell } = props
  const waited = Math.max(0, (now - Date.parse(spell.openedAt)) / 1000)
  return (
    <Link to="/conversations/$id" params={{ id: bareId(spell.conversation.id) }} className={style.row}>
      <span className={style.who}>{spell.contact.name || c.rows.unnamed}</span>
      <span className={style.words}>
        {spell.lastText || t.noWords}
        {spell.burst > 1 ? <span className="secondary"> · {t.messages(spell.burst)}</span> : null}
      </span>
      <span className={style.waited} data-long={waited >= longSeconds}>
        {format.duration(waited)}
      </span>
    </Link>
  )
}
