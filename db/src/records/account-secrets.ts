/** Signing secrets of channel accounts: sealed, newest first, and valid side by side during a change. */
import { randomBytes } from 'node:crypto'
import { hourMs } from '@fidelio/core/time.ts'
import { type SealedSecret, type SecretOwner, type Vault, VaultError } from '../vault.ts'

/**
 * Secrets valid side by side, newest first (protocols.md §1.2). Two would do for one change; several changes within one
 * overlap must not end an older secret before its stated time, and trying a few costs nothing.
 */
export const secretsMax = 8
/** Without a stated end: the newest and the one before it. */
const openEndedMax = 2

/** When a secret is replaced, and for how long the former ones stay valid beside it. */
export type Overlap = { at: Date; hours: number }

/**
 * The secret in front of the former ones, which end when the overlap does; without one they stay until they are pushed
 * out. One that is the newest already changes nothing, so that connecting twice is connecting once.
 */
export function withSecret(
  vault: Vault,
  owner: SecretOwner,
  secret: string | undefined,
  former: readonly SealedSecret[],
  overlap?: Overlap,
): SealedSecret[] {
  const [newest] = former
  if (secret === undefined || (newest && opensTo(vault, owner, newest, secret))) return [...former]
  const sealed = vault.seal(secret, owner)
  if (overlap === undefined) return [sealed, ...former].slice(0, openEndedMax)
  const { at, hours } = overlap
  const ending = former.flatMap((one) => {
    const end = Math.min(at.getTime() + hours * hourMs, Date.parse(one.validUntil ?? '') || Number.POSITIVE_INFINITY)
    return end <= at.getTime() ? [] : [{ ...one, validUntil: new Date(end).toISOString() }]
  })
  return [{ ...sealed, sealedAt: at.toISOString() }, ...ending].slice(0, secretsMax)
}

function opensTo(vault: Vault, owner: SecretOwner, sealed: SealedSecret, secret: string): boolean {
  try {
    return vault.open(sealed, owner) === secret
  } catch (error) {
    // Sealed with a key that is gone: giving the secret again is how such an account is repaired.
    if (error instanceof VaultError) return false
    throw error
  }
}

/** A Standard Webhooks secret: 32 random bytes (protocols.md §11). */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}
