import { Tooltip } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { ResponseTimesQuery } from '../../generated/graphql.ts'
import { useFormat, useText } from '../../i18n/use-text.ts'
import { ChartFrame } from '../../ui/chart/chart-frame.tsx'
import { smallBelow } from '../../ui/metric/metric-tile.tsx'
import style from './response-times.module.css'
import { useOpenWaits } from './sum-line.tsx'
import { responseText } from './text.ts'
import { toScale } from './wait-scale.ts'

type HeatCell = ResponseTimesQuery['business']['responseTimes']['heatmap'][number]

const weekdays = [1, 2, 3, 4, 5, 6, 7]
const stepsMax = 6
/** Medians of fewer waits than this say nothing at all and are not considered for the finding. */
const findingNeeds = 20

/**
 * When waits that begin then are long: hours across on a desk, weekdays across on a phone. A cell opens its waits; arrow
 * keys walk the cells.
 */
export function Heatmap(props: { cells: readonly HeatCell[] }) {
  const t = useText(responseText)
  const format = useFormat()
  const phone = useMediaQuery('(max-width: 640px)') ?? false
  const { cells } = props
  const byPlace = useMemo(() => new Map(cells.map((cell) => [`${cell.weekday}.${cell.hour}`, cell])), [cells])
  const hours = useMemo(() => hoursOf(cells), [cells])
  const step = useMemo(() => stepOf(cells), [cells])
  const worst = cells
    .filter((cell) => cell.n >= findingNeeds && cell.median !== null)
    .toSorted((a, b) => (b.median ?? 0) - (a.median ?? 0))[0]
  const hourName = (hour: number) => `${String(hour).padStart(2, '0')}:00`
  const title =
    worst?.median == null
      ? t.heatTitle
      : t.heatFinding(format.weekday(worst.weekday), hourName(worst.hour), format.duration(worst.median))
  const rows = phone ? hours : weekdays
  const columns = phone ? weekdays : hours
  const cellAt = (row: number, column: number) => byPlace.get(phone ? `${column}.${row}` : `${row}.${column}`)
  const openWaits = useOpenWaits()
  const open = ({ weekday, hour }: HeatCell) =>
    openWaits('waits', t.heatRows(format.weekday(weekday), hourName(hour)), { weekday, hour })
  const walk = useWalk(rows, columns, (row, column) => (cellAt(row, column)?.n ?? 0) > 0)
  return (
    <ChartFrame
      title={title}
      summary={t.heatSummary}
      fileName="waits-by-hour"
      definition={{ name: t.heatTitle, sentence: t.heatDefinition }}
      withoutPng
      legend={<Scale />}
      table={{
        rows: cells.filter((cell) => cell.n > 0),
        rowKey: (cell) => `${cell.weekday}.${cell.hour}`,
        onRow: open,
        columns: [
          {
            key: 'weekday',
            header: t.weekday,
            cell: (cell) => format.weekday(cell.weekday),
            csv: (cell) => cell.weekday,
            sort: (cell) => cell.weekday,
          },
          {
            key: 'hour',
            header: t.hour,
            cell: (cell) => hourName(cell.hour),
            csv: (cell) => cell.hour,
            sort: (cell) => cell.hour,
          },
          {
            key: 'median',
            header: t.median,
            align: 'end',
            cell: (cell) => (cell.median === null ? '–' : format.duration(cell.median)),
            csv: (cell) => cell.median,
            sort: (cell) => cell.median,
          },
          {
            key: 'n',
            header: t.count,
            align: 'end',
            cell: (cell) => format.number(cell.n),
            csv: (cell) => cell.n,
            sort: (cell) => cell.n,
          },
        ],
      }}
    >
      <table ref={walk.table} className={style.heat} data-phone={phone} onKeyDown={walk.onKeyDown}>
        <caption className="visually-hidden">{`${title}. ${t.heatSummary}`}</caption>
        <thead>
          <tr>
            <td />
            {columns.map((column) => (
              <th key={column} scope="col">
                {phone ? format.weekday(column) : column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row">{phone ? hourName(row) : format.weekday(row)}</th>
              {columns.map((column) => (
                <Cell
                  key={column}
                  cell={cellAt(row, column)}
                  step={step}
                  at={`${row}.${column}`}
                  focusable={walk.at === `${row}.${column}`}
                  onFocus={walk.goTo}
                  onOpen={open}
                  place={`${format.weekday(phone ? column : row)} ${hourName(phone ? row : column)}`}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ChartFrame>
  )
}

/** One cell is in the tab order; the arrow keys go to the next one with waits in that direction. */
function useWalk(
  rows: readonly number[],
  columns: readonly number[],
  isFull: (row: number, column: number) => boolean,
) {
  const table = useRef<HTMLTableElement>(null)
  const [asked, goTo] = useState<string | null>(null)
  const places = rows.flatMap((row) => columns.flatMap((column) => (isFull(row, column) ? [`${row}.${column}`] : [])))
  const at = asked !== null && places.includes(asked) ? asked : (places[0] ?? '')
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    const [row = 0, column = 0] = at.split('.').map(Number)
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0
    const right = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0
    if (down === 0 && right === 0) return
    event.preventDefault()
    let [y, x] = [rows.indexOf(row) + down, columns.indexOf(column) + right]
    while (rows[y] !== undefined && columns[x] !== undefined && !isFull(rows[y] ?? 0, columns[x] ?? 0)) {
      y += down
      x += right
    }
    if (rows[y] === undefined || columns[x] === undefined) return
    const next = `${rows[y]}.${columns[x]}`
    goTo(next)
    table.current?.querySelector<HTMLElement>(`[data-at="${next}"]`)?.focus()
  }
  return { table, at, goTo, onKeyDown }
}

function Cell(props: {
  cell: HeatCell | undefined
  step: (seconds: number) => number
  place: string
  at: string
  focusable: boolean
  onFocus: (at: string) => void
  onOpen: (cell: HeatCell) => void
}) {
  const t = useText(responseText)
  const format = useFormat()
  const { cell, place } = props
  if (cell === undefined || cell.n === 0 || cell.median === null) {
    return (
      <td className={style.heatNone}>
        <span className="visually-hidden">{t.noWaits}</span>
      </td>
    )
  }
  const small = cell.n < smallBelow
  const said = t.cell(place, format.duration(cell.median), format.number(cell.n))
  return (
    <Tooltip label={said} openDelay={0}>
      <td className={style.heatCell} data-step={props.step(cell.median)} data-small={small}>
        <button
          type="button"
          data-at={props.at}
          tabIndex={props.focusable ? 0 : -1}
          onFocus={() => props.onFocus(props.at)}
          onClick={() => props.onOpen(cell)}
        >
          {tight(cell.median)}
          <span className="visually-hidden"> {said}</span>
        </button>
      </td>
    </Tooltip>
  )
}

/** Hours that somebody wrote in, without gaps between the first and the last. */
function hoursOf(cells: readonly HeatCell[]): number[] {
  const used = cells.filter((cell) => cell.n > 0).map((cell) => cell.hour)
  if (used.length === 0) return []
  const [first, last] = [Math.min(...used), Math.max(...used)]
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** One of the six steps of colour, over the log of the wait as the other charts have it. */
function stepOf(cells: readonly HeatCell[]): (seconds: number) => number {
  const medians = cells.flatMap((cell) => (cell.n > 0 && cell.median !== null ? [toScale(cell.median)] : []))
  const [low, high] = [Math.min(...medians), Math.max(...medians)]
  return (seconds) => {
    const share = high === low ? 0.5 : (toScale(seconds) - low) / (high - low)
    return Math.min(stepsMax, 1 + Math.floor(share * stepsMax))
  }
}

/** A duration in four signs, for a cell: 45s, 12m, 3h, 2d. The tooltip says it in full. */
function tight(seconds: number): string {
  if (seconds < 59.5) return `${Math.round(seconds)}s`
  if (seconds < 3570) return `${Math.round(seconds / 60)}m`
  if (seconds < 86_400) return `${Math.round(seconds / 3600)}h`
  return `${Math.round(seconds / 86_400)}d`
}

function Scale() {
  const t = useText(responseText)
  return (
    <p className={style.scale}>
      {t.short}
      <span aria-hidden="true">
        {[1, 2, 3, 4, 5, 6].map((step) => (
          <i key={step} data-step={step} />
        ))}
      </span>
      {t.long}
    </p>
  )
}
