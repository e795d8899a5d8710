import { Button, Modal, PasswordInput, Select } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTell } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { RotateAccountSecretDocument, RotateMetaAppSecretDocument } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { Section } from '../../ui/page-header.tsx'
import { useErrorSentence } from '../../ui/state/error-state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { type Account, isMeta, isStore } from './account.ts'
import style from './channels.module.css'
import { channelsText } from './text.ts'

const hourMs = 3_600_000
const overlapHoursDefault = '24'
const overlaps = ['1', '24', '72', '168', '0'] as const

/** Which secrets are accepted now and until when, and changing it without refusing anything meanwhile. */
export function Secrets(props: { account: Account; onMade: (secret: string) => void }) {
  const t = useText(channelsText)
  const format = useFormat()
  const [changing, setChanging] = useState(false)
  const { account } = props
  const secrets = account.secrets ?? []
  const [newest, ...former] = secrets
  const shared = isMeta(account.channel) && secrets.length === 0
  return (
    <Section
      title={t.secret}
      note={t.secretsNote}
      actions={
        shared ? null : (
          <Button variant="default" onClick={() => setChanging(true)}>
            {t.rotate}
          </Button>
        )
      }
    >
      {shared ? <p>{t.secretShared}</p> : null}
      {newest === undefined ? null : (
        <ul className={style.secrets}>
          <li>{newest.since ? t.secretOne(format.dateTime(newest.since)) : t.secretSomeTime}</li>
          {former.map((secret) => (
            <li key={secret.validUntil ?? secret.since ?? 'former'}>
              {secret.validUntil
                ? t.secretOld(format.dateTime(secret.validUntil), format.relative(secret.validUntil))
                : t.secretOldOpen}
            </li>
          ))}
        </ul>
      )}
      <Rotate account={account} opened={changing} onClose={() => setChanging(false)} onMade={props.onMade} />
    </Section>
  )
}

function Rotate(props: { account: Account; opened: boolean; onClose: () => void; onMade: (secret: string) => void }) {
  const t = useText(channelsText)
  const c = useCommon()
  const format = useFormat()
  const [secret, setSecret] = useState('')
  const [hours, setHours] = useState<string>(overlapHoursDefault)
  const rotate = useRotate(props.account)
  const { channel } = props.account
  const given = isMeta(channel) || isStore(channel)
  const until = new Date(Date.now() + Number(hours) * hourMs).toISOString()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const done = await rotate.run(given ? secret.trim() : null, Number(hours), format.dateTime(until))
    if (done === null) return
    setSecret('')
    props.onClose()
    if (done.made !== null) props.onMade(done.made)
  }
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t.rotate}
      closeButtonProps={{ 'aria-label': c.common.close }}
    >
      <form className={style.form} onSubmit={(event) => void submit(event)} autoComplete="off">
        <p>{isMeta(channel) ? t.rotateText.meta : given ? t.rotateText.given : t.rotateText.made}</p>
        {given ? (
          <PasswordInput
            label={t.newSecret}
            required
            withAsterisk={false}
            data-autofocus
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
        ) : null}
        <Select
          label={t.overlap}
          data={overlaps.map((value) => ({ value, label: t.overlaps[value] }))}
          value={hours}
          onChange={(value) => setHours(value ?? overlapHoursDefault)}
        />
        <p className={hours === '0' ? style.warn : 'secondary'}>
          {hours === '0' ? t.overlapNow : t.overlapUntil(format.dateTime(until))}
        </p>
        <Button type="submit" loading={rotate.busy}>
          {t.rotate}
        </Button>
      </form>
    </Modal>
  )
}

/** Changes the account's secret, or its Meta app's. Gives the new one where it is made here; null when it was refused. */
function useRotate(account: Account) {
  const t = useText(channelsText)
  const toast = useToast()
  const say = useErrorSentence()
  const business = useBusiness().id
  const own = useTell(RotateAccountSecretDocument)
  const app = useTell(RotateMetaAppSecretDocument)
  const run = async (secret: string | null, hours: number, until: string): Promise<{ made: string | null } | null> => {
    try {
      let made: string | null = null
      if (isMeta(account.channel)) {
        await app.mutateAsync({ business, app: account.metaAppId ?? '', secret: secret ?? '', hours })
      } else {
        made = (await own.mutateAsync({ business, id: account.id, secret, hours })).rotateAccountSecret.secret
      }
      toast({ text: hours === 0 ? t.rotatedNow : t.rotated(until) })
      return { made }
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
      return null
    }
  }
  return { run, busy: own.isPending || app.isPending }
}
