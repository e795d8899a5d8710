/**
 * STOP words: a customer who writes one of these, and nothing else, wants no more offers.
 *
 * The list is short on purpose. A whole message must equal an entry, because "stop by tomorrow" is a wish to come, and
 * a word such as "no", "end" or "cancel" is an ordinary answer in a shop. Accents and case do not matter.
 */
const words = [
  'stop',
  'stop all',
  'stopall',
  'stop promotions',
  'stop notifications',
  'stop_notifications',
  'unsubscribe',
  'opt out',
  'opt-out',
  'optout', // English
  'arret',
  'arreter',
  'desabonner',
  'desabonnement',
  'me desabonner',
  'se desabonner',
  'desinscription',
  'desinscrire',
  'me desinscrire', // French
  'abmelden',
  'abbestellen',
  'stopp', // German, Norwegian, Swedish
  'baja',
  'darme de baja',
  'cancelar suscripcion',
  'cancelar inscricao',
  'descadastrar',
  'parar', // Spanish, Portuguese
  'disiscriviti',
  'disiscrivimi',
  'annulla iscrizione', // Italian
  'afmelden',
  'uitschrijven', // Dutch
  'berhenti langganan',
  'huy dang ky',
  'إلغاء الاشتراك',
  'قف',
  'стоп',
  'отписаться',
  '停止',
  '退订',
  '配信停止',
]

function normalise(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/đ/g, 'd')
    .replace(/^[\s\p{P}]+|[\s\p{P}]+$/gu, '')
    .replace(/\s+/g, ' ')
}

const stopWords: ReadonlySet<string> = new Set(words.map(normalise))
/** No entry is longer, and no long message has to be normalised to see that it is none. */
const stopTextCharactersMax = 40

/** Whether a whole message is a wish to receive no more offers. */
export function isStopText(text: string): boolean {
  return text.length > 0 && text.length <= stopTextCharactersMax && stopWords.has(normalise(text))
}
