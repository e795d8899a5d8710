import { useParams } from '@tanstack/react-router'
import { useAsk } from '../../api/hooks.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import { IntakeDocument } from '../../generated/graphql.ts'
import { useText } from '../../i18n/use-text.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { Failed } from './failed.tsx'
import { IntakeLine } from './intake-line.tsx'
import { intakeText } from './intake-text.ts'
import { Listening } from './listening.tsx'
import { Parked } from './parked.tsx'
import { type Part, PartTabs, parts } from './parts.tsx'
import { Rejects } from './rejects.tsx'
import { liveText } from './text.ts'

const refreshEveryMs = 5_000

/** The intake: events as they are stored, what was not taken in and why, what failed, and what waits for an account. */
export function LivePage() {
  const t = useText(liveText)
  const i = useText(intakeText)
  const business = useBusiness()
  const mayRead = useCan('conversation.read')
  const params = useParams({ strict: false })
  const part: Part = parts.find((each) => each === params.part) ?? 'live'
  // The same question as the line of figures asks: one answer serves both.
  const asked = useAsk(IntakeDocument, { business: business.id }, { refetchIntervalMs: refreshEveryMs })
  const tabs = <PartTabs failedOpen={asked.data?.business.intake.failedEvents} />
  if (part === 'live' && mayRead) return <Listening tabs={tabs} />
  return (
    <>
      <PageHeader title={i.title} lead={part === 'live' ? null : i.lead[part]} />
      {tabs}
      {part === 'live' ? (
        <>
          <IntakeLine events={[]} />
          <EmptyState title={t.forbidden} compact />
        </>
      ) : null}
      {part === 'rejects' ? <Rejects /> : null}
      {part === 'failed' ? <Failed /> : null}
      {part === 'parked' ? <Parked /> : null}
    </>
  )
}
