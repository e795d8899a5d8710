/** Why a day's number is not the one it had when the day ended, in one sentence. */
import type { Language } from '@fidelio/core/metric.ts'
import type { DayRevision } from '@fidelio/db/queries/types.ts'
import { whole } from './words.ts'

/** "Revised on 14 Nov: 12 events arrived late." The date is on the business's clock. */
export function revisionSentence(revision: DayRevision, timeZone: string, lang: Language): string {
  const { revisedAt, lateEvents, backfilledEvents } = revision
  const locale = lang === 'fr' ? 'fr' : 'en-GB'
  const on = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short' }).format(revisedAt)
  const [late, old] = [whole(lateEvents, lang), whole(backfilledEvents, lang)]
  if (lang === 'fr') {
    const said = lateEvents > 1 ? `${late} événements sont arrivés` : `${late} événement est arrivé`
    const older = backfilledEvents === 0 ? '' : `, dont ${old} plus de huit jours après`
    return `Révisé le ${on} : ${said} en retard${older}.`
  }
  const said = lateEvents === 1 ? `${late} event arrived` : `${late} events arrived`
  const older = backfilledEvents === 0 ? '' : `, ${old} of them more than eight days after`
  return `Revised on ${on}: ${said} late${older}.`
}
