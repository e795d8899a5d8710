/** What a provider's answer means: for the row, for the person, and for the campaign. Sheets: protocols.md §5, reliability.md §4. */
import type { ErrorClass, SendOutcome } from '@fidelio/channels/send-outcome.ts'
import type { CampaignHoldReason } from '@fidelio/core/campaign.ts'
import type { StandingExclusion } from '@fidelio/core/eligibility.ts'
import type { FailureReason } from '@fidelio/core/send.ts'
import { secondMs } from '@fidelio/core/time.ts'
import type { ClaimedSend, SendResult } from '@fidelio/db/records/send-claims.ts'
import type { SchedulerLimits } from './limits.ts'

export type Consequence = {
  result: SendResult
  /** The person cannot be reached on the channel until they write again. */
  exclusion: StandingExclusion | null
  /** The account cannot go on: the campaign waits for a person. */
  hold: CampaignHoldReason | null
  /** The account, or every account of the app, rests until then (Unix milliseconds). */
  pause: { scope: 'account' | 'app'; until: number } | null
}

/** Refusals that stop the account: nothing was sent, and the person stays planned for when it works again. */
const holds: Partial<Record<ErrorClass, CampaignHoldReason>> = { token: 'token_broken', abuse: 'account_restricted' }
const exclusions: Partial<Record<ErrorClass, StandingExclusion>> = {
  opted_out: 'blocked',
  no_such_person: 'unreachable',
}

/** Pure: the answer of one call, judged at an instant. */
export function consequenceOf(
  send: ClaimedSend,
  answer: SendOutcome,
  now: number,
  limits: Pick<SchedulerLimits, 'retrySecondsMin' | 'retrySecondsMax' | 'attemptsMax'>,
): Consequence {
  const { id, attempt } = send
  const blank: SendResult = {
    id,
    attempt,
    status: 'unknown',
    reason: '',
    messageId: '',
    errorCode: '',
    notBefore: null,
  }
  const only = (result: Partial<SendResult>): Consequence => ({
    result: { ...blank, ...result },
    exclusion: null,
    hold: null,
    pause: null,
  })
  switch (answer.outcome) {
    case 'accepted':
      return only({ status: 'accepted', messageId: answer.messageId })
    case 'unknown':
      return only({ status: 'unknown', reason: 'no_answer', errorCode: answer.reason })
    case 'notSent': {
      if (attempt >= limits.attemptsMax)
        return only({ status: 'rejected', reason: 'never_reached', errorCode: answer.reason })
      const seconds = Math.min(limits.retrySecondsMax, limits.retrySecondsMin * 2 ** (attempt - 1))
      const notBefore = new Date(now + seconds * secondMs)
      return only({ status: 'planned', reason: 'not_reached', errorCode: answer.reason, notBefore })
    }
    case 'throttled': {
      const until = now + answer.retryAfterSeconds * secondMs
      const errorCode = codeOf(answer)
      return {
        ...only({ status: 'planned', reason: 'throttled', errorCode, notBefore: new Date(until) }),
        pause: { scope: answer.scope === 'app' ? 'app' : 'account', until },
      }
    }
    case 'rejected': {
      const errorCode = codeOf(answer)
      const hold = holds[answer.class]
      if (hold) return { ...only({ status: 'planned', errorCode }), hold }
      const reason = failureOf(answer.class)
      return { ...only({ status: 'rejected', reason, errorCode }), exclusion: exclusions[answer.class] ?? null }
    }
  }
}

function failureOf(errorClass: ErrorClass): FailureReason {
  // These three never arrive here: they hold the account, or are throttled, not refused.
  const isRefusal = errorClass !== 'token' && errorClass !== 'abuse' && errorClass !== 'slow_down'
  return isRefusal ? errorClass : 'unrecognised'
}

function codeOf({ code, subcode }: { code: number | null; subcode: number | null }): string {
  if (code === null) return ''
  return subcode === null ? String(code) : `${code}/${subcode}`
}
