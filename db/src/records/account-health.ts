/** Facts about how an account is: its first signs of life, its silence alert, and whether Meta still sends to us. */
import type { Channel } from '@fidelio/core/event.ts'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'
import type { SealedSecret } from '../vault.ts'

type Db = ISql<StoreTypes>

export type Subscription = '' | 'subscribed' | 'missing' | 'token_broken' | 'unavailable'

/** Remembers the first signed body, and the first message of a person, of accounts. Later ones change nothing. */
export async function recordFirsts(
  sql: Db,
  firsts: readonly { accountId: string; message: boolean }[],
  at: Date,
): Promise<void> {
  if (firsts.length === 0) return
  const ordered = [...firsts].sort((a, b) => (a.accountId < b.accountId ? -1 : 1))
  await sql`
    update channel_accounts a
       set first_signed_at = coalesce(a.first_signed_at, ${at}),
           first_message_at = coalesce(a.first_message_at, case when f.message then ${at}::timestamptz end),
           last_event_at = greatest(a.last_event_at, ${at})
      from unnest(${ordered.map((f) => f.accountId)}::uuid[], ${ordered.map((f) => String(f.message))}::text[]::boolean[])
           as f (account_id, message)
     where a.id = f.account_id and (a.first_signed_at is null or f.message and a.first_message_at is null)`
}

/** Meta proved with a handshake that it knows the verify token of an app. */
export async function recordHandshake(sql: Db, metaAppId: string, at: Date): Promise<void> {
  await sql`update meta_apps set handshake_at = ${at} where id = ${metaAppId}`
}

/** What the setup checklist and the health of one account are decided from. */
export type AccountFacts = {
  accountId: string
  firstSignedAt: Date | null
  firstMessageAt: Date | null
  silenceFactor: number | null
  subscription: Subscription
  subscriptionAskedAt: Date | null
  subscriptionCheckedAt: Date | null
  handshakeAt: Date | null
  /** Of the Meta app; '' without one, and for an app of the operator. */
  verifyToken: string
  /** The operator's Meta app, which serves other businesses too. */
  sharedApp: boolean
  /** Secrets, newest first, without what they are. */
  secrets: SecretFacts[]
}

export type SecretFacts = { sealedAt: Date | null; validUntil: Date | null }

/** As the worker, because the operator's apps are no business's; the caller has opened the business. */
export async function readAccountFacts(sql: Db, businessId: string): Promise<AccountFacts[]> {
  const rows = await sql<(Omit<AccountFacts, 'secrets'> & { sealed: SealedSecret[] })[]>`
    select a.id as "accountId", a.first_signed_at as "firstSignedAt", a.first_message_at as "firstMessageAt",
           a.silence_factor::float8 as "silenceFactor", a.subscription,
           a.subscription_asked_at as "subscriptionAskedAt", a.subscription_checked_at as "subscriptionCheckedAt",
           m.handshake_at as "handshakeAt", m.id is not null and m.business_id is null as "sharedApp",
           case when m.business_id = a.business_id then m.verify_token else '' end as "verifyToken",
           case when m.id is null then a.secrets when m.business_id = a.business_id then m.secrets else '[]' end as sealed
      from channel_accounts a left join meta_apps m on m.id = a.meta_app_id
     where a.business_id = ${businessId}`
  return rows.map(({ sealed, ...facts }) => ({ ...facts, secrets: sealed.map(secretFacts) }))
}

function secretFacts({ sealedAt, validUntil }: SealedSecret): SecretFacts {
  const date = (text: string | undefined) => (text === undefined ? null : new Date(text))
  return { sealedAt: date(sealedAt), validUntil: date(validUntil) }
}

/** After how many times its usual longest pause an account counts as silent; null: the default. */
export async function setSilenceFactor(
  sql: Db,
  account: { id: string; businessId: string; factor: number | null },
): Promise<void> {
  await sql`
    update channel_accounts set silence_factor = ${account.factor}
     where id = ${account.id} and business_id = ${account.businessId}`
}

/** Somebody wants to know now: the scheduler looks at its next tick. */
export async function askSubscription(sql: Db, account: { id: string; businessId: string; at: Date }): Promise<void> {
  await sql`
    update channel_accounts set subscription_asked_at = ${account.at}
     where id = ${account.id} and business_id = ${account.businessId}`
}

export type SubscriptionTarget = {
  accountId: string
  businessId: string
  channel: Channel
  externalId: string
  /** Meta's id of the app that should be subscribed. */
  appId: string
  askedAt: Date | null
}

/** Accounts whose subscription somebody asked about, or nobody has looked at since `before`; the longest first. */
export function dueSubscriptions(sql: Db, before: Date, limit: number): Promise<SubscriptionTarget[]> {
  return sql<SubscriptionTarget[]>`
    select a.id as "accountId", a.business_id as "businessId", a.channel, a.external_id as "externalId",
           m.app_id as "appId", a.subscription_asked_at as "askedAt"
      from channel_accounts a join meta_apps m on m.id = a.meta_app_id
     where a.channel = 'messenger' and a.status <> 'disconnected' and a.access_token is not null
       and (a.subscription_asked_at > coalesce(a.subscription_checked_at, '-infinity')
            or coalesce(a.subscription_checked_at, '-infinity') < ${before})
     order by a.subscription_asked_at desc nulls last, a.subscription_checked_at nulls first
     limit ${limit}`
}

/** What a look at Meta's side found. */
export async function recordSubscription(
  sql: Db,
  found: { accountId: string; businessId: string; subscription: Subscription; at: Date },
): Promise<void> {
  await sql`
    update channel_accounts set subscription = ${found.subscription}, subscription_checked_at = ${found.at}
     where id = ${found.accountId} and business_id = ${found.businessId}`
}
