import { useFormat, useText } from '../../../i18n/use-text.ts'
import { Section } from '../../../ui/page-header.tsx'
import style from '../campaigns.module.css'
import { readAudience } from '../create/read-audience.ts'
import { createText } from '../create/text.ts'
import { whenText } from '../create/when-text.ts'
import type { Report } from '../report-page.tsx'
import { reportText } from './text.ts'

/** What was asked for: the message as it was written, to whom, and how its effect is measured. */
export function Plan(props: { campaign: Report }) {
  const t = useText(reportText)
  const create = useText(createText)
  const w = useText(whenText)
  const format = useFormat()
  const { campaign } = props
  const rules = readAudience(campaign.audience)
  const said = [
    rules.wroteWithinDays === undefined
      ? null
      : `${create.wrote[0]} ${format.number(rules.wroteWithinDays)} ${create.wrote[1]}`,
    rules.orderedWithinDays === undefined
      ? null
      : `${create.ordered[0]} ${format.number(rules.minOrders ?? 1)} ${create.ordered[1]} ${format.number(rules.orderedWithinDays)} ${create.ordered[2]}`,
    rules.notOrderedWithinDays === undefined
      ? null
      : `${create.notOrdered[0]} ${format.number(rules.notOrderedWithinDays)} ${create.notOrdered[1]}`,
  ].filter((part) => part !== null)
  return (
    <Section title={t.message}>
      <div className={style.plan}>
        <p className={style.planText}>{campaign.messageText}</p>
        <div>
          <h3>{t.audienceTitle}</h3>
          <ul>
            <li>{said.length === 0 ? create.everyone : said.join(', ')}</li>
            <li>{t.holdoutSaid(format.percent(campaign.holdoutPercent / 100))}</li>
            <li>{t.conversionSaid(campaign.conversionDays)}</li>
            {campaign.sendingWindow === null ? null : (
              <li>
                {campaign.sendingWindow.from}–{campaign.sendingWindow.to},{' '}
                {campaign.sendingWindow.weekdays.map((day) => w.weekdays[day - 1]).join(' ')}
              </li>
            )}
            {campaign.schedule?.inContactZone ? <li>{w.everyone}</li> : null}
            {campaign.offerEndsAt === null ? null : <li>{t.offerEnds(format.dateTime(campaign.offerEndsAt))}</li>}
          </ul>
        </div>
      </div>
    </Section>
  )
}
