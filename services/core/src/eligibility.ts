/**
 * Who may be sent a campaign, and why the others not: an ordered list of gates (measures.md §7). All gates are evaluated
 * for everyone; the first that fails is the reason shown; only who passes all is split into treatment and holdout.
 *
 * The same gates judge the audience preview, the plan and, again, the claim just before sending.
 */
import type { ConsentState } from './consent.ts'
import type { PermissionBasis, WindowState } from './permission.ts'

/** Standing reasons not to write to somebody at all, table `exclusions`. */
export const standingExclusions = ['blocked', 'unreachable', 'suppressed'] as const
export type StandingExclusion = (typeof standingExclusions)[number]

/** All that the gates need to know of one person on one account, for one channel and topic, at one instant. */
export type EligibilityFacts = {
  /** The channel has an id of this person to send to. */
  hasRecipient: boolean
  consent: ConsentState
  exclusion: StandingExclusion | null
  window: WindowState
  /** Got as many offers lately as the business allows itself (core/sending-hours). */
  capped: boolean
  /** A message of another campaign is on its way to this person right now. */
  inOtherCampaign: boolean
}

/** Facts common to the whole campaign at that instant. */
export type ChannelFacts = {
  /** Basis of the rule in force; null when the channel allows no offers then. */
  basis: PermissionBasis | null
}

type Gate = { reason: string; fails(person: EligibilityFacts, channel: ChannelFacts): boolean }

/** The gates in the order in which they name the reason: from what is hardest to change to what passes by itself. */
export const gates = [
  { reason: 'no_identity', fails: (person) => !person.hasRecipient },
  { reason: 'suppressed', fails: (person) => person.exclusion === 'suppressed' },
  { reason: 'no_opt_in', fails: (person) => person.consent === 'none' },
  { reason: 'opted_out', fails: (person) => person.consent === 'revoked' },
  { reason: 'blocked', fails: (person) => person.exclusion === 'blocked' },
  { reason: 'unreachable', fails: (person) => person.exclusion === 'unreachable' },
  { reason: 'not_allowed_on_channel', fails: (_person, channel) => channel.basis === null },
  { reason: 'never_wrote', fails: (person, channel) => channel.basis === 'window' && person.window === 'never_wrote' },
  { reason: 'outside_window', fails: (person, channel) => channel.basis === 'window' && person.window === 'closed' },
  { reason: 'frequency_cap', fails: (person) => person.capped },
  { reason: 'in_other_campaign', fails: (person) => person.inOtherCampaign },
] as const satisfies readonly Gate[]

export type IneligibleReason = (typeof gates)[number]['reason']

/** `basis` is the permission every send must name; `failed` lists every gate that did not pass, first one first. */
export type Verdict =
  | { eligible: true; basis: PermissionBasis }
  | { eligible: false; reason: IneligibleReason; failed: IneligibleReason[] }

/** Evaluates all gates for one person. */
export function judge(person: EligibilityFacts, channel: ChannelFacts): Verdict {
  const failed = gates.filter((gate) => gate.fails(person, channel)).map((gate) => gate.reason)
  const reason = failed[0]
  if (reason !== undefined) return { eligible: false, reason, failed }
  // A channel without a rule fails its own gate, so a basis is known here.
  if (channel.basis === null) throw new Error('a person passed every gate on a channel that allows nothing')
  return { eligible: true, basis: channel.basis }
}

/**
 * Identity namespaces in which a channel knows its people, the preferred first (ARCHITECTURE.md "Doors"). The sandbox
 * also takes a tenant's own customer id, so that it can be tried with nothing but `/v1/events`.
 */
export function recipientNamespaces(channel: string, accountExternalId: string): string[] {
  const own = `${channel}:${accountExternalId}`
  return channel === 'sandbox' ? [own, 'external'] : [own]
}
