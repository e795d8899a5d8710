/**
 * Standard Webhooks signatures, for the generic signed channel. Sheet: protocols.md §11.
 *
 * Own code instead of the library because the library reads the clock itself; tests check each against the other.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { QueryParameters as HeaderValues } from './meta-signature.ts'

/** Older and newer deliveries than this are refused, in seconds: the standard's own tolerance. */
export const webhookToleranceSeconds = 300
/** Signatures looked at in one header; a sender in the middle of a secret change sends two. */
const signaturesMax = 16
const idCharactersMax = 256

export type WebhookCheck =
  | { ok: true; webhookId: string; sentAt: number; secretIndex: number }
  | { ok: false; reason: 'missing' | 'malformed' | 'too_old' | 'too_new' | 'mismatch' }

/**
 * Checks a delivery against each secret (`whsec_…`, several during a change). `headers` in lower case, as Node gives
 * them; the older `svix-*` names are read where the standard ones are absent. `now` in Unix milliseconds.
 */
export function verifyStandardWebhook(
  rawBody: Uint8Array,
  headers: HeaderValues,
  secrets: readonly string[],
  now: number,
): WebhookCheck {
  const webhookId = header(headers, 'id')
  const timestamp = header(headers, 'timestamp')
  const signatures = header(headers, 'signature')
  if (!webhookId || !timestamp || !signatures) return { ok: false, reason: 'missing' }
  if (!/^\d{1,12}$/.test(timestamp) || webhookId.length > idCharactersMax) return { ok: false, reason: 'malformed' }
  const given = v1Digests(signatures)
  if (given.length === 0) return { ok: false, reason: 'malformed' }
  const ageSeconds = now / 1000 - Number(timestamp)
  if (ageSeconds > webhookToleranceSeconds) return { ok: false, reason: 'too_old' }
  if (ageSeconds < -webhookToleranceSeconds) return { ok: false, reason: 'too_new' }
  for (const [secretIndex, secret] of secrets.entries()) {
    const expected = digest(secret, webhookId, timestamp, rawBody)
    if (expected && given.some((text) => equalTexts(text, expected))) {
      return { ok: true, webhookId, sentAt: Number(timestamp) * 1000, secretIndex }
    }
  }
  return { ok: false, reason: 'mismatch' }
}

/** The `webhook-*` headers of a delivery. Used by simulated shops and by examples. `sentAt` in Unix milliseconds. */
export function signStandardWebhook(
  rawBody: Uint8Array | string,
  secret: string,
  webhookId: string,
  sentAt: number,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(sentAt / 1000))
  const signature = digest(secret, webhookId, timestamp, rawBody)
  if (signature === null)
    throw new RangeError('not a webhook secret: whsec_ and base64 of at least 16 bytes are expected')
  return { 'webhook-id': webhookId, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

/** The secret's text is base64 of the key. (Stripe uses the same prefix and takes the text itself as key.) */
const secretPrefix = 'whsec_'
/** The standard asks senders for 24 to 64 bytes; shorter than this is a mistake, not a key. */
const keyBytesMin = 16

function digest(secret: string, webhookId: string, timestamp: string, rawBody: Uint8Array | string): string | null {
  const encoded = secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret
  const key = Buffer.from(encoded, 'base64')
  if (key.length < keyBytesMin) return null
  return createHmac('sha256', key).update(`${webhookId}.${timestamp}.`).update(rawBody).digest('base64')
}

/** The `v1` signatures of the header, as text: base64 has several spellings of one digest, and only ours is accepted. */
function v1Digests(signatures: string): string[] {
  return signatures
    .split(' ')
    .slice(0, signaturesMax)
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => signature.slice('v1,'.length))
}

function equalTexts(a: string, b: string): boolean {
  const given = Buffer.from(a)
  const expected = Buffer.from(b)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** A repeated header is refused as missing: which of two ids was signed cannot be known. */
function header(headers: HeaderValues, name: 'id' | 'timestamp' | 'signature'): string | undefined {
  const value = headers[`webhook-${name}`] ?? headers[`svix-${name}`]
  return typeof value === 'string' ? value : undefined
}
