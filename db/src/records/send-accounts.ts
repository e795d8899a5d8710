/** What sending needs of accounts and people beside the rows of `sends`: credentials, broken tokens, standing exclusions. */
import type { StandingExclusion } from '@fidelio/core/eligibility.ts'
import type { StoreTransaction } from '../postgres/client.ts'
import type { SealedSecret } from '../vault.ts'

/** Sealed credentials and whose they are, for the vault. */
export type SendingAccount = {
  accessToken: SealedSecret | null
  metaApp: { id: string; businessId: string | null; secret: SealedSecret } | null
}

export async function sendingAccount(
  sql: StoreTransaction,
  account: { businessId: string; accountId: string },
): Promise<SendingAccount | null> {
  const [row] = await sql<
    {
      accessToken: SealedSecret | null
      appId: string | null
      appBusinessId: string | null
      secret: SealedSecret | null
    }[]
  >`
    select a.access_token as "accessToken", m.id as "appId", m.business_id as "appBusinessId", m.secrets -> 0 as secret
      from channel_accounts a
      left join meta_apps m on m.id = a.meta_app_id
     where a.business_id = ${account.businessId} and a.id = ${account.accountId}`
  if (!row) return null
  const { accessToken, appId, appBusinessId, secret } = row
  return { accessToken, metaApp: appId && secret ? { id: appId, businessId: appBusinessId, secret } : null }
}

/** The channel refused the account's token: nobody is sent to through it until it is connected again. */
export async function markTokenBroken(
  sql: StoreTransaction,
  account: { businessId: string; accountId: string },
): Promise<void> {
  await sql`
    update channel_accounts set status = 'token_broken'
     where business_id = ${account.businessId} and id = ${account.accountId} and status = 'connected'`
}

/** Records that a channel cannot reach people; the newest date counts, because a later message of theirs lifts it. */
export async function recordExclusions(
  sql: StoreTransaction,
  businessId: string,
  channel: string,
  people: readonly { contactId: number; reason: StandingExclusion }[],
  since: Date,
): Promise<void> {
  if (people.length === 0) return
  await sql`
    insert into exclusions (business_id, contact_id, channel, reason, since)
    select distinct ${businessId}::uuid, p.contact_id, ${channel}, p.reason, ${since}::timestamptz
      from unnest(${people.map((person) => person.contactId)}::bigint[],
                  ${people.map((person) => person.reason)}::text[]) as p (contact_id, reason)
    on conflict (business_id, contact_id, channel, reason) do update
       set since = greatest(exclusions.since, excluded.since)`
}
