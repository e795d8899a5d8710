import { useMediaQuery } from '@mantine/hooks'
import { useMemo } from 'react'
import { useFormat, useText } from '../../i18n/use-text.ts'
import { Chart, type ChartPoint } from '../../ui/chart/chart.tsx'
import { ChartFrame } from '../../ui/chart/chart-frame.tsx'
import { useChartColors } from '../../ui/chart/colors.ts'
import { RowsButton } from '../../ui/rows/rows-button.tsx'
import { type AveragePoint, curveOption } from './curve-option.ts'
import { useOpenAverage } from './open-people.ts'
import type { Retention } from './page.tsx'
import type { RetentionQuestion } from './search.ts'
import { retentionText } from './text.ts'
import { useWords } from './use-words.ts'

/** The weighted average over cohorts, with its band and the number of cohorts behind each point. */
export function Curve(props: { retention: Retention; question: RetentionQuestion }) {
  const t = useText(retentionText)
  const format = useFormat()
  const colors = useChartColors()
  const phone = useMediaQuery('(max-width: 640px)') ?? false
  const { grain, average } = props.retention
  const openAverage = useOpenAverage(props)
  const words = useWords(props.retention)
  const after = props.retention.return === 'ON_OR_AFTER'
  const points = useMemo(() => average.filter((point) => point.column > 0 && point.share !== null), [average])
  const columnName = words.column
  const say = useMemo(
    () => (point: AveragePoint) =>
      [
        columnName(point.column),
        t.cell(format.percent(point.share ?? 0), format.number(point.numerator), format.number(point.denominator)),
        point.low === null || point.high === null
          ? ''
          : t.between(format.percent(point.low), format.percent(point.high)),
        t.rowsUsed(point.rowsUsed),
      ]
        .filter((line) => line !== '')
        .join('\n'),
    [columnName, t, format],
  )
  const option = useMemo(
    () => curveOption(points, columnName, say, colors, format, phone),
    [points, columnName, say, colors, format, phone],
  )
  const walked = useMemo(
    () => points.map((point, dataIndex): ChartPoint => ({ seriesIndex: 0, dataIndex, said: say(point) })),
    [points, say],
  )
  const finding =
    points.find((point) => point.column === (grain === 'MONTH' ? 1 : grain === 'WEEK' ? 4 : 7)) ?? points.at(-1)
  const look = props.retention.looks.find((each) => each.column === finding?.column)
  const spans = look !== undefined && look.to !== null && look.to !== look.from
  const title =
    finding?.share == null
      ? t.curve
      : spans
        ? t.findingIn(format.percent(finding.share), columnName(finding.column))
        : t.curveFinding[grain](format.percent(finding.share), look?.from ?? finding.column, after)
  if (points.length === 0) return null
  return (
    <ChartFrame
      title={title}
      summary={t.curveSummary}
      fileName="retention-average"
      definition={{ name: t.curve, sentence: t.curveDefinition }}
      table={{
        rows: points,
        rowKey: (point) => String(point.column),
        columns: [
          {
            key: 'column',
            header: t.interval,
            cell: (point) => columnName(point.column),
            csv: (point) => point.column,
          },
          {
            key: 'share',
            header: t.share,
            align: 'end',
            cell: (point) => format.percent(point.share ?? 0),
            csv: (point) => point.share,
          },
          {
            key: 'low',
            header: t.low,
            align: 'end',
            cell: (point) => format.percent(point.low ?? 0),
            csv: (point) => point.low,
          },
          {
            key: 'high',
            header: t.high,
            align: 'end',
            cell: (point) => format.percent(point.high ?? 0),
            csv: (point) => point.high,
          },
          {
            key: 'numerator',
            header: t.people,
            align: 'end',
            cell: (point) => (
              <RowsButton onOpen={point.numerator === 0 ? null : () => openAverage(point.column)} about={t.people}>
                {format.number(point.numerator)}
              </RowsButton>
            ),
            csv: (point) => point.numerator,
          },
          {
            key: 'denominator',
            header: t.of,
            align: 'end',
            cell: (point) => (
              <RowsButton onOpen={() => openAverage(point.column, { of: true })} about={t.of}>
                {format.number(point.denominator)}
              </RowsButton>
            ),
            csv: (point) => point.denominator,
          },
          {
            key: 'used',
            header: t.used,
            align: 'end',
            cell: (point) => format.number(point.rowsUsed),
            csv: (point) => point.rowsUsed,
          },
        ],
      }}
    >
      <Chart
        option={option}
        label={`${title}. ${t.curveSummary}`}
        points={walked}
        heightPx={280}
        onPoint={({ dataIndex }) => {
          const point = points[dataIndex]
          if (point !== undefined && point.numerator > 0) openAverage(point.column)
        }}
      />
    </ChartFrame>
  )
}
