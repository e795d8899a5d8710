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
import { isScope, type Scope } from '../roles.ts'
import type { Auth } from './auth.ts'

export const keyRememberedSeconds = 10
/** An unknown key is remembered shorter: somebody may just be making it. */
const unknownRememberedSeconds = 1
const rememberedKeysMax = 10_000
const keyPrefix = 'fid_'
const keyCharactersMax = 200

export type VerifiedKey = { businessId: string; keyId: string; name: string; scopes: readonly Scope[] }

export interface KeyVerifier extends AsyncDisposable {
  /** Null: no such key, expired or revoked. Throws when the store cannot say. */
  verify(bearer: string): Promise<VerifiedKey | null>
  forget(keyId: string): void
  forgetAll(): void
}

export interface KeyDeps {
  library: Auth
  auth: AuthDb
  worker: WorkerDb
  clock: Clock
  log: StoreLog
}

type Remembered = { key: VerifiedKey | null; until: number }

export function createKeyVerifier(deps: KeyDeps): KeyVerifier {
  // Kept under a hash, so that a look into the memory of the process shows no key.
  const remembered = new Map<string, Remembered>()
  const forget = (keyId: string) => {
    for (const [hash, entry] of remembered) if (entry.key?.keyId === keyId) remembered.delete(hash)
  }
  // Without hearing of revocations a key stays valid for the seconds it is remembered, and no longer.
  const listening = deps.worker.listen(keyRevokedChannel, forget).catch((error: unknown) => {
    const name = error instanceof Error ? error.name : 'unknown'
    deps.log.warn({ error: name }, 'Revocations of other processes are not heard')
    return null
  })
  return {
    forget,
    forgetAll: () => remembered.clear(),
    async verify(bearer) {
      if (!bearer.startsWith(keyPrefix) || bearer.length > keyCharactersMax) return null
      const hash = createHash('sha256').update(bearer).digest('base64')
      const now = deps.clock.now().getTime()
      const known = remembered.get(hash)
      if (known && known.until > now) return known.key
      const key = await askLibrary(deps, bearer)
      if (remembered.size >= rememberedKeysMax) remembered.clear()
      const seconds = key ? keyRememberedSeconds : unknownRememberedSeconds
      remembered.set(hash, { key, until: now + seconds * 1000 })
      return key
    },
    async [Symbol.asyncDispose]() {
      await (await listening)?.[Symbol.asyncDispose]()
    },
  }
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
