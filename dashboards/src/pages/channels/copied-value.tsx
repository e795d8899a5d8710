import { CopyButton } from '../../ui/copy-button.tsx'
import style from './channels.module.css'

/** A value to carry elsewhere: its name, itself in one line, and a button to copy it. */
export function CopiedValue(props: { label: string; value: string }) {
  return (
    <div className={style.value}>
      <span className={style.valueName}>{props.label}</span>
      <div className={style.valueBox}>
        <code>{props.value}</code>
        <CopyButton value={props.value} />
      </div>
    </div>
  )
}
