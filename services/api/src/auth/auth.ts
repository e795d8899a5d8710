/**
 * Sign-in, by better-auth: sessions, sign-in links, organisations and API keys are the library's; we add what it means to
 * be invited. Nothing of it is reachable over HTTP except the few paths named here: businesses, members and keys change
 * through GraphQL, where the permission matrix is.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { apiKey } from '@better-auth/api-key'
import type { Clock } from '@fidelio/core/time.ts'
import type { AuthDb, StoreLog } from '@fidelio/db/index.ts'
import { authTables } from '@fidelio/db/postgres/auth-schema.ts'
import { acceptInvitations, mayReceiveSignInLink } from '@fidelio/db/records/people.ts'
import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { magicLink, organization } from 'better-auth/plugins'

/** A link from an operator or an invitation must survive an evening in a mailbox; the first visit uses it up. */
export const signInLinkMinutes = 60
const sessionHoursMax = 12
const sessionRenewMinutes = 30
const signInRequestsPerMinuteMax = 10
const keyStartCharacters = 8
/** Carries the address our HTTP edge saw to the library; a client's own header of this name never gets through. */
const clientAddressHeader = 'x-fidelio-client-address'

export type SendMail = (mail: { to: string; subject: string; text: string }) => Promise<void>

export interface AuthDeps {
  auth: AuthDb
  clock: Clock
  log: StoreLog
  /** Where people reach the product, e.g. https://fidelio.example. */
  publicUrl: string
  /** Signs cookies; at least 32 characters. */
  authSecret: string
  sendMail: SendMail | undefined
}

/** What a link is caught in when our own code asks the library for it, instead of being mailed. */
const capture = new AsyncLocalStorage<{ url?: string }>()

export type Auth = ReturnType<typeof buildAuth>

export function buildAuth(deps: AuthDeps) {
  const { origin, protocol } = new URL(deps.publicUrl)
  return betterAuth({
    appName: 'Fidelio',
    baseURL: origin,
    basePath: '/api/auth',
    secret: deps.authSecret,
    database: drizzleAdapter(deps.auth.drizzle, { provider: 'pg', schema: authTables }),
    trustedOrigins: trustedOriginsOf(deps.publicUrl),
    telemetry: { enabled: false },
    session: { expiresIn: sessionHoursMax * 3600, updateAge: sessionRenewMinutes * 60 },
    rateLimit: { enabled: true, window: 60, max: 120 },
    advanced: {
      cookiePrefix: 'fidelio',
      useSecureCookies: protocol === 'https:',
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      database: { generateId: () => randomUUID() },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
    },
    // The library's own messages may carry addresses; their level and text are enough for us.
    logger: { log: (level, message) => logLibrary(deps.log, level, message) },
    databaseHooks: {
      session: { create: { after: async (session) => acceptOpenInvitations(deps, session.userId) } },
    },
    plugins: [
      organization({ allowUserToCreateOrganization: false, disableOrganizationDeletion: true }),
      magicLink({
        expiresIn: signInLinkMinutes * 60,
        storeToken: 'hashed',
        rateLimit: { window: 60, max: signInRequestsPerMinuteMax },
        sendMagicLink: ({ email, url }) => deliverLink(deps, email, url),
      }),
      // A key belongs to a business. The library's "organization" mode asks for a signed-in member, but the operator makes
      // keys too; so keys are held under the business's id, and who may make one is decided by our matrix.
      apiKey({
        defaultPrefix: 'fid_',
        defaultKeyLength: 40,
        requireName: true,
        startingCharactersConfig: { shouldStore: true, charactersLength: keyStartCharacters },
        rateLimit: { enabled: false },
        enableMetadata: false,
      }),
    ],
  })
}

/** Paths of the library that are open to browsers. */
const openPaths: ReadonlySet<string> = new Set([
  '/api/auth/sign-in/magic-link',
  '/api/auth/magic-link/verify',
  '/api/auth/get-session',
  '/api/auth/sign-out',
  '/api/auth/ok',
  '/api/auth/error',
])

export async function handleAuthRequest(auth: Auth, request: Request, ip: string): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (!openPaths.has(pathname)) return new Response('There is nothing here.\n', { status: 404 })
  const headers = new Headers(request.headers)
  headers.delete(clientAddressHeader)
  if (ip !== '') headers.set(clientAddressHeader, ip)
  return auth.handler(new Request(request, { headers }))
}

/** A sign-in link for an address, caught instead of mailed. The visitor becomes (or already is) the person of that address. */
export async function makeSignInLink(auth: Auth, publicUrl: string, email: string): Promise<string> {
  const caught: { url?: string } = {}
  await capture.run(caught, () =>
    auth.api.signInMagicLink({
      body: { email, callbackURL: '/', errorCallbackURL: '/sign-in' },
      headers: new Headers({ origin: new URL(publicUrl).origin }),
    }),
  )
  if (caught.url === undefined) throw new Error('The sign-in library made no link.')
  return caught.url
}

/** Finds the person of an address, or makes one who has not signed in yet. */
export async function ensurePerson(auth: Auth, email: string): Promise<{ id: string; email: string }> {
  const { internalAdapter } = await auth.$context
  const address = email.toLowerCase()
  const found = await internalAdapter.findUserByEmail(address)
  if (found) return found.user
  return internalAdapter.createUser(
    { email: address, name: nameFromEmail(address), emailVerified: true },
    { method: 'magic-link' },
  )
}

/** "marie.dupont@…" → "Marie Dupont", until the person says otherwise. */
function nameFromEmail(email: string): string {
  const words = (email.split('@')[0] ?? '').split(/[._+-]+/).filter((word) => word !== '')
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join(' ')
}

/** Mails a link; without a mail server it stands in the log, where the operator of a trial finds it. */
async function deliverLink(deps: AuthDeps, email: string, url: string): Promise<void> {
  const caught = capture.getStore()
  if (caught) {
    caught.url = url
    return
  }
  // The answer is the same for an address nobody knows, so that the form does not tell who has an account.
  const known = await deps.auth.tx((sql) => mayReceiveSignInLink(sql, email, deps.clock.now()))
  if (!known) return
  if (!deps.sendMail) {
    // Not under the name `url`: the log removes that, and here the link is the message.
    deps.log.info({ signInLink: url }, 'A sign-in link was asked for, and there is no mail server to send it')
    return
  }
  await deps.sendMail({
    to: email,
    subject: 'Fidelio: your sign-in link · votre lien de connexion',
    text: linkMail(url),
  })
}

function linkMail(url: string): string {
  return [
    `Open this link to sign in. It works once, within ${signInLinkMinutes} minutes:`,
    `Ouvrez ce lien pour vous connecter. Il sert une seule fois, pendant ${signInLinkMinutes} minutes :`,
    '',
    url,
  ].join('\n')
}

async function acceptOpenInvitations(deps: AuthDeps, userId: string): Promise<void> {
  await deps.auth.tx((sql) => acceptInvitations(sql, userId, deps.clock.now()))
}

/** The public address; in a trial on one machine, its two usual names. */
export function trustedOriginsOf(publicUrl: string): string[] {
  const publicOrigin = new URL(publicUrl).origin
  const origins = [publicOrigin]
  const { hostname, port, protocol } = new URL(publicOrigin)
  if (hostname === 'localhost') origins.push(`${protocol}//127.0.0.1:${port}`)
  if (hostname === '127.0.0.1') origins.push(`${protocol}//localhost:${port}`)
  return origins
}

function logLibrary(log: StoreLog, level: string, message: string): void {
  if (level === 'error') log.error({ library: 'better-auth' }, message)
  else if (level === 'warn') log.warn({ library: 'better-auth' }, message)
  else log.debug({ library: 'better-auth' }, message)
}
