/**
 * Who sent these bytes: the signature of every Meta POST and the handshake of the callback URL. Sheet: protocols.md §1.1–1.2.
 *
 * The signature covers the raw body as it arrived; parsing and writing it again gives other bytes. It proves the app, not
 * the tenant, and holds no time: replays are met by row identity, not here.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

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
    const expected = createHmac(algorithm, secret).update(rawBody).digest()
    if (timingSafeEqual(expected, given)) return { ok: true, secretIndex }
  }
  return { ok: false, reason: 'mismatch' }
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
