import { Button, Select, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useMemo, useState } from 'react'
import { useTell } from '../../api/hooks.ts'
import { SignOutButton } from '../../frame/sign-out.tsx'
import { useBusiness, useCan, useViewer } from '../../frame/viewer.ts'
import { RemoveDemoDocument, UpdateBusinessDocument } from '../../generated/graphql.ts'
import { useCommon, useText } from '../../i18n/use-text.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useErrorSentence } from '../../ui/state/error-state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Part } from './part.tsx'
import style from './settings.module.css'
import { settingsText } from './text.ts'

/** Name, zone, currency, language; the end of the demo; leaving. */
export function General() {
  return (
    <>
      <BusinessForm key={useBusiness().id} />
      <Demo />
      <Leave />
    </>
  )
}

function BusinessForm() {
  const t = useText(settingsText)
  const c = useCommon()
  const business = useBusiness()
  const mayWrite = useCan('settings.write')
  const save = useSave()
  const before = {
    name: business.name,
    timeZone: business.timeZone,
    currency: business.currency,
    locale: business.locale,
  }
  const [draft, setDraft] = useState(before)
  const set = (patch: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...patch }))
  const zones = useMemo(() => withOwn(Intl.supportedValuesOf('timeZone'), business.timeZone), [business.timeZone])
  const currencies = useMemo(() => withOwn(Intl.supportedValuesOf('currency'), business.currency), [business.currency])
  const changed = JSON.stringify(draft) !== JSON.stringify(before)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save.run(draft, before, setDraft)
  }
  return (
    <Part title={t.general} note={mayWrite ? t.business.note : t.readOnly}>
      <form className={style.form} onSubmit={submit}>
        <TextInput
          label={t.business.name}
          value={draft.name}
          maxLength={120}
          required
          withAsterisk={false}
          disabled={!mayWrite}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Select
          label={t.business.zone}
          searchable
          limit={60}
          data={zones}
          value={draft.timeZone}
          disabled={!mayWrite}
          onChange={(value) => set({ timeZone: value ?? draft.timeZone })}
        />
        <div className={style.pair}>
          <Select
            label={t.business.currency}
            searchable
            limit={60}
            data={currencies}
            value={draft.currency}
            disabled={!mayWrite}
            onChange={(value) => set({ currency: value ?? draft.currency })}
          />
          <Select
            label={t.business.locale}
            data={[
              { value: 'en', label: 'English' },
              { value: 'fr', label: 'Français' },
            ]}
            value={draft.locale}
            disabled={!mayWrite}
            onChange={(value) => set({ locale: value ?? draft.locale })}
          />
        </div>
        {mayWrite ? (
          <div>
            <Button type="submit" disabled={!changed} loading={save.busy}>
              {c.common.save}
            </Button>
          </div>
        ) : null}
      </form>
    </Part>
  )
}

type Draft = { name: string; timeZone: string; currency: string; locale: string }

/** Saves, and offers to put back what was there. */
function useSave() {
  const t = useText(settingsText)
  const toast = useToast()
  const say = useErrorSentence()
  const business = useBusiness()
  const update = useTell(UpdateBusinessDocument)
  const send = (draft: Draft) => update.mutateAsync({ input: { businessId: business.id, ...draft } })
  const run = async (draft: Draft, before: Draft, show: (draft: Draft) => void) => {
    try {
      await send(draft)
      const undo = () => {
        show(before)
        send(before).then(
          () => toast({ text: t.restored }),
          (error) => toast({ text: say(error), tone: 'failed' }),
        )
      }
      toast({ text: t.saved, undo })
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
    }
  }
  return { run, busy: update.isPending }
}

/** What the browser lists, and the business's own value should it not be among them. */
function withOwn(values: string[], own: string): string[] {
  return values.includes(own) ? values : [own, ...values]
}

function Demo() {
  const t = useText(settingsText)
  const toast = useToast()
  const say = useErrorSentence()
  const navigate = useNavigate()
  const business = useBusiness()
  const mayRemove = useCan('demo.remove')
  const remove = useTell(RemoveDemoDocument)
  const [asking, setAsking] = useState(false)
  if (!business.isDemo || !mayRemove) return null
  const run = async () => {
    try {
      const { removeDemo } = await remove.mutateAsync({})
      toast({ text: t.business.demoDone(removeDemo) })
      setAsking(false)
      await navigate({ to: '/overview' })
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
    }
  }
  return (
    <Part title={t.business.demoTitle} note={t.business.demoText}>
      <Button variant="default" className={style.danger} onClick={() => setAsking(true)}>
        {t.business.demoRemove}
      </Button>
      <Confirm
        opened={asking}
        title={t.business.demoRemove}
        action={t.business.demoRemove}
        danger
        busy={remove.isPending}
        onConfirm={() => void run()}
        onClose={() => setAsking(false)}
      >
        <p>{t.business.demoConfirm}</p>
      </Confirm>
    </Part>
  )
}

function Leave() {
  const t = useText(settingsText)
  const { viewer } = useViewer()
  return (
    <Part title={t.business.leaveTitle} note={t.business.leaveText(viewer.email ?? viewer.name)}>
      <SignOutButton />
    </Part>
  )
}
