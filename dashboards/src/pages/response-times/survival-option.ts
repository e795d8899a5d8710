import type { ResponseTimesQuery } from '../../generated/graphql.ts'
import type { Format } from '../../i18n/format.ts'
import { bandSeries, runsOf } from '../../ui/chart/bands.ts'
import type { EChartsOption } from '../../ui/chart/chart.tsx'
import type { ChartColors } from '../../ui/chart/colors.ts'
import { grid, tooltip, valueAxis } from '../../ui/chart/parts.ts'
import { toScale, waitAxis } from './wait-scale.ts'

export type SurvivalPoint = ResponseTimesQuery['business']['responseTimes']['survival'][number]

/** Where the curve is read aloud: 5 min, 15 min, 1 h, 24 h. */
export const marksSeconds = [300, 900, 3600, 86_400]

/** The share still waiting at a time: the last step at or before it; everybody before the first. */
export function stillWaitingAt(points: readonly SurvivalPoint[], seconds: number): SurvivalPoint {
  const step = points.findLast((point) => point.seconds <= seconds)
  return step ?? { seconds, stillWaiting: 1, low: 1, high: 1 }
}

/** A stair that falls as answers come, over log time, with its band and four marks. */
export function survivalOption(
  points: readonly SurvivalPoint[],
  colors: ChartColors,
  format: Format,
  say: (share: string, after: string) => string,
): EChartsOption {
  // A handful of people who wait for weeks must not squeeze the hours that matter.
  const last = Math.min(points.at(-1)?.seconds ?? 0, 7 * 86_400)
  const axis = waitAxis([60, Math.max(86_400, last)], format)
  const start = { seconds: 10 ** axis.min, stillWaiting: 1, low: 1, high: 1 }
  const steps = [start, ...points.filter((point) => point.seconds > start.seconds)]
  const shown = marksSeconds.map((at) => ({ at, stillWaiting: stillWaitingAt(points, at).stillWaiting }))
  return {
    grid: grid({ top: 12, right: 16 }),
    xAxis: valueAxis(axis.say, colors, {
      min: axis.min,
      max: axis.max,
      axisLine: { show: true, lineStyle: { color: colors.line } },
      axisLabel: { color: colors.ink3, formatter: axis.say, customValues: axis.marks, hideOverlap: true, margin: 12 },
      axisTick: { show: false },
      splitLine: { show: false },
    }),
    yAxis: valueAxis(format.percent, colors, { min: 0, max: 1, interval: 0.25 }),
    tooltip: tooltip(colors, {
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: colors.line }, label: { show: false } },
      formatter: (items: unknown) => {
        const x = Array.isArray(items) ? (items[0] as { axisValue: number } | undefined)?.axisValue : undefined
        if (x === undefined) return ''
        const point = stillWaitingAt(points, 10 ** x + 0.5)
        return sayPoint(point, 10 ** x, format, say)
      },
    }),
    series: [
      {
        type: 'line',
        step: 'end',
        data: steps.map((point) => [toScale(point.seconds), point.stillWaiting]),
        showSymbol: false,
        lineStyle: { color: colors.primary, width: 2.25 },
        itemStyle: { color: colors.primary },
        z: 4,
      },
      {
        type: 'scatter',
        data: shown.map((point) => [toScale(point.at), point.stillWaiting]),
        symbolSize: 9,
        itemStyle: { color: colors.paper, borderColor: colors.primary, borderWidth: 2 },
        z: 5,
        label: {
          show: true,
          position: 'right',
          distance: 8,
          offset: [0, -10],
          color: colors.ink,
          fontWeight: 550,
          fontSize: 12,
          formatter: (item: { dataIndex: number }) => format.percent(round(shown[item.dataIndex]?.stillWaiting ?? 0)),
        },
        tooltip: { show: false },
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: colors.line, type: 'solid', width: 1 },
          data: marksSeconds.map((seconds) => ({ xAxis: toScale(seconds) })),
        },
      },
      bandSeries(
        runsOf(
          steps.map((point) =>
            point.low === null || point.high === null
              ? null
              : { x: toScale(point.seconds), low: point.low, high: point.high },
          ),
        ),
        colors.primary,
        0.14,
        true,
      ),
    ] as NonNullable<EChartsOption['series']>,
  }
}

function round(share: number): number {
  return Math.round(share * 100) / 100
}

/** "39 % are still waiting after 15 min (37 % – 41 %)" */
export function sayPoint(
  point: SurvivalPoint,
  seconds: number,
  format: Format,
  say: (share: string, after: string) => string,
): string {
  const sentence = say(format.percent(point.stillWaiting), format.duration(Math.round(seconds)))
  if (point.low === null || point.high === null) return sentence
  return `${sentence} (${format.percent(point.low)} – ${format.percent(point.high)})`
}
