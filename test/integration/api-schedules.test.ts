/** Schedules over the API: next runs before anything is saved, series and their runs, pausing, caps with their reason. */
import { dayMs, hourMs } from '@fidelio/core/time.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBusinessWithKey, openTestApi, type TestApi } from './api-support.ts'

let world: TestApi
let business: Awaited<ReturnType<typeof createBusinessWithKey>>
let account: string

beforeAll(async () => {
  world = await openTestApi()
  business = await createBusinessWithKey(world, 'Times', 'owner@times.example')
  const connected = await asked(
    'mutation ($input: ConnectAccountInput!) { connectAccount(input: $input) { account { id } } }',
    {
      input: { channel: 'SANDBOX', name: 'Sandbox' },
    },
  )
  account = (connected as { connectAccount: { account: { id: string } } }).connectAccount.account.id
})
afterAll(() => world[Symbol.asyncDispose]())

async function asked(query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const { data, errors } = await world.ask({ key: business.key }, query, variables)
  expect(errors).toEqual([])
  return data
}

async function refusalOf(query: string, variables: Record<string, unknown>) {
  const { errors } = await world.ask({ key: business.key }, query, variables)
  return errors[0]?.extensions
}

async function draft(more: Record<string, unknown> = {}): Promise<string> {
  const made = await asked('mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }', {
    input: { name: 'Weekly', messageText: 'Hello', audience: { accountId: account, topic: 'offers' }, ...more },
  })
  return (made as { createCampaign: { id: string } }).createCampaign.id
}

const localOf = (at: number) => new Date(at).toISOString().slice(0, 16)

test('a schedule shows its next runs before it is saved, in words when it cannot be', async () => {
  const preview =
    'query ($start: String!, $rule: String) { business { schedulePreview(startLocal: $start, rule: $rule, first: 3) { problem zones runs { at local kind } } } }'
  const start = localOf(Date.now() + 2 * dayMs)
  expect(await asked(preview, { start, rule: 'FREQ=DAILY;INTERVAL=2' })).toMatchObject({
    business: {
      schedulePreview: {
        problem: null,
        zones: 1,
        runs: [0, 2, 4].map((days) => ({ local: localOf(Date.parse(`${start}Z`) + days * dayMs), kind: 'exact' })),
      },
    },
  })
  expect(await asked(preview, { start, rule: 'FREQ=SECONDLY' })).toMatchObject({
    business: { schedulePreview: { problem: expect.stringContaining('DAILY'), runs: [] } },
  })
})

test('a series is scheduled with its policy, paused, resumed, written once more and put back to draft', async () => {
  const id = await draft({ sendingWindow: { from: '09:00', to: '18:00', weekdays: [1, 2, 3] } })
  const start = localOf(Date.now() + 5 * hourMs)
  const fields =
    'id status statusReason misfire schedule { startLocal rule inContactZone timeZone } sendingWindow { from weekdays } nextRuns(first: 2) { local } runs { id } series { id }'
  const schedule = `mutation ($id: ID!, $schedule: CampaignScheduleInput, $misfire: MisfirePolicy) { scheduleCampaign(id: $id, schedule: $schedule, misfire: $misfire) { ${fields} } }`
  expect(
    await asked(schedule, { id, schedule: { startLocal: start, rule: 'FREQ=WEEKLY' }, misfire: 'SKIP' }),
  ).toMatchObject({
    scheduleCampaign: {
      status: 'SCHEDULED',
      misfire: 'SKIP',
      schedule: { startLocal: start, rule: 'FREQ=WEEKLY', inContactZone: false, timeZone: 'Europe/Paris' },
      sendingWindow: { from: '09:00', weekdays: [1, 2, 3] },
      runs: [],
      series: null,
    },
  })
  const steer = (name: string) => asked(`mutation ($id: ID!) { ${name}(id: $id) { ${fields} } }`, { id })
  expect(await steer('pauseCampaign')).toMatchObject({
    pauseCampaign: { status: 'HELD', statusReason: 'paused', nextRuns: [] },
  })
  expect(await steer('resumeCampaign')).toMatchObject({ resumeCampaign: { status: 'SCHEDULED', misfire: 'SKIP' } })
  expect(await refusalOf('mutation ($id: ID!) { resumeCampaign(id: $id) { id } }', { id })).toMatchObject({
    code: 'CONFLICT',
  })
  expect(
    await asked(`mutation ($id: ID!) { duplicateCampaign(id: $id, name: "Again") { name ${fields} } }`, { id }),
  ).toMatchObject({ duplicateCampaign: { name: 'Again', status: 'DRAFT', schedule: null } })
  expect(await steer('cancelCampaign')).toMatchObject({ cancelCampaign: { status: 'DRAFT', schedule: null } })
  expect(await refusalOf(schedule, { id, schedule: { startLocal: start, rule: 'FREQ=YEARLY' } })).toMatchObject({
    code: 'VALIDATION',
  })
})

test('hours and a cap are kept for the whole business, and refused when they are none', async () => {
  const set =
    'mutation ($quiet: QuietHoursInput, $cap: FrequencyCapInput) { setSendingPolicy(quietHours: $quiet, frequencyCap: $cap) { quietHours { from to } frequencyCap { messages days } } }'
  const policy = { quietHours: { from: '21:00', to: '08:00' }, frequencyCap: { messages: 2, days: 7 } }
  await asked(set, { quiet: policy.quietHours, cap: policy.frequencyCap })
  const read = '{ business { sendingPolicy { quietHours { from to } frequencyCap { messages days } } } }'
  expect(await asked(read)).toMatchObject({ business: { sendingPolicy: policy } })
  expect(await refusalOf(set, { quiet: { from: '25:00', to: '08:00' } })).toMatchObject({ code: 'VALIDATION' })
  await asked(set)
  expect(await asked(read)).toMatchObject({ business: { sendingPolicy: { quietHours: null, frequencyCap: null } } })
})
