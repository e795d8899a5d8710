/** `signed_request`: what Meta posts to the deauthorisation and data-deletion callbacks. Sheet: protocols.md §10. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseJson } from './json.ts'
import { idText, isObject, readTime } from './wire.ts'

/** `userId` is scoped to the app: it names the person who connected Pages, never one who writes to them. */
export type SignedRequest =
  | { ok: true; userId: string; issuedAt: number | null }
  | { ok: false; reason: 'malformed' | 'algorithm' | 'mismatch' | 'no_user' }

/** Padding is not usual and is accepted. */
const shape = /^([A-Za-z0-9_-]{43})=?\.([A-Za-z0-9_-]{1,8192}={0,2})$/

/** Checks against each secret of an app, newest first. The signature covers the second part as it was written. */
export function verifySignedRequest(text: string, secrets: readonly string[]): SignedRequest {
  const [, signature, payload] = shape.exec(text) ?? []
  if (signature === undefined || payload === undefined) return { ok: false, reason: 'malformed' }
  const given = Buffer.from(signature, 'base64url')
  // Of the last character two bits say nothing; other spellings of the same bytes are not what Meta sends.
  if (given.toString('base64url') !== signature) return { ok: false, reason: 'malformed' }
  const isSigned = secrets.some(
    // An empty key would let anyone sign.
    (secret) => secret !== '' && timingSafeEqual(createHmac('sha256', secret).update(payload).digest(), given),
  )
  if (!isSigned) return { ok: false, reason: 'mismatch' }
  const content = readPayload(payload)
  if (!isObject(content)) return { ok: false, reason: 'malformed' }
  const { algorithm } = content
  if (typeof algorithm !== 'string' || algorithm.toUpperCase() !== 'HMAC-SHA256') {
    return { ok: false, reason: 'algorithm' }
  }
  const userId = idText(content.user_id)
  return userId === '' ? { ok: false, reason: 'no_user' } : { ok: true, userId, issuedAt: readTime(content.issued_at) }
}

function readPayload(payload: string): unknown {
  try {
    return parseJson(Buffer.from(payload, 'base64url').toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Written as Meta does. Used by simulated providers. */
export function signRequest(content: Record<string, unknown>, secret: string): string {
  const payload = Buffer.from(JSON.stringify(content)).toString('base64url')
  return `${createHmac('sha256', secret).update(payload).digest('base64url')}.${payload}`
}
