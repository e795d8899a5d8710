import { catalogue, pluralEn, pluralFr } from '../../i18n/catalogue.ts'

export const mergeText = catalogue({
  en: {
    action: 'Merge with…',
    title: (name: string) => `Merge ${name} with…`,
    search: 'Search a name, an address or a number',
    nobody: 'Nobody found.',
    check: 'Are these the same person?',
    merge: 'Merge',
    kept: (moved: string, kept: string) => `${moved} and ${kept} become one person.`,
    names: (list: string) => `Known as ${list}`,
    conversations: (n: number, said: string) => `${said} ${pluralEn(n, 'conversation', 'conversations')}`,
    may: (topic: string) => `May receive ${topic}`,
    mayNot: (topic: string) => `May not receive ${topic}`,
    people: (before: string, after: string) => `People of the business: ${before}, then ${after}`,
    promise: 'Every figure counts them once. You can take it back at any time, and everything is as before.',
    done: 'Merged',
    undone: 'Two people again',
  },
  fr: {
    action: 'Fusionner avec…',
    title: (name) => `Fusionner ${name} avec…`,
    search: 'Chercher un nom, une adresse ou un numéro',
    nobody: 'Personne trouvé.',
    check: 'Est-ce la même personne ?',
    merge: 'Fusionner',
    kept: (moved, kept) => `${moved} et ${kept} deviennent une seule personne.`,
    names: (list) => `Connue comme ${list}`,
    conversations: (n, said) => `${said} ${pluralFr(n, 'conversation', 'conversations')}`,
    may: (topic) => `Peut recevoir ${topic}`,
    mayNot: (topic) => `Ne peut pas recevoir ${topic}`,
    people: (before, after) => `Personnes de l’entreprise : ${before}, puis ${after}`,
    promise:
      'Chaque chiffre les compte une fois. Vous pouvez revenir en arrière à tout moment, et tout est comme avant.',
    done: 'Fusion faite',
    undone: 'De nouveau deux personnes',
  },
})
