/** Why an element could not be taken in: the closed list of ingest and its parsers, in words for people. */

const labels: ReadonlyMap<string, { en: string; fr: string }> = new Map([
  ['malformed_json', { en: 'The body is not JSON.', fr: 'Le contenu n’est pas du JSON.' }],
  [
    'body_not_an_object',
    { en: 'The body is JSON, but not an object.', fr: 'Le contenu est du JSON, mais pas un objet.' },
  ],
  [
    'not_an_event',
    {
      en: 'The body is neither an event nor a list of events.',
      fr: 'Le contenu n’est ni un événement ni une liste d’événements.',
    },
  ],
  [
    'too_many_events',
    { en: 'One body holds more events than allowed.', fr: 'Un même envoi contient plus d’événements que permis.' },
  ],
  [
    'entry_not_an_object',
    { en: 'An entry of the body is not an object.', fr: 'Une entrée du contenu n’est pas un objet.' },
  ],
  ['not_an_object', { en: 'The event is not an object.', fr: 'L’événement n’est pas un objet.' }],
  [
    'no_account',
    { en: 'It does not say which account it is about.', fr: 'Il n’indique pas de quel compte il s’agit.' },
  ],
  [
    'parser_error',
    {
      en: 'Its shape was not foreseen: we could not read it.',
      fr: 'Sa forme n’était pas prévue : nous n’avons pas pu le lire.',
    },
  ],
  ['rejected', { en: 'A field is missing or has a wrong value.', fr: 'Un champ manque ou a une valeur incorrecte.' }],
  [
    'store_refused',
    { en: 'The event store could not hold a value of it.', fr: 'Le stockage n’a pas pu conserver une de ses valeurs.' },
  ],
  [
    'account_unknown',
    {
      en: 'The account it came through is not connected.',
      fr: 'Le compte par lequel il est arrivé n’est pas connecté.',
    },
  ],
  [
    'other_account',
    {
      en: 'It is about an account other than the one it came through.',
      fr: 'Il concerne un autre compte que celui par lequel il est arrivé.',
    },
  ],
  ['nothing_in_it', { en: 'There is no event in it.', fr: 'Il ne contient aucun événement.' }],
])

/** The sentence for a reason; the word itself when it has none. */
export function failedReasonLabel(reason: string, locale: 'en' | 'fr'): string {
  return labels.get(reason)?.[locale] ?? reason
}
