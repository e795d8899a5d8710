import { useMediaQuery } from '@mantine/hooks'
import { useMemo } from 'react'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { Chart, type ChartPoint } from '../../ui/chart/chart.tsx'
import { ChartFrame } from '../../ui/chart/chart-frame.tsx'
import { categoryOf, useChartColors } from '../../ui/chart/colors.ts'
import { distributionOption, outcomes, type ResponseBucket } from './distribution-option.ts'
import type { ResponseTimes } from './page.tsx'
import style from './response-times.module.css'
import { useOpenWaits } from './sum-line.tsx'
import { responseText } from './text.ts'

/** Every wait by how long it lasted and how it ended; a bar opens its people. */
export function Distribution(props: { times: ResponseTimes }) {
  const t = useText(responseText)
  const c = useCommon()
  const format = useFormat()
  const colors = useChartColors()
  const openWaits = useOpenWaits()
  const phone = useMediaQuery('(max-width: 640px)') ?? false
  const buckets = props.times.distribution
  const names = useBucketNames(buckets)
  const option = useMemo(
    () => distributionOption(buckets, names, c.outcome, colors, format, phone),
    [buckets, names, c.outcome, colors, format, phone],
  )
  const points = useMemo(
    () =>
      outcomes.flatMap((each, seriesIndex) =>
        buckets.flatMap((bucket, dataIndex): ChartPoint[] => {
          const count = bucket[each.key]
          if (count === 0) return []
          const said = `${names[dataIndex]}, ${c.outcome[each.outcome]}: ${format.number(count)}`
          return [{ seriesIndex, dataIndex, said }]
        }),
      ),
    [buckets, names, c.outcome, format],
  )
  const open = (seriesIndex: number, dataIndex: number) => {
    const [part, bucket] = [outcomes[seriesIndex], buckets[dataIndex]]
    if (part === undefined || bucket === undefined) return
    openWaits(part.metric, `${c.outcome[part.outcome]} · ${names[dataIndex]}`, { bucket: bucket.bucket })
  }
  const summary = t.distributionSummary(useMost(buckets, names))
  return (
    <ChartFrame
      title={t.distributionTitle}
      summary={summary}
      fileName="wait-distribution"
      definition={{ name: t.distributionTitle, sentence: t.distributionDefinition }}
      legend={<OutcomeLegend />}
      table={{
        rows: buckets,
        rowKey: (bucket) => bucket.bucket,
        onRow: (bucket) =>
          openWaits('waits', names[buckets.indexOf(bucket)] ?? bucket.bucket, { bucket: bucket.bucket }),
        columns: [
          {
            key: 'lasted',
            header: t.lasted,
            cell: (bucket) => names[buckets.indexOf(bucket)],
            csv: (bucket) => bucket.bucket,
          },
          ...outcomes.map((each) => ({
            key: each.key,
            header: c.outcome[each.outcome],
            align: 'end' as const,
            cell: (bucket: ResponseBucket) => format.number(bucket[each.key]),
            csv: (bucket: ResponseBucket) => bucket[each.key],
          })),
        ],
      }}
    >
      <Chart
        option={option}
        label={`${t.distributionTitle} ${summary}`}
        points={points}
        heightPx={phone ? 360 : 280}
        onPoint={({ seriesIndex, dataIndex }) => open(seriesIndex, dataIndex)}
      />
    </ChartFrame>
  )
}

function OutcomeLegend() {
  const c = useCommon()
  const colors = useChartColors()
  return (
    <ul className={style.legend}>
      {outcomes.map((each) => (
        <li key={each.key}>
          <span style={{ background: colors.categories[categoryOf[each.key]] }} aria-hidden="true" />
          {c.outcome[each.outcome]}
        </li>
      ))}
    </ul>
  )
}

function useBucketNames(buckets: readonly ResponseBucket[]): string[] {
  const t = useText(responseText)
  const format = useFormat()
  return useMemo(
    () =>
      buckets.map(({ fromSeconds, toSeconds }) => {
        if (toSeconds === null) return t.over(format.duration(fromSeconds))
        if (fromSeconds === 0) return t.under(format.duration(toSeconds))
        return t.between(format.duration(fromSeconds), format.duration(toSeconds))
      }),
    [buckets, t, format],
  )
}

/** The fullest bucket, in words. */
function useMost(buckets: readonly ResponseBucket[], names: readonly string[]): string {
  const t = useText(responseText)
  const format = useFormat()
  const sizes = buckets.map((bucket) => bucket.answered + bucket.waiting + bucket.abandoned)
  const all = sizes.reduce((sum, size) => sum + size, 0)
  const most = sizes.indexOf(Math.max(...sizes))
  if (all === 0) return ''
  return t.distributionMost(format.percent(Math.round((100 * (sizes[most] ?? 0)) / all) / 100), names[most] ?? '')
}
