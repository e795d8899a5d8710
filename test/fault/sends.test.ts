import { expect, test } from 'vitest'
import { openTestStores } from '../support/stores.ts'
import { accountSends, keepsPromises } from './sends-accounting.ts'
import { accountWithoutClaims } from './sends-control.ts'

const seed = Math.floor(Math.random() * 2 ** 31)

test(`a campaign under faults and dying workers: at most one message each, and the books balance (seed ${seed})`, async () => {
  await using stores = await openTestStores()
  const account = await accountSends(stores, { people: 400, workers: 3, deaths: 5, optOuts: 20, seed })
  expect(account).toMatchObject({
    mostPerPerson: 1,
    acceptedButNotDelivered: 0,
    deliveredButNotListed: 0,
    sentAfterOptOut: 0,
    sumsHold: true,
    finished: true,
    deaths: 5,
  })
  expect(keepsPromises(account)).toBe(true)
  // The faults really happened, and most of them were settled by echoes.
  expect(account.accepted).toBeGreaterThan(account.people * 0.9)
}, 60_000)

test('the null control: without claims before the call, the same harness counts doubles', async () => {
  await using stores = await openTestStores()
  const control = await accountWithoutClaims(stores, { people: 60, seed })
  expect(control.doubled).toBeGreaterThan(0)
}, 60_000)
