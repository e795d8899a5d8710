/** What a retention matrix says and what it was asked, in words (screens.md "Retention"). */
import type { Language } from '@fidelio/core/metric.ts'
import type { RetentionArgs, RetentionGrain, RetentionMatrix } from '@fidelio/db/queries/types.ts'
import { percent } from './words.ts'

type Asked = Pick<RetentionArgs, 'grain' | 'entry' | 'return' | 'activity' | 'timeZone'> &
  Pick<RetentionArgs, 'weekStart' | 'timing' | 'returnActivity' | 'minOccurrences' | 'horizon' | 'breakdown'>

const later: Record<Language, Record<RetentionGrain, string>> = {
  en: { day: 'the day after', week: 'the week after', month: 'the month after' },
  fr: { day: 'le lendemain', week: 'la semaine suivante', month: 'le mois suivant' },
}
const grains: Record<Language, Record<RetentionGrain, [one: string, many: string]>> = {
  en: { day: ['day', 'days'], week: ['week', 'weeks'], month: ['month', 'months'] },
  fr: { day: ['jour', 'jours'], week: ['semaine', 'semaines'], month: ['mois', 'mois'] },
}

const done: Record<Language, Record<string, string>> = {
  en: {
    active: 'were active',
    'message.received': 'wrote',
    'order.created': 'ordered',
    'order.paid': 'paid an order',
    postback: 'pressed a button',
    reaction: 'reacted',
    referral: 'came through a link',
  },
  fr: {
    active: 'ont été actifs',
    'message.received': 'ont écrit',
    'order.created': 'ont commandé',
    'order.paid': 'ont payé une commande',
    postback: 'ont appuyé sur un bouton',
    reaction: 'ont réagi',
    referral: 'sont venus par un lien',
  },
}

function did(activity: string, lang: Language): string {
  const name = activity.startsWith('custom:') ? activity.slice('custom:'.length) : null
  if (name !== null) return lang === 'fr' ? `ont fait « ${name} »` : `did “${name}”`
  return done[lang][activity] ?? (lang === 'fr' ? `ont eu ${activity}` : `had ${activity}`)
}

/** The first column as a sentence: of everybody, in complete cells only. */
export function retentionHeadline(
  matrix: RetentionMatrix,
  { grain, timing }: Pick<Asked, 'grain' | 'timing'>,
  lang: Language,
): string {
  const next = matrix.average.find((column) => column.column === 1)
  const look = matrix.looks[0]
  if (!next || !look || next.share === null) {
    return lang === 'fr'
      ? 'Il est trop tôt : aucune période suivante n’est encore complète.'
      : 'Too early to tell: no following period is complete yet.'
  }
  const share = percent(next.share, lang)
  const [one, many] = grains[lang][grain]
  const to = look.to
  if (to !== null && to > look.from) {
    return lang === 'fr'
      ? `${share} des clients reviennent dans les ${to} ${many} suivants.`.replace(
          'semaines suivants',
          'semaines suivantes',
        )
      : `${share} of customers come back within the next ${to} ${many}.`
  }
  if (timing === 'rolling') {
    return lang === 'fr'
      ? `${share} des clients reviennent, à compter de leur heure d’entrée, ${one === 'semaine' ? 'la' : 'le'} ${one} 1.`
      : `${share} of customers come back in ${one} 1, counted from the hour they entered.`
  }
  return lang === 'fr'
    ? `${share} des clients reviennent ${later.fr[grain]}.`
    : `${share} of customers come back ${later.en[grain]}.`
}

/** Every choice that makes the numbers what they are. */
export function retentionQuestion(asked: Asked, lang: Language): string {
  return lang === 'fr' ? questionFr(asked) : questionEn(asked)
}

function questionEn(asked: Asked): string {
  const { grain, entry, activity, returnActivity = activity } = asked
  const [one, many] = grains.en[grain]
  const who = {
    recurring: `in a ${one}`,
    first_matching: `for the first time within the filter, in a ${one}`,
    first_ever: `for the first time ever, that one within the filter, in a ${one}`,
  }[entry]
  const when = {
    on: `in exactly the ${one} shown`,
    on_or_after: `in the ${one} shown or later`,
    bounded: `in the ${one} shown or the ${asked.horizon ?? 0} ${many} after it`,
    bracket: `in one of the ${many} shown`,
  }[asked.return]
  const often = (asked.minOccurrences ?? 1) > 1 ? ` at least ${asked.minOccurrences} times` : ''
  const weeks = grain === 'week' && asked.weekStart === 'sunday' ? ' Weeks begin on Sunday.' : ''
  const clock =
    asked.timing === 'rolling'
      ? ' Counted in whole windows of 24 hours since the entry (a week is 7, a month 30 of them).'
      : ''
  const parts = {
    channel: ' By the channel of the entry.',
    campaign: ' By whether a campaign had been sent before the entry: an association, not an effect.',
  }
  const part = asked.breakdown === undefined ? '' : parts[asked.breakdown]
  return `Of the customers who ${did(activity, 'en')} ${who}, how many ${did(returnActivity, 'en')}${often} ${when}?${clock}${weeks}${part} Zone: ${asked.timeZone}.`
}

function questionFr(asked: Asked): string {
  const { grain, entry, activity, returnActivity = activity } = asked
  const [one, many] = grains.fr[grain]
  const who = {
    recurring: `dans un intervalle (${one})`,
    first_matching: `pour la première fois dans le filtre (intervalle : ${one})`,
    first_ever: `pour la toute première fois, et dans le filtre (intervalle : ${one})`,
  }[entry]
  const when = {
    on: 'exactement à l’intervalle indiqué',
    on_or_after: 'à l’intervalle indiqué ou plus tard',
    bounded: `à l’intervalle indiqué ou au plus ${asked.horizon ?? 0} ${many} après`,
    bracket: 'dans un des intervalles indiqués',
  }[asked.return]
  const often = (asked.minOccurrences ?? 1) > 1 ? ` au moins ${asked.minOccurrences} fois` : ''
  const weeks = grain === 'week' && asked.weekStart === 'sunday' ? ' Les semaines commencent le dimanche.' : ''
  const clock =
    asked.timing === 'rolling'
      ? ' Compté en fenêtres de 24 heures depuis l’entrée (7 pour une semaine, 30 pour un mois).'
      : ''
  const parts = {
    channel: ' Selon le canal de l’entrée.',
    campaign: ' Selon qu’une campagne avait été envoyée avant l’entrée : une association, pas un effet.',
  }
  const part = asked.breakdown === undefined ? '' : parts[asked.breakdown]
  return `Parmi les clients qui ${did(activity, 'fr')} ${who}, combien ${did(returnActivity, 'fr')}${often} ${when} ?${clock}${weeks}${part} Fuseau : ${asked.timeZone}.`
}
