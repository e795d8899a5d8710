import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createQuotas } from './quota.ts'

const start = Date.parse('2026-03-02T10:00:00Z')
const limits = { quotaEventsPerSecond: 100_000, quotaBurstEvents: 1_000_000, fairRowsMin: 100, retryAfterSeconds: 2 }
const rowOf = (eventsPerSecond: number, burstEvents: number) => ({
  businessId: 'noisy',
  eventsPerSecond,
  burstEvents,
  eventsPerDay: null,
  usedToday: 0,
})

test('lets in the burst and then the rate, never more than one body above it, and says when to come back', () => {
  const bodies = fc.array(
    fc.record({ events: fc.integer({ min: 1, max: 50 }), waitMs: fc.integer({ min: 0, max: 900 }) }),
    {
      minLength: 1,
      maxLength: 100,
    },
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 400 }), bodies, (rate, burst, sent) => {
      const quotas = createQuotas({ limits, backlog: () => 0 })
      quotas.learn([rowOf(rate, burst)], start)
      let at = start
      let admitted = 0
      for (const { events, waitMs } of sent) {
        at += waitMs
        const refusal = quotas.admit('noisy', events, at)
        if (!refusal) admitted += events
        else if (refusal.retryAfterSeconds * 1000 < 3_600_000) {
          // Whoever comes back when told to, alone, is let in.
          expect(quotas.check('noisy', at + refusal.retryAfterSeconds * 1000)).toBeUndefined()
          at += refusal.retryAfterSeconds * 1000
        }
        expect(quotas.admit('neighbour', events, at)).toBeUndefined()
        expect(admitted).toBeLessThanOrEqual(burst + (rate * (at - start)) / 1000 + 50)
      }
    }),
  )
})

test('what could not be stored is given back, and does not count for the day', () => {
  const quotas = createQuotas({ limits, backlog: () => 0 })
  quotas.learn([{ ...rowOf(1, 10), eventsPerDay: 10 }], start)
  for (let i = 0; i < 3; i++) {
    expect(quotas.admit('noisy', 10, start)).toBeUndefined()
    quotas.giveBack('noisy', 10)
  }
  quotas.admit('noisy', 4, start)
  expect([...quotas.takeAdmitted()]).toEqual([['noisy', 4]])
  expect([...quotas.takeAdmitted()]).toEqual([])
})

describe('when rows pile up in front of the store', () => {
  function world(backlog: number) {
    const quotas = createQuotas({ limits, backlog: () => backlog })
    const senders = { loud: 1000, small: 10, smaller: 1 }
    const refused = new Map<string, number>()
    for (let tenth = 0; tenth < 20; tenth++) {
      for (const [businessId, events] of Object.entries(senders)) {
        const refusal = quotas.admit(businessId, events, start + tenth * 100)
        if (refusal)
          refused.set(`${businessId} ${refusal.reason}`, (refused.get(`${businessId} ${refusal.reason}`) ?? 0) + 1)
      }
    }
    return refused
  }

  test('whoever sends most of it is told to come back, and the others are not', () => {
    const refused = world(101)
    expect([...refused.keys()]).toEqual(['loud over_share'])
    expect(refused.get('loud over_share')).toBeGreaterThan(15)
  })

  test('below that nobody is', () => {
    expect(world(100)).toEqual(new Map())
  })

  test('who sends alone has nobody to be fair to', () => {
    const quotas = createQuotas({ limits, backlog: () => 1_000_000 })
    for (let i = 0; i < 100; i++) expect(quotas.admit('alone', 100, start + i * 50)).toBeUndefined()
  })
})
