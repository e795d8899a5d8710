import { type KeyboardEvent, type MouseEvent, type ReactNode, useMemo, useRef, useState } from 'react'
import { useCommon } from '../../i18n/use-text.ts'
import { Icon } from '../icons.tsx'
import style from './data-table.module.css'

export type Column<T> = {
  key: string
  header: string
  cell: (row: T) => ReactNode
  /** numbers stand at the end of their column */
  align?: 'end'
  /** CSS width, e.g. '30%' or '120px' */
  width?: string
  /** what the CSV says; columns without it are left out */
  csv?: (row: T) => string | number | null
  /** makes the column sortable */
  sort?: (row: T) => string | number | null
}

type Sorting = { key: string; down: boolean }

/** Above this many rows only those in view are in the page. */
const virtualAbove = 200
const viewHeightPx = 640
const overscan = 10
const rowHeightPx = { comfortable: 48, compact: 36 } as const

/**
 * Rows with hairlines between. `caption` is read by screen readers; `onRow` makes whole rows open something
 * (Enter or click), and `label` then says what.
 */
export function DataTable<T>(props: {
  caption: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  rowKey: (row: T) => string
  onRow?: (row: T) => void
  density?: 'comfortable' | 'compact'
  initialSort?: Sorting
}) {
  const density = props.density ?? 'comfortable'
  const [sorting, setSorting] = useState<Sorting | null>(props.initialSort ?? null)
  const rows = useMemo(() => sorted(props.rows, props.columns, sorting), [props.rows, props.columns, sorting])
  const height = rowHeightPx[density]
  const virtual = rows.length > virtualAbove
  const [top, setTop] = useState(0)
  const first = virtual ? Math.max(0, Math.floor(top / height) - overscan) : 0
  const last = virtual ? Math.min(rows.length, first + Math.ceil(viewHeightPx / height) + 2 * overscan) : rows.length
  const scroller = useRef<HTMLElement>(null)
  return (
    <section
      ref={scroller}
      className={style.scroller}
      aria-label={props.caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      style={virtual ? { maxHeight: viewHeightPx } : undefined}
      onScroll={virtual ? (event) => setTop(event.currentTarget.scrollTop) : undefined}
    >
      <table className={style.table} data-density={density} aria-rowcount={rows.length + 1}>
        <caption className="visually-hidden">{props.caption}</caption>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <Header key={column.key} column={column} sorting={sorting} onSort={setSorting} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={first * height} columns={props.columns.length} />
          {rows.slice(first, last).map((row) => (
            <Row key={props.rowKey(row)} row={row} columns={props.columns} onRow={props.onRow} />
          ))}
          <Spacer height={(rows.length - last) * height} columns={props.columns.length} />
        </tbody>
      </table>
    </section>
  )
}

function Header<T>(props: { column: Column<T>; sorting: Sorting | null; onSort: (to: Sorting) => void }) {
  const t = useCommon()
  const { column, sorting } = props
  const mine = sorting?.key === column.key
  const order = mine ? (sorting.down ? 'descending' : 'ascending') : undefined
  return (
    <th scope="col" data-align={column.align} style={{ width: column.width }} aria-sort={order}>
      {column.sort === undefined ? (
        column.header
      ) : (
        <button
          type="button"
          className={style.sort}
          aria-label={t.table.sortBy(column.header)}
          onClick={() => props.onSort({ key: column.key, down: mine ? !sorting.down : column.align === 'end' })}
        >
          {column.header}
          {mine ? <Icon name={sorting.down ? 'arrowDown' : 'arrowUp'} size={14} /> : null}
        </button>
      )}
    </th>
  )
}

function Row<T>(props: { row: T; columns: readonly Column<T>[]; onRow: ((row: T) => void) | undefined }) {
  const { row, onRow } = props
  const open =
    onRow === undefined
      ? {}
      : {
          tabIndex: 0,
          onClick: (event: MouseEvent) => {
            // What a cell offers of its own does not also open the row.
            if (!(event.target instanceof Element && event.target.closest('button, a'))) onRow(row)
          },
          onKeyDown: (event: KeyboardEvent) => {
            if (event.key === 'Enter' && event.target === event.currentTarget) onRow(row)
          },
        }
  return (
    <tr data-opens={onRow !== undefined} {...open}>
      {props.columns.map((column) => (
        <td key={column.key} data-align={column.align}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}

function Spacer(props: { height: number; columns: number }) {
  if (props.height <= 0) return null
  return (
    <tr className={style.spacer}>
      <td colSpan={props.columns} style={{ height: props.height }} />
    </tr>
  )
}

function sorted<T>(rows: readonly T[], columns: readonly Column<T>[], sorting: Sorting | null): readonly T[] {
  const by = columns.find((column) => column.key === sorting?.key)?.sort
  if (by === undefined || sorting === null) return rows
  const sign = sorting.down ? -1 : 1
  return rows.toSorted((a, b) => {
    const [x, y] = [by(a), by(b)]
    // What has no value stands last, whichever way the column is sorted.
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y))
    return sign * order
  })
}

/** The table's rows as the CSV writer takes them. */
export function csvOf<T>(columns: readonly Column<T>[], rows: readonly T[]) {
  const kept = columns.filter((column) => column.csv !== undefined)
  return {
    header: kept.map((column) => column.header),
    rows: rows.map((row) => kept.map((column) => column.csv?.(row) ?? null)),
  }
}
