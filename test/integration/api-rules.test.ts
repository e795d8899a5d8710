/** Every field of the schema has a rule, and the rule decides as the matrix in roles.ts says (features.md 11.1). */
import {
  type Permission,
  permissions,
  permissionsOfScopes,
  rolePermissions,
  roles,
  type Scope,
  scopes,
} from '@fidelio/api/roles.ts'
import { schema } from '@fidelio/api/schema/index.ts'
import { type GraphQLObjectType, isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Credentials, createBusinessWithKey, openTestApi, type TestApi } from './api-support.ts'
import { fieldsOf, questionOf } from './leak-walk.ts'

type Extensible = { extensions: Readonly<Record<string, unknown>> }
const ruleNames: ReadonlySet<string> = new Set([...permissions, 'anyone', 'known', 'operator', 'reached'])

function ruleOf(part: Extensible): string | undefined {
  const options = part.extensions.pothosOptions as { authScopes?: { rule?: string } } | undefined
  const rule = options?.authScopes?.rule
  return rule !== undefined && ruleNames.has(rule) ? rule : undefined
}

/** Pages are as open as what is in them. */
const isWrapper = (name: string) => /(Connection|Edge)$/.test(name) || name === 'PageInfo' || name.startsWith('__')

function objectTypes(): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) && !isWrapper(type.name),
  ) as GraphQLObjectType[]
}

function unruled(types: readonly GraphQLObjectType[]): string[] {
  return types.flatMap((type) => {
    if (ruleOf(type) !== undefined) return []
    const fields = Object.values(type.getFields()).filter((field) => ruleOf(field) === undefined)
    return fields.map((field) => `${type.name}.${field.name}`)
  })
}

test('every field has a rule of its own or of its type', () => {
  expect(objectTypes().length).toBeGreaterThan(40)
  expect(unruled(objectTypes())).toEqual([])
})

test('a field without a rule is noticed', () => {
  const [type] = objectTypes().filter((one) => one.name === 'Query')
  if (!type) throw new Error('There is no Query.')
  const bare = { name: 'Query', extensions: {}, getFields: () => ({ secret: { name: 'secret', extensions: {} } }) }
  expect(unruled([bare as unknown as GraphQLObjectType])).toEqual(['Query.secret'])
})

describe('the matrix at work', () => {
  let world: TestApi
  let businessId: string
  const askers = new Map<string, { credentials: Credentials; held: ReadonlySet<Permission> }>()

  beforeAll(async () => {
    world = await openTestApi()
    businessId = (await createBusinessWithKey(world, 'Matrix', 'founder@matrix.example')).uuid
    for (const role of roles) {
      const email = `${role}@matrix.example`
      await world.operator(
        'mutation ($e: String!, $b: ID, $r: Role) { createSignInLink(email: $e, businessId: $b, role: $r) { url } }',
        { e: email, b: businessId, r: role.toUpperCase() },
      )
      askers.set(role, { credentials: await world.signIn(email), held: new Set(rolePermissions[role]) })
    }
    for (const scope of scopes)
      askers.set(scope, { credentials: await keyWith([scope]), held: permissionsOfScopes([scope]) })
  })
  afterAll(() => world[Symbol.asyncDispose]())

  async function keyWith(held: Scope[]): Promise<Credentials> {
    const { createApiKey } = await world.operator<{ createApiKey: { key: string } }>(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }',
      { input: { businessId, name: held.join(), scopes: held } },
    )
    return { key: createApiKey.key }
  }

  const given = { period: { from: '2026-11-01', to: '2026-11-20' }, id: 'nothing' }

  /** What stands in the way of the field itself; errors of fields inside it have longer paths. */
  async function refusalOf(credentials: Credentials, query: string, variables: Record<string, unknown>, depth: number) {
    const { errors } = await world.ask(credentials, query, variables)
    return errors.find((error) => error.extensions.code === 'FORBIDDEN' && (error.path?.length ?? 0) <= depth)
      ?.extensions.code
  }

  test.each([...roles, ...scopes])(
    '%s sees the fields of a business its permissions name, and no others',
    async (who) => {
      const asker = askers.get(who)
      if (!asker) throw new Error(`Nobody is ${who}.`)
      const typeRule = ruleOf(schema.getType('Business') as GraphQLObjectType)
      for (const field of fieldsOf('Business')) {
        const { query, variables } = questionOf('query', 'Business', field, 'business', given)
        const needed = ruleOf(field) ?? typeRule
        const expected = asker.held.has(needed as Permission) ? undefined : 'FORBIDDEN'
        expect([field.name, await refusalOf(asker.credentials, query, variables, 2)]).toEqual([field.name, expected])
      }
    },
  )

  test.each([...roles, ...scopes])('%s may use the mutations its permissions name, and no others', async (who) => {
    const asker = askers.get(who)
    if (!asker) throw new Error(`Nobody is ${who}.`)
    for (const field of fieldsOf('Mutation')) {
      const needed = ruleOf(field)
      // Harmless: the ids given are nobody's; what is left to create here belongs to this test's own business.
      if (needed === 'known' || (asker.held.has(needed as Permission) && /^(create|connect)/.test(field.name))) continue
      const { query, variables } = questionOf('mutation', 'Mutation', field, '', given)
      const expected = asker.held.has(needed as Permission) ? undefined : 'FORBIDDEN'
      expect([field.name, await refusalOf(asker.credentials, query, variables, 1)]).toEqual([field.name, expected])
    }
  })

  test('a key for numbers alone cannot read what customers wrote, nor hand on more than it holds', async () => {
    const numbers = askers.get('analytics:read')?.credentials ?? null
    const { errors } = await world.ask(numbers, '{ business { recentEvents { text } } }')
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN')
    const settings = await keyWith(['settings:write'])
    const more = await world.ask(
      settings,
      'mutation { createApiKey(input: { name: "more", scopes: ["conversations:read"] }) { key } }',
    )
    expect(more.errors[0]?.extensions.code).toBe('FORBIDDEN')
    const same = await world.ask(settings, 'mutation { createApiKey(input: { name: "same" }) { apiKey { scopes } } }')
    expect(same.data).toEqual({ createApiKey: { apiKey: { scopes: ['settings:write'] } } })
  })
})
