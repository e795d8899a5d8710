import { useMemo } from 'react'
import { useFormat, useText } from '../../i18n/use-text.ts'
import { Chart, type ChartPoint } from '../../ui/chart/chart.tsx'
import { ChartFrame } from '../../ui/chart/chart-frame.tsx'
import { useChartColors } from '../../ui/chart/colors.ts'
import { useOpenWaits } from './sum-line.tsx'
import { marksSeconds, type SurvivalPoint, sayPoint, stillWaitingAt, survivalOption } from './survival-option.ts'
import { responseText } from './text.ts'

/** "Still waiting after t": everybody at the start, nobody once all are answered. */
export function Survival(props: { points: readonly SurvivalPoint[] }) {
  const t = useText(responseText)
  const format = useFormat()
  const colors = useChartColors()
  const { points } = props
  const option = useMemo(
    () => survivalOption(points, colors, format, t.survivalFinding),
    [points, colors, format, t.survivalFinding],
  )
  const marks = useMemo(
    () =>
      marksSeconds.map((seconds, dataIndex): ChartPoint => {
        const said = sayPoint(stillWaitingAt(points, seconds), seconds, format, t.survivalFinding)
        return { seriesIndex: 1, dataIndex, said }
      }),
    [points, format, t.survivalFinding],
  )
  const openWaits = useOpenWaits()
  // The share is an estimate; what opens are the waits that were longer, answered later or not at all.
  const open = (seconds: number) =>
    openWaits('waits', t.longerThan(format.duration(seconds)), { bucket: `>${seconds}` })
  const quarter = stillWaitingAt(points, 900)
  const title =
    points.length === 0
      ? t.survivalTitle
      : t.survivalFinding(format.percent(Math.round(quarter.stillWaiting * 100) / 100), format.duration(900))
  return (
    <ChartFrame
      title={title}
      summary={t.survivalSummary}
      fileName="still-waiting-after"
      definition={{ name: t.survivalTitle, sentence: t.survivalDefinition }}
      table={{
        rows: points,
        rowKey: (point) => String(point.seconds),
        onRow: (point) => open(Math.round(point.seconds)),
        columns: [
          {
            key: 'after',
            header: t.after,
            cell: (point) => format.duration(point.seconds),
            csv: (point) => point.seconds,
          },
          {
            key: 'still',
            header: t.still,
            align: 'end',
            cell: (point) => format.percent(point.stillWaiting),
            csv: (point) => point.stillWaiting,
          },
          {
            key: 'low',
            header: t.low,
            align: 'end',
            cell: (point) => (point.low === null ? '–' : format.percent(point.low)),
            csv: (point) => point.low,
          },
          {
            key: 'high',
            header: t.high,
            align: 'end',
            cell: (point) => (point.high === null ? '–' : format.percent(point.high)),
            csv: (point) => point.high,
          },
        ],
      }}
    >
      <Chart
        option={option}
        label={`${title}. ${t.survivalSummary}`}
        points={marks}
        heightPx={300}
        onPoint={({ seriesIndex, dataIndex }) => {
          const seconds = seriesIndex === 1 ? marksSeconds[dataIndex] : undefined
          if (seconds !== undefined) open(seconds)
        }}
      />
    </ChartFrame>
  )
}
