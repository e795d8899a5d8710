/**
 * What the numbers say, in one sentence each: computed from the numbers alone, short enough to be read on a Monday morning,
 * and never claiming more than they show (screens.md "Overview", measures.md §15).
 */
import type { Language } from '@fidelio/core/metric.ts'
import type {
  ComparedValue,
  LiftCounts,
  OverviewNumbers,
  ResponseClock,
  ResponseKind,
  ResponseTimes,
} from '@fidelio/db/queries/types.ts'
import { changeOfCount, changeOfShare, changeOfWait, duration, percent, points, whole, withChange } from './words.ts'

export function activeSentence(active: ComparedValue, lang: Language): string {
  const value = active.value ?? 0
  const change = changeOfCount(value, active.previous?.value ?? null, lang)
  if (lang === 'fr') {
    if (value === 0) return 'Aucun client actif sur la période.'
    const who =
      value === 1
        ? '1 personne a écrit, commandé ou réagi'
        : `${whole(value, lang)} personnes ont écrit, commandé ou réagi`
    return withChange(who, change)
  }
  if (value === 0) return 'Nobody was active in this period.'
  const who = value === 1 ? '1 person' : `${whole(value, lang)} people`
  return withChange(`${who} wrote, ordered or reacted`, change)
}

type Wait = { kind: ResponseKind; clock: ResponseClock }
const firstWait: Wait = { kind: 'first', clock: 'elapsed' }

/** " of your opening hours", when they are the clock: business time is never mistaken for time on the wall. */
function clockWords(clock: ResponseClock, lang: Language): string {
  if (clock === 'elapsed') return ''
  return lang === 'fr' ? ' d’heures d’ouverture' : ' of opening hours'
}

export function waitSentence(wait: ComparedValue, lang: Language, { kind, clock }: Wait = firstWait): string {
  const { value, n } = wait
  if (n === 0) return lang === 'fr' ? 'Personne n’a attendu de réponse.' : 'Nobody had to wait for an answer.'
  if (value === null) {
    return lang === 'fr'
      ? 'Plus de la moitié des clients n’ont pas encore de réponse : la médiane n’est pas atteinte.'
      : 'More than half of the customers have no answer yet: the median is not reached.'
  }
  const change = changeOfWait(value, wait.previous?.value ?? null, lang)
  const said = `${duration(value, lang)}${clockWords(clock, lang)}`
  const [enWhat, frWhat] =
    kind === 'first' ? ['a first answer', 'une première réponse'] : ['a later answer', 'une réponse suivante']
  return lang === 'fr'
    ? withChange(`Vos clients ont attendu ${said} pour ${frWhat}`, change)
    : withChange(`Customers waited ${said} for ${enWhat}`, change)
}

export function cameBackSentence(back: ComparedValue, lang: Language): string {
  const { value, n } = back
  if (n === 0 || value === null) {
    return lang === 'fr'
      ? 'Il est trop tôt pour savoir qui revient : aucun nouveau client n’a eu quatre semaines.'
      : 'Too early to tell who comes back: no new customer has had four weeks yet.'
  }
  const complete = back.state === 'complete'
  const moved = changeOfShare(value, back.previous?.value ?? null, lang)
  // While the number may rise, what it is compared with was counted after as many days (queries/came-back).
  const alike = lang === 'fr' ? ' au même âge' : ' at the same age'
  const change = moved === null || complete ? moved : moved + alike
  const rise = lang === 'fr' ? ' Le chiffre peut encore monter.' : ' It may still rise.'
  const said =
    lang === 'fr'
      ? withChange(`${percent(value, lang)} des nouveaux clients ont réécrit dans les quatre semaines`, change)
      : withChange(`${percent(value, lang)} of new customers wrote again within four weeks`, change)
  return complete ? said : said + rise
}

export function reachableSentence(reachable: ComparedValue, lang: Language): string {
  const value = reachable.value ?? 0
  const change = changeOfCount(value, reachable.previous?.value ?? null, lang)
  if (lang === 'fr') {
    if (value === 0) return 'Personne n’a encore accepté de recevoir vos offres.'
    const who = value === 1 ? '1 personne a accepté' : `${whole(value, lang)} personnes ont accepté`
    return withChange(`${who} de recevoir vos offres`, change)
  }
  if (value === 0) return 'Nobody has agreed to receive offers yet.'
  return withChange(`${value === 1 ? '1 person' : `${whole(value, lang)} people`} agreed to receive offers`, change)
}

export function extraOrdersSentence(extra: ComparedValue, lang: Language): string {
  const { value, low, high } = extra
  if (value === null) {
    return lang === 'fr'
      ? 'Aucune offre avec groupe témoin à mesurer sur la période.'
      : 'No offer with a control group to measure in this period.'
  }
  const range =
    low === null || high === null
      ? ''
      : lang === 'fr'
        ? ` (entre ${whole(low, lang)} et ${whole(high, lang)})`
        : ` (between ${whole(low, lang)} and ${whole(high, lang)})`
  const certain = low !== null && high !== null && (low > 0 || high < 0)
  if (!certain) {
    return lang === 'fr'
      ? `Vos offres ont peut-être apporté ${whole(value, lang)} commandes de plus${range} : le hasard suffit à l’expliquer.`
      : `Offers may have brought ${whole(value, lang)} extra orders${range}: chance alone could explain it.`
  }
  if (value < 0) {
    return lang === 'fr'
      ? `Les destinataires ont passé ${whole(-value, lang)} commandes de moins que le groupe témoin ne le laissait attendre${range}.`
      : `People who got an offer placed ${whole(-value, lang)} fewer orders than the control group suggests${range}.`
  }
  return lang === 'fr'
    ? `Vos offres ont apporté environ ${whole(value, lang)} commandes qui ne seraient pas venues seules${range}.`
    : `Offers brought about ${whole(value, lang)} orders that would not have come anyway${range}.`
}

/** A number that moved less than this is not news. */
const newsFromShare = 0.1

/** The one sentence on top: what moved most, or that little did. */
export function overviewHeadline(numbers: OverviewNumbers, lang: Language): string {
  const candidates = [
    { metric: numbers.firstResponseMedian, sentence: waitSentence },
    { metric: numbers.cameBack4w, sentence: cameBackSentence },
    { metric: numbers.activeCustomers, sentence: activeSentence },
    { metric: numbers.reachable, sentence: reachableSentence },
  ]
  const moves = candidates.map(({ metric, sentence }) => ({ move: moveOf(metric), say: () => sentence(metric, lang) }))
  const [most] = moves.sort((a, b) => b.move - a.move)
  if (most && most.move >= newsFromShare) return most.say()
  if ((numbers.activeCustomers.value ?? 0) === 0) return activeSentence(numbers.activeCustomers, lang)
  const calm = lang === 'fr' ? 'Période calme.' : 'A steady period.'
  return `${calm} ${waitSentence(numbers.firstResponseMedian, lang)}`
}

/** Relative move against the compared period; 0 without one. */
function moveOf({ value, previous }: ComparedValue): number {
  const before = previous?.value ?? null
  return value === null || before === null || before === 0 ? 0 : Math.abs(value - before) / before
}

export function responseHeadline(times: ResponseTimes, { kind, clock }: Wait, lang: Language): string {
  if (times.opened === 0)
    return lang === 'fr' ? 'Personne n’a attendu de réponse.' : 'Nobody had to wait for an answer.'
  const median = times.median.value
  const waiting = waitingClause(times.waiting, lang)
  if (median === null) return `${waitSentence(times.median, lang, { kind, clock })}${waiting}`
  const change = changeOfWait(median, times.median.previous?.value ?? null, lang)
  const what =
    lang === 'fr'
      ? kind === 'first'
        ? 'La première réponse est venue en'
        : 'Les réponses suivantes sont venues en'
      : kind === 'first'
        ? 'The first answer took'
        : 'Later answers took'
  return `${withChange(`${what} ${duration(median, lang)}${clockWords(clock, lang)}`, change)}${waiting}`
}

function waitingClause(waiting: number, lang: Language): string {
  if (waiting === 0) return ''
  if (lang === 'fr')
    return waiting === 1 ? ' 1 client attend encore.' : ` ${whole(waiting, lang)} clients attendent encore.`
  return waiting === 1 ? ' 1 customer is still waiting.' : ` ${whole(waiting, lang)} customers are still waiting.`
}

export function liftSentence(
  counts: LiftCounts,
  result: { difference: number | null; verdict: string; extraOrders: number | null },
  lang: Language,
): string {
  const fr = lang === 'fr'
  if (counts.control === 0) {
    return fr
      ? 'Sans groupe témoin, l’effet ne se mesure pas.'
      : 'Without a control group the effect cannot be measured.'
  }
  if (result.difference === null) {
    return fr
      ? 'La répartition entre destinataires et témoins est anormale : le résultat est retenu.'
      : 'The split between people offered and held back is off: the result is withheld.'
  }
  const by = points(result.difference, lang)
  if (result.verdict === 'positive') {
    return fr
      ? `Les destinataires ont commandé plus souvent que les témoins : ${by} de plus, soit environ ${whole(result.extraOrders ?? 0, lang)} commandes.`
      : `People offered ordered more often than those held back: ${by} more, about ${whole(result.extraOrders ?? 0, lang)} orders.`
  }
  if (result.verdict === 'negative') {
    return fr
      ? `Les destinataires ont commandé moins souvent que les témoins : ${by} de moins.`
      : `People offered ordered less often than those held back: ${by} less.`
  }
  return fr
    ? 'L’écart observé peut tenir au hasard : il faut plus de monde pour trancher.'
    : 'The difference seen may be chance: more people are needed to tell.'
}
