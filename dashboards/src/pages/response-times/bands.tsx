import { useMemo } from 'react'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { Chart, type ChartPoint } from '../../ui/chart/chart.tsx'
import { ChartFrame } from '../../ui/chart/chart-frame.tsx'
import { useChartColors } from '../../ui/chart/colors.ts'
import { RowsButton } from '../../ui/rows/rows-button.tsx'
import { type LegendState, StateLegend } from '../../ui/state/state-legend.tsx'
import type { Column } from '../../ui/table/data-table.tsx'
import { bandsOption, medianSeriesIndex, type ResponseDay, sayDay } from './bands-option.ts'
import { useOpenWaits } from './sum-line.tsx'
import { responseText } from './text.ts'

/** Percentiles by the day on which the wait began; a day opens its waits. */
export function Bands(props: { days: readonly ResponseDay[] }) {
  const t = useText(responseText)
  const format = useFormat()
  const colors = useChartColors()
  const openWaits = useOpenWaits()
  const { days } = props
  const known = days.some((day) => day.p50 !== null || day.previousP50 !== null)
  const option = useMemo(() => bandsOption(days, colors, format, t), [days, colors, format, t])
  const points = useMemo(
    () =>
      days.flatMap((day, dataIndex): ChartPoint[] =>
        day.p50 === null ? [] : [{ seriesIndex: medianSeriesIndex, dataIndex, said: sayDay(day, format, t) }],
      ),
    [days, format, t],
  )
  const summary = useSummary(days)
  const openDay = (day: ResponseDay | undefined) => {
    if (day !== undefined && day.n > 0) openWaits('waits', format.dayLong(day.day), { from: day.day, to: day.day })
  }
  const openLate = (day: string) =>
    openWaits('late_events', t.lateTitle(format.dayLong(day)), { from: day, to: day, stage: 'waits' })
  const columns = useColumns(days.some((day) => day.revision !== null) ? openLate : null)
  const compared = days.some((day) => day.previousP50 !== null)
  const revised = days.some((day) => day.revision !== null)
  const states: LegendState[] = [
    'COMPLETE',
    'PROVISIONAL',
    ...(compared ? (['previous'] as const) : []),
    ...(revised ? (['revised'] as const) : []),
  ]
  return (
    <ChartFrame
      title={t.bandsTitle}
      summary={summary}
      fileName="response-times-by-day"
      definition={{ name: t.bandsTitle, sentence: t.bandsDefinition }}
      legend={<StateLegend states={states} />}
      table={{ columns, rows: days, rowKey: (day) => day.day, onRow: openDay }}
    >
      {known ? (
        <Chart
          option={option}
          label={`${t.bandsTitle} ${summary}`}
          points={points}
          heightPx={300}
          onPoint={({ dataIndex }) => openDay(days[dataIndex])}
        />
      ) : null}
    </ChartFrame>
  )
}

function useSummary(days: readonly ResponseDay[]): string {
  const t = useText(responseText)
  const format = useFormat()
  const known = days.filter((day) => day.p50 !== null).toSorted((a, b) => (a.p50 ?? 0) - (b.p50 ?? 0))
  const [best, worst] = [known[0], known.at(-1)]
  if (best?.p50 == null || worst?.p50 == null) return t.bandsNone
  return t.bandsSummary(
    format.duration(best.p50),
    format.day(best.day),
    format.duration(worst.p50),
    format.day(worst.day),
  )
}

/** `openLate` null: no day was revised, and the table has no column for it. */
function useColumns(openLate: ((day: string) => void) | null): Column<ResponseDay>[] {
  const t = useText(responseText)
  const c = useCommon()
  const format = useFormat()
  return useMemo(() => {
    const wait = (key: 'p50' | 'p75' | 'p90' | 'previousP50', header: string): Column<ResponseDay> => ({
      key,
      header,
      align: 'end',
      cell: (day) => (day[key] === null ? '–' : format.duration(day[key] ?? 0)),
      csv: (day) => day[key],
      sort: (day) => day[key],
    })
    return [
      {
        key: 'day',
        header: t.day,
        cell: (day) => format.dayLong(day.day),
        csv: (day) => day.day,
        sort: (day) => day.day,
      },
      wait('p50', t.half),
      wait('p75', t.threeQuarters),
      wait('p90', t.nineTenths),
      wait('previousP50', t.previous),
      {
        key: 'n',
        header: t.count,
        align: 'end',
        cell: (day) => format.number(day.n),
        csv: (day) => day.n,
        sort: (day) => day.n,
      },
      {
        key: 'answered',
        header: t.answeredColumn,
        align: 'end',
        cell: (day) => format.number(day.answered),
        csv: (day) => day.answered,
      },
      { key: 'state', header: t.state, cell: (day) => c.state[day.state], csv: (day) => day.state },
      ...(openLate === null
        ? []
        : [
            {
              key: 'revised',
              header: t.revised,
              cell: (day: ResponseDay) =>
                day.revision === null ? (
                  ''
                ) : (
                  <RowsButton onOpen={() => openLate(day.day)} about={format.dayLong(day.day)}>
                    {day.revision.sentence}
                  </RowsButton>
                ),
              csv: (day: ResponseDay) => day.revision?.sentence ?? null,
              sort: (day: ResponseDay) => day.revision?.lateEvents ?? 0,
            },
          ]),
    ]
  }, [t, c, format, openLate])
}
