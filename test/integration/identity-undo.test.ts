import { dayMs, hourMs } from '@fidelio/core/time.ts'
import { contactOrders } from '@fidelio/db/queries/orders.ts'
import { findContactByIdentity, listConsents } from '@fidelio/db/records/contact-pages.ts'
import { resolveContacts } from '@fidelio/db/records/contacts.ts'
import { mergePeople, previewMerge, undoMerge } from '@fidelio/db/records/people-merging.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  actives,
  deliver,
  derive,
  event,
  everything,
  identityOf,
  page,
  partition,
  type Telling,
} from './identity-support.ts'
import { now, openWorld, type World } from './ingest-support.ts'

let world: World
let here: Telling
beforeAll(async () => {
  world = await openWorld()
  here = { world, ingest: world.createIngest() }
})
afterAll(async () => {
  await here?.ingest[Symbol.asyncDispose]()
  await world?.[Symbol.asyncDispose]()
}, 120_000)

test('a merge does what its preview said, and taken back it gives the same bytes as before', async () => {
  const { id } = await world.stores.createBusiness()
  const db = world.stores.forBusiness(id)
  await deliver(
    here,
    id,
    [
      event({ externalId: `${page}:p1`, at: now - 9 * dayMs }),
      event({ externalId: 'c1', at: now - 9 * dayMs + hourMs, email: 'one@x.example' }),
      event({ externalId: 'c1', at: now - 8 * dayMs, type: 'order.created' }),
      event({ externalId: 'c2', at: now - 2 * dayMs }),
      event({ externalId: `${page}:p1`, at: now - 7 * dayMs, type: 'consent.granted' }),
      event({ externalId: 'c1', at: now - 6 * dayMs, type: 'consent.revoked' }),
    ],
    10,
  )
  await derive(here)
  const before = await everything(here, db)
  const preview = await previewMerge(db, [2, 1])
  expect(await everything(here, db)).toBe(before)
  if (preview.kind !== 'done') throw new Error(preview.kind)
  expect(preview.result).toMatchObject({ peopleBefore: 3, peopleAfter: 2, after: { personId: 1, contacts: 2 } })
  // The later revocation under one name takes back the permission given under the other.
  expect(preview.result.before[0].consents).toMatchObject([{ topic: 'offers', granted: true }])
  expect(preview.result.after.consents).toMatchObject([{ topic: 'offers', granted: false }])
  expect(preview.result.after.identities.map((identity) => identity.value)).toEqual(['one@x.example', 'c1', 'p1'])

  const merge = await mergePeople(db, [2, 1], 'Ada')
  if (merge.kind !== 'done') throw new Error(merge.kind)
  expect(await db.tx((sql) => listConsents(sql, id, 1))).toEqual(preview.result.after.consents)
  await derive(here)
  const merged = await everything(here, db)
  expect(merged).not.toBe(before)
  expect((await actives(db)).total).toBe(2)
  expect(await contactOrders(db, { contactId: 1 })).toHaveLength(1)
  // Events go on coming in under both names, for one person.
  await deliver(
    here,
    id,
    [event({ externalId: 'c1', at: now - dayMs }), event({ externalId: `${page}:p1`, at: now - dayMs })],
    10,
  )
  await derive(here)
  expect((await actives(db)).rows.find((row) => row.contactId === 1)?.detail).toBe('3')

  const undone = await undoMerge(db, merge.result.mergeId, 'Ada')
  expect(undone).toEqual({ personIds: [1, 2], stillOne: false })
  await derive(here)
  expect((await actives(db)).total).toBe(3)
  expect(await undoMerge(db, merge.result.mergeId, 'Ada')).toBeNull()
}, 120_000)

test('merged and taken back at once, nothing has changed; what a person took back no event brings again', async () => {
  const { id } = await world.stores.createBusiness()
  const db = world.stores.forBusiness(id)
  const facts = [
    event({ externalId: `${page}:p1`, at: now - 3 * dayMs }),
    event({ externalId: `${page}:p2`, at: now - 2 * dayMs }),
    event({ externalId: 'c3', at: now - dayMs, type: 'consent.granted' }),
  ]
  await deliver(here, id, facts, 10)
  await derive(here)
  const before = await everything(here, db)
  for (const pair of [
    [1, 2],
    [3, 1],
  ] as const) {
    const merge = await mergePeople(db, pair, 'Ada')
    if (merge.kind !== 'done') throw new Error(merge.kind)
    await derive(here)
    expect(await everything(here, db)).not.toBe(before)
    await undoMerge(db, merge.result.mergeId, 'Ada')
    await derive(here)
    expect(await everything(here, db)).toBe(before)
  }
  const told = { businessId: id, identities: [identityOf('p1'), identityOf('p2')] }
  await world.stores.forWorker().tx((sql) => resolveContacts(sql, [told]))
  expect(await partition(db)).toEqual(['external c3', `${page} p1`, `${page} p2`])
}, 120_000)

test('merges at the same time agree on one person, and nobody is merged with a person of another business', async () => {
  const [mine, other] = [await world.stores.createBusiness(), await world.stores.createBusiness()]
  const facts = ['c1', 'c2', 'c3', 'c4'].map((externalId, index) =>
    event({ externalId, at: now - index * dayMs, email: index < 2 ? 'same@x.example' : 'else@x.example' }),
  )
  await deliver(here, mine.id, facts, 10)
  await deliver(here, other.id, [...facts, event({ externalId: 'c5' })], 10)
  const db = world.stores.forBusiness(mine.id)
  const elsewhere = world.stores.forBusiness(other.id)
  await derive(here)
  const before = await everything(here, elsewhere)
  expect(await mergePeople(db, [1, 5], 'Ada')).toEqual({ kind: 'unknown' })
  expect(await previewMerge(db, [5, 1])).toEqual({ kind: 'unknown' })
  const outcomes = await Promise.all([
    mergePeople(db, [2, 3], 'Ada'),
    mergePeople(db, [4, 1], 'Bo'),
    mergePeople(db, [3, 2], 'Cy'),
  ])
  expect(outcomes.filter((outcome) => outcome.kind === 'done')).toHaveLength(1)
  expect(await partition(db)).toEqual(['external c1, external c2, external c3, external c4'])
  const [done] = outcomes.flatMap((outcome) => (outcome.kind === 'done' ? [outcome.result.mergeId] : []))
  expect(await undoMerge(elsewhere, done ?? '', 'Eve')).toBeNull()
  await derive(here)
  expect((await actives(db)).total).toBe(1)
  expect(await everything(here, elsewhere)).toBe(before)
  expect(await db.tx((sql) => findContactByIdentity(sql, mine.id, 'email', 'else@x.example'))).toBe(1)
}, 120_000)
