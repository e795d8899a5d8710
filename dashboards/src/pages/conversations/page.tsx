import { useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useCommon, useText } from '../../i18n/use-text.ts'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import style from './conversations.module.css'
import { ConversationList } from './list.tsx'
import { conversationsText } from './text.ts'
import { Thread } from './thread.tsx'

/** The list, and the thread behind any number: side by side on a desk, one after the other on a phone. */
export function ConversationsPage() {
  const c = useCommon()
  const t = useText(conversationsText)
  const { id } = useParams({ strict: false })
  useEffect(() => {
    document.title = `${c.nav.conversations} · Fidelio`
  }, [c.nav.conversations])
  return (
    <div className={style.panes} data-open={id !== undefined}>
      <ConversationList openId={id} />
      {id === undefined ? (
        <div className={style.nothing}>
          <EmptyState title={t.choose} text={t.chooseText} />
        </div>
      ) : (
        <Thread key={id} id={id} />
      )}
    </div>
  )
}
