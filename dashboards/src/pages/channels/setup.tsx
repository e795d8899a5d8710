import { Button } from '@mantine/core'
import { useState } from 'react'
import { useFormat, useText } from '../../i18n/use-text.ts'
import { Icon } from '../../ui/icons.tsx'
import { Section } from '../../ui/page-header.tsx'
import { useErrorSentence } from '../../ui/state/error-state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { type Account, isMeta, type Step, stepsOf } from './account.ts'
import style from './channels.module.css'
import { CopiedValue } from './copied-value.tsx'
import { guideText } from './guide-text.ts'
import { canSign, sendTestEvent } from './test-event.ts'
import { whereText } from './where-text.ts'

/**
 * The checklist of connecting: what to enter where, and steps that turn green by themselves. Once all of it is done it
 * folds to one line that can be opened again.
 *
 * @param secret the signing secret, when it was made a moment ago: then a test event can be signed right here
 */
export function Setup(props: { account: Account; secret: string | null }) {
  const t = useText(guideText)
  const { account } = props
  const steps = stepsOf(account)
  const complete = steps.every((step) => step.done)
  // Whoever watched the last step turn green still sees it; whoever comes back later sees one line.
  const [opened, setOpened] = useState(!complete)
  const failing = account.health.signatureFailuresLastHour
  if (!opened) {
    return (
      <Section
        title={t.setup}
        actions={
          <Button variant="default" onClick={() => setOpened(true)}>
            {t.setupShow}
          </Button>
        }
      >
        <p className={style.complete}>
          <Icon name="check" size={18} />
          {t.setupDone}
        </p>
      </Section>
    )
  }
  return (
    <Section title={complete ? t.setupDone : t.setup}>
      <div className={style.setup}>
        <ol className={style.steps} aria-live="polite">
          {steps.map((step, index) => (
            <StepLine key={step.key} step={step} number={index + 1} />
          ))}
          {failing > 0 && !complete ? <Failing count={failing} /> : null}
          <Earlier account={account} />
        </ol>
        <Where account={account} secret={props.secret} />
      </div>
    </Section>
  )
}

function StepLine(props: { step: Step; number: number }) {
  const t = useText(guideText)
  const format = useFormat()
  const { key, done, at } = props.step
  return (
    <li className={style.step} data-done={done}>
      <span className={style.stepMark} aria-hidden="true">
        {done ? <Icon name="check" size={16} /> : props.number}
      </span>
      <span>
        <strong>{t.steps[key]}</strong>
        <span className="visually-hidden"> {done ? t.done : t.open}. </span>
        <span className={style.stepNote}>
          {done ? (at === null ? t.done : t.doneAt(format.dateTime(at))) : key === 'connected' ? '' : t.hints[key]}
        </span>
      </span>
    </li>
  )
}

function Failing(props: { count: number }) {
  const t = useText(guideText)
  const format = useFormat()
  return (
    <li className={style.stepWarn}>
      <Icon name="warn" size={18} />
      {t.failing(props.count, format.number(props.count))}
    </li>
  )
}

/** What had come before the account was connected, and that it was not lost. */
function Earlier(props: { account: Account }) {
  const t = useText(guideText)
  const format = useFormat()
  const { waitingEntries, replay } = props.account.earlierEvents
  if (replay === null && waitingEntries === 0) return null
  return (
    <li className={style.step} data-done={waitingEntries === 0}>
      <span className={style.stepMark} aria-hidden="true">
        <Icon name={waitingEntries === 0 ? 'check' : 'clock'} size={16} />
      </span>
      <span>
        {waitingEntries > 0 ? t.earlierWaiting(waitingEntries, format.number(waitingEntries)) : replay?.sentence}
      </span>
    </li>
  )
}

function Where(props: { account: Account; secret: string | null }) {
  const t = useText(guideText)
  const w = useText(whereText)
  const { account } = props
  return (
    <div className={style.where}>
      <CopiedValue label={isMeta(account.channel) ? t.callback : t.address} value={account.callbackUrl} />
      {account.verifyToken ? <CopiedValue label={t.verify} value={account.verifyToken} /> : null}
      <ol className={style.guide}>
        {w.where[account.channel].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      {props.secret === null || !canSign ? null : <TestEvent account={account} secret={props.secret} />}
    </div>
  )
}

function TestEvent(props: { account: Account; secret: string }) {
  const t = useText(whereText).test
  const toast = useToast()
  const say = useErrorSentence()
  const [busy, setBusy] = useState(false)
  const { account, secret } = props
  const sandbox = account.channel === 'SANDBOX'
  const send = async () => {
    setBusy(true)
    try {
      const status = await sendTestEvent(account, secret, { text: t.text, person: t.person })
      if (status === 200 || status === 202) toast({ text: t.sent })
      else toast({ text: t.refused(String(status)), tone: 'failed' })
    } catch (error) {
      toast({ text: error instanceof TypeError ? t.offline : say(error), tone: 'failed' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className={style.test}>
      <Button variant="light" loading={busy} onClick={() => void send()}>
        {sandbox ? t.message : t.event}
      </Button>
      <span className="secondary">{sandbox ? t.messageNote : t.eventNote}</span>
    </div>
  )
}
