import type { ThreadQuery } from '../../generated/graphql.ts'
import { todayIn } from '../../lib/days.ts'

type Conversation = ThreadQuery['business']['conversation']
export type Message = Conversation['messages']['edges'][number]['node']
export type Spell = Conversation['spells'][number]

/** Where in a wait an entry stands. */
export type Mark = { spell: Spell; opens: boolean; closes: boolean }

export type Entry =
  | { kind: 'day'; key: string; day: string; mark: Mark | null }
  | { kind: 'message'; key: string; message: Message; mark: Mark | null }
  | { kind: 'note'; key: string; message: Message; mark: Mark | null }
  | { kind: 'waiting'; key: string; spell: Spell; mark: Mark }

/** Kinds shown as bubbles; everything else is a line in between. */
const bubbles: ReadonlySet<string> = new Set(['message.received', 'message.sent'])
/** Receipts are ticks under a bubble and no entries of their own. */
const hidden: ReadonlySet<string> = new Set(['delivery', 'read'])

/**
 * Messages with day separators between, and for each entry the wait it lies in. A wait still open goes on to the end,
 * where a last entry says how long it has lasted.
 */
export function timelineOf(messages: readonly Message[], spells: readonly Spell[], timeZone: string): Entry[] {
  const entries: Entry[] = []
  let day = ''
  for (const message of messages) {
    if (hidden.has(message.kind)) continue
    const own = todayIn(timeZone, new Date(message.at))
    const mark = markOf(message, spells)
    if (own !== day) {
      day = own
      // A separator within a wait carries the line on; before its first message it does not.
      entries.push({
        kind: 'day',
        key: `day ${own}`,
        day: own,
        mark: mark === null || mark.opens ? null : between(mark),
      })
    }
    entries.push({ kind: bubbles.has(message.kind) ? 'message' : 'note', key: message.id, message, mark })
  }
  const open = spells.find((spell) => spell.outcome === 'WAITING')
  if (open !== undefined && entries.length > 0) {
    entries.push({ kind: 'waiting', key: 'waiting', spell: open, mark: { spell: open, opens: false, closes: false } })
  }
  return entries
}

function between(mark: Mark): Mark {
  return { ...mark, opens: false, closes: false }
}

/** The wait a message lies in, both ends included; only the message at an end opens or closes it. */
function markOf(message: Message, spells: readonly Spell[]): Mark | null {
  const at = Date.parse(message.at)
  // An answer that closes one wait belongs to it, even when the next wait begins in the same instant.
  const spell = spells.find(
    (each) => Date.parse(each.openedAt) <= at && (each.closedAt === null || at <= Date.parse(each.closedAt)),
  )
  if (spell === undefined) return null
  return {
    spell,
    opens: message.role === 'customer' && at === Date.parse(spell.openedAt),
    closes: spell.closedAt !== null && at === Date.parse(spell.closedAt) && message.role !== 'customer',
  }
}
