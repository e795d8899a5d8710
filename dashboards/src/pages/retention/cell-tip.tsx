import { useFormat, useText } from '../../i18n/use-text.ts'
import type { Cell, Row } from './cohorts.tsx'
import style from './retention.module.css'
import { retentionText } from './text.ts'
import type { Words } from './use-words.ts'

/** The cell that is pointed at, and where on the screen it is. */
export type Tip = { row: Row; cell: Cell; left: number; top: number }

/** n of N, the interval and the state: one tip for the whole grid, because hundreds would slow it down. */
export function CellTip(props: { id: string; tip: Tip; words: Words }) {
  const t = useText(retentionText)
  const format = useFormat()
  const { words } = props
  const { row, cell, left, top } = props.tip
  const edge = 150
  const within = Math.max(edge, Math.min(window.innerWidth - edge, left))
  return (
    <div id={props.id} role="tooltip" className={style.tip} style={{ left: within, top }}>
      <p className="secondary">{t.title(words.column(cell.column), words.cohort(row.cohort))}</p>
      {cell.n === null || cell.share === null ? (
        <p>
          {t.notYet}. {t.notYetEnd}
        </p>
      ) : (
        <>
          <p>
            <strong>{t.cell(format.percent(cell.share), format.number(cell.n), format.number(row.size))}</strong>
          </p>
          {cell.low === null || cell.high === null ? null : (
            <p>{t.between(format.percent(cell.low), format.percent(cell.high))}</p>
          )}
          {cell.state === 'PROVISIONAL' ? <p>{t.counting}</p> : null}
        </>
      )}
    </div>
  )
}
