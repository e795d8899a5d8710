/** What every resolver gets: who asks, the door to each business they may see, and loaders that batch within one request. */
import type { Clock } from '@fidelio/core/time.ts'
import type { AuthDb, BusinessDb, StoreLog, Tenancy, WorkerDb } from '@fidelio/db/index.ts'
import { funnels, sendOutcomes } from '@fidelio/db/queries/funnel.ts'
import { liftCountsOf } from '@fidelio/db/queries/lift.ts'
import type { FunnelCounts, LiftCounts, SendOutcome, ThreadSummary } from '@fidelio/db/queries/types.ts'
import { type AccountRecord, listAccounts } from '@fidelio/db/records/accounts.ts'
import { type BusinessRecord, findBusiness } from '@fidelio/db/records/businesses.ts'
import { type ContactRecord, findPeople, findThreads } from '@fidelio/db/records/contact-pages.ts'
import type { Vault } from '@fidelio/db/vault.ts'
import DataLoader from 'dataloader'
import type { Auth, SendMail } from './auth/auth.ts'
import type { KeyVerifier } from './auth/keys.ts'
import { invalid, notFound, unauthenticated } from './errors.ts'
import { uuidOf } from './ids.ts'
import type { LiveFeeds } from './live-feed.ts'
import type { Permission } from './roles.ts'
import { permissionsIn, type Viewer } from './viewer.ts'

/** What lives as long as the API. */
export interface ApiServices {
  tenancy: Tenancy
  worker: WorkerDb
  auth: AuthDb
  vault: Vault
  library: Auth
  keys: KeyVerifier
  clock: Clock
  log: StoreLog
  live: LiveFeeds
  publicUrl: string
  sendMail: SendMail | undefined
  /** Tells the services of this process that accounts or secrets changed; other processes hear it from the database. */
  invalidate: () => void
  /** Removes a business's rows from the event store, for good. */
  eraseFacts: (businessId: string) => Promise<void>
}

/** One business as a resolver meets it: its row, its door and its loaders. Made only for those who may be here. */
export interface Here {
  businessId: string
  record: BusinessRecord
  db: BusinessDb
  loaders: BusinessLoaders
}

type CampaignWindow = { id: string; days: number }
type ThreadKey = { accountId: string; contactId: number }

export interface BusinessLoaders {
  /** Every account of the business, oldest first, read once per request. */
  accounts(): Promise<AccountRecord[]>
  account: DataLoader<string, AccountRecord | null>
  contact: DataLoader<number, ContactRecord | null>
  thread: DataLoader<ThreadKey, ThreadSummary | null, string>
  /** Funnel by campaign; null before planning. A list of campaigns asks one question. */
  funnel: DataLoader<string, FunnelCounts | null>
  /** Who ordered by arm, by campaign and window; null when nobody was split. A list of campaigns asks one question. */
  lift(now: number): DataLoader<CampaignWindow, LiftCounts | null, string>
  /** What became of a campaign's sends, by contact. */
  outcome(campaignId: string, now: number): DataLoader<number, SendOutcome>
}

export interface ApiContext extends ApiServices {
  viewer: Viewer
  request: Request
  /** One "now" for all fields of an answer, Unix milliseconds. */
  now: number
  /** Opens a business. @throws NOT_FOUND when it does not exist or is somebody else's. */
  open(businessId: string): Promise<Here>
  /** Decides anew who asks, for streams that outlive a revocation. */
  identifyAgain(): Promise<Viewer>
}

export function createContext(
  services: ApiServices,
  viewer: Viewer,
  request: Request,
  identifyAgain: () => Promise<Viewer>,
): ApiContext {
  const opened = new Map<string, Promise<Here>>()
  return {
    ...services,
    viewer,
    request,
    now: services.clock.now().getTime(),
    identifyAgain,
    open(businessId) {
      const known = opened.get(businessId)
      if (known) return known
      const opening = openBusiness(services, viewer, businessId)
      opened.set(businessId, opening)
      return opening
    },
  }
}

async function openBusiness(services: ApiServices, viewer: Viewer, businessId: string): Promise<Here> {
  if (permissionsIn(viewer, businessId).size === 0) throw notFound('business')
  const db = services.tenancy.forBusiness(businessId)
  const record = await db.tx((sql) => findBusiness(sql, businessId))
  if (!record) throw notFound('business')
  return { businessId, record, db, loaders: createLoaders(db) }
}

function createLoaders(db: BusinessDb): BusinessLoaders {
  let all: Promise<AccountRecord[]> | undefined
  const outcomes = new Map<string, DataLoader<number, SendOutcome>>()
  let lifts: DataLoader<CampaignWindow, LiftCounts | null, string> | undefined
  const accounts = () => {
    all ??= db.tx((sql) => listAccounts(sql, db.businessId))
    return all
  }
  return {
    accounts,
    account: new DataLoader(async (ids) => {
      const byId = new Map((await accounts()).map((account) => [account.id, account]))
      return ids.map((id) => byId.get(id) ?? null)
    }),
    contact: new DataLoader(async (ids) => {
      const people = await db.tx((sql) => findPeople(sql, db.businessId, ids))
      const byId = new Map(people.map((person) => [person.asked, person]))
      return ids.map((id) => byId.get(id) ?? null)
    }),
    thread: new DataLoader(
      async (keys) => {
        const threads = await db.tx((sql) => findThreads(sql, db.businessId, keys))
        const byKey = new Map(
          threads.map((thread) => [threadKey({ accountId: thread.accountId, contactId: thread.asked }), thread]),
        )
        return keys.map((key) => byKey.get(threadKey(key)) ?? null)
      },
      { cacheKeyFn: threadKey },
    ),
    funnel: new DataLoader(async (campaignIds) => {
      const found = await funnels(db, { campaignIds })
      return campaignIds.map((id) => found.get(id) ?? null)
    }),
    lift(now) {
      lifts ??= new DataLoader(
        async (campaigns) => {
          const found = await liftCountsOf(db, { campaigns, now })
          return campaigns.map(({ id }) => found.get(id) ?? null)
        },
        { cacheKeyFn: ({ id }) => id },
      )
      return lifts
    },
    outcome(campaignId, now) {
      const loader = outcomes.get(campaignId) ?? createOutcomeLoader(db, campaignId, now)
      outcomes.set(campaignId, loader)
      return loader
    },
  }
}

function createOutcomeLoader(db: BusinessDb, campaignId: string, now: number): DataLoader<number, SendOutcome> {
  return new DataLoader(async (contactIds) => {
    const outcomes = await sendOutcomes(db, { campaignId, contactIds: [...contactIds], now })
    const byContact = new Map(outcomes.map((outcome) => [outcome.contactId, outcome]))
    const nothing = { delivered: false, read: false, replied: false, ordered: false }
    return contactIds.map((contactId) => byContact.get(contactId) ?? { contactId, ...nothing })
  })
}

function threadKey({ accountId, contactId }: ThreadKey): string {
  return `${accountId}.${contactId}`
}

/**
 * The business an operation is about: the one named, or the only one it could be.
 * @throws UNAUTHENTICATED for nobody; NOT_FOUND for somebody else's; VALIDATION when it must be named.
 */
export function targetBusiness(viewer: Viewer, named: string | null | undefined): string {
  if (viewer.kind === 'nobody') throw unauthenticated()
  if (named !== null && named !== undefined) {
    const businessId = uuidOf('Business', named, 'business')
    if (permissionsIn(viewer, businessId).size === 0) throw notFound('business')
    return businessId
  }
  if (viewer.kind === 'key') return viewer.businessId
  const own = viewer.kind === 'person' ? [...viewer.roles.keys()] : []
  if (own.length === 1 && own[0] !== undefined) return own[0]
  throw invalid('businessId', 'Name the business: there is more than one it could be, or none.')
}

export function isAllowed(viewer: Viewer, businessId: string, permission: Permission): boolean {
  return permissionsIn(viewer, businessId).has(permission)
}
