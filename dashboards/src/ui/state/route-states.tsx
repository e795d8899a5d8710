import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useCommon } from '../../i18n/use-text.ts'
import { EmptyState } from './empty-state.tsx'

/** An address that leads nowhere. */
export function NotFound() {
  const t = useCommon()
  return (
    <main style={{ padding: '10vh 24px', maxWidth: 640, margin: '0 auto' }}>
      <EmptyState
        title={t.error.notFoundTitle}
        text={t.error.notFoundText}
        action={<Link to="/overview">{t.error.home}</Link>}
      />
    </main>
  )
}

/** A page that threw while drawing itself. */
export function PageCrash(props: { error: unknown }) {
  const t = useCommon()
  useEffect(() => console.error(props.error), [props.error])
  return (
    <EmptyState
      title={t.error.pageTitle}
      text={t.error.pageText}
      action={
        <Button variant="default" onClick={() => location.reload()}>
          {t.error.reload}
        </Button>
      }
    />
  )
}
