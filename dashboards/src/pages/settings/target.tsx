import { Button, NumberInput, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useAsk, useTell } from '../../api/hooks.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import {
  type ResponseClock,
  ResponseTargetsDocument,
  type ResponseTargetsQuery,
  SetResponseTargetDocument,
} from '../../generated/graphql.ts'
import { useFormat, useText } from '../../i18n/use-text.ts'
import { todayIn } from '../../lib/days.ts'
import { useErrorSentence } from '../../ui/state/error-state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Part } from './part.tsx'
import style from './settings.module.css'
import { targetText } from './target-text.ts'

type Target = ResponseTargetsQuery['business']['responseTargets'][number]

const secondsMin = 60
const secondsMax = 30 * 86_400
const unitSeconds = { minutes: 60, hours: 3600 } as const

/** How soon a first answer is promised; every change is a new version from today on. */
export function ResponseTarget() {
  const business = useBusiness()
  const asked = useAsk(ResponseTargetsDocument, { business: business.id })
  const targets = asked.data?.business.responseTargets
  if (targets === undefined) return null
  return <Editor key={targets[0]?.validFrom ?? ''} targets={targets} />
}

function Editor(props: { targets: readonly Target[] }) {
  const t = useText(targetText)
  const business = useBusiness()
  const mayWrite = useCan('settings.write')
  const today = todayIn(business.timeZone)
  const current = props.targets.find((each) => each.validFrom <= today)
  const seconds = current?.withinSeconds ?? 3600
  const [unit, setUnit] = useState<keyof typeof unitSeconds>(seconds % 3600 === 0 ? 'hours' : 'minutes')
  const [amount, setAmount] = useState(seconds / unitSeconds[unit])
  const [clock, setClock] = useState<ResponseClock>(current?.clock ?? 'BUSINESS_HOURS')
  const save = useSave()
  const chosen = Math.round(amount * unitSeconds[unit])
  const fine = chosen >= secondsMin && chosen <= secondsMax
  return (
    <Part title={t.title} note={t.note}>
      {current?.withinSeconds == null ? <p className="secondary">{t.none}</p> : null}
      {mayWrite ? (
        <div className={style.saveRow}>
          <NumberInput
            label={t.within}
            min={1}
            max={secondsMax / unitSeconds[unit]}
            value={amount}
            onChange={(value) => setAmount(Number(value))}
            error={fine ? null : t.wrong}
            w={120}
          />
          <SegmentedControl
            aria-label={t.unit}
            value={unit}
            onChange={(value) => setUnit(value === 'minutes' ? 'minutes' : 'hours')}
            data={[
              { value: 'minutes', label: t.minutes },
              { value: 'hours', label: t.hours },
            ]}
          />
          <SegmentedControl
            aria-label={t.clock}
            value={clock}
            onChange={(value) => setClock(value === 'ELAPSED' ? 'ELAPSED' : 'BUSINESS_HOURS')}
            data={[
              { value: 'BUSINESS_HOURS', label: t.BUSINESS_HOURS },
              { value: 'ELAPSED', label: t.ELAPSED },
            ]}
          />
          <Button disabled={!fine} loading={save.busy} onClick={() => void save.run({ withinSeconds: chosen, clock })}>
            {t.save}
          </Button>
          {current?.withinSeconds == null ? null : (
            <Button variant="subtle" loading={save.busy} onClick={() => void save.run({ clock })}>
              {t.withdraw}
            </Button>
          )}
        </div>
      ) : null}
      <History targets={props.targets} />
    </Part>
  )
}

function History(props: { targets: readonly Target[] }) {
  const t = useText(targetText)
  const format = useFormat()
  if (props.targets.length === 0) return null
  return (
    <div className={style.versions}>
      <h3>{t.history}</h3>
      <ul>
        {props.targets.map(({ validFrom, withinSeconds, clock }) => (
          <li key={validFrom}>
            <span>
              <strong>{t.since(format.dayLong(validFrom))}</strong>{' '}
              <span className="secondary">
                {withinSeconds === null ? t.nothing : t.row(format.duration(withinSeconds), clock === 'BUSINESS_HOURS')}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function useSave() {
  const t = useText(targetText)
  const toast = useToast()
  const say = useErrorSentence()
  const businessId = useBusiness().id
  const tell = useTell(SetResponseTargetDocument)
  const run = async (input: { withinSeconds?: number; clock: ResponseClock }) => {
    try {
      await tell.mutateAsync({ input: { businessId, ...input } })
      toast({ text: t.saved })
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
    }
  }
  return { run, busy: tell.isPending }
}
