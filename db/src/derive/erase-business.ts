/** Takes everything of one business out of the event store, for good: used when a demo is removed. */
import { z } from 'zod'
import { defineStatement } from '../clickhouse/statement.ts'
import type { WorkerDb } from '../tenancy.ts'

const params = z.object({ business_id: z.uuid() })

/** A lightweight `delete` only hides rows; this rewrites the parts and waits for it (design.md §5). */
const erasures = [
  defineStatement({
    name: 'erase.events',
    sql: 'alter table events delete where business_id = {business_id:UUID} settings mutations_sync = 2',
    params,
  }),
  defineStatement({
    name: 'erase.activity',
    sql: 'alter table activity delete where business_id = {business_id:UUID} settings mutations_sync = 2',
    params,
  }),
  defineStatement({
    name: 'erase.spells',
    sql: 'alter table spells delete where business_id = {business_id:UUID} settings mutations_sync = 2',
    params,
  }),
  defineStatement({
    name: 'erase.merged_contacts',
    sql: 'alter table merged_contacts delete where business_id = {business_id:UUID} settings mutations_sync = 2',
    params,
  }),
  defineStatement({
    name: 'erase.send_facts',
    sql: 'alter table send_facts delete where business_id = {business_id:UUID} settings mutations_sync = 2',
    params,
  }),
]

export async function eraseBusiness(worker: WorkerDb, businessId: string): Promise<void> {
  for (const erasure of erasures) await worker.run(erasure, { business_id: businessId })
}
