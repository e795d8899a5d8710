/**
 * The schema builder: one shape of context, three scalars, and one rule per field. A field (or its whole type) says who
 * may read it with one of the rules below; `test/integration/api-rules.test.ts` refuses a field without one.
 */
import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import { type ApiContext, isAllowed, targetBusiness } from '../context.ts'
import { apiError, notFound, unauthenticated } from '../errors.ts'
import { encodeId, nodeTypes, splitId } from '../ids.ts'
import type { Permission } from '../roles.ts'
import { permissionsIn } from '../viewer.ts'

export const pageRowsMax = 200

export const builder = new SchemaBuilder<{
  Context: ApiContext
  DefaultFieldNullability: false
  DefaultEdgesNullability: false
  DefaultNodeNullability: false
  AuthScopes: { may: { businessId: string; permission: Permission }; known: boolean; operator: boolean }
  Scalars: {
    /** Unix milliseconds inside, RFC 3339 outside. */
    DateTime: { Input: number; Output: number }
    Date: { Input: string; Output: string }
    JSON: { Input: unknown; Output: unknown }
    ID: { Input: string; Output: string }
  }
}>({
  plugins: [ScopeAuthPlugin, RelayPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  relay: {
    cursorType: 'String',
    edgesFieldOptions: { nullable: false, complexity: { field: 0, multiplier: 1 } },
    nodeFieldOptions: { nullable: false },
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    encodeGlobalID: (type, id) => encodeId(nodeTypes.find((known) => known === type) ?? 'Business', String(id)),
    decodeGlobalID: (text) => {
      const split = splitId(text)
      if (!split) throw notFound('object')
      return { typename: split.type, id: split.id }
    },
  },
  scopeAuth: {
    authScopes: (context) => ({
      may: ({ businessId, permission }) => isAllowed(context.viewer, businessId, permission),
      known: context.viewer.kind !== 'nobody',
      operator: context.viewer.kind === 'operator',
    }),
    unauthorizedError: (_parent, context, info) => refusal(context, info.parentType.name, info.fieldName),
    // Otherwise a scope that throws (a business that is not the viewer's) would be reported as a plain refusal.
    treatErrorsAsUnauthorized: false,
  },
})

function refusal(context: ApiContext, type: string, field: string) {
  if (context.viewer.kind === 'nobody') return unauthenticated()
  return apiError('FORBIDDEN', `You are not allowed to use ${type}.${field}.`)
}

/** How a rule looks to the tests that walk the schema. */
export type Rule = { rule: Permission | 'anyone' | 'known' | 'operator' | 'reached' }

function rule<F extends object>(name: Rule['rule'], scopes: F): F & Rule {
  return Object.assign(scopes, { rule: name })
}

/** For fields and types whose parent carries the business it belongs to. */
export const can = (permission: Permission) =>
  rule(permission, (parent: { businessId: string }) => ({ may: { businessId: parent.businessId, permission } }))

/** For root fields: the business is named in the arguments, in `input`, or is the only one it could be. */
export const canIn = (permission: Permission) =>
  rule(permission, (_root: unknown, args: object, context: ApiContext) => {
    const businessId = targetBusiness(context.viewer, namedBusiness(args))
    return { may: { businessId, permission } }
  })

/** As `canIn`; the operator may also name no business, for what belongs to the installation. */
export const canInOrOperator = (permission: Permission) =>
  rule(permission, (_root: unknown, args: object, context: ApiContext) => {
    const named = namedBusiness(args)
    if (context.viewer.kind === 'operator' && named === undefined) return { operator: true }
    return { may: { businessId: targetBusiness(context.viewer, named), permission } }
  })

function namedBusiness(args: { businessId?: unknown; input?: unknown }): string | undefined {
  const { businessId, input } = args
  const named = businessId ?? (typeof input === 'object' && input !== null && 'businessId' in input && input.businessId)
  return typeof named === 'string' ? named : undefined
}

/** Nothing of anybody is in it. */
export const anyone = rule('anyone', () => true)
/** Needs credentials, of any kind. */
export const known = rule('known', () => ({ known: true }))
export const operatorOnly = rule('operator', () => ({ operator: true }))
/** For types that are only ever reached through a field with a rule of its own, and add nothing to it. */
export const reached = rule('reached', () => true)

/** Whether a business is the viewer's at all, for fields that answer "nothing" instead of refusing. */
export function sees(context: ApiContext, businessId: string): boolean {
  return permissionsIn(context.viewer, businessId).size > 0
}
