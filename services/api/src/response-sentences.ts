/** What promises and Meta's badge say, in one sentence each, as sentences.ts does for the other numbers. */
import type { Language } from '@fidelio/core/metric.ts'
import type { AccountBadge, TargetKept } from '@fidelio/db/queries/response-types.ts'
import { duration, percent, whole } from './words.ts'

/** "You promise a first answer within 1 h of opening hours: kept for 92 of 100 waits, each by the promise of its day." */
export function targetSentence(target: TargetKept, lang: Language): string {
  const judged = target.kept + target.breached
  const { current } = target
  const fr = lang === 'fr'
  if (current?.withinSeconds == null) {
    return fr
      ? 'Vous ne promettez aucun délai pour la première réponse.'
      : 'You promise no time for a first answer at present.'
  }
  const time = duration(current.withinSeconds, lang)
  const open = current.clock === 'business_hours'
  const within = fr ? `${time}${open ? ' d’heures d’ouverture' : ''}` : `${time}${open ? ' of opening hours' : ''}`
  const promise = fr
    ? `Vous promettez une première réponse en ${within}`
    : `You promise a first answer within ${within}`
  if (judged === 0) return fr ? `${promise} ; rien à juger pour l’instant.` : `${promise}; nothing to judge yet.`
  const kept = whole(target.kept, lang)
  const of = whole(judged, lang)
  return fr
    ? `${promise} : tenu pour ${kept} attentes sur ${of}, chacune selon la promesse de son jour.`
    : `${promise}: kept for ${kept} of ${of} waits, each by the promise of its day.`
}

/** "Badge today: 86 % answered, 22 min. Answer 4 more first messages by 18:00 to regain it." */
export function badgeSentence(badge: AccountBadge, lang: Language, timeZone: string): string {
  const fr = lang === 'fr'
  if (badge.messages === 0)
    return fr ? 'Personne n’a engagé de conversation depuis sept jours.' : 'Nobody opened a conversation in seven days.'
  const rate = percent(badge.answered / badge.messages, lang)
  const speed = badge.responseSeconds === null ? '' : `, ${duration(badge.responseSeconds, lang)}`
  const today = fr ? `Badge aujourd’hui : ${rate} de réponses${speed}.` : `Badge today: ${rate} answered${speed}.`
  if (badge.held) return `${today} ${fr ? 'Vous l’avez.' : 'You have it.'}`
  return `${today} ${adviceOf(badge, lang, timeZone)}`
}

function adviceOf({ answerNow, answerBy, newFast }: AccountBadge, lang: Language, timeZone: string): string {
  const fr = lang === 'fr'
  if (newFast === null)
    return fr
      ? 'Il ne reviendra pas avant que des jours plus lents ne sortent de la semaine.'
      : 'It will not come back before slower days have left the week.'
  const parts: string[] = []
  if (answerNow > 0) {
    const by =
      answerBy === null
        ? ''
        : (fr ? ' avant ' : ' by ') +
          new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(
            answerBy,
          )
    const n = whole(answerNow, lang)
    parts.push(fr ? `répondez à ${n} de ceux qui attendent${by}` : `answer ${n} of those who wait${by}`)
  }
  if (newFast > 0) {
    const n = whole(newFast, lang)
    if (fr)
      parts.push(`répondez en 5 min à ${n} ${newFast === 1 ? 'nouvelle conversation' : 'nouvelles conversations'}`)
    else parts.push(`answer ${n} new ${newFast === 1 ? 'conversation' : 'conversations'} within 5 min`)
  }
  return fr ? `Pour le regagner, ${parts.join(' et ')}.` : `To regain it, ${parts.join(' and ')}.`
}
