/** Every code of the table of protocols.md §5, written again from the sheet. */
import { expect, test } from 'vitest'
import { classifyError } from '../src/meta-errors.ts'
import type { ErrorClass } from '../src/send-outcome.ts'

const sheet: Record<Exclude<ErrorClass, 'unrecognised'>, string> = {
  retry: '1 2 1200 1/5 2/7',
  slow_down: '4 17 32 341 613 613/1996 613/2534040 80001 80002 80006 80007 80008 4/1',
  abuse: '613/2018338 10/1893063 368',
  window_closed: '10/2018278 10/2534022 10/2018065',
  opted_out: '10/1893015 200/1545041 551 551/1545041 10/2018108',
  too_soon: '4/2018354 9/2018352 613/1893016',
  no_such_person: '100/2018001 100/33',
  thread_owned: '2018300 100/2018300 10/2018300 100/2534037',
  token: '190 190/463 102 10 10/5 200 230 299 200/7 10/2018336 10/1404170',
  bad_request:
    '100 100/999 100/2018008 100/2018047 2018047 2018074 2018109 2018294 100/2018014 2018164 2018320 2018328 100/2534013 100/2534014 100/2534015 100/2534025 100/2534029 1/99 1/1357046 2/2018344',
  gone: '9000001 2018218 2018247 36103 100/2018218',
}

const cases = Object.entries(sheet).flatMap(([errorClass, keys]) =>
  keys.split(' ').map((key) => [key, errorClass] as const),
)

test.each(cases)('%s is %s, whatever the status', (key, errorClass) => {
  const [code, subcode] = key.split('/').map(Number)
  for (const status of [400, 500]) {
    expect(classifyError(status, code ?? null, subcode ?? null).class).toBe(errorClass)
  }
})

test('without a known code the status decides', () => {
  expect(classifyError(429, null, null)).toEqual({ class: 'slow_down', scope: 'account' })
  expect(classifyError(503, null, null)).toEqual({ class: 'retry', scope: 'message' })
  expect(classifyError(400, null, null)).toEqual({ class: 'unrecognised', scope: 'message' })
  expect(classifyError(400, 777_777, 3)).toEqual({ class: 'unrecognised', scope: 'message' })
  expect(classifyError(400, 300, null)).toEqual({ class: 'unrecognised', scope: 'message' })
})

test('what a class stops', () => {
  expect(classifyError(400, 4, null).scope).toBe('app')
  expect(classifyError(400, 80006, null).scope).toBe('account')
  expect(classifyError(400, 190, null).scope).toBe('account')
  expect(classifyError(400, 551, null).scope).toBe('recipient')
  expect(classifyError(400, 100, null).scope).toBe('message')
})
