/** Derived facts are what a plain loop over the events says, however the events arrived (measures.md §5, B3, B5, B6). */
import { createDeriver, type Deriver } from '@fidelio/db/derive/deriver.ts'
import { rebuildBusiness, rebuildBusinesses } from '@fidelio/db/derive/rebuild.ts'
import { silentLog } from '@fidelio/db/log.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Derived, dumpDerived } from '../support/derived-dump.ts'
import { createTenants, sabotaged, tenantCount } from '../support/measured-tenants.ts'
import { deliver, deliverAll, type Tenant } from '../support/naive-history.ts'
import { naiveActivity, naiveSpells } from '../support/naive-measures.ts'
import { openTestStores, type TestStores } from '../support/stores.ts'

let stores: TestStores
let deriver: Deriver
let tenants: Tenant[]

beforeAll(async () => {
  stores = await openTestStores()
  const worker = stores.forWorker()
  deriver = createDeriver({ worker, log: silentLog })
  tenants = await createTenants(stores, tenantCount(12))
  // Two waves with a run in between: the second one brings late facts, and copies that were received before the stored ones.
  for (const wave of [0, 1]) {
    await deliverAll(
      worker,
      tenants.map((tenant) => ({
        tenant,
        deliveries: tenant.deliveries.filter((delivery) => delivery.wave === wave),
      })),
    )
    await deriver.run()
  }
})

afterAll(() => stores[Symbol.asyncDispose]())

function time(ms: number | null): string {
  return new Date(ms ?? 0).toISOString().slice(0, 23).replace('T', ' ')
}

function spellLines(tenant: Tenant): string[] {
  const channels = { page: 'messenger', sandbox: 'sandbox', none: 'webhook' }
  return naiveSpells(tenant)
    .map((spell) => {
      const account = tenant.accounts[spell.account]
      const texts = [time(spell.openedAt), `${spell.contactId}`, account, spell.openedBy, channels[spell.account]]
      const more = [spell.outcome, time(spell.closedAt), time(spell.firstBotReplyAt)]
      const quoted = [...texts, ...more].map((text, index) => (index === 1 ? text : `'${text}'`))
      return `(${quoted.join(',')},${spell.isFirst ? 1 : 0},${spell.burst})`
    })
    .sort()
}

async function derivedOf(tenant: Tenant): Promise<Derived> {
  return dumpDerived(stores.forWorker(), tenant.businessId)
}

describe('derived facts', () => {
  test('spells are those of the naive model', async () => {
    for (const tenant of tenants) {
      const { spells } = await derivedOf(tenant)
      expect(spells, `zone ${tenant.zone}, business ${tenants.indexOf(tenant)}`).toEqual(spellLines(tenant))
    }
  })

  test('the histories contain every outcome, so that the comparison means something', () => {
    const spells = tenants.flatMap(naiveSpells)
    const outcomes = new Set(spells.map((spell) => spell.outcome))
    expect(outcomes).toEqual(new Set(['answered', 'waiting', 'abandoned']))
    expect(spells.some((spell) => spell.firstBotReplyAt !== null)).toBe(true)
    expect(spells.some((spell) => !spell.isFirst)).toBe(true)
    expect(spells.some((spell) => spell.burst > 1)).toBe(true)
  })

  test('calendars are those of the naive model in every zone', async () => {
    for (const tenant of tenants) {
      const { activity } = await derivedOf(tenant)
      expect(activity, `zone ${tenant.zone}, business ${tenants.indexOf(tenant)}`).toEqual(naiveActivity(tenant))
    }
  })

  test('a rebuild gives the same bytes as deriving bit by bit', async () => {
    const some = tenants.slice(0, 6)
    const before = await Promise.all(some.map(derivedOf))
    for (const tenant of some) await rebuildBusiness(stores.forWorker(), tenant.businessId)
    expect(await Promise.all(some.map(derivedOf))).toEqual(before)
  })

  test('delivering everything again, up to five times, changes nothing', async () => {
    const some = tenants.slice(0, 6)
    const before = await Promise.all(some.map(derivedOf))
    for (const [index, tenant] of some.entries()) {
      for (let times = 0; times <= index % 5; times++) {
        const again = tenant.deliveries.map((delivery) => ({
          ...delivery,
          receivedAt: delivery.receivedAt + 3_600_000 * (times + 1),
          at: delivery.fact.ownTime ? delivery.at : delivery.at + 3_600_000 * (times + 1),
        }))
        await deliver(stores.forWorker(), tenant, again.reverse())
      }
    }
    const { touched } = await deriver.run()
    expect(touched?.contacts).toBeGreaterThan(0)
    expect(await Promise.all(some.map(derivedOf))).toEqual(before)
  })

  test('nothing new means nothing derived', async () => {
    await deriver.run()
    expect((await deriver.run()).touched).toMatchObject({ contacts: 0, rebuilt: 0 })
  })

  test('another zone is another calendar: the change equals a fresh build', async () => {
    const [tenant] = tenants
    if (!tenant) throw new Error('no tenant')
    const moved = { ...tenant, zone: tenant.zone === 'Asia/Kathmandu' ? 'Europe/Paris' : 'Asia/Kathmandu' }
    await stores
      .forWorker()
      .tx((sql) => sql`update businesses set time_zone = ${moved.zone} where id = ${tenant.businessId}`)
    await deriver.run()
    expect((await derivedOf(tenant)).activity).toEqual(naiveActivity(moved))
    const [row] = await stores
      .forWorker()
      .tx(
        (sql) =>
          sql<{ zone: string }[]>`select derived_time_zone as zone from businesses where id = ${tenant.businessId}`,
      )
    expect(row?.zone).toBe(moved.zone)
  })

  test('another episode gap is another answer to what a first response is', async () => {
    const tenant = tenants.find((one) => one.gapHours !== 1)
    if (!tenant) throw new Error('no tenant with a longer gap')
    await stores
      .forWorker()
      .tx((sql) => sql`update businesses set episode_gap_hours = 1 where id = ${tenant.businessId}`)
    await deriver.run()
    expect((await derivedOf(tenant)).spells).toEqual(spellLines({ ...tenant, gapHours: 1 }))
  })

  test('two processes: one derives, the other leaves it to that one', async () => {
    const other = createDeriver({ worker: stores.forWorker(), log: silentLog })
    const runs = await Promise.all([deriver.run(), other.run()])
    expect(runs.filter((run) => run.touched === null)).toHaveLength(1)
  })
})

describe('null controls: a broken statement is noticed', () => {
  const defects = [
    ['a bot closes waits', "role = 'bot', 2", "role = 'bot', 3"],
    ['copies are not removed', 'limit 1 by business_id, contact_id, row_id', ''],
    ['the latest copy counts', 'order by received_at, ts', 'order by received_at desc, ts'],
    [
      'a gap of exactly the limit does not count',
      '<= toUnixTimestamp64Milli(ts)) as opens',
      '< toUnixTimestamp64Milli(ts)) as opens',
    ],
    ['giving up is not seen', "facts.kind = 'conversation.closed'", "facts.kind = 'nothing'"],
  ] as const

  // Gaps of two tenants were changed above; the model is compared with what the store was told.
  test.each(defects)('%s', async (_name, from, to) => {
    const broken = sabotaged(stores.forWorker(), 'derive.writeSpells', from, to)
    const businesses = tenants.map((tenant) => ({
      id: tenant.businessId,
      timeZone: tenant.zone,
      episodeGapHours: tenant.gapHours,
    }))
    await rebuildBusinesses(broken, businesses)
    const noticed: boolean[] = []
    for (const tenant of tenants) {
      const { spells } = await derivedOf(tenant)
      noticed.push(JSON.stringify(spells) !== JSON.stringify(spellLines(tenant)))
    }
    expect(noticed).toContain(true)
  })
})
