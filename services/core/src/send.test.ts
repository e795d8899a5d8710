import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  canStep,
  funnelTermOf,
  reasonLabel,
  sendFunnel,
  sendStatuses,
  sendTransitions,
  settledStatuses,
} from './send.ts'

test('the sums of the funnel hold for any rows whatever', () => {
  const row = fc.record({ status: fc.constantFrom(...sendStatuses), reason: fc.constantFrom('', 'a', 'b') })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 200 }), (rows) => {
      const funnel = sendFunnel(
        rows.length,
        rows.map((each) => ({ ...each, count: 1 })),
      )
      const total = (tallies: { count: number }[]) => tallies.reduce((sum, tally) => sum + tally.count, 0)
      const of = (...wanted: string[]) => rows.filter((each) => wanted.includes(each.status)).length
      expect(funnel.sumsHold).toBe(true)
      expect(funnel.targeted).toBe(funnel.eligible + total(funnel.excluded) + funnel.holdout)
      expect(funnel.eligible).toBe(funnel.attempted + funnel.held + total(funnel.withdrawn))
      expect(funnel.attempted).toBe(funnel.sent + total(funnel.failed) + funnel.unknown + funnel.pending)
      // The naive reading of measures.md §7, state by state.
      expect(funnel.held).toBe(of('planned', 'claimed', 'held'))
      expect(funnel.pending).toBe(of('sending'))
      expect(funnel.sent).toBe(of('accepted'))
      expect(funnel.unknown).toBe(of('unknown', 'unknown_final'))
    }),
  )
})

test('a row nobody placed shows as sums that do not hold', () => {
  expect(sendFunnel(3, [{ status: 'accepted', reason: '', count: 2 }]).sumsHold).toBe(false)
})

test('no path leads from a message that may have gone out to a second call', () => {
  // From `sending` only proof that nothing left goes back; from `unknown` on nothing does.
  const reachable = (from: (typeof sendStatuses)[number], seen = new Set<string>()): Set<string> => {
    for (const next of sendTransitions[from]) if (!seen.has(next)) reachable(next, seen.add(next))
    return seen
  }
  for (const status of [
    'unknown',
    'unknown_final',
    'accepted',
    'rejected',
    'withdrawn',
    'excluded',
    'holdout',
  ] as const)
    expect([...reachable(status)].filter((next) => ['planned', 'claimed', 'sending'].includes(next))).toEqual([])
  expect(canStep('planned', 'sending')).toBe(false)
  expect(settledStatuses).toEqual(['excluded', 'holdout', 'accepted', 'rejected', 'unknown_final', 'withdrawn'])
  expect(Object.keys(funnelTermOf)).toHaveLength(sendStatuses.length)
})

test('a reason reads differently before the send and after a refusal', () => {
  expect(reasonLabel('opted_out', 'en', 'excluded')).toBe('opted out')
  expect(reasonLabel('opted_out', 'en', 'rejected')).toBe('blocked or stopped by the person')
  expect(reasonLabel('outside_window', 'fr')).toBe('hors de la fenêtre de 24 heures')
  expect(reasonLabel('', 'en')).toBe('')
})
