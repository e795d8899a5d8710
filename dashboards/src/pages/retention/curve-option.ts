import type { Format } from '../../i18n/format.ts'
import { bandSeries, runsOf } from '../../ui/chart/bands.ts'
import type { EChartsOption } from '../../ui/chart/chart.tsx'
import type { ChartColors } from '../../ui/chart/colors.ts'
import { categoryAxis, escapeHtml, grid, tooltip, valueAxis } from '../../ui/chart/parts.ts'
import type { Retention } from './page.tsx'

/** Names that stand beside each other on a phone. */
const narrowNamesMax = 4

function narrowLabels(colors: ChartColors, count: number) {
  return { color: colors.ink3, margin: 12, interval: Math.ceil(count / narrowNamesMax) - 1, hideOverlap: true }
}

export type AveragePoint = Retention['average'][number]

/** A line over the intervals after entering, with its band; how many cohorts it rests on is written under each point. */
export function curveOption(
  points: readonly AveragePoint[],
  columnName: (column: number) => string,
  say: (point: AveragePoint) => string,
  colors: ChartColors,
  format: Format,
  narrow: boolean,
): EChartsOption {
  return {
    grid: grid({ top: 24, right: 16 }),
    xAxis: categoryAxis(
      points.map((point) => columnName(point.column)),
      colors,
      // On a phone only as many names as fit without touching; the tooltip and the table have the others.
      { boundaryGap: true, ...(narrow ? { axisLabel: narrowLabels(colors, points.length) } : {}) },
    ),
    yAxis: valueAxis(format.percent, colors, { min: 0 }),
    tooltip: tooltip(colors, {
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: colors.line } },
      formatter: (items: unknown) => {
        const index = Array.isArray(items) ? (items[0] as { dataIndex: number } | undefined)?.dataIndex : undefined
        const point = index === undefined ? undefined : points[index]
        return point === undefined ? '' : escapeHtml(say(point)).replaceAll('\n', '<br>')
      },
    }),
    series: [
      {
        type: 'line',
        data: points.map((point) => point.share),
        symbol: 'circle',
        symbolSize: 8,
        showAllSymbol: true,
        lineStyle: { color: colors.primary, width: 2.25 },
        itemStyle: { color: colors.primary, borderColor: colors.paper, borderWidth: 1.5 },
        label: {
          show: !narrow,
          position: 'top',
          distance: 8,
          color: colors.ink2,
          fontSize: 12,
          formatter: (item: { dataIndex: number }) =>
            format.percent(Math.round((points[item.dataIndex]?.share ?? 0) * 1000) / 1000),
        },
        z: 4,
      },
      bandSeries(
        runsOf(
          points.map((point, x) =>
            point.low === null || point.high === null ? null : { x, low: point.low, high: point.high },
          ),
        ),
        colors.primary,
        0.16,
      ),
    ] as NonNullable<EChartsOption['series']>,
  }
}
