/**
 * Who is asking, decided once per request: a signed-in person, an API key, the operator, or nobody. Everything the rest of
 * the API knows about authority is in this value and in roles.ts.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { AuthDb } from '@fidelio/db/index.ts'
import { membershipsOf } from '@fidelio/db/records/people.ts'
import { type Auth, trustedOriginsOf } from './auth/auth.ts'
import type { KeyVerifier } from './auth/keys.ts'
import { apiError, unauthenticated } from './errors.ts'
import { type FailureLimiter, rateLimited } from './limits.ts'
import {
  everyPermission,
  isRole,
  noPermission,
  type Permission,
  permissionsOfRole,
  permissionsOfScopes,
  type Role,
  type Scope,
} from './roles.ts'

export type Viewer =
  | { kind: 'nobody' }
  | { kind: 'person'; userId: string; name: string; email: string; roles: ReadonlyMap<string, Role> }
  | { kind: 'key'; keyId: string; name: string; businessId: string; scopes: readonly Scope[] }
  | { kind: 'operator' }

export interface ViewerDeps {
  library: Auth
  auth: AuthDb
  keys: KeyVerifier
  publicUrl: string
  operatorKey: string | undefined
  failures: FailureLimiter
}

/**
 * @throws UNAUTHENTICATED for credentials that are wrong, RATE_LIMITED when too many of them came from the address; no
 * credentials at all make `nobody`.
 */
export async function identify(deps: ViewerDeps, request: Request, ip: string): Promise<Viewer> {
  const authorization = request.headers.get('authorization')
  if (authorization !== null) return identifyBearer(deps, authorization, ip)
  if (!request.headers.has('cookie')) return { kind: 'nobody' }
  const session = await deps.library.api.getSession({ headers: request.headers })
  if (!session) return { kind: 'nobody' }
  if (isForged(deps.publicUrl, request)) {
    await countFailure(deps, ip)
    throw apiError('FORBIDDEN', 'Requests with a session need the header "x-fidelio-csrf: 1".')
  }
  const memberships = await deps.auth.tx((sql) => membershipsOf(sql, session.user.id))
  const roles = new Map<string, Role>()
  for (const { businessId, role } of memberships) if (isRole(role)) roles.set(businessId, role)
  const { id, name, email } = session.user
  return { kind: 'person', userId: id, name: name || email, email, roles }
}

async function identifyBearer(deps: ViewerDeps, authorization: string, ip: string): Promise<Viewer> {
  const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  if (bearer === undefined) {
    await countFailure(deps, ip)
    throw unauthenticated('The Authorization header must be "Bearer <key>".')
  }
  // Compared first and always: it costs no store, it is too long to be guessed, and nobody may lock the operator out.
  if (deps.operatorKey !== undefined && equalInConstantTime(bearer, deps.operatorKey)) return { kind: 'operator' }
  const key = await deps.keys.verify(bearer, ip)
  if (!key) throw unauthenticated('This key is unknown, expired or revoked.')
  if ('retryAfterSeconds' in key) throw tooManyFailures(key.retryAfterSeconds)
  return { kind: 'key', ...key }
}

async function countFailure({ failures }: ViewerDeps, ip: string): Promise<void> {
  const retryAfterSeconds = await failures.count(ip)
  if (retryAfterSeconds !== null) throw tooManyFailures(retryAfterSeconds)
}

const tooManyFailures = (retryAfterSeconds: number) =>
  rateLimited('Too many wrong credentials came from this address.', retryAfterSeconds)

/** Hashes have one length, so the comparison says nothing about the key's. */
function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

/**
 * A cookie travels with requests other sites make, so a request that may change something must show it comes from ours: by
 * our own header, or as JSON from our own origin; browsers let no foreign page do either without asking us first.
 */
function isForged(publicUrl: string, request: Request): boolean {
  if (request.method === 'GET') return false
  if (request.headers.get('x-fidelio-csrf') === '1') return false
  const origin = request.headers.get('origin')
  const json = request.headers.get('content-type')?.toLowerCase().startsWith('application/json') === true
  return !(json && origin !== null && trustedOriginsOf(publicUrl).includes(origin))
}

/** What the viewer may do in a business; nothing at all in a business that is not theirs. */
export function permissionsIn(viewer: Viewer, businessId: string): ReadonlySet<Permission> {
  switch (viewer.kind) {
    case 'nobody':
      return noPermission
    case 'operator':
      return everyPermission
    case 'key':
      return viewer.businessId === businessId ? permissionsOfScopes(viewer.scopes) : noPermission
    case 'person': {
      const role = viewer.roles.get(businessId)
      return role ? permissionsOfRole(role) : noPermission
    }
  }
}

/** Who did it, for records that outlive the request. */
export function actorOf(viewer: Viewer): string {
  switch (viewer.kind) {
    case 'person':
      return viewer.name
    case 'key':
      return `key ${viewer.name}`
    case 'operator':
    case 'nobody':
      return viewer.kind
  }
}

/** One bucket per asker for rate limits. Requests of nobody share one bucket per address. */
export function bucketOf(viewer: Viewer, address: string): string {
  switch (viewer.kind) {
    case 'person':
      return `person:${viewer.userId}`
    case 'key':
      return `key:${viewer.keyId}`
    case 'operator':
      return 'operator'
    case 'nobody':
      return `address:${address}`
  }
}
