import { Button, Checkbox, NumberInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useAsk, useTell } from '../../api/hooks.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import { SendingPolicyDocument, type SendingPolicyQuery, SetSendingPolicyDocument } from '../../generated/graphql.ts'
import { useText } from '../../i18n/use-text.ts'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import { Part } from './part.tsx'
import style from './settings.module.css'
import { settingsText } from './text.ts'
import { useDo } from './use-do.ts'

type Policy = SendingPolicyQuery['business']['sendingPolicy']

/** Quiet hours and the cap on offers per person: what holds for every campaign. */
export function Offers() {
  const t = useText(settingsText)
  const { id } = useBusiness()
  const mayWrite = useCan('settings.write')
  const asked = useAsk(SendingPolicyDocument, { business: id })
  const policy = asked.data?.business.sendingPolicy
  return (
    <Part title={t.offers} note={mayWrite ? t.offersText.note : t.readOnly}>
      {policy === undefined && asked.isError ? (
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} compact />
      ) : null}
      {policy === undefined && !asked.isError ? <ListSkeleton rows={2} height={56} /> : null}
      {policy === undefined ? null : <PolicyForm key={id} policy={policy} mayWrite={mayWrite} />}
    </Part>
  )
}

function PolicyForm(props: { policy: Policy; mayWrite: boolean }) {
  const { offersText: t } = useText(settingsText)
  const { id: business } = useBusiness()
  const [before, setBefore] = useState(props.policy)
  const [draft, setDraft] = useState(props.policy)
  const tell = useTell(SetSendingPolicyDocument)
  const run = useDo()
  const { quietHours, frequencyCap } = draft
  const disabled = !props.mayWrite
  const quiet = (patch: Partial<NonNullable<Policy['quietHours']>>) =>
    setDraft((now) => ({ ...now, quietHours: { from: '21:00', to: '08:00', ...now.quietHours, ...patch } }))
  const cap = (patch: Partial<NonNullable<Policy['frequencyCap']>>) =>
    setDraft((now) => ({ ...now, frequencyCap: { messages: 2, days: 7, ...now.frequencyCap, ...patch } }))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (await run(() => tell.mutateAsync({ business, quietHours, frequencyCap }), t.saved)) setBefore(draft)
  }
  return (
    <form className={style.form} onSubmit={(event) => void submit(event)}>
      <Checkbox
        label={t.quiet}
        description={t.quietHint}
        checked={quietHours !== null}
        disabled={disabled}
        onChange={() => (quietHours === null ? quiet({}) : setDraft((now) => ({ ...now, quietHours: null })))}
      />
      {quietHours === null ? null : (
        <div className={style.pair}>
          <TextInput
            type="time"
            label={t.from}
            value={quietHours.from}
            disabled={disabled}
            onChange={(event) => quiet({ from: event.currentTarget.value })}
          />
          <TextInput
            type="time"
            label={t.to}
            value={quietHours.to}
            disabled={disabled}
            onChange={(event) => quiet({ to: event.currentTarget.value })}
          />
        </div>
      )}
      <Checkbox
        label={t.cap}
        description={t.capHint}
        checked={frequencyCap !== null}
        disabled={disabled}
        onChange={() => (frequencyCap === null ? cap({}) : setDraft((now) => ({ ...now, frequencyCap: null })))}
      />
      {frequencyCap === null ? null : (
        <div className={style.pair}>
          <NumberInput
            label={t.messages}
            value={frequencyCap.messages}
            min={1}
            max={100}
            allowDecimal={false}
            disabled={disabled}
            onChange={(value) => cap({ messages: Number(value) || 1 })}
          />
          <NumberInput
            label={t.days}
            value={frequencyCap.days}
            min={1}
            max={365}
            allowDecimal={false}
            disabled={disabled}
            onChange={(value) => cap({ days: Number(value) || 1 })}
          />
        </div>
      )}
      {props.mayWrite ? (
        <div>
          <Button type="submit" loading={tell.isPending} disabled={JSON.stringify(before) === JSON.stringify(draft)}>
            {t.save}
          </Button>
        </div>
      ) : null}
    </form>
  )
}
