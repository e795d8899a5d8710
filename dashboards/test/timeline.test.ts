import { describe, expect, it } from 'vitest'
import { type Message, type Spell, timelineOf } from '../src/pages/conversations/timeline.ts'

const message = (
  id: string,
  role: string,
  at: string,
  kind = role === 'customer' ? 'message.received' : 'message.sent',
) =>
  ({ id, role, at, kind, text: id, detail: '', amount: null, currency: null, delivered: null, read: null }) as Message
const spell = (openedAt: string, closedAt: string | null, outcome: Spell['outcome']): Spell => ({
  openedAt,
  closedAt,
  outcome,
  seconds: 60,
  isFirst: true,
  burst: 1,
  botAt: null,
})

describe('the timeline of a thread', () => {
  const asked = '2026-11-20T22:50:00.000Z'
  const answered = '2026-11-20T23:10:00.000Z'

  it('separates days on the business’s clock', () => {
    const messages = [message('a', 'customer', asked), message('b', 'human', answered)]
    const days = (zone: string) =>
      timelineOf(messages, [], zone).flatMap((entry) => (entry.kind === 'day' ? [entry.day] : []))
    expect(days('UTC')).toEqual(['2026-11-20'])
    expect(days('Europe/Paris')).toEqual(['2026-11-20', '2026-11-21'])
  })

  it('carries a wait from the message that opens it to the answer, across a day and a bot', () => {
    const messages = [
      message('a', 'customer', asked),
      message('bot', 'bot', '2026-11-20T22:50:05.000Z'),
      message('b', 'human', answered),
      message('c', 'human', '2026-11-20T23:11:00.000Z'),
    ]
    const marks = timelineOf(messages, [spell(asked, answered, 'ANSWERED')], 'Europe/Paris').map((entry) =>
      entry.mark === null
        ? `${entry.kind} -`
        : `${entry.kind} ${entry.mark.opens ? 'opens' : ''}${entry.mark.closes ? 'closes' : ''}`,
    )
    expect(marks).toEqual(['day -', 'message opens', 'message ', 'day ', 'message closes', 'message -'])
  })

  it('ends with who still waits, and shows no receipts', () => {
    const messages = [message('a', 'customer', asked), message('r', 'customer', answered, 'read')]
    const entries = timelineOf(messages, [spell(asked, null, 'WAITING')], 'UTC')
    expect(entries.map((entry) => entry.kind)).toEqual(['day', 'message', 'waiting'])
  })
})
