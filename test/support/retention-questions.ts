/** Random questions about who came back, and what a plain loop over a tenant's facts is given to answer them. */
import { eventChoiceOf, isChosen } from '@fidelio/core/event-choice.ts'
import { intervalDate } from '@fidelio/core/interval-index.ts'
import type { RetentionContact } from '@fidelio/core/retention.ts'
import { dayMs } from '@fidelio/core/time.ts'
import type { RetentionArgs } from '@fidelio/db/queries/types.ts'
import fc from 'fast-check'
import { channelOf, type Tenant } from './naive-history.ts'

/** A tenant with its present, who was found to be whom, and when campaigns were sent to its contacts. */
export type Subject = {
  tenant: Tenant
  now: number
  personOf: (contactId: number) => number
  sends: Map<number, number[]>
}

const activity = fc.constantFrom(
  'active',
  'active',
  'active',
  'message.received',
  'message.received',
  'message.received',
  'postback',
  'order.created',
  'order.paid',
  'message.sent',
  'custom',
  'custom:gift',
  'custom:visit',
)

/** What may be asked; the period is laid on the tenant's own present. */
export const questions = fc.record({
  grain: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
  entry: fc.constantFrom('recurring' as const, 'first_matching' as const, 'first_ever' as const),
  rule: fc.constantFrom('on' as const, 'on_or_after' as const, 'bounded' as const, 'bracket' as const),
  plain: fc.boolean(),
  activity,
  returnActivity: fc.option(activity, { nil: undefined }),
  weekStart: fc.constantFrom('monday' as const, 'sunday' as const),
  rolling: fc.boolean(),
  minOccurrences: fc.integer({ min: 1, max: 3 }),
  horizon: fc.integer({ min: 0, max: 3 }),
  brackets: fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }),
  columns: fc.integer({ min: 2, max: 9 }),
  account: fc.option(fc.constantFrom('page' as const, 'sandbox' as const), { nil: undefined }),
  breakdown: fc.option(fc.constantFrom('channel' as const, 'campaign' as const), { nil: undefined }),
  days: fc.integer({ min: 10, max: 60 }),
  ago: fc.integer({ min: 0, max: 10 }),
})
type Question = typeof questions extends fc.Arbitrary<infer Q> ? Q : never

export function argsOf(subject: Subject, question: Question): RetentionArgs {
  const { grain, rule, plain } = question
  const today = Math.floor(subject.now / dayMs)
  const stretch = grain === 'day' ? 1 : 5
  const date = (day: number) => intervalDate(day, 'day', { zone: 'UTC', weekStart: 'monday' })
  const to = today - question.ago
  const args: RetentionArgs = {
    timeZone: subject.tenant.zone,
    now: subject.now,
    period: { from: date(to - question.days * stretch), to: date(to) },
    grain,
    entry: question.entry,
    return: rule,
    activity: question.activity,
    returnActivity: question.returnActivity,
    weekStart: question.weekStart,
    horizon: question.horizon,
    brackets: [...question.brackets].sort((a, b) => a - b),
    columns: question.columns,
  }
  // Half of the questions are ones that calendars can answer, as far as their activities can.
  if (plain) return args
  return {
    ...args,
    timing: question.rolling && rule !== 'on_or_after' ? 'rolling' : 'calendar',
    minOccurrences: question.minOccurrences,
    breakdown: question.breakdown,
    filter: question.account && { accountId: subject.tenant.accounts[question.account] },
  }
}

/** People with their starts and returns, as the facts say. */
export function contactsOf(subject: Subject, args: RetentionArgs): RetentionContact[] {
  const start = eventChoiceOf(args.activity)
  const back = eventChoiceOf(args.returnActivity ?? args.activity)
  if (start === null || back === null) throw new Error('not an activity')
  const people = new Map<number, { starts: { ts: number; matches: boolean; value: string }[]; returns: number[] }>()
  const facts = [...subject.tenant.facts].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  const sends = [...subject.sends].map(([contact, times]) => ({ person: subject.personOf(contact), times }))
  for (const fact of facts) {
    const id = subject.personOf(fact.contactId)
    const person = people.get(id) ?? { starts: [], returns: [] }
    people.set(id, person)
    const accountId = args.filter?.accountId
    const matches = accountId === undefined || subject.tenant.accounts[fact.account] === accountId
    const exposed = sends.some((one) => one.person === id && one.times.some((at) => at < fact.at))
    const value =
      args.breakdown === 'channel' ? channelOf[fact.account] : args.breakdown ? (exposed ? 'campaign' : 'none') : ''
    if (isChosen(start, fact)) person.starts.push({ ts: fact.at, matches, value })
    if (isChosen(back, fact) && matches) person.returns.push(fact.at)
  }
  return [...people.values()]
}
