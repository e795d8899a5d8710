import { rowsOf, useOpenRows } from '../../frame/use-frame.ts'
import type { MetricFragment } from '../../generated/graphql.ts'
import { useFormat, useText } from '../../i18n/use-text.ts'
import { RowsButton } from '../../ui/rows/rows-button.tsx'
import style from './overview.module.css'
import { overviewText } from './text.ts'

/** What a number is made of, each part with its people: a share's two halves, who is not reachable and why, who ordered. */
export function Parts(props: { metric: MetricFragment }) {
  const t = useText(overviewText)
  const format = useFormat()
  const openRows = useOpenRows()
  const { key, numerator, denominator, rowsRef, definition } = props.metric
  if (rowsRef === null) return null
  const open = (metric: string, title: string) => () => openRows({ ...rowsOf(rowsRef, title), metric })
  if (key === 'came_back_4w' && numerator !== null && denominator !== null && denominator > 0) {
    return (
      <p className={style.parts}>
        <RowsButton onOpen={numerator === 0 ? null : open('came_back', definition.name)} about={definition.name}>
          {format.number(numerator)}
        </RowsButton>{' '}
        {t.of}{' '}
        <RowsButton onOpen={open('came_back_cohort', t.newCustomers)} about={t.newCustomers}>
          {t.newPeople(denominator, format.number(denominator))}
        </RowsButton>
      </p>
    )
  }
  if (key === 'reachable' && numerator !== null && denominator !== null) {
    const others = denominator - numerator
    return (
      <p className={style.parts}>
        {t.ofPeople(format.number(denominator))}
        {others <= 0 ? null : (
          <>
            {' · '}
            <RowsButton onOpen={open('not_reachable', t.notReachable)} about={t.notReachable}>
              {t.whyNot(format.number(others))}
            </RowsButton>
          </>
        )}
      </p>
    )
  }
  return null
}
