import { type KeyRecord, listKeys, revokeKey } from '@fidelio/db/records/keys.ts'
import { makeKey } from '../auth/keys.ts'
import { targetBusiness } from '../context.ts'
import { apiError, invalid, notFound } from '../errors.ts'
import { requireText, requireWithin } from '../input.ts'
import { isScope, type Scope, scopes, scopesWithin } from '../roles.ts'
import { permissionsIn } from '../viewer.ts'
import { builder, can, canIn, reached } from './builder.ts'
import { BusinessRef } from './business.ts'

const keyDaysMax = 3650
const keysPerBusinessMax = 100

const ApiKeyRef = builder.objectRef<KeyRecord>('ApiKey').implement({
  authScopes: reached,
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    start: t.exposeString('start', { description: 'the first characters, to recognise it by' }),
    scopes: t.exposeStringList('scopes'),
    createdAt: t.field({ type: 'DateTime', resolve: (key) => key.createdAt.getTime() }),
    expiresAt: t.field({ type: 'DateTime', nullable: true, resolve: (key) => key.expiresAt?.getTime() }),
    lastUsedAt: t.field({ type: 'DateTime', nullable: true, resolve: (key) => key.lastUsedAt?.getTime() }),
  }),
})

builder.objectField(BusinessRef, 'apiKeys', (t) =>
  t.field({
    type: [ApiKeyRef],
    authScopes: can('key.write'),
    resolve: (here, _args, context) => context.auth.tx((sql) => listKeys(sql, here.businessId, new Date(context.now))),
  }),
)

const CreatedApiKeyRef = builder.objectRef<{ key: string; apiKey: KeyRecord }>('CreatedApiKey').implement({
  authScopes: reached,
  fields: (t) => ({ key: t.exposeString('key'), apiKey: t.expose('apiKey', { type: ApiKeyRef }) }),
})

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  fields: (t) => ({
    businessId: t.id(),
    name: t.string({ required: true }),
    scopes: t.stringList({ description: `of ${scopes.join(', ')}; left out: all you may hand on` }),
    expiresInDays: t.int(),
  }),
})

builder.mutationField('createApiKey', (t) =>
  t.field({
    type: CreatedApiKeyRef,
    description: 'The key is shown once.',
    authScopes: canIn('key.write'),
    args: { input: t.arg({ type: CreateApiKeyInput, required: true }) },
    async resolve(_root, { input }, context) {
      const here = await context.open(targetBusiness(context.viewer, input.businessId))
      const mayGive = scopesWithin(permissionsIn(context.viewer, here.businessId))
      const asked = input.scopes ? input.scopes.map(requireScope) : mayGive
      const beyond = asked.find((scope) => !mayGive.includes(scope))
      if (beyond !== undefined) throw apiError('FORBIDDEN', `You cannot hand on "${beyond}": you do not hold it.`)
      if (asked.length === 0) throw invalid('input.scopes', 'Name at least one scope.')
      const days = input.expiresInDays ?? null
      if (days !== null) requireWithin('input.expiresInDays', days, 1, keyDaysMax)
      const name = requireText('input.name', input.name, 32)
      const existing = await context.auth.tx((sql) => listKeys(sql, here.businessId, new Date(context.now)))
      if (existing.length >= keysPerBusinessMax) throw apiError('CONFLICT', `At most ${keysPerBusinessMax} keys.`)
      const held = [...new Set(asked)]
      const made = await makeKey(context.library, {
        businessId: here.businessId,
        name,
        scopes: held,
        expiresInDays: days,
      })
      const { key, ...row } = made
      return { key, apiKey: { ...row, name, scopes: held, lastUsedAt: null } }
    },
  }),
)

function requireScope(text: string): Scope {
  if (!isScope(text)) throw invalid('input.scopes', `Scopes are ${scopes.join(', ')}.`)
  return text
}

builder.mutationField('revokeApiKey', (t) =>
  t.boolean({
    authScopes: canIn('key.write'),
    args: { id: t.arg.id({ required: true }), businessId: t.arg.id() },
    async resolve(_root, { id, businessId }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const revoked = await context.auth.tx((sql) => revokeKey(sql, { businessId: here.businessId, id }))
      if (!revoked) throw notFound('key')
      context.keys.forget(id)
      return true
    },
  }),
)
