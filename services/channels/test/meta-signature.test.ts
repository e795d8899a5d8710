/** protocols.md §1.1–1.2 with the check values of §12, and what a forger may try. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appSecretProof, signMeta, verifyHandshake, verifyMetaSignature } from '../src/meta-signature.ts'

const secret = 'fact-sheet-app-secret'
const bodyA = Buffer.from('{"object":"page","entry":[]}')
const sha256A = 'sha256=295fa288a0c63a2fe456b01016159d49b8c1866c988f66a9f142bd12b4674a47'
const sha1A = 'sha1=fdf3af2aa40a541c023234bd4a93260c3dc9a3f0'
const bodyB = Buffer.from(
  String.raw`{"object":"page","entry":[{"id":"1","time":1767225600500,"messaging":[{"sender":{"id":"2"},"recipient":{"id":"1"},"timestamp":1767225600123,"message":{"mid":"m_x","text":"caf\u00e9 \ud83d\ude00 http:\/\/a.b\/"}}]}]}`,
)
const sha256B = 'sha256=7b8e364b77d63c670ceb8a269d8614bdc4c6f63c5e6924716b965ff61799b102'

describe('check values', () => {
  test('both bodies verify, the escapes as they were signed', () => {
    expect([bodyA.length, bodyB.length]).toEqual([28, 215])
    expect(verifyMetaSignature(bodyA, { sha256: sha256A }, [secret])).toEqual({ ok: true, secretIndex: 0 })
    expect(verifyMetaSignature(bodyB, { sha256: sha256B }, [secret])).toEqual({ ok: true, secretIndex: 0 })
    expect(signMeta(bodyA, secret)).toBe(sha256A)
  })

  test('a body parsed and written again does not verify', () => {
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(bodyB.toString())))
    expect(rewritten.length).toBe(200)
    expect(verifyMetaSignature(rewritten, { sha256: sha256B }, [secret])).toEqual({ ok: false, reason: 'mismatch' })
  })

  test('appsecret_proof', () => {
    expect(appSecretProof('EAAB-token', secret)).toBe(
      '1fbd623e0c58101d6a3454ccb11079b59ce1ab50153bb40a9e585dfe2a89e1f2',
    )
  })
})

describe('rotation and the older header', () => {
  test('during a change both secrets are accepted', () => {
    const secrets = ['new-secret', secret]
    expect(verifyMetaSignature(bodyA, { sha256: sha256A }, secrets)).toEqual({ ok: true, secretIndex: 1 })
    expect(verifyMetaSignature(bodyA, { sha256: signMeta(bodyA, 'new-secret') }, secrets)).toEqual({
      ok: true,
      secretIndex: 0,
    })
  })

  test('sha1 decides only when the newer header is absent', () => {
    expect(verifyMetaSignature(bodyA, { sha1: sha1A }, [secret])).toMatchObject({ ok: true })
    expect(verifyMetaSignature(bodyA, { sha256: sha256B, sha1: sha1A }, [secret])).toMatchObject({
      ok: false,
      reason: 'mismatch',
    })
    expect(verifyMetaSignature(bodyA, { sha256: '', sha1: sha1A }, [secret])).toMatchObject({
      ok: false,
      reason: 'malformed',
    })
    expect(verifyMetaSignature(bodyA, { sha256: sha256A, sha1: 'sha1=00' }, [secret])).toMatchObject({ ok: true })
  })

  test('nothing verifies without a header, a secret, or with an empty secret', () => {
    expect(verifyMetaSignature(bodyA, {}, [secret])).toEqual({ ok: false, reason: 'missing' })
    expect(verifyMetaSignature(bodyA, { sha256: sha256A }, [])).toEqual({ ok: false, reason: 'mismatch' })
    expect(verifyMetaSignature(bodyA, { sha256: signMeta(bodyA, '') }, [''])).toEqual({ ok: false, reason: 'mismatch' })
  })
})

describe('forgeries: none accepted', () => {
  test.each([
    'sha256=',
    'sha256',
    'sha1=aa',
    sha256A.toUpperCase(),
    `${sha256A}0`,
    sha256A.slice(0, -2),
    ` ${sha256A}`,
    `${sha256A}\n`,
    'sha256=zz',
    '\u0000',
  ])('garbled header %j is a clean rejection', (sha256) => {
    expect(verifyMetaSignature(bodyA, { sha256 }, [secret])).toEqual({ ok: false, reason: 'malformed' })
  })

  test('one changed bit of body or header, a truncated body, another secret', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), fc.nat(7), (body, at, bit) => {
        const sha256 = signMeta(body, secret)
        const flipped = Uint8Array.from(body)
        flipped[at % body.length] = (body[at % body.length] ?? 0) ^ (1 << bit)
        const header = Buffer.from(sha256)
        header[at % header.length] = (header[at % header.length] ?? 0) ^ (1 << bit)
        const tries = [
          verifyMetaSignature(flipped, { sha256 }, [secret]),
          verifyMetaSignature(body.subarray(0, -1), { sha256 }, [secret]),
          verifyMetaSignature(body, { sha256: header.toString('latin1') }, [secret]),
          verifyMetaSignature(body, { sha256 }, [`${secret} `]),
        ]
        expect(tries.map((check) => check.ok)).toEqual([false, false, false, false])
        expect(verifyMetaSignature(body, { sha256 }, [secret]).ok).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('handshake', () => {
  const query = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': 'ours' }

  test('gives the challenge back as text', () => {
    expect(verifyHandshake(query, ['another', 'ours'])).toEqual({ status: 200, body: '1158201444' })
    expect(verifyHandshake({ ...query, 'hub.challenge': '007' }, ['ours'])).toEqual({ status: 200, body: '007' })
  })

  test('repeated parameters count once', () => {
    expect(verifyHandshake({ ...query, 'hub.verify_token': ['ours', 'x'] }, ['ours'])).toMatchObject({ status: 200 })
    expect(verifyHandshake({ ...query, 'hub.verify_token': ['x', 'ours'] }, ['ours'])).toEqual({ status: 403 })
    expect(verifyHandshake({ ...query, 'hub.mode': [] }, ['ours'])).toEqual({ status: 403 })
  })

  test.each([
    ['another token', { ...query, 'hub.verify_token': 'our' }],
    ['another mode', { ...query, 'hub.mode': 'unsubscribe' }],
    ['no challenge', { ...query, 'hub.challenge': undefined }],
    ['no token', { ...query, 'hub.verify_token': '' }],
    ['an endless challenge', { ...query, 'hub.challenge': '1'.repeat(257) }],
    ['nothing', {}],
  ])('%s is refused', (_, refused) => {
    expect(verifyHandshake(refused, ['ours', ''])).toEqual({ status: 403 })
  })
})

test('secrets and bodies of every length are checked as the standard library signs them', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 150 }),
      fc.oneof(fc.nat(300), fc.integer({ min: 2040, max: 2056 })).map((length) => Buffer.alloc(length, 'déjà')),
      (secret, body) => {
        const sha256 = signMeta(body, secret)
        expect(verifyMetaSignature(body, { sha256 }, ['other', secret])).toEqual({ ok: true, secretIndex: 1 })
        expect(verifyMetaSignature(body, { sha256 }, [`${secret}x`])).toMatchObject({ ok: false, reason: 'mismatch' })
      },
    ),
  )
})
