import type { StoreTransaction } from '../postgres/client.ts'
import type { BusinessDb } from '../tenancy.ts'

/**
 * Reachable by offers: opted in on any topic, with no standing exclusion on that topic's channel. Read from the ledger and
 * not from the current answers, so that it can be asked of any instant; a revocation wins a tie, and '*' takes back every
 * topic of its channel (core/consent). Lifted exclusions leave no trace and count as if they had never been. Facts of all
 * contacts of a person are the person's, as the people are grouped now.
 */
export interface ReachableAt {
  at: Date
  reachable: number
}

/** One row per (contact, channel, topic) and stretch of time in which offers were allowed: [since, until). */
function permissions(sql: StoreTransaction) {
  return sql`
    merged as (
      select id, merged_into from contacts where merged_into is not null
    ),
    ledger as (
      select coalesce(merged.merged_into, told.contact_id) as contact_id, channel, topic, action, occurred_at, event_row_id
      from consent_ledger told left join merged on merged.id = told.contact_id
    ),
    standing as (
      select coalesce(merged.merged_into, told.contact_id) as contact_id, channel, reason, since
      from exclusions told left join merged on merged.id = told.contact_id
    ),
    topics as (
      select distinct contact_id, channel, topic from ledger where topic <> '*'
    ),
    lines as (
      select topics.contact_id, topics.channel, topics.topic, line.action, line.occurred_at as since,
             lead(line.occurred_at, 1, 'infinity') over (
               partition by topics.contact_id, topics.channel, topics.topic
               order by line.occurred_at, line.action = 'revoked', line.event_row_id) as until
      from topics
      join ledger line on line.contact_id = topics.contact_id and line.channel = topics.channel
                              and line.topic in (topics.topic, '*')
    ),
    excluded as (
      select contact_id, channel, min(since) as since from standing group by contact_id, channel
    ),
    permissions as (
      select lines.contact_id, lines.channel, lines.topic, lines.since, least(lines.until, excluded.since) as until
      from lines
      left join excluded on excluded.contact_id = lines.contact_id and excluded.channel = lines.channel
      where lines.action = 'granted'
    )`
}

/** How many people were reachable just before each of some instants, in their order. */
export async function reachableAt(db: BusinessDb, instants: readonly Date[]): Promise<ReachableAt[]> {
  const asked = instants.map((instant) => instant.toISOString())
  return db.tx(
    (sql) => sql<ReachableAt[]>`
      with ${permissions(sql)}
      select moment.at, count(distinct contact_id)::int as reachable
      from unnest(${asked}::timestamptz[]) with ordinality as moment (at, place)
      left join permissions on since < moment.at and until >= moment.at
      group by moment.at, moment.place
      order by moment.place`,
  )
}

/** How many people the business knows. */
export async function countContacts(db: BusinessDb): Promise<number> {
  const rows = await db.tx(
    (sql) => sql<{ count: number }[]>`select count(*)::int as count from contacts where merged_into is null`,
  )
  return rows[0]?.count ?? 0
}

export interface ReachableRow {
  contactId: number
  since: Date
  /** Reachable: the channel and topic longest allowed. Else why not: blocked, unreachable, suppressed, opted_out, no_opt_in. */
  label: string
  total: number
}

/** The people who were, or were not, reachable just before an instant. `reason` '' means any. */
export async function reachableRows(
  db: BusinessDb,
  args: { at: Date; reachable: boolean; reason: string; limit: number; offset: number },
): Promise<ReachableRow[]> {
  return db.tx((sql) =>
    args.reachable
      ? sql<ReachableRow[]>`
          with ${permissions(sql)},
          people as (
            select distinct on (contact_id) contact_id, since, channel || ' · ' || topic as label
            from permissions where since < ${args.at} and until >= ${args.at}
            order by contact_id, since, channel, topic
          )
          select contact_id as "contactId", since, label, count(*) over ()::int as total
          from people order by contact_id limit ${args.limit} offset ${args.offset}`
      : sql<ReachableRow[]>`
          with ${permissions(sql)},
          people as (
            select contact.id as contact_id, coalesce(excluded_by.since, taken_back.since, contact.created_at) as since,
                   coalesce(excluded_by.reason, case when taken_back.since is not null then 'opted_out' else 'no_opt_in' end) as label
            from contacts contact
            left join (
              select distinct on (contact_id) contact_id, reason, since from standing where since < ${args.at}
              order by contact_id, since, reason) excluded_by on excluded_by.contact_id = contact.id
            left join (
              select contact_id, max(occurred_at) as since from ledger
              where action = 'revoked' and occurred_at < ${args.at} group by contact_id) taken_back
              on taken_back.contact_id = contact.id
            where contact.merged_into is null and not exists (
              select from permissions where permissions.contact_id = contact.id and since < ${args.at} and until >= ${args.at})
          )
          select contact_id as "contactId", since, label, count(*) over ()::int as total
          from people where ${args.reason} = '' or label = ${args.reason}
          order by contact_id limit ${args.limit} offset ${args.offset}`,
  )
}
