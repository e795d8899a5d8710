/**
 * The metrics: one word, one meaning, one place. The definition pages, the tooltips and the API read this object; the
 * query of a metric lives in `db/queries`, its naive model beside it in tests (measures.md §14 B18).
 *
 * Whoever changes what a metric counts raises its `version`: charts show it, so that two numbers are never compared
 * across a change of meaning.
 */

export type Language = 'en' | 'fr'

/** Written in each language, not translated word by word. */
export type Words = Record<Language, string>

/** `share` is 0 to 1 and shown as a percentage; `points` is a difference of shares. */
export type MetricUnit = 'people' | 'seconds' | 'share' | 'points' | 'orders' | 'messages'

export type MetricKey =
  | 'active_customers'
  | 'first_response_median'
  | 'next_response_median'
  | 'first_response_open'
  | 'next_response_open'
  | 'came_back_4w'
  | 'reachable'
  | 'extra_orders'
  | 'volumes'
  | 'retention_weekly'
  | 'funnel'
  | 'lift'

export type Metric = {
  key: MetricKey
  /** Raised with every change of meaning; starts at 1. */
  version: number
  name: Words
  /** What it counts, in one or two sentences a person can check. */
  sentence: Words
  unit: MetricUnit
  /** Null where more is neither better nor worse. */
  betterDirection: 'up' | 'down' | null
  /** The numbers inside the definition, with units in their names. */
  parameters: Readonly<Record<string, string | number>>
}

const cameBack = { entry: 'first_matching', period: 'day', returnFromDays: 1, returnToDays: 28 } as const
const response = { episodeGapHours: 24, quantile: 0.5, censoring: 'kaplan_meier', competing: 'aalen_johansen' } as const

export const metrics: { readonly [K in MetricKey]: Metric & { key: K } } = {
  active_customers: {
    key: 'active_customers',
    version: 1,
    name: { en: 'Active customers', fr: 'Clients actifs' },
    sentence: {
      en: 'People who wrote to you, pressed a button, reacted or placed an order in the period. Each person counts once.',
      fr: 'Les personnes qui vous ont écrit, ont appuyé sur un bouton, réagi ou passé commande pendant la période. Chacune compte une fois.',
    },
    unit: 'people',
    betterDirection: 'up',
    parameters: { windowDays: 28 },
  },
  first_response_median: {
    key: 'first_response_median',
    version: 1,
    name: { en: 'First wait (median)', fr: 'Première attente (médiane)' },
    sentence: {
      en: 'Half of the customers who opened a conversation had a person’s answer within this time. Those still waiting are counted as waiting; a bot’s answer does not count.',
      fr: 'La moitié des clients qui ont engagé une conversation ont reçu une réponse humaine dans ce délai. Ceux qui attendent encore sont comptés comme tels ; la réponse d’un robot ne compte pas.',
    },
    unit: 'seconds',
    betterDirection: 'down',
    parameters: response,
  },
  next_response_median: {
    key: 'next_response_median',
    version: 1,
    name: { en: 'Later waits (median)', fr: 'Attentes suivantes (médiane)' },
    sentence: {
      en: 'Once a conversation was under way, half of the customers who wrote again had a person’s answer within this time. Those still waiting are counted as waiting.',
      fr: 'Une fois la conversation engagée, la moitié des clients qui ont réécrit ont reçu une réponse humaine dans ce délai. Ceux qui attendent encore sont comptés comme tels.',
    },
    unit: 'seconds',
    betterDirection: 'down',
    parameters: response,
  },
  first_response_open: {
    key: 'first_response_open',
    version: 1,
    name: { en: 'First wait, open hours', fr: 'Première attente, ouverture' },
    sentence: {
      en: 'As the first wait, counting only the time you were open, by the hours and holidays valid on each day. Who is answered before you open has waited no time at all.',
      fr: 'Comme la première attente, en ne comptant que vos heures d’ouverture, selon les horaires et jours fériés valables chaque jour. Qui reçoit sa réponse avant l’ouverture n’a pas attendu.',
    },
    unit: 'seconds',
    betterDirection: 'down',
    parameters: { ...response, clock: 'business_hours' },
  },
  next_response_open: {
    key: 'next_response_open',
    version: 1,
    name: { en: 'Later waits, open hours', fr: 'Attentes suivantes, ouverture' },
    sentence: {
      en: 'As the later waits, counting only the time you were open, by the hours and holidays valid on each day.',
      fr: 'Comme les attentes suivantes, en ne comptant que vos heures d’ouverture, selon les horaires et jours fériés valables chaque jour.',
    },
    unit: 'seconds',
    betterDirection: 'down',
    parameters: { ...response, clock: 'business_hours' },
  },
  came_back_4w: {
    key: 'came_back_4w',
    version: 1,
    name: { en: 'Came back in 4 weeks', fr: 'Revenus en 4 semaines' },
    sentence: {
      en: 'Of the people who wrote for the first time, the share who wrote again 1 to 28 days after that day.',
      fr: 'Parmi les personnes qui ont écrit pour la première fois, la part de celles qui ont réécrit 1 à 28 jours après ce jour-là.',
    },
    unit: 'share',
    betterDirection: 'up',
    parameters: cameBack,
  },
  reachable: {
    key: 'reachable',
    version: 1,
    name: { en: 'Reachable by offers', fr: 'Joignables par vos offres' },
    sentence: {
      en: 'People who agreed to receive offers on at least one topic and whom nothing lasting excludes, such as an opt-out or a block.',
      fr: 'Les personnes qui ont accepté de recevoir des offres sur au moins un sujet et que rien de durable n’exclut, comme une désinscription ou un blocage.',
    },
    unit: 'people',
    betterDirection: 'up',
    parameters: { topicsAtLeast: 1 },
  },
  extra_orders: {
    key: 'extra_orders',
    version: 1,
    name: { en: 'Offers: extra orders', fr: 'Offres : commandes en plus' },
    sentence: {
      en: 'Orders your offers brought beyond what would have come anyway: the difference in order rate from people held back by chance, times the people offered.',
      fr: 'Les commandes que vos offres ont apportées en plus de celles qui seraient venues de toute façon : l’écart de taux de commande avec un groupe témoin tiré au sort, multiplié par le nombre de destinataires.',
    },
    unit: 'orders',
    betterDirection: 'up',
    parameters: { holdoutShare: 0.1, confidence: 0.95, interval: 'newcombe_10', sampleRatioAlpha: 0.001 },
  },
  volumes: {
    key: 'volumes',
    version: 1,
    name: { en: 'Messages', fr: 'Messages' },
    sentence: {
      en: 'Messages received and sent, per day. Answers by people, bots and campaigns are counted apart; a message delivered twice counts once.',
      fr: 'Les messages reçus et envoyés, par jour. Les réponses humaines, celles des robots et les campagnes sont comptées à part ; un message livré deux fois compte une fois.',
    },
    unit: 'messages',
    betterDirection: null,
    parameters: { grain: 'day' },
  },
  retention_weekly: {
    key: 'retention_weekly',
    version: 1,
    name: { en: 'Weekly retention', fr: 'Fidélité par semaine' },
    sentence: {
      en: 'Of the people who wrote in a given week, the share who wrote again in exactly the week shown, in your time zone. Weeks still to come stay empty.',
      fr: 'Parmi les personnes qui ont écrit une semaine donnée, la part de celles qui ont réécrit exactement la semaine indiquée, dans votre fuseau horaire. Les semaines à venir restent vides.',
    },
    unit: 'share',
    betterDirection: 'up',
    parameters: { period: 'week', return: 'on', minOccurrences: 1 },
  },
  funnel: {
    key: 'funnel',
    version: 1,
    name: { en: 'Campaign funnel', fr: 'Parcours de la campagne' },
    sentence: {
      en: 'What became of everyone the campaign aimed at: not sent and why, held back as control, sent, delivered, read, replied, ordered. Reads are a minimum, because people may switch receipts off.',
      fr: 'Ce qu’il est advenu de chaque personne visée : non envoyé et pourquoi, gardée comme témoin, envoyé, remis, lu, répondu, commandé. Les lectures sont un minimum, car les accusés peuvent être désactivés.',
    },
    unit: 'people',
    betterDirection: null,
    parameters: { implies: 'replied > read > delivered > sent' },
  },
  lift: {
    key: 'lift',
    version: 1,
    name: { en: 'Effect against control', fr: 'Effet face au groupe témoin' },
    sentence: {
      en: 'Order rate of the people offered minus that of the people held back by chance. You may look every day: the interval allows for it.',
      fr: 'Le taux de commande des destinataires moins celui du groupe témoin tiré au sort. Vous pouvez regarder chaque jour : l’intervalle en tient compte.',
    },
    unit: 'points',
    betterDirection: 'up',
    parameters: {
      alpha: 0.05,
      plannedPeople: 5000,
      sampleRatioAlpha: 0.001,
      interval: 'asymptotic_confidence_sequence',
    },
  },
}

export const metricKeys = Object.keys(metrics) as readonly MetricKey[]

/** Whether a text names a metric. */
export function isMetricKey(text: string): text is MetricKey {
  return Object.hasOwn(metrics, text)
}
