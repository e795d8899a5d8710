import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkSubscription } from '../src/meta-subscription.ts'

let answer = { status: 200, body: '' }
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`)
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))

const ask = () => {
  const { port } = server.address() as AddressInfo
  const graphBaseUrl = `http://127.0.0.1:${port}/v25.0/`
  return checkSubscription({ graphBaseUrl, pageId: '801', appId: '9001', accessToken: 'token', appSecret: 'secret' })
}

test.each([
  [200, '{"data":[{"id":"7"},{"id":"9001","name":"Ours"}]}', 'subscribed'],
  [200, '{"data":[{"id":9001}]}', 'subscribed'],
  [200, '{"data":[{"id":"90011"}]}', 'missing'],
  [200, '{"data":[]}', 'missing'],
  [400, '{"error":{"code":190,"error_subcode":460}}', 'token_broken'],
  [403, '{"error":{"code":200,"message":"permission"}}', 'unavailable'],
  [500, '{"data":[]}', 'unavailable'],
  [200, '<html>', 'unavailable'],
  [200, '[]', 'unavailable'],
])('an answer %d %s says %s', async (status, body, outcome) => {
  answer = { status, body }
  expect(await ask()).toBe(outcome)
  expect(asked.at(-1)).toMatch(/^GET \/v25\.0\/801\/subscribed_apps\?access_token=token&appsecret_proof=[0-9a-f]{64}$/)
})

test('nobody there says nothing', async () => {
  const question = { graphBaseUrl: 'http://127.0.0.1:9', pageId: '801', appId: '9001', accessToken: 'token' }
  expect(await checkSubscription(question)).toBe('unavailable')
})
