/**
 * A campaign: its states, its limits, and the contract of its message. A message is Liquid with variables only; whatever
 * could come out empty for somebody must carry a default, so that "Hi ," is an error at save and never a message (features.md 5.13).
 */
import { Liquid, Output, type Template } from 'liquidjs'
import { isTopic } from './consent.ts'
import type { MisfirePolicy } from './schedule.ts'
import { hourMs } from './time.ts'

export const campaignStatuses = [
  'draft',
  'scheduled',
  'planning',
  'sending',
  'done',
  'cancelled',
  'held', // waits for a person's decision: late after downtime, or the account needs its owner
  'missed', // it could not be planned in time: its offer ended, or the next run of its series came
] as const
export type CampaignStatus = (typeof campaignStatuses)[number]

/** Every allowed step; statements in db/records name the states they start from. */
export const campaignTransitions: Readonly<Record<CampaignStatus, readonly CampaignStatus[]>> = {
  draft: ['scheduled'],
  // Done: a series whose last run was made. Cancelled: one run of a series.
  scheduled: ['draft', 'scheduled', 'planning', 'held', 'missed', 'done', 'cancelled'],
  planning: ['sending', 'cancelled', 'held', 'missed'],
  sending: ['done', 'cancelled', 'held'],
  // Not yet planned: scheduled again. Already planned: only the remaining people are sent to.
  held: ['draft', 'scheduled', 'sending', 'cancelled', 'missed'],
  missed: [],
  done: [],
  cancelled: [],
}

export const campaignHoldReasons = {
  late: {
    en: 'Fidelio was not running at the planned time; schedule it again to send it now.',
    fr: 'Fidelio ne tournait pas à l’heure prévue ; reprogrammez la campagne pour l’envoyer.',
  },
  interrupted: {
    en: 'Sending was interrupted for over an hour; schedule it again to send to the remaining people.',
    fr: 'L’envoi a été interrompu plus d’une heure ; reprogrammez la campagne pour les personnes restantes.',
  },
  token_broken: {
    en: 'The channel refused the account’s access; reconnect the account, then schedule again.',
    fr: 'Le canal a refusé l’accès du compte ; reconnectez le compte, puis reprogrammez la campagne.',
  },
  account_restricted: {
    en: 'The channel restricted the account; check it there, then schedule again.',
    fr: 'Le canal a restreint le compte ; vérifiez-le là-bas, puis reprogrammez la campagne.',
  },
  paused: {
    en: 'Paused by a person; resume it to go on with the remaining people.',
    fr: 'Mise en pause par une personne ; reprenez-la pour continuer avec les personnes restantes.',
  },
  late_skipped: {
    en: 'Fidelio was not running at the planned time, and this campaign leaves late runs out.',
    fr: 'Fidelio ne tournait pas à l’heure prévue, et cette campagne renonce aux envois tardifs.',
  },
  superseded: {
    en: 'The next run of the same campaign came before this one could go out.',
    fr: 'L’envoi suivant de la même campagne est arrivé avant que celui-ci puisse partir.',
  },
  offer_ended: {
    en: 'The offer had ended before the campaign could be sent.',
    fr: 'L’offre était terminée avant l’envoi de la campagne.',
  },
} as const satisfies Record<string, { en: string; fr: string }>
export type CampaignHoldReason = keyof typeof campaignHoldReasons

/** The words for a campaign's `status_reason`; '' stays ''. */
export function campaignReasonLabel(reason: string, locale: 'en' | 'fr'): string {
  const known = new Map<string, { en: string; fr: string }>(Object.entries(campaignHoldReasons)).get(reason)
  return known?.[locale] ?? reason
}

/** A one-off campaign found later than this after its instant is held and asks (reliability.md §5). */
export const campaignStartDeadlineMs = hourMs

/** Decision for a scheduled campaign that is due. */
export function dueDecision(
  campaign: { scheduledAt: number; offerEndsAt: number | null; misfire: MisfirePolicy },
  now: number,
): { kind: 'plan' } | { kind: 'held' | 'missed'; reason: CampaignHoldReason } {
  if (campaign.offerEndsAt !== null && campaign.offerEndsAt <= now) return { kind: 'missed', reason: 'offer_ended' }
  if (now - campaign.scheduledAt <= campaignStartDeadlineMs || campaign.misfire === 'send') return { kind: 'plan' }
  return campaign.misfire === 'skip' ? { kind: 'missed', reason: 'late_skipped' } : { kind: 'held', reason: 'late' }
}

/** Rules of an audience, table column `campaigns.audience`. All given rules must hold; none given: every contact. */
export type AudienceRules = {
  wroteWithinDays?: number
  orderedWithinDays?: number
  /** Orders needed within `orderedWithinDays`; 1 when left out. */
  minOrders?: number
  notOrderedWithinDays?: number
}
export const audienceDaysMax = 3_650
export const minOrdersMax = 1_000

/** What a person writes when creating or changing a campaign. */
export type CampaignDraft = {
  name: string
  topic: string
  messageText: string
  audience: AudienceRules
  holdoutPercent: number
  conversionDays: number
}
export const campaignNameCharactersMax = 120
export const holdoutPercentMax = 50
export const conversionDaysMax = 90

/** One thing wrong with one field, as a sentence for whoever filled it in. */
export type FieldProblem = { field: string; problem: string }

/** What is wrong with a draft from outside; empty: nothing. */
export function campaignProblems(draft: CampaignDraft): FieldProblem[] {
  const problems: FieldProblem[] = []
  const add = (field: string, problem: string) => problems.push({ field, problem })
  const name = draft.name.trim()
  if (name === '' || name.length > campaignNameCharactersMax)
    add('name', `A campaign needs a name of at most ${campaignNameCharactersMax} characters.`)
  if (!isTopic(draft.topic)) add('topic', 'A topic is a word of letters, digits, dots, hyphens or underscores.')
  for (const problem of messageProblems(draft.messageText)) add('messageText', problem)
  for (const problem of audienceProblems(draft.audience)) add('audience', problem)
  const { holdoutPercent, conversionDays } = draft
  // One decimal, because the column keeps one: what is asked for is what is done.
  if (!(holdoutPercent >= 0 && holdoutPercent <= holdoutPercentMax) || !isTenth(holdoutPercent))
    add('holdoutPercent', `The holdout must be from 0 to ${holdoutPercentMax} %, with at most one decimal.`)
  if (!Number.isInteger(conversionDays) || conversionDays < 1 || conversionDays > conversionDaysMax)
    add('conversionDays', `The conversion window must be a whole number of days from 1 to ${conversionDaysMax}.`)
  return problems
}

function isTenth(percent: number): boolean {
  return Math.abs(percent * 10 - Math.round(percent * 10)) < 1e-9
}

/** What is wrong with audience rules from outside, as sentences; empty: nothing. */
export function audienceProblems(rules: AudienceRules): string[] {
  const problems: string[] = []
  for (const name of ['wroteWithinDays', 'orderedWithinDays', 'notOrderedWithinDays'] as const) {
    const days = rules[name]
    if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= audienceDaysMax))
      problems.push(`${name} must be a whole number of days from 1 to ${audienceDaysMax}.`)
  }
  const { minOrders } = rules
  if (minOrders !== undefined && !(Number.isInteger(minOrders) && minOrders >= 1 && minOrders <= minOrdersMax))
    problems.push(`minOrders must be a whole number from 1 to ${minOrdersMax}.`)
  if (minOrders !== undefined && rules.orderedWithinDays === undefined)
    problems.push('minOrders needs orderedWithinDays.')
  return problems
}

/** What a message may name. `optional`: may be missing for somebody, so it needs a default. */
export const messageVariables = {
  'contact.name': { optional: true },
  'contact.firstName': { optional: true },
  'business.name': { optional: false },
  'campaign.name': { optional: false },
} as const

export type MessageContext = {
  contact: { name?: string; firstName?: string }
  business: { name: string }
  campaign: { name: string }
}

/** Longest text the channels take (protocols.md §3). */
export const messageCharactersMax = 2_000
const templateCharactersMax = 4_000

const engine = new Liquid({
  ownPropertyOnly: true,
  strictFilters: true,
  parseLimit: 20_000,
  renderLimit: 100,
  memoryLimit: 1_000_000,
})
const allowedFilters: ReadonlySet<string> = new Set([
  'default',
  'capitalize',
  'upcase',
  'downcase',
  'strip',
  'truncate',
])

/** The context of a person of whom nothing optional is known: what comes out empty here needs a default. */
const barestContext: MessageContext = { contact: {}, business: { name: 'business' }, campaign: { name: 'campaign' } }

/** What is wrong with a message, as sentences for its author; empty: it can be sent to anybody. */
export function messageProblems(text: string): string[] {
  if (text.trim() === '') return ['The message is empty.']
  if (text.length > templateCharactersMax) return [`The message is longer than ${templateCharactersMax} characters.`]
  let templates: Template[]
  try {
    templates = engine.parse(text)
  } catch (error) {
    return [`The message cannot be read: ${error instanceof Error ? error.message : 'unknown error'}.`]
  }
  const problems = [...new Set(templates.flatMap(templateProblems))]
  if (problems.length === 0 && String(engine.renderSync(templates, barestContext)).length > messageCharactersMax)
    problems.push(`The message is longer than ${messageCharactersMax} characters.`)
  return problems
}

function templateProblems(template: Template): string[] {
  if (template.constructor.name === 'HTML') return []
  if (!(template instanceof Output))
    return [`Only variables are allowed in a message, not ${template.token.getText()}.`]
  const foreign = template.value.filters.map((filter) => filter.name).filter((name) => !allowedFilters.has(name))
  if (foreign.length > 0) return foreign.map((name) => `The filter ${name} is not allowed in a message.`)
  const named = engine.fullVariablesSync([template])
  const unknown = named.filter((name) => !Object.hasOwn(messageVariables, name))
  if (unknown.length > 0) return unknown.map((name) => `There is no variable ${name}.`)
  if (String(engine.renderSync([template], barestContext)).trim() !== '') return []
  const example = named[0] ?? 'contact.name'
  return [`${template.token.getText()} may be empty: give a default, as in {{ ${example} | default: "there" }}.`]
}

export type MessageRenderer = (context: MessageContext) => string

/** Compiles a saved message once for many people. @throws when the text was never validated. */
export function compileMessage(text: string): MessageRenderer {
  const problems = messageProblems(text)
  if (problems.length > 0) throw new Error(`unsendable message: ${problems.join(' ')}`)
  const templates = engine.parse(text)
  return (context) => String(engine.renderSync(templates, context))
}

/** What a message may know of a person. The first name is the first word of the name shown on the channel. */
export function contactContext(displayName: string | null): MessageContext['contact'] {
  const name = displayName?.trim()
  if (!name) return {}
  return { name, firstName: name.split(/\s+/)[0] ?? name }
}
