import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPace } from './pace.ts'
import { eachAtMost } from './parallel.ts'

test('over any stretch of time no more is taken than its share and one burst', () => {
  const step = fc.record({ afterMs: fc.integer({ min: -500, max: 3_000 }), wanted: fc.integer({ min: 1, max: 300 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const perSecond = 100
      const pace = createPace()
      let now = 1_000_000
      let taken = 0
      let forwardMs = 0
      for (const { afterMs, wanted } of steps) {
        now += afterMs
        const got = pace.take('account', perSecond, wanted, now)
        expect(got).toBeLessThanOrEqual(Math.min(wanted, perSecond))
        taken += got
        // A clock that goes back and forth is credited for every way forward, never for standing still.
        forwardMs += Math.max(0, afterMs)
        expect(taken).toBeLessThanOrEqual(perSecond + (perSecond * forwardMs) / 1_000)
      }
    }),
  )
})

test('a paused account rests, others do not, and what was not used comes back', () => {
  const pace = createPace()
  expect(pace.take('a', 10, 20, 0)).toBe(10)
  expect(pace.take('a', 10, 1, 0)).toBe(0)
  pace.giveBack('a', 4)
  expect(pace.take('a', 10, 9, 0)).toBe(4)
  pace.pause('a', 5_000)
  expect(pace.isPaused('a', 4_999)).toBe(true)
  expect(pace.take('a', 10, 1, 4_999)).toBe(0)
  expect(pace.take('a', 10, 10, 5_000)).toBe(10)
  expect(pace.take('b', 10, 1, 1)).toBe(1)
})

test('all items run, never too many at once, and the first failure is told at the end', async () => {
  let atOnce = 0
  let most = 0
  const done: number[] = []
  const work = async (item: number) => {
    most = Math.max(most, ++atOnce)
    await new Promise((resolve) => setTimeout(resolve, 1))
    atOnce--
    done.push(item)
    if (item === 3) throw new Error('three')
  }
  await expect(eachAtMost(4, [1, 2, 3, 4, 5, 6, 7, 8, 9], work)).rejects.toThrow('three')
  expect(most).toBe(4)
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
})
