import { createHmac } from 'node:crypto'
import type { Wiring } from '@fidelio/server/demo-messages.ts'
import { Agent, request } from 'undici'
import type { Happening, World } from './world.ts'

const inboxAppId = '263902037430900'
const botAppId = '555000111222333'
const elementsPerBody = 40
const connections = 8
const retryTimesMax = 60

const agent = new Agent({ connections, pipelining: 1 })

/**
 * Posts happenings as the providers would: signed bodies, several elements each. `clockMs` is the receiver's now, which
 * a signature with a time must be close to. Returns how many events were acknowledged.
 */
export async function post(
  baseUrl: string,
  world: World,
  wiring: Wiring,
  happenings: Happening[],
  clockMs: number,
): Promise<number> {
  const elements = happenings.map((h) => messengerElement(world, h)).filter((e) => e !== null)
  const shop = happenings.map((h) => shopEvent(world, h)).filter((e) => e !== null)
  const consents = happenings.map((h) => consentEvent(world, h)).filter((e) => e !== null)
  // The shop knows names and addresses, the sandbox account learns who agreed, then the Page's messages follow.
  await inParallel(
    parts(shop).map(
      (events) => () => postStandard(baseUrl, 'webhook', wiring.webhook, JSON.stringify({ events }), clockMs),
    ),
  )
  await inParallel(
    parts(consents).map(
      (events) => () => postStandard(baseUrl, 'sandbox', wiring.sandbox, JSON.stringify({ events }), clockMs),
    ),
  )
  await inParallel(
    parts(elements).map((messaging) => () => {
      const body = JSON.stringify({ object: 'page', entry: [{ id: world.profile.pageId, time: clockMs, messaging }] })
      return postMeta(baseUrl, wiring.appSecret, body)
    }),
  )
  return elements.length + shop.length + consents.length
}

function parts<T>(list: T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / elementsPerBody) }, (_, i) =>
    list.slice(i * elementsPerBody, (i + 1) * elementsPerBody),
  )
}

function messengerElement(world: World, { at, person, what }: Happening): unknown {
  const page = { id: world.profile.pageId }
  const customer = { id: person.psid }
  const from = { sender: customer, recipient: page, timestamp: at }
  switch (what.type) {
    case 'message':
      return { ...from, message: { mid: what.mid, text: what.text } }
    case 'postback':
      return { ...from, postback: { mid: what.mid, title: what.title, payload: what.payload } }
    case 'reaction':
      return { ...from, reaction: { mid: what.mid, action: 'react', reaction: 'love', emoji: what.emoji } }
    case 'referral':
      return { ...from, referral: { ref: what.ref, source: 'SHORTLINK', type: 'OPEN_THREAD' } }
    case 'echo':
      return {
        sender: page,
        recipient: customer,
        timestamp: at,
        message: { mid: what.mid, text: what.text, is_echo: true, app_id: Number(what.bot ? botAppId : inboxAppId) },
      }
    case 'delivery':
      return { sender: customer, recipient: page, delivery: { mids: what.mids, watermark: what.watermark } }
    case 'read':
      return { ...from, read: { watermark: what.watermark } }
    case 'marketing':
      return {
        ...from,
        optin: {
          type: 'notification_messages',
          notification_messages_token: `tok_${person.psid}`,
          payload: 'offers',
          title: 'offers',
          notification_messages_timezone: world.profile.timeZone,
          token_expiry_timestamp: at + 365 * 86_400_000,
          user_token_status: 'NOT_REFRESHED',
          ...(what.action === 'stopped' ? { notification_messages_status: 'STOP_NOTIFICATIONS' } : {}),
        },
      }
    default:
      return null
  }
}

function shopEvent(world: World, { at, person, what }: Happening): unknown {
  const contact = {
    externalId: `messenger:${world.profile.pageId}:${person.psid}`,
    email: person.email,
    displayName: person.name,
  }
  const event = (id: string, type: string, data: object) => ({
    id,
    type,
    timestamp: new Date(at).toISOString(),
    contact,
    data,
  })
  const { currency } = world.profile
  switch (what.type) {
    case 'profile':
      return event(`profile-${person.psid}`, 'profile.created', {})
    case 'order':
      return event(`order-${what.orderId}`, 'order.created', { orderId: what.orderId, total: what.total, currency })
    case 'close':
      return event(`close-${person.psid}-${at}`, 'conversation.closed', {})
    case 'refund':
      return event(`refund-${what.orderId}`, 'order.refunded', { orderId: what.orderId, total: what.total, currency })
    default:
      return null
  }
}

function consentEvent(world: World, { at, person, what }: Happening): unknown {
  if (what.type !== 'grant' && what.type !== 'revoke') return null
  const granted = what.type === 'grant'
  const wording = world.profile.locale === 'fr' ? 'Oui, envoyez-moi vos offres.' : 'Yes, send me your offers.'
  return {
    id: `${what.type}-${person.psid}-${at}`,
    type: granted ? 'consent.granted' : 'consent.revoked',
    timestamp: new Date(at).toISOString(),
    contact: { externalId: person.psid, email: person.email },
    data: { topic: 'offers', wording: granted ? wording : 'STOP' },
  }
}

export async function postMeta(baseUrl: string, appSecret: string, body: string): Promise<void> {
  const signature = createHmac('sha256', appSecret).update(body).digest('hex')
  await deliver(`${baseUrl}/webhooks/meta`, body, { 'x-hub-signature-256': `sha256=${signature}` })
}

/** A Standard Webhooks delivery; `clockMs` is the instant the receiver believes it is. */
export async function postStandard(
  baseUrl: string,
  channel: 'webhook' | 'sandbox',
  account: { account: string; secret: string },
  body: string,
  clockMs: number,
): Promise<void> {
  const id = `msg_${createHmac('sha256', 'id').update(body).digest('hex').slice(0, 24)}`
  const seconds = Math.floor(clockMs / 1000)
  const key = Buffer.from(account.secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  await deliver(`${baseUrl}/webhooks/${channel}/${account.account}`, body, {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  })
}

/** An answer that trying again would not change. 401 and 404: the business or its account is no longer there. */
export class DeliveryRefused extends Error {
  readonly status: number
  constructor(path: string, status: number, text: string) {
    super(`${path} answered ${status}: ${text.slice(0, 200)}`)
    this.name = 'DeliveryRefused'
    this.status = status
  }
}

/** Providers try again while the receiver is busy, and so do we: nothing acknowledged, nothing forgotten. */
async function deliver(url: string, body: string, headers: Record<string, string>): Promise<void> {
  for (let attempt = 0; attempt < retryTimesMax; attempt += 1) {
    const response = await request(url, {
      method: 'POST',
      dispatcher: agent,
      body,
      headers: { 'content-type': 'application/json', ...headers },
    }).catch((error: Error) => error)
    if (response instanceof Error) {
      await pause(500)
      continue
    }
    const text = await response.body.text()
    if (response.statusCode === 200) return
    if (response.statusCode !== 503) throw new DeliveryRefused(new URL(url).pathname, response.statusCode, text)
    await pause(Number(response.headers['retry-after'] ?? 1) * 1000)
  }
  throw new Error(`${new URL(url).pathname} did not take a delivery in ${retryTimesMax} tries`)
}

async function inParallel(jobs: (() => Promise<void>)[]): Promise<void> {
  const queue = [...jobs]
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let job = queue.shift(); job; job = queue.shift()) await job()
    }),
  )
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export async function closeWire(): Promise<void> {
  await agent.close()
}
