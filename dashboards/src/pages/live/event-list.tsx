import type { LiveRowFragment } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
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
  return (
    <ul className={style.events} aria-label={t.events}>
      {props.events.map((event) => (
        <li key={event.id}>
          <button
            type="button"
            className={style.event}
            aria-pressed={event.id === props.chosen}
            onClick={() => props.onChoose(event)}
          >
            <time dateTime={event.at} className={style.time}>
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

/** What an event is called; kinds that this version does not know keep their own name. */
export function useKind(): (event: Pick<LiveRowFragment, 'kind' | 'name'>) => string {
  const kinds: Record<string, string> = useText(liveText).kinds
  return (event) => (event.kind === 'custom' && event.name !== '' ? event.name : (kinds[event.kind] ?? event.kind))
}

function toneOf(event: LiveRowFragment): string {
  if (event.kind === 'unknown') return 'warm'
  if (event.kind === 'message.received') return 'strong'
  if (event.kind.startsWith('order') || event.kind.startsWith('consent')) return 'primary'
  return 'plain'
}
