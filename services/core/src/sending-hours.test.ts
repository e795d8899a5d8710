import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextAllowed, sendingPolicyProblems, sendingWindowProblem } from './sending-hours.ts'
import { dayMs, localMinuteOfDay, minuteMs } from './time.ts'

const paris = 'Europe/Paris'
const night = { from: '21:00', to: '08:30' }
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString().slice(0, 16))

test('quiet hours over midnight delay to the minute they end, and one second before they begin is open', () => {
  const hours = { quiet: night, window: null }
  const nine = Date.UTC(2026, 10, 26, 20) // 21:00 in Paris
  expect(nextAllowed(nine - 1_000, paris, hours)).toBe(nine - 1_000)
  expect(iso(nextAllowed(nine, paris, hours))).toBe('2026-11-27T07:30')
  expect(iso(nextAllowed(Date.UTC(2026, 10, 27, 7, 29, 59), paris, hours))).toBe('2026-11-27T07:30')
  expect(nextAllowed(Date.UTC(2026, 10, 27, 7, 30), paris, hours)).toBe(Date.UTC(2026, 10, 27, 7, 30))
})

test('a window on weekdays waits for Monday, and for the end of the quiet hours too', () => {
  const window = { from: '08:00', to: '18:00', weekdays: [1, 2, 3, 4, 5] }
  const saturday = Date.UTC(2026, 10, 28, 12)
  expect(iso(nextAllowed(saturday, paris, { quiet: null, window }))).toBe('2026-11-30T07:00')
  expect(iso(nextAllowed(saturday, paris, { quiet: night, window }))).toBe('2026-11-30T07:30')
})

test('hours that leave no minute are refused at save and never loop', () => {
  const window = { from: '22:00', to: '23:00', weekdays: [1] }
  expect(nextAllowed(0, paris, { quiet: night, window })).toBeNull()
  expect(sendingWindowProblem(window, night)).not.toBeNull()
  expect(sendingWindowProblem(window, null)).toBeNull()
  expect(sendingWindowProblem({ from: '18:00', to: '08:00', weekdays: [1] }, null)).not.toBeNull()
  expect(sendingWindowProblem({ from: '08:00', to: '18:00', weekdays: [] }, null)).not.toBeNull()
  expect(sendingPolicyProblems({ quiet: { from: '9', to: '10:00' }, cap: { messages: 0, days: 7 } })).toHaveLength(2)
  expect(sendingPolicyProblems({ quiet: night, cap: { messages: 2, days: 7 } })).toEqual([])
})

test('whatever the clocks do, the instant found is allowed, and no minute before it was', () => {
  const minuteWords = fc.integer({ min: 0, max: 1439 })
  const word = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  fc.assert(
    fc.property(
      minuteWords,
      minuteWords,
      fc.integer({ min: 0, max: 364 * 24 * 60 }),
      fc.constantFrom(paris, 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/Santiago'),
      (from, to, start, zone) => {
        fc.pre(from !== to)
        const quiet = { from: word(from), to: word(to) }
        const isQuiet = (at: number) => {
          const { minute } = localMinuteOfDay(at, zone)
          return from < to ? minute >= from && minute < to : minute >= from || minute < to
        }
        const at = Date.UTC(2026, 0, 1) + start * minuteMs
        const found = nextAllowed(at, zone, { quiet, window: null })
        expect(found).not.toBeNull()
        expect(isQuiet(found ?? at)).toBe(false)
        expect((found ?? at) - at).toBeLessThan(dayMs + 61 * minuteMs)
        for (let minute = at; minute < (found ?? at); minute += 7 * minuteMs) expect(isQuiet(minute)).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})
