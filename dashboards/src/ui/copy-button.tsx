import { Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { useCommon } from '../i18n/use-text.ts'
import { Icon } from './icons.tsx'

/** Copies a text and says that it did. */
export function CopyButton(props: { value: string; label?: string }) {
  const t = useCommon()
  const clipboard = useClipboard({ timeout: 2_000 })
  return (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<Icon name={clipboard.copied ? 'check' : 'copy'} size={14} />}
      onClick={() => clipboard.copy(props.value)}
    >
      <span aria-live="polite">{clipboard.copied ? t.common.copied : (props.label ?? t.common.copy)}</span>
    </Button>
  )
}
