import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { badgeRule, type FirstMessage, fastAnswerMs, metaBadge } from './meta-badge.ts'
import { hourMs, minuteMs } from './time.ts'

const now = Date.parse('2026-11-22T14:00:00Z')
const until = now + 8 * hourMs
const answered = (minutes: number): FirstMessage => ({
  openedAt: now - 50 * hourMs,
  answeredAt: now - 50 * hourMs + minutes * minuteMs,
  waiting: false,
})
const waiting = (minutes: number): FirstMessage => ({
  openedAt: now - minutes * minuteMs,
  answeredAt: null,
  waiting: true,
})
const lost: FirstMessage = { openedAt: now - 30 * hourMs, answeredAt: null, waiting: false }
const times = (n: number, one: FirstMessage) => Array.from({ length: n }, () => one)

describe('Meta’s badge', () => {
  it('is held with nine in ten answered and a quarter of an hour', () => {
    const badge = metaBadge([...times(18, answered(15)), waiting(60), lost], { now, until })
    expect(badge).toMatchObject({
      messages: 20,
      answered: 18,
      waiting: 1,
      responseSeconds: 900,
      held: true,
      answerNow: 0,
    })
  })

  it('forgives the slowest tenth, which no mean does', () => {
    const badge = metaBadge([...times(18, answered(10)), ...times(2, answered(2000))], { now, until })
    expect(badge.responseSeconds).toBe(600)
    expect(badge.held).toBe(true)
  })

  it('says how many of those who wait regain it, and by when', () => {
    // 17 of 20 answered in 10 min; one answer more is needed, and it may be slow: the slowest tenth is forgiven.
    const one = metaBadge([...times(17, answered(10)), waiting(60), waiting(90), lost], { now, until })
    expect(one).toMatchObject({ held: false, answerNow: 1, newFast: 0, answerBy: until })
    // 8 of 10 answered in 14 min: one answer more, and of nine answers eight count.
    const tight = metaBadge([...times(4, answered(14)), waiting(20)], { now, until })
    // 5 of 5 answered, four of them count: the fifth is forgiven however late.
    expect(tight).toMatchObject({ answerNow: 1, newFast: 0, answerBy: until })
    const counted = metaBadge([...times(9, answered(14)), ...times(9, waiting(12))], { now, until })
    // 17 of 18 answers, of which 15 count: 9 of 14 min and 6 of the others, which reach 16.5 min in 4.5 min.
    expect(counted).toMatchObject({ answerNow: 8, newFast: 0, answerBy: now + 4 * minuteMs })
  })

  it('says how many new conversations must be answered fast when the old ones cannot be mended', () => {
    const badge = metaBadge(times(10, answered(30)), { now, until })
    expect(badge).toMatchObject({ held: false, answerNow: 0, answerBy: null })
    // f answers of 5 min beside ten of 30: the mean of the fastest floor(0.9 (10 + f)) is at most 15 min.
    const fast = badge.newFast ?? 0
    const mean = (f: number) => {
      const counted = Math.floor(0.9 * (10 + f))
      return (Math.min(f, counted) * 5 + Math.max(0, counted - f) * 30) / counted
    }
    expect(mean(fast)).toBeLessThanOrEqual(15)
    expect(mean(fast - 1)).toBeGreaterThan(15)
  })

  it('knows nothing where nobody wrote', () => {
    expect(metaBadge([], { now, until })).toMatchObject({ messages: 0, responseSeconds: null, held: false, newFast: 1 })
  })
})

const firsts = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 60 }).map(answered),
    fc.integer({ min: 0, max: 60 }).map(waiting),
    fc.constant(lost),
  ),
  { maxLength: 14 },
)

/** The rule as a sentence, over plain lists of minutes. */
function plainlyHeld(minutes: number[], total: number): boolean {
  if (minutes.length === 0 || minutes.length < badgeRule.answeredShareMin * total - 1e-9) return false
  const fastest = minutes.toSorted((a, b) => a - b).slice(0, Math.max(1, Math.floor(0.9 * minutes.length + 1e-9)))
  return fastest.reduce((a, b) => a + b, 0) / fastest.length <= 15
}

it('the advice suffices, and nothing less does', () => {
  fc.assert(
    fc.property(firsts, (all) => {
      const badge = metaBadge(all, { now, until })
      const done = all.flatMap((one) => (one.answeredAt === null ? [] : [(one.answeredAt - one.openedAt) / minuteMs]))
      const open = all
        .filter((one) => one.waiting)
        .map((one) => (now - one.openedAt) / minuteMs)
        .sort((a, b) => a - b)
      const fine = (answers: number, fast: number, later = 0) =>
        plainlyHeld(
          [
            ...done,
            ...open.slice(0, answers).map((one) => one + later),
            ...Array<number>(fast).fill(fastAnswerMs / minuteMs),
          ],
          all.length + fast,
        )
      expect(badge.held).toBe(fine(0, 0))
      if (badge.newFast === null) return
      expect(fine(badge.answerNow, badge.newFast)).toBe(true)
      for (let fast = 0; fast < badge.newFast; fast++) {
        for (let answers = 0; answers <= open.length; answers++) expect(fine(answers, fast)).toBe(false)
      }
      for (let answers = 0; answers < badge.answerNow; answers++) expect(fine(answers, badge.newFast)).toBe(false)
      if (badge.answerBy !== null && badge.answerBy < until) {
        expect(fine(badge.answerNow, badge.newFast, (badge.answerBy - now) / minuteMs)).toBe(true)
        expect(fine(badge.answerNow, badge.newFast, (badge.answerBy - now) / minuteMs + 1)).toBe(false)
      }
    }),
    { numRuns: 500, seed: 20_261_122 },
  )
})
