/** protocols.md §11 "Standard Webhooks", the check value of §12, and the standard's own library as a second opinion. */
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { signStandardWebhook, verifyStandardWebhook } from '../src/standard-webhooks.ts'

const secret = 'whsec_ZmFjdC1zaGVldC1rZXktb2YtMzItYnl0ZXMtbG9uZyE='
const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const body = Buffer.from('{"id":1001,"total_price":"19.90"}')
const sentAt = 1_767_225_600_000
const signature = 'v1,JacPJEkWoCcv6mnqQ61hL951o9VcL2sSFa4SzH8F7p4='
const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': '1767225600', 'webhook-signature': signature }

const verify = (changed: Record<string, string | string[] | undefined> = {}, now = sentAt, secrets = [secret]) =>
  verifyStandardWebhook(body, { ...headers, ...changed }, secrets, now)

describe('accepted', () => {
  test('the check value', () => {
    expect(verify()).toEqual({ ok: true, webhookId: 'msg_1', sentAt, secretIndex: 0 })
    expect(signStandardWebhook(body, secret, 'msg_1', sentAt)).toEqual(headers)
  })

  test('one good signature of several, either secret of two, the older header names', () => {
    expect(verify({ 'webhook-signature': `v1a,xyz v1,AAAA ${signature}` })).toMatchObject({ ok: true })
    expect(verify({}, sentAt, [other, secret])).toMatchObject({ ok: true, secretIndex: 1 })
    const svix = { 'svix-id': 'msg_1', 'svix-timestamp': '1767225600', 'svix-signature': signature }
    expect(verifyStandardWebhook(body, svix, [secret], sentAt)).toMatchObject({ ok: true })
  })

  test('five minutes either way', () => {
    expect(verify({}, sentAt + 300_000)).toMatchObject({ ok: true })
    expect(verify({}, sentAt - 300_000)).toMatchObject({ ok: true })
    expect(verify({}, sentAt + 300_001)).toEqual({ ok: false, reason: 'too_old' })
    expect(verify({}, sentAt - 300_001)).toEqual({ ok: false, reason: 'too_new' })
  })

  test('agrees with the library, both ways', () => {
    const now = Date.now()
    const library = new Webhook(secret)
    const ours = signStandardWebhook(body, secret, 'msg_2', now)
    expect(library.verify(body.toString(), ours)).toEqual(JSON.parse(body.toString()))
    const theirs = { ...ours, 'webhook-signature': library.sign('msg_2', new Date(now), body.toString()) }
    expect(verifyStandardWebhook(body, theirs, [secret], now)).toMatchObject({ ok: true })
  })
})

describe('refused', () => {
  test.each([
    [{ 'webhook-id': undefined }, 'missing'],
    [{ 'webhook-id': ['msg_1', 'msg_2'] }, 'missing'],
    [{ 'webhook-signature': '' }, 'missing'],
    [{ 'webhook-timestamp': '1767225600.5' }, 'malformed'],
    [{ 'webhook-timestamp': '-1' }, 'malformed'],
    [{ 'webhook-signature': 'v2,abc' }, 'malformed'],
    [{ 'webhook-signature': signature.slice(0, -1) }, 'mismatch'],
    [{ 'webhook-signature': 'v1,' }, 'mismatch'],
    [{ 'webhook-id': 'msg_2' }, 'mismatch'],
    [{ 'webhook-timestamp': '1767225601' }, 'mismatch'],
  ])('%j', (changed, reason) => {
    expect(verify(changed)).toEqual({ ok: false, reason })
  })

  test('another secret, none, and secrets that are none', () => {
    for (const secrets of [[other], [], [''], ['whsec_'], ['whsec_AAAA']]) {
      expect(verify({}, sentAt, secrets)).toEqual({ ok: false, reason: 'mismatch' })
    }
    expect(() => signStandardWebhook(body, 'whsec_', 'msg_1', sentAt)).toThrow(RangeError)
  })

  test('any changed bit of body or signature', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), fc.nat(7), (bytes, at, bit) => {
        const signed = signStandardWebhook(bytes, secret, 'msg_1', sentAt)
        const flipped = Uint8Array.from(bytes)
        flipped[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit)
        const text = Buffer.from(signed['webhook-signature'])
        text[at % text.length] = (text[at % text.length] ?? 0) ^ (1 << bit)
        const forged = { ...signed, 'webhook-signature': text.toString('latin1') }
        expect(verifyStandardWebhook(flipped, signed, [secret], sentAt).ok).toBe(false)
        expect(verifyStandardWebhook(bytes, forged, [secret], sentAt).ok).toBe(false)
        expect(verifyStandardWebhook(bytes, signed, [secret], sentAt).ok).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
