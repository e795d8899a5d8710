/** Opening hours, promises and the badge over GraphQL: days that are over stay, and every number says what it counts. */

import { badgeSentence, targetSentence } from '@fidelio/api/response-sentences.ts'
import { localDate } from '@fidelio/core/time.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBusinessWithKey, openTestApi, type TestApi } from './api-support.ts'

let world: TestApi
let business: Awaited<ReturnType<typeof createBusinessWithKey>>

beforeAll(async () => {
  world = await openTestApi()
  business = await createBusinessWithKey(world, 'Hours', 'owner@hours.example')
})
afterAll(() => world[Symbol.asyncDispose]())

const dayFromNow = (days: number) => localDate(world.clock.now().getTime() + days * 86_400_000, 'Europe/Paris')

test('hours of days that are over stay; unknown days may be filled in', async () => {
  const set = (validFrom: string) =>
    world.ask(
      { key: business.key },
      'mutation ($i: BusinessHoursInput!) { setBusinessHours(input: $i) { businessHours { validFrom } } }',
      {
        i: {
          validFrom,
          weekly: {
            mon: [
              ['09:00', '12:00'],
              ['13:00', '18:00'],
            ],
          },
          holidays: [dayFromNow(3)],
        },
      },
    )
  expect((await set(dayFromNow(-10))).errors).toEqual([])
  const refused = await set(dayFromNow(-5))
  expect(refused.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION', field: 'input.validFrom' })
  expect((await set(dayFromNow(-30))).errors).toEqual([])
  const after = await set(dayFromNow(0))
  expect(after.data).toEqual({
    setBusinessHours: {
      businessHours: [0, -10, -30].map((days) => ({ validFrom: dayFromNow(days) })),
    },
  })
})

test('a promise holds from today on, and says so', async () => {
  const set = (input: Record<string, unknown>) =>
    world.ask(
      { key: business.key },
      'mutation ($i: ResponseTargetInput!) { setResponseTarget(input: $i) { responseTargets { validFrom withinSeconds clock } } }',
      { i: input },
    )
  expect((await set({ withinSeconds: 30 })).errors[0]?.extensions.field).toBe('input.withinSeconds')
  expect((await set({ withinSeconds: 900, validFrom: dayFromNow(-1) })).errors[0]?.extensions.field).toBe(
    'input.validFrom',
  )
  expect((await set({ withinSeconds: 900 })).data).toEqual({
    setResponseTarget: { responseTargets: [{ validFrom: dayFromNow(0), withinSeconds: 900, clock: 'BUSINESS_HOURS' }] },
  })
  const { data } = await world.ask<{ business: Record<string, unknown> }>(
    { key: business.key },
    `query ($p: PeriodInput!) { business {
       targetKept(period: $p) { kept breached running left free share sentence french: sentence }
       dueWaits { dueAt } metaBadges { messages }
       responseGroups(period: $p, by: CHANNEL) { key }
       responseTimes(period: $p, clock: BUSINESS_HOURS) { clock hoursKnownFrom opened median { definition { key } rowsRef { kind responder clock } } }
     } }`,
    { p: { from: dayFromNow(-7), to: dayFromNow(0) } },
  )
  expect(data?.business).toMatchObject({
    targetKept: {
      kept: 0,
      breached: 0,
      share: null,
      sentence: 'You promise a first answer within 15 min of opening hours; nothing to judge yet.',
    },
    dueWaits: [],
    metaBadges: [],
    responseGroups: [],
    responseTimes: {
      clock: 'BUSINESS_HOURS',
      hoursKnownFrom: dayFromNow(-30),
      opened: 0,
      median: {
        definition: { key: 'first_response_open' },
        rowsRef: { kind: 'FIRST', responder: 'HUMAN', clock: 'BUSINESS_HOURS' },
      },
    },
  })
})

test('sentences say what was promised and what regains the badge, in both languages', () => {
  const kept = { kept: 92, breached: 8, running: 1, left: 0, free: 4 }
  const current = { validFrom: '2026-11-01', withinSeconds: 3600, clock: 'elapsed' } as const
  expect(targetSentence({ ...kept, current }, 'en')).toBe(
    'You promise a first answer within 1 h: kept for 92 of 100 waits, each by the promise of its day.',
  )
  expect(targetSentence({ ...kept, current }, 'fr')).toBe(
    'Vous promettez une première réponse en 1 h : tenu pour 92 attentes sur 100, chacune selon la promesse de son jour.',
  )
  const badge = {
    accountId: '',
    from: '2026-11-16',
    to: '2026-11-22',
    messages: 100,
    answered: 86,
    waiting: 9,
    responseSeconds: 1320,
    held: false,
    answerNow: 4,
    answerBy: Date.parse('2026-11-22T17:00:00Z'),
    newFast: 0,
    median: 900,
  }
  expect(badgeSentence(badge, 'en', 'Europe/Paris')).toBe(
    'Badge today: 86 % answered, 22 min. To regain it, answer 4 of those who wait by 18:00.',
  )
  expect(badgeSentence({ ...badge, newFast: 3 }, 'fr', 'Europe/Paris')).toBe(
    'Badge aujourd’hui : 86 % de réponses, 22 min. Pour le regagner, répondez à 4 de ceux qui attendent avant 18:00 et répondez en 5 min à 3 nouvelles conversations.',
  )
  expect(badgeSentence({ ...badge, newFast: null }, 'en', 'UTC')).toContain('will not come back before')
  expect(badgeSentence({ ...badge, held: true }, 'en', 'UTC')).toContain('You have it.')
})
