import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { ChartFrame } from '../../ui/chart/chart-frame.tsx'
import { RowsButton } from '../../ui/rows/rows-button.tsx'
import type { Column } from '../../ui/table/data-table.tsx'
import { useOpenAverage } from './open-people.ts'
import type { Retention } from './page.tsx'
import style from './retention.module.css'
import type { RetentionQuestion } from './search.ts'
import { retentionText } from './text.ts'
import { useWords } from './use-words.ts'

type Segment = Retention['segments'][number]
type Point = Segment['average'][number]

/** The weighted average for each value of the breakdown: one line per channel, or with and without a campaign before. */
export function Segments(props: { retention: Retention; question: RetentionQuestion }) {
  const t = useText(retentionText)
  const c = useCommon()
  const format = useFormat()
  const words = useWords(props.retention)
  const open = useOpenAverage(props)
  const { segments } = props.retention
  const byCampaign = props.question.options.breakdown === 'CAMPAIGN'
  const nameOf = ({ value }: Segment) =>
    byCampaign ? t.exposures[value === 'campaign' ? 'campaign' : 'none'] : channelName(value, c.channels)
  const shown = columnsWithAny(segments)
  const pointOf = (segment: Segment, column: number) => segment.average.find((point) => point.column === column)
  const columns: Column<Segment>[] = [
    { key: 'value', header: t.segment, cell: nameOf, csv: nameOf },
    { key: 'size', header: t.people, align: 'end', cell: ({ size }) => format.number(size), csv: ({ size }) => size },
    ...shown.map(
      (column): Column<Segment> => ({
        key: String(column),
        header: words.column(column),
        align: 'end',
        cell: (segment) => said(pointOf(segment, column)),
        csv: (segment) => pointOf(segment, column)?.share ?? null,
      }),
    ),
  ]
  const said = (point: Point | undefined) =>
    point?.share == null
      ? '–'
      : `${format.percent(point.share)} · ${format.number(point.numerator)} / ${format.number(point.denominator)}`
  return (
    <ChartFrame
      title={byCampaign ? t.byCampaign : t.byChannel}
      summary={byCampaign ? t.byCampaignSummary : t.byChannelSummary}
      fileName="retention-breakdown"
      definition={{ name: t.breakdown, sentence: t.breakdownDefinition, note: props.retention.question }}
      withoutPng
      table={{ columns, rows: segments, rowKey: (segment) => segment.value }}
    >
      <div className={style.scroller}>
        <table className={style.grid}>
          <caption className="visually-hidden">{byCampaign ? t.byCampaign : t.byChannel}</caption>
          <thead>
            <tr>
              <th scope="col" className={style.cohort}>
                {t.segment}
              </th>
              <th scope="col" className={style.size}>
                {t.people}
              </th>
              {shown.map((column) => (
                <th key={column} scope="col">
                  {words.column(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {segments.map((segment) => (
              <tr key={segment.value}>
                <th scope="row" className={style.cohort}>
                  {nameOf(segment)}
                </th>
                <td className={style.size}>{words.count(segment.size)}</td>
                {shown.map((column) => (
                  <SegmentCell
                    key={column}
                    point={pointOf(segment, column)}
                    onOpen={() => open(column, { segment: { value: segment.value, name: nameOf(segment) } })}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </ChartFrame>
  )
}

/** A share, with its limits below it; of few people the limits are wide, and say so. */
function SegmentCell(props: { point: Point | undefined; onOpen: () => void }) {
  const t = useText(retentionText)
  const format = useFormat()
  const { point } = props
  if (point?.share == null || point.low === null || point.high === null) {
    return (
      <td className={style.segment}>
        <span className={style.none}>–</span>
      </td>
    )
  }
  const rounded = (share: number) => format.percent(Math.round(share * 100) / 100)
  return (
    <td className={style.segment}>
      <RowsButton onOpen={point.numerator === 0 ? null : props.onOpen} about={t.rowsUsed(point.rowsUsed)}>
        {rounded(point.share)}
      </RowsButton>
      <span className={style.limits}>
        {rounded(point.low)}–{rounded(point.high)}
      </span>
    </td>
  )
}

function channelName(value: string, names: Record<string, string>): string {
  return names[value.toUpperCase()] ?? value
}

/** Columns in which anything is complete. */
function columnsWithAny(segments: readonly Segment[]): number[] {
  const columns = segments.flatMap(({ average }) =>
    average.filter((point) => point.column > 0 && point.share !== null).map((point) => point.column),
  )
  return [...new Set(columns)].sort((a, b) => a - b)
}
