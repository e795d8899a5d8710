import { Button, Modal, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTell } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { ConnectAccountDocument, ConnectMetaAppDocument } from '../../generated/graphql.ts'
import { useCommon, useText } from '../../i18n/use-text.ts'
import { useErrorSentence } from '../../ui/state/error-state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { doorsText } from './doors-text.ts'
import style from './settings.module.css'
import { Secret, ShownOnce } from './shown-once.tsx'

type Kind = 'SANDBOX' | 'WEBHOOK' | 'MESSENGER'
type Done = { name: string; secret: string | null; address: string }

/** Three ways in. What was made is shown at the end: the address, and the signing secret once. */
export function Connect(props: { opened: boolean; onClose: () => void }) {
  const t = useText(doorsText).channels
  const c = useCommon()
  const toast = useToast()
  const [kind, setKind] = useState<Kind | null>(null)
  const [done, setDone] = useState<Done | null>(null)
  const close = () => {
    setKind(null)
    props.onClose()
  }
  const finish = (made: Done) => {
    close()
    toast({ text: t.connected(made.name) })
    setDone(made)
  }
  return (
    <>
      <Modal
        opened={props.opened}
        onClose={close}
        title={t.connectTitle}
        closeButtonProps={{ 'aria-label': c.common.close }}
      >
        {kind === null ? <Kinds onChoose={setKind} /> : null}
        {kind === 'MESSENGER' ? <PageForm onDone={finish} /> : null}
        {kind === 'SANDBOX' || kind === 'WEBHOOK' ? <NameForm channel={kind} onDone={finish} /> : null}
      </Modal>
      <ShownOnce title={t.secret} value={done?.secret ?? null} onDone={() => setDone(null)}>
        <Secret label={`${t.address}. ${t.addressText}`} value={done?.address ?? ''} />
      </ShownOnce>
      <Modal
        opened={done !== null && done.secret === null}
        onClose={() => setDone(null)}
        title={t.address}
        closeButtonProps={{ 'aria-label': c.common.close }}
      >
        <p>{t.addressMeta}</p>
        <Secret value={done?.address ?? ''} />
      </Modal>
    </>
  )
}

function Kinds(props: { onChoose: (kind: Kind) => void }) {
  const t = useText(doorsText).channels
  const kinds: [Kind, string, string][] = [
    ['SANDBOX', t.sandbox, t.sandboxText],
    ['WEBHOOK', t.webhook, t.webhookText],
    ['MESSENGER', t.page, t.pageText],
  ]
  return (
    <ul className={style.kinds}>
      {kinds.map(([kind, name, text]) => (
        <li key={kind}>
          <button type="button" onClick={() => props.onChoose(kind)}>
            <strong>{name}</strong>
            <span>{text}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function NameForm(props: { channel: 'SANDBOX' | 'WEBHOOK'; onDone: (done: Done) => void }) {
  const t = useText(doorsText).channels
  const [name, setName] = useState('')
  const connect = useConnect(props.onDone)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void connect.run(name, { channel: props.channel })
  }
  return (
    <form className={style.form} onSubmit={submit}>
      <NameField value={name} onChange={setName} />
      <Button type="submit" loading={connect.busy}>
        {t.connect}
      </Button>
    </form>
  )
}

function PageForm(props: { onDone: (done: Done) => void }) {
  const t = useText(doorsText).channels
  const [name, setName] = useState('')
  const [fields, setFields] = useState({ externalId: '', accessToken: '', appId: '', appSecret: '', verifyToken: '' })
  const connect = useConnect(props.onDone)
  const set = (patch: Partial<typeof fields>) => setFields((now) => ({ ...now, ...patch }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { externalId, accessToken, appId, appSecret, verifyToken } = fields
    void connect.run(
      name,
      { channel: 'MESSENGER', externalId, accessToken: accessToken === '' ? null : accessToken },
      { appId, appSecret, verifyToken },
    )
  }
  const required = { required: true, withAsterisk: false }
  return (
    <form className={style.form} onSubmit={submit} autoComplete="off">
      <NameField value={name} onChange={setName} />
      <TextInput
        label={t.pageId}
        inputMode="numeric"
        {...required}
        value={fields.externalId}
        onChange={(event) => set({ externalId: event.currentTarget.value })}
      />
      <PasswordInput
        label={t.token}
        description={t.tokenHint}
        value={fields.accessToken}
        onChange={(event) => set({ accessToken: event.currentTarget.value })}
      />
      <TextInput
        label={t.appId}
        inputMode="numeric"
        {...required}
        value={fields.appId}
        onChange={(event) => set({ appId: event.currentTarget.value })}
      />
      <PasswordInput
        label={t.appSecret}
        {...required}
        value={fields.appSecret}
        onChange={(event) => set({ appSecret: event.currentTarget.value })}
      />
      <TextInput
        label={t.verifyToken}
        description={t.verifyHint}
        {...required}
        value={fields.verifyToken}
        onChange={(event) => set({ verifyToken: event.currentTarget.value })}
      />
      <Button type="submit" loading={connect.busy}>
        {t.connect}
      </Button>
    </form>
  )
}

function NameField(props: { value: string; onChange: (value: string) => void }) {
  const t = useText(doorsText).channels
  return (
    <TextInput
      label={t.name}
      required
      withAsterisk={false}
      maxLength={120}
      data-autofocus
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  )
}

type AccountFields = { channel: Kind; externalId?: string; accessToken?: string | null }
type AppFields = { appId: string; appSecret: string; verifyToken: string }

/** A Page needs its Meta app first; the app is only made, or its secret renewed, when its fields are given. */
function useConnect(onDone: (done: Done) => void) {
  const toast = useToast()
  const say = useErrorSentence()
  const businessId = useBusiness().id
  const connectApp = useTell(ConnectMetaAppDocument)
  const connect = useTell(ConnectAccountDocument)
  const run = async (name: string, account: AccountFields, app?: AppFields) => {
    try {
      const made = app === undefined ? null : await connectApp.mutateAsync({ input: { businessId, name, ...app } })
      const metaAppId = made?.connectMetaApp.id ?? null
      const { connectAccount } = await connect.mutateAsync({ input: { businessId, name, metaAppId, ...account } })
      const address = `${location.origin}${connectAccount.callbackPath}`
      onDone({ name, secret: connectAccount.secret, address })
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
    }
  }
  return { run, busy: connect.isPending || connectApp.isPending }
}
