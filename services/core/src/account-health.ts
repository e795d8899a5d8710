/**
 * How a channel account is, as one word and one sentence that says what to do (features.md 1.7). Decided here alone, from
 * facts: the page, the notices and the API say the same.
 */
import type { Language, Words } from './metric.ts'
import { hourMs } from './time.ts'

/** Worst first: of several that hold, the first is said, because it is what has to be repaired first. */
export const accountHealths = [
  'disconnected',
  'token_broken',
  'not_subscribed',
  'signature_failing',
  'silent',
  'over_quota',
  'waiting',
  'healthy',
] as const
export type AccountHealth = (typeof accountHealths)[number]

/** Instants in Unix milliseconds; null: never, or not known. */
export type AccountHealthFacts = {
  now: number
  status: 'connected' | 'token_broken' | 'disconnected'
  createdAt: number
  lastEventAt: number | null
  /** The longest pause on a usual day, seconds. */
  usualGapSeconds: number | null
  /** Silent after so many times the usual longest pause; null: the default. */
  silenceFactor: number | null
  signatureFailures: { lastHour: number; lastDay: number }
  subscription: '' | 'subscribed' | 'missing' | 'token_broken' | 'unavailable'
  /** Events refused or deferred for the quota lately. */
  overQuotaLastHour: number
}

export type AccountDiagnosis = {
  health: AccountHealth
  /** From when on the account counts as silent if nothing more comes; null before the first event. */
  silentFrom: number | null
  /** The pause so far, seconds; null before the first event. */
  pauseSeconds: number | null
}

export const defaultSilenceFactor = 2
/** Before a usual day is known, and for accounts that speak all the time: below this a pause is just a pause. */
export const silenceSecondsMin = 2 * 3600
export const silenceSecondsDefault = 24 * 3600
/** A body or two with a wrong signature reaches every public address. */
const signatureFailuresMin = 5

export function silenceSecondsOf(facts: Pick<AccountHealthFacts, 'usualGapSeconds' | 'silenceFactor'>): number {
  if (facts.usualGapSeconds === null) return silenceSecondsDefault
  return Math.max(silenceSecondsMin, facts.usualGapSeconds * (facts.silenceFactor ?? defaultSilenceFactor))
}

export function diagnoseAccount(facts: AccountHealthFacts): AccountDiagnosis {
  const { now, lastEventAt } = facts
  const silenceMs = silenceSecondsOf(facts) * 1000
  const silentFrom = lastEventAt === null ? null : lastEventAt + silenceMs
  const pauseSeconds = lastEventAt === null ? null : Math.max(0, Math.round((now - lastEventAt) / 1000))
  return { health: healthOf(facts, silentFrom), silentFrom, pauseSeconds }
}

function healthOf(facts: AccountHealthFacts, silentFrom: number | null): AccountHealth {
  const { now, status, subscription, lastEventAt } = facts
  if (status === 'disconnected') return 'disconnected'
  if (status === 'token_broken' || subscription === 'token_broken') return 'token_broken'
  if (subscription === 'missing') return 'not_subscribed'
  if (isSignatureFailing(facts)) return 'signature_failing'
  if (silentFrom !== null && now >= silentFrom) return 'silent'
  if (facts.overQuotaLastHour > 0) return 'over_quota'
  return lastEventAt === null ? 'waiting' : 'healthy'
}

/** Where good bodies arrive too, a few bad ones are somebody trying the address; without a good one they are the secret. */
function isSignatureFailing({ signatureFailures, lastEventAt, now }: AccountHealthFacts): boolean {
  const { lastHour, lastDay } = signatureFailures
  const heardLately = lastEventAt !== null && now - lastEventAt < hourMs
  return heardLately ? false : lastHour > 0 || lastDay >= signatureFailuresMin
}

const words: Record<AccountHealth, Words> = {
  disconnected: {
    en: 'This account is disconnected: nothing comes in and nothing goes out. Connect it again to use it.',
    fr: 'Ce compte est déconnecté : rien n’arrive et rien ne part. Reconnectez-le pour vous en servir.',
  },
  token_broken: {
    en: 'Meta no longer accepts the access token, so nothing can be sent. Connect the account again with a new token.',
    fr: 'Meta n’accepte plus le jeton d’accès : rien ne peut être envoyé. Reconnectez le compte avec un nouveau jeton.',
  },
  not_subscribed: {
    en: 'Meta no longer sends us this account’s events. Subscribe the app to the Page again in Meta’s settings.',
    fr: 'Meta ne nous envoie plus les événements de ce compte. Abonnez de nouveau l’application à la Page chez Meta.',
  },
  signature_failing: {
    en: 'Events arrive with a signature that does not match. Check that the secret here is the one the sender uses.',
    fr: 'Des événements arrivent avec une signature fausse. Vérifiez que le secret d’ici est celui de l’expéditeur.',
  },
  silent: {
    en: 'Nothing has come in for {pause}, longer than is usual here. Send a test message to see whether events still arrive.',
    fr: 'Rien n’est arrivé depuis {pause}, plus longtemps que d’habitude. Envoyez un message d’essai pour vérifier la réception.',
  },
  over_quota: {
    en: 'More comes in than the quota of this business allows; the rest waits or is sent again later. Nothing is lost. Ask the operator for a larger quota.',
    fr: 'Il arrive plus que le quota de cette entreprise ne le permet ; le reste attend ou sera renvoyé plus tard. Rien n’est perdu. Demandez un quota plus large à l’exploitant.',
  },
  waiting: {
    en: 'Connected, and nothing has come in yet. Follow the checklist, then send a first message.',
    fr: 'Connecté, mais rien n’est encore arrivé. Suivez les étapes, puis envoyez un premier message.',
  },
  healthy: {
    en: 'Events arrive as usual; the last one came {pause} ago.',
    fr: 'Les événements arrivent comme d’habitude ; le dernier est arrivé il y a {pause}.',
  },
}

/** The sentence for a person. `duration` words seconds in the language. */
export function healthSentence(
  { health, pauseSeconds }: AccountDiagnosis,
  language: Language,
  duration: (seconds: number, language: Language) => string,
): string {
  return words[health][language].replace('{pause}', duration(pauseSeconds ?? 0, language))
}
