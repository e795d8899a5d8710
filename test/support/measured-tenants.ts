/** Many random businesses in one store: opening a store costs seconds, a business milliseconds. */
import { randomUUID } from 'node:crypto'
import type { WorkerDb } from '@fidelio/db/index.ts'
import fc from 'fast-check'
import { type History, histories, noAccount, type Tenant } from './naive-history.ts'
import type { TestStores } from './stores.ts'

/** The same histories every run: a failure can be looked at again. Another number looks elsewhere. */
export const historySeed = 20_261_122

/** How many random businesses a file looks at; `TEST_TENANTS=5` looks at five times as many, for a night's run. */
export function tenantCount(usual: number): number {
  // biome-ignore lint/suspicious/noUndeclaredEnvVars: the tests run outside turbo, which caches nothing of them.
  return usual * Number(process.env.TEST_TENANTS ?? 1)
}

/** Creates businesses with their accounts and people; nothing is delivered yet. */
export async function createTenants(stores: TestStores, count: number, seed = historySeed): Promise<Tenant[]> {
  const tenants: Tenant[] = []
  for (const history of fc.sample(histories, { numRuns: count, seed })) {
    tenants.push(await createTenant(stores, history))
  }
  return tenants
}

/** One business for one history. */
export async function createTenant(stores: TestStores, history: History): Promise<Tenant> {
  const business = await stores.createBusiness({ timeZone: history.zone })
  const accounts = { page: randomUUID(), sandbox: randomUUID(), none: noAccount }
  await stores.forWorker().tx(async (sql) => {
    await sql`update businesses set episode_gap_hours = ${history.gapHours} where id = ${business.id}`
    for (const [channel, id] of [
      ['messenger', accounts.page],
      ['sandbox', accounts.sandbox],
    ] as const) {
      await sql`
        insert into channel_accounts (id, business_id, channel, external_id, name)
        values (${id}, ${business.id}, ${channel}, ${id}, 'test')`
    }
    await sql`insert into contacts (business_id, id) select ${business.id}, n from generate_series(1, 5) n`
  })
  return { ...history, businessId: business.id, accounts }
}

/** A worker whose `run` replaces a text in one statement: the defect a test must notice. */
export function sabotaged(worker: WorkerDb, statement: string, from: string, to: string): WorkerDb {
  return {
    ...worker,
    run: (asked, params) => {
      if (asked.name !== statement) return worker.run(asked, params)
      if (!asked.sql.includes(from))
        throw new Error(`The statement ${statement} no longer contains what was to be broken.`)
      return worker.run({ ...asked, sql: asked.sql.replace(from, to) }, params)
    },
  }
}
