import { useMemo } from 'react'
import { useFormat, useText } from '../../i18n/use-text.ts'
import type { Column } from '../../ui/table/data-table.tsx'
import type { Row } from './cohorts.tsx'
import type { Retention } from './page.tsx'
import { retentionText } from './text.ts'
import { useWords } from './use-words.ts'

/** The grid as a plain table and as CSV: counts and shares side by side. */
export function useCohortColumns(retention: Retention): Column<Row>[] {
  const t = useText(retentionText)
  const format = useFormat()
  const { grain } = retention
  const words = useWords(retention)
  return useMemo(() => {
    const cellOf = (row: Row, column: number) => row.cells.find((cell) => cell.column === column)
    const columns = Array.from({ length: Math.max(0, retention.columns - 1) }, (_, index) => index + 1)
    return [
      {
        key: 'cohort',
        header: t.cohort[grain],
        cell: (row) => words.cohort(row.cohort),
        csv: (row) => row.cohort,
        sort: (row) => row.cohort,
      },
      { key: 'size', header: t.people, align: 'end', cell: (row) => format.number(row.size), csv: (row) => row.size },
      ...columns.map(
        (column): Column<Row> => ({
          key: String(column),
          header: words.column(column),
          align: 'end',
          cell: (row) => {
            const cell = cellOf(row, column)
            if (cell?.n == null || cell.share === null) return '·'
            return `${format.number(cell.n)} · ${format.percent(cell.share)}`
          },
          csv: (row) => cellOf(row, column)?.n ?? null,
        }),
      ),
    ]
  }, [t, format, grain, words, retention.columns])
}
