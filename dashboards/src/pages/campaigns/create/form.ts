import type {
  AudienceInput,
  CampaignPlanFragment,
  CampaignScheduleInput,
  CreateCampaignInput,
  MisfirePolicy,
} from '../../../generated/graphql.ts'
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
  when: 'now' | 'at' | 'repeat'
  /** The moment, or the start of a series. */
  at: Wall
  repeat: Repeat
  /** Everybody at that time of their own day. */
  ownTime: boolean
  misfire: MisfirePolicy
  window: Hours | null
}

export type Repeat = {
  frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY'
  interval: number
  /** 1 for Monday to 7; of a weekly series. */
  weekdays: readonly number[]
  /** Last day; null: no end. */
  until: string | null
}
export type Hours = { from: string; to: string; weekdays: readonly number[] }
export const intervalMax = 100

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
    repeat: { frequency: 'WEEKLY', interval: 1, weekdays: [weekdayOf(addDays(today, 1))], until: null },
    ownTime: false,
    misfire: 'ASK',
    window: null,
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
    misfire: plan.misfire,
    window: plan.sendingWindow,
    at: plan.scheduledAt === null ? empty.at : wallOf(new Date(plan.scheduledAt), timeZone),
  }
}

/** 1 for Monday to 7. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T12:00:00Z`).getUTCDay() || 7
}

const weekdayWords = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const

/** What the server is told when the time is one of walls: a series, or everybody's own time. Null: an instant says it. */
export function scheduleOf(form: Form): CampaignScheduleInput | null {
  if (form.when === 'now' || (form.when === 'at' && !form.ownTime)) return null
  const startLocal = `${form.at.day}T${form.at.time}`
  return { startLocal, rule: form.when === 'repeat' ? ruleOf(form.repeat) : '', inContactZone: form.ownTime }
}

function ruleOf({ frequency, interval, weekdays, until }: Repeat): string {
  const days = weekdays.toSorted((a, b) => a - b).map((day) => weekdayWords[day - 1])
  return [
    `FREQ=${frequency}`,
    ...(interval === 1 ? [] : [`INTERVAL=${interval}`]),
    ...(frequency === 'WEEKLY' && days.length > 0 ? [`BYDAY=${days.join(',')}`] : []),
    ...(until === null ? [] : [`UNTIL=${until.replaceAll('-', '')}`]),
  ].join(';')
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
    sendingWindow: form.window === null ? null : { ...form.window, weekdays: [...form.window.weekdays] },
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
