/** Signatures of the stores, the payments and the generic channel: protocols.md §11 and its check values (§12), reliability.md A3. */
import { seededRandom } from '@fidelio/core/seeded-random.ts'
import { describe, expect, test } from 'vitest'
import { signShopify, verifyShopify } from '../src/shopify.ts'
import { signStandardWebhook, verifyStandardWebhook } from '../src/standard-webhooks.ts'
import { signStripe, verifyStripe } from '../src/stripe.ts'
import { isWooCommercePing, signWooCommerce, verifyWooCommerce } from '../src/woocommerce.ts'

type Headers = Record<string, string | string[] | undefined>
type Scheme = {
  name: string
  /** The header that holds the digest, and where in it the digest starts. */
  header: string
  digestFrom: (value: string) => number
  secretOf: (seed: number) => string
  sign: (body: Buffer, secret: string) => Headers
  verify: (body: Buffer, headers: Headers, secrets: string[], now: number) => { ok: boolean }
}

const sentAt = 1_767_225_600_000
const lastComma = (value: string) => value.lastIndexOf(',') + 1

const schemes: Scheme[] = [
  {
    name: 'shopify',
    header: 'x-shopify-hmac-sha256',
    digestFrom: () => 0,
    secretOf: (seed) => `shpss_${seed}`,
    sign: (body, secret) => ({ 'x-shopify-hmac-sha256': signShopify(body, secret) }),
    verify: (body, headers, secrets) => verifyShopify(body, headers, secrets),
  },
  {
    name: 'woocommerce',
    header: 'x-wc-webhook-signature',
    digestFrom: () => 0,
    secretOf: (seed) => `woo ${seed} & <secret>`,
    sign: (body, secret) => ({ 'x-wc-webhook-signature': signWooCommerce(body, secret) }),
    verify: (body, headers, secrets) => verifyWooCommerce(body, headers, secrets),
  },
  {
    name: 'stripe',
    header: 'stripe-signature',
    digestFrom: (value) => value.lastIndexOf('=') + 1,
    secretOf: (seed) => `whsec_${seed}`,
    sign: (body, secret) => ({ 'stripe-signature': signStripe(body, secret, sentAt) }),
    verify: (body, headers, secrets, now) => verifyStripe(body, headers, secrets, now),
  },
  {
    name: 'standard webhooks',
    header: 'webhook-signature',
    digestFrom: lastComma,
    secretOf: (seed) => `whsec_${Buffer.alloc(32, seed % 251).toString('base64')}`,
    sign: (body, secret) => signStandardWebhook(body, secret, 'msg_1', sentAt),
    verify: (body, headers, secrets, now) => verifyStandardWebhook(body, headers, secrets, now),
  },
]

const changesPerScheme = 10_000

/** A text as a sender writes it, so that reading and writing it again gives other bytes. */
function bodyOf(seed: number): Buffer {
  return Buffer.from(
    `{"id": ${820_982_911_946_154_508n + BigInt(seed)},"total_price":"19.90","note":"caf\\u00e9 \\/ ${seed}","name":"Zoë"}`,
  )
}

function flipped(bytes: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ (1 << bit)
  return copy
}

describe.each(schemes)('$name', ({ header, digestFrom, secretOf, sign, verify }) => {
  test(`of ${changesPerScheme} changed deliveries none is accepted`, () => {
    const random = seededRandom(20_261_122)
    const below = (end: number) => Math.floor(random() * end)
    let accepted = 0
    for (let run = 0; run < changesPerScheme; run++) {
      const body = bodyOf(run)
      const secret = secretOf(run)
      const headers = sign(body, secret)
      const value = String(headers[header])
      const from = digestFrom(value)
      const withHeader = (changed: string | string[] | undefined) => ({ ...headers, [header]: changed })
      const changes: (() => [Buffer, Headers, string[]])[] = [
        () => [flipped(body, below(body.length), below(8)), headers, [secret]],
        () => {
          const at = from + below(value.length - from)
          return [body, withHeader(flipped(Buffer.from(value, 'latin1'), at, below(7)).toString('latin1')), [secret]]
        },
        () => [body.subarray(0, below(body.length)), headers, [secret]],
        () => [body, withHeader(value.slice(0, from + below(value.length - from))), [secret]],
        () => [Buffer.from(JSON.stringify(JSON.parse(body.toString()))), headers, [secret]],
        () => [body, headers, [secretOf(run + 1), secretOf(run + 2)]],
        () => [body, headers, ['', `${secret} `.slice(1)]],
        () => [body, headers, []],
        () => [body, withHeader([value, value]), [secret]],
        () => [body, withHeader(`${value}, ${value}`.replace(/, t=/, ',t=')), [secret]],
        () => [body, withHeader(undefined), [secret]],
        () => [Buffer.concat([body, Buffer.from('\n')]), headers, [secret]],
      ]
      const [changedBody, changedHeaders, secrets] = changes[run % changes.length]?.() ?? [body, headers, []]
      // What Node makes of a repeated header is one text; only of Standard Webhooks it is a list the standard allows.
      if (run % changes.length === 9 && header === 'webhook-signature') continue
      if (verify(changedBody, changedHeaders, secrets, sentAt).ok) accepted++
    }
    expect(accepted).toBe(0)
  })

  test('while a secret is changed, both are accepted: of 1 000 deliveries none is refused', () => {
    let refused = 0
    for (let run = 0; run < 1_000; run++) {
      const [before, after] = [secretOf(run), secretOf(run + 1)]
      const body = bodyOf(run)
      if (!verify(body, sign(body, run % 2 === 0 ? before : after), [after, before], sentAt).ok) refused++
    }
    expect(refused).toBe(0)
  })
})

const body = Buffer.from('{"id":1001,"total_price":"19.90"}')

describe('check values', () => {
  test('Shopify, with and without the X-', () => {
    const value = '6A2XrZMxpI2fSSHDAqzAhT3+Z9F24WGdHQUTU1hrJAY='
    const secrets = ['another', 'fact-sheet-shop-secret']
    expect(verifyShopify(body, { 'x-shopify-hmac-sha256': value }, secrets)).toEqual({ ok: true, secretIndex: 1 })
    expect(verifyShopify(body, { 'shopify-hmac-sha256': value }, secrets)).toEqual({ ok: true, secretIndex: 1 })
    expect(verifyShopify(body, {}, secrets)).toEqual({ ok: false, reason: 'missing' })
  })

  test('WooCommerce', () => {
    const headers = { 'x-wc-webhook-signature': 'xEcTkExUQvHnZ2pKJIaWCWDsmvI+2EL4iQSU8EQ5Fyc=' }
    expect(verifyWooCommerce(body, headers, ['fact-sheet-woo-secret'])).toEqual({ ok: true, secretIndex: 0 })
    expect(verifyWooCommerce(body, headers, ['x'])).toEqual({ ok: false, reason: 'mismatch' })
  })

  test('Stripe: any v1 of several, other schemes ignored, 300 seconds', () => {
    const v1 = 'v1=6490108c04c7d85e21c41bf27a4649e92ada5e6b53f61d7a8aa4403b9822393c'
    const check = (header: string, now = sentAt) =>
      verifyStripe(body, { 'stripe-signature': header }, ['whsec_factsheet'], now)
    expect(check(`t=1767225600,${v1}`)).toEqual({ ok: true, secretIndex: 0 })
    expect(check(`t=1767225600,v1=${'0'.repeat(64)},${v1},v0=abc`)).toEqual({ ok: true, secretIndex: 0 })
    expect(check(`t=1767225600,${v1.replace('v1', 'v0')}`)).toEqual({ ok: false, reason: 'malformed' })
    expect(check(`t=1767225600,${v1}`, sentAt + 300_000)).toMatchObject({ ok: true })
    expect(check(`t=1767225600,${v1}`, sentAt + 300_001)).toEqual({ ok: false, reason: 'too_old' })
    expect(check(`t=1767225601,${v1}`)).toEqual({ ok: false, reason: 'mismatch' })
    expect(check(`t=1767225600,t=1767225600,${v1}`)).toEqual({ ok: false, reason: 'malformed' })
    expect(check(v1)).toEqual({ ok: false, reason: 'malformed' })
    expect(check('')).toEqual({ ok: false, reason: 'missing' })
  })

  test('the ping of WooCommerce is one only without a signature', () => {
    expect(isWooCommercePing(Buffer.from('webhook_id=142'), {})).toBe(true)
    expect(isWooCommercePing(Buffer.from('webhook_id=142'), { 'x-wc-webhook-signature': 'x' })).toBe(false)
    expect(isWooCommercePing(Buffer.from('webhook_id=142&x=1'), {})).toBe(false)
    expect(isWooCommercePing(Buffer.from('{"webhook_id":142}'), {})).toBe(false)
  })
})
