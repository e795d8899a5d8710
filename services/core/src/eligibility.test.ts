import { expect, test } from 'vitest'
import { type ConsentLine, consentAt } from './consent.ts'
import { type EligibilityFacts, gates, judge, recipientNamespaces } from './eligibility.ts'
import { type PermissionRule, ruleInForce, windowOpenAfter, windowState } from './permission.ts'
import { hourMs, secondMs } from './time.ts'

const reachable: EligibilityFacts = {
  hasRecipient: true,
  consent: 'granted',
  exclusion: null,
  window: 'open',
  capped: false,
  inOtherCampaign: false,
}

test.each<[Partial<EligibilityFacts>, string]>([
  [{ hasRecipient: false, consent: 'none' }, 'no_identity'],
  [{ exclusion: 'suppressed', consent: 'none' }, 'suppressed'],
  [{ consent: 'none', window: 'closed' }, 'no_opt_in'],
  [{ consent: 'revoked', exclusion: 'blocked' }, 'opted_out'],
  [{ exclusion: 'blocked', window: 'closed' }, 'blocked'],
  [{ exclusion: 'unreachable' }, 'unreachable'],
  [{ window: 'never_wrote' }, 'never_wrote'],
  [{ window: 'closed', inOtherCampaign: true }, 'outside_window'],
  [{ capped: true, inOtherCampaign: true }, 'frequency_cap'],
  [{ inOtherCampaign: true }, 'in_other_campaign'],
])('%o is kept out as %s', (facts, reason) => {
  expect(judge({ ...reachable, ...facts }, { basis: 'window' })).toMatchObject({ eligible: false, reason })
})

test('all gates are evaluated, the first names the reason, and permission is named', () => {
  const verdict = judge({ ...reachable, consent: 'none', window: 'closed', inOtherCampaign: true }, { basis: 'window' })
  expect(verdict).toMatchObject({ failed: ['no_opt_in', 'outside_window', 'in_other_campaign'] })
  expect(judge(reachable, { basis: 'window' })).toEqual({ eligible: true, basis: 'window' })
  expect(judge({ ...reachable, window: 'never_wrote' }, { basis: 'opt_in' })).toEqual({
    eligible: true,
    basis: 'opt_in',
  })
  expect(judge(reachable, { basis: null })).toMatchObject({ reason: 'not_allowed_on_channel' })
  expect(new Set(gates.map((gate) => gate.reason)).size).toBe(gates.length)
})

const messenger: PermissionRule = {
  channel: 'messenger',
  basis: 'window',
  validFrom: Date.UTC(2020, 0, 1),
  validTo: null,
  windowHours: 24,
  safetyMarginSeconds: 60,
}
const wrote = Date.UTC(2026, 2, 28, 12)
const limit = wrote + 24 * hourMs - 60 * secondMs

test.each([
  ['at once', wrote, 'open'],
  ['a second before the limit', limit - secondMs, 'open'],
  ['a millisecond before the limit', limit - 1, 'open'],
  ['at the limit', limit, 'closed'],
  ['a second after the limit', limit + secondMs, 'closed'],
  ['a second before the 24 hours of the platform', wrote + 24 * hourMs - secondMs, 'closed'],
])('the window %s', (_when, at, state) => {
  expect(windowState(messenger, wrote, at)).toBe(state)
  expect(wrote > (windowOpenAfter(messenger, at) ?? Number.NaN)).toBe(state === 'open')
})

test('a rule counts from its first instant to the one before its end', () => {
  const dead: PermissionRule = { ...messenger, validFrom: 0, validTo: messenger.validFrom, windowHours: 48 }
  const rules = [messenger, dead]
  expect(ruleInForce(rules, 'messenger', messenger.validFrom - 1)?.windowHours).toBe(48)
  expect(ruleInForce(rules, 'messenger', messenger.validFrom)?.windowHours).toBe(24)
  expect(ruleInForce([dead], 'messenger', messenger.validFrom)).toBeNull()
  expect(ruleInForce(rules, 'sandbox', wrote)).toBeNull()
  expect(windowState(messenger, null, wrote)).toBe('never_wrote')
})

test('consent is what the ledger says as of any instant, and a doubt is a no', () => {
  const line = (action: 'granted' | 'revoked', topic: string, occurredAt: number): ConsentLine => ({
    channel: 'messenger',
    topic,
    action,
    occurredAt,
  })
  const lines = [line('granted', 'offers', 10), line('revoked', '*', 20), line('granted', 'offers', 30)]
  expect(consentAt(lines, 'messenger', 'offers', 9)).toBe('none')
  expect(consentAt(lines, 'messenger', 'offers', 10)).toBe('granted')
  expect(consentAt(lines, 'messenger', 'offers', 25)).toBe('revoked')
  expect(consentAt(lines, 'messenger', 'offers', 30)).toBe('granted')
  expect(consentAt(lines, 'sandbox', 'offers', 30)).toBe('none')
  expect(consentAt(lines, 'messenger', 'news', 30)).toBe('revoked')
  expect(consentAt([line('granted', 'offers', 5), line('revoked', 'offers', 5)], 'messenger', 'offers', 5)).toBe(
    'revoked',
  )
})

test('the sandbox also knows people by the tenant’s own id', () => {
  expect(recipientNamespaces('messenger', '801')).toEqual(['messenger:801'])
  expect(recipientNamespaces('sandbox', 'sb')).toEqual(['sandbox:sb', 'external'])
})
