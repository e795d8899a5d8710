/** Signing secrets of channel accounts: sealed, newest first, and valid side by side during a change. */
import { randomBytes } from 'node:crypto'
import { type SealedSecret, type SecretOwner, type Vault, VaultError } from '../vault.ts'

/** Secrets valid side by side during a rotation, newest first (protocols.md §1.2). */
export const secretsMax = 2

/** The secret in front of the former ones. One that is the newest already changes nothing, so that connecting twice is connecting once. */
export function withSecret(
  vault: Vault,
  owner: SecretOwner,
  secret: string | undefined,
  former: readonly SealedSecret[],
): SealedSecret[] {
  const [newest] = former
  if (secret === undefined || (newest && opensTo(vault, owner, newest, secret))) return [...former]
  return [vault.seal(secret, owner), ...former].slice(0, secretsMax)
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
