/**
 * Consent: who said yes to what. The default is no, and cannot be switched to yes (features.md 3.1): no row, no send.
 *
 * The ledger (append-only, with proof) is the truth; the current answer per (contact, channel, topic) is read from it.
 * This file says what the current answer means; applying facts to the ledger is the work of ingest.
 */
import type { Channel } from './event.ts'

export const consentActions = ['granted', 'revoked'] as const
export type ConsentAction = (typeof consentActions)[number]

/** Revocations only: every topic of the channel, as a STOP word or a platform-wide stop means it. */
export const everyTopic = '*'

/** What stands for one contact, channel and topic. */
export const consentStates = ['none', 'granted', 'revoked'] as const
export type ConsentState = (typeof consentStates)[number]

/** One line of the ledger, as far as the question "may we write" needs it. `occurredAt` in Unix milliseconds. */
export type ConsentLine = { channel: Channel; topic: string; action: ConsentAction; occurredAt: number }

const topicShape = /^[a-z0-9][a-z0-9_.-]{0,63}$/i

/** Whether a text can name a topic: letters, digits, `_ . -`, at most 64 characters. `*` is not a topic. */
export function isTopic(text: string): boolean {
  return topicShape.test(text)
}

/**
 * The answer of a ledger at an instant: the latest line for the topic or for every topic. Of two lines at the same
 * instant the revocation counts, because a doubt is a no. Lines may come in any order.
 */
export function consentAt(lines: readonly ConsentLine[], channel: Channel, topic: string, at: number): ConsentState {
  let latest: ConsentLine | undefined
  for (const line of lines) {
    if (line.channel !== channel || line.occurredAt > at) continue
    if (line.topic !== topic && line.topic !== everyTopic) continue
    const isLater = !latest || line.occurredAt > latest.occurredAt
    const winsTie = latest?.occurredAt === line.occurredAt && line.action === 'revoked'
    if (isLater || winsTie) latest = line
  }
  return latest ? latest.action : 'none'
}
