/** The measures as plain loops over facts, with the definitions of core: what every query is compared with. */
import { isActivity } from '@fidelio/core/activity.ts'
import { intervalDate, intervalIndex } from '@fidelio/core/interval-index.ts'
import type { TimedOutcome } from '@fidelio/core/kaplan-meier.ts'
import type { RetentionContact } from '@fidelio/core/retention.ts'
import { hourMs } from '@fidelio/core/time.ts'
import { type ThreadRow, type WaitingSpell, waitedMs, waitingSpells } from '@fidelio/core/waiting-spell.ts'
import { channelOf, type Fact, type FactAccount, type Tenant } from './naive-history.ts'

export type NaiveSpell = WaitingSpell & { contactId: number; account: FactAccount }

/** All spells of a tenant: the facts of each thread, and what ends the waits of the person in it. */
export function naiveSpells(tenant: Tenant): NaiveSpell[] {
  const spells: NaiveSpell[] = []
  for (const contactId of new Set(tenant.facts.map((fact) => fact.contactId))) {
    const own = tenant.facts.filter((fact) => fact.contactId === contactId)
    for (const account of ['page', 'sandbox', 'none'] as const) {
      const rows = own.flatMap((fact) => threadRow(fact, account) ?? [])
      if (!rows.some((row) => row.role !== 'abandon')) continue
      for (const spell of waitingSpells(rows, tenant.gapHours * hourMs)) spells.push({ ...spell, contactId, account })
    }
  }
  return spells
}

function threadRow(fact: Fact, account: FactAccount): ThreadRow | null {
  if (fact.kind === 'message.received' || fact.kind === 'message.sent') {
    if (fact.account !== account || fact.role === 'system') return null
    return { id: fact.id, ts: fact.at, role: fact.role }
  }
  return endsWaits(fact, account) ? { id: fact.id, ts: fact.at, role: 'abandon' } : null
}

function endsWaits(fact: Fact, account: FactAccount): boolean {
  const everything = fact.name === 'stop_word' || fact.data.topic === '*'
  if (fact.kind !== 'conversation.closed' && !(fact.kind === 'consent.revoked' && everything)) return false
  if (fact.account === account) return true
  const channel = fact.data.channel ?? ''
  return channelOf[fact.account] === 'webhook' && (channel === '' || channel === channelOf[account])
}

export type WaitQuestion = {
  from: number
  to: number
  now: number
  kind: 'first' | 'next'
  responder: 'human' | 'bot' | 'handoff'
  account?: FactAccount
}

/** The waits a question is about, in seconds. */
export function naiveWaits(tenant: Tenant, question: WaitQuestion): (TimedOutcome & { openedAt: number })[] {
  return naiveSpells(tenant)
    .filter((spell) => spell.openedAt >= question.from && spell.openedAt < question.to)
    .filter((spell) => spell.isFirst === (question.kind === 'first'))
    .filter((spell) => question.account === undefined || spell.account === question.account)
    .filter((spell) => question.responder !== 'handoff' || spell.firstBotReplyAt !== null)
    .map((spell) => {
      const { openedAt, firstBotReplyAt } = spell
      if (question.responder === 'handoff') {
        const handed = { ...spell, openedAt: firstBotReplyAt ?? openedAt }
        return { openedAt, outcome: spell.outcome, time: waitedMs(handed, question.now) / 1000 }
      }
      if (question.responder === 'human') {
        return { openedAt, outcome: spell.outcome, time: waitedMs(spell, question.now) / 1000 }
      }
      if (firstBotReplyAt !== null) {
        return { openedAt, outcome: 'answered' as const, time: (firstBotReplyAt - openedAt) / 1000 }
      }
      const outcome = spell.outcome === 'waiting' ? 'waiting' : 'abandoned'
      return { openedAt, outcome, time: waitedMs(spell, question.now) / 1000 }
    })
}

const calendarKinds = ['message.received', 'postback', 'reaction', 'order.created', 'order.paid', 'referral']

/** `activity`, local day and people, as 'kind day contact,contact'. */
export function naiveActivity(tenant: Tenant): string[] {
  const calendar = { zone: tenant.zone, weekStart: 'monday' } as const
  const days = new Map<string, Set<number>>()
  const add = (name: string, fact: Fact) => {
    const key = `${name} ${intervalDate(intervalIndex(fact.at, 'day', calendar), 'day', calendar)}`
    days.set(key, (days.get(key) ?? new Set()).add(fact.contactId))
  }
  for (const fact of tenant.facts) {
    if (fact.role === 'customer' && calendarKinds.includes(fact.kind)) add(fact.kind, fact)
    if (isActivity(fact)) add('active', fact)
  }
  return [...days].map(([key, people]) => `${key} ${[...people].sort((a, b) => a - b).join()}`).sort()
}

/** People with their starts and returns, for core/retention. */
export function naiveRetention(tenant: Tenant, activity: string, account?: FactAccount): RetentionContact[] {
  const people = new Map<number, number[]>()
  for (const fact of tenant.facts) {
    const counts = activity === 'active' ? isActivity(fact) : fact.kind === activity && fact.role === 'customer'
    if (!counts || (account !== undefined && fact.account !== account)) continue
    people.set(fact.contactId, [...(people.get(fact.contactId) ?? []), fact.at])
  }
  return [...people.values()].map((times) => ({
    starts: times.map((ts) => ({ ts, matches: true })),
    returns: times,
  }))
}
