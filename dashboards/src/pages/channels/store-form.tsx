import { Button, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useText } from '../../i18n/use-text.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import type { StoreChannel } from './account.ts'
import style from './channels.module.css'
import { CopiedValue } from './copied-value.tsx'
import { guideText } from './guide-text.ts'
import { NameField } from './own-form.tsx'
import { useConnect } from './use-connect.ts'
import { whereText } from './where-text.ts'

const idCharacters = /[^a-z0-9._-]/g
const madeSecretBytes = 24

/** Shops and payments sign with their own secret, which exists once the address is entered there: so the address comes first. */
export function StoreForm(props: { kind: StoreChannel }) {
  const t = useText(guideText)
  const w = useText(whereText)
  const { kind } = props
  const [name, setName] = useState('')
  const [externalId, setExternalId] = useState('')
  const [secret, setSecret] = useState(() => (kind === 'WOOCOMMERCE' ? madeSecret() : ''))
  const connect = useConnect()
  const id = externalId.trim().toLowerCase().replace(idCharacters, '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void connect.run({ channel: kind, name, externalId: id, secret: secret.trim() })
  }
  return (
    <form className={style.form} onSubmit={submit} autoComplete="off">
      <NameField value={name} onChange={setName} />
      <TextInput
        label={t.id[kind]}
        description={t.idHint[kind]}
        required
        withAsterisk={false}
        autoCapitalize="none"
        spellCheck={false}
        maxLength={128}
        placeholder={kind === 'SHOPIFY' ? 'name.myshopify.com' : ''}
        value={externalId}
        onChange={(event) => setExternalId(event.currentTarget.value)}
      />
      <fieldset className={style.part}>
        <legend>{t.first}</legend>
        {id === '' ? (
          <p className="secondary">{t.addressSoon}</p>
        ) : (
          <CopiedValue label={t.address} value={`${location.origin}/webhooks/${kind.toLowerCase()}/${id}`} />
        )}
        {kind === 'WOOCOMMERCE' ? (
          <div className={style.fieldAndCopy}>
            <TextInput
              label={t.secret[kind]}
              description={t.secretHint[kind]}
              required
              withAsterisk={false}
              value={secret}
              onChange={(event) => setSecret(event.currentTarget.value)}
            />
            <CopyButton value={secret} />
          </div>
        ) : null}
        <ol className={style.guide}>
          {w.where[kind].map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      </fieldset>
      {kind === 'WOOCOMMERCE' ? null : (
        <fieldset className={style.part}>
          <legend>{t.after}</legend>
          <PasswordInput
            label={t.secret[kind]}
            description={t.secretHint[kind]}
            required
            withAsterisk={false}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
        </fieldset>
      )}
      <Button type="submit" loading={connect.busy}>
        {t.connect}
      </Button>
    </form>
  )
}

/** WooCommerce takes any text as its secret; one nobody can guess is better than one somebody thinks of. */
function madeSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(madeSecretBytes))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
