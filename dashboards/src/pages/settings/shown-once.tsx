import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useText } from '../../i18n/use-text.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { doorsText } from './doors-text.ts'
import style from './settings.module.css'

/** A secret, for the one time it is known. Closing is a decision: neither Escape nor a click beside it closes. */
export function ShownOnce(props: { title: string; value: string | null; children?: ReactNode; onDone: () => void }) {
  const t = useText(doorsText)
  return (
    <Modal
      opened={props.value !== null}
      onClose={props.onDone}
      title={props.title}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size="lg"
    >
      <p className={style.onceText}>
        <strong>{t.once}.</strong> {t.onceText}
      </p>
      <Secret value={props.value ?? ''} />
      {props.children}
      <Button mt="lg" fullWidth onClick={props.onDone}>
        {t.done}
      </Button>
    </Modal>
  )
}

/** A value in one line with a button to copy it. */
export function Secret(props: { value: string; label?: string }) {
  return (
    <div className={style.secretBlock}>
      {props.label === undefined ? null : <span className="secondary">{props.label}</span>}
      <div className={style.secret}>
        <code>{props.value}</code>
        <CopyButton value={props.value} />
      </div>
    </div>
  )
}
