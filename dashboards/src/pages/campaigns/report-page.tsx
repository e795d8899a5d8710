import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useAsk } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { CampaignReportDocument, type CampaignReportQuery, type CampaignStatus } from '../../generated/graphql.ts'
import { useCommon, useFormat, useLanguage, useText } from '../../i18n/use-text.ts'
import { Icon } from '../../ui/icons.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { PageSkeleton } from '../../ui/state/skeletons.tsx'
import style from './campaigns.module.css'
import { Actions } from './report/actions.tsx'
import { CampaignFunnel } from './report/funnel.tsx'
import { Plan } from './report/plan.tsx'
import { Reasons } from './report/reasons.tsx'
import { Sends } from './report/sends.tsx'
import { Series } from './report/series.tsx'
import { Stage } from './report/stage.tsx'
import { SumLines } from './report/sum-lines.tsx'
import { reportText } from './report/text.ts'
import { Verdict } from './report/verdict.tsx'
import { Status } from './status.tsx'

export type Report = CampaignReportQuery['business']['campaign']
export type Funnel = NonNullable<Report['funnel']>

/** Live while something moves, calm afterwards: orders still come in for days. */
const refreshMs: Record<CampaignStatus, number> = {
  DRAFT: 30_000,
  SCHEDULED: 5_000,
  PLANNING: 1_500,
  SENDING: 1_500,
  DONE: 15_000,
  CANCELLED: 30_000,
  HELD: 10_000,
  MISSED: 60_000,
}

/** A campaign on one page: what it brought, in words; who got it; why the others did not. */
export function CampaignPage() {
  const { id = '' } = useParams({ strict: false })
  const business = useBusiness()
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  // How often to ask depends on the answer: the status seen last decides.
  const [status, setStatus] = useState<CampaignStatus>('SCHEDULED')
  const asked = useAsk(
    CampaignReportDocument,
    { business: business.id, id, locale },
    { refetchIntervalMs: refreshMs[status] },
  )
  const campaign = asked.data?.business.campaign
  if (campaign !== undefined && campaign.status !== status) setStatus(campaign.status)
  if (campaign === undefined && asked.isError) {
    return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
  }
  if (campaign === undefined) return <PageSkeleton />
  return <CampaignReport campaign={campaign} />
}

function CampaignReport(props: { campaign: Report }) {
  const t = useText(reportText)
  const c = useCommon()
  const format = useFormat()
  const { campaign } = props
  const { funnel, account, channel, topic, createdBy, createdAt } = campaign
  const measured = funnel !== null && (campaign.status === 'DONE' || campaign.status === 'CANCELLED')
  return (
    <>
      <Link to="/campaigns" className={style.backLink}>
        <Icon name="left" size={16} />
        {t.back}
      </Link>
      <PageHeader
        title={campaign.name}
        lead={
          <span className={style.reportLead}>
            <Status status={campaign.status} />
            <span className="secondary">
              {t.meta(c.channels[channel], account.name, topic)} · {t.by(createdBy, format.date(createdAt))}
            </span>
          </span>
        }
        actions={<Actions campaign={campaign} />}
      />
      <Stage campaign={campaign} />
      <Series campaign={campaign} />
      {measured ? <Verdict campaign={campaign} funnel={funnel} /> : null}
      {funnel === null ? null : (
        <>
          <SumLines campaign={campaign} funnel={funnel} />
          <CampaignFunnel campaign={campaign} funnel={funnel} />
          <Reasons funnel={funnel} />
          <Sends campaignId={campaign.id} moving={campaign.status === 'PLANNING' || campaign.status === 'SENDING'} />
        </>
      )}
      <Plan campaign={campaign} />
    </>
  )
}
