/** The API as one object: GraphQL, sign-in and key checks over the stores, mounted by the server. */
import type { Clock } from '@fidelio/core/time.ts'
import { eraseBusiness } from '@fidelio/db/derive/erase-business.ts'
import type { StoreLog, Tenancy } from '@fidelio/db/index.ts'
import { findBusiness } from '@fidelio/db/records/businesses.ts'
import type { Vault } from '@fidelio/db/vault.ts'
import { createYoga } from 'graphql-yoga'
import { buildAuth, handleAuthRequest, type SendMail } from './auth/auth.ts'
import { createKeyVerifier, type KeyLimited, type VerifiedKey } from './auth/keys.ts'
import { type ApiContext, type ApiServices, createContext } from './context.ts'
import { editorFile, editorPath, optionsFor } from './graphiql.ts'
import { encodeId } from './ids.ts'
import { createFailureLimiter, createRequestLimiter } from './limits.ts'
import { createLiveFeeds } from './live-feed.ts'
import type { Role } from './roles.ts'
import { createSignInLink } from './schema/person.ts'
import { identify, type Viewer } from './viewer.ts'
import { yogaOptions } from './yoga.ts'

export interface ApiDeps {
  stores: Tenancy
  vault: Vault
  clock: Clock
  log: StoreLog
  /** Where people reach the product, without a path: links in mails and the origin of cookies. */
  publicUrl: string
  /** May create businesses, keys and accounts. Absent: nobody may. */
  operatorKey?: string | undefined
  /** Signs cookies; at least 32 characters. */
  authSecret: string
  sendMail?: SendMail | undefined
  /** Of one person or key; by default 600. */
  requestsPerMinuteMax?: number | undefined
  /** How long one answer may take; by default 10. */
  requestSecondsMax?: number | undefined
  /** Called when accounts or secrets changed, for services of this process that remember them. */
  invalidate?: (() => void) | undefined
}

/** Who is at the other end of the wire, as the HTTP edge knows it. */
export interface Caller {
  ip: string
}

export interface Api extends AsyncDisposable {
  /** Everything under /graphql: queries, mutations, subscriptions (SSE) and GraphiQL. */
  fetch(request: Request, caller?: Caller): Promise<Response>
  /** Everything under /api/auth/. */
  authHandler(request: Request, caller?: Caller): Promise<Response>
  /**
   * The business and scopes of a key; null when it is unknown, expired or revoked; `retryAfterSeconds` when too many wrong
   * keys came from the caller's address, so that this one was not looked at. Remembered for at most 10 s.
   */
  verifyKey(bearer: string, caller?: Caller): Promise<VerifiedKey | KeyLimited | null>
  /** A link that signs in the person of an address, who becomes a member when a business is given. */
  createSignInLink(
    email: string,
    membership?: { businessId: string; role: Role },
  ): Promise<{ url: string; expiresAt: number }>
}

const unknownCaller: Caller = { ip: '' }

export function createApi(deps: ApiDeps): Api {
  const { stores, clock, log, publicUrl } = deps
  if (deps.authSecret.length < 32) throw new TypeError('authSecret must have at least 32 characters.')
  const auth = stores.forAuth()
  const worker = stores.forWorker()
  const library = buildAuth({ auth, clock, log, publicUrl, authSecret: deps.authSecret, sendMail: deps.sendMail })
  const failures = createFailureLimiter()
  const keys = createKeyVerifier({ library, auth, worker, clock, log, failures })
  const services: ApiServices = {
    tenancy: stores,
    worker,
    auth,
    vault: deps.vault,
    library,
    keys,
    clock,
    log,
    live: createLiveFeeds(stores),
    publicUrl,
    sendMail: deps.sendMail,
    invalidate: deps.invalidate ?? (() => {}),
    eraseFacts: (businessId) => eraseBusiness(worker, businessId),
  }
  const limiter = createRequestLimiter(deps.requestsPerMinuteMax)
  const whoIs = (request: Request, ip: string): Promise<Viewer> =>
    identify({ library, auth, keys, publicUrl, operatorKey: deps.operatorKey, failures }, request, ip)
  const admit = async (request: Request, ip: string): Promise<Viewer> => {
    const viewer = await whoIs(request, ip)
    await limiter.consume(viewer, ip)
    return viewer
  }
  const contextOf = (viewer: Viewer, request: Request, ip: string): ApiContext =>
    createContext(services, viewer, request, () => whoIs(request, ip))
  const editorOptions = async (request: Request) => {
    const viewer = await whoIs(request, '')
    if (viewer.kind !== 'person') return optionsFor([])
    const here = [...viewer.roles.keys()].map((id) => stores.forBusiness(id).tx((sql) => findBusiness(sql, id)))
    const businesses = (await Promise.all(here)).filter((business) => business !== null)
    return optionsFor(businesses.map(({ id, name }) => ({ id: encodeId('Business', id), name })))
  }
  const yoga = createYoga<Caller, ApiContext>(yogaOptions(log, admit, contextOf, editorOptions, deps.requestSecondsMax))
  return {
    async fetch(request, caller = unknownCaller) {
      const { pathname } = new URL(request.url)
      if (!pathname.startsWith(editorPath)) return yoga.fetch(request, caller)
      return (await editorFile(pathname)) ?? new Response('There is no such file.', { status: 404 })
    },
    authHandler: (request, caller = unknownCaller) => handleAuthRequest(library, request, caller.ip),
    verifyKey: (bearer, caller = unknownCaller) => keys.verify(bearer, caller.ip),
    createSignInLink: (email, membership) => createSignInLink(services, email, membership ?? null),
    async [Symbol.asyncDispose]() {
      await yoga.dispose()
      await keys[Symbol.asyncDispose]()
    },
  }
}
