import { useReducedMotion } from '@mantine/hooks'
import type { ECharts } from 'echarts/core'
import { type KeyboardEvent, useContext, useEffect, useRef, useState } from 'react'
import { useCommon } from '../../i18n/use-text.ts'
import style from './chart.module.css'
import type { ChartProps } from './chart.tsx'
import { PngContext } from './chart-frame.tsx'
import { type ChartColors, useChartColors } from './colors.ts'
import { init } from './echarts.ts'

const movementMs = 150

/** Draws an option on a canvas: in the theme's colours, as wide as its place, with points that the arrow keys reach. */
export function EChart(props: ChartProps) {
  const t = useCommon()
  const colors = useChartColors()
  const still = useReducedMotion()
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<ECharts>(null)
  const onPoint = useRef(props.onPoint)
  onPoint.current = props.onPoint
  const registerPng = useContext(PngContext)
  const [at, setAt] = useState(-1)
  const points = props.points ?? []

  useEffect(() => {
    if (place.current === null) return
    const made = init(place.current)
    chart.current = made
    made.on('click', (event) => {
      onPoint.current?.({ seriesIndex: event.seriesIndex ?? 0, dataIndex: event.dataIndex })
    })
    const watch = new ResizeObserver(() => made.resize())
    watch.observe(place.current)
    return () => {
      watch.disconnect()
      made.dispose()
      chart.current = null
    }
  }, [])

  useEffect(() => {
    chart.current?.setOption({ ...themed(colors), animationDuration: still ? 0 : movementMs, ...props.option }, true)
  }, [props.option, colors, still])

  useEffect(() => {
    registerPng?.(() => chart.current?.getDataURL({ pixelRatio: 2, backgroundColor: colors.paper }) ?? null)
  }, [registerPng, colors])

  const goTo = (index: number) => {
    const point = points[index]
    if (point === undefined) return
    setAt(index)
    chart.current?.dispatchAction({ type: 'showTip', seriesIndex: point.seriesIndex, dataIndex: point.dataIndex })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: points.length - 1 }[event.key]
    if (next !== undefined && points.length > 0) {
      event.preventDefault()
      goTo(Math.max(0, Math.min(points.length - 1, next)))
    }
    const point = points[at]
    if (event.key === 'Enter' && point !== undefined) props.onPoint?.(point)
  }
  return (
    <>
      {/* An image that may be focused: the arrow keys walk its points. */}
      <div
        ref={place}
        className={style.canvas}
        role="img"
        aria-label={points.length > 0 ? `${props.label} ${t.chart.points}` : props.label}
        tabIndex={points.length > 0 ? 0 : undefined}
        style={{ height: props.heightPx ?? 320 }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setAt(-1)
          chart.current?.dispatchAction({ type: 'hideTip' })
        }}
      />
      <div className="visually-hidden" aria-live="polite">
        {points[at]?.said}
      </div>
    </>
  )
}

/** What all charts share; an option of a page wins over it key by key. */
function themed(colors: ChartColors) {
  return {
    backgroundColor: 'transparent',
    color: [...colors.categories],
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontSize: 12, color: colors.ink3 },
    aria: { enabled: false },
    animationEasing: 'cubicOut' as const,
  }
}
