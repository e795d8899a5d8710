import type { LiveRowFragment } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { todayIn } from '../../lib/days.ts'
import { useNow } from '../../lib/use-now.ts'
import style from './live.module.css'
import { liveText } from './text.ts'

/** One line per event. A new one slides in once; with reduced motion it is simply there. */
export function EventList(props: {
  events: readonly LiveRowFragment[]
  chosen: string | null
  onChoose: (event: LiveRowFragment) => void
}) {
  const t = useText(liveText)
  const c = useCommon()
  const format = useFormat()
  const kindOf = useKind()
  // Midnight passes while the page is open.
  const now = useNow(60_000)
  const today = todayIn(format.timeZone, new Date(now))
  const dayOf = (event: LiveRowFragment) => todayIn(format.timeZone, new Date(event.at))
  return (
    <ul className={style.events} aria-label={t.events} data-days={props.events.some((event) => dayOf(event) !== today)}>
      {props.events.map((event) => (
        <li key={event.id}>
          <button
            type="button"
            className={style.event}
            aria-pressed={event.id === props.chosen}
            onClick={() => props.onChoose(event)}
          >
            <time dateTime={event.at} className={style.time}>
              {dayOf(event) === today ? '' : `${format.day(dayOf(event))}, `}
              {format.timeWithSeconds(event.at)}
            </time>
            <span className={style.kind} data-kind={toneOf(event)}>
              {kindOf(event)}
            </span>
            <span className={style.who}>{event.contact === null ? '' : event.contact.name || c.rows.unnamed}</span>
            <span className={style.said}>{event.text}</span>
            <span className={style.where}>{event.account?.name ?? c.channels[event.channel]}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** What an event is called; kinds and names of a tenant's own that this version does not know stay as they came. */
export function useKind(): (event: Pick<LiveRowFragment, 'kind' | 'name'>) => string {
  const t = useText(liveText)
  const kinds: Record<string, string> = t.kinds
  const names: Record<string, string> = t.names
  return ({ kind, name }) => (kind === 'custom' && name !== '' ? (names[name] ?? name) : (kinds[kind] ?? kind))
}

function toneOf(event: LiveRowFragment): string {
  if (event.kind === 'unknown') return 'warm'
  if (event.kind === 'message.received') return 'strong'
  if (event.kind.startsWith('order') || event.kind.startsWith('consent')) return 'primary'
  return 'plain'
}
