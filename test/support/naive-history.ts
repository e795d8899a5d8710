/**
 * Random histories of random businesses, for comparing what the stores answer with what a plain loop says. Times crowd
 * around changes of the clock and around one another, so that ties, bursts and odd days happen often.
 */
import { createHash } from 'node:crypto'
import type { Channel, EventKind, Role } from '@fidelio/core/event.ts'
import { dayMs, hourMs, minuteMs } from '@fidelio/core/time.ts'
import { clickHouseTime } from '@fidelio/db/clickhouse/query.ts'
import type { WorkerDb } from '@fidelio/db/index.ts'
import fc from 'fast-check'

/** Zones whose days are odd: half hours, quarter hours, a half-hour change, changes at midnight, both hemispheres. */
export const oddZones = [
  'UTC',
  'Europe/Paris',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'America/Havana',
  'Pacific/Auckland',
]

/** The present of every history. */
export const presentMs = Date.UTC(2026, 10, 20, 12)

export type FactAccount = 'page' | 'sandbox' | 'none'

/** One fact, however often it is delivered. */
export type Fact = {
  id: string
  contactId: number
  account: FactAccount
  kind: EventKind
  role: Role
  name: string
  data: Record<string, string>
  at: number
  receivedAt: number
  /** Facts without the provider's own time: every delivery has another. */
  ownTime: boolean
  orderId: string
}

/** One delivery of a fact, as it is stored. `wave` is when it arrives: before or after the first derive run. */
export type Delivery = { fact: Fact; at: number; receivedAt: number; wave: 0 | 1 }

export type History = { zone: string; gapHours: number; facts: Fact[]; deliveries: Delivery[] }

export const channelOf: Record<FactAccount, Channel> = { page: 'messenger', sandbox: 'sandbox', none: 'webhook' }

type Shape = Pick<Fact, 'kind' | 'role' | 'name' | 'data'>
const shape = (kind: EventKind, role: Role, name = '', data: Record<string, string> = {}): Shape => ({
  kind,
  role,
  name,
  data,
})

const shapes = fc.oneof(
  { weight: 12, arbitrary: fc.constant(shape('message.received', 'customer')) },
  { weight: 8, arbitrary: fc.constant(shape('message.sent', 'human')) },
  { weight: 3, arbitrary: fc.constant(shape('message.sent', 'bot')) },
  { weight: 2, arbitrary: fc.constant(shape('message.sent', 'campaign')) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      shape('postback', 'customer'),
      shape('reaction', 'customer'),
      shape('order.created', 'customer'),
      shape('order.paid', 'customer'),
      shape('read', 'customer'),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      shape('conversation.closed', 'system'),
      shape('consent.revoked', 'customer', 'stop_word'),
      shape('consent.revoked', 'customer', '', { topic: '*', channel: 'messenger' }),
      shape('consent.revoked', 'customer', '', { topic: 'offers' }),
    ),
  },
)

/** Near changes of the clock in the zones above, near the present, exact days apart, and anywhere in the year. */
const instants = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        Date.UTC(2026, 2, 29),
        Date.UTC(2026, 3, 4, 15),
        Date.UTC(2026, 3, 23, 22),
        Date.UTC(2026, 9, 24, 22),
        Date.UTC(2026, 9, 29, 21),
        Date.UTC(2026, 10, 1, 4),
        Date.UTC(2026, 10, 18),
      ),
      fc.integer({ min: -40, max: 80 }),
    )
    .map(([around, steps]) => around + steps * 30 * minuteMs),
  // Whole days apart: silences of exactly the gap.
  fc.integer({ min: 0, max: 20 }).map((days) => Date.UTC(2026, 9, 20, 9) + days * dayMs),
  fc.integer({ min: 0, max: 300 * 24 }).map((hours) => presentMs - 1 - hours * hourMs),
  fc.integer({ min: 1, max: 40 * 86_400 }).map((seconds) => presentMs - seconds * 1000 + 7),
)

const deliveryAgain = fc.record({
  laterMs: fc.integer({ min: 1, max: 3 * dayMs }),
  wave: fc.constantFrom<0 | 1>(0, 1),
})

const facts = fc.record({
  contactId: fc.integer({ min: 1, max: 4 }),
  account: fc.constantFrom<FactAccount>('page', 'page', 'page', 'sandbox', 'none'),
  shape: shapes,
  at: instants,
  ownTime: fc.integer({ min: 0, max: 9 }).map((n) => n > 1),
  wave: fc.constantFrom<0 | 1>(0, 0, 1),
  again: fc.array(deliveryAgain, { maxLength: 2 }),
})

/** One business. Ids are made from `seed`, so that two histories never share one. */
export const histories: fc.Arbitrary<History> = fc
  .record({
    zone: fc.constantFrom(...oddZones),
    gapHours: fc.constantFrom(24, 24, 1, 168),
    seed: fc.uuid(),
    made: fc.array(facts, { minLength: 20, maxLength: 120, size: 'max' }),
    order: fc.infiniteStream(fc.integer({ min: 0, max: 1_000_000 })),
  })
  .map(({ zone, gapHours, seed, made, order }) => {
    const deliveries: Delivery[] = []
    const all = made.map((one, index): Fact => {
      const fact: Fact = {
        ...one.shape,
        id: uuidOf(`${seed}:${index}`),
        contactId: one.contactId,
        account: one.account,
        at: one.at,
        receivedAt: one.at + 1000,
        ownTime: one.ownTime,
        orderId: one.shape.kind.startsWith('order.') ? `o${index % 7}` : '',
      }
      deliveries.push({ fact, at: fact.at, receivedAt: fact.receivedAt, wave: one.wave })
      for (const { laterMs, wave } of one.again) {
        deliveries.push({
          fact,
          at: fact.ownTime ? fact.at : fact.at + laterMs,
          receivedAt: fact.receivedAt + laterMs,
          wave,
        })
      }
      return fact
    })
    const places = new Map(deliveries.map((delivery) => [delivery, order.next().value ?? 0]))
    deliveries.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
    return { zone, gapHours, facts: all, deliveries }
  })

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export const noAccount = '00000000-0000-0000-0000-000000000000'

/** A history that was given a business and accounts. */
export type Tenant = History & { businessId: string; accounts: Record<FactAccount, string> }

const columns = [
  'business_id',
  'contact_id',
  'account_id',
  'channel',
  'kind',
  'role',
  'name',
  'ts',
  'received_at',
  'time_flag',
  'row_id',
  'text',
  'order_id',
  'data',
]

let inserts = 0

/** Stores deliveries of a tenant, in their order. */
export function deliver(worker: WorkerDb, tenant: Tenant, deliveries: readonly Delivery[]): Promise<void> {
  return deliverAll(worker, [{ tenant, deliveries }])
}

/** The same for many tenants at once: one insert. */
export async function deliverAll(
  worker: WorkerDb,
  parts: readonly { tenant: Tenant; deliveries: readonly Delivery[] }[],
): Promise<void> {
  inserts += 1
  const rows = parts.flatMap(({ tenant, deliveries }) => deliveries.map((delivery) => eventRow(tenant, delivery)))
  await worker.insertRows('events', columns, rows, `history:${process.pid}:${inserts}`)
}

function eventRow(tenant: Tenant, { fact, at, receivedAt }: Delivery): unknown[] {
  return [
    tenant.businessId,
    fact.contactId,
    tenant.accounts[fact.account],
    channelOf[fact.account],
    fact.kind,
    fact.role,
    fact.name,
    clickHouseTime(at),
    clickHouseTime(receivedAt),
    fact.ownTime ? '' : 'received_time',
    fact.id,
    `text of ${fact.id}`,
    fact.orderId,
    JSON.stringify(fact.data),
  ]
}
