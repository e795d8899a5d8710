/**
 * Who sent these bytes: the signature of every Meta POST and the handshake of the callback URL. Sheet: protocols.md §1.1–1.2.
 *
 * The signature covers the raw body as it arrived; parsing and writing it again gives other bytes. It proves the app, not
 * the tenant, and holds no time: replays are met by row identity, not here.
 */
import { createHash, createHmac, hash, timingSafeEqual } from 'node:crypto'

export type SignatureHeaders = { sha256?: string | undefined; sha1?: string | undefined }

/** `secretIndex` says which secret signed, so that the end of a secret change can be seen. */
export type SignatureCheck =
  | { ok: true; secretIndex: number }
  | { ok: false; reason: 'missing' | 'malformed' | 'mismatch' }

const shapes = { sha256: /^sha256=([0-9a-f]{64})$/, sha1: /^sha1=([0-9a-f]{40})$/ } as const

/**
 * Checks `X-Hub-Signature-256` against each secret (several during a secret change). The older `X-Hub-Signature` decides
 * only when the newer header is absent altogether; a wrong or garbled newer header is final.
 */
export function verifyMetaSignature(
  rawBody: Uint8Array,
  headers: SignatureHeaders,
  secrets: readonly string[],
): SignatureCheck {
  const algorithm = headers.sha256 === undefined ? 'sha1' : 'sha256'
  const header = headers[algorithm]
  if (header === undefined) return { ok: false, reason: 'missing' }
  const hex = shapes[algorithm].exec(header)?.[1]
  if (hex === undefined) return { ok: false, reason: 'malformed' }
  const given = Buffer.from(hex, 'hex')
  for (const [secretIndex, secret] of secrets.entries()) {
    if (secret === '') continue // An empty key would let anyone sign.
    const expected = hmac(algorithm, secret, rawBody)
    if (timingSafeEqual(expected, given)) return { ok: true, secretIndex }
  }
  return { ok: false, reason: 'mismatch' }
}

/** Bodies above are hashed as they are: copying them would cost more than it saves. */
const shortBodyBytesMax = 2048
const blockBytes = 64
/** Keys of the secrets seen last, ready for hashing. There is a handful: one or two per Meta app. */
const pads = new Map<string, { inner: Buffer; outer: Buffer }>()
const padsMax = 64

/**
 * HMAC (RFC 2104). For the short bodies a webhook usually has, written out over the one-shot digest: the library's object
 * costs several times what it computes.
 */
function hmac(algorithm: 'sha256' | 'sha1', secret: string, body: Uint8Array): Buffer {
  if (algorithm === 'sha1' || body.length > shortBodyBytesMax)
    return createHmac(algorithm, secret).update(body).digest()
  const { inner, outer } = padsOf(secret)
  const message = Buffer.allocUnsafe(blockBytes + body.length)
  inner.copy(message)
  message.set(body, blockBytes)
  const sealed = Buffer.allocUnsafe(blockBytes + 32)
  outer.copy(sealed)
  sealed.write(hash('sha256', message, 'hex'), blockBytes, 'hex')
  return Buffer.from(hash('sha256', sealed, 'hex'), 'hex')
}

function padsOf(secret: string): { inner: Buffer; outer: Buffer } {
  const known = pads.get(secret)
  if (known) return known
  const bytes = Buffer.from(secret)
  const key = Buffer.alloc(blockBytes)
  key.set(bytes.length > blockBytes ? createHash('sha256').update(bytes).digest() : bytes)
  const made = { inner: key.map((byte) => byte ^ 0x36) as Buffer, outer: key.map((byte) => byte ^ 0x5c) as Buffer }
  if (pads.size >= padsMax) pads.clear()
  pads.set(secret, made)
  return made
}

/** The value of `X-Hub-Signature-256` for a body. Used by simulated providers; Meta does this on its side. */
export function signMeta(rawBody: Uint8Array | string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}`
}

/** `appsecret_proof` of a Graph call: hex HMAC-SHA256 of the access token under the app secret (protocols.md §3). */
export function appSecretProof(accessToken: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(accessToken).digest('hex')
}

/** Query parameters as HTTP servers give them: a repeated key becomes a list, of which the first counts. */
export type QueryParameters = Readonly<Record<string, string | readonly string[] | undefined>>

export type HandshakeAnswer = { status: 200; body: string } | { status: 403 }

/** A challenge is a short number in practice. A longer text is not Meta's and is not echoed. */
const challengeCharactersMax = 256

/** Answers `GET /webhooks/meta`: the challenge unchanged (as text/plain) when the token is one of ours, otherwise 403. */
export function verifyHandshake(query: QueryParameters, verifyTokens: readonly string[]): HandshakeAnswer {
  const challenge = first(query['hub.challenge'])
  const token = first(query['hub.verify_token'])
  if (first(query['hub.mode']) !== 'subscribe' || !token || !challenge) return { status: 403 }
  if (challenge.length > challengeCharactersMax) return { status: 403 }
  return verifyTokens.some((known) => known !== '' && equalTexts(known, token))
    ? { status: 200, body: challenge }
    : { status: 403 }
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value[0] : value
}

/** Digests have one length, so that neither content nor length of the known text shows in the time taken. */
function equalTexts(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}
