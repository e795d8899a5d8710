/**
 * The traffic of the ingest accounting: a numbered stream of Messenger events, the same for every run with the same
 * seed. Event number n can be written at any time from n alone, so a client remembers numbers only, and every row in
 * the store leads back to its number through the mark `m_<n>` in its raw text.
 */
import { signMeta } from '@fidelio/channels/meta-signature.ts'
import { seededRandom } from '@fidelio/core/seeded-random.ts'
import { dayMs } from '@fidelio/core/time.ts'

export const appSecret = 'secret-of-the-fault-run'
export const businesses = [
  { id: '5e0f1c1a-0000-4000-8000-000000000001', timeZone: 'Europe/Paris' },
  { id: '5e0f1c1a-0000-4000-8000-000000000002', timeZone: 'America/New_York' },
] as const

/** Two Pages each. Account ids are fixed because row identities contain them, and two runs are compared row by row. */
export const pages = [
  { id: '700000000000001', accountId: '5e0f1c1a-0000-4000-8000-0000000000a1', businessId: businesses[0].id },
  { id: '700000000000002', accountId: '5e0f1c1a-0000-4000-8000-0000000000a2', businessId: businesses[0].id },
  { id: '700000000000003', accountId: '5e0f1c1a-0000-4000-8000-0000000000b1', businessId: businesses[1].id },
  { id: '700000000000004', accountId: '5e0f1c1a-0000-4000-8000-0000000000b2', businessId: businesses[1].id },
] as const

export type World = {
  seed: number
  /** The events lie in the six days before this instant, Unix milliseconds: recent enough not to be called old. */
  endsAt: number
  peoplePerPage: number
}

const botAppId = '8001'
const spanMs = 6 * dayMs

type Kind = 'customer' | 'human' | 'bot' | 'stop' | 'delivery' | 'read'
type Draw = { kind: Kind; page: (typeof pages)[number]; person: string; at: number }

/** How many rows event n makes: a stop word is a message and a revoked consent. */
export function factsOf(world: World, n: number): 1 | 2 {
  return draw(world, n).kind === 'stop' ? 2 : 1
}

/** A signed body with these events, each in the entry of its own Page. */
export function signedBody(world: World, numbers: readonly number[]): { body: string; signature: string } {
  const entries = new Map<string, unknown[]>()
  for (const n of numbers) {
    const drawn = draw(world, n)
    const messaging = entries.get(drawn.page.id) ?? []
    entries.set(drawn.page.id, messaging)
    messaging.push(element(drawn, n))
  }
  const entry = [...entries].map(([id, messaging]) => ({ id, time: world.endsAt, messaging }))
  const body = JSON.stringify({ object: 'page', entry })
  return { body, signature: signMeta(body, appSecret) }
}

function draw(world: World, n: number): Draw {
  const random = seededRandom(Math.imul(world.seed + 1, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca6b))
  const page = pages[Math.floor(random() * pages.length)] ?? pages[0]
  const person = `${1_000_000 + Math.floor(random() * world.peoplePerPage)}`
  return { page, person, at: world.endsAt - Math.floor(random() * spanMs), kind: kindOf(random()) }
}

function kindOf(share: number): Kind {
  if (share < 0.55) return 'customer'
  if (share < 0.75) return 'human'
  if (share < 0.85) return 'bot'
  if (share < 0.88) return 'stop'
  return share < 0.95 ? 'delivery' : 'read'
}

function element({ kind, page, person, at }: Draw, n: number): Record<string, unknown> {
  const mid = `m_${n}`
  const fromCustomer = { sender: { id: person }, recipient: { id: page.id }, timestamp: at }
  const fromPage = { sender: { id: page.id }, recipient: { id: person }, timestamp: at }
  switch (kind) {
    case 'customer':
      return { ...fromCustomer, message: { mid, text: `Question number ${n}: when does my parcel arrive?` } }
    case 'stop':
      return { ...fromCustomer, message: { mid, text: 'STOP' } }
    case 'human':
      return { ...fromPage, message: { mid, is_echo: true, text: `Answer number ${n}: it left this morning.` } }
    case 'bot':
      return { ...fromPage, message: { mid, is_echo: true, app_id: botAppId, text: `We heard you (${n}).` } }
    case 'delivery':
      return { ...fromCustomer, delivery: { mids: [mid], watermark: at } }
    case 'read':
      return { ...fromCustomer, read: { mid, watermark: at } }
  }
}
