/**
 * API keys at work: making one, and checking one fast. The library's check costs several statements (9 ms), so its answer is
 * remembered for at most 10 s; a revocation is told to every process and forgets it at once (design.md §6).
 */
import { createHash } from 'node:crypto'
import type { Clock } from '@fidelio/core/time.ts'
import type { AuthDb, StoreLog, WorkerDb } from '@fidelio/db/index.ts'
import {
  assertAuthAnswers,
  keyRevokedChannel,
  permissionsOfScopes,
  scopesOfPermissions,
} from '@fidelio/db/records/keys.ts'
import type { FailureLimiter } from '../limits.ts'
import { isScope, type Scope } from '../roles.ts'
import type { Auth } from './auth.ts'

export const keyRememberedSeconds = 10
/** Keys are made at random, so an unknown one does not become known: this only spares the store the same question. */
const unknownRememberedSeconds = 5
const rememberedKeysMax = 10_000
const keyPrefix = 'fid_'
const keyCharactersMax = 200

export type VerifiedKey = { businessId: string; keyId: string; name: string; scopes: readonly Scope[] }

/** Too many wrong keys came from the address: this one was not looked at. */
export type KeyLimited = { retryAfterSeconds: number }

export interface KeyVerifier extends AsyncDisposable {
  /** Null: no such key, expired or revoked. Throws when the store cannot say. `ip`: whose failures they are. */
  verify(bearer: string, ip: string): Promise<VerifiedKey | KeyLimited | null>
  forget(keyId: string): void
  forgetAll(): void
}

export interface KeyDeps {
  library: Auth
  auth: AuthDb
  worker: WorkerDb
  clock: Clock
  log: StoreLog
  failures: FailureLimiter
}

export function createKeyVerifier(deps: KeyDeps): KeyVerifier {
  // Kept under a hash, so that a look into the memory of the process shows no key. Valid and unknown keys apart, so that
  // a flood of guesses does not make the process forget whom it knows.
  const valid = new Map<string, { key: VerifiedKey; until: number }>()
  const unknown = new Map<string, number>()
  const forget = (keyId: string) => {
    for (const [hash, entry] of valid) if (entry.key.keyId === keyId) valid.delete(hash)
  }
  // Without hearing of revocations a key stays valid for the seconds it is remembered, and no longer.
  const listening = deps.worker.listen(keyRevokedChannel, forget).catch((error: unknown) => {
    const name = error instanceof Error ? error.name : 'unknown'
    deps.log.warn({ error: name }, 'Revocations of other processes are not heard')
    return null
  })
  const ask = async (bearer: string, hash: string, now: number): Promise<VerifiedKey | null> => {
    const key = await askLibrary(deps, bearer)
    valid.delete(hash)
    if (key) remember(valid, hash, { key, until: now + keyRememberedSeconds * 1000 })
    else remember(unknown, hash, now + unknownRememberedSeconds * 1000)
    return key
  }
  return {
    forget,
    forgetAll: () => valid.clear(),
    async verify(bearer, ip) {
      const hash = createHash('sha256').update(bearer).digest('base64')
      const now = deps.clock.now().getTime()
      const known = valid.get(hash)
      if (known && known.until > now) return known.key
      // A key that was right a while ago is looked up again whatever its neighbours at this address do.
      const again = known ? await ask(bearer, hash, now) : null
      if (again) return again
      // Counted before the store is asked: many guesses at once must not all pass while the first answers are awaited.
      const retryAfterSeconds = await deps.failures.count(ip)
      if (retryAfterSeconds !== null) return { retryAfterSeconds }
      const malformed = !bearer.startsWith(keyPrefix) || bearer.length > keyCharactersMax
      if (malformed || (unknown.get(hash) ?? 0) > now) return null
      let key: VerifiedKey | null = null
      let checked = false
      try {
        key = await ask(bearer, hash, now)
        checked = true
      } finally {
        if (key || !checked) await deps.failures.forgive(ip)
      }
      return key
    },
    async [Symbol.asyncDispose]() {
      await (await listening)?.[Symbol.asyncDispose]()
    },
  }
}

/** Puts an entry last and lets the oldest go when there are too many. */
function remember<T>(entries: Map<string, T>, hash: string, entry: T): void {
  entries.delete(hash)
  entries.set(hash, entry)
  const oldest = entries.size > rememberedKeysMax ? entries.keys().next().value : undefined
  if (oldest !== undefined) entries.delete(oldest)
}

async function askLibrary(deps: KeyDeps, bearer: string): Promise<VerifiedKey | null> {
  const { valid, key } = await deps.library.api.verifyApiKey({ body: { key: bearer } })
  if (valid && key) {
    const scopes = scopesOfPermissions(key.permissions ?? null).filter(isScope)
    return { businessId: key.referenceId, keyId: key.id, name: key.name ?? '', scopes }
  }
  // The library says "invalid" when its store fails, too. A store that answers makes it a real no; otherwise this throws.
  await deps.auth.tx(assertAuthAnswers)
  return null
}

/** Makes a key of a business. The plain key is in the answer and nowhere else. */
export async function makeKey(
  library: Auth,
  input: { businessId: string; name: string; scopes: readonly Scope[]; expiresInDays: number | null },
): Promise<{ key: string; id: string; start: string; createdAt: Date; expiresAt: Date | null }> {
  const made = await library.api.createApiKey({
    body: {
      userId: input.businessId,
      name: input.name,
      permissions: permissionsOfScopes(input.scopes),
      ...(input.expiresInDays === null ? {} : { expiresIn: input.expiresInDays * 86_400 }),
    },
  })
  return {
    key: made.key,
    id: made.id,
    start: made.start ?? '',
    createdAt: new Date(made.createdAt),
    expiresAt: made.expiresAt === null ? null : new Date(made.expiresAt),
  }
}
