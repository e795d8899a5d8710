import { Link } from '@tanstack/react-router'
import { useAsk } from '../../api/hooks.ts'
import { useFilter, useOpenRows, usePeriod } from '../../frame/use-frame.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import { PromisesDocument, type PromisesQuery } from '../../generated/graphql.ts'
import { useCommon, useFormat, useLanguage, useText } from '../../i18n/use-text.ts'
import { bareId } from '../../lib/ids.ts'
import { Definition } from '../../ui/metric/definition.tsx'
import { RowsButton } from '../../ui/rows/rows-button.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import style from './places.module.css'
import { placesText } from './places-text.ts'

const dueMax = 6
const refreshEveryMs = 30_000
const parts = ['kept', 'breached', 'running', 'left', 'free'] as const

type Answer = PromisesQuery['business']

/** What the business promises and how it keeps it, who is due next, and Meta's badge with what regains it. */
export function Promises() {
  const business = useBusiness()
  const period = usePeriod()
  const filter = useFilter()
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const asked = useAsk(
    PromisesDocument,
    { business: business.id, period: period.input, filter, first: dueMax, locale },
    { refetchIntervalMs: refreshEveryMs },
  )
  const answer = asked.data?.business
  if (answer === undefined) {
    return asked.isError ? (
      <ErrorState error={asked.error} onRetry={() => void asked.refetch()} compact />
    ) : (
      <ListSkeleton rows={8} height={28} />
    )
  }
  return (
    <div className={style.side}>
      <Kept target={answer.targetKept} />
      {answer.targetKept.current === null ? null : <Due waits={answer.dueWaits} />}
      <Badges badges={answer.metaBadges} />
    </div>
  )
}

function Kept(props: { target: Answer['targetKept'] }) {
  const t = useText(placesText)
  const format = useFormat()
  const openRows = useOpenRows()
  const period = usePeriod()
  const filter = useFilter()
  const mayWrite = useCan('settings.write')
  const { target } = props
  const shown = parts.filter((part) => target[part] > 0)
  const promised = target.current !== null || target.kept + target.breached > 0
  return (
    <section className={style.panel} aria-label={t.promise}>
      <h2>{t.promise}</h2>
      <p>{target.sentence}</p>
      {promised && target.share !== null && target.low !== null && target.high !== null ? (
        <p className={style.rate}>
          <strong>{format.percent(target.share)}</strong>{' '}
          <span>{t.interval(format.percent(target.low), format.percent(target.high))}</span>
        </p>
      ) : null}
      {promised ? (
        <ul className={style.parts}>
          {shown.map((part) => (
            <li key={part} data-part={part}>
              <RowsButton
                about={t.partTitle(t.parts[part])}
                onOpen={() =>
                  openRows({
                    metric: 'waits_target',
                    stage: part,
                    title: t.partTitle(t.parts[part]),
                    ...period.input,
                    ...(filter === null ? {} : { filter }),
                  })
                }
              >
                {`${format.number(target[part])} ${t.parts[part]}`}
              </RowsButton>
            </li>
          ))}
        </ul>
      ) : null}
      {mayWrite ? (
        <Link to="/settings/$section" params={{ section: 'hours' }} className={style.more}>
          {target.current === null ? t.promiseSet : t.promiseChange}
        </Link>
      ) : null}
    </section>
  )
}

function Due(props: { waits: Answer['dueWaits'] }) {
  const t = useText(placesText)
  const c = useCommon()
  const format = useFormat()
  return (
    <section className={style.panel} aria-label={t.due}>
      <h2>{t.due}</h2>
      {props.waits.length === 0 ? <p>{t.dueNobody}</p> : null}
      <ul className={style.due}>
        {props.waits.map((wait) => {
          const said = format.duration(Math.abs(wait.leftSeconds))
          return (
            <li key={`${wait.conversation.id}${wait.dueAt}`}>
              <Link to="/conversations/$id" params={{ id: bareId(wait.conversation.id) }}>
                <span className={style.who}>{wait.contact.name || c.rows.unnamed}</span>
                <span className={style.clock} data-late={wait.breached} title={format.dateTime(wait.dueAt)}>
                  {wait.breached ? t.overdue(said) : t.left(said)}
                </span>
              </Link>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Badges(props: { badges: Answer['metaBadges'] }) {
  const t = useText(placesText)
  const format = useFormat()
  const openRows = useOpenRows()
  return (
    <section className={style.panel} aria-label={t.badge}>
      <h2>
        {t.badge} <Definition name={t.badge} sentence={t.badgeDefinition} />
      </h2>
      {props.badges.length === 0 ? <p>{t.badgeNone}</p> : null}
      {props.badges.map((badge) => {
        const name = badge.account?.name ?? t.unknown
        return (
          <div key={badge.account?.id ?? name} className={style.badge}>
            <h3>
              {name}{' '}
              <span className={style.state} data-held={badge.held}>
                {badge.held ? t.held : t.notHeld}
              </span>
            </h3>
            <p>{badge.sentence}</p>
            <p className={style.fine}>
              <RowsButton
                about={`${t.badge}, ${name}`}
                onOpen={() =>
                  openRows({
                    metric: 'waits',
                    title: `${t.badge}, ${name}`,
                    from: badge.from,
                    to: badge.to,
                    kind: 'FIRST',
                    responder: 'HUMAN',
                    filter: { accountId: badge.account?.id ?? '' },
                  })
                }
              >
                {t.badgeOf(format.number(badge.answered), format.number(badge.messages))}
              </RowsButton>
              {'. '}
              {badge.median === null ? t.badgeOursNone : t.badgeOurs(format.duration(badge.median))}
            </p>
          </div>
        )
      })}
    </section>
  )
}
