/**
 * Reading `sends` through the business's own door: the list behind a report, and the counts its funnel starts from. Of
 * several sends to one person, planned before it was known that they are one, the one that got furthest is read (core/send).
 */
import { type SendFunnel, type SendStatus, sendFunnel, sendStatusesByReach } from '@fidelio/core/send.ts'
import type { StoreTransaction } from '../postgres/client.ts'
import type { BusinessDb } from '../tenancy.ts'

export type SendRecord = {
  id: string
  campaignId: string
  contactId: number
  accountId: string
  displayName: string | null
  status: SendStatus
  /** treatment, holdout, '' for the excluded */
  arm: string
  /** Word from core/send's closed lists, '' when there is nothing to say. */
  reason: string
  messageId: string
  errorCode: string
  attempt: number
  /** Waiting: from when on it may go out. Excluded or withdrawn under the cap: when the next offer fits. */
  nextEligibleAt: Date | null
  plannedAt: Date
  sentAt: Date | null
  updatedAt: Date
}

export type SendFilter = {
  campaignId: string
  status?: SendStatus | undefined
  reason?: string | undefined
  /** Part of the person's name, or the exact id on the channel. */
  search?: string | undefined
}

/** Lowest contact number first; `after` is the contact number of the last row of the page before. */
export function listSends(
  db: BusinessDb,
  page: SendFilter & { first: number; after?: number | undefined },
): Promise<{ total: number; sends: SendRecord[]; hasMore: boolean }> {
  return db.tx(async (sql) => {
    const wanted = conditions(sql, db.businessId, page)
    const [count] = await sql<{ total: number }[]>`
      select count(*)::integer as total
        from sends s join contacts c on c.business_id = s.business_id and c.id = s.contact_id
       where ${wanted}`
    const rows = await sql<SendRecord[]>`
      select ${sendColumns(sql)}
        from sends s join contacts c on c.business_id = s.business_id and c.id = s.contact_id
       where ${wanted} ${page.after === undefined ? sql`` : sql`and s.contact_id > ${page.after}`}
       order by s.contact_id, s.step
       limit ${page.first + 1}`
    return { total: count?.total ?? 0, sends: rows.slice(0, page.first), hasMore: rows.length > page.first }
  })
}

export function findSend(db: BusinessDb, id: string): Promise<SendRecord | null> {
  return db.tx(async (sql) => {
    const [send] = await sql<SendRecord[]>`
      select ${sendColumns(sql)}
        from sends s join contacts c on c.business_id = s.business_id and c.id = s.contact_id
       where s.business_id = ${db.businessId} and s.id = ${id}`
    return send ?? null
  })
}

/** The part of the funnel that `sends` decides, from one snapshot. Zeros before planning. */
export function countSends(db: BusinessDb, campaignId: string): Promise<SendFunnel> {
  return db.tx(async (sql) => {
    // The empty grouping set counts all rows apart from their kinds, so that the sums can be checked against it.
    const rows = await sql<{ status: SendStatus | null; reason: string | null; count: number }[]>`
      select status, reason, count(*)::integer as count
        from sends s
       where business_id = ${db.businessId} and campaign_id = ${campaignId} and ${standsForPerson(sql, db.businessId)}
       group by grouping sets ((status, reason), ())`
    let targeted = 0
    const tallies = []
    for (const { status, reason, count } of rows) {
      if (status === null) targeted = count
      else tallies.push({ status, reason: reason ?? '', count })
    }
    return sendFunnel(targeted, tallies)
  })
}

function conditions(sql: StoreTransaction, businessId: string, { campaignId, status, reason, search }: SendFilter) {
  const text = search?.trim()
  return sql`
    s.business_id = ${businessId} and s.campaign_id = ${campaignId} and ${standsForPerson(sql, businessId)}
    ${status ? sql`and s.status = ${status}` : sql``}
    ${reason ? sql`and s.reason = ${reason}` : sql``}
    ${text ? sql`and (strpos(lower(c.display_name), lower(${text})) > 0 or s.recipient = ${text})` : sql``}`
}

/** Only people of several contacts are looked at one by one, so that a business without merges pays nothing. */
function standsForPerson(sql: StoreTransaction, businessId: string) {
  const furthest = [...sendStatusesByReach]
  return sql`
    (s.contact_id not in (select unnest(array[id, merged_into]) from contacts
                           where business_id = ${businessId} and merged_into is not null)
     or not exists (
       select from contacts mine
         join contacts theirs on theirs.business_id = mine.business_id and theirs.id <> mine.id
                             and coalesce(mine.merged_into, mine.id) in (theirs.id, theirs.merged_into)
         join sends o on o.business_id = mine.business_id and o.campaign_id = s.campaign_id and o.step = s.step
                     and o.contact_id = theirs.id
        where mine.business_id = ${businessId} and mine.id = s.contact_id
          and (array_position(${furthest}::text[], o.status), o.contact_id)
              < (array_position(${furthest}::text[], s.status), s.contact_id)))`
}

function sendColumns(sql: StoreTransaction) {
  return sql`s.id, s.campaign_id as "campaignId", s.contact_id as "contactId", s.account_id as "accountId",
             c.display_name as "displayName", s.status, s.arm, s.reason, s.message_id as "messageId",
             s.error_code as "errorCode", s.attempt, s.not_before as "nextEligibleAt",
             s.planned_at as "plannedAt", s.sent_at as "sentAt",
             s.updated_at as "updatedAt"`
}
