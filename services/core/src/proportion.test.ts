import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pooledRate, rate, wilson } from './proportion.ts'

describe('Wilson', () => {
  // Newcombe 1998 (one proportion), table I, method 3, and R's prop.test(correct = FALSE).
  it.each([
    [81, 263, 0.2552885198782742, 0.36620957698280004],
    [15, 148, 0.06238639953073629, 0.16048724172330803],
    [0, 20, 0, 0.1611251580528734],
    [1, 29, 0.006113214292762667, 0.17175521879320282],
    [0, 10, 0, 0.27753279986288926],
    [10, 10, 0.7224672001371109, 1],
  ])('%i of %i', (numerator, denominator, lower, upper) => {
    const interval = wilson(numerator, denominator)
    expect(interval.lower).toBeCloseTo(lower, 12)
    expect(interval.upper).toBeCloseTo(upper, 12)
  })

  it('encloses the value, stays in [0, 1], and mirrors', () => {
    const counts = fc.nat(5000).chain((n) => fc.tuple(fc.integer({ min: 0, max: n + 1 }), fc.constant(n + 1)))
    fc.assert(
      fc.property(counts, ([x, n]) => {
        const { lower, upper } = wilson(x, n)
        expect(lower).toBeGreaterThanOrEqual(0)
        expect(upper).toBeLessThanOrEqual(1)
        expect(lower).toBeLessThanOrEqual(x / n)
        expect(upper).toBeGreaterThanOrEqual(x / n)
        expect(upper - lower).toBeGreaterThan(0)
        const mirrored = wilson(n - x, n)
        expect(mirrored.lower).toBeCloseTo(1 - upper, 12)
        expect(mirrored.upper).toBeCloseTo(1 - lower, 12)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('rate', () => {
  it('of nobody has no value', () => {
    expect(rate(0, 0)).toEqual({ numerator: 0, denominator: 0, value: null, lower: null, upper: null })
    expect(() => wilson(0, 0)).toThrow(RangeError)
  })
  it.each([
    [2, 1],
    [-1, 3],
    [0.5, 2],
    [Number.NaN, 2],
  ])('refuses %d of %d', (numerator, denominator) => {
    expect(() => rate(numerator, denominator)).toThrow(RangeError)
  })
  it('pools by sums, never by the mean of percentages', () => {
    const pooled = pooledRate([rate(1, 1), rate(0, 9)])
    expect(pooled.value).toBe(0.1)
    expect(pooled).toMatchObject({ numerator: 1, denominator: 10 })
    expect(pooledRate([]).value).toBeNull()
  })
})
