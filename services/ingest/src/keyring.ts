/**
 * Opened signing secrets, each dropped at the instant its overlap with a newer one ends, also while Postgres cannot be
 * asked and remembered routes are believed for longer.
 */
import type { Clock } from '@fidelio/core/time.ts'
import type { StoreLog } from '@fidelio/db/log.ts'
import { type SealedSecret, type SecretOwner, type Vault, VaultError } from '@fidelio/db/vault.ts'

export type Keyring = {
  /** Plain secrets, newest first. The array loses each secret when its time is over and `expire` is called. */
  open(secrets: readonly SealedSecret[], owner: SecretOwner): string[]
  /** Called before secrets are used. One comparison, unless something is about to expire. */
  expire(): void
}

type Expiring = { secrets: string[]; ends: { secret: string; at: number }[] }

export function createKeyring(deps: { vault: Vault; clock: Clock; log: StoreLog }): Keyring {
  const { vault, clock, log } = deps
  /** By row, so that reading a row again takes the place of what was read before. */
  const expiring = new Map<string, Expiring>()

  function opened(sealed: SealedSecret, owner: SecretOwner): string | undefined {
    try {
      return vault.open(sealed, owner)
    } catch (error) {
      if (!(error instanceof VaultError)) throw error
      // One unreadable secret must not silence the other accounts; its own bodies fail their signature.
      log.error({ rowId: owner.rowId, error: error.message }, 'A signing secret cannot be opened')
      return undefined
    }
  }

  function dropEnded(entry: Expiring, now: number): void {
    for (const { secret } of entry.ends.filter((end) => end.at <= now)) {
      // The one that ends stands behind the newer ones; the same text may stand in front of it as a valid one.
      const index = entry.secrets.lastIndexOf(secret)
      if (index >= 0) entry.secrets.splice(index, 1)
    }
    entry.ends = entry.ends.filter((end) => end.at > now)
  }

  return {
    open(sealedSecrets, owner) {
      const secrets: string[] = []
      const ends: Expiring['ends'] = []
      for (const sealed of sealedSecrets) {
        const secret = opened(sealed, owner)
        if (secret === undefined) continue
        secrets.push(secret)
        if (sealed.validUntil !== undefined) ends.push({ secret, at: Date.parse(sealed.validUntil) })
      }
      expiring.delete(owner.rowId)
      if (ends.length > 0) {
        const entry = { secrets, ends }
        dropEnded(entry, clock.now().getTime())
        if (entry.ends.length > 0) expiring.set(owner.rowId, entry)
      }
      return secrets
    },
    expire() {
      if (expiring.size === 0) return
      const now = clock.now().getTime()
      for (const [rowId, entry] of expiring) {
        dropEnded(entry, now)
        if (entry.ends.length === 0) expiring.delete(rowId)
      }
    },
  }
}
