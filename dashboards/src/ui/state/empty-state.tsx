import type { ReactNode } from 'react'
import style from './state.module.css'

/** Nothing here yet: what will appear, and the one next action. */
export function EmptyState(props: { title: string; text?: ReactNode; action?: ReactNode; compact?: boolean }) {
  return (
    <div className={style.empty} data-compact={props.compact ?? false}>
      <p className={style.title}>{props.title}</p>
      {props.text === undefined ? null : <p className={style.text}>{props.text}</p>}
      {props.action === undefined ? null : <div className={style.action}>{props.action}</div>}
    </div>
  )
}
