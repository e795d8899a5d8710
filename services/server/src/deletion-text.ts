/** What the status page of a deletion request says, in both languages. Sheet: features.md fact 7, 11.4. */

export type DeletionText = {
  title: string
  received: (when: string) => string
  repeated: (times: number, when: string) => string
  /** Nobody is known under the id Meta gave. */
  notMatched: string[]
  matched: (people: number) => string
  erased: (people: number) => string
  waiting: (people: number) => string
  whomHeading: string
  whom: (businesses: readonly string[]) => string
  code: (code: string) => string
  unknownTitle: string
  unknown: string
}

const en: DeletionText = {
  title: 'Your request to delete data',
  received: (when) => `We received your request through Facebook on ${when}.`,
  repeated: (times, when) => `It has reached us ${times} times, last on ${when}. It is still one request.`,
  notMatched: [
    'We looked for your data under the number Facebook gave us. That number is valid for our app only, and we hold nothing under it, so nothing has been deleted.',
    'If you have written to a Page, what you wrote is kept under another number. Facebook does not tell us which of those numbers is yours, so we cannot find it from this request.',
  ],
  matched: (people) =>
    people === 1
      ? 'We found one record under the number Facebook gave us.'
      : `We found ${people} records under the number Facebook gave us.`,
  erased: (people) => (people === 1 ? 'One record has been deleted.' : `${people} records have been deleted.`),
  waiting: (people) =>
    people === 1
      ? 'One record has not been deleted yet: it waits for the business it belongs to.'
      : `${people} records have not been deleted yet: they wait for the businesses they belong to.`,
  whomHeading: 'Whom to write to',
  whom: (businesses) =>
    businesses.length === 0
      ? 'Write to the Page you wrote to, in the same conversation, and ask for your data to be deleted. The business can then see which conversation is yours.'
      : `Write to ${list(
          businesses.map((name) => `“${name}”`),
          'or',
        )}, best in the conversation you had, and ask for your data to be deleted. The business can then see which conversation is yours.`,
  code: (code) => `Confirmation code: ${code}`,
  unknownTitle: 'No such request',
  unknown: 'There is no deletion request with this code. Please check that the address is complete.',
}

const fr: DeletionText = {
  title: 'Votre demande de suppression de données',
  received: (when) => `Nous avons reçu votre demande par Facebook le ${when}.`,
  repeated: (times, when) =>
    `Elle nous est parvenue ${times} fois, la dernière le ${when}. C’est toujours une seule demande.`,
  notMatched: [
    'Nous avons cherché vos données sous le numéro que Facebook nous a donné. Ce numéro ne vaut que pour notre application, et nous n’avons rien sous ce numéro : rien n’a donc été supprimé.',
    'Si vous avez écrit à une Page, vos messages sont conservés sous un autre numéro. Facebook ne nous dit pas lequel est le vôtre, et cette demande ne nous permet pas de le trouver.',
  ],
  matched: (people) =>
    people === 1
      ? 'Nous avons trouvé une fiche sous le numéro que Facebook nous a donné.'
      : `Nous avons trouvé ${people} fiches sous le numéro que Facebook nous a donné.`,
  erased: (people) => (people === 1 ? 'Une fiche a été supprimée.' : `${people} fiches ont été supprimées.`),
  waiting: (people) =>
    people === 1
      ? 'Une fiche n’est pas encore supprimée : elle attend l’entreprise à qui elle appartient.'
      : `${people} fiches ne sont pas encore supprimées : elles attendent les entreprises à qui elles appartiennent.`,
  whomHeading: 'À qui écrire',
  whom: (businesses) =>
    businesses.length === 0
      ? 'Écrivez à la Page à laquelle vous avez écrit, dans la même conversation, et demandez la suppression de vos données. L’entreprise verra alors quelle conversation est la vôtre.'
      : `Écrivez à ${list(
          businesses.map((name) => `« ${name} »`),
          'ou à',
        )}, de préférence dans la conversation que vous avez eue, et demandez la suppression de vos données. L’entreprise verra alors quelle conversation est la vôtre.`,
  code: (code) => `Code de confirmation : ${code}`,
  unknownTitle: 'Demande inconnue',
  unknown: 'Aucune demande de suppression ne porte ce code. Vérifiez que l’adresse est complète.',
}

function list(names: readonly string[], or: string): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${or} ${names.at(-1)}`
}

export const deletionTexts = { en, fr } as const
