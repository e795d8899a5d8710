import type { CampaignStatus } from '../../generated/graphql.ts'
import { useText } from '../../i18n/use-text.ts'
import style from './campaigns.module.css'
import { campaignsText } from './text.ts'

/** A state in a word, with a mark that has a shape of its own. */
export function Status(props: { status: CampaignStatus }) {
  const t = useText(campaignsText)
  return (
    <span className={style.status} data-status={props.status}>
      {t.statuses[props.status]}
    </span>
  )
}
