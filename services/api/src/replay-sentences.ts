/** What a replay did, in one sentence. */
import type { Language } from '@fidelio/core/metric.ts'
import type { ReplayRecord } from '@fidelio/db/records/replays.ts'
import { whole } from './words.ts'

export function replaySentence(replay: ReplayRecord, lang: Language): string {
  return replay.kind === 'parked' ? parkedSentence(replay, lang) : failedSentence(replay, lang)
}

function parkedSentence({ storedEvents, finishedAt }: ReplayRecord, lang: Language): string {
  const count = whole(storedEvents, lang)
  if (lang === 'fr') {
    const events =
      storedEvents > 1 ? `${count} événements antérieurs attendaient` : `${count} événement antérieur attendait`
    const stored = storedEvents > 1 ? 'ont été enregistrés' : 'a été enregistré'
    return finishedAt === null ? `${events} et ${stored} jusqu’ici.` : `${events} et ${stored}.`
  }
  const events = storedEvents === 1 ? `${count} earlier event was` : `${count} earlier events were`
  const stored = storedEvents === 1 ? 'has been stored' : 'have been stored'
  return finishedAt === null ? `${events} waiting and ${stored} so far.` : `${events} waiting and ${stored}.`
}

function failedSentence({ matched, done, failed, storedEvents, finishedAt }: ReplayRecord, lang: Language): string {
  const [all, worked, again, stored] = [matched, done, failed, storedEvents].map((count) => whole(count, lang))
  if (lang === 'fr') {
    if (matched === 0) return 'Rien n’attendait d’être rejoué.'
    if (finishedAt === null) return `${worked} sur ${all} ${plural(matched, 'rejoué')}.`
    return `${all} ${plural(matched, 'rejoué')} : ${stored} ${plural(storedEvents, 'enregistré')}, ${again} encore en échec.`
  }
  if (matched === 0) return 'Nothing was waiting to be replayed.'
  if (finishedAt === null) return `${worked} of ${all} replayed.`
  return `${all} replayed: ${stored} stored, ${again} failed again.`
}

/** French keeps the singular below two. */
function plural(count: number, word: string): string {
  return count < 2 ? word : `${word}s`
}
