/**
 * Channel accounts: a Page, a number, a shop, a generic webhook, a sandbox. The Meta apps that sign for some: meta-apps.ts.
 * Everything here runs as the worker: routing looks across businesses, and a Page must not be claimed by two of them.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { type Channel, storeChannels } from '@fidelio/core/event.ts'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'
import type { SealedSecret, Vault } from '../vault.ts'
import { newSigningSecret, type Overlap, withSecret } from './account-secrets.ts'

type Db = ISql<StoreTypes>

/** Notified whenever routing or signing secrets changed, so that every process forgets what it remembered. */
export const accountsChangedChannel = 'fidelio_accounts_changed'

export type AccountStatus = 'connected' | 'token_broken' | 'disconnected'

export type AccountRecord = {
  id: string
  businessId: string
  channel: Channel
  externalId: string
  name: string
  metaAppId: string | null
  humanAppIds: string[]
  status: AccountStatus
  lastEventAt: Date | null
  createdAt: Date
}

/** What ingest needs of an account: whose it is, and how its bodies are signed. Secrets are still sealed. */
export type AccountRoute = {
  id: string
  businessId: string
  channel: Channel
  externalId: string
  metaAppId: string | null
  humanAppIds: string[]
  secrets: SealedSecret[]
}

export type AccountInput = {
  businessId: string
  channel: Channel
  name: string
  /** The Page id; made up when left out, for the generic webhook and the sandbox. */
  externalId?: string
  metaAppId?: string
  accessToken?: string
  /** Shops and payments: the provider's signing secret. A new one goes first, and the former stays valid beside it. */
  secret?: string
  /** Left out: those marked before stay. */
  humanAppIds?: readonly string[]
  /** The operator connects: only then may a Page be put under the operator's shared Meta app. */
  byOperator?: boolean
}

/** What is left out stays. */
export type AccountChange = { id: string; businessId: string; name?: string; humanAppIds?: readonly string[] }

export type CreateAccountOutcome =
  /** `secret`: the plain signing secret of a generic or sandbox account, to be shown once. */
  | { kind: 'created' | 'updated'; account: AccountRecord; secret?: string }
  /** Another business has this Page. */
  | { kind: 'taken' }
  /** The account's channel needs a Meta app, and none, or more than one, could be meant. */
  | { kind: 'meta_app_needed' }
  /** The Meta app does not exist or is another business's. */
  | { kind: 'meta_app_unknown' }
  /** A shop or payment account is signed with the provider's own secret, and none was given. */
  | { kind: 'secret_needed' }

const metaChannels: readonly Channel[] = ['messenger', 'instagram', 'whatsapp']

/**
 * Connects an account, or updates the same business's account of the same name on the channel. A Messenger account
 * without `metaAppId` stays with its app, or gets the only one it could mean. Generic and sandbox accounts get a fresh
 * signing secret when created; shops and payments bring the provider's. Runs in a transaction of the worker.
 */
export async function createAccount(sql: Db, vault: Vault, input: AccountInput): Promise<CreateAccountOutcome> {
  const signedByMeta = metaChannels.includes(input.channel)
  const externalId = input.externalId ?? randomBytes(9).toString('base64url')
  const [existing] = await sql<ExistingAccount[]>`
    select id, business_id as "businessId", meta_app_id as "metaAppId", secrets from channel_accounts
     where channel = ${input.channel} and external_id = ${externalId} for update`
  const own = existing?.businessId === input.businessId ? existing : undefined
  let metaAppId: string | null = null
  if (signedByMeta) {
    const app = await metaAppFor(sql, input, own?.metaAppId ?? null)
    if (typeof app === 'object') return app
    metaAppId = app
  }
  if (existing && !own) return { kind: 'taken' }
  const id = existing?.id ?? randomUUID()
  const owner = { businessId: input.businessId, rowId: id }
  const isStore = isStoreChannel(input.channel)
  if (isStore && input.secret === undefined && (own?.secrets.length ?? 0) === 0) return { kind: 'secret_needed' }
  const secret = signedByMeta || isStore || existing ? undefined : newSigningSecret()
  const secrets = withSecret(vault, owner, isStore ? input.secret : secret, own?.secrets ?? [])
  const token = input.accessToken === undefined ? null : vault.seal(input.accessToken, owner)
  const [account] = await sql<AccountRecord[]>`
    insert into channel_accounts
           (id, business_id, channel, external_id, name, meta_app_id, secrets, access_token, human_app_ids)
    values (${id}, ${input.businessId}, ${input.channel}, ${externalId}, ${input.name}, ${metaAppId},
            ${sql.json(secrets)}, ${token === null ? null : sql.json(token)}, ${[...(input.humanAppIds ?? [])]}::text[])
    on conflict (id) do update
       set name = excluded.name,
           meta_app_id = excluded.meta_app_id,
           secrets = excluded.secrets,
           access_token = coalesce(excluded.access_token, channel_accounts.access_token),
           human_app_ids = case when ${input.humanAppIds !== undefined} then excluded.human_app_ids
                                else channel_accounts.human_app_ids end,
           status = 'connected'
    returning ${accountColumns(sql)}`
  if (!account) throw new Error('A channel account was neither inserted nor updated.')
  await notifyAccountsChanged(sql)
  return { kind: existing ? 'updated' : 'created', account, ...(secret === undefined ? {} : { secret }) }
}

type ExistingAccount = { id: string; businessId: string; metaAppId: string | null; secrets: SealedSecret[] }

export function isStoreChannel(channel: Channel): boolean {
  return storeChannels.some((store) => store === channel)
}

/**
 * The app asked for, the one the account has, or the only one there is. A business uses its own apps; the operator's
 * shared one verifies bodies for every business on it, so only the operator puts Pages there, and they stay there.
 */
async function metaAppFor(
  sql: Db,
  input: AccountInput,
  presentId: string | null,
): Promise<string | { kind: 'meta_app_needed' | 'meta_app_unknown' }> {
  const askedId = input.metaAppId ?? presentId
  const apps = await sql<{ id: string }[]>`
    select id from meta_apps
     where (business_id = ${input.businessId}
            or business_id is null and (${input.byOperator ?? false} or id = ${presentId}::uuid))
       and (${askedId}::uuid is null or id = ${askedId}::uuid)
     limit 2`
  const [app] = apps
  if (input.metaAppId !== undefined && !app) return { kind: 'meta_app_unknown' }
  return app && apps.length === 1 ? app.id : { kind: 'meta_app_needed' }
}

/** Null: no such account of this business. */
export async function updateAccount(sql: Db, change: AccountChange): Promise<AccountRecord | null> {
  const humanAppIds = change.humanAppIds === undefined ? null : [...change.humanAppIds]
  const [account] = await sql<AccountRecord[]>`
    update channel_accounts
       set name = coalesce(${change.name ?? null}, name),
           human_app_ids = coalesce(${humanAppIds}::text[], human_app_ids)
     where id = ${change.id} and business_id = ${change.businessId}
    returning ${accountColumns(sql)}`
  if (!account) return null
  await notifyAccountsChanged(sql)
  return account
}

/**
 * A new signing secret; the former ones stay valid beside it for the overlap. `secret`: what a shop's or payment
 * provider signs with from now on; left out for generic and sandbox accounts, whose secret is made here. Null: no such
 * account.
 */
export async function rotateAccountSecret(
  sql: Db,
  vault: Vault,
  input: { id: string; businessId: string; secret?: string; overlap?: Overlap },
): Promise<string | null> {
  const channels = input.secret === undefined ? ['webhook', 'sandbox'] : [...storeChannels]
  const [account] = await sql<{ secrets: SealedSecret[] }[]>`
    select secrets from channel_accounts
     where id = ${input.id} and business_id = ${input.businessId} and channel = any(${channels}::text[]) for update`
  if (!account) return null
  const secret = input.secret ?? newSigningSecret()
  const owner = { businessId: input.businessId, rowId: input.id }
  const secrets = withSecret(vault, owner, secret, account.secrets, input.overlap)
  await sql`update channel_accounts set secrets = ${sql.json(secrets)} where id = ${input.id}`
  await notifyAccountsChanged(sql)
  return secret
}

/**
 * Nothing comes in through the account and nothing goes out until it is connected again (`createAccount`), with its
 * history, secrets and settings as they were. Null: no such account of this business.
 */
export async function disconnectAccount(
  sql: Db,
  input: { id: string; businessId: string },
): Promise<AccountRecord | null> {
  const [account] = await sql<AccountRecord[]>`
    update channel_accounts set status = 'disconnected'
     where id = ${input.id} and business_id = ${input.businessId}
    returning ${accountColumns(sql)}`
  if (!account) return null
  await notifyAccountsChanged(sql)
  return account
}

/** The accounts of one business, oldest first. */
export function listAccounts(sql: Db, businessId: string): Promise<AccountRecord[]> {
  return sql<AccountRecord[]>`
    select ${accountColumns(sql)} from channel_accounts where business_id = ${businessId} order by created_at, id`
}

/** Routes of connected accounts by their ids on one channel. An id that belongs to nobody is missing in the answer. */
export function findAccountRoutes(sql: Db, channel: Channel, externalIds: readonly string[]): Promise<AccountRoute[]> {
  return sql<AccountRoute[]>`
    select id, business_id as "businessId", channel, external_id as "externalId", meta_app_id as "metaAppId",
           human_app_ids as "humanAppIds", secrets
      from channel_accounts
     where channel = ${channel} and external_id = any(${[...externalIds]}::text[]) and status <> 'disconnected'`
}

/** Remembers when accounts were last heard of. Ingest calls this at most once a minute, never inside a request. */
export async function markAccountsHeard(sql: Db, accountIds: readonly string[], at: Date): Promise<void> {
  await sql`
    update channel_accounts set last_event_at = greatest(last_event_at, ${at})
     where id = any(${[...accountIds]}::uuid[])`
}

/** Tells every process to forget routes and secrets; delivered when the transaction commits. */
export async function notifyAccountsChanged(sql: Db): Promise<void> {
  await sql`select pg_notify(${accountsChangedChannel}, '')`
}

function accountColumns(sql: Db) {
  return sql`id, business_id as "businessId", channel, external_id as "externalId", name, meta_app_id as "metaAppId",
             human_app_ids as "humanAppIds", status, last_event_at as "lastEventAt", created_at as "createdAt"`
}
