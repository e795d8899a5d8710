import { Link } from '@tanstack/react-router'
import { useAsk } from '../../../api/hooks.ts'
import { useBusiness } from '../../../frame/viewer.ts'
import { CampaignRunsDocument } from '../../../generated/graphql.ts'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import { bareId } from '../../../lib/ids.ts'
import { Section } from '../../../ui/page-header.tsx'
import { ErrorState } from '../../../ui/state/error-state.tsx'
import style from '../campaigns.module.css'
import { whenText } from '../create/when-text.ts'
import type { Report } from '../report-page.tsx'
import { Status } from '../status.tsx'
import { campaignsText } from '../text.ts'

const refreshMs = 15_000

/** Of a series: the runs it will have and has had. Of one of its runs: the way back to it. */
export function Series(props: { campaign: Report }) {
  const w = useText(whenText)
  const { schedule, series } = props.campaign
  if (series !== null) {
    return (
      <p className={style.partOf}>
        {w.partOf}{' '}
        <Link to="/campaigns/$id" params={{ id: bareId(series.id) }}>
          {series.name}
        </Link>
      </p>
    )
  }
  return schedule?.rule ? <Runs id={props.campaign.id} /> : null
}

function Runs(props: { id: string }) {
  const w = useText(whenText)
  const shared = useText(campaignsText)
  const format = useFormat()
  const { id: business } = useBusiness()
  const asked = useAsk(CampaignRunsDocument, { business, id: props.id }, { refetchIntervalMs: refreshMs })
  if (asked.data === undefined) {
    return asked.isError ? <ErrorState error={asked.error} onRetry={() => void asked.refetch()} compact /> : null
  }
  const { nextRuns, runs } = asked.data.business.campaign
  const reasons: Record<string, string> = shared.reasons
  return (
    <>
      {nextRuns.length === 0 ? null : (
        <Section title={w.next}>
          <ol className={style.nextRuns}>
            {nextRuns.map((run) => (
              <li key={run.at}>{format.dateTime(run.at)}</li>
            ))}
          </ol>
        </Section>
      )}
      <Section title={w.runs}>
        {runs.length === 0 ? <p className="secondary">{w.noRunsYet}</p> : null}
        <ul className={style.runs}>
          {runs.map((run) => (
            <li key={run.id}>
              <Link to="/campaigns/$id" params={{ id: bareId(run.id) }}>
                {run.scheduledAt === null ? '' : format.dateTime(run.scheduledAt)}
              </Link>
              <Status status={run.status} />
              <span className="secondary">{reasons[run.statusReason] ?? run.statusReason}</span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}
