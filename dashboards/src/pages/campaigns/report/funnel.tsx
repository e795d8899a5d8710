import { SegmentedControl } from '@mantine/core'
import { usePageSearch } from '../../../frame/use-frame.ts'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import { ChartFrame } from '../../../ui/chart/chart-frame.tsx'
import style from '../campaigns.module.css'
import type { Funnel, Report } from '../report-page.tsx'
import { useOpenStage } from './open-stage.ts'
import { readReportSearch } from './search.ts'
import { reportText } from './text.ts'

type StageKey = 'targeted' | 'eligible' | 'sent' | 'delivered' | 'read' | 'replied' | 'ordered'
type StageRow = { key: StageKey; count: number; raw: number; closed: number }

/** Bars from everybody targeted to those who ordered; a stage opens its people. */
export function CampaignFunnel(props: { campaign: Report; funnel: Funnel }) {
  const t = useText(reportText)
  const format = useFormat()
  const open = useOpenStage(props.campaign)
  const [search, setSearch] = usePageSearch(readReportSearch)
  const { funnel } = props
  const rows = stagesOf(funnel, search.raw === 1)
  const share = (count: number) =>
    format.percent(funnel.sent === 0 ? 0 : Math.round((1000 * count) / funnel.sent) / 1000)
  const count = (key: StageKey) => rows.find((row) => row.key === key)?.count ?? 0
  // Only receipts can be implied, so only they have another list of people as reported.
  const openStage = ({ key }: StageRow) =>
    open(search.raw === 1 && (key === 'delivered' || key === 'read') ? `${key}_raw` : key, t.stages[key])
  return (
    <ChartFrame
      title={t.funnel}
      summary={t.funnelSummary(share(count('read')), share(count('ordered')))}
      fileName="campaign-funnel"
      definition={{ name: t.funnel, sentence: t.funnelDefinition }}
      withoutPng
      controls={
        <SegmentedControl
          aria-label={t.counts}
          value={search.raw === 1 ? 'raw' : 'closed'}
          onChange={(value) => setSearch({ raw: value === 'raw' ? 1 : undefined }, { replace: true })}
          data={[
            { value: 'closed', label: t.closed },
            { value: 'raw', label: t.raw },
          ]}
        />
      }
      table={{
        rows,
        rowKey: (row) => row.key,
        onRow: (row) => {
          if (row.count > 0) openStage(row)
        },
        columns: [
          { key: 'stage', header: t.stage, cell: (row) => t.stages[row.key], csv: (row) => row.key },
          {
            key: 'closed',
            header: t.closed,
            align: 'end',
            cell: (row) => format.number(row.closed),
            csv: (row) => row.closed,
          },
          { key: 'raw', header: t.raw, align: 'end', cell: (row) => format.number(row.raw), csv: (row) => row.raw },
          {
            key: 'share',
            header: t.ofSent,
            align: 'end',
            cell: (row) => (isAfterSending(row.key) ? share(row.count) : ''),
          },
        ],
      }}
    >
      <ol className={style.funnel}>
        {rows.map((row) => (
          <li key={row.key} data-stage={row.key}>
            <span className={style.funnelName}>{t.stages[row.key]}</span>
            <span className={style.funnelBar} aria-hidden="true">
              <i style={{ width: `${funnel.targeted === 0 ? 0 : (100 * row.count) / funnel.targeted}%` }} />
            </span>
            {row.count === 0 ? (
              <span className={style.funnelCount}>{format.number(row.count)}</span>
            ) : (
              <button type="button" className={style.funnelCount} onClick={() => openStage(row)}>
                {format.number(row.count)}
              </button>
            )}
            <span className={style.funnelShare}>{isAfterSending(row.key) ? share(row.count) : ''}</span>
          </li>
        ))}
      </ol>
    </ChartFrame>
  )
}

function isAfterSending(key: StageKey): boolean {
  return key === 'delivered' || key === 'read' || key === 'replied' || key === 'ordered'
}

function stagesOf(funnel: Funnel, raw: boolean): StageRow[] {
  const plain = (key: 'targeted' | 'eligible' | 'sent'): StageRow => {
    const count = funnel[key]
    return { key, count, raw: count, closed: count }
  }
  const joined = (key: 'delivered' | 'read' | 'replied' | 'ordered'): StageRow => {
    const stage = funnel[key]
    return { key, count: raw ? stage.raw : stage.closed, ...stage }
  }
  return [
    plain('targeted'),
    plain('eligible'),
    plain('sent'),
    joined('delivered'),
    joined('read'),
    joined('replied'),
    joined('ordered'),
  ]
}
