import { ActionIcon, Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import type { LiveRowFragment } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useKind } from './event-list.tsx'
import style from './live.module.css'
import { pretty } from './pretty.ts'
import { liveText } from './text.ts'

/** One event: what it became, and the bytes it came as. Beside the list, on small screens above it. */
export function Inspector(props: { event: LiveRowFragment | null; onClose: () => void }) {
  const t = useText(liveText)
  const c = useCommon()
  const narrow = useMediaQuery('(max-width: 1100px)') ?? false
  if (narrow) {
    return (
      <Drawer
        opened={props.event !== null}
        onClose={props.onClose}
        title={t.inspect}
        position="bottom"
        size="75%"
        closeButtonProps={{ 'aria-label': c.common.close }}
      >
        {props.event === null ? null : <Details event={props.event} />}
      </Drawer>
    )
  }
  if (props.event === null) return null
  return (
    <aside className={style.inspector} aria-label={t.inspect}>
      <ActionIcon className={style.closeInspector} onClick={props.onClose} aria-label={c.common.close}>
        <Icon name="close" size={16} />
      </ActionIcon>
      <Details event={props.event} />
    </aside>
  )
}

function Details(props: { event: LiveRowFragment }) {
  const t = useText(liveText)
  const c = useCommon()
  const format = useFormat()
  const kindOf = useKind()
  const { event } = props
  const roles: Record<string, string> = t.roles
  const name = event.contact === null ? null : event.contact.name || c.rows.unnamed
  const facts: [string, string | null][] = [
    [t.kind, `${kindOf(event)} (${event.kind})`],
    [t.role, roles[event.role] ?? event.role],
    [t.name, event.name === '' ? null : event.name],
    [t.person, name],
    [t.channel, c.channels[event.channel]],
    [t.account, event.account?.name ?? null],
    [t.happened, `${format.date(event.at)}, ${format.timeWithSeconds(event.at)}`],
    [t.received, `${format.date(event.receivedAt)}, ${format.timeWithSeconds(event.receivedAt)}`],
    [t.text, event.text === '' ? null : event.text],
  ]
  return (
    <>
      <h2>{t.parsed}</h2>
      <dl className={style.facts}>
        {facts.map(([term, value]) =>
          value === null ? null : (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {name === null ? null : (
        <p className={style.person}>
          <Link to="/conversations" search={(now) => ({ ...now, q: name })}>
            {t.conversation}
          </Link>
        </p>
      )}
      <div className={style.rawHead}>
        <h2>{t.raw}</h2>
        {event.raw === null ? null : <CopyButton value={event.raw} />}
      </div>
      {event.raw === null ? (
        <p className="secondary">{t.rawGone}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <pre className={style.raw} tabIndex={0}>
          {pretty(event.raw)}
        </pre>
      )}
    </>
  )
}
