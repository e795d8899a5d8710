import type { ReactNode } from 'react'
import { useCommon } from '../../i18n/use-text.ts'
import style from './rows-button.module.css'

/**
 * A number that opens its rows; plain text where there are none to open. Put it around the number alone, with `about`
 * saying what it counts, so that it makes sense when read out by itself.
 */
export function RowsButton(props: { onOpen: (() => void) | null; about: string; children: ReactNode }) {
  const t = useCommon()
  if (props.onOpen === null) return <>{props.children}</>
  return (
    <button type="button" className={style.open} onClick={props.onOpen}>
      {props.children}
      <span className="visually-hidden">
        {' '}
        {props.about}. {t.metric.showRows}
      </span>
    </button>
  )
}
