/** What is known of people before a campaign may write to them, one row per person: see `audience.ts`. */
import { recipientNamespaces } from '@fidelio/core/eligibility.ts'
import type { StoreTransaction } from '../postgres/client.ts'
import type { BehaviourMatch } from '../queries/audience.ts'
import type { AudiencePlace, AudienceScope, PlaceFacts } from './audience.ts'

/** Contacts of the scope's people that are counted as another one; `any` tells whether there is one in the business. */
export type Grouping = { any: boolean; mergedIds: readonly number[] }

/** Looked up first, so that a business without merges is read as if there were none. */
export async function groupingOf(sql: StoreTransaction, businessId: string, scope: AudienceScope): Promise<Grouping> {
  const rows = await sql<{ id: number }[]>`
    select id from contacts
     where business_id = ${businessId} and merged_into is not null
       ${scope === 'all' ? sql`limit 1` : narrowed(sql, 'merged_into', scope)}`
  return { any: rows.length > 0, mergedIds: scope === 'all' ? [] : rows.map((row) => row.id) }
}

/**
 * The event store's sets of people may be a moment behind: who was merged since is looked for under both numbers. Read
 * when the sets are, so that plan and preview agree.
 */
export async function regroupMatch(
  sql: StoreTransaction,
  businessId: string,
  match: BehaviourMatch,
): Promise<BehaviourMatch> {
  const moved = await sql<{ id: number; personId: number }[]>`
    select id, merged_into as "personId" from contacts
     where business_id = ${businessId} and people_dirty and merged_into is not null`
  if (moved.length === 0) return match
  const personOf = new Map(moved.map((row) => [row.id, row.personId]))
  const grouped = (ids: readonly number[]) => [...new Set(ids.map((id) => personOf.get(id) ?? id))]
  return { include: match.include && grouped(match.include), exclude: grouped(match.exclude) }
}

/**
 * One row of facts per person, whichever of their contacts they are known by. Every part is narrowed to the scope, so that
 * a claim of sixteen people reads sixteen short index ranges and a preview reads each table once.
 */
export function factsOf(
  sql: StoreTransaction,
  place: AudiencePlace,
  { openAfter, cap }: PlaceFacts,
  scope: AudienceScope,
  match: BehaviourMatch,
  grouping: Grouping,
) {
  const { businessId } = place
  const namespaces = recipientNamespaces(place.channel, place.accountExternalId)
  const within = (column: string) => narrowed(sql, column, scope, grouping.mergedIds)
  // Rows of contacts are read as rows of people: k holds who is counted as another one.
  const k = grouping.any
    ? sql`left join (select id, merged_into from contacts
                      where business_id = ${businessId} and merged_into is not null) k on k.id = r.contact_id`
    : sql``
  const person = grouping.any ? sql`coalesce(k.merged_into, r.contact_id)` : sql`r.contact_id`
  // A person who was merged a moment ago may still have a thread under each contact.
  const thread = sql`
    select ${person} as person_id, ${grouping.any ? sql`max(r.last_inbound_at) as last_inbound_at` : sql`r.last_inbound_at`}
      from threads r ${k}
     where r.business_id = ${businessId} and r.account_id = ${place.accountId} ${within('r.contact_id')}
     ${grouping.any ? sql`group by 1` : sql``}`
  // What was sent, or may have been: the offer that has to grow old before the next one fits decides until when.
  const capped =
    cap &&
    sql`
      left join (select ${person} as person_id,
                        (array_agg(r.sending_at order by r.sending_at desc))[${cap.messages}::integer]
                          + make_interval(hours => ${24 * cap.days}::integer) as until
                   from sends r ${k}
                  where r.business_id = ${businessId} and r.sending_at > ${cap.since}
                    and r.status in ('sending', 'accepted', 'unknown', 'unknown_final') ${within('r.contact_id')}
                  group by 1
                 having count(*) >= ${cap.messages}::integer) capped on capped.person_id = c.id`
  return sql`
    select c.id as "contactId",
           c.display_name as "displayName",
           c.time_zone as "timeZone",
           ${capped ? sql`capped.until` : sql`null::timestamptz`} as "cappedUntil",
           coalesce(recipient.value, '') as recipient,
           coalesce(recipient.contact_id, c.id) as "recipientContactId",
           -- A permission given after a stop for every topic stands; one given before it does not.
           case when topic.granted and (everything.since is null or topic.since > everything.since) then 'granted'
                when topic.granted is null and everything.since is null then 'none'
                else 'revoked' end as consent,
           exclusion.reason as exclusion,
           case when thread.last_inbound_at is null then 'never_wrote'
                when ${openAfter}::timestamptz is null or thread.last_inbound_at > ${openAfter}::timestamptz then 'open'
                else 'closed' end as "window",
           other.person_id is not null as "inOtherCampaign",
           coalesce(thread.last_inbound_at, c.created_at) as at
      from contacts c
      left join (select distinct on (person_id) ${person} as person_id, r.contact_id, r.value
                   from contact_identities r ${k}
                  where r.business_id = ${businessId} and r.namespace = any(${namespaces}) ${within('r.contact_id')}
                  order by person_id, array_position(${namespaces}, r.namespace), r.created_at desc, r.value) recipient
             on recipient.person_id = c.id
      left join consents topic
             on topic.business_id = ${businessId} and topic.contact_id = c.id and topic.channel = ${place.channel}
            and topic.topic = ${place.topic} ${within('topic.contact_id')}
      left join consents everything
             on everything.business_id = ${businessId} and everything.contact_id = c.id
            and everything.channel = ${place.channel} and everything.topic = '*' and not everything.granted
            ${within('everything.contact_id')}
      left join (${thread}) thread on thread.person_id = c.id
      left join (select distinct on (e.person_id) e.person_id, e.reason
                   from (select ${person} as person_id, r.reason, r.since
                           from exclusions r ${k}
                          where r.business_id = ${businessId} and r.channel = ${place.channel} ${within('r.contact_id')}) e
                   left join (${thread}) t on t.person_id = e.person_id
                    -- Who was blocked or not found can be reached again as soon as they write (protocols.md §5).
                  where e.reason = 'suppressed' or t.last_inbound_at is null or t.last_inbound_at <= e.since
                  order by e.person_id, array_position(array['suppressed', 'blocked', 'unreachable'], e.reason)) exclusion
             on exclusion.person_id = c.id
      left join (select distinct ${person} as person_id
                   from campaigns o
                   join sends r on r.business_id = o.business_id and r.campaign_id = o.id ${k}
                  where o.business_id = ${businessId} and o.status = 'sending' and o.channel = ${place.channel}
                    and o.id is distinct from ${place.campaignId}::uuid
                    and r.status in ('planned', 'claimed', 'sending') ${within('r.contact_id')}) other
             on other.person_id = c.id
      ${capped ?? sql``}
     where c.business_id = ${businessId} and c.merged_into is null ${narrowed(sql, 'c.id', scope)}
       ${match.include === null ? sql`` : sql`and c.id in (select unnest(${match.include}::bigint[]))`}
       ${match.exclude.length === 0 ? sql`` : sql`and c.id not in (select unnest(${match.exclude}::bigint[]))`}`
}

function narrowed(sql: StoreTransaction, column: string, scope: AudienceScope, also: readonly number[] = []) {
  if (scope === 'all') return sql``
  if ('contactIds' in scope) return sql`and ${sql(column)} = any(${[...scope.contactIds, ...also]}::bigint[])`
  const inRange = sql`${sql(column)} >= ${scope.from} and ${sql(column)} < ${scope.to}`
  if (also.length === 0) return sql`and ${inRange}`
  return sql`and (${inRange} or ${sql(column)} = any(${[...also]}::bigint[]))`
}
