import { Tooltip } from '@mantine/core'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useFormat, useText } from '../../i18n/use-text.ts'
import style from './channels.module.css'
import { type Hour, type Outcome, outcomes, totalOf } from './hours.ts'
import { outcomeText } from './outcome-text.ts'
import { channelsText } from './text.ts'

const width = 24
const gap = 0.22

/** Bars of one account's day, for a line in a list: the words beside it say the same. */
export function HourStrip(props: { hours: readonly Hour[] }) {
  const height = 32
  const scale = scaleOf(props.hours, height)
  return (
    <svg
      className={style.strip}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {props.hours.map((hour, index) => (
        <Bar key={hour.hour} hour={hour} x={index} height={height} scale={scale} />
      ))}
    </svg>
  )
}

/** The same, large: each hour says itself to mouse and keyboard; the arrow keys walk along. */
export function HourBars(props: { hours: readonly Hour[] }) {
  const t = useText(channelsText).chart
  const format = useFormat()
  const say = useSayHour()
  const { hours } = props
  const [active, setActive] = useState(hours.length - 1)
  const list = useRef<HTMLUListElement>(null)
  // A day without anything needs no tall empty picture.
  const height = totalOf(hours, ...outcomes) === 0 ? 24 : 140
  const scale = scaleOf(hours, height)
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -hours.length, End: hours.length }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = Math.min(hours.length - 1, Math.max(0, active + step))
    setActive(next)
    list.current?.querySelectorAll<HTMLElement>('button')[next]?.focus()
  }
  return (
    <div className={style.bars}>
      <ul ref={list} aria-label={t.hours} onKeyDown={walk}>
        {hours.map((hour, index) => (
          <li key={hour.hour}>
            <Tooltip label={say(hour)} openDelay={0}>
              <button
                type="button"
                tabIndex={index === active ? 0 : -1}
                aria-label={say(hour)}
                onFocus={() => setActive(index)}
              >
                <svg
                  style={{ height }}
                  viewBox={`0 0 1 ${height}`}
                  preserveAspectRatio="none"
                  aria-hidden="true"
                  focusable="false"
                >
                  <Bar hour={hour} x={0} height={height} scale={scale} />
                </svg>
              </button>
            </Tooltip>
            <span className={style.tick}>{index % 6 === 5 ? format.time(hour.hour) : ''}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function scaleOf(hours: readonly Hour[], height: number): number {
  const most = Math.max(1, ...hours.map((hour) => totalOf([hour], ...outcomes)))
  return (height - 2) / most
}

/** Stacked from the best below to the worst on top; whatever happened at all is at least two units high. */
function Bar(props: { hour: Hour; x: number; height: number; scale: number }) {
  const { hour, x, height, scale } = props
  const parts = outcomes.filter((outcome) => hour[outcome] > 0)
  let top = height
  if (parts.length === 0) {
    return <rect x={x + gap / 2} y={height - 1} width={1 - gap} height={1} className={style.none} />
  }
  return (
    <>
      {parts.map((outcome: Outcome) => {
        const size = Math.max(2, hour[outcome] * scale)
        top = Math.max(0, top - size)
        return (
          <rect key={outcome} x={x + gap / 2} y={top} width={1 - gap} height={size} className={style[outcome] ?? ''} />
        )
      })}
    </>
  )
}

function useSayHour(): (hour: Hour) => string {
  const t = useText(channelsText).chart
  const o = useText(outcomeText).outcomes
  const format = useFormat()
  return (hour) => {
    const parts = outcomes
      .filter((outcome) => hour[outcome] > 0)
      .map((outcome) => `${o[outcome]} ${format.number(hour[outcome])}`)
    return t.bar(format.time(hour.hour), parts.length === 0 ? t.nothingIn : parts.join(' · '))
  }
}
