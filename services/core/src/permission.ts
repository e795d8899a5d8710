/**
 * What a channel allows, as dated data (protocols.md §3–4): platforms change their rules, so a rule is a row with
 * [validFrom, validTo), and the rule that counts is the one in force at the instant of sending.
 */
import { hourMs, secondMs } from './time.ts'

/** `opt_in`: permission suffices at any time. `window`: permission and a recent message of the customer. */
export const permissionBases = ['opt_in', 'window'] as const
export type PermissionBasis = (typeof permissionBases)[number]

/** One dated rule. Instants in Unix milliseconds; `validTo` null: until further notice. */
export type PermissionRule = {
  channel: string
  basis: PermissionBasis
  validFrom: number
  validTo: number | null
  /** Basis `window`: elapsed hours after the customer's last message. */
  windowHours: number | null
  /** Taken off the window's end, so that a slow request or a skewed clock cannot cross the platform's limit. */
  safetyMarginSeconds: number
}

/** Where the customer's last message stands against the window. */
export type WindowState = 'never_wrote' | 'closed' | 'open'

/** The rule in force on a channel at an instant, null when nothing is allowed then. Of several, the newest. */
export function ruleInForce(rules: readonly PermissionRule[], channel: string, at: number): PermissionRule | null {
  let found: PermissionRule | null = null
  for (const rule of rules) {
    if (rule.channel !== channel || at < rule.validFrom || (rule.validTo !== null && at >= rule.validTo)) continue
    if (!found || rule.validFrom > found.validFrom) found = rule
  }
  return found
}

/**
 * The window as one comparison: it is open at `at` exactly when the customer's last message is later than the returned
 * instant. With 24 h and a margin of 60 s, a message of 23:59:00 ago no longer opens it. Null when the rule has no window.
 */
export function windowOpenAfter(rule: PermissionRule, at: number): number | null {
  if (rule.basis !== 'window') return null
  if (rule.windowHours === null) throw new RangeError(`the ${rule.channel} rule has a window without hours`)
  return at - rule.windowHours * hourMs + rule.safetyMarginSeconds * secondMs
}

/** Whether the window is open at an instant. Judged by the customer's own event time, never by time of receipt. */
export function windowState(rule: PermissionRule, lastInboundAt: number | null, at: number): WindowState {
  if (lastInboundAt === null) return 'never_wrote'
  const openAfter = windowOpenAfter(rule, at)
  return openAfter === null || lastInboundAt > openAfter ? 'open' : 'closed'
}
