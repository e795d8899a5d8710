import { useOpenRows } from '../../../frame/use-frame.ts'
import { useFormat } from '../../../i18n/use-text.ts'
import { todayIn } from '../../../lib/days.ts'
import type { Report } from '../report-page.tsx'

type Planned = Pick<Report, 'id' | 'name' | 'plannedAt' | 'createdAt'>

/** Opens the people of one term or stage of a campaign's funnel; `stage` as `rows` names it, `name` as people read it. */
export function useOpenStage(campaign: Planned): (stage: string, name: string) => void {
  return useOpenPeople(campaign, 'funnel')
}

/** Opens who ordered within the window after planning: of the arm `treatment` or `holdout`, or of both. */
export function useOpenOrders(campaign: Planned): (arm: string, name: string) => void {
  return useOpenPeople(campaign, 'extra_orders')
}

function useOpenPeople(campaign: Planned, metric: string): (stage: string, name: string) => void {
  const format = useFormat()
  const open = useOpenRows()
  return (stage, name) =>
    open({
      metric,
      title: `${campaign.name} · ${name}`,
      from: todayIn(format.timeZone, new Date(campaign.plannedAt ?? campaign.createdAt)),
      to: todayIn(format.timeZone),
      campaignId: campaign.id,
      stage,
    })
}
