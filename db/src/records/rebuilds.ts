/** Rebuilds of derived facts: asked for by the operator over the API, worked off by the scheduler, kept with their outcome. */
import { randomUUID } from 'node:crypto'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'
import type { Period } from '../queries/types.ts'

type Db = ISql<StoreTypes>

/** One number before and after; null where it has no value. */
export type Figure = { name: string; before: number | null; after: number | null }

/** Of `period`. `figures` null: not finished. `failed`: the rebuild ended with an error, which the log has. */
export type RebuildRecord = {
  id: string
  businessId: string
  requestedBy: string
  requestedAt: Date
  finishedAt: Date | null
  period: Period
  failed: boolean
  /** Numbers compared, and those that changed. */
  compared: number
  changed: number
  headlines: Figure[]
  changes: Figure[]
}

type Result = { period: Period; failed?: boolean; headlines?: Figure[]; changes?: Figure[] }

/** Changed numbers that are kept; all are counted. */
const changesKeptMax = 200

/** Numbers of a whole period: those of single days, cells and buckets stand in brackets. */
const isHeadline = ({ name }: Figure) => !name.includes('[')

export async function requestRebuild(
  sql: Db,
  { businessId, by, at, period }: { businessId: string; by: string; at: Date; period: Period },
): Promise<RebuildRecord> {
  const result: Result = { period }
  const id = randomUUID()
  await sql`
    insert into replay_runs (id, business_id, kind, requested_by, requested_at, result)
    values (${id}, ${businessId}, 'rebuild', ${by}, ${at}, ${sql.json(result)})`
  const record = await findRebuild(sql, businessId, id)
  if (!record) throw new Error('A rebuild was not recorded.')
  return record
}

export async function findRebuild(sql: Db, businessId: string, id: string): Promise<RebuildRecord | null> {
  const [run] = await sql<(Omit<RebuildRecord, keyof Result> & { result: Result })[]>`
    select id, business_id as "businessId", requested_by as "requestedBy", requested_at as "requestedAt",
           finished_at as "finishedAt", matched as compared, failed as changed, result
      from replay_runs where id = ${id} and business_id = ${businessId} and kind = 'rebuild'`
  if (!run) return null
  const { result, ...record } = run
  const { period, failed = false, headlines = [], changes = [] } = result
  return { ...record, period, failed, headlines, changes }
}

export type AskedRebuild = { id: string; businessId: string; timeZone: string; period: Period }

/** The oldest rebuild that waits, locked until the transaction ends. */
export async function claimRebuild(sql: Db): Promise<AskedRebuild | null> {
  const [run] = await sql<(Omit<AskedRebuild, 'period'> & { result: Result })[]>`
    select r.id, r.business_id as "businessId", b.time_zone as "timeZone", r.result
      from replay_runs r join businesses b on b.id = r.business_id
     where r.kind = 'rebuild' and r.finished_at is null
     order by r.requested_at, r.id
     limit 1
     for update of r skip locked`
  return run ? { id: run.id, businessId: run.businessId, timeZone: run.timeZone, period: run.result.period } : null
}

export async function finishRebuild(
  sql: Db,
  id: string,
  { at, figures }: { at: Date; figures: readonly Figure[] },
): Promise<void> {
  const changes = figures.filter(({ before, after }) => before !== after)
  const headlines = figures.filter(isHeadline)
  const outcome = { headlines, changes: changes.slice(0, changesKeptMax) }
  await sql`
    update replay_runs
       set finished_at = ${at}, matched = ${figures.length}, done = ${figures.length}, failed = ${changes.length},
           result = result || ${sql.json(outcome)}
     where id = ${id}`
}

export async function failRebuild(sql: Db, id: string, at: Date): Promise<void> {
  await sql`
    update replay_runs set finished_at = ${at}, result = result || '{"failed": true}'::jsonb where id = ${id}`
}
