import type { ResponseTimesQuery, SpellOutcome } from '../../generated/graphql.ts'
import type { Format } from '../../i18n/format.ts'
import type { EChartsOption } from '../../ui/chart/chart.tsx'
import { type ChartColors, categoryOf } from '../../ui/chart/colors.ts'
import { categoryAxis, escapeHtml, grid, tooltip, valueAxis } from '../../ui/chart/parts.ts'

export type ResponseBucket = ResponseTimesQuery['business']['responseTimes']['distribution'][number]

/** In the order of the series. */
export const outcomes = [
  { key: 'answered', outcome: 'ANSWERED', metric: 'waits_answered' },
  { key: 'waiting', outcome: 'WAITING', metric: 'waits_waiting' },
  { key: 'abandoned', outcome: 'ABANDONED', metric: 'waits_abandoned' },
] as const satisfies readonly { key: keyof ResponseBucket; outcome: SpellOutcome; metric: string }[]

/** Bars by how long a wait lasted, stacked by how it ended. `lying`: for narrow screens, where names fit only beside. */
export function distributionOption(
  buckets: readonly ResponseBucket[],
  names: readonly string[],
  outcomeNames: Record<SpellOutcome, string>,
  colors: ChartColors,
  format: Format,
  lying: boolean,
): EChartsOption {
  const named = categoryAxis(names, colors, {
    boundaryGap: true,
    inverse: lying,
    axisLabel: lying
      ? { color: colors.ink3, interval: 0 }
      : { color: colors.ink3, interval: 0, margin: 12, width: 76, overflow: 'break', lineHeight: 15 },
  })
  const counted = valueAxis(format.compact, colors, { minInterval: 1 })
  return {
    grid: grid({ top: 12 }),
    xAxis: lying ? counted : named,
    yAxis: lying ? named : counted,
    tooltip: tooltip(colors, {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: colors.line, opacity: 0.4 } },
      formatter: (items: unknown) => {
        const index = Array.isArray(items) ? (items[0] as { dataIndex: number } | undefined)?.dataIndex : undefined
        const bucket = index === undefined ? undefined : buckets[index]
        if (bucket === undefined || index === undefined) return ''
        const lines = outcomes.map(
          (each) => `${escapeHtml(outcomeNames[each.outcome])}: <b>${format.number(bucket[each.key])}</b>`,
        )
        return [escapeHtml(names[index] ?? ''), ...lines].join('<br>')
      },
    }),
    series: outcomes.map((each) => ({
      type: 'bar' as const,
      stack: 'waits',
      name: outcomeNames[each.outcome],
      data: buckets.map((bucket) => bucket[each.key]),
      cursor: 'pointer',
      barMaxWidth: 56,
      barCategoryGap: '24%',
      itemStyle: { color: colors.categories[categoryOf[each.key]] ?? colors.primary },
      emphasis: { focus: 'none' as const },
    })),
  }
}
