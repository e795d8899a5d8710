/** Stories of people with several names, told through the product's own doors, and everything that counts them. */
import { groupsOf, isShareable, sharedBeyond } from '@fidelio/core/contact-groups.ts'
import type { IdentityRef } from '@fidelio/core/event.ts'
import { dayMs, hourMs } from '@fidelio/core/time.ts'
import { createDeriver } from '@fidelio/db/derive/deriver.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { overviewNumbers } from '@fidelio/db/queries/overview.ts'
import { responseTimes } from '@fidelio/db/queries/response-times.ts'
import { retentionMatrix } from '@fidelio/db/queries/retention.ts'
import { metricRows } from '@fidelio/db/queries/rows.ts'
import { volumes } from '@fidelio/db/queries/volumes.ts'
import { waitingNow } from '@fidelio/db/queries/waiting.ts'
import { previewAudience } from '@fidelio/db/records/audience.ts'
import { resolveContacts } from '@fidelio/db/records/contacts.ts'
import type { BusinessDb } from '@fidelio/db/tenancy.ts'
import fc from 'fast-check'
import { expect } from 'vitest'
import { dumpDerived } from '../support/derived-dump.ts'
import { now, type TestIngest, type World } from './ingest-support.ts'

/** Where stories are told. */
export type Telling = { world: World; ingest: TestIngest }

/** An event as a tenant tells it, or what a channel says about two of its ids (account linking). */
export type Told =
  | { door: 'events'; id: string; at: number; type: string; externalId?: string; email?: string; phone?: string }
  | { door: 'link'; identities: IdentityRef[] }

export const page = 'messenger:88001'
const strong = fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p5', 'c1', 'c2', 'c3')
export const told: fc.Arbitrary<Told> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .record({
        id: fc.uuid(),
        at: fc.integer({ min: 0, max: 39 }).map((days) => now - days * dayMs - hourMs),
        type: fc.constantFrom(
          'message.received',
          'message.received',
          'message.sent',
          'order.created',
          'consent.granted',
          'consent.revoked',
        ),
        externalId: fc.option(
          strong.map((name) => (name.startsWith('p') ? `${page}:${name}` : name)),
          { nil: undefined },
        ),
        email: fc.option(fc.constantFrom('a@x.example', 'b@x.example'), { nil: undefined, freq: 2 }),
        phone: fc.option(fc.constantFrom('+33100000001', '+33100000002'), { nil: undefined, freq: 2 }),
      })
      .filter((event) => (event.externalId ?? event.email ?? event.phone) !== undefined)
      .map((event) => ({ door: 'events' as const, ...event }) as Told),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(strong, strong)
      .map(([a, b]) => ({ door: 'link' as const, identities: [identityOf(a), identityOf(b)] })),
  },
)

export function identityOf(name: string): IdentityRef {
  return name.startsWith('p') ? { namespace: page, value: name } : { namespace: 'external', value: name }
}

function identitiesOf(one: Told): IdentityRef[] {
  if (one.door === 'link') return one.identities
  const { externalId, email, phone } = one
  return [
    ...(externalId ? [identityOf(externalId.replace(`${page}:`, ''))] : []),
    ...(email ? [{ namespace: 'email', value: email }] : []),
    ...(phone ? [{ namespace: 'phone', value: phone.replace('+', '') }] : []),
  ]
}

export async function deliver(
  { world, ingest }: Telling,
  businessId: string,
  facts: readonly Told[],
  batch: number,
): Promise<void> {
  for (let start = 0; start < facts.length; start += batch) {
    const part = facts.slice(start, start + batch)
    const events = part.flatMap((one) => (one.door === 'events' ? [bodyOf(one)] : []))
    if (events.length > 0) {
      const outcome = await ingest.acceptApi({
        businessId,
        keyId: 'k',
        rawBody: Buffer.from(JSON.stringify({ events })),
      })
      expect(outcome.status).toBe(200)
      expect((outcome.body as { results: { status: string }[] }).results.map((r) => r.status)).not.toContain('rejected')
    }
    for (const one of part) {
      if (one.door !== 'link') continue
      await world.stores.forWorker().tx((sql) => resolveContacts(sql, [{ businessId, identities: one.identities }]))
    }
  }
}

function bodyOf({ id, at, type, externalId, email, phone }: Extract<Told, { door: 'events' }>) {
  const data = type.startsWith('order')
    ? { orderId: `o-${id.slice(0, 1)}`, total: '10', currency: 'EUR' }
    : type.startsWith('consent')
      ? { channel: 'webhook', topic: 'offers', wording: 'ok' }
      : { text: id, ...(type === 'message.sent' ? { role: 'human' } : {}) }
  return { id, type, timestamp: new Date(at).toISOString(), contact: { externalId, email, phone }, data }
}

/** Twice, in another order, in other batches. */
export function shuffled(facts: readonly Told[], order: readonly number[]): Told[] {
  const twice = [...facts, ...facts.filter((_, index) => index % 3 === 0)]
  return twice
    .map((one, index) => ({ one, key: order[index % order.length] ?? index }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one)
}

export async function derive({ world }: Telling): Promise<void> {
  await createDeriver({ worker: world.stores.forWorker(), log: silentLog }).run()
}

/** Every figure that counts people, as text: contact numbers are left out, for they tell who came first. */
export async function figures(db: BusinessDb): Promise<string> {
  const period = { from: '2026-01-20', to: '2026-03-02' }
  const setting = { timeZone: 'UTC', now: now + hourMs, period }
  const asked = { ...setting, compared: null }
  const retention = { ...setting, grain: 'week', entry: 'recurring', return: 'on', columns: 4 } as const
  const account = { accountId: '00000000-0000-0000-0000-000000000000' }
  const place = { ...account, channel: 'webhook', accountExternalId: 'x', topic: 'offers', at: new Date(now) }
  const rows = { ...setting, first: 100 } as const
  const counted = [
    await overviewNumbers(db, asked),
    await retentionMatrix(db, { ...retention, activity: 'active' }),
    await retentionMatrix(db, { ...retention, activity: 'message.received', filter: account, entry: 'first_matching' }),
    await responseTimes(db, { ...asked, kind: 'first', responder: 'human' }),
    await responseTimes(db, { ...asked, kind: 'next', responder: 'human' }),
    await volumes(db, setting),
    { ...(await waitingNow(db, { now: setting.now, first: 100 })), spells: [] },
    { ...(await previewAudience(db, place, { wroteWithinDays: 20 }, 10)), sample: [] },
    { ...(await previewAudience(db, place, { notOrderedWithinDays: 10 }, 10)), sample: [] },
  ]
  const totals = []
  for (const metric of ['active_customers', 'came_back_cohort', 'reachable', 'not_reachable', 'waits'] as const)
    totals.push((await metricRows(db, { ...rows, metric })).total)
  return JSON.stringify({ counted, totals })
}

/** The identities that events came in under, by person. */
export async function partition(db: BusinessDb): Promise<string[]> {
  const rows = await db.tx(
    (sql) => sql<{ names: string }[]>`
      select string_agg(i.namespace || ' ' || i.value, ', ' order by i.namespace, i.value) as names
        from contact_identities i join contacts c on c.business_id = i.business_id and c.id = i.contact_id
       group by coalesce(c.merged_into, c.id) order by names`,
  )
  return rows.map((row) => row.names)
}

/** The same by the words of the rule: links between what was told together, but none through what too many share. */
export function naivePartition(facts: readonly Told[]): string[] {
  const name = (identity: IdentityRef) => `${identity.namespace} ${identity.value}`
  const owned = new Set<string>()
  const beside = new Map<string, Map<string, Set<string>>>()
  const links: [string, string][] = []
  for (const fact of facts) {
    const all = identitiesOf(fact)
    const own = all.filter((identity) => !isShareable(identity.namespace))
    const first = own[0] ?? all[0]
    if (!first) continue
    for (const identity of own.length > 0 ? own : [first]) {
      owned.add(name(identity))
      links.push([name(first), name(identity)])
    }
    for (const identity of all) {
      if (identity === first || !isShareable(identity.namespace)) continue
      const counts = beside.get(name(identity)) ?? new Map<string, Set<string>>()
      counts.set(first.namespace, (counts.get(first.namespace) ?? new Set()).add(name(first)))
      beside.set(name(identity), counts)
    }
  }
  for (const [shared, counts] of beside) {
    if ([...counts.values()].some((names) => names.size > sharedBeyond)) continue
    for (const names of counts.values()) for (const one of names) links.push([shared, one])
  }
  const nodes = [...new Set([...owned, ...links.flat()])]
  const at = (one: string) => nodes.indexOf(one)
  const groups = groupsOf(
    nodes.map((_, index) => index),
    links.map(([a, b]) => [at(a), at(b)]),
  )
  const people = new Map<number, string[]>()
  for (const [index, group] of groups) {
    const node = nodes[index]
    if (node !== undefined && owned.has(node)) people.set(group, [...(people.get(group) ?? []), node])
  }
  return [...people.values()].map((names) => names.sort().join(', ')).sort()
}

export function event(told: Partial<Extract<Told, { door: 'events' }>>): Told {
  return { door: 'events', id: crypto.randomUUID(), at: now - hourMs, type: 'message.received', ...told }
}

export function actives(db: BusinessDb) {
  const period = { from: '2026-01-20', to: '2026-03-02' }
  return metricRows(db, { timeZone: 'UTC', now: now + hourMs, period, metric: 'active_customers', first: 100 })
}

/** Figures, and what lies under them in both stores. */
export async function everything({ world }: Telling, db: BusinessDb): Promise<string> {
  const derived = await dumpDerived(world.stores.forWorker(), db.businessId)
  const consents = await db.tx((sql) => sql`select * from consents order by contact_id, channel, topic`)
  const contacts = await db.tx((sql) => sql`select id, merged_into from contacts order by id`)
  return JSON.stringify({ figures: await figures(db), derived, consents, contacts, partition: await partition(db) })
}
