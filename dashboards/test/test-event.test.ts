import { afterEach, expect, it, vi } from 'vitest'
import { sendTestEvent } from '../src/pages/channels/test-event.ts'

const secret = `whsec_${Buffer.from('fact-sheet-key-of-32-bytes-long!').toString('base64')}`

afterEach(() => vi.unstubAllGlobals())

it.each([
  ['SANDBOX', 'message.received'],
  ['WEBHOOK', 'test.event'],
])('a test event of %s is a %s, signed as Standard Webhooks', async (channel, type) => {
  const sent: { path: string; init: RequestInit }[] = []
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    sent.push({ path, init })
    return new Response('', { status: 200 })
  })
  const callbackPath = `/webhooks/${channel.toLowerCase()}/till`
  expect(await sendTestEvent({ channel, callbackPath }, secret, { text: 'Hello', person: 'Test' })).toBe(200)
  const [{ path, init }] = sent as [(typeof sent)[0]]
  expect(path).toBe(callbackPath)
  const body = String(init.body)
  expect(JSON.parse(body)).toMatchObject({ type, data: { text: 'Hello' } })
  const headers = new Headers(init.headers)
  const key = await crypto.subtle.importKey(
    'raw',
    Buffer.from(secret.slice('whsec_'.length), 'base64'),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  )
  const signature = Buffer.from((headers.get('webhook-signature') ?? '').replace('v1,', ''), 'base64')
  const signed = `${headers.get('webhook-id')}.${headers.get('webhook-timestamp')}.${body}`
  expect(await crypto.subtle.verify('HMAC', key, signature, Buffer.from(signed))).toBe(true)
  expect(await crypto.subtle.verify('HMAC', key, signature, Buffer.from(`${signed} `))).toBe(false)
})
