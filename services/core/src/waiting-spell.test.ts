import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hourMs, minuteMs } from './time.ts'
import {
  compareThreadRows,
  episodeGapMsDefault,
  episodes,
  type ThreadRow,
  type WaitingSpell,
  waitedMs,
  waitingSpells,
} from './waiting-spell.ts'

const roleOf = { c: 'customer', h: 'human', b: 'bot', k: 'campaign', x: 'abandon' } as const

/** 'c0 b1 h5' = customer at minute 0, bot at 1, human at 5; ids in order of writing. */
function thread(script: string): ThreadRow[] {
  return script
    .split(' ')
    .filter(Boolean)
    .map((word, index) => ({
      id: `m${String(index).padStart(3, '0')}`,
      ts: Number(word.slice(1)) * minuteMs,
      role: roleOf[word[0] as keyof typeof roleOf],
    }))
}

/** 'first answered 0-5 x2 bot1': one line per spell, times in minutes. */
function told(spells: WaitingSpell[]): string[] {
  return spells.map((spell) => {
    const closed = spell.closedAt === null ? '' : spell.closedAt / minuteMs
    const bot = spell.firstBotReplyAt === null ? '' : ` bot${spell.firstBotReplyAt / minuteMs}`
    return `${spell.isFirst ? 'first' : 'next'} ${spell.outcome} ${spell.openedAt / minuteMs}-${closed} x${spell.burst}${bot}`
  })
}

describe('hand cases', () => {
  it.each([
    ['nothing', '', []],
    ['one answer', 'c0 h5', ['first answered 0-5 x1']],
    ['a burst counts from its first message', 'c0 c1 c2 c3 c4 h10', ['first answered 0-10 x5']],
    ['five answers close once', 'c0 h1 h2 h3 h4 h5', ['first answered 0-1 x1']],
    ['a later question is a next wait', 'c0 h1 c2 h9', ['first answered 0-1 x1', 'next answered 2-9 x1']],
    ['unanswered', 'c0 c7', ['first waiting 0- x2']],
    ['a bot does not close', 'c0 b1 b2 h30', ['first answered 0-30 x1 bot1']],
    ['a bot alone leaves it open', 'c0 b1', ['first waiting 0- x1 bot1']],
    ['a bot outside a spell is nobody’s answer', 'b0 c1 h2 b3', ['first answered 1-2 x1']],
    ['a campaign first', 'k0 c5 h6', ['first answered 5-6 x1']],
    ['a campaign inside closes nothing', 'c0 k5 h6', ['first answered 0-6 x1']],
    ['the business writes first', 'h0 c5 h6', ['next answered 5-6 x1']],
    ['given up', 'c0 x8', ['first abandoned 0-8 x1']],
    ['an answer after giving up changes nothing', 'c0 x8 h9', ['first abandoned 0-8 x1']],
    ['after giving up a new message waits anew', 'c0 x8 c9 h12', ['first abandoned 0-8 x1', 'next answered 9-12 x1']],
    ['giving up when nobody waits', 'x0 c1 h2 x3 c4', ['first answered 1-2 x1', 'next waiting 4- x1']],
    ['giving up twice', 'c0 x1 x2', ['first abandoned 0-1 x1']],
  ])('%s', (_, script, expected) => {
    expect(told(waitingSpells(thread(script)))).toEqual(expected)
  })

  it('keeps a wait of 25 h whole, and first, when the customer writes again after 24 h', () => {
    const spells = waitingSpells(thread('c0 h1 c2 c1442 h1502'))
    expect(told(spells)).toEqual(['first answered 0-1 x1', 'first answered 2-1502 x2'])
  })

  it('does not call a wait first because its answer came after a long silence', () => {
    expect(told(waitingSpells(thread('c0 h1 c2 h1502')))).toEqual(['first answered 0-1 x1', 'next answered 2-1502 x1'])
  })

  it('names the messages that opened and closed', () => {
    const [spell] = waitingSpells(thread('c0 c1 h5'))
    expect(spell).toMatchObject({ openedBy: 'm000', closedBy: 'm002' })
  })
})

describe('ties', () => {
  it('orders customer, bot, human, abandonment at one instant', () => {
    expect(told(waitingSpells(thread('x0 h0 b0 c0')))).toEqual(['first answered 0-0 x1 bot0'])
    expect(told(waitingSpells(thread('x0 c0')))).toEqual(['first abandoned 0-0 x1'])
    expect(told(waitingSpells(thread('c0 x5 h5')))).toEqual(['first answered 0-5 x1'])
  })
  it('then by id', () => {
    const rows: ThreadRow[] = [
      { id: 'b', ts: 0, role: 'customer' },
      { id: 'a', ts: 0, role: 'customer' },
    ]
    expect(waitingSpells(rows)[0]?.openedBy).toBe('a')
    expect(rows.sort(compareThreadRows).map((row) => row.id)).toEqual(['a', 'b'])
  })
})

describe('episodes', () => {
  const opened = (script: string, gap?: number) =>
    episodes(thread(script), gap).map((episode) => episode.startedAt / minuteMs)
  it('a gap of exactly 24 h starts a new one, a minute less does not', () => {
    expect(opened('c0 c1440')).toEqual([0, 1440])
    expect(opened('c0 c1439')).toEqual([0])
  })
  it('silence is mutual: an answer prolongs', () => {
    expect(opened('c0 h1000 c2000')).toEqual([0])
  })
  it('bots, campaigns and abandonments neither open nor prolong', () => {
    expect(opened('k0 b1 c5 b1000 k1200 x1300 c1445')).toEqual([5, 1445])
  })
  it('the gap is a setting', () => {
    expect(opened('c0 c60 c119', hourMs)).toEqual([0, 60])
  })
  it('says who opened it and how much was written', () => {
    expect(episodes(thread('h0 c1 h2'))).toEqual([
      { startedAt: 0, openedBy: 'm000', openedByRole: 'human', lastAt: 2 * minuteMs, messages: 3 },
    ])
  })
})

/** The SQL of measures.md §5 as windows over rows: an independent way to the same spells. */
function byWindows(rows: readonly ThreadRow[]): string[] {
  const deciding = [...rows].sort(compareThreadRows).filter((row) => row.role !== 'campaign' && row.role !== 'bot')
  const groups: ThreadRow[][] = []
  deciding.forEach((row, index) => {
    if (row.role === 'customer' && deciding[index - 1]?.role !== 'customer') groups.push([])
    groups.at(-1)?.push(row)
  })
  return groups.map((group) => {
    const close = group.find((row) => row.role !== 'customer')
    const outcome = close === undefined ? 'waiting' : close.role === 'human' ? 'answered' : 'abandoned'
    const burst = group.filter((row) => row.role === 'customer').length
    return `${outcome} ${group[0]?.ts}-${close?.ts ?? ''} x${burst}`
  })
}

const dialogue = fc
  .array(
    fc.record({
      // Few distinct instants, so that ties are common; steps around 24 h, so that episodes break.
      ts: fc
        .oneof(
          fc.integer({ min: 0, max: 8 }),
          fc.integer({ min: 0, max: 8 }).map((n) => n * 12 * 60),
        )
        .map((n) => n * minuteMs),
      role: fc.constantFrom(
        'customer' as const,
        'customer' as const,
        'human' as const,
        'bot' as const,
        'campaign' as const,
        'abandon' as const,
      ),
    }),
    { maxLength: 30 },
  )
  .map((rows) => rows.map((row, index): ThreadRow => ({ id: `m${index}`, ...row })))

describe('random dialogues', () => {
  it('agree with the windows of the SQL', () => {
    fc.assert(
      fc.property(dialogue, (rows) => {
        const spells = waitingSpells(rows)
        expect(
          spells.map((spell) => `${spell.outcome} ${spell.openedAt}-${spell.closedAt ?? ''} x${spell.burst}`),
        ).toEqual(byWindows(rows))
      }),
      { numRuns: 1000 },
    )
  })

  it('do not depend on arrival or redelivery', () => {
    const shuffled = dialogue.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows, ...rows, ...rows], { minLength: rows.length * 3 })),
    )
    fc.assert(
      fc.property(shuffled, ([rows, redelivered]) => {
        expect(waitingSpells(redelivered)).toEqual(waitingSpells(rows))
        expect(episodes(redelivered)).toEqual(episodes(rows))
      }),
      { numRuns: 300 },
    )
  })

  it('count every customer message in exactly one spell, and leave at most the last one open', () => {
    fc.assert(
      fc.property(dialogue, (rows) => {
        const spells = waitingSpells(rows)
        expect(spells.reduce((sum, spell) => sum + spell.burst, 0)).toBe(
          rows.filter((row) => row.role === 'customer').length,
        )
        expect(spells.slice(0, -1).every((spell) => spell.outcome !== 'waiting')).toBe(true)
        for (const spell of spells) expect(spell.closedAt === null).toBe(spell.outcome === 'waiting')
      }),
      { numRuns: 300 },
    )
  })

  it('mark as first exactly the spells in which a customer opened an episode', () => {
    fc.assert(
      fc.property(dialogue, (rows) => {
        const opened = episodes(rows).filter((episode) => episode.openedByRole === 'customer')
        const spells = waitingSpells(rows)
        expect(spells.some((spell) => spell.isFirst)).toBe(opened.length > 0)
        expect(spells.filter((spell) => spell.isFirst).length).toBeLessThanOrEqual(opened.length)
      }),
      { numRuns: 300 },
    )
  })

  it('bots and campaigns change no wait, only the first bot reply', () => {
    fc.assert(
      fc.property(dialogue, (rows) => {
        const without = rows.filter((row) => row.role !== 'bot' && row.role !== 'campaign')
        const plain = waitingSpells(rows).map((spell) => ({ ...spell, firstBotReplyAt: null }))
        expect(plain).toEqual(waitingSpells(without))
      }),
      { numRuns: 300 },
    )
  })
})

it('measures the wait so far, never below zero', () => {
  expect(waitedMs({ openedAt: 100, closedAt: 400 }, 9999)).toBe(300)
  expect(waitedMs({ openedAt: 100, closedAt: null }, 250)).toBe(150)
  expect(waitedMs({ openedAt: 100, closedAt: null }, 50)).toBe(0)
  expect(episodeGapMsDefault).toBe(24 * hourMs)
})
