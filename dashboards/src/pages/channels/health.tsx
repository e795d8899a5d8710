import type { AccountHealthState } from '../../generated/graphql.ts'
import { useText } from '../../i18n/use-text.ts'
import style from './channels.module.css'
import { channelsText } from './text.ts'

const tones: Record<AccountHealthState, 'good' | 'wait' | 'warm'> = {
  HEALTHY: 'good',
  WAITING: 'wait',
  DISCONNECTED: 'wait',
  SILENT: 'warm',
  OVER_QUOTA: 'warm',
  SIGNATURE_FAILING: 'warm',
  NOT_SUBSCRIBED: 'warm',
  TOKEN_BROKEN: 'warm',
}

/** Whether somebody has to do something. */
export function needsYou(state: AccountHealthState): boolean {
  return tones[state] === 'warm'
}

/** How an account is, as a word with a mark; the sentence beside it says what to do. */
export function HealthWord(props: { state: AccountHealthState }) {
  const t = useText(channelsText)
  return (
    <span className={style.health} data-tone={tones[props.state]}>
      {t.state[props.state]}
    </span>
  )
}
