import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTell } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { ConnectAccountDocument, DisconnectAccountDocument } from '../../generated/graphql.ts'
import { useText } from '../../i18n/use-text.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useDo } from '../settings/use-do.ts'
import { type Account, isMeta } from './account.ts'
import style from './channels.module.css'
import { channelsText } from './text.ts'

/** Disconnecting, after saying what it means; for an account that is disconnected or refused, connecting it again. */
export function Leave(props: { account: Account }) {
  const t = useText(channelsText)
  const business = useBusiness()
  const [asking, setAsking] = useState(false)
  const leave = useTell(DisconnectAccountDocument)
  const join = useTell(ConnectAccountDocument)
  const run = useDo()
  const { id, name, channel, externalId, status } = props.account
  if (status === 'disconnected') {
    const connect = () => join.mutateAsync({ input: { businessId: business.id, channel, externalId, name } })
    return (
      <Button loading={join.isPending} onClick={() => void run(connect, t.reconnected(name))}>
        {t.reconnect}
      </Button>
    )
  }
  const disconnect = () => leave.mutateAsync({ business: business.id, id })
  return (
    <>
      <Button variant="default" className={style.danger ?? ''} onClick={() => setAsking(true)}>
        {t.disconnect}
      </Button>
      <Confirm
        opened={asking}
        title={t.disconnectTitle(name)}
        action={t.disconnect}
        danger
        busy={leave.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => void run(disconnect, t.disconnected(name)).then((done) => done && setAsking(false))}
      >
        <p>{isMeta(channel) ? t.disconnectText.meta : t.disconnectText.other}</p>
        <p className={style.kept}>{t.disconnectKept}</p>
      </Confirm>
    </>
  )
}
