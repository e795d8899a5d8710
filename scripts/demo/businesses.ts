/** The three businesses of the demo: who they are, when they are open, how fast they answer, what people say to them. */
export type Profile = {
  slug: string
  name: string
  timeZone: string
  currency: string
  locale: 'fr' | 'en'
  pageId: string
  /** minutes after local midnight; one or two spans a day, by weekday (0 = Sunday) */
  hours: Record<number, [number, number][]>
  newPeoplePerDay: number
  /** daily chance that a fresh customer writes again; it fades with the days since the last conversation */
  returnChance: number
  returnFadeDays: number
  /** median minutes to the first human answer while open, and its spread */
  answerMinutes: number
  answerSpread: number
  neverAnswered: number
  botGreets: number
  orderChance: number
  orderMedian: number
  optInChance: number
  optOutChance: number
  /** how much a campaign adds to the chance of an order */
  campaignOrders: number
  weekday: number[]
  questions: string[]
  answers: string[]
  followUps: string[]
  botGreeting: string
  campaigns: { daysAgo: number; hour: number; name: string; text: string; messenger?: boolean }[]
}

const span = (from: number, to: number): [number, number] => [from * 60, to * 60]
const weekdays = (spans: [number, number][]) => Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, spans]))

export const profiles: Profile[] = [
  {
    slug: 'maison-lumiere',
    name: 'Maison Lumière',
    timeZone: 'Europe/Paris',
    currency: 'EUR',
    locale: 'fr',
    pageId: '801000000000001',
    hours: { ...weekdays([span(9.5, 19)]), 6: [span(10, 19)] },
    newPeoplePerDay: 17,
    returnChance: 0.1,
    returnFadeDays: 16,
    answerMinutes: 7,
    answerSpread: 0.9,
    neverAnswered: 0.03,
    botGreets: 0.25,
    orderChance: 0.2,
    orderMedian: 58,
    optInChance: 0.42,
    optOutChance: 0.02,
    campaignOrders: 0.16,
    weekday: [0.7, 1.1, 1, 1, 1.05, 1.2, 1.5],
    questions: [
      'Bonjour, ma commande est-elle bien partie ?',
      'Avez-vous la lampe Aurore en laiton ?',
      'Je voudrais changer la couleur de mon abat-jour, c’est possible ?',
      'Bonsoir ! Le suivi de mon colis ne bouge plus depuis hier.',
      'Puis-je retirer ma commande en boutique ?',
      'Quel est le délai pour la suspension Nuage ?',
      'L’ampoule est-elle fournie ?',
      'J’ai reçu le mauvais modèle 😕',
    ],
    answers: [
      'Bonjour, votre colis part ce soir, voici le suivi.',
      'Oui, il nous en reste trois en boutique.',
      'C’est noté, je change la couleur tout de suite.',
      'Je regarde avec le transporteur et je reviens vers vous.',
      'Comptez cinq jours ouvrés, livraison offerte.',
      'Toutes nos excuses, nous vous renvoyons le bon modèle.',
    ],
    followUps: [
      'Parfait, merci beaucoup !',
      'Et pour la livraison ?',
      'Super 😊',
      'D’accord, à samedi.',
      'Merci pour votre rapidité !',
    ],
    botGreeting: 'Bonjour et bienvenue ! Une personne de l’équipe vous répond très vite.',
    campaigns: [
      {
        daysAgo: 75,
        hour: 10,
        name: 'Rentrée lumineuse',
        text: 'Bonjour {{ contact.name | default: "à vous" }}, -15 % sur les lampes de bureau jusqu’à dimanche.',
      },
      {
        daysAgo: 47,
        hour: 11,
        name: 'Nouvelle collection Aurore',
        text: 'Bonjour {{ contact.name | default: "à vous" }}, la collection Aurore est arrivée : la livraison vous est offerte cette semaine.',
      },
      {
        daysAgo: 19,
        hour: 10,
        name: 'Soirées d’automne',
        text: 'Bonjour {{ contact.name | default: "à vous" }}, une bougie offerte dès 60 € d’achat.',
      },
      {
        daysAgo: 6,
        hour: 17,
        name: 'Derniers jours Aurore',
        text: 'La collection Aurore se termine : encore deux jours pour en profiter.',
        messenger: true,
      },
    ],
  },
  {
    slug: 'banque-rivage',
    name: 'Banque Rivage',
    timeZone: 'Europe/Paris',
    currency: 'EUR',
    locale: 'fr',
    pageId: '801000000000002',
    hours: weekdays([span(9, 12.5), span(14, 17.5)]),
    newPeoplePerDay: 8,
    returnChance: 0.07,
    returnFadeDays: 28,
    answerMinutes: 38,
    answerSpread: 1.1,
    neverAnswered: 0.05,
    botGreets: 0.1,
    orderChance: 0.04,
    orderMedian: 120,
    optInChance: 0.3,
    optOutChance: 0.012,
    campaignOrders: 0.02,
    weekday: [0.25, 1.4, 1.15, 1.05, 1, 0.95, 0.35],
    questions: [
      'Bonjour, pouvez-vous augmenter mon plafond de carte ?',
      'Je souhaite un rendez-vous avec ma conseillère.',
      'Un virement n’est pas arrivé, que faire ?',
      'Quels documents pour un prêt auto ?',
      'Ma carte a été avalée par le distributeur.',
      'Comment ouvrir un livret pour ma fille ?',
    ],
    answers: [
      'Bonjour, je m’en occupe, c’est effectif sous 24 heures.',
      'Je vous propose jeudi à 15 h, cela vous convient ?',
      'J’ai retrouvé l’opération, elle sera créditée demain.',
      'Il me faudra vos trois derniers bulletins de salaire.',
      'Votre nouvelle carte part aujourd’hui.',
    ],
    followUps: ['Merci madame.', 'Jeudi me va très bien.', 'Et les frais ?', 'Entendu, merci.'],
    botGreeting: 'Bonjour, un conseiller vous répondra aux heures d’ouverture.',
    campaigns: [
      {
        daysAgo: 58,
        hour: 10,
        name: 'Livret d’automne',
        text: 'Bonjour {{ contact.name | default: "à vous" }}, notre livret passe à 3 % jusqu’à fin décembre. Parlons-en.',
      },
      {
        daysAgo: 23,
        hour: 14,
        name: 'Rendez-vous bilan',
        text: 'Votre conseillère vous propose un bilan gratuit de 20 minutes avant la fin de l’année.',
      },
    ],
  },
  {
    slug: 'northgate-insurance',
    name: 'Northgate Insurance',
    timeZone: 'Europe/London',
    currency: 'GBP',
    locale: 'en',
    pageId: '801000000000003',
    hours: { ...weekdays([span(8, 18)]), 6: [span(9, 12)] },
    newPeoplePerDay: 6,
    returnChance: 0.05,
    returnFadeDays: 20,
    answerMinutes: 95,
    answerSpread: 1.2,
    neverAnswered: 0.12,
    botGreets: 0.85,
    orderChance: 0.03,
    orderMedian: 240,
    optInChance: 0.22,
    optOutChance: 0.03,
    campaignOrders: 0.012,
    weekday: [0.5, 1.35, 1.1, 1, 1, 1, 0.6],
    questions: [
      'Hi, I need to report a leak in my kitchen.',
      'Is a rental car covered while mine is repaired?',
      'How do I add my daughter to the policy?',
      'My claim has been open for two weeks, any news?',
      'What is the excess for a broken windscreen?',
      'Can I pay monthly instead of yearly?',
    ],
    answers: [
      'I am sorry to hear that. I have opened a claim, a plumber will call today.',
      'Yes, for up to 14 days. I am sending the details.',
      'Done, the new schedule is in your inbox.',
      'The assessor’s report came in this morning, payment follows tomorrow.',
      'It is £75, and we can book the repair now.',
    ],
    followUps: ['Thank you.', 'When will they call?', 'That is great, thanks!', 'And the paperwork?'],
    botGreeting: 'Thanks for writing to Northgate. I am the assistant; a person will take over shortly.',
    campaigns: [
      {
        daysAgo: 64,
        hour: 9,
        name: 'Winter check-up',
        text: 'Hello {{ contact.name | default: "there" }}, a free winter check of your home cover: answer YES and we call you.',
      },
      {
        daysAgo: 26,
        hour: 9,
        name: 'Travel season',
        text: 'Going away? 10% off travel cover this week for our customers.',
      },
    ],
  },
]

export const firstNames = [
  'Camille',
  'Louis',
  'Inès',
  'Hugo',
  'Léa',
  'Nathan',
  'Chloé',
  'Jules',
  'Manon',
  'Adam',
  'Zoé',
  'Théo',
  'Emma',
  'Gabriel',
  'Sarah',
  'Noah',
  'Alice',
  'Omar',
  'Jade',
  'Paul',
  'Lina',
  'Victor',
  'Marie',
  'Simon',
  'Grace',
  'Oliver',
  'Amelia',
  'Harry',
  'Freya',
  'George',
  'Priya',
  'Callum',
]
export const lastNames = [
  'Martin',
  'Bernard',
  'Dubois',
  'Laurent',
  'Moreau',
  'Simon',
  'Roux',
  'Fontaine',
  'Garnier',
  'Faure',
  'Mercier',
  'Blanc',
  'Chevalier',
  'Okafor',
  'Nguyen',
  'Bennett',
  'Clarke',
  'Evans',
  'Foster',
  'Hughes',
  'Khan',
  'Murphy',
  'Patel',
  'Reid',
  'Shaw',
  'Turner',
  'Walsh',
  'Young',
]
