import type { AudienceInput, CampaignPlanFragment, CreateCampaignInput } from '../../../generated/graphql.ts'
import { addDays, todayIn } from '../../../lib/days.ts'
import { messageProblems } from '../liquid.ts'
import { instantOf, wallOf } from '../zoned.ts'
import { readAudience } from './read-audience.ts'

export const steps = ['who', 'what', 'when', 'check'] as const
export type Step = (typeof steps)[number]

export type CreateSearch = { draft?: string; step?: Step }

export function readCreateSearch(raw: Record<string, unknown>): CreateSearch {
  const step = steps.find((each) => each === raw.step)
  return {
    ...(typeof raw.draft === 'string' && raw.draft !== '' ? { draft: raw.draft } : {}),
    ...(step === undefined || step === 'who' ? {} : { step }),
  }
}

/** A rule is a number of days when ticked. */
export type Rules = {
  wroteWithinDays: number | null
  orderedWithinDays: number | null
  minOrders: number
  notOrderedWithinDays: number | null
}

/** A day and a time on the business's clock. */
export type Wall = { day: string; time: string }

export type Form = {
  name: string
  accountId: string
  topic: string
  rules: Rules
  holdoutPercent: number
  conversionDays: number
  messageText: string
  offerEnds: Wall | null
  when: 'now' | 'at'
  at: Wall
}

export const holdoutPercentMax = 50
export const conversionDaysMax = 90

export function emptyForm(timeZone: string): Form {
  const today = todayIn(timeZone)
  return {
    name: '',
    accountId: '',
    topic: '',
    rules: { wroteWithinDays: null, orderedWithinDays: null, minOrders: 1, notOrderedWithinDays: null },
    holdoutPercent: 10,
    conversionDays: 7,
    messageText: '',
    offerEnds: null,
    when: 'at',
    at: { day: addDays(today, 1), time: '10:00' },
  }
}

/** A stored draft as the form shows it. */
export function formOf(plan: CampaignPlanFragment, timeZone: string): Form {
  const empty = emptyForm(timeZone)
  const rules = readAudience(plan.audience)
  return {
    ...empty,
    name: plan.name,
    accountId: plan.account.id,
    topic: plan.topic,
    rules: {
      wroteWithinDays: rules.wroteWithinDays ?? null,
      orderedWithinDays: rules.orderedWithinDays ?? null,
      minOrders: rules.minOrders ?? 1,
      notOrderedWithinDays: rules.notOrderedWithinDays ?? null,
    },
    holdoutPercent: plan.holdoutPercent,
    conversionDays: plan.conversionDays,
    messageText: plan.messageText,
    offerEnds: plan.offerEndsAt === null ? null : wallOf(new Date(plan.offerEndsAt), timeZone),
    at: plan.scheduledAt === null ? empty.at : wallOf(new Date(plan.scheduledAt), timeZone),
  }
}

/** When it goes out; null for "now" and for what is no time. */
export function scheduledAt(form: Form, timeZone: string): { at: Date; exact: boolean } | null {
  return form.when === 'now' ? null : instantOf(form.at.day, form.at.time, timeZone)
}

export function offerEndsAt(form: Form, timeZone: string): Date | null {
  return form.offerEnds === null ? null : (instantOf(form.offerEnds.day, form.offerEnds.time, timeZone)?.at ?? null)
}

export function audienceOf(form: Form): AudienceInput {
  const { rules } = form
  return {
    accountId: form.accountId,
    topic: form.topic,
    holdoutPercent: form.holdoutPercent,
    ...(rules.wroteWithinDays === null ? {} : { wroteWithinDays: rules.wroteWithinDays }),
    ...(rules.orderedWithinDays === null
      ? {}
      : { orderedWithinDays: rules.orderedWithinDays, minOrders: rules.minOrders }),
    ...(rules.notOrderedWithinDays === null ? {} : { notOrderedWithinDays: rules.notOrderedWithinDays }),
  }
}

export function inputOf(form: Form, timeZone: string): Omit<CreateCampaignInput, 'businessId'> {
  return {
    name: form.name.trim(),
    messageText: form.messageText,
    audience: audienceOf(form),
    holdoutPercent: form.holdoutPercent,
    conversionDays: form.conversionDays,
    offerEndsAt: offerEndsAt(form, timeZone)?.toISOString() ?? null,
  }
}

/** Whether the server would keep it as a draft: what it refuses even for drafts is in order. */
export function canSave(form: Form): boolean {
  return (
    form.name.trim() !== '' &&
    form.accountId !== '' &&
    form.topic !== '' &&
    messageProblems(form.messageText).length === 0
  )
}

export type TimeProblem = 'past' | 'afterOffer'

/** What is wrong with the time it would go out. */
export function timeProblem(form: Form, timeZone: string, now: number): TimeProblem | null {
  const at = form.when === 'now' ? now : (scheduledAt(form, timeZone)?.at.getTime() ?? 0)
  if (at < now - 60_000) return 'past'
  const ends = offerEndsAt(form, timeZone)
  return ends !== null && ends.getTime() <= at ? 'afterOffer' : null
}
