import { Tooltip } from '@mantine/core'
import type { FrameQuery } from '../generated/graphql.ts'
import { useCommon, useFormat } from '../i18n/use-text.ts'
import { todayIn } from '../lib/days.ts'
import style from './frame.module.css'

/** "Complete to 10:42", turning into which account has fallen silent when one has. */
export function Freshness(props: { freshness: FrameQuery['business']['freshness'] }) {
  const t = useCommon()
  const format = useFormat()
  const { completeTo, silentAccounts } = props.freshness
  const first = silentAccounts[0]
  const sameDay = todayIn(format.timeZone, new Date(completeTo)) === todayIn(format.timeZone)
  const when = sameDay ? format.time(completeTo) : format.dateTime(completeTo)
  const rest = silentAccounts.length - 1
  const said =
    first === undefined
      ? t.frame.completeTo(when)
      : `${silence(first, t, format)}${rest > 0 ? ` ${t.frame.silentMore(rest)}` : ''}`
  return (
    <Tooltip label={first === undefined ? t.frame.completeHint : `${said}. ${t.frame.completeTo(when)}.`}>
      <span className={style.fresh} data-silent={first !== undefined} role="status">
        <span className={style.freshText}>{said}</span>
      </span>
    </Tooltip>
  )
}

function silence(
  account: FrameQuery['business']['freshness']['silentAccounts'][number],
  t: ReturnType<typeof useCommon>,
  format: ReturnType<typeof useFormat>,
): string {
  if (account.lastEventAt === null) return t.frame.silentNever(account.name)
  return t.frame.silent(account.name, format.duration((Date.now() - Date.parse(account.lastEventAt)) / 1000))
}
