/** Sends against a real server on this machine that misbehaves in every way reliability.md §7 names. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type MessengerSend, messengerTextCharactersMax, sendMessenger } from '../src/messenger-send.ts'
import { createRegistry } from '../src/registry.ts'

type Seen = { method: string | undefined; url: URL; body: string }
type Answer = (request: IncomingMessage, response: ServerResponse) => void

const seen: Seen[] = []
let answer: Answer = () => {}
let graphBaseUrl = ''

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const url = new URL(request.url ?? '', graphBaseUrl)
    seen.push({ method: request.method, url, body: Buffer.concat(chunks).toString() })
    answer(request, response)
  })
})

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  graphBaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v25.0`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(() => {
  seen.length = 0
})

const reply =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
const failure = (code: number, error_subcode?: number, more: object = {}) => ({
  error: { message: 'no', type: 'OAuthException', code, error_subcode, fbtrace_id: 'T1', ...more },
})

function send(changed: Partial<MessengerSend> = {}, timeoutMs = 5_000) {
  const message: MessengerSend = {
    graphBaseUrl,
    pageId: '8001',
    accessToken: 'EAAB-token',
    recipient: '7001',
    text: 'Your parcel left today',
    sendId: '42',
    messagingType: 'RESPONSE',
    ...changed,
  }
  return sendMessenger(message, undefined, timeoutMs)
}

describe('on the wire', () => {
  test('the request of the sheet, with proof of the secret', async () => {
    answer = reply(200, { recipient_id: '7001', message_id: 'm_Abc' })
    expect(await send({ appSecret: 'fact-sheet-app-secret', graphBaseUrl: `${graphBaseUrl}/` })).toEqual({
      outcome: 'accepted',
      messageId: 'm_Abc',
    })
    expect(seen).toHaveLength(1)
    const [request] = seen
    expect(request?.method).toBe('POST')
    expect(request?.url.pathname).toBe('/v25.0/8001/messages')
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual({
      access_token: 'EAAB-token',
      appsecret_proof: '1fbd623e0c58101d6a3454ccb11079b59ce1ab50153bb40a9e585dfe2a89e1f2',
    })
    expect(JSON.parse(request?.body ?? '')).toEqual({
      recipient: { id: '7001' },
      messaging_type: 'RESPONSE',
      message: { text: 'Your parcel left today', metadata: 'send:42' },
    })
  })

  test('a text of no length or too great a length never leaves', async () => {
    for (const text of ['', 'x'.repeat(messengerTextCharactersMax + 1)]) {
      expect(await send({ text })).toMatchObject({ outcome: 'rejected', class: 'bad_request', code: null })
    }
    expect(seen).toEqual([])
  })
})

describe('answers', () => {
  test.each([
    [
      'window closed',
      reply(400, failure(10, 2018278)),
      { outcome: 'rejected', class: 'window_closed', scope: 'recipient', code: 10, subcode: 2018278, traceId: 'T1' },
    ],
    ['an error beside a 200', reply(200, failure(190)), { outcome: 'rejected', class: 'token', scope: 'account' }],
    [
      'codes as text',
      reply(400, { error: { code: '551', error_subcode: '1545041' } }),
      { outcome: 'rejected', class: 'opted_out' },
    ],
    [
      'a 403 that is not JSON',
      reply(403, '<html>'),
      { outcome: 'rejected', class: 'unrecognised', code: null, traceId: '' },
    ],
    ['an unknown code', reply(400, failure(777777)), { outcome: 'rejected', class: 'unrecognised', code: 777777 }],
    [
      '429 without a body',
      reply(429, ''),
      { outcome: 'throttled', scope: 'account', retryAfterSeconds: 300, code: null, subcode: null },
    ],
    ['429 that names a time', reply(429, '', { 'retry-after': '17' }), { outcome: 'throttled', retryAfterSeconds: 17 }],
    ['613', reply(400, failure(613)), { outcome: 'throttled', scope: 'account', retryAfterSeconds: 300, code: 613 }],
    ['4 stops the app', reply(403, failure(4)), { outcome: 'throttled', scope: 'app' }],
    ['613/2018338 is abuse', reply(400, failure(613, 2018338)), { outcome: 'rejected', class: 'abuse' }],
    [
      'the usage header, in minutes',
      reply(400, failure(80006), {
        'x-business-use-case-usage':
          '{"8001":[{"type":"messenger","call_count":95,"estimated_time_to_regain_access":12}]}',
      }),
      { outcome: 'throttled', retryAfterSeconds: 720 },
    ],
    [
      'a limit of more than a day',
      reply(429, '', { 'retry-after': '999999' }),
      { outcome: 'throttled', retryAfterSeconds: 86_400 },
    ],
    [
      'a broken usage header',
      reply(400, failure(80006), { 'x-business-use-case-usage': '{' }),
      { outcome: 'throttled', retryAfterSeconds: 300 },
    ],
    ['500 proves nothing', reply(500, failure(2)), { outcome: 'unknown', reason: 'http_500' }],
    [
      '500 with a definite code proves nothing either',
      reply(500, failure(100)),
      { outcome: 'unknown', reason: 'http_500' },
    ],
    ['their own trouble with a 400', reply(400, failure(2)), { outcome: 'unknown', reason: 'code_2' }],
    ['408', reply(408, ''), { outcome: 'unknown', reason: 'http_408' }],
    ['200 that cannot be read', reply(200, '{"mess'), { outcome: 'unknown', reason: 'unreadable_answer' }],
    ['200 without an id', reply(200, { recipient_id: '7001' }), { outcome: 'unknown', reason: 'unreadable_answer' }],
    [
      'a redirect is not followed',
      reply(302, '', { location: 'http://127.0.0.1:1/' }),
      { outcome: 'unknown', reason: 'http_302' },
    ],
  ])('%s', async (_, how, expected) => {
    answer = how
    expect(await send()).toMatchObject(expected)
    expect(seen).toHaveLength(1)
  })
})

describe('no answer', () => {
  test('a connection cut after the request was read is unknown, and is not tried again', async () => {
    answer = (request) => request.socket.destroy()
    expect(await send()).toMatchObject({ outcome: 'unknown' })
    expect(seen).toHaveLength(1)
  })

  test('a connection cut in the middle of the answer is unknown', async () => {
    answer = (request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"message_id":')
      setImmediate(() => request.socket.destroy())
    }
    expect(await send()).toMatchObject({ outcome: 'unknown' })
    expect(seen).toHaveLength(1)
  })

  test('silence is unknown after the time limit', async () => {
    answer = () => {}
    expect(await send({}, 150)).toEqual({ outcome: 'unknown', reason: 'TimeoutError' })
    expect(seen).toHaveLength(1)
  })

  test('a refused connection and an unusable address never left', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    expect(await send({ graphBaseUrl: `http://127.0.0.1:${port}` })).toEqual({
      outcome: 'notSent',
      reason: 'ECONNREFUSED',
    })
    expect(await send({ graphBaseUrl: 'nowhere' })).toMatchObject({ outcome: 'notSent' })
  })

  test('several failed addresses never left only if each of them did not', async () => {
    const fault = (code: string) => Object.assign(new Error(code), { code })
    const sendOver = (error: Error) =>
      sendMessenger(
        {
          graphBaseUrl,
          pageId: '1',
          accessToken: 't',
          recipient: '2',
          text: 'x',
          sendId: '3',
          messagingType: 'UPDATE',
        },
        () => Promise.reject(error),
      )
    expect(await sendOver(new AggregateError([fault('ECONNREFUSED'), fault('ENETUNREACH')]))).toMatchObject({
      outcome: 'notSent',
    })
    expect(await sendOver(new AggregateError([fault('ECONNREFUSED'), fault('ECONNRESET')]))).toMatchObject({
      outcome: 'unknown',
    })
    expect(await sendOver(new TypeError('fetch failed', { cause: fault('ENOTFOUND') }))).toEqual({
      outcome: 'notSent',
      reason: 'ENOTFOUND',
    })
    expect(await sendOver(new Error('EAAB-token'))).toEqual({ outcome: 'unknown', reason: 'Error' })
  })
})

describe('registry', () => {
  const delivered: unknown[] = []
  const registryOf = (fails = false) =>
    createRegistry({
      graphBaseUrl,
      sandboxNetwork: {
        deliver: (message) => {
          delivered.push(message)
          return fails ? Promise.reject(new Error('lost')) : Promise.resolve({ messageId: 'sb_1' })
        },
      },
    })
  const message = {
    accountExternalId: '8001',
    recipient: '7001',
    text: 'Hi',
    sendId: '42',
    messagingType: 'UPDATE',
  } as const

  test('messenger goes to the Graph address, and asks to be connected again without a token', async () => {
    answer = reply(200, { message_id: 'm_1' })
    const adapter = registryOf().adapterOf('messenger')
    expect(await adapter?.send(message, { accessToken: 't', appSecret: 's' })).toEqual({
      outcome: 'accepted',
      messageId: 'm_1',
    })
    expect(seen[0]?.url.searchParams.get('appsecret_proof')).toHaveLength(64)
    expect(await adapter?.send(message, {})).toMatchObject({ outcome: 'rejected', class: 'token' })
    expect(seen).toHaveLength(1)
  })

  test('the sandbox hands the message to its network', async () => {
    const adapter = registryOf().adapterOf('sandbox')
    expect(await adapter?.send(message, {})).toEqual({ outcome: 'accepted', messageId: 'sb_1' })
    expect(delivered).toEqual([{ accountExternalId: '8001', recipient: '7001', text: 'Hi', sendId: '42' }])
    expect(await adapter?.send({ ...message, text: '' }, {})).toMatchObject({
      outcome: 'rejected',
      class: 'bad_request',
    })
    expect(await registryOf(true).adapterOf('sandbox')?.send(message, {})).toMatchObject({ outcome: 'unknown' })
  })

  test('channels without an adapter', () => {
    expect(registryOf().adapterOf('whatsapp')).toBeNull()
  })
})
