/**
 * The life of one row of `sends` as data (reliability.md §4): states, allowed steps, closed lists of reasons, and which
 * state counts where in the funnel (measures.md §7). At most once always; exactly once except the listed unknowns.
 */
import type { IneligibleReason } from './eligibility.ts'

export const sendStatuses = [
  'excluded', // did not pass a gate at planning
  'holdout', // passed, kept back as control
  'planned', // waits for its turn
  'claimed', // one worker holds the lease; nothing has left
  'sending', // committed before the provider is called: from here on it is never repeated without proof
  'accepted', // the provider has it
  'rejected', // the provider refused it, definitely
  'unknown', // it may have gone out; waiting for an echo or receipt
  'unknown_final', // no proof came in time; shown, never sent again
  'withdrawn', // refused at the claim, or the campaign was cancelled
  'held', // waits for a person's decision
] as const
export type SendStatus = (typeof sendStatuses)[number]

/** Every allowed step. What is not here cannot happen; the database statements name the states they start from. */
export const sendTransitions: Readonly<Record<SendStatus, readonly SendStatus[]>> = {
  excluded: [],
  holdout: [],
  planned: ['claimed', 'withdrawn', 'held'],
  // Back to planned: the lease ran out, or the start was refused. It never reached `sending`.
  claimed: ['sending', 'planned', 'withdrawn', 'held'],
  // Back to planned only with proof that nothing left: connection refused, or a refusal to take it now (429, 613).
  sending: ['accepted', 'rejected', 'unknown', 'planned'],
  // The answer of the worker that holds the attempt, or an echo; silence makes it final.
  unknown: ['accepted', 'rejected', 'unknown_final'],
  // Proof that comes late is still proof.
  unknown_final: ['accepted', 'rejected'],
  accepted: [],
  rejected: [],
  withdrawn: [],
  held: ['planned', 'withdrawn'],
}

/**
 * How far a send got, furthest first. Where two sends turn out to be to one person, the further one stands for both: what
 * was sent is never hidden, and who was kept back in one draw and written to in the other was written to.
 */
export const sendStatusesByReach = [
  'accepted',
  'unknown',
  'unknown_final',
  'sending',
  'rejected',
  'claimed',
  'planned',
  'held',
  'withdrawn',
  'holdout',
  'excluded',
] as const satisfies readonly SendStatus[]

export function canStep(from: SendStatus, to: SendStatus): boolean {
  return sendTransitions[from].includes(to)
}

/** Nothing more will happen to a row in one of these, except that a late proof may settle `unknown_final`. */
export const settledStatuses: readonly SendStatus[] = sendStatuses.filter(
  (status) => status === 'unknown_final' || sendTransitions[status].length === 0,
)

/** Parts of the funnel that add up: targeted = eligible + excluded + holdout, and so on. */
export const funnelTerms = ['excluded', 'holdout', 'held', 'withdrawn', 'sent', 'failed', 'unknown', 'pending'] as const
export type FunnelTerm = (typeof funnelTerms)[number]

export const funnelTermOf: Readonly<Record<SendStatus, FunnelTerm>> = {
  excluded: 'excluded',
  holdout: 'holdout',
  planned: 'held',
  claimed: 'held',
  held: 'held',
  withdrawn: 'withdrawn',
  sending: 'pending',
  accepted: 'sent',
  rejected: 'failed',
  unknown: 'unknown',
  unknown_final: 'unknown',
}

export type ReasonTally = { reason: string; count: number }
/** The part of the funnel that `sends` alone decides; delivered, read, replied and ordered are joined to it. */
export type SendFunnel = {
  targeted: number
  eligible: number
  holdout: number
  excluded: ReasonTally[]
  attempted: number
  held: number
  withdrawn: ReasonTally[]
  sent: number
  failed: ReasonTally[]
  unknown: number
  pending: number
  sumsHold: boolean
}

/**
 * The funnel of a campaign from its rows counted by status and reason. `targeted` is counted apart, over all rows, so
 * that a status nobody placed shows as `sumsHold: false` instead of vanishing. Reasons come largest first.
 */
export function sendFunnel(targeted: number, tallies: readonly (ReasonTally & { status: SendStatus })[]): SendFunnel {
  const total = (term: FunnelTerm) => sum(tallies.filter((tally) => funnelTermOf[tally.status] === term))
  const reasons = (term: FunnelTerm) => byReason(tallies.filter((tally) => funnelTermOf[tally.status] === term))
  const [sent, unknown, pending, held, holdout] = [
    total('sent'),
    total('unknown'),
    total('pending'),
    total('held'),
    total('holdout'),
  ]
  const attempted = sent + total('failed') + unknown + pending
  const eligible = attempted + held + total('withdrawn')
  return {
    targeted,
    eligible,
    holdout,
    excluded: reasons('excluded'),
    attempted,
    held,
    withdrawn: reasons('withdrawn'),
    sent,
    failed: reasons('failed'),
    unknown,
    pending,
    sumsHold: targeted === eligible + total('excluded') + holdout,
  }
}

function sum(tallies: readonly ReasonTally[]): number {
  return tallies.reduce((count, tally) => count + tally.count, 0)
}

/** Adds up tallies of the same reason, largest first, equal counts by name. */
export function byReason(tallies: readonly ReasonTally[]): ReasonTally[] {
  const counts = new Map<string, number>()
  for (const { reason, count } of tallies) counts.set(reason, (counts.get(reason) ?? 0) + count)
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason))
}

type Label = { en: string; fr: string }

/** Why somebody was not planned: the gates of core/eligibility. */
export const exclusionLabels: Readonly<Record<IneligibleReason, Label>> = {
  no_identity: { en: 'not known on this channel', fr: 'inconnu sur ce canal' },
  suppressed: { en: 'on the suppression list', fr: 'sur la liste d’exclusion' },
  no_opt_in: { en: 'no permission', fr: 'pas de consentement' },
  opted_out: { en: 'opted out', fr: 'désinscrit' },
  blocked: { en: 'blocked the business', fr: 'a bloqué l’entreprise' },
  unreachable: { en: 'cannot be reached', fr: 'injoignable' },
  not_allowed_on_channel: {
    en: 'the channel allows no offers now',
    fr: 'le canal n’autorise pas d’offres actuellement',
  },
  never_wrote: { en: 'never wrote to this account', fr: 'n’a jamais écrit à ce compte' },
  outside_window: { en: 'outside the 24-hour window', fr: 'hors de la fenêtre de 24 heures' },
  frequency_cap: { en: 'got enough offers lately', fr: 'a reçu assez d’offres récemment' },
  in_other_campaign: { en: 'another campaign is on its way', fr: 'une autre campagne est en cours d’envoi' },
}

/** Why somebody planned was not sent to after all; every gate can also fail at the claim. */
export const withdrawalLabels = {
  ...exclusionLabels,
  campaign_cancelled: { en: 'campaign cancelled', fr: 'campagne annulée' },
  offer_ended: { en: 'the offer had ended', fr: 'l’offre était terminée' },
  same_person: {
    en: 'the same person as another one of this campaign',
    fr: 'la même personne qu’une autre de cette campagne',
  },
  message_too_long: { en: 'message too long for this person', fr: 'message trop long pour cette personne' },
} as const satisfies Record<string, Label>

/** How a provider can refuse for good: the error classes of the channels (protocols.md §5), and giving up on reaching it. */
export const failureLabels = {
  opted_out: { en: 'blocked or stopped by the person', fr: 'bloqué ou arrêté par la personne' },
  no_such_person: { en: 'person not found by the channel', fr: 'personne introuvable sur le canal' },
  window_closed: { en: 'refused: window closed', fr: 'refusé : fenêtre fermée' },
  too_soon: { en: 'refused: too soon', fr: 'refusé : trop tôt' },
  thread_owned: { en: 'conversation held by another app', fr: 'conversation tenue par une autre application' },
  bad_request: { en: 'message refused as invalid', fr: 'message refusé comme invalide' },
  gone: { en: 'refused: no longer exists', fr: 'refusé : n’existe plus' },
  retry: { en: 'the channel failed', fr: 'le canal a échoué' },
  unrecognised: { en: 'refused for a reason we do not know', fr: 'refusé pour une raison inconnue' },
  never_reached: { en: 'the channel could not be reached', fr: 'le canal n’a pas pu être joint' },
} as const satisfies Record<string, Label>

export type WithdrawalReason = keyof typeof withdrawalLabels
export type FailureReason = keyof typeof failureLabels

/** How an accepted or unknown row got there, when it was not the provider's plain answer. */
export const outcomeLabels = {
  accepted_by_echo: { en: 'confirmed by the channel’s echo', fr: 'confirmé par l’écho du canal' },
  no_answer: { en: 'no answer, may have gone out', fr: 'sans réponse, peut-être envoyé' },
  worker_lost: {
    en: 'interrupted while sending, may have gone out',
    fr: 'interrompu pendant l’envoi, peut-être envoyé',
  },
  not_reached: { en: 'channel not reached, will be tried again', fr: 'canal non joint, nouvel essai prévu' },
  quiet_hours: { en: 'waits for the hours in which offers may go out', fr: 'attend les heures d’envoi autorisées' },
  own_time: { en: 'waits for the hour in this person’s own time zone', fr: 'attend l’heure dans son propre fuseau' },
  throttled: { en: 'the channel asked to slow down', fr: 'le canal a demandé de ralentir' },
} as const satisfies Record<string, Label>

const failures: ReadonlyMap<string, Label> = new Map(Object.entries(failureLabels))
const labels: ReadonlyMap<string, Label> = new Map(
  Object.entries({ ...failureLabels, ...outcomeLabels, ...withdrawalLabels }),
)

/** The words for a reason in the row's status: the same word can be a gate and a refusal. An unlisted word stays as it is. */
export function reasonLabel(reason: string, locale: 'en' | 'fr', status?: SendStatus): string {
  const known = (status === 'rejected' ? failures.get(reason) : undefined) ?? labels.get(reason)
  return known?.[locale] ?? reason
}

/** Longest silence after which a row in `sending` is taken for lost: well above the provider call's own time limit. */
export const sendingStaleSeconds = 120
/** Wait for proof before `unknown` becomes final (reliability.md §4). */
export const unknownFinalAfterSeconds = 15 * 60
