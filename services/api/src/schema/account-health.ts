/** How an account is, what came in through it, and how far its connection has got: one query draws the Channels page. */
import { accountHealths, healthSentence } from '@fidelio/core/account-health.ts'
import { dayMs, hourMs } from '@fidelio/core/time.ts'
import { type AcceptedHour, acceptedEvents } from '@fidelio/db/queries/account-activity.ts'
import { askSubscription, type SecretFacts } from '@fidelio/db/records/account-health.ts'
import type { AccountRecord } from '@fidelio/db/records/accounts.ts'
import { type IntakeCount, type IntakeOutcome, listIntakeCounts } from '@fidelio/db/records/intake-counters.ts'
import { type AccountState, accountStateOf } from '../account-states.ts'
import { type ApiContext, type Here, targetBusiness } from '../context.ts'
import { invalid } from '../errors.ts'
import { duration } from '../words.ts'
import { ChannelAccountRef, callbackPathOf, requireAccount } from './account.ts'
import { builder, can, canIn, reached } from './builder.ts'
import { LocaleEnum } from './enums.ts'
import { languageOf } from './reasons.ts'

/** Hours in one answer: a month, which is what the page's longest period shows. */
const counterHoursMax = 31 * 24

const AccountHealthEnum = builder.enumType('AccountHealthState', {
  description: 'Worst first: of several that hold, the first is said.',
  values: Object.fromEntries(accountHealths.map((word) => [word.toUpperCase(), { value: word }])),
})

const HealthRef = builder.objectRef<{ state: AccountState; here: Here }>('AccountHealth').implement({
  authScopes: reached,
  fields: (t) => ({
    state: t.field({ type: AccountHealthEnum, resolve: ({ state }) => state.diagnosis.health }),
    sentence: t.string({
      description: 'What it means and what to do, in words.',
      args: { locale: t.arg({ type: LocaleEnum }) },
      resolve: ({ state, here }, { locale }) =>
        healthSentence(state.diagnosis, locale === 'fr' || locale === 'en' ? locale : languageOf(here), duration),
    }),
    silentFrom: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'From then on the account counts as silent, if nothing more comes.',
      resolve: ({ state }) => state.diagnosis.silentFrom,
    }),
    usualGapSeconds: t.float({
      nullable: true,
      description: 'The longest pause on a usual day of the last four weeks; null before the third day.',
      resolve: ({ state }) => state.usualGapSeconds,
    }),
    silenceFactor: t.float({
      nullable: true,
      description: 'Silent after so many times the usual longest pause; null: twice. Set with updateAccount.',
      resolve: ({ state }) => state.facts.silenceFactor,
    }),
    signatureFailuresLastHour: t.int({ resolve: ({ state }) => state.signatureFailures.lastHour }),
    signatureFailuresLastDay: t.int({ resolve: ({ state }) => state.signatureFailures.lastDay }),
    subscription: t.string({
      nullable: true,
      description: 'What Meta says: subscribed, missing, token_broken, or unavailable; null when nobody has looked.',
      resolve: ({ state }) => state.facts.subscription || null,
    }),
    subscriptionCheckedAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: ({ state }) => state.facts.subscriptionCheckedAt?.getTime(),
    }),
    subscriptionPending: t.boolean({
      description: 'Somebody asked and the answer has not come yet: seconds, usually.',
      resolve: ({ state: { facts } }) =>
        (facts.subscriptionAskedAt?.getTime() ?? 0) > (facts.subscriptionCheckedAt?.getTime() ?? 0),
    }),
  }),
})

const SetupRef = builder.objectRef<AccountState>('AccountSetup').implement({
  description: 'The steps of connecting, each null until it was seen to happen.',
  authScopes: reached,
  fields: (t) => ({
    handshakeAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Meta asked for the verify token and got its answer; always null for accounts without a Meta app.',
      resolve: ({ facts }) => facts.handshakeAt?.getTime(),
    }),
    firstSignedAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: ({ facts }) => facts.firstSignedAt?.getTime(),
    }),
    firstMessageAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: ({ facts }) => facts.firstMessageAt?.getTime(),
    }),
  }),
})

const SecretRef = builder.objectRef<SecretFacts & { newest: boolean }>('SigningSecret').implement({
  description: 'A signing secret that is accepted, without what it is.',
  authScopes: reached,
  fields: (t) => ({
    newest: t.exposeBoolean('newest'),
    since: t.field({ type: 'DateTime', nullable: true, resolve: ({ sealedAt }) => sealedAt?.getTime() }),
    validUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'From then on it is refused; null: it stays.',
      resolve: ({ validUntil }) => validUntil?.getTime(),
    }),
  }),
})

type Hour = { hour: Date; accepted: number; counts: IntakeCount[] }
const sumOf = ({ counts }: Hour, outcome: IntakeOutcome) =>
  counts.reduce((sum, count) => (count.outcome === outcome ? sum + count.events : sum), 0)

const CountRef = builder.objectRef<IntakeCount>('IntakeCount').implement({
  authScopes: reached,
  fields: (t) => ({
    outcome: t.exposeString('outcome', { description: 'dropped, failed, deferred or refused' }),
    reason: t.exposeString('reason'),
    events: t.exposeInt('events', { description: 'bodies, where no event could be read' }),
  }),
})

const HourRef = builder.objectRef<Hour>('IntakeHour').implement({
  authScopes: reached,
  fields: (t) => ({
    hour: t.field({ type: 'DateTime', description: 'its start', resolve: ({ hour }) => hour.getTime() }),
    accepted: t.exposeInt('accepted', { description: 'events received for the first time, counted from the events' }),
    dropped: t.int({ resolve: (hour) => sumOf(hour, 'dropped') }),
    failed: t.int({ resolve: (hour) => sumOf(hour, 'failed') }),
    deferred: t.int({ resolve: (hour) => sumOf(hour, 'deferred') }),
    refused: t.int({
      description: 'the sender was told to come back, or its signature did not hold',
      resolve: (hour) => sumOf(hour, 'refused'),
    }),
    reasons: t.expose('counts', { type: [CountRef], complexity: { field: 1, multiplier: 1 } }),
  }),
})

builder.objectFields(ChannelAccountRef, (t) => ({
  health: t.field({
    type: HealthRef,
    resolve: async (account, _args, context) => {
      const here = await context.open(account.businessId)
      return { here, state: await accountStateOf(here, account, context) }
    },
  }),
  setup: t.field({
    type: SetupRef,
    resolve: async (account, _args, context) => stateOf(account, context),
  }),
  counters: t.field({
    type: [HourRef],
    description:
      'Hours in which something came in, oldest first; the last day when nothing else is asked. At most 31 days.',
    // Read once per request for all accounts; what it costs is paid by the first.
    complexity: { field: 2, multiplier: 1 },
    args: { from: t.arg({ type: 'DateTime' }), to: t.arg({ type: 'DateTime' }) },
    resolve: (account, { from, to }, context) => countersOf(account, from, to, context),
  }),
  callbackUrl: t.string({
    description: 'The address to enter at the provider.',
    resolve: (account, _args, { publicUrl }) => `${publicUrl}${callbackPathOf(account)}`,
  }),
  verifyToken: t.string({
    nullable: true,
    description: 'What Meta asks for at the handshake; null without a Meta app of the business’s own.',
    authScopes: can('account.write'),
    resolve: async (account, _args, context) => (await stateOf(account, context)).facts.verifyToken || null,
  }),
  metaAppId: t.exposeID('metaAppId', { nullable: true, authScopes: can('account.write') }),
  secrets: t.field({
    type: [SecretRef],
    description: 'Signing secrets accepted now, newest first; of the Meta app where one signs, none of a shared app.',
    authScopes: can('account.write'),
    complexity: { field: 1, multiplier: 1 },
    resolve: async (account, _args, context) => {
      const { facts } = await stateOf(account, context)
      const valid = facts.secrets.filter(({ validUntil }) => validUntil === null || validUntil.getTime() > context.now)
      return valid.map((secret, index) => ({ ...secret, newest: index === 0 }))
    },
  }),
}))

async function stateOf(account: AccountRecord, context: ApiContext): Promise<AccountState> {
  return accountStateOf(await context.open(account.businessId), account, context)
}

async function countersOf(
  account: AccountRecord,
  from: number | null | undefined,
  to: number | null | undefined,
  context: ApiContext,
): Promise<Hour[]> {
  const end = to ?? context.now + 1
  const start = Math.floor((from ?? end - dayMs) / hourMs) * hourMs
  if (end <= start) throw invalid('to', 'The end must come after the beginning.')
  if (end - start > counterHoursMax * hourMs) throw invalid('from', `At most ${counterHoursMax / 24} days.`)
  const here = await context.open(account.businessId)
  const { accepted, counts } = await countsOf(here, { from: new Date(start), to: new Date(end) })
  const hours = new Map<number, Hour>()
  const hourOf = (hour: Date): Hour => {
    const known = hours.get(hour.getTime()) ?? { hour, accepted: 0, counts: [] }
    hours.set(hour.getTime(), known)
    return known
  }
  for (const { accountId, hour, events } of accepted) if (accountId === account.id) hourOf(hour).accepted += events
  for (const count of counts) if (count.accountId === account.id) hourOf(count.hour).counts.push(count)
  return [...hours.values()].sort((a, b) => a.hour.getTime() - b.hour.getTime())
}

type Counts = { accepted: AcceptedHour[]; counts: IntakeCount[] }
const countsOfRequest = new WeakMap<Here, Map<string, Promise<Counts>>>()

/** Of all accounts of the business, once per request and period. */
function countsOf(here: Here, period: { from: Date; to: Date }): Promise<Counts> {
  const known = countsOfRequest.get(here) ?? new Map<string, Promise<Counts>>()
  countsOfRequest.set(here, known)
  const key = `${period.from.getTime()}-${period.to.getTime()}`
  const reading = known.get(key) ?? readCounts(here, period)
  known.set(key, reading)
  return reading
}

async function readCounts(here: Here, period: { from: Date; to: Date }): Promise<Counts> {
  const [accepted, counts] = await Promise.all([
    acceptedEvents(here.db, period),
    here.db.tx((sql) => listIntakeCounts(sql, here.businessId, period)),
  ])
  return { accepted, counts }
}

builder.mutationField('checkSubscription', (t) =>
  t.field({
    type: ChannelAccountRef,
    description:
      'Asks Meta whether it still sends us this account’s events; the answer shows in `health` within seconds.',
    authScopes: canIn('account.write'),
    args: { id: t.arg.id({ required: true }), businessId: t.arg.id() },
    async resolve(_root, { id, businessId }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const account = await requireAccount(here.loaders, id)
      if (account.channel !== 'messenger') {
        throw invalid('id', 'Only Pages are subscribed at Meta one by one.')
      }
      const asked = { id: account.id, businessId: here.businessId, at: context.clock.now() }
      await context.worker.tx((sql) => askSubscription(sql, asked))
      return account
    },
  }),
)
