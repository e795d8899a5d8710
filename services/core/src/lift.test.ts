import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Arms,
  assessLift,
  differenceOfRates,
  extraOrders,
  sampleRatioCheck,
  sequentialHalfWidth,
  sequentialInterval,
  standardErrorOfDifference,
} from './lift.ts'
import { z95 } from './proportion.ts'
import { seededRandom } from './seeded-random.ts'

const arms = (a: number, m: number, b: number, n: number): Arms => ({
  treated: { converted: a, people: m },
  control: { converted: b, people: n },
})

describe('Newcombe method 10', () => {
  // Newcombe 1998, Interval estimation for the difference between independent proportions, table II, to the printed digits.
  it.each([
    ['a', 56, 70, 48, 80, 0.0524, 0.3339],
    ['b', 9, 10, 3, 10, 0.1705, 0.809],
    ['c', 6, 7, 2, 7, 0.0582, 0.8062],
    ['d', 5, 56, 0, 29, -0.0381, 0.1926],
    ['e', 0, 10, 0, 20, -0.1611, 0.2775],
    ['f', 0, 10, 0, 10, -0.2775, 0.2775],
    ['g', 10, 10, 0, 20, 0.6791, 1],
    ['h', 10, 10, 0, 10, 0.6075, 1],
  ])('(%s) %i/%i − %i/%i', (_, a, m, b, n, lower, upper) => {
    const difference = differenceOfRates(arms(a, m, b, n))
    expect(difference?.value).toBeCloseTo(a / m - b / n, 12)
    expect(difference?.lower.toFixed(4)).toBe(lower.toFixed(4))
    expect(difference?.upper.toFixed(4)).toBe(upper.toFixed(4))
  })

  it('has nothing to say about an empty arm', () => {
    expect(differenceOfRates(arms(0, 0, 1, 10))).toBeNull()
    expect(differenceOfRates(arms(1, 10, 0, 0))).toBeNull()
  })

  it('encloses the difference, stays in [−1, 1], never shrinks to a point, and mirrors', () => {
    const arm = fc
      .integer({ min: 1, max: 2000 })
      .chain((people) => fc.record({ people: fc.constant(people), converted: fc.nat(people) }))
    fc.assert(
      fc.property(arm, arm, (treated, control) => {
        const difference = differenceOfRates({ treated, control })
        const mirrored = differenceOfRates({ treated: control, control: treated })
        expect(difference).not.toBeNull()
        if (difference === null || mirrored === null) return
        expect(difference.lower).toBeGreaterThanOrEqual(-1 - 1e-12)
        expect(difference.upper).toBeLessThanOrEqual(1 + 1e-12)
        expect(difference.lower).toBeLessThanOrEqual(difference.value)
        expect(difference.upper).toBeGreaterThanOrEqual(difference.value)
        expect(difference.upper - difference.lower).toBeGreaterThan(0)
        expect(mirrored.lower).toBeCloseTo(-difference.upper, 12)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('sample ratio', () => {
  it('agrees with chi-square of one degree of freedom', () => {
    // 9000 : 1000 expected. R: chisq.test(c(treated, control), p = c(0.9, 0.1)).
    const check = sampleRatioCheck({ treated: 8902, control: 1098 }, 0.1)
    expect(check.chiSquare).toBeCloseTo(98 ** 2 / 9000 + 98 ** 2 / 1000, 9)
    expect(check.pValue).toBeCloseTo(0.0010882173049342827, 12)
    expect(check.mismatch).toBe(false)
    expect(sampleRatioCheck({ treated: 8900, control: 1100 }, 0.1).mismatch).toBe(true)
  })

  it('has the p-values of the tables, on both sides of the change of method', () => {
    // Two arms of n/2 ± d under a half split give chi-square 4 d² / n.
    const p = (chiSquare: number) =>
      sampleRatioCheck(
        { treated: 5e9 + Math.sqrt(chiSquare * 1e10) / 2, control: 5e9 - Math.sqrt(chiSquare * 1e10) / 2 },
        0.5,
      ).pValue
    expect(p(0)).toBe(1)
    expect(p(0.5)).toBeCloseTo(0.47950012218695337, 9)
    expect(p(3.841458820694124)).toBeCloseTo(0.05, 9)
    expect(p(10.827566170662733)).toBeCloseTo(0.001, 9)
    expect(p(17.9999) / p(18.0001)).toBeCloseTo(1, 3)
    expect(p(25) / 5.733031437583875e-7).toBeCloseTo(1, 6)
  })

  it('does not call luck a fault when hardly anyone is expected in an arm', () => {
    expect(sampleRatioCheck({ treated: 0, control: 2 }, 0.1).mismatch).toBe(false)
    expect(sampleRatioCheck({ treated: 0, control: 0 }, 0.1).mismatch).toBe(false)
  })

  it('without a holdout, one person held back is a fault', () => {
    expect(sampleRatioCheck({ treated: 100, control: 0 }, 0)).toMatchObject({ mismatch: false, pValue: 1 })
    expect(sampleRatioCheck({ treated: 99, control: 1 }, 0)).toMatchObject({ mismatch: true, pValue: 0 })
    expect(sampleRatioCheck({ treated: 1, control: 99 }, 1).mismatch).toBe(true)
    expect(() => sampleRatioCheck({ treated: 1, control: 1 }, 1.5)).toThrow(RangeError)
  })
})

describe('sequential interval', () => {
  it('is 1.62 times the plain one on day 30 of 1000 people a day', () => {
    expect(sequentialHalfWidth(1, 30_000) / z95).toBeCloseTo(1.62, 2)
  })
  it('follows the written formula', () => {
    const [se, n, alpha, planned] = [0.01, 800, 0.05, 2000]
    const rho = Math.sqrt((-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / planned)
    const inner = (2 * (n * rho ** 2 + 1) * Math.log(Math.sqrt(n * rho ** 2 + 1) / alpha)) / (n * rho) ** 2
    expect(sequentialHalfWidth(se, n, { alpha, plannedPeople: planned })).toBeCloseTo(
      se * Math.sqrt(n) * Math.sqrt(inner),
      12,
    )
  })
  it('is relatively narrowest near the planned size', () => {
    const relative = (n: number) => sequentialHalfWidth(1, n, { plannedPeople: 3000 })
    expect(relative(3000)).toBeLessThan(relative(300))
    expect(relative(3000)).toBeLessThan(relative(60_000))
  })
  it('stays wide when nobody ordered in either arm', () => {
    const interval = sequentialInterval(arms(0, 900, 0, 100))
    expect(interval?.lower).toBeLessThan(-0.01)
    expect(interval?.upper).toBeGreaterThan(0.01)
  })
})

describe('verdict', () => {
  const options = { holdoutShare: 0.5 }
  it('positive, negative, not enough', () => {
    expect(assessLift(arms(600, 5000, 400, 5000), options).verdict).toEqual({ kind: 'positive' })
    expect(assessLift(arms(400, 5000, 600, 5000), options).verdict).toEqual({ kind: 'negative' })
    expect(assessLift(arms(55, 500, 50, 500), options).verdict.kind).toBe('not_enough')
  })
  it('two lucky orders are no proof', () => {
    expect(assessLift(arms(2, 9, 0, 1), { holdoutShare: 0.1 }).verdict.kind).toBe('not_enough')
  })
  it('says about how many more people it takes', () => {
    const verdict = assessLift(arms(120, 1000, 90, 1000), options).verdict
    expect(verdict.kind).toBe('not_enough')
    if (verdict.kind !== 'not_enough' || verdict.furtherPeople === null) throw new Error('a number was expected')
    const growth = 1 + verdict.furtherPeople / 2000
    const grown = arms(
      Math.round(120 * growth * 1.02),
      Math.round(1000 * growth * 1.02),
      Math.round(90 * growth * 1.02),
      Math.round(1000 * growth * 1.02),
    )
    expect(assessLift(grown, options).verdict.kind).toBe('positive')
    const almost = growth * 0.95
    const short = arms(
      Math.round(120 * almost),
      Math.round(1000 * almost),
      Math.round(90 * almost),
      Math.round(1000 * almost),
    )
    expect(assessLift(short, options).verdict.kind).toBe('not_enough')
  })
  it('gives no number where no difference shows, or an arm is empty', () => {
    expect(assessLift(arms(50, 500, 50, 500), options).verdict).toEqual({ kind: 'not_enough', furtherPeople: null })
    expect(assessLift(arms(5, 50, 0, 0), { holdoutShare: 0 }).verdict).toEqual({
      kind: 'not_enough',
      furtherPeople: null,
    })
  })
  it('withholds results when the arms have the wrong sizes', () => {
    const lift = assessLift(arms(600, 5000, 100, 1000), options)
    expect(lift.verdict).toEqual({ kind: 'sample_ratio_mismatch' })
    expect(lift.difference).toBeNull()
    expect(lift.sequential).toBeNull()
  })
})

describe('extra orders', () => {
  const campaign = (a: number, m: number, b: number, n: number) => ({ ...arms(a, m, b, n), holdoutShare: n / (m + n) })
  it('of one campaign is its difference times the treated', () => {
    const { value, lower, upper } = extraOrders([campaign(56, 70, 48, 80)])
    const limits = sequentialInterval(arms(56, 70, 48, 80))
    expect(value).toBeCloseTo(14, 9)
    expect(lower).toBeCloseTo((limits?.lower ?? 0) * 70, 9)
    expect(upper).toBeCloseTo((limits?.upper ?? 0) * 70, 9)
    // Newcombe's limits for one fixed look (0.0524 … 0.3339) lie inside: looking again and again has its price.
    expect(lower).toBeLessThan(0.0524 * 70)
    expect(upper).toBeGreaterThan(0.3339 * 70)
  })
  it('adds campaigns, and their uncertainty as squares', () => {
    const one = extraOrders([campaign(90, 900, 5, 100)])
    const four = extraOrders(Array.from({ length: 4 }, () => campaign(90, 900, 5, 100)))
    expect(four.value).toBeCloseTo(4 * (one.value ?? 0), 9)
    expect((four.value ?? 0) - (four.lower ?? 0)).toBeCloseTo(2 * ((one.value ?? 0) - (one.lower ?? 0)), 9)
  })
  it('says what it could not count', () => {
    const all = extraOrders([
      campaign(9, 90, 1, 10),
      { ...arms(3, 50, 0, 0), holdoutShare: 0 },
      { ...arms(60, 500, 1, 500), holdoutShare: 0.1 },
    ])
    expect(all).toMatchObject({ campaignsCounted: 1, campaignsWithoutControl: 1, campaignsWithheld: 1 })
    expect(extraOrders([])).toMatchObject({ value: null, lower: null, upper: null, campaignsCounted: 0 })
  })
})

describe('looking every day for a month', () => {
  const days = 30
  const perArm = 500

  /** Whether any daily look would have declared a difference: by the sequential interval, and by the plain z-test. */
  function declared(random: () => number, pT: number, pC: number): { sequential: boolean; plain: boolean } {
    let [a, b] = [0, 0]
    const found = { sequential: false, plain: false }
    for (let day = 1; day <= days; day++) {
      for (let person = 0; person < perArm; person++) {
        if (random() < pT) a += 1
        if (random() < pC) b += 1
      }
      const seen = arms(a, day * perArm, b, day * perArm)
      const interval = sequentialInterval(seen)
      if (interval && (interval.lower > 0 || interval.upper < 0)) found.sequential = true
      if (interval && Math.abs(interval.value) > z95 * standardErrorOfDifference(seen)) found.plain = true
    }
    return found
  }

  it('false alarms stay below 5 %, where the plain test exceeds 20 %', () => {
    const random = seededRandom(7)
    const runs = Array.from({ length: 300 }, () => declared(random, 0.05, 0.05))
    expect(runs.filter((run) => run.sequential).length / runs.length).toBeLessThan(0.05)
    expect(runs.filter((run) => run.plain).length / runs.length).toBeGreaterThan(0.2)
  })

  it('5 % against 6 % is found by day 30 about four times in five', () => {
    const random = seededRandom(11)
    const runs = Array.from({ length: 200 }, () => declared(random, 0.06, 0.05))
    expect(runs.filter((run) => run.sequential).length / runs.length).toBeGreaterThan(0.74)
  })
})
