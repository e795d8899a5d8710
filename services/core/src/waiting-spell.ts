/**
 * The waiting spell: what a customer's wait is (measures.md §4 and §5). This is the definition; `db/derive` computes the
 * same from stored events and is property-tested against it.
 *
 * One thread, its rows ordered by (ts, customer < bot < human < abandon, id), never by arrival. A row of `campaign` is
 * ignored; a repeated id counts once.
 *
 * - A spell OPENS at the first customer message that is not preceded, since the last human message or abandonment, by
 *   another customer message. Five messages in a row are one spell, counted from the first.
 * - A human message while somebody waits closes it: `answered`. Further human messages close nothing.
 * - A bot message does not close it; the first one inside the spell is kept apart as `firstBotReplyAt`.
 * - Opt-out, block or `conversation.closed` (an `abandon` row) while somebody waits closes it: `abandoned`, a competing
 *   event. When nobody waits it does nothing. The next customer message opens a new spell. Silence never abandons.
 * - What is left open is `waiting` (censored), however long ago it opened.
 * - At one instant an answer comes before an abandonment, and an opening before both: a wait of 0 s is a wait.
 *
 * Spells belong to the thread and are not cut at the borders of episodes. `isFirst` marks the spell that contains the
 * opening of an episode, that is: one of its customer messages opened one. A person who waits 25 h and writes again
 * after 24 h has one spell of 25 h, and it is a first one.
 */
import { hourMs } from './time.ts'

export type ThreadRole = 'customer' | 'human' | 'bot' | 'campaign'

/** A message of the thread. `ts` in Unix milliseconds. */
export type ThreadMessage = { id: string; ts: number; role: ThreadRole }

/** Opt-out, block or `conversation.closed`. */
export type AbandonEvent = { id: string; ts: number; role: 'abandon' }

export type ThreadRow = ThreadMessage | AbandonEvent

export type SpellOutcome = 'answered' | 'waiting' | 'abandoned'

export type WaitingSpell = {
  /** Spells are dated by their opening: dating by the reply would hide the unanswered. */
  openedAt: number
  /** The message that opened it: with the thread, the identity of the spell. */
  openedBy: string
  /** The answer or the abandonment; null while waiting. */
  closedAt: number | null
  closedBy: string | null
  outcome: SpellOutcome
  isFirst: boolean
  /** Customer messages in the spell, at least 1. */
  burst: number
  firstBotReplyAt: number | null
}

/** Meta's rule of mutual silence. A business may set its own between 1 h and 7 days. */
export const episodeGapMsDefault = 24 * hourMs
export const episodeGapMsMin = hourMs
export const episodeGapMsMax = 7 * 24 * hourMs

const rankOfRole = { campaign: 0, customer: 1, bot: 2, human: 3, abandon: 4 } as const

/** Orders rows of one thread by (ts, customer < bot < human < abandon, id). Ids compare as their code units do. */
export function compareThreadRows(a: ThreadRow, b: ThreadRow): number {
  if (a.ts !== b.ts) return a.ts - b.ts
  if (a.role !== b.role) return rankOfRole[a.role] - rankOfRole[b.role]
  if (a.id === b.id) return 0
  return a.id < b.id ? -1 : 1
}

/** All waiting spells of one thread, in the order in which they opened. The rows may come in any order, and repeat. */
export function waitingSpells(rows: readonly ThreadRow[], episodeGapMs: number = episodeGapMsDefault): WaitingSpell[] {
  const ordered = orderedOnce(rows)
  const openings = new Set(episodes(ordered, episodeGapMs).map((episode) => episode.openedBy))
  const spells: WaitingSpell[] = []
  let open: WaitingSpell | null = null
  for (const row of ordered) {
    if (row.role === 'campaign') continue
    if (row.role === 'customer') {
      if (open === null) {
        open = openedBy(row)
        spells.push(open)
      }
      open.burst += 1
      open.isFirst ||= openings.has(row.id)
    } else if (open !== null) {
      if (row.role === 'bot') {
        open.firstBotReplyAt ??= row.ts
      } else {
        open.closedAt = row.ts
        open.closedBy = row.id
        open.outcome = row.role === 'human' ? 'answered' : 'abandoned'
        open = null
      }
    }
  }
  return spells
}

function openedBy(row: ThreadRow): WaitingSpell {
  return {
    openedAt: row.ts,
    openedBy: row.id,
    closedAt: null,
    closedBy: null,
    outcome: 'waiting',
    isFirst: false,
    burst: 0,
    firstBotReplyAt: null,
  }
}

/** How long the wait lasted, or has lasted up to `now`, in milliseconds; never negative. */
export function waitedMs(spell: Pick<WaitingSpell, 'openedAt' | 'closedAt'>, now: number): number {
  return Math.max(0, (spell.closedAt ?? now) - spell.openedAt)
}

/** A stretch of conversation between two silences. */
export type Episode = {
  startedAt: number
  openedBy: string
  openedByRole: 'customer' | 'human'
  lastAt: number
  messages: number
}

/**
 * The episodes of one thread (measures.md §4), from customer and human messages only: bots, campaigns and abandonments
 * neither open nor prolong one. A message opens an episode when the previous one is `gapMs` or more before it: a gap of
 * exactly 24 h starts a new episode. Elapsed time, never local days.
 */
export function episodes(rows: readonly ThreadRow[], gapMs: number = episodeGapMsDefault): Episode[] {
  const found: Episode[] = []
  for (const row of orderedOnce(rows)) {
    if (row.role !== 'customer' && row.role !== 'human') continue
    const current = found.at(-1)
    if (current === undefined || current.lastAt + gapMs <= row.ts) {
      found.push({ startedAt: row.ts, openedBy: row.id, openedByRole: row.role, lastAt: row.ts, messages: 1 })
    } else {
      current.lastAt = row.ts
      current.messages += 1
    }
  }
  return found
}

function orderedOnce(rows: readonly ThreadRow[]): ThreadRow[] {
  const seen = new Set<string>()
  return [...rows].sort(compareThreadRows).filter((row) => {
    if (seen.has(row.id)) return false
    seen.add(row.id)
    return true
  })
}
