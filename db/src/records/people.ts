/**
 * People of a business: members and open invitations, read from the sign-in library's schema through its own role. An
 * organisation's id is the business's uuid as text. People sign in through the library only; nothing here makes a session.
 */
import { randomUUID } from 'node:crypto'
import type { ISql } from 'postgres'
import type { StoreTypes } from '../postgres/client.ts'
import { revokeAllKeys } from './keys.ts'

type Db = ISql<StoreTypes>

export type MembershipRecord = { businessId: string; role: string }
export type MemberRecord = { id: string; userId: string; name: string; email: string; role: string; since: Date }
export type InvitationRecord = { id: string; email: string; role: string; expiresAt: Date }

/** The organisation beside a business; calling it again brings name and slug up to date. */
export async function putOrganization(sql: Db, business: { id: string; name: string; slug: string }): Promise<void> {
  await sql`
    insert into auth.organization (id, name, slug) values (${business.id}, ${business.name}, ${business.slug})
    on conflict (id) do update set name = excluded.name, slug = excluded.slug`
}

/**
 * Members, invitations and keys of a removed business go with it, and every process forgets the keys; people stay, they
 * may belong elsewhere.
 */
export async function deleteOrganization(sql: Db, businessId: string): Promise<void> {
  await revokeAllKeys(sql, businessId)
  await sql`delete from auth.organization where id = ${businessId}`
}

/** Businesses a person belongs to, oldest membership first. */
export function membershipsOf(sql: Db, userId: string): Promise<MembershipRecord[]> {
  return sql<MembershipRecord[]>`
    select organization_id as "businessId", role from auth.member where user_id = ${userId} order by created_at, id`
}

export function listMembers(sql: Db, businessId: string): Promise<MemberRecord[]> {
  return sql<MemberRecord[]>`${selectMembers(sql)} where m.organization_id = ${businessId} order by m.created_at, m.id`
}

/** Puts a person into a business, or changes the role there. */
export async function putMember(sql: Db, input: { businessId: string; userId: string; role: string }): Promise<void> {
  await sql`
    insert into auth.member (id, organization_id, user_id, role)
    values (${randomUUID()}, ${input.businessId}, ${input.userId}, ${input.role})
    on conflict (organization_id, user_id) do update set role = excluded.role`
}

export type MemberChange = { kind: 'changed'; member: MemberRecord } | { kind: 'unknown' } | { kind: 'last_owner' }

/** A business keeps at least one owner: the owners are locked, so that two of them cannot leave at once. */
export async function changeMemberRole(
  sql: Db,
  input: { businessId: string; memberId: string; role: string },
): Promise<MemberChange> {
  const found = await lockMember(sql, input)
  if (found.kind !== 'changed')
    return input.role === 'owner' && found.kind === 'last_owner' ? readMember(sql, input) : found
  await sql`
    update auth.member set role = ${input.role}
     where id = ${input.memberId} and organization_id = ${input.businessId}`
  return readMember(sql, input)
}

export async function removeMember(sql: Db, input: { businessId: string; memberId: string }): Promise<MemberChange> {
  const found = await lockMember(sql, input)
  if (found.kind !== 'changed') return found
  await sql`delete from auth.member where id = ${input.memberId} and organization_id = ${input.businessId}`
  return found
}

/** 'last_owner': the member is the only owner left. */
async function lockMember(sql: Db, input: { businessId: string; memberId: string }): Promise<MemberChange> {
  const owners = await sql<{ id: string }[]>`
    select id from auth.member where organization_id = ${input.businessId} and role = 'owner' order by id for update`
  if (owners.length === 1 && owners[0]?.id === input.memberId) return { kind: 'last_owner' }
  return readMember(sql, input)
}

async function readMember(sql: Db, input: { businessId: string; memberId: string }): Promise<MemberChange> {
  const [member] = await sql<MemberRecord[]>`
    ${selectMembers(sql)} where m.organization_id = ${input.businessId} and m.id = ${input.memberId}`
  return member ? { kind: 'changed', member } : { kind: 'unknown' }
}

/** Invitations nobody has used yet and whose time has not run out, newest first. */
export function listInvitations(sql: Db, businessId: string, now: Date): Promise<InvitationRecord[]> {
  return sql<InvitationRecord[]>`
    select id, email, role, expires_at as "expiresAt" from auth.invitation
     where organization_id = ${businessId} and status = 'pending' and expires_at > ${now}
     order by created_at desc, id`
}

/** Invites an address, once: inviting it again replaces role and expiry. Null: it is a member already. */
export async function putInvitation(
  sql: Db,
  input: { businessId: string; email: string; role: string; expiresAt: Date; inviterUserId: string | null },
): Promise<InvitationRecord | null> {
  const email = input.email.toLowerCase()
  const members = await sql`
    select 1 from auth.member m join auth."user" u on u.id = m.user_id
     where m.organization_id = ${input.businessId} and lower(u.email) = ${email}`
  if (members.length > 0) return null
  await sql`
    update auth.invitation set status = 'canceled'
     where organization_id = ${input.businessId} and email = ${email} and status = 'pending'`
  const [invitation] = await sql<InvitationRecord[]>`
    insert into auth.invitation (id, organization_id, email, role, status, expires_at, inviter_id)
    values (${randomUUID()}, ${input.businessId}, ${email}, ${input.role}, 'pending', ${input.expiresAt}, ${input.inviterUserId})
    returning id, email, role, expires_at as "expiresAt"`
  if (!invitation) throw new Error('An invitation was not inserted.')
  return invitation
}

export async function cancelInvitation(sql: Db, input: { businessId: string; id: string }): Promise<boolean> {
  const canceled = await sql`
    update auth.invitation set status = 'canceled'
     where organization_id = ${input.businessId} and id = ${input.id} and status = 'pending' returning id`
  return canceled.length > 0
}

/** Turns every open invitation to this address into a membership: whoever signs in by link has shown that it is theirs. */
export async function acceptInvitations(sql: Db, userId: string, now: Date): Promise<number> {
  const accepted = await sql<{ businessId: string; role: string }[]>`
    update auth.invitation i set status = 'accepted'
      from auth."user" u
     where u.id = ${userId} and i.email = lower(u.email) and i.status = 'pending' and i.expires_at > ${now}
    returning i.organization_id as "businessId", i.role`
  for (const { businessId, role } of accepted) {
    // A membership that exists already keeps its role: an old invitation must not take one back.
    await sql`
      insert into auth.member (id, organization_id, user_id, role)
      values (${randomUUID()}, ${businessId}, ${userId}, ${role})
      on conflict (organization_id, user_id) do nothing`
  }
  return accepted.length
}

/** Whether an address may be sent a sign-in link: a known person, or somebody invited. */
export async function mayReceiveSignInLink(sql: Db, email: string, now: Date): Promise<boolean> {
  const address = email.toLowerCase()
  const rows = await sql`
    select 1 from auth."user" where email = ${address}
     union all
    select 1 from auth.invitation where email = ${address} and status = 'pending' and expires_at > ${now}
     limit 1`
  return rows.length > 0
}

function selectMembers(sql: Db) {
  return sql`
    select m.id, m.user_id as "userId", u.name, u.email, m.role, m.created_at as since
      from auth.member m join auth."user" u on u.id = m.user_id`
}
