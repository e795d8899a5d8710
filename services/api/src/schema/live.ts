/** Events as they come in, and the health of the intake. */
import { failedReasonLabel } from '@fidelio/core/failed-reason.ts'
import { eventById, intakeCounts, recentEvents } from '@fidelio/db/queries/live.ts'
import type { LiveCursor, LiveEvent } from '@fidelio/db/queries/types.ts'
import type { AccountRecord } from '@fidelio/db/records/accounts.ts'
import { derivedUpTo } from '@fidelio/db/records/derive-cursors.ts'
import { openFailedByReason } from '@fidelio/db/records/failed-events.ts'
import { countInboxBatches } from '@fidelio/db/records/intake.ts'
import { silentAccounts } from '../account-states.ts'
import { type ApiContext, type Here, targetBusiness } from '../context.ts'
import { notFound } from '../errors.ts'
import { isUuid } from '../ids.ts'
import { pageSize } from '../paging.ts'
import { permissionsIn } from '../viewer.ts'
import { ChannelAccountRef } from './account.ts'
import { builder, can, canIn, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { ContactRef, loadContact } from './contact.ts'
import { ChannelEnum, LocaleEnum } from './enums.ts'
import { type LabelledReason, languageOf, ReasonCountRef } from './reasons.ts'

/** How soon a running stream notices that its key was revoked or its person left. */
const authorityCheckMs = 10_000

type LiveShape = LiveEvent & { businessId: string }

const LiveEventRef = builder.objectRef<LiveShape>('LiveEvent').implement({
  authScopes: reached,
  fields: (t) => ({
    id: t.id({ resolve: (event) => event.rowId }),
    kind: t.exposeString('kind'),
    role: t.exposeString('role'),
    name: t.exposeString('name'),
    channel: t.expose('channel', { type: ChannelEnum }),
    account: t.field({
      type: ChannelAccountRef,
      nullable: true,
      resolve: async (event, _args, context) =>
        (await context.open(event.businessId)).loaders.account.load(event.accountId),
    }),
    contact: t.field({
      type: ContactRef,
      nullable: true,
      resolve: async (event, _args, context) =>
        event.contactId === 0 ? null : loadContact(await context.open(event.businessId), event.contactId),
    }),
    at: t.expose('at', { type: 'DateTime' }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime' }),
    text: t.exposeString('text'),
    raw: t.string({
      nullable: true,
      description: "the provider's own JSON; null when it is no longer kept",
      resolve: (event) => event.raw || null,
    }),
  }),
})

type IntakeShape = {
  acceptedLastHour: number
  unknownLastHour: LabelledReason[]
  lagSeconds: number
  failedEvents: number
  failedByReason: LabelledReason[]
  inboxWaiting: number
}

const IntakeRef = builder.objectRef<IntakeShape>('Intake').implement({
  authScopes: reached,
  fields: (t) => ({
    acceptedLastHour: t.exposeInt('acceptedLastHour'),
    unknownLastHour: t.expose('unknownLastHour', { type: [ReasonCountRef] }),
    failedEvents: t.exposeInt('failedEvents', { description: 'open: neither replayed nor dismissed' }),
    failedByReason: t.expose('failedByReason', {
      type: [ReasonCountRef],
      description: 'the same by reason, the most frequent first',
    }),
    inboxWaiting: t.exposeInt('inboxWaiting', {
      description: 'batches of the whole installation that wait for storage',
    }),
    lagSeconds: t.exposeFloat('lagSeconds'),
  }),
})

/**
 * Longer than an acknowledged event may be on its way from the journal of an embedded event store into that store or into
 * the inbox: two inserts that are given up after three seconds, two writes to the inbox as long, and the writer's rest.
 */
const journalSecondsMax = 15

const FreshnessRef = builder.objectRef<{ completeTo: number; silentAccounts: AccountRecord[] }>('Freshness').implement({
  description: 'Up to when every stored event is in the figures, and when each account was last heard.',
  authScopes: reached,
  fields: (t) => ({
    completeTo: t.expose('completeTo', { type: 'DateTime' }),
    silentAccounts: t.expose('silentAccounts', { type: [ChannelAccountRef] }),
  }),
})

builder.objectFields(BusinessRef, (t) => ({
  freshness: t.field({
    type: FreshnessRef,
    complexity: { field: 20 },
    resolve: async (here, _args, { now, worker }) => {
      const [derived, silent] = await Promise.all([derivedUpTo(worker), silentAccounts(here, { now, worker })])
      // Nothing derived yet: the figures are complete up to the day the business began.
      const complete = derived ? derived.getTime() - journalSecondsMax * 1000 : here.record.createdAt.getTime()
      const completeTo = Math.min(now, complete)
      return { completeTo, silentAccounts: silent }
    },
  }),
  recentEvents: t.field({
    type: [LiveEventRef],
    description: 'The newest events, newest first.',
    authScopes: can('conversation.read'),
    complexity: ({ first }) => ({ field: 20, multiplier: first ?? 50 }),
    args: { first: t.arg.int({ defaultValue: 50 }) },
    resolve: async (here, { first }) => {
      const events = await recentEvents(here.db, { first: pageSize(first, 50) })
      return events.map((event) => ({ ...event, businessId: here.businessId }))
    },
  }),
  intake: t.field({
    type: IntakeRef,
    authScopes: can('analytics.read'),
    complexity: { field: 20 },
    args: { locale: t.arg({ type: LocaleEnum, description: 'of the labels; left out: the business’s' }) },
    resolve: async (here, { locale }, context) => {
      const [counts, open, inboxWaiting] = await Promise.all([
        intakeCounts(here.db, { now: context.now }),
        here.db.tx((sql) => openFailedByReason(sql, here.businessId)),
        context.worker.tx(countInboxBatches),
      ])
      const unknownLastHour = counts.unknownLastHour.map((reason) => ({ ...reason, label: reason.reason }))
      const lang = locale === 'fr' || locale === 'en' ? locale : languageOf(here)
      const failedByReason = open.map((one) => ({ ...one, label: failedReasonLabel(one.reason, lang) }))
      const failedEvents = open.reduce((sum, { count }) => sum + count, 0)
      return { ...counts, unknownLastHour, failedEvents, failedByReason, inboxWaiting }
    },
  }),
}))

builder.subscriptionField('liveEvents', (t) =>
  t.field({
    type: LiveEventRef,
    description:
      'Events of one business as they are stored (server-sent events), at most five streams at a time. `after` resumes after an event id.',
    authScopes: canIn('conversation.read'),
    args: { businessId: t.arg.id(), after: t.arg.id() },
    subscribe: async (_root, { businessId, after }, context) => {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const release = context.live.openStream(context.viewer)
      try {
        return follow(here, await startOf(here, after), context, release)
      } catch (error) {
        release()
        throw error
      }
    },
    resolve: (event) => event,
  }),
)

/** After the event named, or after the newest one there is. @throws NOT_FOUND for an event of somebody else. */
async function startOf(here: Here, after: string | null | undefined): Promise<LiveCursor | null> {
  if (after === null || after === undefined) {
    const [newest] = await recentEvents(here.db, { first: 1 })
    return newest?.cursor ?? null
  }
  const known = isUuid(after) ? await eventById(here.db, { rowId: after }) : null
  if (!known) throw notFound('event')
  return known.cursor
}

/**
 * The stream of one reader. Its place among the reader's streams is given back when the reader hangs up, however it does:
 * a generator that was never asked for its first event would not notice.
 */
function follow(here: Here, start: LiveCursor | null, context: ApiContext, release: () => void) {
  const over = new AbortController()
  const end = () => {
    release()
    over.abort()
  }
  const { signal } = context.request
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
  const events = authorisedEvents(here, start, context, over.signal)
  const ending = async (step: Promise<IteratorResult<LiveShape>>) => {
    const result = await step.catch((error: unknown) => {
      end()
      throw error
    })
    if (result.done) end()
    return result
  }
  return {
    next: () => ending(events.next()),
    return: () => {
      end()
      return events.return(undefined)
    },
    throw: (error: unknown) => ending(events.throw(error)),
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

async function* authorisedEvents(here: Here, start: LiveCursor | null, context: ApiContext, signal: AbortSignal) {
  let checkedAt = context.clock.now().getTime()
  for await (const events of context.live.pages(here.businessId, start, signal)) {
    const now = context.clock.now().getTime()
    if (now - checkedAt >= authorityCheckMs) {
      const viewer = await context.identifyAgain()
      if (!permissionsIn(viewer, here.businessId).has('conversation.read')) return
      checkedAt = now
    }
    for (const event of events) yield { ...event, businessId: here.businessId }
  }
}
