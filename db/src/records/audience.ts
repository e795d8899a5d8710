/**
 * What is known of people before a campaign may write to them: the one place where consent, identity, standing
 * exclusions, the window and other campaigns are read. The preview, the plan and the claim all ask here and have the
 * answer judged by core/eligibility, so they cannot disagree.
 */
import type { AudienceRules } from '@fidelio/core/campaign.ts'
import { type ChannelFacts, type EligibilityFacts, judge } from '@fidelio/core/eligibility.ts'
import { type PermissionRule, ruleInForce, windowOpenAfter } from '@fidelio/core/permission.ts'
import { byReason, type ReasonTally } from '@fidelio/core/send.ts'
import type { FrequencyCap, QuietHours } from '@fidelio/core/sending-hours.ts'
import { dayMs } from '@fidelio/core/time.ts'
import type { StoreTransaction } from '../postgres/client.ts'
import type { BehaviourMatch } from '../queries/audience.ts'
import { matchBehaviour } from '../queries/audience.ts'
import type { BusinessDb } from '../tenancy.ts'
import { factsOf, groupingOf, regroupMatch } from './audience-facts.ts'

/** Where a campaign would go, and as of when. */
export type AudiencePlace = {
  businessId: string
  accountId: string
  channel: string
  accountExternalId: string
  topic: string
  /** Windows and dated rules are judged at this instant. */
  at: Date
  /** The campaign itself, whose own sends do not count as another campaign's; null in a preview. */
  campaignId: string | null
}

/** People to look at: the whole business, a stretch [from, to) of contact numbers, or these contacts. */
export type AudienceScope = 'all' | { from: number; to: number } | { contactIds: readonly number[] }

export type AudienceMember = EligibilityFacts & {
  /** The person: the contact they are counted as. */
  contactId: number
  /** The channel's id of the person, '' when it has none. */
  recipient: string
  /** The contact that id belongs to: what is sent there, and every receipt of it, is theirs. */
  recipientContactId: number
  displayName: string | null
  /** The person's own zone as it was told; null when unknown. */
  timeZone: string | null
  /** When the next offer fits under the business's cap, for who is over it. */
  cappedUntil: Date | null
}

/** What holds for everybody at a place's instant: the channel's rule, and what the business allows itself. */
export type PlaceFacts = ChannelFacts & {
  /** Since when a message of the customer counts as recent. */
  openAfter: Date | null
  quiet: QuietHours | null
  cap: (FrequencyCap & { since: Date }) | null
  businessZone: string
}

export type AudiencePreview = {
  /** People the rules speak of. */
  matched: number
  /** Of them, who passes every gate. */
  reachable: number
  /** Expected sizes of the arms: the draw itself needs the campaign's own key. */
  willBeSent: number
  holdout: number
  excluded: ReasonTally[]
  /** Contact numbers of some reachable people, in order. */
  sample: number[]
}

/** A person the rules speak of: `reason` '' when nothing stands in the way. */
export type AudienceRow = {
  contactId: number
  reason: string
  /** When they last wrote to the account; who never did stands at the day they became known. */
  at: Date
}

const sampleSize = 5
/** Contact numbers gathered to take the sample from. */
const sampledContactsMax = 10_000

/** Every dated rule of a channel. */
export async function permissionRules(sql: StoreTransaction, channel: string): Promise<PermissionRule[]> {
  const rows = await sql<(Omit<PermissionRule, 'validFrom' | 'validTo'> & { validFrom: Date; validTo: Date | null })[]>`
    select channel, basis, valid_from as "validFrom", valid_to as "validTo", window_hours as "windowHours",
           safety_margin_seconds as "safetyMarginSeconds"
      from permission_rules
     where channel = ${channel}`
  return rows.map((row) => ({
    ...row,
    validFrom: row.validFrom.getTime(),
    validTo: row.validTo?.getTime() ?? null,
  }))
}

export async function placeFacts(sql: StoreTransaction, place: AudiencePlace): Promise<PlaceFacts> {
  const at = place.at.getTime()
  const rule = ruleInForce(await permissionRules(sql, place.channel), place.channel, at)
  const openAfter = rule && windowOpenAfter(rule, at)
  const [business] = await sql<{ quiet: QuietHours | null; cap: FrequencyCap | null; businessZone: string }[]>`
    select quiet_hours as quiet, frequency_cap as cap, time_zone as "businessZone"
      from businesses
     where id = ${place.businessId}`
  const cap = business?.cap ?? null
  return {
    basis: rule?.basis ?? null,
    openAfter: openAfter === null ? null : new Date(openAfter),
    quiet: business?.quiet ?? null,
    cap: cap && { ...cap, since: new Date(at - cap.days * dayMs) },
    businessZone: business?.businessZone ?? 'UTC',
  }
}

/** The facts of people, lowest contact number first. Contacts that do not exist, or are counted as others, are missing. */
export async function audienceMembers(
  sql: StoreTransaction,
  place: AudiencePlace,
  facts: PlaceFacts,
  scope: AudienceScope,
  match: BehaviourMatch,
): Promise<AudienceMember[]> {
  const grouping = await groupingOf(sql, place.businessId, scope)
  return sql<AudienceMember[]>`
    select "contactId", "displayName", recipient, "recipientContactId", recipient <> '' as "hasRecipient", consent, exclusion, "window",
           "cappedUntil" is not null as capped, "cappedUntil", "timeZone", "inOtherCampaign"
      from (${factsOf(sql, place, facts, scope, match, grouping)}) facts
     order by "contactId"`
}

/**
 * How many people a campaign like this would reach now, and why the others not. Nothing is stored. People are counted
 * by what is known of them first, so a million contacts cost one pass and a handful of verdicts.
 */
export async function previewAudience(
  db: BusinessDb,
  place: Omit<AudiencePlace, 'businessId' | 'campaignId'>,
  rules: AudienceRules,
  holdoutPercent: number,
): Promise<AudiencePreview> {
  const behaviour = await matchBehaviour(db, rules, place.at)
  return db.tx(async (sql) => {
    const here = { ...place, businessId: db.businessId, campaignId: null }
    await readBroadly(sql)
    const match = await regroupMatch(sql, db.businessId, behaviour)
    const grouping = await groupingOf(sql, db.businessId, 'all')
    const channel = await placeFacts(sql, here)
    // Every n-th contact will do for a sample: sorting a million numbers to show five took as long as all the rest.
    const [range] = await sql<{ end: number }[]>`
      select coalesce(max(id), 0) as end from contacts where business_id = ${db.businessId}`
    const stride = Math.ceil((range?.end ?? 0) / sampledContactsMax) || 1
    const groups = await sql<(EligibilityFacts & { count: number; lowest: number; sample: number[] })[]>`
      select recipient <> '' as "hasRecipient", consent, exclusion, "window", "cappedUntil" is not null as capped,
             "inOtherCampaign", count(*)::integer as count,
             min("contactId") as lowest,
             coalesce(array_agg("contactId") filter (where "contactId" % ${stride} = 0), '{}') as sample
        from (${factsOf(sql, here, channel, 'all', match, grouping)}) facts
       group by 1, 2, 3, 4, 5, 6`
    const judged = groups.map((group) => ({ ...group, verdict: judge(group, channel) }))
    const reachable = judged.filter((group) => group.verdict.eligible)
    const reachableCount = sum(reachable)
    const holdout = Math.round((reachableCount * holdoutPercent) / 100)
    return {
      matched: sum(judged),
      reachable: reachableCount,
      willBeSent: reachableCount - holdout,
      holdout,
      excluded: byReason(
        judged.flatMap(({ verdict, count }) => (verdict.eligible ? [] : [{ reason: verdict.reason, count }])),
      ),
      sample: [...new Set(reachable.flatMap((group) => [group.lowest, ...group.sample]))]
        .sort((a, b) => a - b)
        .slice(0, sampleSize),
    }
  })
}

/**
 * The people behind the numbers of a preview, lowest contact number first: `stage` '' for everybody the rules speak of,
 * `eligible`, `excluded`, or one reason. The same groups of facts get the same verdicts, so `total` is the preview's number.
 */
export async function audienceRows(
  db: BusinessDb,
  place: Omit<AudiencePlace, 'businessId' | 'campaignId'>,
  rules: AudienceRules,
  page: { stage: string; first: number; after: number },
): Promise<{ total: number; rows: AudienceRow[]; hasMore: boolean }> {
  const behaviour = await matchBehaviour(db, rules, place.at)
  return db.tx(async (sql) => {
    const here = { ...place, businessId: db.businessId, campaignId: null }
    await readBroadly(sql)
    const match = await regroupMatch(sql, db.businessId, behaviour)
    const grouping = await groupingOf(sql, db.businessId, 'all')
    const channel = await placeFacts(sql, here)
    const facts = factsOf(sql, here, channel, 'all', match, grouping)
    const key = sql`concat_ws(' ', recipient <> '', consent, coalesce(exclusion, '-'), "window",
                               "cappedUntil" is not null, "inOtherCampaign")`
    const groups = await sql<(EligibilityFacts & { key: string; count: number })[]>`
      select ${key} as key, recipient <> '' as "hasRecipient", consent, exclusion, "window",
             "cappedUntil" is not null as capped, "inOtherCampaign", count(*)::integer as count
        from (${facts}) facts
       group by 1, 2, 3, 4, 5, 6, 7`
    const reasonOf = new Map<string, string>()
    let total = 0
    for (const group of groups) {
      const verdict = judge(group, channel)
      const reason = verdict.eligible ? '' : verdict.reason
      const stages = verdict.eligible ? ['', 'eligible'] : ['', 'excluded', reason]
      if (!stages.includes(page.stage)) continue
      reasonOf.set(group.key, reason)
      total += group.count
    }
    if (reasonOf.size === 0) return { total, rows: [], hasMore: false }
    const found = await sql<{ contactId: number; key: string; at: Date }[]>`
      select "contactId", ${key} as key, at
        from (${facts}) facts
       where "contactId" > ${page.after} and ${key} = any(${[...reasonOf.keys()]})
       order by "contactId"
       limit ${page.first + 1}`
    const rows = found.slice(0, page.first)
    return {
      total,
      rows: rows.map((row) => ({ contactId: row.contactId, reason: reasonOf.get(row.key) ?? '', at: row.at })),
      hasMore: found.length > page.first,
    }
  })
}

function sum(groups: readonly { count: number }[]): number {
  return groups.reduce((count, group) => count + group.count, 0)
}

/**
 * For the rest of the transaction, tables are joined as wholes. After a large import PostgreSQL may not have counted yet
 * and would look up person by person in lists without an index: minutes instead of a second.
 */
export async function readBroadly(sql: StoreTransaction): Promise<void> {
  await sql`set local enable_nestloop = off`
}
