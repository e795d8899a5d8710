/**
 * Who may do what: the whole permission matrix, in one file. Fields of the schema name one permission each (or say why they
 * need none); people get permissions from their role in a business, keys from their scopes. features.md 11.1, 9.5.
 */

export const permissions = [
  'business.read', // name, zone, accounts, opening hours
  'analytics.read', // numbers, and the rows behind them (names, times, no message text)
  'conversation.read', // message text, channel identities, orders and consent of single people, live events
  'campaign.read', // campaigns, their audiences and who was sent what
  'campaign.write',
  'consent.write',
  'contact.merge', // says that two contacts are one person, and takes it back
  'settings.write', // name, zone, currency, opening hours
  'account.write', // Meta apps and channel accounts
  'member.read',
  'member.write',
  'key.write', // sees and makes API keys
  'event.write', // POST /v1/events
  'demo.remove',
] as const
export type Permission = (typeof permissions)[number]

export const roles = ['owner', 'marketer', 'executive', 'adviser', 'developer'] as const
export type Role = (typeof roles)[number]

export const rolePermissions: Record<Role, readonly Permission[]> = {
  owner: permissions,
  marketer: [
    'business.read',
    'analytics.read',
    'conversation.read',
    'campaign.read',
    'campaign.write',
    'consent.write',
    'contact.merge',
    'member.read',
  ],
  // Numbers and who is behind them, never what a customer wrote.
  executive: ['business.read', 'analytics.read', 'campaign.read', 'member.read'],
  // Records what a customer says about messages ("no more offers, please") while talking with them.
  adviser: ['business.read', 'analytics.read', 'conversation.read', 'consent.write', 'contact.merge', 'member.read'],
  developer: [
    'business.read',
    'analytics.read',
    'conversation.read',
    'campaign.read',
    'account.write',
    'member.read',
    'key.write',
    'event.write',
  ],
}

/** Words a key can hold (ARCHITECTURE.md "Doors"). */
export const scopes = [
  'events:write',
  'analytics:read',
  'conversations:read',
  'campaigns:write',
  'consent:write',
  'settings:write',
] as const
export type Scope = (typeof scopes)[number]

/** A key never manages people or other keys' rights beyond its own, and never removes a business. */
export const scopePermissions: Record<Scope, readonly Permission[]> = {
  'events:write': ['business.read', 'event.write'],
  'analytics:read': ['business.read', 'analytics.read', 'campaign.read'],
  'conversations:read': ['business.read', 'conversation.read'],
  'campaigns:write': ['business.read', 'campaign.read', 'campaign.write'],
  'consent:write': ['business.read', 'consent.write'],
  'settings:write': ['business.read', 'settings.write', 'contact.merge', 'account.write', 'key.write'],
}

export const everyPermission: ReadonlySet<Permission> = new Set(permissions)
export const noPermission: ReadonlySet<Permission> = new Set()

const permissionsByRole = new Map(roles.map((role) => [role, new Set(rolePermissions[role])] as const))

export function permissionsOfRole(role: Role): ReadonlySet<Permission> {
  return permissionsByRole.get(role) ?? noPermission
}

export function permissionsOfScopes(held: readonly Scope[]): ReadonlySet<Permission> {
  return new Set(held.flatMap((scope) => scopePermissions[scope]))
}

/** The scopes whose every permission is held: what somebody may hand on to a key, and what `viewer.scopes` shows. */
export function scopesWithin(held: ReadonlySet<Permission>): Scope[] {
  return scopes.filter((scope) => scopePermissions[scope].every((permission) => held.has(permission)))
}

export function isRole(value: unknown): value is Role {
  return typeof value === 'string' && (roles as readonly string[]).includes(value)
}

export function isScope(value: unknown): value is Scope {
  return typeof value === 'string' && (scopes as readonly string[]).includes(value)
}
