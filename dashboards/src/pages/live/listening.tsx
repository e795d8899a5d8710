import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useBusiness } from '../../frame/viewer.ts'
import type { LiveRowFragment } from '../../generated/graphql.ts'
import { useFormat, useText } from '../../i18n/use-text.ts'
import { Icon } from '../../ui/icons.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import { EventList } from './event-list.tsx'
import { Inspector } from './inspector.tsx'
import { IntakeLine } from './intake-line.tsx'
import { intakeText } from './intake-text.ts'
import style from './live.module.css'
import { liveText } from './text.ts'
import { useLive } from './use-live.ts'

/** Events as they are stored, and one event looked at closely. */
export function Listening(props: { tabs: ReactNode }) {
  const t = useText(liveText)
  const i = useText(intakeText)
  const format = useFormat()
  const business = useBusiness()
  const { events, status, recent } = useLive(business.id, true)
  const [held, setHeld] = useState<LiveRowFragment[] | null>(null)
  const [chosen, setChosen] = useState<LiveRowFragment | null>(null)
  const shown = held ?? events
  const newest = held?.[0]?.id
  const waiting =
    held === null
      ? 0
      : Math.max(
          0,
          events.findIndex((event) => event.id === newest),
        )
  return (
    <>
      <PageHeader
        title={i.title}
        lead={
          <span className={style.status} data-status={held === null ? status : 'paused'} role="status">
            {held === null ? t[status] : t.paused}
          </span>
        }
        actions={
          <Button
            variant="default"
            leftSection={<Icon name={held === null ? 'pause' : 'play'} size={16} />}
            onClick={() => setHeld(held === null ? events : null)}
          >
            {held === null ? t.pause : waiting > 0 ? t.resumeWith(format.number(waiting)) : t.resume}
          </Button>
        }
      />
      {props.tabs}
      <IntakeLine events={events} />
      {recent.isPending ? <ListSkeleton rows={12} height={28} /> : null}
      {recent.isError ? <ErrorState error={recent.error} onRetry={() => void recent.refetch()} /> : null}
      {recent.isSuccess && events.length === 0 ? (
        <EmptyState title={t.empty} text={t.emptyText} action={<Link to="/channels/connect">{t.connect}</Link>} />
      ) : null}
      {shown.length === 0 ? null : (
        <div className={style.split} data-open={chosen !== null}>
          <EventList events={shown} chosen={chosen?.id ?? null} onChoose={setChosen} />
          <Inspector event={chosen} onClose={() => setChosen(null)} />
        </div>
      )}
    </>
  )
}
