export type ConversationsSearch = {
  /** only people who wait, longest first */
  waiting?: 1
  /** words of a name or a message */
  q?: string
}

export function readConversationsSearch(raw: Record<string, unknown>): ConversationsSearch {
  const q = typeof raw.q === 'string' || typeof raw.q === 'number' ? String(raw.q).trim() : ''
  return { ...(Number(raw.waiting) === 1 ? { waiting: 1 } : {}), ...(q === '' ? {} : { q }) }
}
