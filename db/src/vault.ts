/**
 * Secrets at rest: AES-256-GCM under the master key, with a fresh random 96-bit nonce for every value (reliability.md §7).
 * The business and the row a secret belongs to are authenticated with it, so a value copied into another row does not open.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** A sealed value as it stands in a `jsonb` column. `keyId` says which master key opens it; `data` is ciphertext then tag. */
export type SealedSecret = {
  v: 1
  keyId: string
  nonce: string
  data: string
  /** When it was put here, RFC 3339; absent in old rows. Only of signing secrets, as the next. */
  sealedAt?: string
  /** A newer secret took its place: from this instant it opens nothing any more. */
  validUntil?: string
}

/** Where a secret lives. `businessId` is null for what belongs to the operator. */
export type SecretOwner = { businessId: string | null; rowId: string }

export interface Vault {
  seal(plain: string, owner: SecretOwner): SealedSecret
  /** @throws VaultError when the key is unknown, or the value was changed or moved to another row. */
  open(sealed: SealedSecret, owner: SecretOwner): string
}

export class VaultError extends Error {
  override name = 'VaultError'
}

/**
 * A vault that seals under `masterKey` and opens what was sealed under it or one of `previousKeys`.
 * @throws VaultError when a key is not 32 bytes long.
 */
export function createVault(masterKey: Buffer, previousKeys: readonly Buffer[] = []): Vault {
  const keys = new Map([masterKey, ...previousKeys].map((key) => [keyIdOf(key), key]))
  const currentKeyId = keyIdOf(masterKey)
  return {
    seal(plain, owner) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', masterKey, nonce)
      cipher.setAAD(associatedData(owner))
      const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return { v: 1, keyId: currentKeyId, nonce: nonce.toString('base64'), data: data.toString('base64') }
    },
    open(sealed, owner) {
      const key = keys.get(sealed.keyId)
      if (!key) throw new VaultError(`A secret was sealed under the master key ${sealed.keyId}, which was not given.`)
      const data = Buffer.from(sealed.data, 'base64')
      const nonce = Buffer.from(sealed.nonce, 'base64')
      if (nonce.length !== nonceBytes || data.length < tagBytes) throw new VaultError('A sealed secret is malformed.')
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      decipher.setAAD(associatedData(owner))
      decipher.setAuthTag(data.subarray(data.length - tagBytes))
      try {
        const start = decipher.update(data.subarray(0, data.length - tagBytes))
        return Buffer.concat([start, decipher.final()]).toString('utf8')
      } catch (error) {
        throw new VaultError('A sealed secret does not open: it was changed, or belongs to another row.', {
          cause: error,
        })
      }
    },
  }
}

/** A name for a key that tells nothing about it. */
function keyIdOf(key: Buffer): string {
  if (key.length !== keyBytes) throw new VaultError(`The master key must be ${keyBytes} bytes long.`)
  return createHash('sha256').update('fidelio master key id\n').update(key).digest('hex').slice(0, 12)
}

function associatedData(owner: SecretOwner): Buffer {
  return Buffer.from(`${owner.businessId ?? 'operator'}/${owner.rowId}`, 'utf8')
}
