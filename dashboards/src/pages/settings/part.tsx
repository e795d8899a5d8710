import type { ReactNode } from 'react'
import style from './settings.module.css'

/** One part of the settings: what it is, one sentence, its action at the right. */
export function Part(props: { title: string; note?: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={style.part}>
      <div className={style.partHead}>
        <div>
          <h2>{props.title}</h2>
          {props.note === undefined ? null : <p>{props.note}</p>}
        </div>
        {props.action}
      </div>
      {props.children}
    </section>
  )
}
