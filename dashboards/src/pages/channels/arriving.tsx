import { useState } from 'react'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import type { LiveRowFragment } from '../../generated/graphql.ts'
import { useFormat, useText } from '../../i18n/use-text.ts'
import { Section } from '../../ui/page-header.tsx'
import { EventList } from '../live/event-list.tsx'
import { Inspector } from '../live/inspector.tsx'
import { useLive } from '../live/use-live.ts'
import style from './channels.module.css'
import { channelsText } from './text.ts'

const shown = 8

/** The newest events of one account, as they are stored. */
export function Arriving(props: { accountId: string; lastEventAt: string | null }) {
  const t = useText(channelsText)
  const mayRead = useCan('conversation.read')
  return (
    <Section title={t.arriving} note={mayRead ? t.arrivingNote : t.arrivingForbidden}>
      {mayRead ? <Listening {...props} /> : null}
    </Section>
  )
}

function Listening(props: { accountId: string; lastEventAt: string | null }) {
  const t = useText(channelsText)
  const format = useFormat()
  const business = useBusiness()
  const [chosen, setChosen] = useState<LiveRowFragment | null>(null)
  const { events, recent } = useLive(business.id, true)
  const own = events.filter((event) => event.account?.id === props.accountId).slice(0, shown)
  if (recent.isPending) return null
  if (own.length === 0) {
    const { lastEventAt } = props
    return (
      <p className={style.nothingYet}>
        {lastEventAt === null ? t.arrivingNone : t.arrivingQuiet(format.relative(lastEventAt))}
      </p>
    )
  }
  return (
    <div className={style.arriving} data-open={chosen !== null}>
      <EventList events={own} chosen={chosen?.id ?? null} onChoose={setChosen} />
      <Inspector event={chosen} onClose={() => setChosen(null)} />
    </div>
  )
}
