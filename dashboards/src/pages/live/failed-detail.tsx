import { Button, Drawer, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTell } from '../../api/hooks.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import { DismissFailedEventDocument, ReplayFailedEventDocument } from '../../generated/graphql.ts'
import { useCommon, useFormat, useLanguage, useText } from '../../i18n/use-text.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useErrorSentence } from '../../ui/state/error-state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useDo } from '../settings/use-do.ts'
import type { FailedEvent } from './failed.tsx'
import { intakeText } from './intake-text.ts'
import style from './live.module.css'
import { isJson, pretty } from './pretty.ts'

/** One failed event: why, what came, and correcting, replaying or dismissing it. */
export function FailedDetail(props: {
  event: FailedEvent | null
  onBegun: (replayId: string) => void
  onClose: () => void
}) {
  const t = useText(intakeText).failed
  const c = useCommon()
  return (
    <Drawer
      opened={props.event !== null}
      onClose={props.onClose}
      title={t.one}
      size="lg"
      closeButtonProps={{ 'aria-label': c.common.close }}
    >
      {props.event === null ? null : (
        <Detail key={props.event.id} event={props.event} onBegun={props.onBegun} onClose={props.onClose} />
      )}
    </Drawer>
  )
}

function Detail(props: { event: FailedEvent; onBegun: (replayId: string) => void; onClose: () => void }) {
  const t = useText(intakeText).failed
  const format = useFormat()
  const mayReplay = useCan('event.write')
  const { event } = props
  // Kept from the first look: what a refresh brings must not overwrite what somebody is typing.
  const [start] = useState(() => pretty(event.payload ?? ''))
  const [text, setText] = useState(start)
  const mayCorrect = mayReplay && event.state !== 'REPLAYED'
  return (
    <div className={style.failedDetail}>
      <div className={style.failedWhy}>
        <strong>{event.label}</strong>
        {event.detail === '' ? null : <p>{event.detail}</p>}
      </div>
      <Facts event={event} />
      {event.parsersChanged && event.state === 'OPEN' ? <p>{t.learnt}</p> : null}
      {event.payload === undefined || event.payload === null ? (
        <p className="secondary">{t.payloadHidden}</p>
      ) : (
        <Textarea
          className={style.payload ?? ''}
          label={t.payload}
          description={mayCorrect ? t.payloadNote : t.payloadRead}
          readOnly={!mayCorrect}
          spellCheck={false}
          autosize
          minRows={6}
          maxRows={22}
          value={text}
          onChange={(change) => setText(change.currentTarget.value)}
        />
      )}
      {mayCorrect && text !== start && !isJson(text) ? (
        <p className={style.notJson} role="status">
          {t.notJson}
        </p>
      ) : null}
      {event.settledAt === null ? null : (
        <p className="secondary">
          {t.settled(t.states[event.state], event.settledBy, format.dateTime(event.settledAt))}
          {event.state === 'REPLAYED' ? ` · ${t.stored(event.storedEvents, format.number(event.storedEvents))}` : ''}
        </p>
      )}
      {mayReplay ? (
        <Actions
          event={event}
          correction={text === start ? null : text}
          onReset={() => setText(pretty(event.original ?? ''))}
          onBegun={props.onBegun}
          onClose={props.onClose}
        />
      ) : null}
    </div>
  )
}

function Facts(props: { event: FailedEvent }) {
  const t = useText(intakeText).failed
  const c = useCommon()
  const format = useFormat()
  const { event } = props
  const facts: [string, string][] = [
    [t.from, `${event.account?.name ?? t.api} · ${c.channels[event.channel]}`],
    [t.first, format.dateTime(event.firstSeenAt)],
    [t.last, format.dateTime(event.lastSeenAt)],
    [t.attempts, format.number(event.attempts)],
  ]
  return (
    <dl className={style.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Actions(props: {
  event: FailedEvent
  correction: string | null
  onReset: () => void
  onBegun: (replayId: string) => void
  onClose: () => void
}) {
  const t = useText(intakeText).failed
  const business = useBusiness()
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const toast = useToast()
  const say = useErrorSentence()
  const run = useDo()
  const replay = useTell(ReplayFailedEventDocument)
  const dismiss = useTell(DismissFailedEventDocument)
  const [asking, setAsking] = useState(false)
  const { event, correction } = props
  const begin = async () => {
    try {
      const made = await replay.mutateAsync({ business: business.id, id: event.id, payload: correction, locale })
      props.onBegun(made.replayFailedEvent.id)
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
    }
  }
  const settle = async () => {
    const done = await run(() => dismiss.mutateAsync({ business: business.id, id: event.id }), t.dismissed)
    setAsking(false)
    if (done) props.onClose()
  }
  return (
    <div className={style.buttons}>
      <Button loading={replay.isPending || event.queued} onClick={() => void begin()}>
        {correction === null ? t.replay : t.replayCorrected}
      </Button>
      {event.state === 'OPEN' ? (
        <Button variant="default" disabled={event.queued} onClick={() => setAsking(true)}>
          {t.dismiss}
        </Button>
      ) : null}
      {event.state !== 'REPLAYED' && (correction !== null || event.payload !== event.original) ? (
        <Button variant="subtle" onClick={props.onReset}>
          {t.reset}
        </Button>
      ) : null}
      <Confirm
        opened={asking}
        title={t.dismissTitle}
        action={t.dismiss}
        busy={dismiss.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => void settle()}
      >
        <p>{t.dismissText}</p>
      </Confirm>
    </div>
  )
}
