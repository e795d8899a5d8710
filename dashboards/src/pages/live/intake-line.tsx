import { Tooltip } from '@mantine/core'
import { useAsk } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { type Channel, IntakeDocument, type LiveRowFragment } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { useNow } from '../../lib/use-now.ts'
import style from './live.module.css'
import { liveText } from './text.ts'

const refreshEveryMs = 5_000

/** Accepted, not understood, failed, waiting, lag; and the pulse of each channel. */
export function IntakeLine(props: { events: readonly LiveRowFragment[] }) {
  const t = useText(liveText)
  const format = useFormat()
  const business = useBusiness()
  const asked = useAsk(IntakeDocument, { business: business.id }, { refetchIntervalMs: refreshEveryMs })
  const intake = asked.data?.business.intake
  const unknown = intake?.unknownLastHour.reduce((sum, each) => sum + each.count, 0) ?? 0
  const say = (value: number | undefined) => (value === undefined ? '…' : format.number(value))
  const reasons = intake?.unknownLastHour.map((each) => `${each.label} ${format.number(each.count)}`).join(' · ') ?? ''
  return (
    <section className={style.intake} aria-label={t.intake}>
      <dl className={style.figures}>
        <Figure name={t.accepted} value={say(intake?.acceptedLastHour)} />
        <Figure name={t.unknown} value={intake === undefined ? '…' : format.number(unknown)} hint={reasons} />
        <Figure name={t.failed} value={say(intake?.failedEvents)} warm={(intake?.failedEvents ?? 0) > 0} />
        <Figure name={t.inbox} value={say(intake?.inboxWaiting)} warm={(intake?.inboxWaiting ?? 0) > 0} />
        <Figure name={t.lag} value={intake === undefined ? '…' : format.duration(intake.lagSeconds)} />
      </dl>
      <Pulses events={props.events} />
    </section>
  )
}

function Figure(props: { name: string; value: string; hint?: string; warm?: boolean }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <Tooltip label={props.hint ?? ''} disabled={props.hint === undefined || props.hint === ''}>
        <dd data-warm={props.warm ?? false}>{props.value}</dd>
      </Tooltip>
    </div>
  )
}

const pulseSeconds = 60
const bucketSeconds = 2

/** The last minute of every channel that was heard in it, in bars of two seconds. */
function Pulses(props: { events: readonly LiveRowFragment[] }) {
  const t = useText(liveText)
  const c = useCommon()
  const format = useFormat()
  const now = useNow(bucketSeconds * 1000)
  const bars = pulsesOf(props.events, now)
  if (bars.size === 0) return null
  return (
    <ul className={style.pulses}>
      {[...bars].map(([channel, counts]) => {
        const total = counts.reduce((sum, count) => sum + count, 0)
        return (
          <li key={channel} title={t.pulse(c.channels[channel], format.number(total))}>
            <span>{c.channels[channel]}</span>
            <svg viewBox={`0 0 ${counts.length * 4} 20`} width={counts.length * 4} height={20} aria-hidden="true">
              {counts.map((count, index) => {
                const height = count === 0 ? 1 : Math.min(20, 4 + count * 4)
                return (
                  <rect
                    // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place in time
                    key={index}
                    x={index * 4}
                    y={20 - height}
                    width={2.5}
                    height={height}
                    rx={1}
                    fill={count === 0 ? 'var(--line-strong)' : 'var(--primary)'}
                  />
                )
              })}
            </svg>
            <span className={style.pulseCount}>{format.number(total)}</span>
          </li>
        )
      })}
    </ul>
  )
}

function pulsesOf(events: readonly LiveRowFragment[], now: number): Map<Channel, number[]> {
  const buckets = pulseSeconds / bucketSeconds
  const pulses = new Map<Channel, number[]>()
  for (const event of events) {
    const age = (now - Date.parse(event.receivedAt)) / 1000
    if (age >= pulseSeconds) continue
    const counts = pulses.get(event.channel) ?? new Array<number>(buckets).fill(0)
    const bucket = Math.min(buckets - 1, buckets - 1 - Math.floor(Math.max(0, age) / bucketSeconds))
    counts[bucket] = (counts[bucket] ?? 0) + 1
    pulses.set(event.channel, counts)
  }
  return pulses
}
