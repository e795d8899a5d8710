import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Channel } from '../../generated/graphql.ts'
import { useText } from '../../i18n/use-text.ts'
import style from './channels.module.css'
import { guideText } from './guide-text.ts'
import { useConnect } from './use-connect.ts'

/** Webhook and sandbox: a name is enough, the rest is made. */
export function OwnForm(props: { kind: Channel }) {
  const t = useText(guideText)
  const [name, setName] = useState('')
  const connect = useConnect()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void connect.run({ channel: props.kind, name })
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

export function NameField(props: { value: string; onChange: (value: string) => void }) {
  const t = useText(guideText)
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
