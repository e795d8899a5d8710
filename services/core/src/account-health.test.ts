import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AccountHealthFacts,
  accountHealths,
  diagnoseAccount,
  healthSentence,
  silenceSecondsDefault,
  silenceSecondsMin,
} from './account-health.ts'
import { hourMs } from './time.ts'

const now = Date.parse('2026-03-02T10:00:00Z')
const well: AccountHealthFacts = {
  now,
  status: 'connected',
  createdAt: now - 1000 * hourMs,
  lastEventAt: now - 60_000,
  usualGapSeconds: 9 * 3600,
  silenceFactor: null,
  signatureFailures: { lastHour: 0, lastDay: 0 },
  subscription: 'subscribed',
  overQuotaLastHour: 0,
}
const healthOf = (facts: Partial<AccountHealthFacts>) => diagnoseAccount({ ...well, ...facts }).health

describe('the health of an account', () => {
  test.each<[string, Partial<AccountHealthFacts>]>([
    ['healthy', {}],
    ['healthy', { subscription: '' }],
    ['healthy', { subscription: 'unavailable' }],
    ['disconnected', { status: 'disconnected', subscription: 'token_broken' }],
    ['token_broken', { status: 'token_broken', subscription: 'missing' }],
    ['token_broken', { subscription: 'token_broken' }],
    ['not_subscribed', { subscription: 'missing' }],
    ['waiting', { lastEventAt: null }],
    ['signature_failing', { lastEventAt: null, signatureFailures: { lastHour: 1, lastDay: 1 } }],
    ['signature_failing', { lastEventAt: now - 5 * hourMs, signatureFailures: { lastHour: 0, lastDay: 9 } }],
    ['over_quota', { overQuotaLastHour: 3 }],
  ])('is %s for %j', (health, facts) => {
    expect(healthOf(facts)).toBe(health)
  })

  test('a few false bodies beside good ones are somebody trying the address', () => {
    expect(healthOf({ signatureFailures: { lastHour: 200, lastDay: 900 } })).toBe('healthy')
  })

  test('is silent after N times the longest pause of a usual day, and N can be set', () => {
    const lastEventAt = now - 18 * hourMs
    expect(healthOf({ lastEventAt: lastEventAt + 1 })).toBe('healthy')
    expect(healthOf({ lastEventAt })).toBe('silent')
    expect(healthOf({ lastEventAt, silenceFactor: 3 })).toBe('healthy')
    expect(healthOf({ lastEventAt: now - 27 * hourMs, silenceFactor: 3 })).toBe('silent')
  })

  test('without a usual day the default holds, and a chatty account may pause', () => {
    const silentAt = (seconds: number, usualGapSeconds: number | null) =>
      healthOf({ lastEventAt: now - seconds * 1000, usualGapSeconds })
    expect(silentAt(silenceSecondsDefault - 1, null)).toBe('healthy')
    expect(silentAt(silenceSecondsDefault, null)).toBe('silent')
    expect(silentAt(silenceSecondsMin - 1, 30)).toBe('healthy')
    expect(silentAt(silenceSecondsMin, 30)).toBe('silent')
  })

  test('never gets better by waiting, and silence begins when it was announced', () => {
    const facts = fc.record({
      lastEventAt: fc.integer({ min: now - 100 * hourMs, max: now }),
      usualGapSeconds: fc.option(fc.integer({ min: 0, max: 200_000 })),
      silenceFactor: fc.option(fc.integer({ min: 1, max: 10 })),
    })
    fc.assert(
      fc.property(facts, fc.integer({ min: 0, max: 500 * hourMs }), (given, later) => {
        const { health, silentFrom } = diagnoseAccount({ ...well, ...given })
        expect(health).toBe(silentFrom !== null && now >= silentFrom ? 'silent' : 'healthy')
        const then = diagnoseAccount({ ...well, ...given, now: now + later })
        expect(then.silentFrom).toBe(silentFrom)
        if (health === 'silent') expect(then.health).toBe('silent')
      }),
    )
  })
})

test('every word has a sentence in both languages, with the pause in words', () => {
  for (const health of accountHealths) {
    for (const language of ['en', 'fr'] as const) {
      const text = healthSentence({ health, silentFrom: null, pauseSeconds: 90 }, language, (seconds) => `${seconds}!`)
      expect(text).toMatch(/^[A-Z].*\.$/)
      expect(text).not.toContain('{')
      expect(text.includes('90!')).toBe(health === 'silent' || health === 'healthy')
    }
  }
})
