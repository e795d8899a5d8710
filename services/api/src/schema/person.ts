/** Who asks, and the people of a business: members, roles, invitations, sign-in links. */
import {
  cancelInvitation,
  changeMemberRole,
  type InvitationRecord,
  listInvitations,
  listMembers,
  type MemberChange,
  type MemberRecord,
  putInvitation,
  putMember,
  removeMember,
} from '@fidelio/db/records/people.ts'
import { ensurePerson, makeSignInLink, signInLinkMinutes } from '../auth/auth.ts'
import { type ApiContext, type Here, targetBusiness } from '../context.ts'
import { apiError, notFound, unauthenticated } from '../errors.ts'
import { requireEmail } from '../input.ts'
import { isRole, type Permission, type Role, scopesWithin } from '../roles.ts'
import { permissionsIn, type Viewer } from '../viewer.ts'
import { builder, can, canIn, known, operatorOnly, reached } from './builder.ts'
import { BusinessRef, visibleBusinesses } from './business.ts'
import { RoleEnum, ViewerKindEnum } from './enums.ts'

export const invitationDays = 7

type KnownViewer = Exclude<Viewer, { kind: 'nobody' }>

const MembershipRef = builder.objectRef<{ business: Here; role: Role }>('Membership').implement({
  authScopes: reached,
  fields: (t) => ({
    business: t.expose('business', { type: BusinessRef }),
    role: t.expose('role', { type: RoleEnum }),
  }),
})

const ViewerRef = builder.objectRef<KnownViewer>('Viewer').implement({
  authScopes: reached,
  fields: (t) => ({
    kind: t.expose('kind', { type: ViewerKindEnum }),
    name: t.string({ resolve: (viewer) => (viewer.kind === 'operator' ? 'Operator' : viewer.name) }),
    email: t.string({ nullable: true, resolve: (viewer) => (viewer.kind === 'person' ? viewer.email : null) }),
    businesses: t.field({
      type: [MembershipRef],
      resolve: async (viewer, _args, context) => {
        const businesses = await visibleBusinesses(context)
        return businesses.map((business) => ({ business, role: roleIn(viewer, business.businessId) }))
      },
    }),
    scopes: t.stringList({
      description: "The scopes of the key, or all that the person's roles allow.",
      resolve: (viewer) => scopesWithin(heldAnywhere(viewer)),
    }),
  }),
})

/** A key acts as a developer of its business, the operator as an owner of all. */
function roleIn(viewer: KnownViewer, businessId: string): Role {
  if (viewer.kind === 'person') return viewer.roles.get(businessId) ?? 'executive'
  return viewer.kind === 'key' ? 'developer' : 'owner'
}

function heldAnywhere(viewer: KnownViewer): ReadonlySet<Permission> {
  if (viewer.kind !== 'person') return permissionsIn(viewer, viewer.kind === 'key' ? viewer.businessId : '')
  return new Set([...viewer.roles.keys()].flatMap((businessId) => [...permissionsIn(viewer, businessId)]))
}

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description: 'Who is asking: a signed-in person, an API key, or the operator.',
    authScopes: known,
    resolve: (_root, _args, { viewer }) => {
      if (viewer.kind === 'nobody') throw unauthenticated()
      return viewer
    },
  }),
)

const MemberRef = builder.objectRef<MemberRecord>('Member').implement({
  authScopes: reached,
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.string({ resolve: (member) => member.name || member.email }),
    email: t.exposeString('email'),
    role: t.field({ type: RoleEnum, resolve: (member) => requireRole(member.role) }),
    since: t.field({ type: 'DateTime', resolve: (member) => member.since.getTime() }),
    isYou: t.boolean({
      resolve: (member, _args, { viewer }) => viewer.kind === 'person' && viewer.userId === member.userId,
    }),
  }),
})

const InvitationRef = builder.objectRef<InvitationRecord>('Invitation').implement({
  authScopes: reached,
  fields: (t) => ({
    id: t.exposeID('id'),
    email: t.exposeString('email'),
    role: t.field({ type: RoleEnum, resolve: (invitation) => requireRole(invitation.role) }),
    expiresAt: t.field({ type: 'DateTime', resolve: (invitation) => invitation.expiresAt.getTime() }),
  }),
})

/** What the store holds was checked when it was written. */
function requireRole(text: string): Role {
  if (!isRole(text)) throw new Error(`A stored role is unknown: ${text}`)
  return text
}

builder.objectFields(BusinessRef, (t) => ({
  members: t.field({
    type: [MemberRef],
    authScopes: can('member.read'),
    resolve: (here, _args, context) => context.auth.tx((sql) => listMembers(sql, here.businessId)),
  }),
  invitations: t.field({
    type: [InvitationRef],
    authScopes: can('member.read'),
    resolve: (here, _args, context) =>
      context.auth.tx((sql) => listInvitations(sql, here.businessId, new Date(context.now))),
  }),
}))

builder.mutationField('inviteMember', (t) =>
  t.field({
    type: InvitationRef,
    authScopes: canIn('member.write'),
    args: {
      businessId: t.arg.id(),
      email: t.arg.string({ required: true }),
      role: t.arg({ type: RoleEnum, required: true }),
    },
    async resolve(_root, { businessId, email, role }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const address = requireEmail('email', email)
      const invitation = await context.auth.tx((sql) =>
        putInvitation(sql, {
          businessId: here.businessId,
          email: address,
          role,
          expiresAt: new Date(context.now + invitationDays * 86_400_000),
          inviterUserId: context.viewer.kind === 'person' ? context.viewer.userId : null,
        }),
      )
      if (!invitation) throw apiError('CONFLICT', 'This person is a member already.', { field: 'email' })
      await sendInvitation(context, here, address)
      return invitation
    },
  }),
)

async function sendInvitation(context: ApiContext, here: Here, email: string): Promise<void> {
  const url = await makeSignInLink(context.library, context.publicUrl, email)
  if (!context.sendMail) {
    context.log.info({ signInLink: url }, 'Somebody was invited, and there is no mail server to send the link')
    return
  }
  const { name } = here.record
  const text = [
    `You are invited to ${name} on Fidelio. Open this link within ${signInLinkMinutes} minutes,`,
    `or sign in with this address within ${invitationDays} days: ${context.publicUrl}`,
    `Vous êtes invité à rejoindre ${name} sur Fidelio. Ouvrez ce lien dans les ${signInLinkMinutes} minutes,`,
    `ou connectez-vous avec cette adresse dans les ${invitationDays} jours : ${context.publicUrl}`,
    '',
    url,
  ].join('\n')
  await context.sendMail({ to: email, subject: `Fidelio · ${name}`, text })
}

builder.mutationField('cancelInvitation', (t) =>
  t.boolean({
    authScopes: canIn('member.write'),
    args: { businessId: t.arg.id(), id: t.arg.id({ required: true }) },
    async resolve(_root, { businessId, id }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const canceled = await context.auth.tx((sql) => cancelInvitation(sql, { businessId: here.businessId, id }))
      if (!canceled) throw notFound('invitation')
      return true
    },
  }),
)

builder.mutationField('changeRole', (t) =>
  t.field({
    type: MemberRef,
    authScopes: canIn('member.write'),
    args: {
      businessId: t.arg.id(),
      memberId: t.arg.id({ required: true }),
      role: t.arg({ type: RoleEnum, required: true }),
    },
    async resolve(_root, { businessId, memberId, role }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const change = { businessId: here.businessId, memberId, role }
      return memberOf(await context.auth.tx((sql) => changeMemberRole(sql, change)))
    },
  }),
)

builder.mutationField('removeMember', (t) =>
  t.boolean({
    authScopes: canIn('member.write'),
    args: { businessId: t.arg.id(), memberId: t.arg.id({ required: true }) },
    async resolve(_root, { businessId, memberId }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const change = { businessId: here.businessId, memberId }
      memberOf(await context.auth.tx((sql) => removeMember(sql, change)))
      return true
    },
  }),
)

function memberOf(change: MemberChange): MemberRecord {
  if (change.kind === 'unknown') throw notFound('member')
  if (change.kind === 'last_owner') throw apiError('CONFLICT', 'A business keeps at least one owner.')
  return change.member
}

const SignInLinkRef = builder.objectRef<{ url: string; expiresAt: number }>('SignInLink').implement({
  authScopes: reached,
  fields: (t) => ({
    url: t.exposeString('url'),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
})

builder.mutationField('createSignInLink', (t) =>
  t.field({
    type: SignInLinkRef,
    description: 'Operator: a sign-in link for an e-mail address (and membership, when a business and role are given).',
    authScopes: operatorOnly,
    args: {
      email: t.arg.string({ required: true }),
      businessId: t.arg.id(),
      role: t.arg({ type: RoleEnum, defaultValue: 'owner' }),
    },
    async resolve(_root, { email, businessId, role }, context) {
      const address = requireEmail('email', email)
      const here = businessId ? await context.open(targetBusiness(context.viewer, businessId)) : null
      return createSignInLink(context, address, here ? { businessId: here.businessId, role: role ?? 'owner' } : null)
    },
  }),
)

/** Also for the server, which prints a link for the demo's owner at each start. */
export async function createSignInLink(
  services: Pick<ApiContext, 'library' | 'auth' | 'publicUrl' | 'clock'>,
  email: string,
  membership: { businessId: string; role: Role } | null,
): Promise<{ url: string; expiresAt: number }> {
  const person = await ensurePerson(services.library, email)
  if (membership) await services.auth.tx((sql) => putMember(sql, { ...membership, userId: person.id }))
  const url = await makeSignInLink(services.library, services.publicUrl, email)
  return { url, expiresAt: services.clock.now().getTime() + signInLinkMinutes * 60_000 }
}
