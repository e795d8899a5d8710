import { useOpenRows } from '../../../frame/use-frame.ts'
import { useFormat } from '../../../i18n/use-text.ts'
import { todayIn } from '../../../lib/days.ts'
import type { Report } from '../report-page.tsx'

/** Opens the people of one term or stage of a campaign's funnel; `stage` as `rows` names it, `name` as people read it. */
export function useOpenStage(campaign: Report): (stage: string, name: string) => void {
  const format = useFormat()
  const open = useOpenRows()
  return (stage, name) =>
    open({
      metric: 'funnel',
      title: `${campaign.name} · ${name}`,
      from: todayIn(format.timeZone, new Date(campaign.plannedAt ?? campaign.createdAt)),
      to: todayIn(format.timeZone),
      campaignId: campaign.id,
      stage,
    })
}
