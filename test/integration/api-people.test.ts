import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBusinessWithKey, openTestApi, publicUrl, type TestApi } from './api-support.ts'

let world: TestApi

beforeAll(async () => {
  world = await openTestApi()
})
afterAll(() => world[Symbol.asyncDispose]())

const invite =
  'mutation ($b: ID, $e: String!, $r: Role!) { inviteMember(businessId: $b, email: $e, role: $r) { id email role } }'

/** Asks the sign-in form for a link, as a browser does, and opens the link that was mailed. */
async function signInByMail(email: string) {
  const response = await world.api.authHandler(
    new Request(`${publicUrl}/api/auth/sign-in/magic-link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: publicUrl },
      body: JSON.stringify({ email, callbackURL: '/' }),
    }),
  )
  expect(response.status).toBe(200)
  const mail = world.mails.findLast((one) => one.to === email)
  const url = mail?.text.split('\n').at(-1)
  if (url === undefined) return null
  const opened = await world.api.authHandler(new Request(url))
  return {
    cookie: opened.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; '),
  }
}

test('somebody invited signs in with their own address and is a member then, with the role given', async () => {
  const business = await createBusinessWithKey(world, 'Inviting', 'owner@inviting.example')
  const owner = await world.signIn('owner@inviting.example')
  const invited = await world.ask(owner, invite, { e: 'New.Adviser@inviting.example', r: 'ADVISER' })
  expect(invited.data?.inviteMember).toMatchObject({ email: 'new.adviser@inviting.example', role: 'ADVISER' })
  const adviser = await signInByMail('new.adviser@inviting.example')
  const who = await world.ask(adviser, '{ viewer { businesses { role business { id } } } }')
  expect(who.data?.viewer).toEqual({ businesses: [{ role: 'ADVISER', business: { id: business.id } }] })
  const after = await world.ask(owner, '{ business { invitations { email } members { email role isYou } } }')
  expect(after.data?.business).toEqual({
    invitations: [],
    members: [
      { email: 'owner@inviting.example', role: 'OWNER', isYou: true },
      { email: 'new.adviser@inviting.example', role: 'ADVISER', isYou: false },
    ],
  })
  const again = await world.ask(owner, invite, { e: 'new.adviser@inviting.example', r: 'OWNER' })
  expect(again.errors[0]?.extensions.code).toBe('CONFLICT')
})

test('a stranger gets the same answer from the form, and no mail', async () => {
  expect(await signInByMail('stranger@nowhere.example')).toBeNull()
})

test('a cancelled invitation brings nobody in', async () => {
  await createBusinessWithKey(world, 'Cancelling', 'owner@cancelling.example')
  const owner = await world.signIn('owner@cancelling.example')
  const invited = await world.ask<{ inviteMember: { id: string } }>(owner, invite, {
    e: 'guest@cancelling.example',
    r: 'MARKETER',
  })
  const canceled = await world.ask(owner, 'mutation ($id: ID!) { cancelInvitation(id: $id) }', {
    id: invited.data?.inviteMember.id,
  })
  expect(canceled.data).toEqual({ cancelInvitation: true })
  // The mailed link still proves the address, and leads to no business.
  const url =
    world.mails
      .findLast((one) => one.to === 'guest@cancelling.example')
      ?.text.split('\n')
      .at(-1) ?? ''
  const opened = await world.api.authHandler(new Request(url))
  const cookie = {
    cookie: opened.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; '),
  }
  const who = await world.ask(cookie, '{ viewer { businesses { role } } }')
  expect(who.data?.viewer).toEqual({ businesses: [] })
})

test('the last owner stays an owner, and a member who is removed sees nothing any more', async () => {
  const business = await createBusinessWithKey(world, 'Owners', 'owner@owners.example')
  const owner = await world.signIn('owner@owners.example')
  await world.operator(
    'mutation ($b: ID) { createSignInLink(email: "second@owners.example", businessId: $b, role: MARKETER) { url } }',
    { b: business.id },
  )
  const second = await world.signIn('second@owners.example')
  const { data } = await world.ask<{ business: { members: { id: string; email: string }[] } }>(
    owner,
    '{ business { members { id email } } }',
  )
  const [first, other] = data?.business.members ?? []
  for (const query of [
    'mutation ($id: ID!) { removeMember(memberId: $id) }',
    'mutation ($id: ID!) { changeRole(memberId: $id, role: ADVISER) { id } }',
  ]) {
    const { errors } = await world.ask(owner, query, { id: first?.id })
    expect(errors[0]?.extensions.code).toBe('CONFLICT')
  }
  expect((await world.ask(second, '{ business { name } }')).errors).toEqual([])
  await world.ask(owner, 'mutation ($id: ID!) { removeMember(memberId: $id) }', { id: other?.id })
  const gone = await world.ask(second, 'query ($id: ID) { business(id: $id) { name } }', { id: business.id })
  expect(gone.errors[0]?.extensions.code).toBe('NOT_FOUND')
})

test('a person of two businesses must say which one a change is for', async () => {
  const one = await createBusinessWithKey(world, 'Twin one', 'twins@both.example')
  await createBusinessWithKey(world, 'Twin two', 'twins@both.example')
  const person = await world.signIn('twins@both.example')
  const update = 'mutation ($input: UpdateBusinessInput!) { updateBusiness(input: $input) { name timeZone } }'
  const unsaid = await world.ask(person, update, { input: { name: 'Changed' } })
  expect(unsaid.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'businessId' })
  const said = await world.ask(person, update, {
    input: { businessId: one.id, name: 'Changed', timeZone: 'America/Montreal' },
  })
  expect(said.data?.updateBusiness).toEqual({ name: 'Changed', timeZone: 'America/Montreal' })
  const wrong = await world.ask(person, update, { input: { businessId: one.id, timeZone: 'CET' } })
  expect(wrong.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'input.timeZone' })
  const money = await world.ask(person, update, { input: { businessId: one.id, currency: 'EURO' } })
  expect(money.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'input.currency' })
})

test('only a demo is removed by removeDemo, with its people and keys', async () => {
  const kept = await createBusinessWithKey(world, 'Kept', 'owner@kept.example')
  const { createBusiness } = await world.operator<{ createBusiness: { id: string } }>(
    'mutation { createBusiness(input: { name: "Demo", isDemo: true, ownerEmail: "owner@demo.example" }) { id } }',
  )
  const owner = await world.signIn('owner@demo.example')
  const key = await world.operator<{ createApiKey: { key: string } }>(
    'mutation ($b: ID) { createApiKey(input: { businessId: $b, name: "demo" }) { key } }',
    { b: createBusiness.id },
  )
  expect((await world.ask({ key: kept.key }, 'mutation { removeDemo }')).data).toEqual({ removeDemo: 0 })
  expect((await world.ask(owner, 'mutation { removeDemo }')).data).toEqual({ removeDemo: 1 })
  expect(await world.api.verifyKey(key.createApiKey.key)).toBeNull()
  expect((await world.ask(owner, '{ viewer { businesses { role } } }')).data?.viewer).toEqual({ businesses: [] })
  expect((await world.ask({ key: kept.key }, '{ business { name } }')).data?.business).toEqual({ name: 'Kept' })
})
