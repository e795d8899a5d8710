import type { EChartsOption } from 'echarts'
import { lazy, Suspense } from 'react'
import { Bone } from '../state/skeletons.tsx'

export type { EChartsOption } from 'echarts'

/** A point that the arrow keys stop at: what is said of it, and where the tooltip shows. */
export type ChartPoint = { said: string; seriesIndex: number; dataIndex: number }

export type ChartProps = {
  /** made by a pure function of data, colours and format */
  option: EChartsOption
  /** said by screen readers: what the chart shows, in a sentence */
  label: string
  heightPx?: number
  points?: readonly ChartPoint[]
  /** Enter on a point, or a click: gives its index among the data of its series */
  onPoint?: (point: { seriesIndex: number; dataIndex: number }) => void
}

const Drawn = lazy(() => import('./echart.tsx').then((module) => ({ default: module.EChart })))

/** A chart; the library comes when the first one is shown. Put it within a `ChartFrame`. */
export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Bone height={props.heightPx ?? 320} radius={8} />}>
      <Drawn {...props} />
    </Suspense>
  )
}
