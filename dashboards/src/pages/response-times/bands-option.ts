import type { ResponseTimesQuery } from '../../generated/graphql.ts'
import type { Wording } from '../../i18n/catalogue.ts'
import type { Format } from '../../i18n/format.ts'
import { bandSeries, runsOf } from '../../ui/chart/bands.ts'
import type { EChartsOption } from '../../ui/chart/chart.tsx'
import type { ChartColors } from '../../ui/chart/colors.ts'
import { categoryAxis, grid, tooltip, valueAxis } from '../../ui/chart/parts.ts'
import type { responseText } from './text.ts'
import { toScale, waitAxis } from './wait-scale.ts'

export type ResponseDay = ResponseTimesQuery['business']['responseTimes']['days'][number]
type Text = Wording<(typeof responseText)['en']>

/** The series whose points the arrow keys walk. */
export const medianSeriesIndex = 0

/** p50 as a line, p75 and p90 as bands above it, the compared period's p50 as a ghost; provisional days hatched and dashed. */
export function bandsOption(days: readonly ResponseDay[], colors: ChartColors, format: Format, t: Text): EChartsOption {
  const all = days.flatMap((day) => [day.p50, day.p75, day.p90, day.previousP50]).filter((value) => value !== null)
  const axis = waitAxis(all.length === 0 ? [60, 3600] : all, format, 15)
  const scaled = (value: number | null) => (value === null ? null : toScale(value))
  const upper = (read: 'p75' | 'p90', lower: 'p50' | 'p75') =>
    days.map((day, index) => {
      const [low, high] = [scaled(day[lower]), scaled(day[read])]
      return low === null || high === null ? null : { x: index, low, high, hatched: day.state === 'PROVISIONAL' }
    })
  const solid = days.map((day) => (day.state === 'COMPLETE' ? scaled(day.p50) : null))
  // The dashed part begins at the last complete day, so that the line has no hole.
  const dashed = days.map((day, index) =>
    day.state === 'PROVISIONAL' || days[index + 1]?.state === 'PROVISIONAL' ? scaled(day.p50) : null,
  )
  const line = { type: 'line' as const, showSymbol: false, connectNulls: false, z: 4 }
  return {
    grid: grid({ top: 12 }),
    xAxis: categoryAxis(
      days.map((day) => format.day(day.day)),
      colors,
    ),
    yAxis: valueAxis(axis.say, colors, {
      min: axis.min,
      max: axis.max,
      axisLabel: { color: colors.ink3, formatter: axis.say, customValues: axis.marks },
      axisTick: { customValues: axis.marks },
    }),
    tooltip: tooltip(colors, {
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: colors.line } },
      formatter: (items: unknown) => {
        const index = Array.isArray(items) ? (items[0] as { dataIndex: number } | undefined)?.dataIndex : undefined
        const day = index === undefined ? undefined : days[index]
        return day === undefined ? '' : sayDay(day, format, t).replaceAll('\n', '<br>')
      },
    }),
    series: [
      {
        ...line,
        name: t.half,
        data: days.map((day) => scaled(day.p50)),
        lineStyle: { opacity: 0 },
        itemStyle: { color: colors.primary },
        emphasis: { disabled: true },
      },
      {
        ...line,
        data: solid,
        silent: true,
        lineStyle: { color: colors.primary, width: 2.25 },
        showSymbol: days.length < 2,
      },
      {
        ...line,
        data: dashed,
        silent: true,
        lineStyle: { color: colors.primary, width: 2, type: [3, 4] },
      },
      {
        ...line,
        name: t.previous,
        z: 3,
        silent: true,
        data: days.map((day) => scaled(day.previousP50)),
        lineStyle: { color: colors.ghost, width: 1.5 },
      },
      {
        // A ring around the median of a day whose number moved after the day had ended.
        ...line,
        name: t.revised,
        z: 5,
        silent: true,
        data: days.map((day) => (day.revision === null ? null : scaled(day.p50))),
        lineStyle: { opacity: 0 },
        showSymbol: true,
        showAllSymbol: true,
        symbol: 'emptyCircle',
        symbolSize: 9,
        itemStyle: { color: colors.warm, borderWidth: 2 },
      },
      bandSeries(runsOf(upper('p90', 'p75')), colors.primary, 0.1),
      bandSeries(runsOf(upper('p75', 'p50')), colors.primary, 0.22),
    ],
  }
}

/** A day in words: for the tooltip and for screen readers. */
export function sayDay(day: ResponseDay, format: Format, t: Text): string {
  const value = (seconds: number | null) => (seconds === null ? '–' : format.duration(seconds))
  const lines = [
    `${format.dayLong(day.day)}${day.state === 'PROVISIONAL' ? ` · ${t.provisional}` : ''}`,
    `${t.half}: ${value(day.p50)}`,
    `${t.threeQuarters}: ${value(day.p75)}`,
    `${t.nineTenths}: ${value(day.p90)}`,
    `${t.answeredColumn}: ${format.number(day.answered)} / ${format.number(day.n)}`,
  ]
  if (day.revision !== null) lines.push(day.revision.sentence)
  if (day.previousP50 !== null) lines.push(`${t.previous}: ${value(day.previousP50)}`)
  return lines.join('\n')
}
