import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTell } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { type FailedEventFilter, ReplayFailedEventsDocument } from '../../generated/graphql.ts'
import { useFormat, useLanguage, useText } from '../../i18n/use-text.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useErrorSentence } from '../../ui/state/error-state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { intakeText } from './intake-text.ts'

/** Replays everything the filter shows, after saying how many that is. */
export function ReplayAll(props: { filter: FailedEventFilter; total: number; onBegun: (replayId: string) => void }) {
  const t = useText(intakeText).failed
  const format = useFormat()
  const business = useBusiness()
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const toast = useToast()
  const say = useErrorSentence()
  const replay = useTell(ReplayFailedEventsDocument)
  const [asking, setAsking] = useState(false)
  const { total } = props
  const begin = async () => {
    try {
      const made = await replay.mutateAsync({ business: business.id, filter: props.filter, locale })
      props.onBegun(made.replayFailedEvents.id)
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
    }
    setAsking(false)
  }
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t.replayAll(total, format.number(total))}</Button>
      <Confirm
        opened={asking}
        title={t.replayAllTitle(total, format.number(total))}
        action={t.replayAll(total, format.number(total))}
        busy={replay.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => void begin()}
      >
        <p>{t.replayAllText}</p>
      </Confirm>
    </>
  )
}
