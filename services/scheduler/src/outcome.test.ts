import type { SendOutcome } from '@fidelio/channels/send-outcome.ts'
import { secondMs } from '@fidelio/core/time.ts'
import { expect, test } from 'vitest'
import { defaultLimits } from './limits.ts'
import { consequenceOf } from './outcome.ts'

const now = Date.UTC(2026, 10, 22, 12)
const send = (attempt: number) => ({ id: 's', contactId: 1, recipient: 'p', displayName: null, attempt })
const judge = (answer: SendOutcome, attempt = 1) => consequenceOf(send(attempt), answer, now, defaultLimits)
const refused = (errorClass: Extract<SendOutcome, { outcome: 'rejected' }>['class']): SendOutcome => ({
  outcome: 'rejected',
  class: errorClass,
  scope: 'message',
  code: 10,
  subcode: 7,
  traceId: '',
})

test('accepted and unknown are what they are', () => {
  expect(judge({ outcome: 'accepted', messageId: 'm' }).result).toMatchObject({ status: 'accepted', messageId: 'm' })
  expect(judge({ outcome: 'unknown', reason: 'http_500' })).toMatchObject({
    result: { status: 'unknown', reason: 'no_answer', errorCode: 'http_500', notBefore: null },
    pause: null,
  })
})

test('what never left is tried again, later each time, and not for ever', () => {
  const pauses = [1, 2, 3, 7].map((attempt) => {
    const { result } = judge({ outcome: 'notSent', reason: 'ECONNREFUSED' }, attempt)
    expect(result.status).toBe('planned')
    return ((result.notBefore?.getTime() ?? 0) - now) / secondMs
  })
  expect(pauses).toEqual([5, 10, 20, 320])
  const last = judge({ outcome: 'notSent', reason: 'ECONNREFUSED' }, defaultLimits.attemptsMax)
  expect(last.result).toMatchObject({ status: 'rejected', reason: 'never_reached', notBefore: null })
})

test('a limit sends nobody, and rests the account or the app for as long as it says', () => {
  const throttled = { outcome: 'throttled', retryAfterSeconds: 90, code: 613, subcode: null } as const
  const until = now + 90 * secondMs
  expect(judge({ ...throttled, scope: 'account' })).toMatchObject({
    result: { status: 'planned', reason: 'throttled', errorCode: '613', notBefore: new Date(until) },
    pause: { scope: 'account', until },
  })
  expect(judge({ ...throttled, scope: 'app' }).pause?.scope).toBe('app')
})

test('a refused token or a restricted account holds the campaign and keeps the person planned', () => {
  expect(judge(refused('token'))).toMatchObject({ result: { status: 'planned' }, hold: 'token_broken' })
  expect(judge(refused('abuse'))).toMatchObject({ result: { status: 'planned' }, hold: 'account_restricted' })
})

test.each([
  ['opted_out', 'blocked'],
  ['no_such_person', 'unreachable'],
  ['window_closed', null],
  ['bad_request', null],
  ['unrecognised', null],
] as const)('refused as %s: rejected, exclusion %s', (errorClass, exclusion) => {
  expect(judge(refused(errorClass))).toMatchObject({
    result: { status: 'rejected', reason: errorClass, errorCode: '10/7' },
    exclusion,
    hold: null,
    pause: null,
  })
})
