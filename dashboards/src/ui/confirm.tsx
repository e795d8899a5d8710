import { Button, Group, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useCommon } from '../i18n/use-text.ts'

/** Asks before what cannot be undone. The button says exactly what will happen. */
export function Confirm(props: {
  opened: boolean
  title: string
  children: ReactNode
  /** e.g. "Revoke the key" */
  action: string
  danger?: boolean
  busy?: boolean
  onConfirm: () => void
  onClose: () => void
}) {
  const t = useCommon()
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      {props.children}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={props.onClose}>
          {t.common.cancel}
        </Button>
        <Button
          color={props.danger === true ? 'red' : 'teal'}
          loading={props.busy ?? false}
          onClick={props.onConfirm}
          data-autofocus
        >
          {props.action}
        </Button>
      </Group>
    </Modal>
  )
}
