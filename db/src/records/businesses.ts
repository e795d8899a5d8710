/**
 * Businesses. Creating and removing one runs as the worker (nobody's row security could allow
 * it); everything else runs inside the business's own transaction.
 */
import { isTimeZone } from '@fidelio/core/time.ts'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'
import { notifyAccountsChanged } from './accounts.ts'

type Db = ISql<StoreTypes>

export type BusinessRecord = {
  id: string
  name: string
  slug: string
  /** IANA zone. */
  timeZone: string
  /** The zone the derived facts were built for; the derive job rebuilds when it differs. */
  derivedTimeZone: string
  currency: string
  locale: string
  episodeGapHours: number
  isDemo: boolean
  createdAt: Date
}

export type NewBusiness = {
  id: string
  name: string
  slug: string
  timeZone: string
  currency: string
  locale: string
  isDemo?: boolean
}

export type BusinessChange = {
  name?: string | undefined
  timeZone?: string | undefined
  currency?: string | undefined
  locale?: string | undefined
  episodeGapHours?: number | undefined
}

/** As the worker. Null: the slug is taken. */
export async function createBusiness(sql: Db, input: NewBusiness): Promise<BusinessRecord | null> {
  if (!isTimeZone(input.timeZone)) throw new RangeError(`not an IANA time zone: ${JSON.stringify(input.timeZone)}`)
  const [created] = await sql<BusinessRecord[]>`
    insert into businesses (id, name, slug, time_zone, derived_time_zone, currency, locale, is_demo)
    values (${input.id}, ${input.name}, ${input.slug}, ${input.timeZone}, ${input.timeZone}, ${input.currency},
            ${input.locale}, ${input.isDemo ?? false})
    on conflict (slug) do nothing
    returning ${businessColumns(sql)}`
  return created ?? null
}

/** As the worker: every business, for the operator. */
export function listBusinesses(sql: Db): Promise<BusinessRecord[]> {
  return sql<BusinessRecord[]>`select ${businessColumns(sql)} from businesses order by created_at, id`
}

export async function findBusiness(sql: Db, id: string): Promise<BusinessRecord | null> {
  const [found] = await sql<BusinessRecord[]>`select ${businessColumns(sql)} from businesses where id = ${id}`
  return found ?? null
}

/** What is left out stays. A new zone takes effect in the derived facts when the derive job has rebuilt them. */
export async function updateBusiness(sql: Db, id: string, change: BusinessChange): Promise<BusinessRecord | null> {
  const [changed] = await sql<BusinessRecord[]>`
    update businesses
       set name = coalesce(${change.name ?? null}, name),
           time_zone = coalesce(${change.timeZone ?? null}, time_zone),
           currency = coalesce(${change.currency ?? null}, currency),
           locale = coalesce(${change.locale ?? null}, locale),
           episode_gap_hours = coalesce(${change.episodeGapHours ?? null}::integer, episode_gap_hours)
     where id = ${id}
    returning ${businessColumns(sql)}`
  return changed ?? null
}

/**
 * As the worker: removes a demo business with everything that refers to it in this store; every process forgets its
 * accounts when the transaction commits. False: it is no demo, or gone.
 */
export async function deleteDemoBusiness(sql: Db, id: string): Promise<boolean> {
  // Entries signed by the demo's own app for Pages nobody connected: no account leads to them, and they go, too.
  await sql`
    delete from parked_events p
     using meta_apps a join businesses b on b.id = a.business_id
     where p.meta_app_id = a.id and b.id = ${id} and b.is_demo`
  const removed = await sql`delete from businesses where id = ${id} and is_demo returning id`
  if (removed.length === 0) return false
  await notifyAccountsChanged(sql)
  return true
}

function businessColumns(sql: Db) {
  return sql`id, name, slug, time_zone as "timeZone", derived_time_zone as "derivedTimeZone", currency, locale,
             episode_gap_hours as "episodeGapHours", is_demo as "isDemo", created_at as "createdAt"`
}
