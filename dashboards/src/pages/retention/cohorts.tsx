import { type FocusEvent, type KeyboardEvent, type MouseEvent, type ReactNode, useId, useRef, useState } from 'react'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { ChartFrame } from '../../ui/chart/chart-frame.tsx'
import { smallBelow } from '../../ui/metric/metric-tile.tsx'
import { RowsButton } from '../../ui/rows/rows-button.tsx'
import { StateLegend } from '../../ui/state/state-legend.tsx'
import { CellTip, type Tip } from './cell-tip.tsx'
import { useOpenAverage, useOpenCell } from './open-people.ts'
import type { Retention } from './page.tsx'
import style from './retention.module.css'
import type { RetentionQuestion } from './search.ts'
import { retentionText } from './text.ts'
import { useCohortColumns } from './use-cohort-columns.ts'
import { useWords } from './use-words.ts'

export type Row = Retention['rows'][number]
export type Cell = Row['cells'][number]

const stepsMax = 6

/** The cohorts as a grid: a line per cohort, a column per interval after it. Arrow keys walk it, Enter opens the people. */
export function Cohorts(props: { retention: Retention; question: RetentionQuestion }) {
  const t = useText(retentionText)
  const { retention } = props
  const columns = useCohortColumns(retention)
  return (
    <ChartFrame
      title={t.cohorts}
      summary={t.cohortsSummary(retention.rows.length)}
      fileName="retention-cohorts"
      definition={{ name: t.cohorts, sentence: t.cohortsDefinition, note: retention.question }}
      legend={<StateLegend />}
      withoutPng
      table={{ columns, rows: retention.rows, rowKey: (row) => row.cohort }}
    >
      <Grid {...props} />
    </ChartFrame>
  )
}

function Grid(props: { retention: Retention; question: RetentionQuestion }) {
  const t = useText(retentionText)
  const { rows, average, grain } = props.retention
  const table = useRef<HTMLTableElement>(null)
  const [at, setAt] = useState('0.1')
  const [tip, setTip] = useState<Tip | null>(null)
  const tipId = useId()
  const open = useOpenCell(props)
  const openAverage = useOpenAverage(props)
  const words = useWords(props.retention)
  const last = lastColumn(props.retention)
  const columns = Array.from({ length: last }, (_, index) => index + 1)
  const step = stepOf(rows)
  const show = (event: FocusEvent<HTMLElement> | MouseEvent<HTMLElement>, row: Row, cell: Cell) => {
    const box = event.currentTarget.getBoundingClientRect()
    setTip({ row, cell, left: box.left + box.width / 2, top: box.top })
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    const moved = moveFrom(at, event.key, rows.length, last)
    const target = moved === null ? null : table.current?.querySelector<HTMLElement>(`[data-at="${moved}"]`)
    if (moved === null || target == null) return
    event.preventDefault()
    setAt(moved)
    target.focus()
  }
  return (
    <div className={style.scroller}>
      <table ref={table} className={style.grid} onKeyDown={onKeyDown} onMouseLeave={() => setTip(null)}>
        <caption className="visually-hidden">
          {t.cohorts}. {t.gridHelp}
        </caption>
        <thead>
          <tr>
            <th scope="col" className={style.cohort}>
              {t.cohort[grain]}
            </th>
            <th scope="col" className={style.size}>
              {t.people}
            </th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {words.column(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <AverageRow average={average} columns={columns} onOpen={openAverage} />
          {rows.map((row, index) => (
            <tr key={row.cohort}>
              <th scope="row" className={style.cohort}>
                {words.cohort(row.cohort)}
              </th>
              <td className={style.size}>
                <CellButton
                  place={`${index}.0`}
                  at={at}
                  label={`${words.cohort(row.cohort)}, ${t.people}: ${words.count(row.size)}`}
                  disabled={row.size === 0}
                  onFocus={() => setAt(`${index}.0`)}
                  onOpen={() => open(row, 0)}
                >
                  {words.count(row.size)}
                </CellButton>
              </td>
              {columns.map((column) => {
                const cell = row.cells.find((each) => each.column === column)
                return (
                  <CohortCell
                    key={column}
                    row={row}
                    cell={cell ?? { column, n: null, share: null, low: null, high: null, state: 'NOT_YET' }}
                    place={`${index}.${column}`}
                    at={at}
                    step={step}
                    tipId={tipId}
                    onShow={(event, shown) => {
                      if (event.type === 'focus') setAt(`${index}.${column}`)
                      show(event, row, shown)
                    }}
                    onHide={() => setTip(null)}
                    onOpen={() => open(row, column)}
                  />
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {tip === null ? null : <CellTip id={tipId} tip={tip} words={words} />}
    </div>
  )
}

function AverageRow(props: {
  average: Retention['average']
  columns: readonly number[]
  onOpen: (column: number) => void
}) {
  const t = useText(retentionText)
  const format = useFormat()
  return (
    <tr className={style.averageRow}>
      <th scope="row" className={style.cohort}>
        {t.average}
      </th>
      <td className={style.size} />
      {props.columns.map((column) => {
        const point = props.average.find((each) => each.column === column)
        return (
          <td key={column}>
            {point?.share == null ? (
              <span className={style.none}>–</span>
            ) : (
              <RowsButton
                onOpen={point.numerator === 0 ? null : () => props.onOpen(column)}
                about={t.rowsUsed(point.rowsUsed)}
              >
                {format.percent(rounded(point.share))}
              </RowsButton>
            )}
          </td>
        )
      })}
    </tr>
  )
}

function CohortCell(props: {
  row: Row
  cell: Cell
  place: string
  at: string
  step: (share: number) => number
  tipId: string
  onShow: (event: FocusEvent<HTMLElement> | MouseEvent<HTMLElement>, cell: Cell) => void
  onHide: () => void
  onOpen: () => void
}) {
  const t = useText(retentionText)
  const c = useCommon()
  const format = useFormat()
  const { row, cell } = props
  const nothing = cell.n === null || cell.share === null
  const small = row.size < smallBelow
  const label = nothing
    ? t.notYet
    : `${t.cell(format.percent(rounded(cell.share ?? 0)), format.number(cell.n ?? 0), format.number(row.size))}. ${c.state[cell.state]}`
  return (
    <td
      className={style.cell}
      data-state={row.size === 0 ? 'NOT_YET' : cell.state}
      data-small={small}
      data-step={nothing || small ? undefined : props.step(cell.share ?? 0)}
    >
      <CellButton
        place={props.place}
        at={props.at}
        label={label}
        disabled={nothing || cell.n === 0}
        describedBy={props.tipId}
        onFocus={(event) => props.onShow(event, cell)}
        onEnter={(event) => props.onShow(event, cell)}
        onBlur={props.onHide}
        onOpen={props.onOpen}
      >
        {nothing || row.size === 0 ? null : format.percent(rounded(cell.share ?? 0))}
      </CellButton>
    </td>
  )
}

/** A cell that can be reached by arrow keys: one of them is in the tab order, the others are not. */
function CellButton(props: {
  place: string
  at: string
  label: string
  disabled: boolean
  describedBy?: string
  onFocus: (event: FocusEvent<HTMLElement>) => void
  onEnter?: (event: MouseEvent<HTMLElement>) => void
  onBlur?: () => void
  onOpen: () => void
  children: ReactNode
}) {
  return (
    <button
      type="button"
      data-at={props.place}
      tabIndex={props.place === props.at ? 0 : -1}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      aria-disabled={props.disabled}
      onFocus={props.onFocus}
      onMouseEnter={props.onEnter}
      onBlur={props.onBlur}
      onClick={props.disabled ? undefined : props.onOpen}
    >
      {props.children}
    </button>
  )
}

/** Whole percents in cells: decimals would suggest more than a cohort knows. */
function rounded(share: number): number {
  return Math.round(share * 100) / 100
}

/** The last column in which any cohort can be observed; at least one is shown. */
function lastColumn(retention: Retention): number {
  const observed = retention.rows.flatMap((row) =>
    row.cells.filter((cell) => cell.state !== 'NOT_YET').map((cell) => cell.column),
  )
  return Math.max(1, ...observed)
}

/** Steps of colour between nothing and the highest share of a cohort that is not small. */
function stepOf(rows: readonly Row[]): (share: number) => number {
  const shares = rows
    .filter((row) => row.size >= smallBelow)
    .flatMap((row) => row.cells.filter((cell) => cell.column > 0).map((cell) => cell.share ?? 0))
  const high = Math.max(0.01, ...shares)
  return (share) => Math.min(stepsMax, Math.floor((share / high) * stepsMax * 0.999) + 1)
}

function moveFrom(at: string, key: string, rows: number, last: number): string | null {
  const [row, column] = at.split('.').map(Number)
  if (row === undefined || column === undefined) return null
  const down = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0
  const right = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
  if (down === 0 && right === 0) return null
  const next = [Math.max(0, Math.min(rows - 1, row + down)), Math.max(0, Math.min(last, column + right))]
  return next.join('.')
}
