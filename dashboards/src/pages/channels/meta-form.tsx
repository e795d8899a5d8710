import { Button, PasswordInput, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useAsk } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { AccountCardsDocument } from '../../generated/graphql.ts'
import { useLanguage, useText } from '../../i18n/use-text.ts'
import type { MetaChannel } from './account.ts'
import style from './channels.module.css'
import { guideText } from './guide-text.ts'
import { NameField } from './own-form.tsx'
import { useConnect } from './use-connect.ts'

const newApp = 'new'
const madeTokenBytes = 12
const required = { required: true, withAsterisk: false } as const

type AppFields = { appId: string; appSecret: string; instagramAppSecret: string; verifyToken: string }

/** A Page, an Instagram account or a number, under a Meta app that is known already or told here. */
export function MetaForm(props: { kind: MetaChannel }) {
  const t = useText(guideText)
  const { kind } = props
  const apps = useKnownApps()
  const [name, setName] = useState('')
  const [externalId, setExternalId] = useState('')
  const [accessToken, setAccessToken] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const [app, setApp] = useState<AppFields>(() => ({
    appId: '',
    appSecret: '',
    instagramAppSecret: '',
    verifyToken: madeToken(),
  }))
  const connect = useConnect()
  const appChoice = chosen ?? apps[0]?.value ?? newApp
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const account = { channel: kind, name, externalId: externalId.trim(), accessToken: accessToken.trim() || null }
    if (appChoice !== newApp) return void connect.run({ ...account, metaAppId: appChoice })
    const instagramAppSecret = app.instagramAppSecret.trim() || null
    return void connect.run(account, { ...app, appId: app.appId.trim(), instagramAppSecret })
  }
  return (
    <form className={style.form} onSubmit={submit} autoComplete="off">
      <NameField value={name} onChange={setName} />
      <TextInput
        label={t.id[kind]}
        description={t.idHint[kind]}
        inputMode="numeric"
        {...required}
        value={externalId}
        onChange={(event) => setExternalId(event.currentTarget.value)}
      />
      <PasswordInput
        label={t.token}
        description={t.tokenHint}
        value={accessToken}
        onChange={(event) => setAccessToken(event.currentTarget.value)}
      />
      {apps.length === 0 ? null : (
        <Select
          label={t.app}
          data={[...apps, { value: newApp, label: t.appNew }]}
          value={appChoice}
          onChange={(value) => setChosen(value ?? newApp)}
        />
      )}
      {appChoice === newApp ? (
        <AppPart kind={kind} app={app} onChange={(patch) => setApp((now) => ({ ...now, ...patch }))} />
      ) : null}
      <Button type="submit" loading={connect.busy}>
        {t.connect}
      </Button>
    </form>
  )
}

function AppPart(props: { kind: MetaChannel; app: AppFields; onChange: (patch: Partial<AppFields>) => void }) {
  const t = useText(guideText)
  const { app, onChange } = props
  return (
    <fieldset className={style.part}>
      <legend>{t.app}</legend>
      <TextInput
        label={t.appId}
        description={t.appIdHint}
        inputMode="numeric"
        {...required}
        value={app.appId}
        onChange={(event) => onChange({ appId: event.currentTarget.value })}
      />
      <PasswordInput
        label={t.appSecret}
        description={t.appSecretHint}
        {...required}
        value={app.appSecret}
        onChange={(event) => onChange({ appSecret: event.currentTarget.value })}
      />
      {props.kind === 'INSTAGRAM' ? (
        <PasswordInput
          label={t.instagramSecret}
          description={t.instagramSecretHint}
          value={app.instagramAppSecret}
          onChange={(event) => onChange({ instagramAppSecret: event.currentTarget.value })}
        />
      ) : null}
      <TextInput
        label={t.verifyToken}
        description={t.verifyTokenHint}
        {...required}
        value={app.verifyToken}
        onChange={(event) => onChange({ verifyToken: event.currentTarget.value })}
      />
    </fieldset>
  )
}

/** Meta apps that accounts of this business use already, named by the first account of each. */
function useKnownApps(): { value: string; label: string }[] {
  const t = useText(guideText)
  const business = useBusiness()
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const asked = useAsk(AccountCardsDocument, { business: business.id, locale, mayWrite: true })
  const apps = new Map<string, string>()
  for (const { metaAppId, name } of asked.data?.business.accounts ?? []) {
    if (metaAppId && !apps.has(metaAppId)) apps.set(metaAppId, name)
  }
  return [...apps].map(([value, name]) => ({ value, label: t.appKnown(name) }))
}

function madeToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(madeTokenBytes))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
