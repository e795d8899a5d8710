/** Judging people of a campaign again just before they are sent to: the same gates as at planning, and the hour. */
import { judge } from '@fidelio/core/eligibility.ts'
import type { WithdrawalReason } from '@fidelio/core/send.ts'
import type { StoreTransaction } from '../postgres/client.ts'
import { type AudienceMember, type AudiencePlace, audienceMembers, type PlaceFacts, placeFacts } from './audience.ts'
import type { CampaignRun } from './campaign-runs.ts'
import { peopleOf } from './contact-merges.ts'
import { hoursFor, type Moment } from './send-hours.ts'

export type Candidate = { id: string; contactId: number; recipient: string; attempt: number }
/** `withdrawn` null and `deferred` '': may be sent to. */
export type Judged = Candidate & {
  displayName: string | null
  withdrawn: WithdrawalReason | null
  /** When somebody withdrawn could be written to again, or somebody deferred will be. */
  notBefore: Date | null
  deferred: Moment['reason']
}

/** Consent, exclusions, the window and who is one person as they are now, by the rules in force now. */
export async function judgeAgain(
  sql: StoreTransaction,
  run: CampaignRun,
  at: Date,
  candidates: readonly Candidate[],
): Promise<Judged[]> {
  if (candidates.length === 0) return []
  const place: AudiencePlace = { ...run, campaignId: run.id, at }
  const facts = await placeFacts(sql, place)
  const momentOf = hoursFor({ ...run, schedule: null }, facts, at)
  const personOf = await peopleOf(
    sql,
    run.businessId,
    candidates.map((candidate) => candidate.contactId),
  )
  const contactIds = [...new Set(personOf.values())]
  const members = await audienceMembers(sql, place, facts, { contactIds }, { include: null, exclude: [] })
  const known = new Map(members.map((member) => [member.contactId, member]))
  const repeated = await sendsToTheSame(sql, run, candidates, contactIds)
  return candidates.map((candidate) => {
    const member = known.get(personOf.get(candidate.contactId) ?? 0)
    const displayName = member?.displayName ?? null
    const withdrawn = repeated.has(candidate.id) ? 'same_person' : withdrawalOf(run, at, facts, candidate, member)
    if (withdrawn !== null) {
      const notBefore = withdrawn === 'frequency_cap' ? (member?.cappedUntil ?? null) : null
      return { ...candidate, displayName, withdrawn, notBefore, deferred: '' }
    }
    const { reason, notBefore } = momentOf(member?.timeZone ?? null)
    return { ...candidate, displayName, withdrawn, notBefore, deferred: reason }
  })
}

/**
 * Of several sends to one person, planned before it was known that they are one, only one may go out: another that is on
 * its way or may have gone out, or has the lower number and waits too, goes first. The order is the same for every worker,
 * and nobody is regrouped while sends start (`lockGrouping`), so two can neither both go nor both give way.
 */
async function sendsToTheSame(
  sql: StoreTransaction,
  run: CampaignRun,
  candidates: readonly Candidate[],
  personIds: readonly number[],
): Promise<Set<string>> {
  const contacts = await sql<{ id: number; personId: number }[]>`
    select id, merged_into as "personId" from contacts
     where business_id = ${run.businessId} and merged_into = any(${[...personIds]}::bigint[])`
  if (contacts.length === 0) return new Set()
  const merged = [...new Set(contacts.flatMap((contact) => [contact.id, contact.personId]))]
  const repeated = await sql<{ id: string }[]>`
    select s.id
      from sends s
      join contacts c on c.business_id = s.business_id and c.id = s.contact_id
     where s.id = any(${candidates.map((candidate) => candidate.id)}::uuid[])
       and s.contact_id = any(${merged}::bigint[])
       and exists (select from contacts oc
                     join sends o on o.business_id = oc.business_id and o.contact_id = oc.id
                    where oc.business_id = s.business_id
                      -- By person, so that a candidate looks at its own few contacts and not at everybody's.
                      and (oc.id = coalesce(c.merged_into, c.id) or oc.merged_into = coalesce(c.merged_into, c.id))
                      and o.campaign_id = s.campaign_id and o.step = s.step and o.id <> s.id
                      and (o.status in ('sending', 'accepted', 'unknown', 'unknown_final')
                           or (o.status in ('planned', 'claimed') and o.contact_id < s.contact_id)))`
  return new Set(repeated.map((row) => row.id))
}

function withdrawalOf(
  run: CampaignRun,
  at: Date,
  facts: PlaceFacts,
  candidate: Candidate,
  member: AudienceMember | undefined,
): WithdrawalReason | null {
  if (run.offerEndsAt !== null && run.offerEndsAt <= at) return 'offer_ended'
  if (!member || candidate.recipient === '') return 'no_identity'
  // Whose turn it is between two campaigns was settled at planning: asked again here, both would give way.
  const verdict = judge({ ...member, inOtherCampaign: false }, facts)
  return verdict.eligible ? null : verdict.reason
}
