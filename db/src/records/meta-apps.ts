/** The Meta apps whose secrets sign the webhooks of Pages, Instagram accounts and WhatsApp numbers. As the worker, like accounts. */
import { randomUUID } from 'node:crypto'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'
import type { SealedSecret, Vault } from '../vault.ts'
import { type Overlap, secretsMax, withSecret } from './account-secrets.ts'
import { notifyAccountsChanged } from './accounts.ts'

type Db = ISql<StoreTypes>

export type MetaAppRecord = {
  id: string
  businessId: string | null
  appId: string
  name: string
  verifyToken: string
  secrets: SealedSecret[]
  createdAt: Date
}

export type MetaAppInput = {
  /** Null: the operator's app, shared by many businesses. */
  businessId: string | null
  appId: string
  name: string
  verifyToken: string
  /** Plain, newest first, at most two. */
  secrets: readonly string[]
  /** The same of the Instagram app, which signs with a secret of its own. Left out: those known stay. */
  instagramSecrets?: readonly string[]
}

export type CreateMetaAppOutcome = { kind: 'created' | 'updated'; app: MetaAppRecord } | { kind: 'taken' }

/**
 * Creates a Meta app, or updates the one with the same app id of the same owner: name, verify token and secrets are
 * replaced. Runs in a transaction of the worker.
 */
export async function createMetaApp(sql: Db, vault: Vault, input: MetaAppInput): Promise<CreateMetaAppOutcome> {
  const [existing] = await sql<{ id: string; businessId: string | null }[]>`
    select id, business_id as "businessId" from meta_apps where app_id = ${input.appId} for update`
  if (existing && existing.businessId !== input.businessId) return { kind: 'taken' }
  const id = existing?.id ?? randomUUID()
  const sealed = (secrets: readonly string[]) =>
    secrets.slice(0, secretsMax).map((secret) => vault.seal(secret, { businessId: input.businessId, rowId: id }))
  const secrets = sealed(input.secrets)
  const instagramSecrets = sealed(input.instagramSecrets ?? [])
  const [app] = await sql<MetaAppRecord[]>`
    insert into meta_apps (id, business_id, app_id, name, verify_token, secrets, instagram_secrets)
    values (${id}, ${input.businessId}, ${input.appId}, ${input.name}, ${input.verifyToken}, ${sql.json(secrets)},
            ${sql.json(instagramSecrets)})
    on conflict (id) do update
       set name = excluded.name, verify_token = excluded.verify_token, secrets = excluded.secrets,
           instagram_secrets = case when ${input.instagramSecrets !== undefined} then excluded.instagram_secrets
                                    else meta_apps.instagram_secrets end
    returning ${metaAppColumns(sql)}`
  if (!app) throw new Error('A Meta app was neither inserted nor updated.')
  await notifyAccountsChanged(sql)
  return { kind: existing ? 'updated' : 'created', app }
}

/** Puts a new secret first and keeps the former ones valid beside it for the overlap. False: no such app of this owner. */
export async function rotateMetaAppSecret(
  sql: Db,
  vault: Vault,
  input: { id: string; businessId: string | null; secret: string; overlap?: Overlap },
): Promise<boolean> {
  const [app] = await sql<{ secrets: SealedSecret[] }[]>`
    select secrets from meta_apps
     where id = ${input.id} and business_id is not distinct from ${input.businessId}::uuid for update`
  if (!app) return false
  const owner = { businessId: input.businessId, rowId: input.id }
  const secrets = withSecret(vault, owner, input.secret, app.secrets, input.overlap)
  await sql`update meta_apps set secrets = ${sql.json(secrets)} where id = ${input.id}`
  await notifyAccountsChanged(sql)
  return true
}

/** Every Meta app: ingest tries their secrets, those of their Instagram apps too, and answers their handshakes. */
export function readMetaApps(sql: Db): Promise<MetaAppRecord[]> {
  return sql<MetaAppRecord[]>`
    select id, business_id as "businessId", app_id as "appId", name, verify_token as "verifyToken",
           secrets || instagram_secrets as secrets, created_at as "createdAt"
      from meta_apps order by created_at, id`
}

function metaAppColumns(sql: Db) {
  return sql`id, business_id as "businessId", app_id as "appId", name, verify_token as "verifyToken", secrets,
             created_at as "createdAt"`
}
