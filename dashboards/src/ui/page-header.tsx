import type { ReactNode } from 'react'
import { useEffect } from 'react'
import style from './page-header.module.css'

/**
 * The head of a page: what it is, and in one sentence what it found. Also names the browser's tab.
 *
 * @param lead the finding or the question, in one sentence
 * @param actions buttons at the right
 */
export function PageHeader(props: { title: string; lead?: ReactNode; actions?: ReactNode }) {
  useEffect(() => {
    document.title = `${props.title} · Fidelio`
  }, [props.title])
  return (
    <header className={style.head}>
      <div className={style.words}>
        <h1>{props.title}</h1>
        {props.lead === undefined || props.lead === null ? null : <p>{props.lead}</p>}
      </div>
      {props.actions === undefined ? null : <div className={style.actions}>{props.actions}</div>}
    </header>
  )
}

/** A block of a page under its own heading: a hairline above, no box around. */
export function Section(props: { title?: string; note?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className={style.section}>
      {props.title === undefined ? null : (
        <div className={style.sectionHead}>
          <div>
            <h2>{props.title}</h2>
            {props.note === undefined ? null : <p className="secondary">{props.note}</p>}
          </div>
          {props.actions === undefined ? null : <div className={style.actions}>{props.actions}</div>}
        </div>
      )}
      {props.children}
    </section>
  )
}
