import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantile, shownPercentile } from './percentile.ts'

const waits = [60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 86_400]

describe('quantile', () => {
  // R: quantile(x, p, type = 7) and type = 6.
  it.each([
    [0.1, 114, 66],
    [0.25, 375, 255],
    [0.5, 1050, 1050],
    [0.9, 15_120, 78_480],
    [0.95, 50_760, 86_400],
    [0, 60, 60],
    [1, 86_400, 86_400],
  ])('p = %d: type 7 %d, type 6 %d', (p, seven, six) => {
    expect(quantile(waits, p)).toBeCloseTo(seven, 9)
    expect(quantile(waits, p, 6)).toBeCloseTo(six, 9)
  })

  it('sorts by number, leaves its input alone, and is null for nothing', () => {
    const values = [10, 9, 100]
    expect(quantile(values, 0.5)).toBe(10)
    expect(values).toEqual([10, 9, 100])
    expect(quantile([], 0.5)).toBeNull()
    expect(quantile([7], 0.9, 6)).toBe(7)
  })

  it('refuses what is no probability or no number', () => {
    expect(() => quantile([1], 1.1)).toThrow(RangeError)
    expect(() => quantile([1], Number.NaN)).toThrow(RangeError)
    expect(() => quantile([1, Number.NaN], 0.5)).toThrow(RangeError)
  })

  it('never leaves the range, never falls as p rises, and hits order statistics at k/(n − 1)', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 40 })
    const p = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(values, p, p, fc.constantFrom(6 as const, 7 as const), (xs, p1, p2, type) => {
        const low = quantile(xs, Math.min(p1, p2), type) ?? Number.NaN
        const high = quantile(xs, Math.max(p1, p2), type) ?? Number.NaN
        expect(low).toBeLessThanOrEqual(high + 1e-9)
        expect(low).toBeGreaterThanOrEqual(Math.min(...xs))
        expect(high).toBeLessThanOrEqual(Math.max(...xs))
        const sorted = [...xs].sort((a, b) => a - b)
        sorted.forEach((x, k) => {
          if (xs.length > 1) expect(quantile(xs, k / (xs.length - 1))).toBeCloseTo(x, 6)
        })
      }),
      { numRuns: 300 },
    )
  })
})

describe('suppression', () => {
  const ofLength = (n: number) => Array.from({ length: n }, (_, index) => index)
  it.each([
    [0.5, 0, 'empty'],
    [0.5, 1, 'shown'],
    [0.9, 9, 'suppressed'],
    [0.9, 10, 'shown'],
    [0.99, 99, 'suppressed'],
    [0.99, 100, 'shown'],
  ] as const)('p = %d with n = %i is %s', (p, n, state) => {
    const shown = shownPercentile(ofLength(n), p)
    expect(shown).toMatchObject({ n, state })
    expect(shown.value === null).toBe(state !== 'shown')
  })
})
