import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTell } from '../../../api/hooks.ts'
import { usePageSearch } from '../../../frame/use-frame.ts'
import { useBusiness } from '../../../frame/viewer.ts'
import {
  CancelCampaignDocument,
  CreateCampaignDocument,
  ScheduleCampaignDocument,
  UpdateCampaignDocument,
} from '../../../generated/graphql.ts'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import { bareId } from '../../../lib/ids.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Icon } from '../../../ui/icons.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { useErrorSentence } from '../../../ui/state/error-state.tsx'
import { useToast } from '../../../ui/toast.tsx'
import { messageProblems } from '../liquid.ts'
import type { Places } from '../new-page.tsx'
import { campaignsText } from '../text.ts'
import { zoneName } from '../zoned.ts'
import { Check } from './check.tsx'
import style from './create.module.css'
import {
  canSave,
  type Form,
  inputOf,
  readCreateSearch,
  type Step,
  scheduledAt,
  scheduleOf,
  steps,
  timeProblem,
} from './form.ts'
import { Phone } from './phone.tsx'
import { Reach } from './reach.tsx'
import { createText } from './text.ts'
import { usePreview } from './use-preview.ts'
import { What } from './what.tsx'
import { When } from './when.tsx'
import { Who } from './who.tsx'

export type StepProps = { form: Form; change: (patch: Partial<Form>) => void }

/** The four steps on the left; reach and preview stay on the right. */
export function Builder(props: { places: Places; start: Form }) {
  const t = useText(createText)
  const [search, setSearch] = usePageSearch(readCreateSearch)
  const [form, setForm] = useState(props.start)
  const [saved, setSaved] = useState(props.start)
  const change = (patch: Partial<Form>) => setForm((now) => ({ ...now, ...patch }))
  const preview = usePreview(form)
  const { save, busy } = useSave(form, () => setSaved(form))
  const { places } = props
  const step = search.step ?? 'who'
  const problems = useProblems(form, preview.preview?.willBeSent)
  const goTo = (to: Step) => {
    setSearch({ step: to === 'who' ? undefined : to })
    // Leaving a step keeps what was written, as soon as it can be kept.
    if (form !== saved && canSave(form)) void save()
  }
  const index = steps.indexOf(step)
  const account = places.accounts.find((each) => each.id === form.accountId)
  return (
    <>
      <PageHeader title={form.name.trim() === '' ? t.title : form.name} />
      <div className={style.layout}>
        <div>
          <Steps step={step} goTo={goTo} />
          {step === 'who' ? <Who form={form} change={change} places={places} /> : null}
          {step === 'what' ? <What form={form} change={change} /> : null}
          {step === 'when' ? <When form={form} change={change} places={places} /> : null}
          {step === 'check' ? (
            <Check form={form} change={change} places={places} problems={problems} goTo={goTo} />
          ) : null}
          <div className={style.buttons}>
            {index === 0 ? null : (
              <Button variant="default" onClick={() => goTo(steps[index - 1] ?? 'who')}>
                {t.back}
              </Button>
            )}
            {step === 'check' ? (
              <ConfirmButton
                form={form}
                willBeSent={preview.preview?.willBeSent ?? 0}
                blocked={problems.length > 0 || preview.stale}
                save={save}
              />
            ) : (
              <Button onClick={() => goTo(steps[index + 1] ?? 'check')}>{t.onward}</Button>
            )}
            <Button
              variant="subtle"
              color="gray"
              loading={busy}
              disabled={!canSave(form) || form === saved}
              onClick={() => void save({ say: true })}
            >
              {t.save}
            </Button>
          </div>
        </div>
        <aside className={style.panel}>
          <Reach {...preview} brief={step === 'what'} />
          {step === 'what' || step === 'check' ? (
            <Phone form={form} accountName={account?.name ?? ''} sample={preview.preview?.sample ?? []} />
          ) : null}
        </aside>
      </div>
    </>
  )
}

function Steps(props: { step: Step; goTo: (step: Step) => void }) {
  const t = useText(createText)
  const at = steps.indexOf(props.step)
  return (
    <nav aria-label={t.stepsLabel}>
      <ol className={style.steps}>
        {steps.map((step, index) => (
          <li key={step}>
            <button
              type="button"
              aria-current={step === props.step ? 'step' : undefined}
              data-done={index < at}
              onClick={() => props.goTo(step)}
            >
              <span>{index < at ? <Icon name="check" size={14} /> : index + 1}</span>
              {t.steps[step]}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** Keeps the draft: made once, changed after; its id goes into the address. Gives the id, or null when it failed. */
function useSave(form: Form, onSaved: () => void) {
  const t = useText(createText)
  const toast = useToast()
  const say = useErrorSentence()
  const { id: business, timeZone } = useBusiness()
  const [search, setSearch] = usePageSearch(readCreateSearch)
  const create = useTell(CreateCampaignDocument)
  const update = useTell(UpdateCampaignDocument)
  const save = async (options: { say?: boolean } = {}): Promise<string | null> => {
    try {
      const input = inputOf(form, timeZone)
      let id = search.draft
      if (id === undefined) {
        const made = await create.mutateAsync({ input: { ...input, businessId: business } })
        id = bareId(made.createCampaign.id)
        setSearch({ draft: id }, { replace: true })
      } else {
        await update.mutateAsync({ id, business, input })
      }
      onSaved()
      if (options.say === true) toast({ text: t.savedDraft })
      return id
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
      return null
    }
  }
  return { save, busy: create.isPending || update.isPending }
}

/** What still stands in the way, as sentences. */
function useProblems(form: Form, willBeSent: number | undefined): string[] {
  const t = useText(createText)
  const { timeZone } = useBusiness()
  const now = useNow(30_000)
  const time = timeProblem(form, timeZone, now)
  return [
    ...(form.name.trim() === '' ? [t.needName] : []),
    ...(form.accountId === '' || form.topic === '' ? [t.needTopic] : []),
    ...messageProblems(form.messageText).map((problem) => t.problems[problem.kind](problem.what)),
    ...(time === null ? [] : [t[time]]),
    ...(willBeSent === 0 ? [t.needPeople] : []),
  ]
}

/** Says exactly what will happen, and does it. */
function ConfirmButton(props: {
  form: Form
  willBeSent: number
  blocked: boolean
  save: () => Promise<string | null>
}) {
  const t = useText(createText)
  const shared = useText(campaignsText)
  const format = useFormat()
  const toast = useToast()
  const say = useErrorSentence()
  const navigate = useNavigate()
  const { id: business, timeZone } = useBusiness()
  const schedule = useTell(ScheduleCampaignDocument)
  const cancel = useTell(CancelCampaignDocument)
  const [busy, setBusy] = useState(false)
  const { form, willBeSent } = props
  const at = scheduledAt(form, timeZone)?.at.toISOString() ?? null
  const said = format.number(willBeSent)
  const label =
    at === null
      ? t.confirmNow(willBeSent, said)
      : form.when === 'repeat'
        ? t.confirmRepeat
        : t.confirmAt(willBeSent, said, format.dateTime(at), zoneName(timeZone))
  const undo = (id: string) => () => {
    cancel.mutate(
      { id, business },
      {
        onSuccess: () => toast({ text: shared.drafted }),
        onError: (error) => toast({ text: say(error), tone: 'failed' }),
      },
    )
  }
  const confirm = async () => {
    setBusy(true)
    const id = await props.save()
    try {
      if (id === null) return
      const walls = scheduleOf(form)
      await schedule.mutateAsync({
        id,
        business,
        misfire: form.misfire,
        schedule: walls,
        at: walls === null ? at : null,
      })
      await navigate({ to: '/campaigns/$id', params: { id } })
      toast(
        at === null
          ? { text: t.started }
          : form.when === 'repeat'
            ? { text: t.scheduledRepeat, undo: undo(id) }
            : { text: t.scheduled(format.dateTime(at)), undo: undo(id) },
      )
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button loading={busy} disabled={props.blocked} onClick={() => void confirm()} className={style.confirm}>
      {label}
    </Button>
  )
}
