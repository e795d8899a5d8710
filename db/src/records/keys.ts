/** API keys as their business sees them: never the key itself, of which only a hash is stored (by the sign-in library). */
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'

type Db = ISql<StoreTypes>

/** Notified with a key's id when it is revoked, so that every process forgets that it was valid. */
export const keyRevokedChannel = 'fidelio_key_revoked'

export type KeyRecord = {
  id: string
  name: string
  /** First characters, to recognise it by. */
  start: string
  scopes: string[]
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
}

type KeyRow = Omit<KeyRecord, 'scopes'> & { permissions: string | null }

/** Newest first. */
export async function listKeys(sql: Db, businessId: string, now: Date): Promise<KeyRecord[]> {
  const rows = await sql<KeyRow[]>`
    select id, coalesce(name, '') as name, coalesce(start, '') as start, permissions, created_at as "createdAt",
           expires_at as "expiresAt", last_request as "lastUsedAt"
      from auth.apikey
     where reference_id = ${businessId} and enabled and (expires_at is null or expires_at > ${now})
     order by created_at desc, id`
  return rows.map(({ permissions, ...row }) => ({ ...row, scopes: scopesOfPermissions(parse(permissions)) }))
}

/** False: no such key of this business. Every process forgets it when the transaction commits. */
export async function revokeKey(sql: Db, input: { businessId: string; id: string }): Promise<boolean> {
  const revoked = await sql`
    delete from auth.apikey where id = ${input.id} and reference_id = ${input.businessId} returning id`
  if (revoked.length === 0) return false
  await sql`select pg_notify(${keyRevokedChannel}, ${input.id})`
  return true
}

/** Every key of a business that is being removed. Every process forgets them when the transaction commits. */
export async function revokeAllKeys(sql: Db, businessId: string): Promise<void> {
  const revoked = await sql<{ id: string }[]>`
    delete from auth.apikey where reference_id = ${businessId} returning id`
  for (const { id } of revoked) await sql`select pg_notify(${keyRevokedChannel}, ${id})`
}

/** Throws when the store of keys does not answer. */
export async function assertAuthAnswers(sql: Db): Promise<void> {
  await sql`select 1`
}

/** The library keeps rights as { noun: [verb] }; we speak of 'noun:verb'. */
export function scopesOfPermissions(permissions: Record<string, string[]> | null): string[] {
  return Object.entries(permissions ?? {}).flatMap(([noun, verbs]) => verbs.map((verb) => `${noun}:${verb}`))
}

export function permissionsOfScopes(scopes: readonly string[]): Record<string, string[]> {
  const permissions: Record<string, string[]> = {}
  for (const scope of scopes) {
    const [noun = '', verb = ''] = scope.split(':')
    permissions[noun] = [...(permissions[noun] ?? []), verb]
  }
  return permissions
}

function parse(text: string | null): Record<string, string[]> | null {
  return text === null ? null : (JSON.parse(text) as Record<string, string[]>)
}
