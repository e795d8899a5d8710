import { Button } from '@mantine/core'
import { useState } from 'react'
import { useAsk } from '../../api/hooks.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import { ChannelsDocument, type ChannelsQuery } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import { Connect } from './connect.tsx'
import { doorsText } from './doors-text.ts'
import { Part } from './part.tsx'
import style from './settings.module.css'
import { settingsText } from './text.ts'

type Account = ChannelsQuery['business']['accounts'][number]

const refreshEveryMs = 3_000
/** As the API's notices: an account that heard nothing for a day may have lost its webhook. */
const silentAfterMs = 24 * 3_600_000

/** What is connected, its health in words, and connecting more. The list turns green by itself as events arrive. */
export function Channels() {
  const t = useText(doorsText).channels
  const s = useText(settingsText)
  const business = useBusiness()
  const mayWrite = useCan('account.write')
  const [connecting, setConnecting] = useState(false)
  const asked = useAsk(ChannelsDocument, { business: business.id }, { refetchIntervalMs: refreshEveryMs })
  if (asked.isPending) return <ListSkeleton rows={3} height={64} />
  if (asked.data === undefined) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
  const { accounts } = asked.data.business
  const connect = mayWrite ? <Button onClick={() => setConnecting(true)}>{t.connect}</Button> : null
  return (
    <Part title={s.channels} note={t.note} action={connect}>
      {accounts.length === 0 ? <EmptyState title={t.empty} text={t.emptyText} compact /> : null}
      <ul className={style.rows}>
        {accounts.map((account) => (
          <AccountRow key={account.id} account={account} />
        ))}
      </ul>
      <Connect opened={connecting} onClose={() => setConnecting(false)} />
    </Part>
  )
}

function AccountRow(props: { account: Account }) {
  const t = useText(doorsText).channels
  const c = useCommon()
  const format = useFormat()
  const { account } = props
  const address = `${location.origin}${account.callbackPath}`
  return (
    <li>
      <span className={style.rowMain}>
        <strong>{account.name}</strong>
        <span className="secondary">
          {c.channels[account.channel]} · {account.externalId}
        </span>
        <Health account={account} />
        <span className={style.marks}>
          <Step done label={`${t.steps.connected} ${t.steps.since(format.date(account.createdAt))}`} />
          <Step done={account.lastEventAt !== null} label={t.steps.first} />
        </span>
      </span>
      <CopyButton value={address} label={t.address} />
    </li>
  )
}

function Health(props: { account: Account }) {
  const t = useText(doorsText).channels.health
  const format = useFormat()
  const { status, lastEventAt } = props.account
  const broken = status === 'token_broken' || status === 'disconnected'
  const silent = lastEventAt !== null && Date.now() - Date.parse(lastEventAt) > silentAfterMs
  const said = broken
    ? t[status]
    : lastEventAt === null
      ? t.never
      : silent
        ? t.silent(format.dateTime(lastEventAt))
        : t.fine(format.relative(lastEventAt))
  return (
    <span className={style.health} data-tone={broken || silent ? 'warm' : lastEventAt === null ? 'wait' : 'good'}>
      {said}
    </span>
  )
}

function Step(props: { done: boolean; label: string }) {
  return (
    <span className={style.mark} data-done={props.done}>
      <Icon name={props.done ? 'check' : 'clock'} size={14} />
      {props.label}
    </span>
  )
}
