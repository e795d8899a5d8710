import { SegmentedControl, UnstyledButton } from '@mantine/core'
import { createContext, type ReactNode, useCallback, useRef, useState } from 'react'
import { useCommon } from '../../i18n/use-text.ts'
import { saveFile, toCsv } from '../../lib/csv.ts'
import { Icon } from '../icons.tsx'
import { Definition } from '../metric/definition.tsx'
import { type Column, csvOf, DataTable } from '../table/data-table.tsx'
import style from './chart.module.css'

type GivePng = () => string | null

/** A chart within tells its frame how to get its picture. */
export const PngContext = createContext<((give: GivePng) => void) | null>(null)

/**
 * What stands around every chart: the finding as its title, a summary in words, chart or table, CSV and PNG, the
 * definition behind an (i).
 *
 * @param title the finding when there is one, else the question
 * @param summary one or two sentences that say what the picture shows
 * @param table the same figures as rows
 * @param fileName without extension, e.g. `response-times`
 */
export function ChartFrame<T>(props: {
  title: string
  summary: ReactNode
  table: { columns: readonly Column<T>[]; rows: readonly T[]; rowKey: (row: T) => string; onRow?: (row: T) => void }
  fileName: string
  definition?: { name: string; sentence: string; note?: string | null }
  /** switches of the chart, at the right of its title */
  controls?: ReactNode
  legend?: ReactNode
  /** charts that are not drawn by `Chart` have no picture to save */
  withoutPng?: boolean
  children: ReactNode
}) {
  const t = useCommon()
  const [shown, setShown] = useState<'chart' | 'table'>('chart')
  const png = useRef<GivePng>(null)
  const register = useCallback((give: GivePng) => {
    png.current = give
  }, [])
  const saveCsv = () => {
    const { header, rows } = csvOf(props.table.columns, props.table.rows)
    saveFile(`${props.fileName}.csv`, toCsv(header, rows))
  }
  const savePng = async () => {
    const url = png.current?.() ?? null
    if (url !== null) saveFile(`${props.fileName}.png`, pictureOf(url))
  }
  return (
    <section className={style.frame} aria-label={props.title}>
      <div className={style.head}>
        <div className={style.words}>
          <h2>
            {props.title}
            {props.definition === undefined ? null : (
              <span className={style.definition}>
                <Definition {...props.definition} />
              </span>
            )}
          </h2>
          <p>{props.summary}</p>
        </div>
        {props.controls === undefined ? null : <div className={style.controls}>{props.controls}</div>}
      </div>
      {shown === 'chart' ? (
        <PngContext.Provider value={register}>{props.children}</PngContext.Provider>
      ) : (
        <DataTable caption={props.title} density="compact" {...props.table} />
      )}
      <div className={style.foot}>
        <div>{props.legend}</div>
        <div className={style.tools}>
          <SegmentedControl
            aria-label={props.title}
            value={shown}
            onChange={(value) => setShown(value === 'table' ? 'table' : 'chart')}
            data={[
              { value: 'chart', label: t.chart.asChart },
              { value: 'table', label: t.chart.asTable },
            ]}
          />
          <Tool label={t.chart.csv} onClick={saveCsv} />
          {shown === 'chart' && props.withoutPng !== true ? (
            <Tool label={t.chart.png} onClick={() => void savePng()} />
          ) : null}
        </div>
      </div>
    </section>
  )
}

function Tool(props: { label: string; onClick: () => void }) {
  return (
    <UnstyledButton className={style.tool} onClick={props.onClick}>
      <Icon name="download" size={16} />
      {props.label}
    </UnstyledButton>
  )
}

/** A data URL as a file. It is decoded here, because our content policy forbids fetching such addresses. */
function pictureOf(dataUrl: string): Blob {
  const bytes = atob(dataUrl.slice(dataUrl.indexOf(',') + 1))
  return new Blob([Uint8Array.from(bytes, (sign) => sign.charCodeAt(0))], { type: 'image/png' })
}
