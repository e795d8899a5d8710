/** Nobody but the holder of a secret gets in, and a change of secrets turns nobody away (protocols.md §1.2, §10). */
import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signMeta, verifyMetaSignature } from '../src/meta-signature.ts'
import { signRequest, verifySignedRequest } from '../src/meta-signed-request.ts'
import { pageBody, textMessage } from './fixtures.ts'

const secret = 'fact-sheet-app-secret'
const body = Buffer.from(pageBody([textMessage('m_1', 'caf\u00e9 \ud83d\ude00')]).replace('é', String.raw`\u00e9`))
const tries = 10_000

const seconds = 60_000

/** How many of the attempts were let in; the genuine one between them must be. */
function accepted(attempts: Iterable<{ bytes: Uint8Array; header: string | undefined; secrets?: string[] }>): number {
  let count = 0
  for (const { bytes, header, secrets = [secret] } of attempts) {
    if (verifyMetaSignature(bytes, { sha256: header }, secrets).ok) count++
  }
  expect(verifyMetaSignature(body, { sha256: signMeta(body, secret) }, [secret]).ok).toBe(true)
  return count
}

/** The same numbers in every run, so that a failure can be repeated. */
function* numbers(count: number): Generator<number> {
  for (let index = 0; index < count; index++) yield createHash('sha256').update(`${index}`).digest().readUInt32BE(0)
}

describe('X-Hub-Signature-256', () => {
  const header = signMeta(body, secret)

  test('10 000 flipped bits of the body', { timeout: seconds }, () => {
    const flips = [...numbers(tries)].map((number) => {
      const bytes = Buffer.from(body)
      const at = number % (body.length * 8)
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7))
      return { bytes, header }
    })
    expect(accepted(flips)).toBe(0)
  })

  test('10 000 flipped bits of the signature', { timeout: seconds }, () => {
    const given = Buffer.from(header)
    const flips = [...numbers(tries)].map((number) => {
      const bytes = Buffer.from(given)
      const at = number % (given.length * 8)
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7))
      return { bytes: body, header: bytes.toString('latin1') }
    })
    expect(accepted(flips)).toBe(0)
  })

  test('every truncation of the body and of the signature, and bytes added to them', () => {
    const cut = Array.from({ length: body.length }, (_, length) => ({ bytes: body.subarray(0, length), header }))
    const short = Array.from({ length: header.length }, (_, length) => ({
      bytes: body,
      header: header.slice(0, length),
    }))
    const longer = [...'\n\0 }0a'].flatMap((more) => [
      { bytes: Buffer.concat([body, Buffer.from(more)]), header },
      { bytes: Buffer.concat([Buffer.from(more), body]), header },
      { bytes: body, header: header + more },
      { bytes: body, header: more + header },
    ])
    expect(accepted([...cut, ...short, ...longer])).toBe(0)
  })

  test('the same content written in another way', () => {
    const text = body.toString()
    const value: unknown = JSON.parse(text)
    const rewritten = [
      JSON.stringify(value),
      JSON.stringify(value, null, 2),
      JSON.stringify(value).replace(
        /[\u0080-\uffff]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`,
      ),
      text.replaceAll('/', String.raw`\/`).replaceAll(':', ': '),
      `\ufeff${text}`,
      text.normalize('NFD').replace(String.raw`\u00e9`, 'é'),
    ]
    const attempts = rewritten.filter((each) => each !== text).map((each) => ({ bytes: Buffer.from(each), header }))
    expect(attempts.length).toBeGreaterThan(3)
    expect(accepted(attempts)).toBe(0)
  })

  test('10 000 secrets of others', { timeout: seconds }, () => {
    const others = [...numbers(tries)].map((number) => ({ bytes: body, header: signMeta(body, `secret-${number}`) }))
    const near = ['', secret.slice(1), `${secret} `, secret.toUpperCase(), ` ${secret}`].map((key) => ({
      bytes: body,
      header: signMeta(body, key),
    }))
    expect(accepted([...others, ...near])).toBe(0)
    // Nobody's secret is an empty one, whatever stands in the list.
    expect(accepted([{ bytes: body, header: signMeta(body, ''), secrets: ['', secret] }])).toBe(0)
  })

  test('headers sent twice, in capitals, with another algorithm or another spelling', () => {
    const hex = header.slice('sha256='.length)
    const spellings = [
      `${header}, ${header}`,
      `${header},${header}`,
      `${header}\n`,
      ` ${header}`,
      hex,
      `SHA256=${hex}`,
      `sha256=${hex.toUpperCase()}`,
      `sha256=0x${hex}`,
      `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
      `sha256=${createHmac('sha256', secret).update(body).digest('base64')}`,
      `sha256=${createHash('sha256').update(body).digest('hex')}`,
    ]
    expect(accepted(spellings.map((each) => ({ bytes: body, header: each })))).toBe(0)
  })

  test('while secrets change, whoever holds the old or the new one is let in, always', { timeout: seconds }, () => {
    let refused = 0
    for (const number of numbers(tries)) {
      const [old, fresh] = [`old-${number}`, `new-${number}`]
      const bytes = Buffer.from(`{"n":${number}}`)
      const signer = number % 2 === 0 ? old : fresh
      if (!verifyMetaSignature(bytes, { sha256: signMeta(bytes, signer) }, [fresh, old]).ok) refused++
    }
    expect(refused).toBe(0)
  })
})

describe('signed_request', () => {
  const genuine = signRequest({ algorithm: 'HMAC-SHA256', issued_at: 1_767_225_600, user_id: '1234567890' }, secret)

  test('the check value of the sheet', () => {
    const given =
      '3GAfORdTZWzxYHx8Iu-J5AHPldk7adtVQtfCllMXr2E.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc2NzIyNTYwMCwidXNlcl9pZCI6IjEyMzQ1Njc4OTAifQ'
    const read = { ok: true, userId: '1234567890', issuedAt: 1_767_225_600_000 }
    expect(genuine).toBe(given)
    expect(verifySignedRequest(given, [secret])).toEqual(read)
    expect(verifySignedRequest(given, ['another', secret])).toEqual(read)
  })

  test('padding is accepted where base64 has it', () => {
    const content = { algorithm: 'hmac-sha256', user_id: '12' }
    const payload = Buffer.from(JSON.stringify(content)).toString('base64').replace(/\+/g, '-').replace(/\//g, '_')
    const signature = createHmac('sha256', secret)
      .update(payload)
      .digest('base64')
      .replace(/\+/g, '-')
      .replace(/\//g, '_')
    expect(signature.endsWith('=')).toBe(true)
    expect(verifySignedRequest(`${signature}.${payload}`, [secret])).toEqual({ ok: true, userId: '12', issuedAt: null })
  })

  test('an id written as a number keeps its digits', () => {
    const payload = Buffer.from('{"algorithm":"HMAC-SHA256","user_id":184719329217930001}').toString('base64url')
    const signed = `${createHmac('sha256', secret).update(payload).digest('base64url')}.${payload}`
    expect(verifySignedRequest(signed, [secret])).toMatchObject({ ok: true, userId: '184719329217930001' })
  })

  test.each([
    ['another algorithm', { algorithm: 'none', user_id: '1' }, 'algorithm'],
    ['no algorithm', { user_id: '1' }, 'algorithm'],
    ['nobody', { algorithm: 'HMAC-SHA256' }, 'no_user'],
    ['a person that is no id', { algorithm: 'HMAC-SHA256', user_id: { id: 1 } }, 'no_user'],
  ])('%s', (_what, content, reason) => {
    expect(verifySignedRequest(signRequest(content, secret), [secret])).toEqual({ ok: false, reason })
  })

  test('no flip, truncation, repetition or other secret is let in', { timeout: seconds }, () => {
    const attempts = [...numbers(tries)].map((number) => {
      const bytes = Buffer.from(genuine)
      const at = number % (bytes.length * 8)
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7))
      return bytes.toString('latin1')
    })
    const short = Array.from({ length: genuine.length }, (_, length) => genuine.slice(0, length))
    const [signature = '', payload = ''] = genuine.split('.')
    const others = [
      signRequest({ algorithm: 'HMAC-SHA256', user_id: '1' }, ''),
      signRequest({ algorithm: 'HMAC-SHA256', user_id: '1' }, `${secret} `),
      `${genuine}.${payload}`,
      `${signature}.${payload}=x`,
      `${payload}.${signature}`,
      `.${payload}`,
      `${signature}.`,
    ]
    const letIn = [...attempts, ...short, ...others].filter((each) => verifySignedRequest(each, ['', secret]).ok)
    expect(letIn).toEqual([])
  })

  test('any text is answered', () => {
    fc.assert(
      fc.property(fc.string(), (text) => !verifySignedRequest(text, [secret]).ok),
      { numRuns: 1_000 },
    )
    fc.assert(
      fc.property(fc.string(), (content) => {
        const payload = Buffer.from(content).toString('base64url')
        const signed = `${createHmac('sha256', secret).update(payload).digest('base64url')}.${payload}`
        return !verifySignedRequest(signed, [secret]).ok
      }),
      { numRuns: 500 },
    )
  })
})
